//! Actions that a confined process must not be able to take, for tests that try them: each alone against every measure that is
//! to refuse it. Where nothing refuses an action, it does no harm.

mod files;
mod machine;
mod memory;
mod network;
mod processes;

pub use network::listen;

use crate::Measure;
use std::fmt;
use std::io;

/// An action.
#[derive(Clone, Copy)]
pub struct Attempt {
    /// Its name on the command line and in `docs/security.md`.
    pub name: &'static str,
    /// What it does.
    pub action: &'static str,
    /// The measures that refuse it, each by itself, and the error by which it does so.
    pub refused_by: &'static [(Measure, Refusal)],
    /// Whether it succeeds in any process that is not confined, whatever the system.
    pub succeeds_otherwise: bool,
    run: fn() -> io::Result<()>,
}

/// The error by which a measure refuses an action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// `EPERM`.
    NotPermitted,
    /// `EACCES`.
    NoAccess,
    /// `ENXIO`.
    NoDevice,
    /// `ENOMEM`.
    NoMemory,
    /// `EFBIG`.
    TooLarge,
}

impl Refusal {
    /// The number of the error.
    pub const fn number(self) -> i32 {
        match self {
            Refusal::NotPermitted => libc::EPERM,
            Refusal::NoAccess => libc::EACCES,
            Refusal::NoDevice => libc::ENXIO,
            Refusal::NoMemory => libc::ENOMEM,
            Refusal::TooLarge => libc::EFBIG,
        }
    }

    /// The name of the error.
    pub const fn name(self) -> &'static str {
        match self {
            Refusal::NotPermitted => "EPERM",
            Refusal::NoAccess => "EACCES",
            Refusal::NoDevice => "ENXIO",
            Refusal::NoMemory => "ENOMEM",
            Refusal::TooLarge => "EFBIG",
        }
    }
}

/// What came of an action.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Attempted {
    /// It succeeded.
    Succeeded,
    /// It failed with this number of an error.
    Failed(i32),
}

impl fmt::Display for Attempted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Attempted::Succeeded => write!(f, "succeeded"),
            Attempted::Failed(number) => write!(f, "failed: {}", io::Error::from_raw_os_error(*number)),
        }
    }
}

/// All actions.
pub fn all() -> impl Iterator<Item = &'static Attempt> {
    [files::ATTEMPTS, processes::ATTEMPTS, network::ATTEMPTS, memory::ATTEMPTS, machine::ATTEMPTS]
        .into_iter()
        .flatten()
}

impl Attempt {
    /// The action of a name.
    pub fn named(name: &str) -> Option<&'static Attempt> {
        all().find(|attempt| attempt.name == name)
    }

    /// Takes the action, here and now.
    pub fn run(&self) -> Attempted {
        match (self.run)() {
            Ok(()) => Attempted::Succeeded,
            Err(error) => Attempted::Failed(error.raw_os_error().unwrap_or_default()),
        }
    }
}

const SECCOMP: (Measure, Refusal) = (Measure::SystemCalls, Refusal::NotPermitted);
const CAPABILITIES: (Measure, Refusal) = (Measure::Capabilities, Refusal::NotPermitted);
const FILES: (Measure, Refusal) = (Measure::Files, Refusal::NoAccess);
const SCOPE: (Measure, Refusal) = (Measure::Scope, Refusal::NotPermitted);
const TCP: (Measure, Refusal) = (Measure::Tcp, Refusal::NoAccess);
/// Processes in a domain of Landlock may not look into those outside.
const DOMAIN: (Measure, Refusal) = (Measure::Files, Refusal::NotPermitted);

/// The result of a system call.
fn result(value: i64) -> io::Result<i64> {
    if value < 0 { Err(io::Error::last_os_error()) } else { Ok(value) }
}

fn done(value: i64) -> io::Result<()> {
    result(value).map(|_| ())
}

/// Makes a system call, whose arguments are numbers or, if it succeeded, would be pointers to nothing.
fn call(number: libc::c_long, arguments: [i64; 5]) -> io::Result<i64> {
    let [a, b, c, d, e] = arguments;
    // SAFETY: I15: no argument is the address of memory of this process.
    result(unsafe { libc::syscall(number, a, b, c, d, e) })
}

fn parent() -> libc::pid_t {
    // SAFETY: I15: the call takes no pointer.
    unsafe { libc::getppid() }
}
