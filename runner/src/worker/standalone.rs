//! Whole commands in a worker: `run`, `compile` and `validate` work on one module, which may take the compiler or the guest
//! any time and memory, or crash it. So the program starts itself once more with the same arguments and the same standard
//! streams, and the first process only waits, with the watchdog.

use super::death::Death;
use super::host::{Limits, WorkerError};
use super::watchdog::{Verdict, Watchdog, Watched, starting};
use super::{STANDALONE_ARGUMENT, Step};
use crate::engine::trust;
use crate::hazard;
use crate::outcome::Outcome;
use std::ffi::OsString;
use std::io;
use std::iter;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use trapline_sandbox::{Recorder, spawn, wait_until_ended};

/// A command to run in a worker.
#[derive(Debug)]
pub(crate) struct Standalone<'a> {
    /// The arguments of the program.
    pub(crate) arguments: &'a [OsString],
    /// The file to write in place of the one that the arguments name.
    pub(crate) output: Option<&'a Path>,
    /// A folder for temporary files, if the command makes any.
    pub(crate) scratch: Option<&'a Path>,
    /// Descriptors that the arguments name, for the worker to inherit.
    pub(crate) inherited: &'a [BorrowedFd<'a>],
}

/// How the process of a command has ended by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommandEnd {
    /// Its exit code.
    pub(crate) code: i32,
    /// Whether the command has come to its end: native code may end the process, too.
    pub(crate) is_whole: bool,
}

impl Standalone<'_> {
    /// Runs the command and waits for its end. What it has started ends with it. Gives how it ended, or how it died.
    ///
    /// # Errors
    ///
    /// When no worker can be started.
    pub(crate) fn run(&self, limits: Limits) -> Result<Result<CommandEnd, Outcome>, WorkerError> {
        let (recorder, page) = Recorder::create().map_err(WorkerError::Start)?;
        let watchdog =
            Watchdog::start(limits.timeout, limits.max_memory_bytes).map_err(WorkerError::Watchdog)?;
        let mut command = Command::new(std::env::current_exe().map_err(WorkerError::Program)?);
        command
            .arg(STANDALONE_ARGUMENT)
            .arg(page.as_raw_fd().to_string())
            .arg(self.output.unwrap_or(Path::new("")))
            .args(self.arguments);
        if let Some(scratch) = self.scratch {
            command.env("TMPDIR", scratch);
        }
        let inherited: Vec<_> = iter::once(page.as_fd()).chain(self.inherited.iter().copied()).collect();
        let being_started = starting().map_err(WorkerError::Start)?;
        // It dies with this thread, which waits for its end.
        let child = spawn(command, &inherited).map_err(WorkerError::Start)?;
        let id = child.id();
        let watched = Arc::new(Watched::new(child, recorder));
        // It notes no step before the last: the limit on time is for all that it does.
        watched.give((0, &Arc::default()), None, Vec::new(), Step::Idle.number());
        watchdog.watch(&watched);
        drop(being_started);
        // Without an answer of the system it is given the grace that every worker has.
        let _ = wait_until_ended(id);
        let status = watched.wait();
        // If an interruption has ended it, the signal is what this process ends by.
        drop(starting().map_err(WorkerError::Start)?);
        let is_whole = watched.recorder.step() == Step::Report.number();
        // Success is believed only if the command has come to its end.
        let ended = |code: &i32| *code != 0 || is_whole;
        if let Some(code) = status.and_then(|status| status.code()).filter(ended) {
            return Ok(Ok(CommandEnd { code, is_whole }));
        }
        let death = match (watched.verdict(), status) {
            (Some(Verdict::Timeout { limit, elapsed, stopped }), _) => {
                Death::Timeout { limit, elapsed, stopped }
            }
            (Some(Verdict::Memory(limit)), _) => Death::Memory(limit),
            (Some(Verdict::Astray(step)), _) => Death::Garbage(format!("the number {step} of a step")),
            (None, Some(status)) => Death::Ended { status, record: watched.recorder.crash().map(Box::new) },
            (None, None) => Death::Garbage("nothing more".to_owned()),
        };
        Ok(Err(death.outcome()))
    }
}

/// What a process knows that was started to run a command for another one.
#[derive(Debug)]
pub(crate) struct Assignment {
    recorder: &'static Recorder,
    /// The file to write in place of the one that the arguments name.
    pub(crate) output: Option<PathBuf>,
}

impl Assignment {
    /// Takes what concerns this process out of the arguments of the program. `None` if it was not started for a command: then
    /// they stay as they are.
    ///
    /// # Errors
    ///
    /// When the parent has not passed on what it should have.
    pub(crate) fn take(arguments: &mut Vec<OsString>) -> io::Result<Option<Assignment>> {
        let [_, first, descriptor, output, ..] = &arguments[..] else { return Ok(None) };
        if first != STANDALONE_ARGUMENT {
            return Ok(None);
        }
        let descriptor = descriptor.to_str().and_then(|number| number.parse().ok());
        let recorder = trust::crash_recorder(descriptor.ok_or(io::ErrorKind::InvalidInput)?)?;
        let output = (!output.is_empty()).then(|| PathBuf::from(output));
        arguments.drain(1..4);
        Ok(Some(Assignment { recorder, output }))
    }

    /// Says that the command has come to its end.
    pub(crate) fn finish(&self) {
        self.recorder.begin(Step::Report.number());
    }

    /// Begins with the command, which is when tests may have something else happen.
    pub(crate) fn begin(&self, command: &str) {
        hazard::prepare();
        hazard::strike(command, 1, self.recorder);
    }
}
