//! wasmparser's types in the terms of `trapline-abi`.

use super::{ParseError, unsupported};
use trapline_abi::{
    CompositeType, ConcreteType, FuncType, GlobalType, HeapType, Hierarchy, IndexType, Limits, MemoryType,
    RefType, SubType, TableType, TypeIndex, TypeKind, ValType,
};
use wasmparser::{AbstractHeapType, CompositeInnerType, UnpackedIndex};

/// A value type. `kinds` are those of the module's types.
pub(crate) fn val_type(
    ty: wasmparser::ValType,
    kinds: &[TypeKind],
    offset: u64,
) -> Result<ValType, ParseError> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(ty) => ValType::Ref(ref_type(ty, kinds, offset)?),
    })
}

pub(super) fn ref_type(
    ty: wasmparser::RefType,
    kinds: &[TypeKind],
    offset: u64,
) -> Result<RefType, ParseError> {
    Ok(RefType { nullable: ty.is_nullable(), heap: heap_type(ty.heap_type(), kinds, offset)? })
}

pub(super) fn heap_type(
    ty: wasmparser::HeapType,
    kinds: &[TypeKind],
    offset: u64,
) -> Result<HeapType, ParseError> {
    use wasmparser::HeapType as H;
    let heap = match ty {
        H::Abstract { shared: false, ty } => abstract_type(ty),
        H::Concrete(UnpackedIndex::Module(index)) => concrete(index, kinds, false),
        H::Exact(UnpackedIndex::Module(index)) => concrete(index, kinds, true),
        H::Abstract { shared: true, .. } | H::Concrete(_) | H::Exact(_) => None,
    };
    // Of the others there are no values yet.
    let built =
        |heap: &HeapType| matches!(heap.hierarchy(), Hierarchy::Func | Hierarchy::Extern | Hierarchy::Exn);
    match heap.filter(built) {
        Some(heap) => Ok(heap),
        None => unsupported(&format!("heap type {ty:?}"), offset),
    }
}

fn concrete(index: u32, kinds: &[TypeKind], exact: bool) -> Option<HeapType> {
    let kind = *kinds.get(index as usize)?;
    Some(HeapType::Concrete(ConcreteType { kind, index: TypeIndex::new(index), exact }))
}

fn abstract_type(ty: AbstractHeapType) -> Option<HeapType> {
    Some(match ty {
        AbstractHeapType::Func => HeapType::Func,
        AbstractHeapType::NoFunc => HeapType::NoFunc,
        AbstractHeapType::Extern => HeapType::Extern,
        AbstractHeapType::NoExtern => HeapType::NoExtern,
        AbstractHeapType::Any => HeapType::Any,
        AbstractHeapType::Eq => HeapType::Eq,
        AbstractHeapType::I31 => HeapType::I31,
        AbstractHeapType::Struct => HeapType::Struct,
        AbstractHeapType::Array => HeapType::Array,
        AbstractHeapType::None => HeapType::None,
        AbstractHeapType::Exn => HeapType::Exn,
        AbstractHeapType::NoExn => HeapType::NoExn,
        AbstractHeapType::Cont => HeapType::Cont,
        AbstractHeapType::NoCont => HeapType::NoCont,
    })
}

/// The kind of a defined type.
pub(super) fn kind(ty: &wasmparser::SubType) -> TypeKind {
    match &ty.composite_type.inner {
        CompositeInnerType::Func(_) => TypeKind::Func,
        CompositeInnerType::Struct(_) => TypeKind::Struct,
        CompositeInnerType::Array(_) => TypeKind::Array,
        CompositeInnerType::Cont(_) => TypeKind::Cont,
    }
}

pub(super) fn sub_type(
    ty: &wasmparser::SubType,
    kinds: &[TypeKind],
    offset: u64,
) -> Result<SubType, ParseError> {
    let composite = &ty.composite_type;
    if composite.shared || composite.descriptor_idx.is_some() || composite.describes_idx.is_some() {
        return unsupported("shared types and descriptors", offset);
    }
    let CompositeInnerType::Func(func) = &composite.inner else {
        return unsupported(&format!("type {composite}"), offset);
    };
    let list = |types: &[wasmparser::ValType]| -> Result<Vec<ValType>, ParseError> {
        types.iter().map(|&ty| val_type(ty, kinds, offset)).collect()
    };
    let func = FuncType { params: list(func.params())?, results: list(func.results())? };
    // Validation allows at most one.
    let supertype = match ty.supertype_idxs.first().map(|index| index.unpack()) {
        None => None,
        Some(UnpackedIndex::Module(index)) => Some(TypeIndex::new(index)),
        Some(other) => return unsupported(&format!("supertype {other:?}"), offset),
    };
    Ok(SubType { is_final: ty.is_final, supertype, composite: CompositeType::Func(func) })
}

fn index_type(is_64: bool) -> IndexType {
    if is_64 { IndexType::I64 } else { IndexType::I32 }
}

pub(super) fn memory_type(ty: wasmparser::MemoryType) -> MemoryType {
    MemoryType {
        index: index_type(ty.memory64),
        limits: Limits { min: ty.initial, max: ty.maximum },
        shared: ty.shared,
        // Validation allows 0 and 16 only.
        page_size_log2: ty.page_size_log2.map_or(16, |log2| log2 as u8),
    }
}

pub(super) fn table_type(
    ty: wasmparser::TableType,
    kinds: &[TypeKind],
    offset: u64,
) -> Result<TableType, ParseError> {
    if ty.shared {
        return unsupported("shared tables", offset);
    }
    Ok(TableType {
        index: index_type(ty.table64),
        element: ref_type(ty.element_type, kinds, offset)?,
        limits: Limits { min: ty.initial, max: ty.maximum },
    })
}

pub(super) fn global_type(
    ty: wasmparser::GlobalType,
    kinds: &[TypeKind],
    offset: u64,
) -> Result<GlobalType, ParseError> {
    if ty.shared {
        return unsupported("shared globals", offset);
    }
    Ok(GlobalType { val: val_type(ty.content_type, kinds, offset)?, mutable: ty.mutable })
}
