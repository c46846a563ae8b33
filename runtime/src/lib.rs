//! Loads, links and runs WebAssembly modules that `trapline-compiler` compiled ahead of time.
//!
//! A [`Module`] is an object file in memory: parsed, checked, relocated and made executable. A
//! [`Store`] holds instances of modules with their functions, tables, memories and globals. This
//! crate holds no compiler; a program that embeds it alone runs precompiled objects.
//!
//! ```no_run
//! use trapline_runtime::{Extern, Linker, Module, Store, StoreConfig, Val};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // SAFETY: `trapline compile` of this version wrote the file, and it was kept where only this program's user writes.
//! let module = unsafe { Module::from_object(&std::fs::read("add.o")?)? };
//! let mut store = Store::new(StoreConfig::default())?;
//! let instance = Linker::new().instantiate(&mut store, &module)?;
//! if let Some(Extern::Func(add)) = instance.export(&store, "add") {
//!     println!("{:?}", add.call(&mut store, &[Val::I32(1), Val::I32(2)])?);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # How traps work
//!
//! Compiled code traps by faulting: at `ud2`, in a hardware division, or in the guard of a memory.
//! The first [`Store`] of a process installs handlers for SIGSEGV, SIGBUS, SIGILL and SIGFPE. A fault at
//! exactly an instruction that the artefact lists as a trap site, in code that the faulting thread
//! is running, ends the activation with a [`TrapReport`]; every other fault goes to the signal's
//! earlier handler, and so, as a rule, ends the process. It is never taken for a trap.
//!
//! # Unsafe code
//!
//! Each unsafe block names the invariant that it relies on, by its number in `INVARIANTS.md`.

mod arena;
mod builtins;
mod code;
mod config;
mod crash_hooks;
pub mod digest;
mod error;
mod exceptions;
mod func;
mod funcs;
mod global;
mod globals;
mod handle;
mod heap;
mod imports;
mod init;
mod instance;
mod instances;
mod layout;
mod linker;
mod memories;
mod memory;
mod stable;
mod store;
mod sys;
mod table;
mod tables;
mod tag;
mod trap;
mod types;
mod vm;

pub use code::{LoadError, LoadOptions, Module, PlacedCode};
pub use config::StoreConfig;
pub use crash_hooks::{CrashHooks, set_crash_hooks};
pub use error::{
    GlobalError, HostError, LinkError, MemoryAccessError, MissingGuard, ResourceError, TableError,
};
pub use exceptions::UncaughtException;
pub use func::Caller;
pub use handle::{AnyRef, Exception, Extern, Func, Global, Instance, Memory, Object, Table, Tag, Val};
pub use init::InstantiateError;
pub use linker::Linker;
pub use memories::SharedMemory;
pub use store::Store;
pub use tag::TagIdentity;
pub use trap::{CallError, Frame, TrapReport};
pub use trapline_abi as abi;
