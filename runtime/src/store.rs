//! Stores: all that instances and their host share, and the owner of everything in it.

use crate::code::{CodeRegistry, Published};
use crate::func::HostFunc;
use crate::global::GlobalData;
use crate::instance::InstanceData;
use crate::memory::{MemoryData, ReservationEntry};
use crate::stable::Stable;
use crate::table::TableData;
use crate::trap::{Pending, TrapRecord};
use crate::types::TypeRegistry;
use crate::value::ExternTable;
use std::marker::PhantomData;
use std::num::NonZeroU64;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fmt, io};
use trapline_abi::artifact::MemoryStyle;
use trapline_abi::vmlayout::{VMGlobalDefinition, VMStoreContext};

/// How a store treats memories, stacks and requests for more.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// How memories are laid out. Code compiled for [`MemoryStyle::Guarded`] runs in guarded stores
    /// only; code compiled for [`MemoryStyle::Checked`] runs in both.
    pub memory_style: MemoryStyle,
    /// Bytes of stack that compiled code may use, in all activations of a thread together. Less if
    /// the thread's stack is smaller: the host always keeps 128 KiB.
    pub max_wasm_stack: usize,
    /// The largest size of one memory in bytes. Growth beyond fails as `memory.grow` fails.
    pub max_memory_bytes: u64,
    /// The largest size of one table in elements. Growth beyond fails as `table.grow` fails.
    pub max_table_elements: u64,
}

impl Default for StoreConfig {
    /// Guarded memories of up to 4 GiB, tables of up to ten million elements, 1 MiB of stack.
    fn default() -> Self {
        Self {
            memory_style: MemoryStyle::Guarded,
            max_wasm_stack: 1 << 20,
            max_memory_bytes: 4 << 30,
            max_table_elements: 10_000_000,
        }
    }
}

/// Why the system did not grant what a store, an instance or a call needs.
#[derive(Debug, thiserror::Error)]
pub enum ResourceError {
    /// The signal handlers that traps need could not be installed.
    #[error("install the signal handlers: {0}")]
    Signals(#[source] io::Error),
    /// The calling thread could not be prepared for running compiled code.
    #[error("prepare the thread for compiled code: {0}")]
    Thread(#[source] io::Error),
    /// A memory is larger than the store allows.
    #[error("create a memory of {bytes} bytes: the store allows {limit}")]
    MemoryLimit {
        /// Its size in bytes.
        bytes: u128,
        /// What is allowed.
        limit: u64,
    },
    /// The address space for a memory is not there.
    #[error("reserve {bytes} bytes of address space for a memory: {source}")]
    MemoryMap {
        /// How many bytes were asked for.
        bytes: u64,
        /// What the system said.
        source: io::Error,
    },
    /// A table is larger than the store allows.
    #[error("create a table of {elements} elements: the store allows {limit}")]
    TableLimit {
        /// Its size in elements.
        elements: u64,
        /// What is allowed.
        limit: u64,
    },
    /// There is no memory for the elements of a table.
    #[error("allocate a table of {elements} elements: out of memory")]
    TableMemory {
        /// Its size in elements.
        elements: u64,
    },
}

/// Which store something belongs to. No two stores of a process have the same number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct StoreId(NonZeroU64);

impl StoreId {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        // Counting up 2^64 stores takes longer than any machine lasts.
        Self(NonZeroU64::new(NEXT.fetch_add(1, Ordering::Relaxed)).unwrap_or(NonZeroU64::MAX))
    }
}

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
    pub(crate) externs: ExternTable,
    /// For each canonical type, a stub by which functions of the type call the host, or null.
    pub(crate) exit_stubs: Vec<*const u8>,
    /// The failure that a builtin or host function has left for the landing.
    pub(crate) pending: Option<Pending>,
    /// What the signal handler has left for the landing.
    pub(crate) record: TrapRecord,
    pub(crate) reservations: Published<ReservationEntry>,
    pub(crate) instances: Vec<Stable<InstanceData>>,
    pub(crate) host_funcs: Vec<Stable<HostFunc>>,
    pub(crate) globals: Vec<GlobalData>,
    pub(crate) host_globals: Vec<Stable<VMGlobalDefinition>>,
    pub(crate) tables: Vec<Stable<TableData>>,
    pub(crate) memories: Vec<Stable<MemoryData>>,
    pub(crate) code: CodeRegistry,
}

impl Store {
    /// An empty store.
    ///
    /// # Errors
    ///
    /// When the process or the calling thread cannot be prepared for traps.
    pub fn new(config: StoreConfig) -> Result<Store, ResourceError> {
        crate::sys::signals::install().map_err(ResourceError::Signals)?;
        crate::sys::stack::prepare_thread().map_err(ResourceError::Thread)?;
        let inner = StoreInner {
            vm: VMStoreContext {
                stack_limit: usize::MAX,
                entry_handler: 0,
                entry_sp: 0,
                entry_fp: 0,
                exit_fp: 0,
                exit_pc: 0,
            },
            id: StoreId::next(),
            config,
            types: TypeRegistry::default(),
            externs: ExternTable::default(),
            exit_stubs: Vec::new(),
            pending: None,
            record: TrapRecord::new(),
            reservations: Published::new(),
            instances: Vec::new(),
            host_funcs: Vec::new(),
            globals: Vec::new(),
            host_globals: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            code: CodeRegistry::new(),
        };
        Ok(Store { inner: NonNull::from(Box::leak(Box::new(inner))), owns: PhantomData })
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
            .field("globals", &inner.globals.len())
            .finish_non_exhaustive()
    }
}
