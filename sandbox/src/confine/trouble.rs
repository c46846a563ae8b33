//! Why a measure is not in force.

use std::io;

/// Why a process could not be confined. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub enum ConfineError {
    /// Some measures apply to the calling thread only.
    #[error("confine a process of {0} threads: it has to have one")]
    Threads(usize),
    /// The system does not say how many threads there are.
    #[error("count the threads of a process to confine: {0}")]
    Uncounted(io::Error),
}

/// The cause for which a measure is not in force.
pub(super) struct Missing(pub(super) String);

impl From<io::Error> for Missing {
    fn from(error: io::Error) -> Missing {
        Missing(error.to_string())
    }
}

pub(super) fn only_one_thread() -> Result<(), ConfineError> {
    let threads = std::fs::read_dir("/proc/self/task").map_err(ConfineError::Uncounted)?.count();
    if threads == 1 { Ok(()) } else { Err(ConfineError::Threads(threads)) }
}

pub(super) fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
