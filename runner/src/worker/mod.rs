//! Worker processes: scripts run in other processes, so that whatever a script does to the process
//! it runs in costs that script one directive and the run nothing.
//!
//! A worker is this very program, started with an argument that says so. It takes one script at a time,
//! and notes each directive it begins in a page that it shares with the parent
//! ([`trapline_sandbox::Recorder`]): no system call, and still there when the worker is
//! not. If the worker dies, the parent reads there what it died of, starts another, and has the
//! script replayed without that directive.

mod attempts;
mod child;
mod confined;
mod deadline;
mod death;
mod host;
mod ledger;
mod liar;
mod linker;
mod memory;
mod pending;
mod process;
mod standalone;
mod watchdog;
mod wire;

pub(crate) use attempts::same_outcome;
pub use child::enter_if_asked;
pub(crate) use confined::CommandFiles;
pub(crate) use deadline::Deadline;
pub(crate) use host::allowance;
pub use host::{Limits, WorkerError, Workers};
pub(crate) use standalone::{Assignment, CommandEnd, Standalone};
pub(crate) use watchdog::{Slow, interrupt_all, kill_all};

/// The first argument of a program that is to be a worker. The second is the number of the file
/// descriptor with the shared page.
const WORKER_ARGUMENT: &str = "__trapline-worker";

/// The first argument of a program that is to run a whole command for its parent. The second is the number of the file
/// descriptor with the shared page, the third the file to write if it is not empty, and the rest are the arguments of the
/// command.
const STANDALONE_ARGUMENT: &str = "__trapline-command";

/// What a worker is doing, as it notes it. For one script the numbers ascend.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    /// It waits for a script.
    Idle,
    /// It parses a script.
    Script,
    /// It runs the directive of this ordinal.
    Directive(u32),
    /// All directives are done, and their outcomes are on their way.
    Report,
}

impl Step {
    /// The last step before the report, of a script of so many directives.
    fn last(directives: usize) -> Step {
        u32::try_from(directives)
            .ok()
            .and_then(|count| count.checked_sub(1))
            .map_or(Step::Script, Step::Directive)
    }

    const fn number(self) -> u64 {
        match self {
            Step::Idle => 0,
            Step::Script => 1,
            Step::Directive(index) => 2 + index as u64,
            Step::Report => u64::MAX,
        }
    }

    const fn from_number(number: u64) -> Step {
        match number {
            0 => Step::Idle,
            1 => Step::Script,
            u64::MAX => Step::Report,
            number => Step::Directive((number - 2) as u32),
        }
    }
}
