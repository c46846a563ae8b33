//! How the program ends.

use std::io::{self, Write};
use std::process::ExitCode;
use trapline_abi::ReadableText;

/// The exit codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// All as expected.
    Success = 0,
    /// Anything unexpected: a failure in a script, a module that is refused, a module that takes more than the limits on
    /// time and memory.
    Unexpected = 1,
    /// The arguments make no sense, or name something that cannot be read.
    Usage = 2,
    /// `run`: a module is malformed or invalid, or cannot be compiled.
    Refused = 3,
    /// No script was selected.
    NothingSelected = 4,
    /// `run`: an import has nothing, or something of another type.
    Unlinked = 5,
    /// `run`: a trap, or the end of the call stack.
    Trapped = 6,
    /// `run`: an exception that nothing caught.
    Threw = 7,
    /// `run`, `triage`: more time or memory than the limits allow.
    Limited = 8,
    /// `triage`: something is needed that is not built.
    Unbuilt = 9,
    /// `triage`: a fault of the compiler.
    CompilerFault = 10,
    /// `triage`: engines do not agree.
    Miscompiled = 11,
    /// `triage`: a host fault in compiled code.
    HostFault = 12,
    /// `triage`: a fault of the runtime or the host.
    RuntimeFault = 13,
    /// `triage`: the same engine does not do the same twice.
    Unstable = 14,
    /// trapline itself went wrong, which a crash shows, too, or a report cannot be written.
    Internal = 70,
}

impl Exit {
    /// What the program says with an exit code; `None` if it never ends with it.
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
        all.into_iter().find(|&exit| exit as i32 == code)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
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
