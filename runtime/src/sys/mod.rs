//! What the runtime needs of the operating system: mappings, signals and the bounds of stacks; and of the
//! machine: its instructions.

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
compile_error!(
    "trapline-runtime knows mappings, signal contexts and stacks of Linux on x86-64 only; another \
     target needs its own `runtime/src/sys`"
);

mod exhausted;
pub(crate) mod fault;
pub(crate) mod jump;
pub(crate) mod mmap;
pub(crate) mod pagemap;
pub(crate) mod signals;
pub(crate) mod stack;
pub(crate) mod x86_64;
