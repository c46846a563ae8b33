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

use crate::dice::Rolled;
use crate::discover::Input;
use crate::engine::EngineSpec;
use crate::run::{self, RunError, Runner};
use crate::worker::{Limits, WorkerError};
use std::collections::{BTreeMap, BTreeSet};
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
}

impl Rolled for ClifMutant {
    fn hash(&self, hasher: &mut blake3::Hasher) {
        hasher.update(self.to_string().as_bytes());
    }
}

/// Is told how much is done, and of how much.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);

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
    let mut known = Known { scripts: inputs.len(), ..Known::default() };
    let mut subjects: BTreeMap<usize, Subject<'_>> = BTreeMap::new();
    let mut chosen: Vec<(u64, usize, ClifMutant)> = Vec::new();
    let wanted = |mutant: &ClifMutant| options.changes.is_empty() || options.changes.contains(&mutant.change);
    let one = |number: usize| {
        let subject = Subject::begin(runner, &inputs[number])?;
        let mut ranked = subject.ranked(&compiler, options.seed, &wanted);
        let mutants = ranked.len();
        match options.sample {
            Sample::All => {}
            Sample::Of(count) | Sample::PerScript(count) => keep_lowest(&mut ranked, count),
        }
        Some((subject, mutants, ranked))
    };
    run::run_with(options.jobs, inputs.len(), one, &mut |number, begun| {
        match begun {
            None => known.left_out += 1,
            Some((subject, mutants, ranked)) => {
                known.mutants += mutants;
                known.directives += subject.directives();
                known.passing += subject.passing();
                chosen.extend(ranked.into_iter().map(|(rank, mutant)| (rank, number, mutant)));
                subjects.insert(number, subject);
                if let Sample::Of(count) = options.sample {
                    keep_lowest(&mut chosen, count);
                    // What has no mutant in the sample is not needed any more.
                    let used: BTreeSet<usize> = chosen.iter().map(|(_, number, _)| *number).collect();
                    subjects.retain(|number, _| used.contains(number));
                }
            }
        }
        progress(number + 1, inputs.len());
        ControlFlow::Continue(())
    })?;
    chosen.sort_unstable_by_key(|&(_, number, mutant)| (number, mutant));
    let count = chosen.len();
    let subjects: BTreeMap<usize, Mutex<Option<Arc<Subject<'_>>>>> =
        subjects.into_iter().map(|(number, subject)| (number, Mutex::new(Some(Arc::new(subject))))).collect();
    let held = |number: usize| Some(subjects.get(&number)?.lock().unwrap_or_else(PoisonError::into_inner));
    let one = |at: usize| {
        let (_, number, mutant) = chosen[at];
        let subject = held(number)?.clone();
        subject.map(|subject| subject.score(&compiler, options, mutant))
    };
    let mut scored = Vec::with_capacity(count);
    let mut failed = None;
    run::run_with(options.jobs, count, one, &mut |at, result| {
        match result {
            Some(Ok(mutant)) => scored.push(mutant),
            Some(Err(error)) => {
                failed = Some(error);
                return ControlFlow::Break(());
            }
            None => {}
        }
        // What has been translated for a script is not needed behind its last mutant.
        let (_, number, _) = chosen[at];
        if chosen.get(at + 1).is_none_or(|(_, next, _)| *next != number)
            && let Some(mut subject) = held(number)
        {
            *subject = None;
        }
        progress(at + 1, count);
        ControlFlow::Continue(())
    })?;
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(Scores::new(options.seed, known, scored, begin.elapsed())),
    }
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
    let one = |number: usize| {
        let Some(subject) = Subject::begin(runner, &inputs[number]) else { return Ok(None) };
        let killers = faults.iter().map(|&fault| subject.notices(options, fault));
        killers.collect::<Result<Vec<bool>, WorkerError>>().map(Some)
    };
    let mut scores = FaultScores::new(faults);
    let mut failed = None;
    run::run_with(options.jobs, inputs.len(), one, &mut |number, result| {
        match result {
            Ok(noticed) => scores.add(&inputs[number].name, noticed),
            Err(error) => {
                failed = Some(error);
                return ControlFlow::Break(());
            }
        }
        progress(number + 1, inputs.len());
        ControlFlow::Continue(())
    })?;
    scores.elapsed = begin.elapsed();
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(scores),
    }
}

/// Keeps so many of the lowest.
fn keep_lowest<T: Ord>(items: &mut Vec<T>, count: usize) {
    if items.len() > count {
        items.sort_unstable();
        items.truncate(count);
    }
}
