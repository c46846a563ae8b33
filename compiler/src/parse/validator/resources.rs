//! What validation of bodies asks about the module.

use std::sync::Arc;
use wasmparser::types::CoreTypeId;
use wasmparser::{
    Error, FuncType, GlobalType, HeapType, MemoryType, RefType, SubType, TableType, UnpackedIndex, ValType,
    ValidatorResources, WasmModuleResources,
};

/// A supertype that the validator does not know of.
#[derive(Clone, Copy)]
pub(super) struct Hidden {
    pub(super) ty: u32,
    pub(super) supertype: u32,
}

/// What validation of a body asks about the module.
pub(crate) struct Resources {
    pub(super) module: ValidatorResources,
    pub(super) hidden: Arc<[Hidden]>,
}

impl Resources {
    /// A type as the validator knows it.
    fn heap_type(&self, index: u32) -> Option<HeapType> {
        let mut ty = HeapType::Concrete(UnpackedIndex::Module(index));
        self.check_heap_type(&mut ty, 0).ok()?;
        Some(ty)
    }

    /// Whether a type is another by way of a supertype that the validator does not know of.
    ///
    /// A type has one supertype at most, so at most one of those that are hidden is the next on the way up.
    fn is_hidden_subtype(&self, have: RefType, want: RefType) -> bool {
        let reference = |index| RefType::new(have.is_nullable(), self.heap_type(index)?);
        self.hidden.iter().any(|hidden| {
            reference(hidden.ty).is_some_and(|ty| self.module.is_subtype(have.into(), ty.into()))
                && reference(hidden.supertype).is_some_and(|ty| self.is_subtype(ty.into(), want.into()))
        })
    }
}

impl WasmModuleResources for Resources {
    fn is_subtype(&self, have: ValType, want: ValType) -> bool {
        self.module.is_subtype(have, want)
            || match (have, want) {
                (ValType::Ref(have), ValType::Ref(want)) => self.is_hidden_subtype(have, want),
                _ => false,
            }
    }

    fn table_at(&self, at: u32) -> Option<TableType> {
        self.module.table_at(at)
    }

    fn memory_at(&self, at: u32) -> Option<MemoryType> {
        self.module.memory_at(at)
    }

    fn tag_at(&self, at: u32) -> Option<&FuncType> {
        self.module.tag_at(at)
    }

    fn global_at(&self, at: u32) -> Option<GlobalType> {
        self.module.global_at(at)
    }

    fn sub_type_at(&self, at: u32) -> Option<&SubType> {
        self.module.sub_type_at(at)
    }

    fn sub_type_at_id(&self, id: CoreTypeId) -> &SubType {
        self.module.sub_type_at_id(id)
    }

    fn type_id_of_function(&self, at: u32) -> Option<CoreTypeId> {
        self.module.type_id_of_function(at)
    }

    fn type_index_of_function(&self, at: u32) -> Option<u32> {
        self.module.type_index_of_function(at)
    }

    fn element_type_at(&self, at: u32) -> Option<RefType> {
        self.module.element_type_at(at)
    }

    fn is_shared(&self, ty: RefType) -> bool {
        self.module.is_shared(ty)
    }

    fn check_heap_type(&self, ty: &mut HeapType, offset: u64) -> Result<(), Error> {
        self.module.check_heap_type(ty, offset)
    }

    fn top_type(&self, ty: &HeapType) -> HeapType {
        self.module.top_type(ty)
    }

    fn element_count(&self) -> u32 {
        self.module.element_count()
    }

    fn data_count(&self) -> Option<u32> {
        self.module.data_count()
    }

    fn is_function_referenced(&self, at: u32) -> bool {
        self.module.is_function_referenced(at)
    }

    fn has_function_exact_type(&self, at: u32) -> bool {
        self.module.has_function_exact_type(at)
    }
}
