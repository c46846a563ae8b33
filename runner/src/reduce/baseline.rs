//! What the input shows, and on which engines.

use super::document::Document;
use super::predicate::{Engines, Origin, Predicate, SameFinding, Way};
use super::signature::{Signature, says};
use super::{ReduceError, patience, uninterrupted};
use crate::compare::MakeCanonical;
use crate::discover::{Input, Selected, Source};
use crate::regress;
use crate::run::{Options, Runner};
use crate::script::Keyword;
use crate::trail::RunInfo;
use crate::triage::{Finding, Verdict, repeat, survey};
use crate::worker::Limits;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often the whole script runs on the first engine to see whether it always does the same, if nothing else is found.
const RUNS: u32 = 5;

/// What has not ended by then counts as endless, unless the input takes long before it comes to that.
const HANGS: Duration = Duration::from_secs(2);

/// What the input is run on.
pub(crate) struct Bench<'a> {
    /// The engines, of which the first is the one that others are compared with.
    pub(crate) runners: &'a [Runner],
    /// What directives may take on them.
    pub(crate) limits: Limits,
    /// Makes one of them once more, with other limits. The last argument is whether what comes behind a crash is to run. Messages
    /// follow "failed to".
    pub(crate) make: &'a dyn Fn(&str, Limits, bool) -> Result<Runner, String>,
    /// Makes the engines that differences in the bits of NaNs are judged by.
    pub(crate) canonical: &'a MakeCanonical<'a>,
}

/// The fault of the input.
pub(crate) struct Found {
    /// What triage says of it, before it looks for the code that makes a difference.
    pub(crate) finding: Finding,
    /// The engines that it takes.
    pub(crate) engines: Vec<String>,
    /// The document as far as it matters.
    pub(crate) document: Document,
    /// An engine that does not show it, if there is one.
    pub(crate) healthy: Option<String>,
    /// Whether a candidate shows it.
    pub(crate) predicate: SameFinding,
}

impl Found {
    /// Whether what is wrong is found before modules are validated.
    pub(crate) fn is_before_validation(&self) -> bool {
        matches!(self.finding.verdict, Verdict::Malformed | Verdict::Invalid)
    }

    /// A script of a document in which every call of the module is asserted to end as it does on an engine that does not show the
    /// fault, if the script is green there, and red on the engine that shows it.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(crate) fn self_checking(&self, document: &Document, runners: &[Runner]) -> Result<String, String> {
        let named = |name: &str| runners.iter().find(|runner| runner.engine.name() == name);
        let healthy = self.healthy.as_deref().and_then(named).ok_or("all engines show it")?;
        let faulty = self.engines.last().and_then(|name| named(name)).ok_or("no engine shows it")?;
        let module = document.main_module().ok_or("it is not made of a module")?;
        let joined = document.joined().script();
        let body = joined.strip_prefix(document.header()).unwrap_or(&joined);
        let text = regress::asserting(body, &module.wasm, document.header(), healthy)
            .map_err(|error| error.to_string())?;
        let input = Input { name: "reduced".into(), source: Source::Stdin(text.as_bytes().into()) };
        let is_legal = healthy.engine.name() == faulty.engine.name();
        match [healthy, faulty].map(|runner| runner.run_file(&input).report.has_red()) {
            [true, _] => Err(format!("it is not green on {}", healthy.engine.name())),
            [false, false] if !is_legal => Err(format!("no assertion is red on {}", faulty.engine.name())),
            [false, _] => Ok(text),
        }
    }
}

impl Bench<'_> {
    /// Finds the gravest fault of the input that says a text, if one is given, and how to see it again quickly. `times` is how often
    /// a candidate runs that is not to do the same every time.
    ///
    /// # Errors
    ///
    /// When there is none, or it cannot be seen again.
    pub(crate) fn find(
        &self,
        selected: &Selected,
        document: Document,
        keep: Option<&str>,
        times: Option<u32>,
    ) -> Result<Found, ReduceError> {
        let Some(input) = selected.inputs.first() else {
            return Err(ReduceError::NoFault("there is no input".to_owned()));
        };
        let origin = Origin { name: input.name.clone(), path: input.path().map(Into::into) };
        let wasm = document.main_module().map(|module| &*module.wasm);
        let options = Options {
            jobs: 1,
            max_fail: None,
            part: None,
            unavailable: Vec::new(),
            description: Arc::new(RunInfo::now(self.runners, &selected.inputs, Vec::new(), Vec::new(), None)),
        };
        let findings = survey(self.runners, input, selected, options, self.canonical, wasm)
            .map_err(|error| ReduceError::Engine(error.to_string()))?;
        uninterrupted()?;
        let says_it = |finding: &&Finding| keep.is_none_or(|text| says(finding, text));
        let is_fault = |finding: &&Finding| {
            !matches!(finding.verdict, Verdict::NoFault | Verdict::LegalDivergence) && says_it(finding)
        };
        let finding = match findings.iter().find(is_fault) {
            Some(finding) => finding.clone(),
            None => self.unstable(input, keep, findings.first())?,
        };
        let oracles = self.runners.iter().filter(|runner| runner.engine.is_oracle());
        let oracles: Vec<String> = oracles.map(|runner| runner.engine.name().to_owned()).collect();
        let first = self.runners.first().map_or("", |runner| runner.engine.name());
        let Some(engines) = Engines::of(&finding, first, &oracles) else {
            return Err(ReduceError::NoFault(finding.summary));
        };
        // Of what the specification says, every engine is a witness.
        let is_legal = matches!(finding.verdict, Verdict::SpecTrap | Verdict::UncaughtException);
        let is_healthy =
            |runner: &Runner| finding.engines.iter().all(|engine| engine != runner.engine.name());
        let healthy = self
            .runners
            .iter()
            .find(|runner| is_legal || is_healthy(runner))
            .map(|runner| runner.engine.name().to_owned());
        let names = engines.names().into_iter().map(str::to_owned).collect();
        let times = times.unwrap_or(RUNS).max(2);
        let mut limits = self.limits;
        let replays = !is_death(finding.verdict);
        let way = self.way(&engines, times, limits, replays)?;
        // Once to have workers, and once to see how long it takes with them.
        let Some(again) = again(&way, &origin, &document, &finding, keep) else {
            uninterrupted()?;
            let why = format!("{} did not come again on {}", finding.verdict, engines.names().join(", "));
            return Err(ReduceError::NoFault(why));
        };
        let begin = Instant::now();
        way.findings(&origin.input(&document, &document.script()), wasm);
        let took = begin.elapsed();
        let hangs = again.verdict == Verdict::ResourceLimit && again.cause == "time";
        limits.timeout = limits.timeout.min(match hangs {
            // What comes before it, as compiling, is to have its time.
            true => patience(took.saturating_sub(limits.timeout)).max(HANGS),
            false => patience(took),
        });
        let way = self.way(&engines, times, limits, replays)?;
        let predicate = SameFinding::new(way, Signature::of(&again, keep), origin);
        let document = narrowed(&predicate, document, again.index);
        Ok(Found { finding, engines: names, document, healthy, predicate })
    }

    /// Looks for a difference between runs of the first engine, if nothing else is there.
    fn unstable(
        &self,
        input: &Input,
        keep: Option<&str>,
        first: Option<&Finding>,
    ) -> Result<Finding, ReduceError> {
        let runner = self.runners.first();
        let unstable = runner.and_then(|runner| repeat(runner, input, RUNS));
        uninterrupted()?;
        unstable.filter(|finding| keep.is_none_or(|text| says(finding, text))).ok_or_else(|| {
            ReduceError::NoFault(match (first, keep) {
                (Some(first), Some(text)) => {
                    format!("no finding says `{text}`; the gravest is: {}: {}", first.verdict, first.summary)
                }
                (Some(first), None) => format!("{}: {}", first.verdict, first.summary),
                (None, _) => "every directive passes on every engine".to_owned(),
            })
        })
    }

    fn way(&self, engines: &Engines, times: u32, limits: Limits, replays: bool) -> Result<Way, ReduceError> {
        engines.way(times, &mut |name| (self.make)(name, limits, replays)).map_err(ReduceError::Engine)
    }
}

/// Runs a document in a way, and gives the finding that is the same as the one that the survey found.
fn again(
    way: &Way,
    origin: &Origin,
    document: &Document,
    finding: &Finding,
    keep: Option<&str>,
) -> Option<Finding> {
    let input = origin.input(document, &document.script());
    let findings = way.findings(&input, document.main_module().map(|module| &*module.wasm));
    let same =
        |other: &&Finding| other.verdict == finding.verdict && keep.is_none_or(|text| says(other, text));
    let exact = findings.iter().filter(same).find(|other| other.index == finding.index);
    exact.or_else(|| findings.iter().find(same)).cloned()
}

/// Whether a finding is about a worker that may have died. Then nothing behind it matters.
fn is_death(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::HostFault | Verdict::RuntimeFault | Verdict::CompilerFault | Verdict::ResourceLimit
    )
}

/// The document without what comes behind the directive that shows a fault, and without the other calls, as far as it shows
/// the fault without them.
fn narrowed(predicate: &SameFinding, document: Document, index: Option<u32>) -> Document {
    let Some(index) = index else { return document };
    let kept = |keeps: &dyn Fn(u32, Keyword) -> bool| {
        let gone = document.parts.iter().enumerate().filter(|(_, part)| !keeps(part.number, part.keyword));
        document.without(&gone.map(|(place, _)| place).collect::<Vec<_>>())
    };
    let is_prelude = |keyword| {
        matches!(
            keyword,
            Keyword::Module | Keyword::ModuleDefinition | Keyword::ModuleInstance | Keyword::Register
        )
    };
    let alone = kept(&|number, keyword| number == index || number < index && is_prelude(keyword));
    let until = kept(&|number, _| number <= index);
    let narrowed = [alone, until].into_iter().find(|document| predicate.shows(document, &document.script()));
    narrowed.unwrap_or(document)
}
