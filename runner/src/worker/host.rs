//! The parent's side: workers, and what they are asked.

use super::Step;
use super::attempts::{Attempts, RETRIES_OUTSIDE, describe};
use super::death::Death;
use super::ledger::Records;
use super::process::{Reply, Task, Worker};
use super::watchdog::{Slow, Watchdog};
use super::wire::{Answer, Job, ScriptJob, Setup, Source};
use crate::engine::{EngineSpec, ScratchFolder};
use crate::exec::Observe;
use crate::executor::EngineTimings;
use crate::interruption;
use crate::outcome::{DirectiveRecord, Outcome};
use crate::run::{Executed, Plan};
use crate::script::Script;
use crate::script::outline::Span;
use crate::terms::Terms;
use crate::trail::{Listing, Refusal, Unconfined};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;
use trapline_compiler::{Anatomy, Diagnosis, WasmFeatures};
use trapline_sandbox::attempt::Attempted;

/// What directives and workers may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long one directive may run; ten seconds longer for each MiB of its text, in which modules are.
    pub timeout: Duration,
    /// How many bytes of memory one worker may have in use.
    pub max_memory_bytes: u64,
}

/// How much longer work may take for each MiB that is to be compiled.
const FOR_EACH_MIB: Duration = Duration::from_secs(10);

/// How much longer work on so many bytes may take than on a few: compiling takes time in proportion.
pub(crate) fn allowance(bytes: u64) -> Duration {
    FOR_EACH_MIB * u32::try_from(bytes >> 20).unwrap_or(u32::MAX)
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

/// Worker processes for an engine, started when they are needed and used again. Engines that make the same code can share them.
#[derive(Debug)]
pub struct Workers {
    pool: Arc<Pool>,
    /// The engine, by its place among those of the pool.
    engine: u32,
    /// Whether the rest of a script whose worker has died is run in another one.
    pub(super) replays: bool,
    timings: Mutex<EngineTimings>,
}

/// Worker processes that all have the same engines.
#[derive(Debug)]
struct Pool {
    program: PathBuf,
    setup: Setup,
    /// Dropped before the watchdog: workers die with its thread.
    idle: Mutex<Vec<Worker>>,
    /// A worker that has run no script, to ask whether a script can be parsed.
    clean: Mutex<Option<Worker>>,
    /// The measures that are not in force for the first worker.
    unconfined: OnceLock<Vec<Unconfined>>,
    watchdog: Watchdog,
    /// Whether what workers say on the standard error is dropped.
    silent: bool,
    /// Where workers write temporary files. Dropped last, with whatever they have left there.
    scratch: Option<ScratchFolder>,
}

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
        Ok(Workers::of(Arc::new(Pool::new(vec![engine], limits)?), 0))
    }

    /// Prepares for workers with several engines, for each in order. Those that make the same code share their workers.
    ///
    /// # Errors
    ///
    /// As [`Workers::new`].
    pub fn of_all(engines: &[EngineSpec], limits: Limits) -> Result<Vec<Workers>, WorkerError> {
        let mut groups: Vec<Vec<EngineSpec>> = Vec::new();
        let mut places = Vec::with_capacity(engines.len());
        for engine in engines {
            let shares = |group: &Vec<EngineSpec>| group.iter().any(|first| engine.shares_with(first));
            let group = groups.iter().position(shares).unwrap_or_else(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(engine.clone());
            places.push((group, groups[group].len() - 1));
        }
        let pools = groups.into_iter().map(|group| Pool::new(group, limits).map(Arc::new));
        let pools = pools.collect::<Result<Vec<_>, _>>()?;
        Ok(places.into_iter().map(|(group, place)| Workers::of(pools[group].clone(), place as u32)).collect())
    }

    fn of(pool: Arc<Pool>, engine: u32) -> Workers {
        Workers { pool, engine, replays: true, timings: Mutex::default() }
    }

    /// The same, but what they say on the standard error, as of panics, is dropped, unless another engine has them, too.
    pub(crate) fn silent(mut self) -> Workers {
        if let Some(pool) = Arc::get_mut(&mut self.pool) {
            pool.silent = true;
        }
        self
    }

    /// The same, but what comes behind a directive that takes its worker with it counts as not run.
    pub(crate) fn without_replays(self) -> Workers {
        Workers { replays: false, ..self }
    }

    /// Where workers write temporary files, if their engine needs such a folder.
    pub fn scratch(&self) -> Option<&Path> {
        self.pool.scratch.as_ref().map(ScratchFolder::path)
    }

    /// What all compilations of all workers have cost so far.
    pub fn timings(&self) -> EngineTimings {
        *locked(&self.timings)
    }

    /// The directives that run at this moment and have done so for at least as long.
    pub(crate) fn slow(&self, threshold: Duration) -> Vec<Slow> {
        let mut slow = self.pool.watchdog.slow(threshold);
        slow.retain(|slow| slow.engine == self.engine);
        slow
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
        Attempts::new(name, timeout, &spans, Job::Script(job)).run(self)
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
        let pool = &self.pool;
        if pool.unconfined.get().is_none() {
            let started = pool.start().map_err(Failure::Start);
            let admitted = started.and_then(|mut worker| pool.admit(&mut worker).map(|()| worker));
            locked(&pool.idle).push(admitted.map_err(Failure::refusal)?);
        }
        Ok(pool.unconfined.get().map_or(&[], Vec::as_slice))
    }

    /// Finds out whether the engine can run modules here, if it needs more than this program.
    ///
    /// # Errors
    ///
    /// The cause, if it cannot.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.pool.scratch.is_none() {
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
        let mut retries = 0;
        loop {
            match self.attempt(&Arc::default(), None, (job, &[]), Choice::Any) {
                Err(Failure::Died(_, death, _)) if death.may_be_foreign() && retries < RETRIES_OUTSIDE => {
                    retries += 1;
                }
                result => return result.map(|(reply, _)| reply.answer),
            }
        }
    }

    /// Has a worker do something, and says whether it had run no script before. `file` is the script's name, `timeout` how long one
    /// step may take, if not as long as others; with the job come the places of the script's directives.
    pub(super) fn attempt(
        &self,
        file: &Arc<str>,
        timeout: Option<Duration>,
        (job, spans): (&Job, &[Span]),
        choice: Choice,
    ) -> Result<(Reply, bool), Failure> {
        let pool = &*self.pool;
        let mut worker = pool.take(choice).map_err(Failure::Start)?;
        pool.admit(&mut worker)?;
        let was_clean = worker.is_clean;
        match worker.run(Task { engine: self.engine, file, timeout, job, spans }) {
            Ok(reply) => {
                if let Answer::Script(done) = &reply.answer {
                    let (mut timings, known) =
                        (locked(&self.timings), &mut worker.timings[self.engine as usize]);
                    *timings = *timings + (done.timings - *known);
                    *known = done.timings;
                }
                match choice {
                    Choice::Clean if worker.is_clean => *locked(&pool.clean) = Some(worker),
                    Choice::Clean | Choice::Any => locked(&pool.idle).push(worker),
                }
                Ok((reply, was_clean))
            }
            Err((error, records)) => {
                let (step, death) = worker.bury(&error);
                Err(Failure::Died(step, death, records))
            }
        }
    }
}

impl Pool {
    fn new(engines: Vec<EngineSpec>, limits: Limits) -> Result<Pool, WorkerError> {
        let scratch = match engines.iter().any(|engine| engine.kind.needs_scratch()) {
            true => Some(ScratchFolder::new().map_err(WorkerError::Folder)?),
            false => None,
        };
        Ok(Pool {
            program: std::env::current_exe().map_err(WorkerError::Program)?,
            setup: Setup { engines, scratch: scratch.as_ref().map(|folder| folder.path().to_owned()) },
            watchdog: Watchdog::start(limits.timeout, limits.max_memory_bytes)
                .map_err(WorkerError::Watchdog)?,
            idle: Mutex::default(),
            clean: Mutex::default(),
            unconfined: OnceLock::new(),
            silent: false,
            scratch,
        })
    }

    /// A worker that is alive: the one that last worked for this thread, else the one that has been idle for longest, else a new one.
    fn take(&self, choice: Choice) -> io::Result<Worker> {
        let thread = Some(thread::current().id());
        let idle = || match choice {
            Choice::Any => {
                let mut idle = locked(&self.idle);
                let at = idle.iter().rposition(|worker| worker.thread == thread).unwrap_or(0);
                (at < idle.len()).then(|| idle.remove(at))
            }
            Choice::Clean => locked(&self.clean).take(),
        };
        // One that has ended since its last script says nothing about this one.
        match std::iter::from_fn(idle).find(|worker| !worker.is_gone()) {
            Some(worker) => Ok(worker),
            None => self.start(),
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
pub(super) enum Choice {
    Any,
    /// Those that have run no script.
    Clean,
}

pub(super) enum Failure {
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
