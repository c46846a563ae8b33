//! What the input shows, and on which engines.

use super::document::{Document, Part};
use super::predicate::{Engines, Origin, SameFinding, Way};
use super::signature::{Signature, says};
use super::survey::{RUNS, Survey, Surveyed};
use super::{ReduceError, patience, uninterrupted};
use crate::compare::MakeDeterministic;
use crate::discover::{Input, Selected, Source};
use crate::regress;
use crate::run::Runner;
use crate::script::Keyword;
use crate::triage::{Finding, NO_END, TIME, Verdict, add_contexts};
use crate::worker::Limits;
use std::time::{Duration, Instant};

/// What has not ended by then counts as endless, unless the input takes long before it comes to that.
pub(super) const HANGS: Duration = Duration::from_secs(2);

/// A run that takes less is run once more to see how long it takes with workers that are there.
const AT_ONCE: Duration = Duration::from_secs(1);

/// What the input is run on.
pub(crate) struct Bench<'a> {
    /// The engines, of which the first is the one that others are compared with.
    pub(crate) runners: &'a [Runner],
    /// The names of those that the user has added.
    pub(crate) added: Vec<String>,
    /// What directives may take on them.
    pub(crate) limits: Limits,
    /// Makes one of them once more, with other limits. The last argument is whether what comes behind a crash is to run. Messages
    /// follow "failed to".
    pub(crate) make: &'a dyn Fn(&str, Limits, bool) -> Result<Runner, String>,
    /// Makes the engines that differences in what is left open are judged by.
    pub(crate) deterministic: &'a MakeDeterministic<'a>,
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
    /// How often it was seen before the search: in the input, and in the document.
    pub(crate) const SEEN: u32 = 2;

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
        let survey = Survey { bench: self, selected, origin: &origin, keep };
        let Surveyed { finding, document, engines: surveyed } = survey.gravest(document)?;
        let oracles = self.runners.iter().filter(|runner| runner.engine.is_oracle());
        let oracles: Vec<String> = oracles.map(|runner| runner.engine.name().to_owned()).collect();
        let first = self.runners.first().map_or("", |runner| runner.engine.name());
        let Some(engines) = Engines::of(&finding, first, &oracles) else {
            return Err(ReduceError::NoFault(finding.summary));
        };
        // Of what the specification says, every engine is a witness.
        let is_legal = matches!(finding.verdict, Verdict::SpecTrap | Verdict::UncaughtException);
        let is_healthy = |runner: &Runner| {
            let is_it = |engine: &String| engine == runner.engine.name();
            surveyed.iter().any(is_it) && !finding.engines.iter().any(is_it)
        };
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
        let again = narrowings(document, finding.index).into_iter().find_map(|narrow| {
            let begin = Instant::now();
            let again = again(&way, &origin, &narrow, &finding, keep)?;
            Some((again, narrow.document, begin.elapsed()))
        });
        let Some((again, document, mut took)) = again else {
            uninterrupted()?;
            let why = format!("{} did not come again on {}", finding.verdict, engines.names().join(", "));
            return Err(ReduceError::NoFault(why));
        };
        let signature = Signature::of(&again, keep);
        // A long run says how long it takes, although workers had to be started for it.
        if took < AT_ONCE {
            let begin = Instant::now();
            way.findings(&origin.input(&document, &document.script()), document.main_wasm());
            took = begin.elapsed();
        }
        limits.timeout = limits.timeout.min(match is_about_time(&again) {
            // What comes before it, as compiling, is to have its time.
            true => patience(took.saturating_sub(limits.timeout)).max(HANGS),
            false => patience(took),
        });
        let way = self.way(&engines, times, limits, replays)?;
        let predicate = SameFinding::new(way, signature, origin);
        let mut finding = finding;
        if let Some(wasm) = document.main_wasm() {
            add_contexts(std::slice::from_mut(&mut finding), wasm);
        }
        Ok(Found { finding, engines: names, document, healthy, predicate })
    }

    fn way(&self, engines: &Engines, times: u32, limits: Limits, replays: bool) -> Result<Way, ReduceError> {
        engines.way(times, &mut |name| (self.make)(name, limits, replays)).map_err(ReduceError::Engine)
    }
}

/// A document as far as it may matter.
struct Narrowing {
    document: Document,
    /// The place of the directive that shows the fault.
    index: Option<u32>,
    /// Whether that is all of the document.
    is_whole: bool,
}

/// Runs a document in a way, and gives the finding that is the same as the one that the survey found. All of a document may show
/// it with other words on fewer engines.
fn again(
    way: &Way,
    origin: &Origin,
    Narrowing { document, index, is_whole }: &Narrowing,
    finding: &Finding,
    keep: Option<&str>,
) -> Option<Finding> {
    let findings = way.findings(&origin.input(document, &document.script()), document.main_wasm());
    let signature = Signature::of(finding, keep);
    let same = |other: &&Finding| match is_whole {
        true => other.verdict == finding.verdict && keep.is_none_or(|text| says(other, text)),
        false => signature.is_of(other),
    };
    let exact = findings.iter().filter(same).find(|other| other.index == *index);
    exact.or_else(|| findings.iter().find(same)).cloned()
}

/// Whether it takes as long as it may to see the fault.
pub(super) fn is_about_time(finding: &Finding) -> bool {
    matches!(&*finding.cause, TIME | NO_END)
}

/// Whether a finding is about a worker that may have died. Then nothing behind it matters.
fn is_death(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::HostFault | Verdict::RuntimeFault | Verdict::CompilerFault | Verdict::ResourceLimit
    )
}

/// A document without what comes behind the directive that shows a fault, and without the other calls; then with these; then all
/// of it.
fn narrowings(document: Document, index: Option<u32>) -> Vec<Narrowing> {
    let narrow = |document: Document| {
        let last = document.parts.len().saturating_sub(1);
        Narrowing { document, index: u32::try_from(last).ok(), is_whole: false }
    };
    let mut narrowings = Vec::new();
    if let Some(index) = index {
        let behind: Vec<usize> = (index as usize + 1..document.parts.len()).collect();
        narrowings.push(narrow(alone(&document, index as usize)));
        narrowings.push(narrow(document.without(&behind)));
    }
    narrowings.push(Narrowing { document, index, is_whole: true });
    narrowings
}

/// A directive of a document with the modules before it.
pub(super) fn alone(document: &Document, place: usize) -> Document {
    let stays = |(other, part): (usize, &Part)| {
        let is_module = matches!(
            part.keyword,
            Keyword::Module | Keyword::ModuleDefinition | Keyword::ModuleInstance | Keyword::Register
        );
        other == place || other < place && is_module
    };
    let gone = document.parts.iter().enumerate().filter(|&part| !stays(part));
    document.without(&gone.map(|(place, _)| place).collect::<Vec<_>>())
}
