//! Whether a candidate still shows the fault.

use super::document::Document;
use super::signature::Signature;
use crate::compare::{self, divergences};
use crate::discover::{Input, Source};
use crate::exec::Observe;
use crate::module_script::quoted;
use crate::outcome::{DirectiveRecord, Outcome};
use crate::run::Runner;
use crate::trail::{Got, Layer, StateView, Value};
use crate::triage::{Finding, Verdict, classify, repeat};
use crate::worker::Deadline;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

/// What is asked of every candidate.
pub(crate) trait Predicate: Sync {
    /// Whether a candidate shows the fault. `script` is the text of the document.
    fn shows(&self, document: &Document, script: &str) -> bool;

    /// What answers are kept for: the same text is the same question.
    fn question(&self) -> String;

    /// What some exported globals of the module that is reduced are in the end, on each engine; `None` if that cannot be seen.
    fn globals(&self, document: &Document, exports: &[String]) -> Option<Vec<Vec<Value>>>;
}

/// The fault as triage describes it, looked for in workers on those engines alone that it takes.
pub(crate) struct SameFinding {
    way: Way,
    signature: Signature,
    origin: Origin,
}

/// What candidates are run as.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The name of the script.
    pub(crate) name: Arc<str>,
    /// Where it was read from.
    pub(crate) path: Option<PathBuf>,
}

/// The runs that show a fault.
pub(crate) enum Way {
    /// On one engine.
    One(Runner),
    /// On one engine, on which every module is compiled twice.
    Twice(Runner),
    /// On an engine that is compared with another one.
    Pair(Box<[Runner; 2]>),
    /// Not on an engine of others, and on one of trapline's.
    Unlike(Box<[Runner; 2]>),
    /// On one engine, so many times.
    Repeated(Runner, u32),
}

/// The engines that a finding takes, by their names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Engines {
    One(String),
    Twice(String),
    Pair([String; 2]),
    Unlike([String; 2]),
    Repeated(String),
}

impl Engines {
    /// Those of a finding. `first` is the engine that the others were compared with, `oracles` are those of others.
    pub(crate) fn of(finding: &Finding, first: &str, oracles: &[String]) -> Option<Engines> {
        let engine = finding.engines.first()?.clone();
        let first = first.to_owned();
        match finding.verdict {
            Verdict::NoFault | Verdict::LegalDivergence => None,
            Verdict::Nondeterminism => Some(Engines::Repeated(engine)),
            Verdict::Miscompile if engine == first => Some(Engines::Twice(engine)),
            Verdict::Miscompile => Some(Engines::Pair([first, engine])),
            // It fails on engines of trapline's, and passes on one of others.
            Verdict::OtherEngine if finding.layer == Some(Layer::Translate) => {
                Some(Engines::Unlike([oracles.first()?.clone(), engine]))
            }
            Verdict::OtherEngine => Some(Engines::Pair([first, engine])),
            // One of the two takes what is no module.
            Verdict::CompilerFault if matches!(finding.layer, Some(Layer::Decode | Layer::Validate)) => {
                Some(Engines::Pair([first, engine]))
            }
            Verdict::HostFault
            | Verdict::RuntimeFault
            | Verdict::CompilerFault
            | Verdict::HarnessFault
            | Verdict::ResourceLimit
            | Verdict::Unsupported
            | Verdict::Malformed
            | Verdict::Invalid
            | Verdict::Unlinked
            | Verdict::Expectation
            | Verdict::SpecTrap
            | Verdict::UncaughtException
            | Verdict::OtherEngineFailure => Some(Engines::One(engine)),
        }
    }

    /// The runs on them. `times` is how often a script runs that does not do the same every time.
    pub(crate) fn way<E>(
        &self,
        times: u32,
        make: &mut dyn FnMut(&str) -> Result<Runner, E>,
    ) -> Result<Way, E> {
        let mut both = |[first, second]: &[String; 2]| Ok(Box::new([make(first)?, make(second)?]));
        Ok(match self {
            Engines::Pair(names) => Way::Pair(both(names)?),
            Engines::Unlike(names) => Way::Unlike(both(names)?),
            Engines::One(name) => Way::One(make(name)?),
            Engines::Twice(name) => Way::Twice(make(name)?),
            Engines::Repeated(name) => Way::Repeated(make(name)?, times),
        })
    }

    /// Their names.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Engines::One(name) | Engines::Twice(name) | Engines::Repeated(name) => vec![name],
            Engines::Pair(names) | Engines::Unlike(names) => names.iter().map(String::as_str).collect(),
        }
    }
}

impl Way {
    /// The engines.
    fn runners(&self) -> &[Runner] {
        match self {
            Way::One(runner) | Way::Twice(runner) | Way::Repeated(runner, _) => std::slice::from_ref(runner),
            Way::Pair(runners) | Way::Unlike(runners) => &**runners,
        }
    }

    /// Everything that a script shows in this way.
    pub(crate) fn findings(&self, input: &Input, wasm: Option<&[u8]>) -> Vec<Finding> {
        match self {
            Way::One(runner) => classify(&[runner.run_file(input).report], wasm),
            Way::Unlike(runners) => {
                let (first, second) = both(runners, |runner| runner.run_file(input).report);
                classify(&[first, second], wasm)
            }
            Way::Repeated(runner, times) => repeat(runner, input, *times).into_iter().collect(),
            Way::Twice(runner) => {
                let observe = Observe { view: runner.engine.view(), state_after: None, compiles_twice: true };
                let mut result = runner.run_file_observed(input, Some(observe));
                compare::compare_with_itself(&mut result);
                classify(&[result.report], wasm)
            }
            Way::Pair(runners) => pair(runners, input, wasm),
        }
    }
}

fn pair(runners: &[Runner; 2], input: &Input, wasm: Option<&[u8]>) -> Vec<Finding> {
    let [first, second] = runners;
    let whole = [first, second].iter().all(|runner| runner.engine.view() == StateView::Whole);
    let view = if whole { StateView::Whole } else { StateView::Exported };
    let observe = Observe { view, state_after: None, compiles_twice: false };
    let run = |runner: &Runner| runner.run_file_observed(input, Some(observe));
    let (reference, mut result) = both(runners, run);
    if reference.report.script_error.is_some() {
        return Vec::new();
    }
    // Of a script that was cut short nothing was observed, so that there is nothing to compare.
    let is_whole = [&reference, &result].iter().all(|result| result.report.left_out.is_none());
    let found = is_whole.then(|| divergences((first, &reference), (second, &result), input, view));
    for (index, divergence) in found.into_iter().flatten() {
        if let Some(record) = result.report.directives.get_mut(index as usize) {
            record.outcome = Outcome::Diverged(Box::new(divergence));
        }
    }
    classify(&[reference.report, result.report], wasm)
}

/// Runs something on two engines at once, until the [`Deadline`] of what the calling thread does.
fn both<T: Send>([first, second]: &[Runner; 2], run: impl Fn(&Runner) -> T + Sync) -> (T, T) {
    let deadline = Deadline::current();
    thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || deadline.of(|| run(second)));
        let first = run(first);
        let second = match other {
            Ok(other) => other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => run(second),
        };
        (first, second)
    })
}

impl SameFinding {
    pub(crate) fn new(way: Way, signature: Signature, origin: Origin) -> SameFinding {
        SameFinding { way, signature, origin }
    }
}

impl Predicate for SameFinding {
    fn shows(&self, document: &Document, script: &str) -> bool {
        let input = self.origin.input(document, script);
        self.way.findings(&input, document.main_wasm()).iter().any(|finding| self.signature.is_of(finding))
    }

    fn question(&self) -> String {
        let engines: Vec<&str> = self.way.runners().iter().map(|runner| runner.engine.name()).collect();
        format!("{} on {}", self.signature, engines.join(", "))
    }

    fn globals(&self, document: &Document, exports: &[String]) -> Option<Vec<Vec<Value>>> {
        // The read of a global that is asserted to trap says what the global is.
        let reads = exports.iter().map(|name| format!("(assert_trap (get {}) \"\")", quoted(name)));
        let script = document.script() + &reads.collect::<Vec<_>>().join("\n");
        let input = self.origin.input(document, &script);
        let read = |record: &DirectiveRecord| match &record.outcome {
            Outcome::Fail(mismatch) => match &mismatch.got {
                Got::Returned(values) => match values[..] {
                    [value] => Some(value),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let on = |runner: &Runner| -> Option<Vec<Value>> {
            let report = runner.run_file(&input).report;
            report.directives.get(document.parts.len()..)?.iter().map(read).collect()
        };
        match &self.way {
            Way::One(runner) | Way::Twice(runner) | Way::Repeated(runner, _) => Some(vec![on(runner)?]),
            Way::Pair(runners) | Way::Unlike(runners) => {
                let (first, second) = both(runners, on);
                Some(vec![first?, second?])
            }
        }
    }
}

impl Origin {
    /// A candidate, as it is run.
    pub(crate) fn input(&self, document: &Document, script: &str) -> Input {
        let source = Source::Module {
            path: self.path.clone(),
            script: script.as_bytes().into(),
            wasm: document.main_wasm().map(Into::into),
        };
        Input { name: self.name.clone(), source }
    }
}
