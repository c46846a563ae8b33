//! Scripts that come out of a pipe, such as `<(…)` of a shell.

use crate::reading;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A pipe, which can be read only once: its content is kept for every engine that runs the script.
#[derive(Clone, Debug)]
pub struct Pipe {
    path: Arc<Path>,
    content: Arc<OnceLock<Result<Arc<[u8]>, ReadFailure>>>,
}

/// Why a file could not be read, in a form that can be told several times.
#[derive(Clone, Debug)]
pub struct ReadFailure {
    kind: io::ErrorKind,
    text: Arc<str>,
}

impl From<&io::Error> for ReadFailure {
    fn from(error: &io::Error) -> ReadFailure {
        ReadFailure { kind: error.kind(), text: error.to_string().into() }
    }
}

impl From<&ReadFailure> for io::Error {
    fn from(failure: &ReadFailure) -> io::Error {
        io::Error::new(failure.kind, &*failure.text)
    }
}

impl Pipe {
    pub(super) fn new(path: PathBuf) -> Pipe {
        Pipe { path: path.into(), content: Arc::default() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// All that the pipe has, read at the first call.
    ///
    /// # Errors
    ///
    /// Those of the first call.
    pub(super) fn read(&self) -> io::Result<Arc<[u8]>> {
        let read = || reading::read(&self.path).map(Arc::from).map_err(|error| ReadFailure::from(&error));
        self.content.get_or_init(read).clone().map_err(|failure| io::Error::from(&failure))
    }
}
