//! The parent's side: workers for scripts, and what becomes of a script whose workers die.

use super::Step;
use super::death::Death;
use super::ledger::Records;
use super::process::{Reply, Task, Worker};
use super::watchdog::{Slow, Watchdog};
use super::wire::{Answer, Done, Job, ScriptJob, Setup, Source};
use crate::engine::{EngineSpec, ScratchFolder};
use crate::exec;
use crate::exec::{Observe, Observed};
use crate::executor::EngineTimings;
use crate::interruption;
use crate::outcome::{Details, DirectiveRecord, NotRun, Outcome, OutcomeKind};
use crate::report;
use crate::run::{Executed, Plan};
use crate::script::Script;
use crate::script::outline::{Sketch, Span, sketches, spans};
use crate::terms::Terms;
use crate::trail::{ContentHash, Listing, Refusal, Unconfined};
use std::collections::BTreeMap;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;
use trapline_compiler::{Anatomy, Diagnosis, WasmFeatures};
use trapline_sandbox::attempt::Attempted;

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
    /// The system does not start a process.
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
    /// A worker that has run no script, to ask whether a script can be parsed.
    clean: Mutex<Option<Worker>>,
    /// The measures that are not in force for the first worker.
    unconfined: OnceLock<Vec<Unconfined>>,
    watchdog: Watchdog,
    /// Whether the rest of a script whose worker has died is run in another one.
    replays: bool,
    /// Whether what workers say on the standard error is dropped.
    silent: bool,
    timings: Mutex<EngineTimings>,
    /// Where workers write temporary files. Dropped last, with whatever they have left there.
    scratch: Option<ScratchFolder>,
}

/// How often a script is tried again after its worker was ended at a directive, perhaps by another process.
const RETRIES: u32 = 2;

/// How often it is tried again after its worker has ended outside directives by itself, and perhaps by another process.
const RETRIES_OUTSIDE: u32 = 16;
const RETRIES_OUTSIDE_FOREIGN: u32 = 64;

/// How often a worker is tried to be started, and how long the system has before the next time.
const STARTS: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(50), Duration::from_millis(200), Duration::from_secs(1)];

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
            clean: Mutex::default(),
            unconfined: OnceLock::new(),
            replays: true,
            silent: false,
            timings: Mutex::default(),
            scratch,
        })
    }

    /// The same, but what they say on the standard error, as of panics, is dropped.
    pub(crate) fn silent(self) -> Workers {
        Workers { silent: true, ..self }
    }

    /// The same, but what comes behind a directive that takes its worker with it counts as not run.
    pub(crate) fn without_replays(self) -> Workers {
        Workers { replays: false, ..self }
    }

    /// Where workers write temporary files, if their engine needs such a folder.
    pub fn scratch(&self) -> Option<&Path> {
        self.scratch.as_ref().map(ScratchFolder::path)
    }

    /// What all compilations of all workers have cost so far.
    pub fn timings(&self) -> EngineTimings {
        *locked(&self.timings)
    }

    /// The directives that run at this moment and have done so for at least as long.
    pub(crate) fn slow(&self, threshold: Duration) -> Vec<Slow> {
        self.watchdog.slow(threshold)
    }

    /// Runs a script in a worker. Every directive that kills its worker, or has to be killed, gets the outcome that says
    /// so, and all others run in a worker that is alive. Whatever becomes of workers, each directive has an outcome.
    pub(crate) fn run_script(
        &self,
        name: &Arc<str>,
        bytes: Vec<u8>,
        plan: &Plan,
        observe: Option<Observe>,
    ) -> Executed {
        let Terms { features, reading, shows_output, timeout } = plan.terms;
        let (name_of_job, features, source) = (name.to_string(), features.bits(), Source::File(bytes));
        let known = BTreeMap::new();
        let job = ScriptJob { name: name_of_job, source, features, reading, shows_output, known, observe };
        self.run_job(name, timeout, job)
    }

    /// Runs a parsed script like [`Workers::run_script`], but for directives whose outcomes are known.
    pub(crate) fn run_parsed(
        &self,
        name: &Arc<str>,
        script: &Script,
        terms: Terms,
        known: &BTreeMap<u32, Outcome>,
    ) -> Vec<DirectiveRecord> {
        let Terms { features, reading, shows_output, timeout } = terms;
        let (source, features) = (Source::Parsed(Box::new(script.clone())), features.bits());
        let (name_of_job, known) = (name.to_string(), known.clone());
        let job =
            ScriptJob { name: name_of_job, source, features, reading, shows_output, known, observe: None };
        // It was parsed.
        self.run_job(name, timeout, job).directives.unwrap_or_default()
    }

    fn run_job(&self, name: &Arc<str>, timeout: Option<Duration>, job: ScriptJob) -> Executed {
        let spans = job.source.spans();
        let script = Attempts {
            file: name,
            timeout,
            spans: &spans,
            job: Job::Script(job),
            said: Records::default(),
            elapsed: BTreeMap::new(),
            retries: 0,
            retries_outside: 0,
            retries_foreign: 0,
        };
        script.run(self)
    }

    /// The machine code of a module, from a worker; `None` if the module is not taken, or takes the worker with it.
    pub(crate) fn listing(&self, wasm: &[u8], features: WasmFeatures) -> Option<Listing> {
        let job = Job::Listing { wasm: wasm.to_owned(), features: features.bits() };
        match self.ask(&job) {
            Ok(Answer::Listing(listing)) => listing,
            _ => None,
        }
    }

    /// A function of a module on its way to code, from a worker; `None` if there is none, or it takes the worker with it.
    pub(crate) fn anatomy(&self, wasm: &[u8], features: WasmFeatures, function: u32) -> Option<Anatomy> {
        let job = Job::Anatomy { wasm: wasm.to_owned(), features: features.bits(), function };
        match self.ask(&job) {
            Ok(Answer::Anatomy(anatomy)) => anatomy.map(|anatomy| *anatomy),
            _ => None,
        }
    }

    /// The first function of a module that cannot be compiled, from a worker; `None` if there is none, or it takes the worker
    /// with it.
    pub(crate) fn diagnose(&self, wasm: &[u8], features: WasmFeatures) -> Option<Diagnosis> {
        let job = Job::Diagnosis { wasm: wasm.to_owned(), features: features.bits() };
        match self.ask(&job) {
            Ok(Answer::Diagnosis(diagnosis)) => diagnosis.map(|diagnosis| *diagnosis),
            _ => None,
        }
    }

    /// Has a worker take an action that it must not be able to take.
    ///
    /// # Errors
    ///
    /// When there is no such action, or no worker.
    pub(crate) fn attempt_action(&self, name: &str) -> Result<Attempted, Refusal> {
        match self.ask(&Job::Attempt(name.to_owned())) {
            Ok(Answer::Attempted(0)) => Ok(Attempted::Succeeded),
            Ok(Answer::Attempted(number @ 1..)) => Ok(Attempted::Failed(number)),
            Ok(_) => Err(Refusal::harness(format!("there is no action `{name}`"))),
            Err(failure) => Err(failure.refusal()),
        }
    }

    /// The measures that are not in force for workers, as the first one says, which is started for it if there is none yet.
    ///
    /// # Errors
    ///
    /// When no worker says so.
    pub(crate) fn confinement(&self) -> Result<&[Unconfined], Refusal> {
        if self.unconfined.get().is_none() {
            let started = self.start().map_err(Failure::Start);
            let admitted = started.and_then(|mut worker| self.admit(&mut worker).map(|()| worker));
            locked(&self.idle).push(admitted.map_err(Failure::refusal)?);
        }
        Ok(self.unconfined.get().map_or(&[], Vec::as_slice))
    }

    /// Finds out whether the engine can run modules here, if it needs more than this program.
    ///
    /// # Errors
    ///
    /// The cause, if it cannot.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if !self.setup.engine.kind.needs_scratch() {
            return Ok(());
        }
        match self.ask(&Job::Check) {
            Ok(Answer::Checked(result)) => result,
            Ok(_) => Err(Refusal::harness("the worker answered another question")),
            Err(failure) => Err(failure.refusal()),
        }
    }

    /// Has a worker do something that is not a script, and another one if something else has ended it.
    fn ask(&self, job: &Job) -> Result<Answer, Failure> {
        let task = Task { file: &Arc::default(), timeout: None, job, spans: &[] };
        let mut retries = 0;
        loop {
            match self.attempt(task, Choice::Any) {
                Err(Failure::Died(_, death, _)) if death.may_be_foreign() && retries < RETRIES_OUTSIDE => {
                    retries += 1;
                }
                result => return result.map(|(reply, _)| reply.answer),
            }
        }
    }

    /// Has a worker do something, and says whether it had run no script before.
    fn attempt(&self, task: Task<'_>, choice: Choice) -> Result<(Reply, bool), Failure> {
        // One that has ended since its last script says nothing about this one.
        let idle = || match choice {
            Choice::Any => locked(&self.idle).pop(),
            Choice::Clean => locked(&self.clean).take(),
        };
        let alive = std::iter::from_fn(idle).find(|worker| !worker.is_gone());
        let mut worker = match alive {
            Some(worker) => worker,
            None => self.start().map_err(Failure::Start)?,
        };
        self.admit(&mut worker)?;
        let was_clean = worker.is_clean;
        match worker.run(task) {
            Ok(reply) => {
                if let Answer::Script(done) = &reply.answer {
                    let mut timings = locked(&self.timings);
                    *timings = *timings + (done.timings - worker.timings);
                    worker.timings = done.timings;
                }
                match choice {
                    Choice::Clean if worker.is_clean => *locked(&self.clean) = Some(worker),
                    Choice::Clean | Choice::Any => locked(&self.idle).push(worker),
                }
                Ok((reply, was_clean))
            }
            Err((error, records)) => {
                let (step, death) = worker.bury(&error);
                Err(Failure::Died(step, death, records))
            }
        }
    }

    /// Takes a worker if it is confined like the first one.
    fn admit(&self, worker: &mut Worker) -> Result<(), Failure> {
        let missing = match worker.unconfined() {
            Ok(missing) => missing.to_vec(),
            Err(error) => {
                let (step, death) = worker.bury(&error);
                return Err(Failure::Died(step, death, Records::default()));
            }
        };
        let first = self.unconfined.get_or_init(|| missing.clone());
        let is_new = |one: &&Unconfined| first.iter().all(|known| known.measure != one.measure);
        match missing.iter().find(is_new) {
            None => Ok(()),
            Some(Unconfined { measure, cause }) => Err(Failure::Start(io::Error::other(format!(
                "it is less confined than the first one, not by {measure}: {cause}"
            )))),
        }
    }

    /// Starts a worker. What the system has run out of may be given back a moment later.
    fn start(&self) -> io::Result<Worker> {
        let mut result = Err(io::ErrorKind::Interrupted.into());
        for pause in STARTS {
            thread::sleep(pause);
            result = Worker::start(&self.program, &self.setup, &self.watchdog, self.silent);
            if result.is_ok() || interruption::came().is_some() {
                break;
            }
        }
        result
    }
}

/// Which workers may do something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Choice {
    Any,
    /// Those that have run no script.
    Clean,
}

enum Failure {
    Start(io::Error),
    /// In which step, of what, and the records of the directives before.
    Died(Step, Death, Records),
}

impl Failure {
    fn refusal(self) -> Refusal {
        match self {
            Failure::Start(error) => Refusal::harness(format!("failed to start a worker: {error}")),
            Failure::Died(_, death, _) => Refusal::harness(match death.outcome() {
                Outcome::Timeout { limit } => format!("it took longer than {} s", limit.as_secs()),
                outcome => describe(&outcome),
            }),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind these locks is whole at any time.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A script that is tried until each of its directives has an outcome.
struct Attempts<'a> {
    file: &'a Arc<str>,
    /// How long one of its directives may run, if not as long as others.
    timeout: Option<Duration>,
    /// Where the directives of the script are.
    spans: &'a [Span],
    job: Job,
    /// The most that a worker has said before it died.
    said: Records,
    /// How long directives ran that did not come to an end.
    elapsed: BTreeMap<u32, Duration>,
    retries: u32,
    retries_outside: u32,
    retries_foreign: u32,
}

impl Attempts<'_> {
    fn run(mut self, workers: &Workers) -> Executed {
        let mut choice = Choice::Any;
        loop {
            let task = Task { file: self.file, timeout: self.timeout, job: &self.job, spans: self.spans };
            let reply = workers.attempt(task, choice);
            let reply = reply.map(|(Reply { answer, records }, was_clean)| (answer, records, was_clean));
            let (step, death) = match reply {
                // That a script cannot be parsed is believed of a worker in which nothing hostile has run.
                Ok((Answer::Script(done), _, false)) if done.directives.is_err() => {
                    choice = Choice::Clean;
                    continue;
                }
                Ok((Answer::Script(done), records, _)) => return self.done(*done, records),
                Ok(_) => {
                    return self.give_up(harness("the worker answered another question".to_owned()));
                }
                Err(Failure::Died(step, death, records)) if interruption::came().is_some() => {
                    self.keep(records);
                    // What is its own did not come from the interruption.
                    if !death.may_be_foreign()
                        && let Some(outcome) = self.blame(step, &death)
                    {
                        return self.give_up(outcome);
                    }
                    return self.cut_short();
                }
                Err(Failure::Start(_)) if interruption::came().is_some() => return self.cut_short(),
                Err(Failure::Start(error)) => {
                    return self.give_up(harness(format!("failed to start a worker: {error}")));
                }
                Err(Failure::Died(step, death, records)) => {
                    self.keep(records);
                    (step, death)
                }
            };
            tracing::debug!(file = &**self.file, ?step, ?death, "a worker died");
            let outside = self.is_outside(step) && !death.is_limit(step);
            if outside && death.may_be_foreign() && self.retries_foreign < RETRIES_OUTSIDE_FOREIGN {
                self.retries_foreign += 1;
            } else if outside && self.retries_outside < RETRIES_OUTSIDE {
                self.retries_outside += 1;
            } else if death.may_be_foreign() && self.retries < RETRIES {
                self.retries += 1;
            } else if let Some(outcome) = self.blame(step, &death) {
                return self.give_up(outcome);
            } else if !workers.replays {
                return self.give_up(Outcome::NotRun(NotRun::EarlierFailure));
            }
        }
    }

    fn known(&mut self) -> Option<&mut BTreeMap<u32, Outcome>> {
        match &mut self.job {
            Job::Script(job) => Some(&mut job.known),
            Job::Check
            | Job::Listing { .. }
            | Job::Anatomy { .. }
            | Job::Diagnosis { .. }
            | Job::Attempt(_) => None,
        }
    }

    /// Whether a worker in this step runs no directive of the script.
    fn is_outside(&self, step: Step) -> bool {
        match step {
            Step::Idle | Step::Script | Step::Report => true,
            Step::Directive(index) => index as usize >= self.spans.len(),
        }
    }

    /// Says of the directive at which a worker died that it did it. `None` if the rest can be tried with that; otherwise
    /// what is to be said of all that have no outcome.
    fn blame(&mut self, step: Step, death: &Death) -> Option<Outcome> {
        let when = match step {
            Step::Idle => "before it began",
            Step::Script => "while it parsed the script",
            Step::Report => "when all directives were done",
            Step::Directive(index) => {
                let (outcome, count) = (death.outcome(), self.spans.len() as u32);
                if index < count
                    && let Some(known) = self.known()
                {
                    // A worker that dies at a directive that it is not to run is brought down by what came before. What
                    // comes after cannot be run, and what came before is still to be had.
                    let until = if known.contains_key(&index) { count } else { index + 1 };
                    let new: Vec<u32> = (index..until).filter(|index| !known.contains_key(index)).collect();
                    known.extend(new.iter().map(|&index| (index, outcome.clone())));
                    if let (Death::Timeout { elapsed, .. }, [first, ..]) = (death, &new[..]) {
                        self.elapsed.insert(*first, *elapsed);
                    }
                    if !new.is_empty() {
                        return None;
                    }
                }
                "at a directive that it was not to run"
            }
        };
        Some(match death.outcome() {
            timeout @ Outcome::Timeout { .. } => timeout,
            outcome => harness(format!("the worker died {when}: {}", describe(&outcome))),
        })
    }

    /// Takes what a worker says of a script.
    fn done(self, done: Done, records: Records) -> Executed {
        let Done { directives, mut observed, .. } = done;
        if let Err(fault) = directives {
            return Executed { directives: Err(fault), parsed: 0, observed: Observed::default() };
        }
        // The text of the script gives its memory to the records.
        drop(self.job);
        let mut records = records.into_vec();
        observed.directives.truncate(self.spans.len());
        for (index, elapsed) in &self.elapsed {
            records[*index as usize].elapsed_ns = nanoseconds(*elapsed);
        }
        Executed { directives: Ok(records), parsed: self.spans.len(), observed }
    }

    /// Keeps what a worker has said before it died: if the run is interrupted while the script runs again, it is not lost.
    fn keep(&mut self, records: Records) {
        if records.len() > self.said.len() {
            self.said = records;
        }
    }

    /// Takes what workers have said before the run was interrupted. The rest was not run.
    fn cut_short(mut self) -> Executed {
        let said = mem::take(&mut self.said);
        let mut executed = self.give_up(Outcome::NotRun(NotRun::Interrupted));
        if let Ok(directives) = &mut executed.directives {
            let unrun = |record: &DirectiveRecord| record.outcome.kind() == OutcomeKind::NotRun;
            for (place, record) in
                directives.iter_mut().zip(said.into_vec()).filter(|(place, _)| unrun(place))
            {
                *place = record;
            }
        }
        executed
    }

    /// Gives every directive an outcome that no worker has given one.
    fn give_up(self, outcome: Outcome) -> Executed {
        let Job::Script(ScriptJob { source, known, .. }) = &self.job else {
            return Executed { directives: Ok(Vec::new()), parsed: 0, observed: Observed::default() };
        };
        let mut records = match source {
            Source::File(bytes) => sketched(bytes, self.spans, &outcome),
            Source::Parsed(script) => {
                let mut records = Vec::new();
                exec::same_outcome(script, &outcome, &mut records);
                exec::name_contents(script, &mut records);
                records
            }
        };
        for record in &mut records {
            if let Some(known) = known.get(&record.index) {
                record.outcome = known.clone();
            }
            record.elapsed_ns = self.elapsed.get(&record.index).copied().map_or(0, nanoseconds);
        }
        Executed { parsed: records.len(), directives: Ok(records), observed: Observed::default() }
    }
}

/// Gives every directive of a script the same outcome without parsing any.
pub(crate) fn same_outcome(text: &[u8], outcome: &Outcome) -> Vec<DirectiveRecord> {
    sketched(text, &spans(text), outcome)
}

/// The records of the directives of a script that was not parsed.
fn sketched(text: &[u8], spans: &[Span], outcome: &Outcome) -> Vec<DirectiveRecord> {
    let record = |(index, sketch): (u32, Sketch)| DirectiveRecord {
        index,
        line: sketch.line,
        col: sketch.col,
        directive: sketch.directive,
        content: Some(ContentHash::of(&text[sketch.span.clone()])),
        outcome: outcome.clone(),
        details: Some(Box::new(Details {
            source: Some(String::from_utf8_lossy(&text[sketch.span]).into_owned()),
            ..Details::default()
        })),
        elapsed_ns: 0,
    };
    (0..).zip(sketches(text, spans)).map(record).collect()
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn harness(message: String) -> Outcome {
    Outcome::harness(Refusal::harness(message))
}

fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Crash(info) => report::crash(info),
        Outcome::HarnessError(cause) => report::refusal(cause),
        other => other.kind().name().to_owned(),
    }
}
