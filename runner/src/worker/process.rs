//! One worker, as its parent has it. Every wait for it has an end: the watchdog ends a worker that takes too long with what it
//! was given, whatever it is doing, and a pipe is not waited for when the process is gone.

use super::confined::variables;
use super::death::Death;
use super::host::allowance;
use super::ledger::{Ledger, Records};
use super::watchdog::{Verdict, Watchdog, Watched, starting};
use super::wire::{self, Answer, Greeting, Job, ProtocolError, Setup};
use super::{Step, WORKER_ARGUMENT};
use crate::executor::EngineTimings;
use crate::script::outline::Span;
use crate::trail::Unconfined;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::env::var_os;
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::{AsFd, AsRawFd};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::thread::{self, ThreadId};
use std::time::Duration;
use trapline_sandbox::{Recorder, wait_readable};

/// How long a pipe is waited for before it is asked whether its writer is still there.
const LOOK: Duration = Duration::from_millis(100);

/// Bytes of all frames of an answer together.
const MAX_ANSWER: u64 = 2 << 30;

/// A worker.
#[derive(Debug)]
pub(super) struct Worker {
    watched: Arc<Watched>,
    /// `None` once it is to end.
    stdin: Option<ChildStdin>,
    stdout: BufReader<Output>,
    /// What the compilations of each of its engines had cost when it last said so.
    pub(super) timings: Vec<EngineTimings>,
    /// The thread that it worked for last, whose next script may be the same on another engine.
    pub(super) thread: Option<ThreadId>,
    /// The measures that are not in force for it, once it has said so.
    unconfined: Option<Vec<Unconfined>>,
    /// Whether no script has run in it yet: what it says is what this program says.
    pub(super) is_clean: bool,
}

/// The standard output of a worker. It ends with the worker, also if something else still has it open.
#[derive(Debug)]
struct Output {
    pipe: ChildStdout,
    watched: Arc<Watched>,
}

impl Read for Output {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let gone = self.watched.is_gone();
            // What it wrote before it ended is read all the same.
            let patience = if gone { Duration::ZERO } else { LOOK };
            if wait_readable(self.pipe.as_fd(), patience)? {
                return self.pipe.read(buffer);
            }
            if gone {
                return Ok(0);
            }
        }
    }
}

/// What a worker is given, and what is known of the answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task<'a> {
    /// The engine, by its place in the [`Setup`].
    pub(super) engine: u32,
    /// The script's name in reports.
    pub(super) file: &'a Arc<str>,
    /// How long one step may take, if not as long as others.
    pub(super) timeout: Option<Duration>,
    pub(super) job: &'a Job,
    /// Where the directives of the script are.
    pub(super) spans: &'a [Span],
}

/// What a worker has answered.
#[derive(Debug)]
pub(super) struct Reply {
    /// If it is about a script, without the records of the directives.
    pub(super) answer: Answer,
    /// The records.
    pub(super) records: Records,
}

fn broken_pipe() -> io::Error {
    io::ErrorKind::BrokenPipe.into()
}

/// What directives may take longer than others: those with large modules.
fn allowances(spans: &[Span]) -> Vec<(u64, Duration)> {
    let whole = spans.iter().map(|span| span.len()).sum();
    let directives = (0..).map(Step::Directive).zip(spans.iter().map(|span| span.len()));
    let steps = directives.chain([(Step::Script, whole)]);
    let allowed = steps.map(|(step, bytes)| (step.number(), allowance(bytes as u64)));
    allowed.filter(|(_, more)| *more > Duration::ZERO).collect()
}

impl Worker {
    /// Starts a worker on the watchdog's thread. What a silent one says on the standard error is dropped.
    pub(super) fn start(
        program: &Path,
        setup: &Setup,
        watchdog: &Watchdog,
        silent: bool,
    ) -> io::Result<Worker> {
        let (recorder, descriptor) = Recorder::create()?;
        let mut command = Command::new(program);
        command
            .arg(WORKER_ARGUMENT)
            .arg(descriptor.as_raw_fd().to_string())
            .env_clear()
            .envs(variables(setup.scratch.is_some()).iter().filter_map(|name| Some((name, var_os(name)?))))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if silent {
            command.stderr(Stdio::null());
        }
        let starting = starting()?;
        let mut child = watchdog.spawn(command, descriptor)?;
        let (Some(stdin), Some(pipe)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let watched = Arc::new(Watched::new(child, recorder));
        watchdog.watch(&watched);
        drop(starting);
        let stdout = BufReader::with_capacity(1 << 16, Output { pipe, watched: watched.clone() });
        let mut worker = Worker {
            watched,
            stdin: Some(stdin),
            stdout,
            timings: vec![EngineTimings::default(); setup.engines.len()],
            thread: None,
            unconfined: None,
            is_clean: true,
        };
        // A worker that is dead already is noticed when it is to read its first script.
        let _ = worker.write(setup);
        Ok(worker)
    }

    fn write(&mut self, frame: &impl Serialize) -> io::Result<()> {
        let stdin = self.stdin.as_mut().ok_or_else(broken_pipe)?;
        wire::write(stdin, frame)
    }

    /// Whether it has ended.
    pub(super) fn is_gone(&self) -> bool {
        self.watched.is_gone()
    }

    /// Waits until it has confined itself. The measures that are not in force for it.
    pub(super) fn unconfined(&mut self) -> Result<&[Unconfined], ProtocolError> {
        if self.unconfined.is_none() {
            self.watched.give((0, &Arc::default()), None, Vec::new(), Step::last(0).number());
            let unconfined = self.frame::<Greeting>(&mut 0);
            self.watched.take_back();
            self.unconfined = Some(unconfined?);
        }
        Ok(self.unconfined.as_deref().unwrap_or_default())
    }

    /// Has it do something.
    ///
    /// # Errors
    ///
    /// Why there is no answer, with the records of directives that came before.
    pub(super) fn run(&mut self, task: Task<'_>) -> Result<Reply, (ProtocolError, Records)> {
        let mut records = Records::default();
        let result = self.unconfined().map(|_| ()).and_then(|()| self.is_silent()).and_then(|()| {
            self.thread = Some(thread::current().id());
            self.watched.give(
                (task.engine, task.file),
                task.timeout,
                allowances(task.spans),
                Step::last(task.spans.len()).number(),
            );
            let answer = self.answer(task, &mut records);
            self.watched.take_back();
            answer
        });
        match result {
            Ok(answer) => Ok(Reply { answer, records }),
            Err(error) => Err((error, records)),
        }
    }

    /// A worker that has nothing to do has nothing to say.
    fn is_silent(&mut self) -> Result<(), ProtocolError> {
        let silent = self.stdout.buffer().is_empty()
            && !wait_readable(self.stdout.get_ref().pipe.as_fd(), Duration::ZERO)?;
        // A pipe that has ended can be read, too.
        if silent || self.stdout.fill_buf()?.is_empty() { Ok(()) } else { Err(ProtocolError::Early) }
    }

    /// What it answers. `records` has those of the directives of a script, also if there is no whole answer.
    fn answer(&mut self, task: Task<'_>, records: &mut Records) -> Result<Answer, ProtocolError> {
        wire::write_job(self.stdin.as_mut().ok_or_else(broken_pipe)?, task.engine, task.job)?;
        let mut bytes = 0;
        let answer = match task.job {
            Job::Script(job) => {
                let mut ledger = Ledger::new(job, task.spans, records);
                loop {
                    match self.frame(&mut bytes)? {
                        Answer::Part(part) => ledger.take(part)?,
                        Answer::Script(mut done) => {
                            if let Ok(last) = &mut done.directives {
                                self.is_clean = false;
                                ledger.take(std::mem::take(last))?;
                                ledger.finish()?;
                            }
                            break Answer::Script(done);
                        }
                        Answer::Listing(_)
                        | Answer::Anatomy(_)
                        | Answer::Diagnosis(_)
                        | Answer::Checked(_)
                        | Answer::Attempted(_)
                        | Answer::Idle => return Err(ProtocolError::Unasked),
                    }
                }
            }
            Job::Check
            | Job::Listing { .. }
            | Job::Anatomy { .. }
            | Job::Diagnosis { .. }
            | Job::Attempt(_) => {
                let answer = self.frame(&mut bytes)?;
                let is_asked = matches!(
                    (task.job, &answer),
                    (Job::Check, Answer::Checked(_))
                        | (Job::Listing { .. }, Answer::Listing(_))
                        | (Job::Anatomy { .. }, Answer::Anatomy(_))
                        | (Job::Diagnosis { .. }, Answer::Diagnosis(_))
                        | (Job::Attempt(_), Answer::Attempted(_))
                );
                if !is_asked {
                    return Err(ProtocolError::Unasked);
                }
                answer
            }
        };
        match self.frame(&mut bytes)? {
            Answer::Idle => Ok(answer),
            _ => Err(ProtocolError::Unasked),
        }
    }

    /// Reads a frame, and adds its size to that of those before.
    fn frame<T: DeserializeOwned>(&mut self, bytes: &mut u64) -> Result<T, ProtocolError> {
        let frame = wire::read_sized(&mut self.stdout)?;
        let (frame, len) = frame.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        *bytes += u64::from(len);
        if *bytes > MAX_ANSWER { Err(ProtocolError::TooLong(MAX_ANSWER)) } else { Ok(frame) }
    }

    /// Finds out what a worker that did not answer has died of, after making sure that it is dead.
    pub(super) fn bury(&self, error: &ProtocolError) -> (Step, Death) {
        let step = Step::from_number(self.watched.recorder.step());
        let garbage = match error {
            // The pipe has ended: the process is ending, or has been killed.
            ProtocolError::Pipe(_) => None,
            ProtocolError::Early => {
                self.watched.kill();
                self.watched.wait();
                // It was not running anything that could be to blame.
                return (Step::Idle, Death::Garbage(error.to_string()));
            }
            ProtocolError::Length(_)
            | ProtocolError::Content
            | ProtocolError::TooMany(_)
            | ProtocolError::TooFew(_)
            | ProtocolError::Disordered { .. }
            | ProtocolError::Impossible(_)
            | ProtocolError::Unasked
            | ProtocolError::TooLong(_) => {
                self.watched.kill();
                Some(error.to_string())
            }
        };
        let status = self.watched.wait();
        let death = match (self.watched.verdict(), garbage, status) {
            (Some(Verdict::Timeout { limit, elapsed, stopped }), _, _) => {
                Death::Timeout { limit, elapsed, stopped }
            }
            (Some(Verdict::Memory(limit)), _, _) => Death::Memory(limit),
            (Some(Verdict::Astray(step)), _, _) => {
                // Where it is says nothing, then.
                let what = format!("the number {step} of a directive that is not due");
                return (Step::Report, Death::Garbage(what));
            }
            (None, Some(what), _) => Death::Garbage(what),
            (None, None, Some(status)) => {
                Death::Ended { status, record: self.watched.recorder.crash().map(Box::new) }
            }
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
