//! wasmparser's types in the terms of `trapline-abi`.

use super::{ParseError, unsupported};
use trapline_abi::{
    CompositeType, FuncType, GlobalType, HeapType, IndexType, Limits, MemoryType, RefType, SubType,
    TableType, ValType,
};
use wasmparser::{AbstractHeapType, CompositeInnerType};

pub(crate) fn val_type(ty: wasmparser::ValType, offset: u64) -> Result<ValType, ParseError> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(ty) => ValType::Ref(ref_type(ty, offset)?),
    })
}

pub(super) fn ref_type(ty: wasmparser::RefType, offset: u64) -> Result<RefType, ParseError> {
    let heap = heap_type(ty.heap_type(), offset)?;
    if !ty.is_nullable() {
        return unsupported(&format!("non-nullable reference type {ty}"), offset);
    }
    Ok(RefType { nullable: true, heap })
}

pub(super) fn heap_type(ty: wasmparser::HeapType, offset: u64) -> Result<HeapType, ParseError> {
    match ty {
        wasmparser::HeapType::Abstract { shared: false, ty: AbstractHeapType::Func } => Ok(HeapType::Func),
        wasmparser::HeapType::Abstract { shared: false, ty: AbstractHeapType::Extern } => {
            Ok(HeapType::Extern)
        }
        other => unsupported(&format!("heap type {other:?}"), offset),
    }
}

pub(super) fn sub_type(ty: &wasmparser::SubType, offset: u64) -> Result<SubType, ParseError> {
    if !ty.is_final || !ty.supertype_idxs.is_empty() {
        return unsupported("subtypes", offset);
    }
    let composite = &ty.composite_type;
    if composite.shared || composite.descriptor_idx.is_some() || composite.describes_idx.is_some() {
        return unsupported("shared types and descriptors", offset);
    }
    let CompositeInnerType::Func(func) = &composite.inner else {
        return unsupported(&format!("type {composite}"), offset);
    };
    let list = |types: &[wasmparser::ValType]| -> Result<Vec<ValType>, ParseError> {
        types.iter().map(|&ty| val_type(ty, offset)).collect()
    };
    let func = FuncType { params: list(func.params())?, results: list(func.results())? };
    Ok(SubType { is_final: true, supertype: None, composite: CompositeType::Func(func) })
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

pub(super) fn table_type(ty: wasmparser::TableType, offset: u64) -> Result<TableType, ParseError> {
    if ty.shared {
        return unsupported("shared tables", offset);
    }
    Ok(TableType {
        index: index_type(ty.table64),
        element: ref_type(ty.element_type, offset)?,
        limits: Limits { min: ty.initial, max: ty.maximum },
    })
}

pub(super) fn global_type(ty: wasmparser::GlobalType, offset: u64) -> Result<GlobalType, ParseError> {
    if ty.shared {
        return unsupported("shared globals", offset);
    }
    Ok(GlobalType { val: val_type(ty.content_type, offset)?, mutable: ty.mutable })
}
