//! What the signal handler knows about a fault that is not a trap.

use serde::{Deserialize, Serialize};

/// A fault at an instruction that is not a trap site: a defect of compiled code or of the host, and, as a rule, the end of
/// the process. It holds plain numbers only, so that a signal handler can make it and another process can read it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Debug)]
pub struct CrashRecord {
    /// The number of the signal.
    pub signal: i32,
    /// The address whose access faulted. Only SIGSEGV and SIGBUS have one; of other signals it is whatever the system
    /// gives.
    pub address: u64,
    /// The program counter.
    pub pc: u64,
    /// Where in a module the program counter is, if it is in compiled code.
    pub place: Option<CrashPlace>,
    /// If it is not: the call by which compiled code of this thread last called the runtime or the host, if that call has not
    /// returned as far as can be seen.
    pub caller: Option<CrashPlace>,
}

/// A place in the binary of a module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Debug)]
pub struct CrashPlace {
    /// The index of the function in the module.
    pub function: u32,
    /// The offset in the module's binary, in bytes; `None` for machine code that belongs to no operator.
    pub offset: Option<u32>,
    /// The BLAKE3 hash of the module's binary.
    pub wasm_hash: [u8; 32],
}
