//! What a worker died of.

use crate::outcome::Outcome;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;
use trapline_abi::{CrashInfo, CrashPlace};

/// How a worker came to its end.
#[derive(Clone, Debug)]
pub(super) enum Death {
    /// It ended, by a signal or by itself.
    Ended {
        status: ExitStatus,
        /// What its signal handler saw.
        record: Option<CrashInfo>,
    },
    /// It was killed because a directive took longer than this.
    Timeout(Duration),
    /// It was killed because it used more bytes of memory than this.
    Memory(u64),
    /// It was killed because what it wrote is no report.
    Garbage(String),
}

impl Death {
    /// Whether someone outside may have done it: then the script deserves another try.
    pub(super) fn may_be_foreign(&self) -> bool {
        match self {
            Death::Ended { status, record: None } => {
                matches!(status.signal(), Some(SIGKILL | SIGTERM | SIGINT | SIGHUP))
            }
            Death::Ended { .. } | Death::Timeout(_) | Death::Memory(_) | Death::Garbage(_) => false,
        }
    }

    /// The outcome of the directive that the worker was running.
    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Death::Ended { status, record } => Outcome::Crash {
                signal: status.signal().map_or_else(|| ended(*status), signal_name),
                at: match record {
                    Some(record) => place(record),
                    None => {
                        "no fault was seen: the process was ended from outside or ended itself".to_owned()
                    }
                },
            },
            Death::Timeout(limit) => Outcome::Timeout { limit: *limit },
            Death::Memory(limit) => Outcome::Crash {
                signal: "SIGKILL".to_owned(),
                at: format!("the process used more than {} MiB of memory and was killed for it", limit >> 20),
            },
            Death::Garbage(what) => Outcome::HarnessError {
                message: format!("the worker wrote {what} where a report was due, and was killed for it"),
            },
        }
    }
}

fn ended(status: ExitStatus) -> String {
    status.code().map_or_else(|| status.to_string(), |code| format!("exit code {code}"))
}

fn place(record: &CrashInfo) -> String {
    let CrashInfo { address, pc, place, signal } = record;
    let mut text = format!("pc {pc:#x}");
    match signal {
        // What else a fault's address is depends on the signal; for these it is the address accessed.
        &SIGSEGV | &SIGBUS => text.push_str(&format!(", fault address {address:#x}")),
        _ => {}
    }
    match place {
        Some(CrashPlace { function, offset: Some(offset) }) => {
            text.push_str(&format!(", in wasm function {function} at offset {offset:#x}, at no trap site"));
        }
        Some(CrashPlace { function, offset: None }) => {
            text.push_str(&format!(", in wasm function {function}, at no trap site"))
        }
        None => text.push_str(", outside compiled code"),
    }
    text
}

const SIGHUP: i32 = 1;
const SIGINT: i32 = 2;
const SIGBUS: i32 = 7;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;
const SIGTERM: i32 = 15;

/// The name of a signal as on Linux.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        SIGHUP => "SIGHUP",
        SIGINT => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        SIGBUS => "SIGBUS",
        8 => "SIGFPE",
        SIGKILL => "SIGKILL",
        SIGSEGV => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        SIGTERM => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        other => return format!("signal {other}"),
    };
    name.to_owned()
}
