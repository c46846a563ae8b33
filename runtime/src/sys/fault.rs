//! Faults, and where a thread goes on after one.

use super::x86_64::Registers;

/// A fault as the signal handler sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// The signal's number.
    pub(crate) signal: libc::c_int,
    /// The address that could not be accessed, for SIGSEGV and SIGBUS.
    pub(crate) address: usize,
    /// The faulting instruction.
    pub(crate) pc: usize,
    /// The stack pointer there.
    pub(crate) sp: usize,
    /// The frame pointer there.
    pub(crate) fp: usize,
    /// All registers there.
    pub(crate) registers: Registers,
}

/// Where a thread is resumed after a trap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resume {
    /// The instruction.
    pub(crate) pc: usize,
    /// The stack pointer.
    pub(crate) sp: usize,
    /// The frame pointer.
    pub(crate) fp: usize,
}
