//! Commands for single modules, in a process of their own: whatever decoding, compiling and running a module takes is
//! limited, and a crash is reported.

use super::exit::{Exit, Failure, OrExit};
use super::headings::LIMITS;
use crate::engine::{ScratchFolder, trust};
use crate::outcome::Outcome;
use crate::report;
use crate::trail::Ending;
use crate::whole_file::WholeFile;
use crate::worker::{Assignment, CommandEnd, Limits, Standalone, allowance};
use anyhow::anyhow;
use clap::Args;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::time::Duration;

/// How long a command may take, and longer for a large file.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Whether the command works in a process of its own, and what that may take.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = LIMITS)]
pub(super) struct IsolationArguments {
    /// How many seconds the command may take. By default 60, and 10 more for each MiB of the file, which is many times what
    /// it takes to compile; give more to a guest that computes for longer.
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    /// How many MiB of memory the command may have in use. The default is that of scripts; a guest that fills all of a
    /// 32-bit memory needs more.
    #[arg(long, value_name = "MIB", default_value = "4096", value_parser = clap::value_parser!(u64).range(1..))]
    max_memory: u64,
    /// Work in this process and not in one of its own, for debuggers. Nothing is limited then, and a crash is one of this
    /// program.
    #[arg(long, conflicts_with_all = ["timeout", "max_memory"])]
    no_isolate: bool,
}

impl IsolationArguments {
    /// The limits for work on a file.
    fn limits(self, file: &Path) -> Limits {
        // What is not a file has no size.
        let bytes = file.metadata().map_or(0, |metadata| if metadata.is_file() { metadata.len() } else { 0 });
        let timeout = self.timeout.map_or_else(|| TIMEOUT + allowance(bytes), Duration::from_secs);
        Limits { timeout, max_memory_bytes: self.max_memory << 20 }
    }
}

/// A command that works on a module.
#[derive(Debug)]
pub(super) struct Work<'a> {
    /// Its name, which is what it does to the file.
    pub(super) command: &'static str,
    /// The module.
    pub(super) file: &'a Path,
    /// The file that it writes, if any.
    pub(super) output: Option<Written<'a>>,
    /// Whether it makes temporary files.
    pub(super) makes_files: bool,
    /// The exit code when it takes more than it may.
    pub(super) over_limit: Exit,
    pub(super) isolation: IsolationArguments,
}

/// A file that a command writes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Written<'a> {
    /// It replaces what is there, once it is whole.
    Whole(&'a Path),
    /// It is written into what is there, such as a device.
    Into(&'a Path),
}

/// What this process is for.
#[derive(Debug)]
pub(super) enum Role {
    /// The user has started it, with these arguments.
    First(Vec<OsString>),
    /// It was started to do the work of another one.
    Worker(Assignment),
}

impl Role {
    /// The role of this process, and the arguments that are meant for the command line.
    pub(super) fn of_process() -> Result<(Role, Vec<OsString>), Failure> {
        let mut arguments: Vec<_> = std::env::args_os().collect();
        let assignment = Assignment::take(&mut arguments)
            .map_err(|error| anyhow!("failed to begin as a worker: {error}"))
            .or_exit(Exit::Internal)?;
        let role = match assignment {
            Some(assignment) => Role::Worker(assignment),
            None => Role::First(arguments.get(1..).unwrap_or_default().to_vec()),
        };
        Ok((role, arguments))
    }

    /// Does the work, or has a worker do it. `here` is given the file that it is to write in place of the output, if that
    /// is to be whole and another process puts it where it belongs.
    pub(super) fn work(
        &self,
        work: &Work<'_>,
        here: impl FnOnce(Option<&Path>) -> Result<Exit, Failure>,
    ) -> Result<Exit, Failure> {
        match self {
            Role::Worker(assignment) => {
                assignment.begin(work.command);
                let exit = here(assignment.output.as_deref())?;
                assignment.finish();
                Ok(exit)
            }
            Role::First(_) if work.isolation.no_isolate => here(None),
            Role::First(arguments) => work.in_worker(arguments),
        }
    }
}

impl Work<'_> {
    fn in_worker(&self, arguments: &[OsString]) -> Result<Exit, Failure> {
        let not_written = |path: &Path, error: io::Error| Failure {
            exit: Exit::Unexpected,
            error: anyhow!("failed to write {}: {error}", path.display()),
        };
        let output = match self.output {
            Some(Written::Whole(path)) => {
                Some((path, WholeFile::begin(path).map_err(|error| not_written(path, error))?))
            }
            Some(Written::Into(_)) | None => None,
        };
        let scratch = match self.makes_files {
            true => Some(ScratchFolder::new())
                .transpose()
                .map_err(|error| anyhow!("failed to make a temporary folder: {error}"))
                .or_exit(Exit::Internal)?,
            false => None,
        };
        let written = self.output.map(|(Written::Into(path) | Written::Whole(path))| path);
        let named = [Some(self.file), written].into_iter().flatten();
        let inherited: Vec<_> = named.filter_map(trust::named_descriptor).collect();
        let worker = Standalone {
            arguments,
            output: output.as_ref().map(|(_, file)| file.temporary()),
            scratch: scratch.as_ref().map(ScratchFolder::path),
            inherited: &inherited,
        };
        let end = worker
            .run(self.isolation.limits(self.file))
            .map_err(|error| anyhow!("failed to {error} (--no-isolate does without)"))
            .or_exit(Exit::Internal)?;
        let exit = match end {
            Ok(CommandEnd { code, is_whole }) => {
                // A guest may end with any code, but only the command says that it did.
                let of_guest = u8::try_from(code).ok().filter(|_| is_whole).map(Exit::Guest);
                let exit = Exit::from_code(code).or(of_guest);
                exit.ok_or_else(|| self.crashed(&format!("exit code {code}")))?
            }
            Err(outcome) => return Err(self.died(&outcome)),
        };
        if let (Exit::Success, Some((path, file))) = (exit, output) {
            file.finish().map_err(|error| not_written(path, error))?;
        }
        Ok(exit)
    }

    /// What is said of a worker that did not come to its end.
    fn died(&self, outcome: &Outcome) -> Failure {
        let Work { command, file, .. } = self;
        let file = file.display();
        let over_limit = self.over_limit;
        match outcome {
            Outcome::Timeout { limit } => {
                let seconds = limit.as_secs();
                let error = anyhow!(
                    "failed to {command} {file}: it takes longer than {seconds} s (--timeout S allows more)"
                );
                Failure { exit: over_limit, error }
            }
            Outcome::Crash(info) => match info.ending {
                Ending::Memory(limit) => {
                    let mib = limit >> 20;
                    let error = anyhow!(
                        "failed to {command} {file}: it takes more than {mib} MiB of memory (--max-memory MIB allows more)"
                    );
                    Failure { exit: over_limit, error }
                }
                Ending::Signal(_) | Ending::Exit(_) => self.crashed(&report::crash(info)),
            },
            other => self.crashed(other.kind().name()),
        }
    }

    fn crashed(&self, what: &str) -> Failure {
        let Work { command, file, .. } = self;
        let file = file.display();
        let error = anyhow!(
            "failed to {command} {file}: the worker crashed: {what} (--no-isolate uses no worker, for debuggers)"
        );
        Failure { exit: Exit::Internal, error }
    }
}
