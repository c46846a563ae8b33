//! Stores: all that instances and their host share, and the owner of everything in it.

mod exceptions;
mod heap;
mod values;

pub(crate) use heap::{refers, temporary};

use crate::arena::Arena;
use crate::code::CodeRegistry;
use crate::config::StoreConfig;
use crate::funcs::HostFunc;
use crate::globals::{GlobalData, Globals};
use crate::handle::{Global, Instance, Memory, StoreId, Table};
use crate::heap::Heap;
use crate::instances::InstanceData;
use crate::memories::{Memories, MemoryData};
use crate::stable::Stable;
use crate::tables::TableData;
use crate::trap::{Pending, TrapRecord};
use crate::types::TypeRegistry;
use std::fmt;
use std::marker::PhantomData;
use std::ptr::NonNull;
use trapline_abi::vmlayout::{NO_OPERANDS, VMStoreContext, VMTableDefinition};

/// The instances, functions, memories, tables and globals of one or more modules that work together.
///
/// Everything made in a store lives until the store is dropped. Handles ([`crate::Func`],
/// [`crate::Memory`], …) are numbers into it: using one with another store panics. A store stays on
/// the thread that made it.
pub struct Store {
    /// Compiled code, builtins and the signal handler reach the store through copies of this
    /// pointer, so a reference to the whole never outlives a single operation of the runtime.
    inner: NonNull<StoreInner>,
    owns: PhantomData<StoreInner>,
}

/// What a store consists of. `vm` comes first: its address is the address of the whole.
#[repr(C)]
pub(crate) struct StoreInner {
    pub(crate) vm: VMStoreContext,
    pub(crate) id: StoreId,
    pub(crate) config: StoreConfig,
    pub(crate) types: TypeRegistry,
    pub(crate) heap: Heap,
    /// For each canonical type, a stub by which functions of the type call the host, or null.
    pub(crate) exit_stubs: Vec<*const u8>,
    /// The failure that a builtin or host function has left for the landing.
    pub(crate) pending: Option<Pending>,
    /// What the signal handler has left for the landing.
    pub(crate) record: TrapRecord,
    pub(crate) instances: Arena<InstanceData>,
    /// Those of the host.
    pub(crate) funcs: Arena<HostFunc>,
    pub(crate) globals: Globals,
    pub(crate) tables: Arena<TableData>,
    pub(crate) memories: Memories,
    pub(crate) code: CodeRegistry,
}

impl Store {
    /// An empty store, whose process and thread may not be prepared for traps yet.
    pub(crate) fn unprepared(config: StoreConfig) -> Store {
        let inner = StoreInner {
            vm: VMStoreContext {
                stack_limit: usize::MAX,
                entry_handler: 0,
                entry_sp: 0,
                entry_fp: 0,
                exit_fp: 0,
                heap_base: std::ptr::null_mut(),
                heap_next: 0,
                trap_operands: NO_OPERANDS,
                heap_end: 0,
                displays: std::ptr::null(),
                heap_funcs: std::ptr::null(),
                heap_funcs_mask: 0,
            },
            id: StoreId::next(),
            config,
            types: TypeRegistry::default(),
            heap: Heap::default(),
            exit_stubs: Vec::new(),
            pending: None,
            record: TrapRecord::new(),
            instances: Arena::default(),
            funcs: Arena::default(),
            globals: Globals::default(),
            tables: Arena::default(),
            memories: Memories::new(),
            code: CodeRegistry::new(),
        };
        Store { inner: NonNull::from(Box::leak(Box::new(inner))), owns: PhantomData }
    }

    /// The limits that the store was made with.
    pub fn config(&self) -> &StoreConfig {
        &self.inner().config
    }

    /// The store as compiled code knows it.
    pub(crate) fn as_ptr(&self) -> *mut StoreInner {
        self.inner.as_ptr()
    }

    pub(crate) fn inner(&self) -> &StoreInner {
        // SAFETY: I3: the store owns it; while someone holds `&Store`, no compiled code runs and
        // no `&mut StoreInner` exists.
        unsafe { self.inner.as_ref() }
    }

    pub(crate) fn inner_mut(&mut self) -> &mut StoreInner {
        // SAFETY: I3: as above, and `&mut Store` is the only handle in use.
        unsafe { self.inner.as_mut() }
    }

    /// A second handle to a store that an activation further up the stack holds borrowed.
    ///
    /// # Safety
    ///
    /// I3: the first handle must be out of use (borrowed by a call into compiled code) as long as
    /// this one exists, and this one must never be dropped or moved out of the runtime's hands.
    pub(crate) unsafe fn lend(inner: NonNull<StoreInner>) -> std::mem::ManuallyDrop<Store> {
        std::mem::ManuallyDrop::new(Store { inner, owns: PhantomData })
    }
}

impl StoreInner {
    /// # Panics
    ///
    /// If a handle is of another store.
    pub(crate) fn assert_owns(&self, id: StoreId) {
        assert!(self.id == id, "a handle was used with a store that it does not belong to");
    }

    /// What a handle stands for. All of these panic if it is of another store.
    pub(crate) fn memory(&self, memory: Memory) -> &MemoryData {
        self.assert_owns(memory.store);
        &self.memories[memory.index]
    }

    pub(crate) fn table(&self, table: Table) -> &TableData {
        self.assert_owns(table.store);
        &self.tables[table.index]
    }

    pub(crate) fn global(&self, global: Global) -> &GlobalData {
        self.assert_owns(global.store);
        &self.globals.all[global.index as usize]
    }

    pub(crate) fn instance(&self, instance: Instance) -> &InstanceData {
        self.assert_owns(instance.store);
        &self.instances[instance.index]
    }

    /// Takes a table in.
    pub(crate) fn add_table(&mut self, table: TableData) -> u32 {
        self.tables.push(Stable::new(table))
    }

    /// Where compiled code finds a table.
    pub(crate) fn table_def(&self, index: u32) -> *mut VMTableDefinition {
        // SAFETY: I3: the store owns the table.
        unsafe { TableData::def(self.tables.address(index)) }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: I3: it came from a `Box` in `new`; nothing runs in the store, because running
        // borrows it.
        drop(unsafe { Box::from_raw(self.inner.as_ptr()) });
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.inner();
        f.debug_struct("Store")
            .field("id", &inner.id)
            .field("instances", &inner.instances.len())
            .field("memories", &inner.memories.len())
            .field("tables", &inner.tables.len())
            .field("globals", &inner.globals.all.len())
            .finish_non_exhaustive()
    }
}
