//! Runs of a script on engines that are made for one question.

use crate::compare::differs_at;
use crate::discover::Input;
use crate::engine::{EngineSpec, Variant};
use crate::exec::Observe;
use crate::outcome::OutcomeKind;
use crate::run::{FileResult, Runner};
use crate::trail::StateView;
use std::fmt;
use std::time::Duration;
use trapline_compiler::Graft;

/// What triage runs scripts on.
pub struct Bench<'a> {
    /// The engines and variants, the one first that the others are compared with.
    pub runners: &'a [Runner],
    /// What they are, in any order.
    pub variants: &'a [Variant],
    /// Makes one more. Messages follow "failed to".
    pub make: &'a (dyn Fn(EngineSpec, Option<Haste>) -> Result<Runner, String> + Sync),
    /// Is told what is being done.
    pub tell: &'a (dyn Fn(Step<'_>) + Sync),
}

/// How an engine runs a script that is not to take long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Haste {
    /// How long a directive may run.
    pub timeout: Duration,
    /// Whether nothing more runs after the first that runs longer, or crashes.
    pub stops: bool,
}

/// What triage is about to do.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// It runs the script on the first engine, to see what takes long.
    Trying,
    /// It runs it on an engine, one of so many.
    Engine(&'a str, usize, usize),
    /// It runs it so many times on the first.
    Repeating(u32),
    /// It looks for the code that makes a difference, with one run after the other.
    Searching,
}

impl Bench<'_> {
    /// The one that the others are compared with.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub(in crate::triage) fn first(&self) -> &Runner {
        &self.runners[0]
    }

    /// A runner whose engine is the deterministic counterpart of another. Why there is none is logged.
    pub(in crate::triage) fn deterministic(&self, runner: &Runner, relaxed: bool) -> Option<Runner> {
        let variant = self.variant(runner.engine.name())?.deterministic(relaxed)?;
        (self.make)(variant.spec(), None).inspect_err(|why| tracing::warn!("failed to {why}")).ok()
    }

    /// The variant that an engine of this name is.
    pub(in crate::triage) fn variant(&self, name: &str) -> Option<Variant> {
        self.variants.iter().copied().find(|variant| variant.spec().name == name)
    }
}

/// Whether a difference is there in a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Shown {
    /// It is.
    There,
    /// It is not.
    Gone,
    /// The run could not be made.
    Unknown(String),
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shown::There => f.write_str("the difference is there"),
            Shown::Gone => f.write_str("the difference is gone"),
            Shown::Unknown(why) => write!(f, "it could not be tried: failed to {why}"),
        }
    }
}

/// Looks for differences from one run at one directive.
pub(super) struct Probing<'a> {
    bench: &'a Bench<'a>,
    input: &'a Input,
    index: u32,
    reference: FileResult,
}

impl<'a> Probing<'a> {
    /// Runs the script on the engine that others are compared with.
    pub(super) fn new(
        bench: &'a Bench<'a>,
        input: &'a Input,
        index: u32,
        reference: Variant,
    ) -> Result<Probing<'a>, String> {
        let runner = (bench.make)(reference.spec(), None)?;
        Ok(Probing { bench, input, index, reference: run(&runner, input) })
    }

    /// The same against another engine.
    pub(super) fn against(&self, reference: Variant) -> Result<Probing<'a>, String> {
        Probing::new(self.bench, self.input, self.index, reference)
    }

    pub(super) fn runner(&self, spec: EngineSpec) -> Result<Runner, String> {
        (self.bench.make)(spec, None)
    }

    /// Whether the difference is there on an engine.
    pub(super) fn differs(&mut self, spec: EngineSpec) -> Shown {
        let runner = match self.runner(spec) {
            Ok(runner) => runner,
            Err(why) => return Shown::Unknown(why),
        };
        let result = run(&runner, self.input);
        let record = result.report.directives.get(self.index as usize);
        match record.map(|record| record.outcome.kind()) {
            // The directive was not reached, which says nothing about it.
            kind @ (None
            | Some(
                OutcomeKind::Blocked
                | OutcomeKind::NotRun
                | OutcomeKind::HarnessError
                | OutcomeKind::Timeout
                | OutcomeKind::Unsupported,
            )) => {
                let kind = kind.map_or("no such directive", OutcomeKind::name);
                Shown::Unknown(format!("run the directive: {kind}"))
            }
            Some(OutcomeKind::Pass | OutcomeKind::Fail | OutcomeKind::Diverged | OutcomeKind::Crash) => {
                match differs_at(&self.reference, &result, self.index) {
                    true => Shown::There,
                    false => Shown::Gone,
                }
            }
        }
    }

    /// Whether it is there on a variant some functions of which have other code.
    pub(super) fn differs_with(&mut self, variant: Variant, graft: Graft) -> Shown {
        self.differs(EngineSpec { graft: Some(graft), ..variant.spec() })
    }
}

fn run(runner: &Runner, input: &Input) -> FileResult {
    runner.run_file_observed(
        input,
        Some(Observe { view: StateView::Whole, state_after: None, compiles_twice: false }),
    )
}
