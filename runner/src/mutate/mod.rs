//! Scores scripts by what they notice. A compiler or a runtime is broken in one place, and a script that was green is run on
//! it: if it stays green, it does not test that place.
//!
//! There are two kinds of breakage. *Mutants* of CLIF are made of single instructions of the modules of a script
//! ([`ClifMutant`]); *faults* are wrong lines of the compiler and the runtime ([`InjectedFault`]). Where `audit` changes what
//! scripts expect, and so checks the runner, this changes what they run, and so checks the scripts.

mod faults;
mod lines;
mod report;
mod score;
mod subject;
#[cfg(test)]
mod tests;

pub use faults::{FaultScore, FaultScores};
pub use report::{Known, Scores};
pub use score::{Counts, MutantFate, ScoredMutant};
pub use subject::LeftOut;

use crate::dice::Rolled;
use crate::discover::Input;
use crate::engine::EngineSpec;
use crate::run::{self, RunError, Runner};
use crate::worker::{Limits, WorkerError};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use subject::Subject;
use trapline_abi::InjectedFault;
use trapline_compiler::{ClifChange, ClifMutant, Compiler, ProfileError};

/// Which mutants are run, and on what.
#[derive(Clone, Debug)]
pub struct Options {
    /// The engine that is broken.
    pub engine: EngineSpec,
    /// What a worker may take. How long a directive may run is said by `timeout`.
    pub limits: Limits,
    /// How long a directive may run on a broken engine; without it, some times as long as on a sound one.
    pub timeout: Option<Duration>,
    /// Decides on what is in a sample.
    pub seed: u64,
    /// How many of them.
    pub sample: Sample,
    /// Only these changes; every one if there are none.
    pub changes: Vec<ClifChange>,
    /// How many scripts or mutants run at once.
    pub jobs: usize,
}

/// How many mutants are run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sample {
    /// Every one.
    All,
    /// At most so many of all scripts together.
    Of(usize),
    /// At most so many of each script.
    PerScript(usize),
}

/// Why nothing could be scored. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// No thread.
    #[error("run scripts: {0}")]
    Run(#[from] RunError),
    /// No worker.
    #[error("{0}")]
    Worker(#[from] WorkerError),
    /// No compiler.
    #[error("set up the compiler: {0}")]
    Compiler(#[from] ProfileError),
    /// A module that has no such mutant any more.
    #[error("find the mutant {mutant} of {script} again")]
    Gone {
        /// The mutant.
        mutant: ClifMutant,
        /// The script.
        script: Arc<str>,
    },
}

impl Rolled for ClifMutant {
    fn hash(&self, hasher: &mut blake3::Hasher) {
        hasher.update(self.to_string().as_bytes());
    }
}

/// Is told how much is done, and of how much.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);

/// A mutant that is to be run.
struct Chosen<'c> {
    /// By which a sample is drawn: the lowest are in it.
    rank: u64,
    /// The number of its script.
    script: usize,
    mutant: ClifMutant,
    subject: Arc<Subject<'c>>,
}

/// Runs scripts on code of which one instruction is another one. `runner` is that of the sound engine, with workers.
///
/// # Errors
///
/// When there is no compiler, no thread or no worker.
pub fn mutate(
    runner: &Runner,
    inputs: &[Input],
    options: &Options,
    progress: Progress<'_>,
) -> Result<Scores, ScoreError> {
    let begin = Instant::now();
    let compiler = Compiler::new(options.engine.profile)?;
    let mut known = Known::default();
    let mut chosen: Vec<Chosen<'_>> = Vec::new();
    let wanted = |mutant: &ClifMutant| options.changes.is_empty() || options.changes.contains(&mutant.change);
    let one = |script: usize| {
        let subject = match Subject::begin(runner, &inputs[script]) {
            Ok(subject) => Arc::new(subject),
            Err(why) => return Ok(Err(why)),
        };
        let mut ranked = subject.ranked(&compiler, options.seed, &wanted);
        let mutants = ranked.len();
        match options.sample {
            Sample::All => {}
            Sample::Of(count) | Sample::PerScript(count) => keep_lowest(&mut ranked, count, |&ranked| ranked),
        }
        let of = |(rank, mutant)| Chosen { rank, script, mutant, subject: subject.clone() };
        let chosen: Vec<Chosen<'_>> = ranked.into_iter().map(of).collect();
        Ok(Ok((mutants, subject.directives(), subject.passing(), chosen)))
    };
    run_until_failure(options.jobs, inputs.len(), one, &mut |script, begun| {
        match begun {
            Err(why) => known.left_out.push((inputs[script].name.clone(), why)),
            Ok((mutants, directives, passing, of_script)) => {
                known.scripts += 1;
                known.mutants += mutants;
                known.directives += directives;
                known.passing += passing;
                chosen.extend(of_script);
                if let Sample::Of(count) = options.sample {
                    keep_lowest(&mut chosen, count, |chosen| (chosen.rank, chosen.script, chosen.mutant));
                }
            }
        }
        progress(script + 1, inputs.len());
    })?;
    chosen.sort_unstable_by_key(|chosen| (chosen.script, chosen.mutant));
    // Each is taken out when its turn comes: what was translated for a script goes with its last mutant.
    let chosen: Vec<Mutex<Option<Chosen<'_>>>> =
        chosen.into_iter().map(|chosen| Mutex::new(Some(chosen))).collect();
    let one = |at: usize| {
        let taken = chosen[at].lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.map(|Chosen { mutant, subject, .. }| subject.score(&compiler, options, mutant)).transpose()
    };
    let count = chosen.len();
    let mut scored = Vec::with_capacity(count);
    run_until_failure(options.jobs, count, one, &mut |at, mutant| {
        scored.extend(mutant);
        progress(at + 1, count);
    })?;
    Ok(Scores::new(options.seed, known, scored, begin.elapsed()))
}

/// Runs each script on engines with one fault each. `runner` is that of the sound engine, with workers.
///
/// # Errors
///
/// When there is no thread or no worker.
pub fn inject(
    runner: &Runner,
    inputs: &[Input],
    options: &Options,
    faults: &[InjectedFault],
    progress: Progress<'_>,
) -> Result<FaultScores, ScoreError> {
    let begin = Instant::now();
    let one = |script: usize| match Subject::begin(runner, &inputs[script]) {
        Ok(subject) => {
            let noticed = faults.iter().map(|&fault| subject.notices(options, fault));
            noticed.collect::<Result<Vec<bool>, ScoreError>>().map(Ok)
        }
        Err(why) => Ok(Err(why)),
    };
    let mut scores = FaultScores::new(faults);
    run_until_failure(options.jobs, inputs.len(), one, &mut |script, noticed| {
        scores.add(&inputs[script].name, noticed);
        progress(script + 1, inputs.len());
    })?;
    scores.elapsed = begin.elapsed();
    Ok(scores)
}

/// Does pieces of work like [`run::run_with`], until one fails.
fn run_until_failure<T: Send>(
    jobs: usize,
    count: usize,
    one: impl Fn(usize) -> Result<T, ScoreError> + Sync,
    take: &mut dyn FnMut(usize, T),
) -> Result<(), ScoreError> {
    let mut failed = None;
    run::run_with(jobs, count, one, &mut |at, result| match result {
        Ok(done) => {
            take(at, done);
            ControlFlow::Continue(())
        }
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    })?;
    failed.map_or(Ok(()), Err)
}

/// Keeps so many of the lowest.
fn keep_lowest<T, K: Ord>(items: &mut Vec<T>, count: usize, key: impl Fn(&T) -> K) {
    if items.len() > count {
        items.sort_unstable_by_key(key);
        items.truncate(count);
    }
}
