//! The parent's side.

use super::death::Death;
use super::watchdog::{Verdict, Watchdog, Watched};
use super::wire::{self, Answer, Done, Job, ProtocolError, ScriptJob, Setup};
use super::{Step, WORKER_ARGUMENT};
use crate::engine::{EngineSpec, ScratchFolder};
use crate::exec::{Observe, Observed};
use crate::executor::EngineTimings;
use crate::outcome::{Outcome, ScriptFault};
use crate::report;
use crate::run::{Executed, Plan};
use crate::trail::Listing;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, BufReader};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use trapline_compiler::WasmFeatures;
use trapline_sandbox::Recorder;

/// What directives and workers may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long one directive may run.
    pub timeout: Duration,
    /// How many bytes of memory one worker may have in use.
    pub max_memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { timeout: Duration::from_secs(30), max_memory_bytes: 4 << 30 }
    }
}

/// Why there are no workers. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// This program does not know where it is.
    #[error("find this program's own file: {0}")]
    Program(io::Error),
    /// The watchdog did not start.
    #[error("start the watchdog: {0}")]
    Watchdog(io::Error),
    /// There is no folder for temporary files.
    #[error("make a temporary folder: {0}")]
    Folder(io::Error),
    /// A worker did not start.
    #[error("start a worker: {0}")]
    Start(io::Error),
}

/// Worker processes, started when they are needed and used again.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    setup: Setup,
    /// Dropped before the watchdog: workers die with its thread.
    idle: Mutex<Vec<Worker>>,
    watchdog: Watchdog,
    timings: Mutex<EngineTimings>,
    /// Where workers write temporary files. Dropped last, with whatever they have left there.
    scratch: Option<ScratchFolder>,
}

#[derive(Debug)]
struct Worker {
    watched: Arc<Watched>,
    /// `None` once it is to end.
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    /// What its compilations had cost when it last said so.
    timings: EngineTimings,
}

/// How often a script is tried again for no fault of its own.
const RETRIES: u32 = 2;

impl Workers {
    /// Prepares for workers with an engine; none is started yet.
    ///
    /// # Errors
    ///
    /// When the system does not say where this program is, or has no thread for the watchdog or no folder for temporary
    /// files.
    pub fn new(engine: EngineSpec, limits: Limits) -> Result<Workers, WorkerError> {
        let scratch = match engine.kind.needs_scratch() {
            true => Some(ScratchFolder::new().map_err(WorkerError::Folder)?),
            false => None,
        };
        Ok(Workers {
            program: std::env::current_exe().map_err(WorkerError::Program)?,
            setup: Setup { engine, scratch: scratch.as_ref().map(|folder| folder.path().to_owned()) },
            watchdog: Watchdog::start(limits.timeout, limits.max_memory_bytes)
                .map_err(WorkerError::Watchdog)?,
            idle: Mutex::default(),
            timings: Mutex::default(),
            scratch,
        })
    }

    /// Where workers write temporary files, if their engine needs such a folder.
    pub fn scratch(&self) -> Option<&Path> {
        self.scratch.as_ref().map(ScratchFolder::path)
    }

    /// What all compilations of all workers have cost so far.
    pub fn timings(&self) -> EngineTimings {
        *self.timings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a script in a worker. Every directive that kills its worker, or has to be killed, gets
    /// the outcome that says so, and all others run in a worker that is alive.
    pub(crate) fn run_script(
        &self,
        name: &str,
        bytes: Vec<u8>,
        plan: &Plan,
        observe: Option<Observe>,
    ) -> Executed {
        let features = plan.features.bits();
        let script = ScriptJob { name: name.to_owned(), bytes, features, known: BTreeMap::new(), observe };
        let mut job = Job::Script(script);
        let mut retries = 0;
        loop {
            let (step, death) = match self.attempt(&job) {
                Ok(Answer::Script(done)) => {
                    let Done { directives, parsed, observed, .. } = *done;
                    return Executed { directives, parsed, observed };
                }
                Ok(Answer::Listing(_) | Answer::Part(_)) => {
                    return faulty("the worker answered another question".to_owned());
                }
                Err(Failure::Start(error)) => return faulty(format!("failed to {error}")),
                Err(Failure::Died(step, death)) => (step, death),
            };
            tracing::debug!(file = name, ?step, ?death, "a worker died");
            let foreign = death.may_be_foreign() || matches!(step, Step::Idle | Step::Report);
            match (step, &mut job) {
                _ if foreign && retries < RETRIES => retries += 1,
                (Step::Directive(index), Job::Script(script)) if !script.known.contains_key(&index) => {
                    script.known.insert(index, death.outcome());
                }
                (step, _) => {
                    let outcome = describe(&death.outcome());
                    let when = match step {
                        Step::Script => "while it parsed the script",
                        Step::Idle => "before it began",
                        Step::Report | Step::Directive(_) => "when all directives were done",
                    };
                    return faulty(format!("the worker died {when}: {outcome}"));
                }
            }
        }
    }

    /// The machine code of a module, from a worker; `None` if the module is not taken, or takes the worker with it.
    pub(crate) fn listing(&self, wasm: &[u8], features: WasmFeatures) -> Option<Listing> {
        match self.attempt(&Job::Listing { wasm: wasm.to_owned(), features: features.bits() }) {
            Ok(Answer::Listing(listing)) => listing,
            Ok(Answer::Script(_) | Answer::Part(_)) | Err(_) => None,
        }
    }

    fn attempt(&self, job: &Job) -> Result<Answer, Failure> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut worker = match idle {
            Some(worker) => worker,
            None => self.start().map_err(Failure::Start)?,
        };
        match worker.run(job) {
            Ok(answer) => {
                if let Answer::Script(done) = &answer {
                    let mut timings = self.timings.lock().unwrap_or_else(PoisonError::into_inner);
                    *timings = *timings + (done.timings - worker.timings);
                    worker.timings = done.timings;
                }
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
                Ok(answer)
            }
            Err(error) => {
                let (step, death) = worker.bury(error);
                Err(Failure::Died(step, death))
            }
        }
    }

    fn start(&self) -> Result<Worker, WorkerError> {
        let (recorder, descriptor) = Recorder::create().map_err(WorkerError::Start)?;
        let mut command = Command::new(&self.program);
        command
            .arg(WORKER_ARGUMENT)
            .arg(descriptor.as_raw_fd().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = self.watchdog.spawn(command, descriptor).map_err(WorkerError::Start)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(WorkerError::Start(io::ErrorKind::BrokenPipe.into()));
        };
        let watched = Arc::new(Watched::new(child, recorder));
        self.watchdog.watch(&watched);
        let mut worker = Worker {
            watched,
            stdin: Some(stdin),
            stdout: BufReader::new(stdout),
            timings: EngineTimings::default(),
        };
        // A worker that is dead already is noticed when it is to read its first script.
        let _ = worker.write(&self.setup);
        Ok(worker)
    }
}

enum Failure {
    Start(WorkerError),
    Died(Step, Death),
}

impl Worker {
    fn write(&mut self, frame: &impl Serialize) -> io::Result<()> {
        let stdin = self.stdin.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        wire::write(stdin, frame)
    }

    fn run(&mut self, job: &Job) -> Result<Answer, ProtocolError> {
        self.watched.jobs.fetch_add(1, Ordering::AcqRel);
        self.write(job)?;
        let mut records = Vec::new();
        loop {
            let answer = wire::read(&mut self.stdout)?;
            match answer.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))? {
                Answer::Part(part) => records.extend(part),
                Answer::Script(mut done) => {
                    if let Ok(last) = &mut done.directives {
                        records.append(last);
                        *last = records;
                    }
                    return Ok(Answer::Script(done));
                }
                listing @ Answer::Listing(_) => return Ok(listing),
            }
        }
    }

    /// Finds out what a worker that did not answer has died of, after making sure that it is dead.
    fn bury(&self, error: ProtocolError) -> (Step, Death) {
        let step = Step::from_number(self.watched.recorder.step());
        let garbage = match error {
            // The pipe has ended: the process is ending, or has been killed.
            ProtocolError::Pipe(_) => None,
            ProtocolError::Length(_) | ProtocolError::Content => {
                self.watched.kill();
                Some(error.to_string())
            }
        };
        let status = self.watched.wait();
        let death = match (self.watched.verdict(), garbage, status) {
            (Some(Verdict::Timeout(limit)), _, _) => Death::Timeout(limit),
            (Some(Verdict::Memory(limit)), _, _) => Death::Memory(limit),
            (None, Some(what), _) => Death::Garbage(what),
            (None, None, Some(status)) => Death::Ended { status, record: self.watched.recorder.crash() },
            (None, None, None) => Death::Garbage("nothing more".to_owned()),
        };
        (step, death)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It ends when its pipe does, and takes its temporary files with it; if it does not, it is
        // killed after a while.
        drop(self.stdin.take());
        self.watched.wait();
    }
}

fn faulty(message: String) -> Executed {
    let fault = ScriptFault { line: 0, col: 0, message, expected: None };
    Executed { directives: Err(fault), parsed: 0, observed: Observed::default() }
}

fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Crash(info) => report::crash(info),
        Outcome::Timeout { limit } => format!("it took longer than {} s", limit.as_secs()),
        Outcome::HarnessError(cause) => report::refusal(cause),
        other => other.kind().name().to_owned(),
    }
}
