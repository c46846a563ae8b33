//! Deaths of processes that run scripts.

use super::{FunctionName, SourcePlace, WasmHash};
use serde::{Deserialize, Serialize};
use std::fmt;
use trapline_abi::CrashPlace;

/// How the process died that a directive was running in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CrashInfo {
    /// How it ended.
    pub ending: Ending,
    /// What its signal handler saw of a fault.
    pub fault: Option<FaultInfo>,
}

/// How a process ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// By a signal.
    Signal(Signal),
    /// By itself, with an exit code.
    Exit(i32),
    /// It was killed because it used more than so many bytes of memory.
    Memory(u64),
}

/// A signal, by its number on Linux.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Signal(pub i32);

/// A fault at an instruction that was not recorded as able to trap.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FaultInfo {
    /// The signal that it raised.
    pub signal: Signal,
    /// The address whose access faulted, for SIGSEGV and SIGBUS.
    pub address: Option<u64>,
    /// The program counter.
    pub pc: u64,
    /// The place in compiled code, if the program counter lies there.
    pub place: Option<FaultPlace>,
    /// If it does not: the call by which compiled code had called the runtime or the host, if that is known.
    #[serde(default)]
    pub caller: Option<FaultPlace>,
}

/// A place in compiled code.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FaultPlace {
    /// The function.
    pub function: FunctionName,
    /// The instruction, in bytes from the start of the module's binary; `None` for machine code that belongs to no
    /// instruction.
    pub offset: Option<u32>,
    /// The module.
    pub module: WasmHash,
    /// The instruction in the script, if the module was written there as text.
    pub source: Option<SourcePlace>,
}

impl From<CrashPlace> for FaultPlace {
    fn from(place: CrashPlace) -> FaultPlace {
        FaultPlace {
            function: FunctionName { index: place.function, name: None },
            offset: place.offset,
            module: WasmHash(place.wasm_hash),
            source: None,
        }
    }
}

impl Signal {
    /// `SIGHUP`
    pub const HUP: Signal = Signal(1);
    /// `SIGINT`
    pub const INT: Signal = Signal(2);
    /// `SIGABRT`
    pub const ABRT: Signal = Signal(6);
    /// `SIGSYS`
    pub const SYS: Signal = Signal(31);
    /// `SIGBUS`
    pub const BUS: Signal = Signal(7);
    /// `SIGKILL`
    pub const KILL: Signal = Signal(9);
    /// `SIGSEGV`
    pub const SEGV: Signal = Signal(11);
    /// `SIGTERM`
    pub const TERM: Signal = Signal(15);
}

impl fmt::Display for Signal {
    /// The name on Linux.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            1 => "SIGHUP",
            2 => "SIGINT",
            3 => "SIGQUIT",
            4 => "SIGILL",
            5 => "SIGTRAP",
            6 => "SIGABRT",
            7 => "SIGBUS",
            8 => "SIGFPE",
            9 => "SIGKILL",
            10 => "SIGUSR1",
            11 => "SIGSEGV",
            12 => "SIGUSR2",
            13 => "SIGPIPE",
            14 => "SIGALRM",
            15 => "SIGTERM",
            19 => "SIGSTOP",
            24 => "SIGXCPU",
            25 => "SIGXFSZ",
            31 => "SIGSYS",
            other => return write!(f, "signal {other}"),
        })
    }
}
