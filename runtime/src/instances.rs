//! Instances, as a store owns them.

use crate::arena::Arena;
use crate::code::Module;
use crate::handle::{Extern, Func, Global, Memory, StoreId, Table, Tag};
use crate::memories::Memories;
use crate::tables::TableData;
use std::alloc::{self, Layout};
use std::ptr::NonNull;
use trapline_abi::vmlayout::{VMFuncRef, VMFunctionImport, VMGlobalDefinition, VMOffsets, ValRaw};
use trapline_abi::{
    DropCause, ElementItems, EntityIndex, Extent, FuncIndex, SegmentExtent, TypeId, TypeIndex,
};

/// An instance as the runtime sees it.
#[derive(Debug)]
pub(crate) struct InstanceData {
    pub(crate) module: Module,
    /// What compiled code sees of it.
    pub(crate) context: Context,
    /// The places of its memories in the store, imported ones first.
    pub(crate) memories: Vec<u32>,
    /// The places of its tables, likewise.
    pub(crate) tables: Vec<u32>,
    /// The places of its globals, likewise.
    pub(crate) globals: Vec<u32>,
    /// The places of its tags, likewise.
    pub(crate) tags: Vec<u32>,
    /// Why each data segment is empty, if it is.
    pub(crate) data: Vec<Option<DropCause>>,
    /// Its element segments.
    pub(crate) elements: Vec<ElementState>,
}

/// An element segment of an instance.
#[derive(Clone, Debug, Default)]
pub(crate) struct ElementState {
    /// Why it is empty, if it has been dropped.
    pub(crate) dropped: Option<DropCause>,
    /// The values of its expressions, if its elements are given by such.
    pub(crate) values: Option<Box<[u64]>>,
}

impl InstanceData {
    /// The reference to a function that can be referred to.
    pub(crate) fn func_ref(&self, func: FuncIndex) -> *mut VMFuncRef {
        let offsets = self.module.offsets();
        let info = self.module.info();
        match (info.split_func(func), info.funcs[func.index()].func_ref) {
            (Err(imported), _) => {
                let import = self.context.at::<VMFunctionImport>(offsets.imported_func(imported));
                // SAFETY: I4: instantiation has filled in the imports.
                unsafe { (*import).func_ref }
            }
            (Ok(_), Some(slot)) => self.context.at(offsets.func_ref(slot)),
            // The check of the manifest lets no function without a slot be referred to.
            (Ok(_), None) => std::ptr::null_mut(),
        }
    }

    /// A function that can be referred to, as a handle.
    pub(crate) fn func(&self, store: StoreId, func: FuncIndex) -> Option<Func> {
        Some(Func { store, ptr: NonNull::new(self.func_ref(func))? })
    }

    /// Something that it has, as a handle.
    pub(crate) fn entity(&self, store: StoreId, index: EntityIndex) -> Extern {
        match index {
            EntityIndex::Func(func) => match self.func(store, func) {
                Some(func) => Extern::Func(func),
                None => unreachable!("exported functions have a slot of function references"),
            },
            EntityIndex::Table(table) => Extern::Table(Table { store, index: self.tables[table.index()] }),
            EntityIndex::Memory(memory) => {
                Extern::Memory(Memory { store, index: self.memories[memory.index()] })
            }
            EntityIndex::Global(global) => {
                Extern::Global(Global { store, index: self.globals[global.index()] })
            }
            EntityIndex::Tag(tag) => Extern::Tag(Tag { store, index: self.tags[tag.index()] }),
        }
    }

    /// The canonical number of a type of its module.
    pub(crate) fn type_id(&self, ty: TypeIndex) -> TypeId {
        assert!(ty.index() < self.module.info().types.len(), "a type that the module does not have");
        // SAFETY: I4: the context holds as many numbers as the module has types.
        unsafe { *self.context.type_ids().add(ty.index()) }
    }

    /// The bytes of a data segment: none if it has been dropped.
    pub(crate) fn data_bytes(&self, segment: u32) -> &[u8] {
        match &self.data[segment as usize] {
            None => self.module.data(segment as usize),
            Some(_) => &[],
        }
    }

    /// A data segment as operations find it.
    pub(crate) fn data_extent(&self, segment: u32) -> SegmentExtent {
        let dropped = self.data[segment as usize].clone();
        SegmentExtent { index: segment, len: self.data_bytes(segment).len() as u64, dropped }
    }

    /// An element segment as operations find it.
    pub(crate) fn element_extent(&self, segment: u32) -> SegmentExtent {
        let dropped = self.elements[segment as usize].dropped.clone();
        SegmentExtent { index: segment, len: self.element_count(segment), dropped }
    }

    /// How many elements a segment has: none if it has been dropped.
    pub(crate) fn element_count(&self, segment: u32) -> u64 {
        match self.elements[segment as usize].dropped {
            None => self.module.info().elements[segment as usize].items.len() as u64,
            Some(_) => 0,
        }
    }

    /// An element of a segment that has not been dropped, as a table slot.
    pub(crate) fn element_slot(&self, segment: u32, at: usize) -> u64 {
        match (&self.elements[segment as usize].values, &self.module.info().elements[segment as usize].items)
        {
            (Some(values), _) => values[at],
            (None, ElementItems::Funcs(items)) => self.func_ref(items[at]).expose_provenance() as u64,
            (None, ElementItems::Exprs(_)) => unreachable!("a dropped segment has no elements"),
        }
    }

    /// A memory with its current size.
    pub(crate) fn memory_extent(&self, memories: &Memories, index: u32) -> Extent {
        let memory = self.memories[index as usize];
        Extent { index, len: memories[memory].len() }
    }

    /// A table with its current size.
    pub(crate) fn table_extent(&self, tables: &Arena<TableData>, index: u32) -> Extent {
        let table = self.tables[index as usize];
        Extent { index, len: tables[table].len() }
    }
}

/// The memory of an instance that compiled code sees, in one allocation, laid out as [`VMOffsets`] says. Zero at first.
#[derive(Debug)]
pub(crate) struct Context {
    base: NonNull<u8>,
    layout: Layout,
    offsets: VMOffsets,
}

impl Context {
    /// Allocates the context for an instance of a module.
    pub(crate) fn new(module: &Module, type_ids: &[TypeId]) -> Context {
        let offsets = *module.offsets();
        assert_eq!(type_ids.len(), module.info().types.len(), "each type has a number");
        let Ok(layout) = Layout::from_size_align(offsets.size(), align_of::<ValRaw>()) else {
            unreachable!("the size is that of a few vectors that exist")
        };
        // SAFETY: I4: a context has a header, so the layout is not empty.
        let base = unsafe { alloc::alloc_zeroed(layout) };
        let Some(base) = NonNull::new(base) else { alloc::handle_alloc_error(layout) };
        let context = Context { base, layout, offsets };
        // SAFETY: I4: the end of the allocation is there for as many numbers as the module has types.
        unsafe { std::ptr::copy_nonoverlapping(type_ids.as_ptr(), context.type_ids(), type_ids.len()) };
        context
    }

    /// The address of a part, given in bytes from the start.
    pub(crate) fn at<T>(&self, offset: usize) -> *mut T {
        debug_assert!(offset.is_multiple_of(align_of::<T>()) && offset <= self.layout.size());
        // SAFETY: I4: offsets come from the module's own layout, so they are within the allocation.
        unsafe { self.base.as_ptr().add(offset).cast() }
    }

    /// The value of a global, counted from the first that the instance defines.
    pub(crate) fn defined_global(&self, index: usize) -> *mut VMGlobalDefinition {
        self.at(self.offsets.defined_global(index))
    }

    /// The canonical numbers of the module's types.
    fn type_ids(&self) -> *mut TypeId {
        self.at(self.offsets.type_id(TypeIndex::new(0)))
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: I4: allocated in `new` with this layout; the instance goes with its store.
        unsafe { alloc::dealloc(self.base.as_ptr(), self.layout) };
    }
}
