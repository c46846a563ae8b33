//! Why the host did not get what it asked for. Nothing here knows what it is about but by its types.

use crate::handle::{Tag, Val};
use std::error::Error;
use std::{fmt, io};
use trapline_abi::{Import, TypeId, ValType};

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
    /// The address space for the heap is not there, or the system does not make it accessible.
    #[error("make {bytes} bytes of address space for the heap of a store accessible: {source}")]
    HeapMap {
        /// How many bytes were asked for.
        bytes: u64,
        /// What the system said.
        source: io::Error,
    },
    /// The heap of the store has no room for an object.
    #[error("allocate {bytes} bytes in the heap of a store: the store allows {limit} bytes")]
    HeapLimit {
        /// The size of the object in bytes.
        bytes: u64,
        /// What the objects of the store may have in all, in bytes.
        limit: u64,
    },
    /// There is no memory for the elements of a table.
    #[error("allocate a table of {elements} elements: out of memory")]
    TableMemory {
        /// Its size in elements.
        elements: u64,
    },
}

/// An access by the host went beyond the end of a memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("access {len} bytes at address {at:#x} of a memory of {size} bytes")]
pub struct MemoryAccessError {
    /// The address.
    pub at: u64,
    /// Bytes.
    pub len: u64,
    /// The size of the memory in bytes.
    pub size: u64,
}

/// A shared memory without a guard cannot be used in a store whose code may rely on guards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("use a shared memory without a guard in a store whose memories have one")]
pub struct MissingGuard;

/// Why the host could not make or change a table.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The index is beyond the end.
    #[error("access element {at} of a table of {size} elements")]
    OutOfBounds {
        /// The index.
        at: u64,
        /// The size of the table in elements.
        size: u64,
    },
    /// The value is not one of the table's element type.
    #[error("put the value into the table: it is not of type {0}")]
    Type(ValType<TypeId>),
    /// The store or the system does not grant the initial size.
    #[error(transparent)]
    Resource(#[from] ResourceError),
}

/// Why the host could not make or set a global.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum GlobalError {
    /// The global is not mutable.
    #[error("set the global: it is immutable")]
    Immutable,
    /// The value is not one of the global's type.
    #[error("set the global: the value is not of type {0}")]
    Type(ValType<TypeId>),
    /// The heap of the store has no room for the value.
    #[error("set the global: the heap of the store has no room for the value")]
    HeapExhausted,
}

/// Why the imports of a module could not be satisfied. The messages start with the words that the
/// official test suite has for it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LinkError {
    /// Nothing has that name.
    #[error("unknown import: nothing provides {name:?} of module {module:?}")]
    UnknownImport {
        /// The module named by the import.
        module: String,
        /// The import's own name.
        name: String,
    },
    /// What has the name is of another kind or type.
    #[error("incompatible import type: {name:?} of module {module:?} is {found}, not {expected}")]
    IncompatibleImport {
        /// The module named by the import.
        module: String,
        /// The import's own name.
        name: String,
        /// What the importing module wants.
        expected: String,
        /// What there is.
        found: String,
    },
}

impl LinkError {
    pub(crate) fn unknown(import: &Import) -> Self {
        LinkError::UnknownImport { module: import.module.clone(), name: import.name.clone() }
    }
}

/// Why a host function failed. Made from a [`CallError`](crate::CallError), it passes a trap on as the trap that it
/// was.
#[derive(Debug)]
pub struct HostError(pub(crate) Box<dyn Error + Send + Sync>);

impl HostError {
    /// An error of the host's own, or a message.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }

    /// An exception that the host function throws. It is made when the host function returns this: then the caller's
    /// handlers are asked for it. What it carries has to be of the types that its tag gives, or the call fails.
    ///
    /// # Panics
    ///
    /// The host function that returns it panics if the tag is of another store.
    pub fn throw(tag: Tag, payload: Vec<Val>) -> Self {
        Self(Box::new(ThrownByHost { tag, payload }))
    }

    /// The error within.
    pub fn get(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

/// An exception that a host function throws, before it is made.
#[derive(Debug, thiserror::Error)]
#[error("throw an exception: it was returned by no host function")]
pub(crate) struct ThrownByHost {
    pub(crate) tag: Tag,
    pub(crate) payload: Vec<Val>,
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for HostError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
