//! What a worker died of.

use super::Step;
use crate::outcome::Outcome;
use crate::trail::{CrashInfo, Ending, FaultInfo, FaultPlace, Refusal, Signal};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;
use trapline_abi::CrashRecord;

/// How a worker came to its end.
#[derive(Clone, Debug)]
pub(super) enum Death {
    /// It ended, by a signal or by itself.
    Ended {
        status: ExitStatus,
        /// What its signal handler saw.
        record: Option<Box<CrashRecord>>,
    },
    /// It was killed because a directive took longer than this.
    Timeout {
        limit: Duration,
        /// How long it took.
        elapsed: Duration,
        /// Whether something had stopped it.
        stopped: bool,
    },
    /// It was killed because it used more bytes of memory than this.
    Memory(u64),
    /// It was killed because what it wrote is not a report.
    Garbage(String),
}

impl Death {
    /// Whether another process may have done it: then the script is tried again.
    pub(super) fn may_be_foreign(&self) -> bool {
        match self {
            // Of a fault there would be a record. What aborts may have done so itself, and a system call that is not allowed
            // is its own.
            Death::Ended { status, record: None } => {
                let own = [Signal::ABRT, Signal::SYS];
                status.signal().is_some_and(|signal| !own.contains(&Signal(signal)))
            }
            Death::Timeout { stopped, .. } => *stopped,
            Death::Ended { .. } | Death::Memory(_) | Death::Garbage(_) => false,
        }
    }

    /// Whether it was killed for what beginning or parsing the script took: that would be the same another time.
    pub(super) fn is_limit(&self, step: Step) -> bool {
        matches!(step, Step::Idle | Step::Script)
            && matches!(self, Death::Timeout { stopped: false, .. } | Death::Memory(_))
    }

    /// The outcome of the directive that the worker was running.
    pub(super) fn outcome(&self) -> Outcome {
        let crash = |ending, fault| Outcome::Crash(Box::new(CrashInfo { ending, fault }));
        match self {
            Death::Ended { status, record } => crash(ending(*status), record.as_deref().map(fault)),
            Death::Timeout { limit, .. } => Outcome::Timeout { limit: *limit },
            Death::Memory(limit) => crash(Ending::Memory(*limit), None),
            Death::Garbage(what) => Outcome::harness(Refusal::harness(format!(
                "the worker wrote {what} where a report was due, and was killed for it"
            ))),
        }
    }
}

fn ending(status: ExitStatus) -> Ending {
    match (status.signal(), status.code()) {
        (Some(signal), _) => Ending::Signal(Signal(signal)),
        // A process that has ended has either.
        (None, code) => Ending::Exit(code.unwrap_or_default()),
    }
}

fn fault(record: &CrashRecord) -> FaultInfo {
    let signal = Signal(record.signal);
    FaultInfo {
        signal,
        // For other signals it is something else.
        address: [Signal::SEGV, Signal::BUS].contains(&signal).then_some(record.address),
        pc: record.pc,
        place: record.place.map(FaultPlace::from),
        caller: record.caller.map(FaultPlace::from),
    }
}
