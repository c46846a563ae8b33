//! Proves that the runner checks what scripts expect: of every directive that passes, copies in which exactly one
//! expectation is another one must fail.
//!
//! What was changed is a *mutant*. One whose directive fails is *killed*; one whose directive passes all the same has
//! *survived*, and shows something that the runner does not check. One that ends in any other outcome (unsupported,
//! blocked, …) is red and still shows nothing; it is *undecided*, and counts as not killed.

mod describe;
mod harness;
mod mutate;
mod mutation;
mod observed;
mod report;
mod trial;
mod value;

#[cfg(test)]
mod tests;

pub use mutation::{Mutation, UnknownMutation};
pub use report::{Exposed, Fate, Report, Tally};

use crate::discover::Input;
use crate::run::{self, RunError, Runner};
use crate::script::Script;
use harness::{Harness, Production};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::Instant;
use trapline_compiler::{WasmFeatures, supported_features};
use trial::{Baseline, MutantId, Trials};

/// Which mutants are run, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Decides on random bits, texts and numbers, and on what is in a sample.
    pub seed: u64,
    /// How many mutants.
    pub amount: Amount,
    /// Only mutants of directives that begin in this line.
    pub line: Option<u32>,
    /// Only mutants of these kinds; of every kind if there are none.
    pub mutations: Vec<Mutation>,
    /// How many scripts run at once.
    pub jobs: usize,
}

/// How many mutants are run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    /// Every one.
    All,
    /// At most this many of each kind, chosen from all scripts by the seed.
    Sample(usize),
}

impl Options {
    fn wants(&self, line: u32, mutant: MutantId) -> bool {
        self.line.is_none_or(|wanted| wanted == line)
            && (self.mutations.is_empty() || self.mutations.contains(&mutant.mutation))
    }
}

/// Mutates scripts and runs the mutants. `progress` is told how many scripts are done, out of how many, and may end it
/// all; a sample goes over the scripts twice.
///
/// The scripts run in the runner's workers, if it has some. Expectations of failures are not applied: what does not pass has no mutants.
///
/// # Errors
///
/// When no thread can be started.
pub fn audit(
    runner: &Runner,
    inputs: &[Input],
    options: &Options,
    progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Report, RunError> {
    Audit { harness: &Production, runner, inputs, options }.run(progress)
}

struct Audit<'a> {
    harness: &'a dyn Harness,
    runner: &'a Runner,
    inputs: &'a [Input],
    options: &'a Options,
}

/// A mutant of the script of a number, and its rank.
type Ranked = (u64, usize, MutantId);

impl Audit<'_> {
    fn run(&self, progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>) -> Result<Report, RunError> {
        let begin = Instant::now();
        let mut report = Report { seed: self.options.seed, files: self.inputs.len(), ..Report::default() };
        let exceptions = self.tells_exceptions()?;
        match self.options.amount {
            Amount::All => self.run_all(exceptions, &mut report, progress)?,
            Amount::Sample(count) => self.run_sample(count, exceptions, &mut report, progress)?,
        }
        report.elapsed = begin.elapsed();
        Ok(report)
    }

    fn run_all(
        &self,
        exceptions: bool,
        report: &mut Report,
        progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<(), RunError> {
        let one = |file: usize| {
            let trials = self.begin(file, exceptions, None)?;
            let (directives, passing) = (trials.directives(), trials.passing());
            Some((directives, passing, trials.run(&|line, id| self.options.wants(line, id))))
        };
        let count = self.inputs.len();
        run::run_with(self.options.jobs, count, one, &mut |file, result| {
            match result {
                Some((directives, passing, verdicts)) => {
                    report.directives += directives;
                    report.passing += passing;
                    report.add(verdicts);
                }
                None => report.unparsed += 1,
            }
            progress(file + 1, count)
        })
    }

    fn run_sample(
        &self,
        sample: usize,
        exceptions: bool,
        report: &mut Report,
        progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<(), RunError> {
        let mut baselines: Vec<Option<Baseline>> = Vec::new();
        let mut ranked: Vec<Ranked> = Vec::new();
        let one = |file: usize| {
            let trials = self.begin(file, exceptions, None)?;
            let mut ranked = trials.ranked(&|line, id| self.options.wants(line, id));
            keep_lowest(&mut ranked, sample, |(rank, id)| (id.mutation, *rank));
            Some((trials.directives(), trials.passing(), ranked, trials.into_baseline()))
        };
        let count = self.inputs.len();
        let mut broken = false;
        run::run_with(self.options.jobs, count, one, &mut |file, result| {
            match result {
                Some((directives, passing, of_file, baseline)) => {
                    report.directives += directives;
                    report.passing += passing;
                    ranked.extend(of_file.into_iter().map(|(rank, id)| (rank, file, id)));
                    baselines.push(Some(baseline));
                }
                None => {
                    report.unparsed += 1;
                    baselines.push(None);
                }
            }
            let flow = progress(file + 1, 2 * count);
            broken = flow.is_break();
            flow
        })?;
        if broken {
            return Ok(());
        }
        keep_lowest(&mut ranked, sample, |(rank, _, id)| (id.mutation, *rank));
        let mut chosen: BTreeMap<usize, HashSet<MutantId>> = BTreeMap::new();
        for (_, file, id) in ranked {
            chosen.entry(file).or_default().insert(id);
        }
        let chosen: Vec<(usize, HashSet<MutantId>)> = chosen.into_iter().collect();
        let one = |number: usize| {
            let (file, mutants) = &chosen[number];
            let trials = self.begin(*file, exceptions, baselines[*file].clone())?;
            Some(trials.run(&|_, id| mutants.contains(&id)))
        };
        let rest = chosen.len();
        run::run_with(self.options.jobs, rest, one, &mut |number, verdicts| {
            match verdicts {
                Some(verdicts) => report.add(verdicts),
                None => {
                    let name = &self.inputs[chosen[number].0].name;
                    report.disturbed.push(format!("{name}: cannot be parsed any more"));
                }
            }
            progress(count + number + 1, count + rest)
        })
    }

    fn begin(&self, file: usize, exceptions: bool, baseline: Option<Baseline>) -> Option<Trials<'_>> {
        let input = &self.inputs[file];
        Trials::begin(self.harness, self.runner, input, self.options.seed, exceptions, baseline)
    }

    /// Whether an exception is anything that the runner knows: only then does it say something that a trap is taken
    /// for none.
    fn tells_exceptions(&self) -> Result<bool, RunError> {
        const THROWS: &str =
            "(module (tag $t) (func (export \"f\") (throw $t))) (assert_exception (invoke \"f\"))";
        let features = supported_features().union(WasmFeatures::EXCEPTIONS);
        let mut tells = false;
        let one = |_| {
            let script = Script::parse(THROWS).ok()?;
            Some(self.harness.run(
                self.runner,
                &script,
                &"exceptions".into(),
                features.into(),
                &BTreeMap::new(),
            ))
        };
        run::run_with(1, 1, one, &mut |_, reports| {
            tells = reports.is_some_and(|reports| reports.iter().all(|report| report.outcome.is_pass()));
            ControlFlow::Continue(())
        })?;
        Ok(tells)
    }
}

/// Keeps, of each kind of mutant, as many as asked for.
fn keep_lowest<T: Ord>(mutants: &mut Vec<T>, count: usize, key: impl Fn(&T) -> (Mutation, u64)) {
    mutants.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.cmp(b)));
    let mut kept: HashMap<Mutation, usize> = HashMap::new();
    mutants.retain(|mutant| {
        let kept = kept.entry(key(mutant).0).or_default();
        *kept += 1;
        *kept <= count
    });
}
