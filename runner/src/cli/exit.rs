//! How the program ends.

use std::io::{self, Write};
use std::process::ExitCode;
use trapline_abi::ReadableText;

/// The exit codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// All as expected.
    Success,
    /// Anything unexpected: a failure in a script, a module that is refused, a module that takes more than the limits on
    /// time and memory.
    Unexpected,
    /// The arguments make no sense, or name something that cannot be read.
    Usage,
    /// `run`: a module is malformed or invalid, or cannot be compiled.
    Refused,
    /// No script was selected.
    NothingSelected,
    /// `run`: an import has nothing, or something of another type.
    Unlinked,
    /// `run`: a trap, or the end of the call stack.
    Trapped,
    /// `run`: an exception that nothing caught.
    Threw,
    /// `run`, `triage`: more time or memory than the limits allow.
    Limited,
    /// `triage`: something is needed that is not built.
    Unbuilt,
    /// `triage`: a fault of the compiler.
    CompilerFault,
    /// `triage`: engines do not agree.
    Miscompiled,
    /// `triage`: a host fault in compiled code.
    HostFault,
    /// `triage`: a fault of the runtime or the host.
    RuntimeFault,
    /// `triage`: the same engine does not do the same twice.
    Unstable,
    /// trapline itself went wrong, which a crash shows, too, or a report cannot be written.
    Internal,
    /// `run`: the program that was run has ended itself with this code.
    Guest(u8),
}

impl Exit {
    /// The exit code.
    pub(super) const fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::Unexpected => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
            Exit::NothingSelected => 4,
            Exit::Unlinked => 5,
            Exit::Trapped => 6,
            Exit::Threw => 7,
            Exit::Limited => 8,
            Exit::Unbuilt => 9,
            Exit::CompilerFault => 10,
            Exit::Miscompiled => 11,
            Exit::HostFault => 12,
            Exit::RuntimeFault => 13,
            Exit::Unstable => 14,
            Exit::Internal => 70,
            Exit::Guest(code) => code,
        }
    }

    /// What the program says with an exit code of its own; `None` if it never ends with it.
    pub(super) fn from_code(code: i32) -> Option<Exit> {
        let all = [
            Exit::Success,
            Exit::Unexpected,
            Exit::Usage,
            Exit::Refused,
            Exit::NothingSelected,
            Exit::Unlinked,
            Exit::Trapped,
            Exit::Threw,
            Exit::Limited,
            Exit::Unbuilt,
            Exit::CompilerFault,
            Exit::Miscompiled,
            Exit::HostFault,
            Exit::RuntimeFault,
            Exit::Unstable,
            Exit::Internal,
        ];
        all.into_iter().find(|&exit| i32::from(exit.code()) == code)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// An error with the exit code that it leads to.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) error: anyhow::Error,
}

impl Failure {
    /// Says on the standard error what went wrong.
    pub(super) fn tell(&self) {
        // If this cannot be said either, the exit code still can.
        let _ = writeln!(io::stderr(), "error: {}", ReadableText(&format!("{:#}", self.error)));
    }
}

/// Gives errors their exit code.
pub(super) trait OrExit<T> {
    /// The value, or a failure that ends in `exit`.
    fn or_exit(self, exit: Exit) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> OrExit<T> for Result<T, E> {
    fn or_exit(self, exit: Exit) -> Result<T, Failure> {
        self.map_err(|error| Failure { exit, error: error.into() })
    }
}
