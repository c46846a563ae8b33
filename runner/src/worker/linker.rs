//! The process that links for a worker: a worker that is confined cannot start programs.
//!
//! The worker starts it before it confines itself, in its own process group, and asks it over a pair of sockets. What
//! the linker reaches is confined, too.

use super::confined::{limits, unconfined};
use super::wire;
use crate::engine::{Linker, LinkerError, SystemLinker};
use crate::trail::Unconfined;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use trapline_sandbox::{Measure, Programs, confine_by};

/// The first argument of a program that is to link for a worker.
pub(super) const LINKER_ARGUMENT: &str = "__trapline-linker";

/// The first frame to the process: the folders in which it may write.
#[derive(Serialize, Deserialize, Debug)]
struct Setup {
    writable: Vec<PathBuf>,
}

/// A frame to the process: link one file into another.
#[derive(Serialize, Deserialize, Debug)]
struct Request {
    object: PathBuf,
    shared: PathBuf,
}

/// What became of a request, as [`LinkerError`] has it.
#[derive(Serialize, Deserialize, Debug)]
enum Answer {
    Linked,
    NotStarted { linker: String, error: i32 },
    Refused { path: PathBuf, message: String },
}

/// The worker's end.
#[derive(Debug)]
pub(super) struct LinkerProcess {
    /// Read and written like a file: the calls for sockets are forbidden to a worker.
    socket: Mutex<File>,
}

impl LinkerProcess {
    /// Starts the process.
    pub(super) fn start(writable: Vec<PathBuf>) -> io::Result<LinkerProcess> {
        let (ours, theirs) = UnixStream::pair()?;
        let program = std::env::current_exe()?;
        // It ends when the worker's end is closed, and with the worker's group.
        Command::new(program)
            .arg(LINKER_ARGUMENT)
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .spawn()?;
        let mut socket = File::from(OwnedFd::from(ours));
        wire::write(&mut socket, &Setup { writable })?;
        Ok(LinkerProcess { socket: Mutex::new(socket) })
    }

    /// Waits until it has confined itself. The measures that are not in force for it.
    pub(super) fn unconfined(&self) -> io::Result<Vec<Unconfined>> {
        receive(&mut self.socket.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn receive<T: serde::de::DeserializeOwned>(socket: &mut File) -> io::Result<T> {
    match wire::read(socket) {
        Ok(Some(frame)) => Ok(frame),
        Ok(None) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the process that links is gone")),
        Err(error) => Err(io::Error::other(error)),
    }
}

impl Linker for LinkerProcess {
    fn link(&self, object: &Path, shared: &Path) -> Result<(), LinkerError> {
        let mut socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
        let request = Request { object: object.to_owned(), shared: shared.to_owned() };
        let answer = wire::write(&mut *socket, &request).and_then(|()| receive(&mut socket));
        match answer {
            Ok(Answer::Linked) => Ok(()),
            Ok(Answer::Refused { path, message }) => Err(LinkerError::Refused { path, message }),
            Ok(Answer::NotStarted { linker, error }) => {
                Err(LinkerError::Start { linker, cause: io::Error::from_raw_os_error(error) })
            }
            Err(cause) => {
                // A worker whose linker was ended can do nothing more that is right: it is as if it had been ended itself.
                tracing::debug!(%cause, "the process that links is gone");
                trapline_sandbox::end()
            }
        }
    }
}

/// The life of the process.
pub(super) fn serve() -> anyhow::Result<()> {
    let mut socket = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let Some(Setup { writable }) = wire::read(&mut socket)? else { return Ok(()) };
    let confinement = trapline_sandbox::Confinement { writable, programs: Programs::Allowed, ..limits() };
    // It stays in the session of the worker, which ends with its group.
    let measures: Vec<_> = Measure::ALL.into_iter().filter(|&measure| measure != Measure::Session).collect();
    let confined = confine_by(&confinement, &measures)?;
    wire::write(&mut socket, &unconfined(confined))?;
    while let Some(Request { object, shared }) = wire::read(&mut socket)? {
        let answer = match SystemLinker.link(&object, &shared) {
            Ok(()) => Answer::Linked,
            Err(LinkerError::Start { linker, cause }) => {
                Answer::NotStarted { linker, error: cause.raw_os_error().unwrap_or_default() }
            }
            Err(LinkerError::Refused { path, message }) => Answer::Refused { path, message },
            Err(error @ LinkerError::Write { .. }) => {
                Answer::Refused { path: object, message: error.to_string() }
            }
        };
        wire::write(&mut socket, &answer)?;
    }
    Ok(())
}
