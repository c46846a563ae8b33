//! wasmparser's types in the terms of `trapline-abi`.

use super::{ParseError, unsupported};
use trapline_abi::{
    CompositeType, ConcreteType, FieldType, FuncType, GlobalType, HeapType, Hierarchy, IndexType, Limits,
    MemoryType, RefType, StorageType, SubType, TableType, TypeIndex, TypeKind, ValType,
};
use wasmparser::{AbstractHeapType, CompositeInnerType, PackedIndex, UnpackedIndex};

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

pub(crate) fn ref_type(
    ty: wasmparser::RefType,
    kinds: &[TypeKind],
    offset: u64,
) -> Result<RefType, ParseError> {
    Ok(RefType { nullable: ty.is_nullable(), heap: heap_type(ty.heap_type(), kinds, offset)? })
}

pub(crate) fn heap_type(
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
    // Continuations cannot be compiled.
    match heap.filter(|heap| heap.hierarchy() != Hierarchy::Cont) {
        Some(heap) => Ok(heap),
        None => unsupported(&format!("the heap type {}", heap_type_name(ty)), offset),
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
    if composite.shared {
        return unsupported("shared types", offset);
    }
    let index = |index: Option<PackedIndex>| type_index(index, offset);
    Ok(SubType {
        is_final: ty.is_final,
        // Validation allows at most one.
        supertype: index(ty.supertype_idxs.first().copied())?,
        descriptor: index(composite.descriptor_idx)?,
        describes: index(composite.describes_idx)?,
        composite: composite_type(&composite.inner, kinds, offset)?,
    })
}

/// What a heap type is called in messages.
pub(crate) fn heap_type_name(ty: wasmparser::HeapType) -> String {
    match ty {
        wasmparser::HeapType::Abstract { shared, ty } => {
            // The validator's names are those of the text format but for capital letters.
            let name = format!("{ty:?}").to_ascii_lowercase();
            if shared { format!("(shared {name})") } else { name }
        }
        wasmparser::HeapType::Concrete(index) => type_name(index),
        wasmparser::HeapType::Exact(index) => format!("(exact {})", type_name(index)),
    }
}

fn type_name(index: UnpackedIndex) -> String {
    match index {
        UnpackedIndex::Module(index) => format!("type {index}"),
        UnpackedIndex::RecGroup(index) => format!("type {index} of its recursion group"),
        UnpackedIndex::Id(_) => "a type that the validator has numbered".to_owned(),
    }
}

/// The number of a type that another one names.
fn type_index(index: Option<PackedIndex>, offset: u64) -> Result<Option<TypeIndex>, ParseError> {
    match index.map(|index| index.unpack()) {
        None => Ok(None),
        Some(UnpackedIndex::Module(index)) => Ok(Some(TypeIndex::new(index))),
        Some(other @ (UnpackedIndex::RecGroup(_) | UnpackedIndex::Id(_))) => {
            unsupported(&type_name(other), offset)
        }
    }
}

fn composite_type(
    ty: &CompositeInnerType,
    kinds: &[TypeKind],
    offset: u64,
) -> Result<CompositeType, ParseError> {
    Ok(match ty {
        CompositeInnerType::Func(func) => {
            let list = |types: &[wasmparser::ValType]| -> Result<Vec<ValType>, ParseError> {
                types.iter().map(|&ty| val_type(ty, kinds, offset)).collect()
            };
            CompositeType::Func(FuncType { params: list(func.params())?, results: list(func.results())? })
        }
        CompositeInnerType::Struct(ty) => {
            let fields = ty.fields.iter().map(|&field| field_type(field, kinds, offset));
            CompositeType::Struct(fields.collect::<Result<_, _>>()?)
        }
        CompositeInnerType::Array(ty) => CompositeType::Array(field_type(ty.0, kinds, offset)?),
        CompositeInnerType::Cont(_) => return unsupported("continuation types", offset),
    })
}

fn field_type(ty: wasmparser::FieldType, kinds: &[TypeKind], offset: u64) -> Result<FieldType, ParseError> {
    let storage = match ty.element_type {
        wasmparser::StorageType::I8 => StorageType::I8,
        wasmparser::StorageType::I16 => StorageType::I16,
        wasmparser::StorageType::Val(ty) => StorageType::Val(val_type(ty, kinds, offset)?),
    };
    Ok(FieldType { storage, mutable: ty.mutable })
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
