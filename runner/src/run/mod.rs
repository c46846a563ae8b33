//! Runs scripts: what each one needs, what it must account for, and the stream of events.

mod description;
mod features;
mod part;
mod pool;
mod suite;

pub(crate) use suite::differences as suite_differences;

pub use features::default_features;
pub use part::{Part, RedDirectives};
pub use pool::{Options, RunError, default_jobs, run, run_with};
pub(crate) use pool::{run_each, run_keeping};

use crate::configuration::Configuration;
use crate::discover::{Filter, Header, Input, Selected, rerun_arguments};
use crate::document::DocumentError;
use crate::exec::{self, Observation, Observe, Observed, Sink};
use crate::executor::Engine;
use crate::expectations::Expectations;
use crate::outcome::{DirectiveRecord, FileReport, NotRun, Outcome, Problem, ScriptFault};
use crate::script::Script;
use crate::terms::{ReadingChoice, Terms};
use crate::trail::{Lack, Listing, State};
use crate::worker::{self, Workers};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;
use trapline_compiler::{Anatomy, Diagnosis, WasmFeatures};
use trapline_spec_tests::{FilePin, Manifest, SuiteId, content_hash};

/// Runs single scripts on one engine and applies what the manifest and the expectations say of them.
pub struct Runner {
    /// The engine.
    pub engine: Arc<dyn Engine>,
    /// What the files of the suites need.
    pub manifest: Manifest,
    /// What is known not to pass of the suites.
    pub expectations: Expectations,
    /// What files say of scripts that are of no suite.
    pub configuration: Arc<Configuration>,
    /// What the user says about how scripts are read.
    pub reading: ReadingChoice,
    /// Whether what modules print is kept for reports.
    pub shows_output: bool,
    /// Features that the user switches on or off, whatever else says so.
    pub overrides: Vec<(WasmFeatures, bool)>,
    /// The command, with its flags, before which a script's own arguments are missing: for the command that runs
    /// a script again.
    pub command: String,
    /// The processes that scripts run in; without, they run in this one.
    pub workers: Option<Workers>,
}

/// What is known of a script before it is parsed.
#[derive(Debug)]
pub struct Plan {
    /// The suite that it was taken from, and its name there. A copy elsewhere is a script like any other.
    pub identity: Option<(SuiteId, String)>,
    /// What it is run with.
    pub terms: Terms,
    /// What it needs by its header, and does not have here.
    pub(crate) lacks: Option<String>,
    /// What the manifest says of this very content.
    pub(crate) pin: Option<FilePin>,
    /// What is wrong before anything has run.
    problems: Vec<Problem>,
}

/// A script, ready to run.
#[derive(Debug)]
pub struct Prepared {
    /// What is known of it otherwise.
    pub plan: Plan,
    /// The script, or why it is none.
    pub script: Result<Script, ScriptFault>,
}

/// What running a script has given.
#[derive(Debug)]
pub(crate) struct Executed {
    /// The outcomes, or why the script is none.
    pub(crate) directives: Result<Vec<DirectiveRecord>, ScriptFault>,
    /// How many directives the script was read as.
    pub(crate) parsed: usize,
    /// What was observed.
    pub(crate) observed: Observed,
}

/// What became of one script.
#[derive(Clone, Debug)]
pub struct FileResult {
    /// The report, with the expectations applied.
    pub report: FileReport,
    /// What is red beyond single directives, whatever is expected.
    pub problems: Vec<Problem>,
    /// Expectations that are not true any more, which is red as well.
    pub stale: Vec<Problem>,
    /// What was observed, if that was asked for.
    pub observed: Observed,
}

impl Runner {
    /// Finds out what a script needs: [`default_features`] changed by the configuration, or for a file of a suite those of the
    /// suite and of its own entry in the manifest; changed by its header, changed by the user. A header that cannot be used changes nothing, and is given back.
    fn plan(&self, input: &Input, content: &[u8]) -> (Plan, Option<DocumentError>) {
        let hash = content_hash(content);
        let identity = input.suite().map(|suite| (suite, input.name.to_string()));
        let entry = identity.as_ref().and_then(|(suite, name)| {
            let suite = self.manifest.suite(*suite)?;
            Some((suite, suite.files.get(name)))
        });
        let pin = entry.and_then(|(_, pin)| pin).filter(|pin| pin.blake3 == hash).cloned();
        let mut problems = Vec::new();
        if let (Some((suite, name)), None) = (&identity, &pin)
            && suite.is_embedded()
        {
            problems.push(Problem {
                file: name.clone(),
                message: "the embedded file is not the one that the manifest pins; regenerate the manifest"
                    .to_owned(),
            });
        }
        let header = Header::parse(&String::from_utf8_lossy(content));
        let (header, fault) = match header {
            Ok(header) => (header, None),
            Err(fault) => (Header::default(), Some(fault)),
        };
        let settings = self.configuration.of(input);
        let mut features = header.apply(match &identity {
            Some((suite, name)) => features::of_suite_file(&self.manifest, *suite, name),
            None => settings.apply(default_features()),
        });
        for &(feature, on) in &self.overrides {
            features.set(feature, on);
        }
        let reading = self.reading.of(header.dialect);
        let terms = Terms { features, reading, shows_output: self.shows_output, timeout: settings.timeout };
        let lacks = header.lacks(features).or_else(|| {
            (header.canonical_nans && !self.engine.canonicalizes_nans())
                .then(|| "nan-canonicalization".to_owned())
        });
        (Plan { identity, terms, lacks, pin, problems }, fault)
    }

    /// Reads and parses a script, and finds out what it needs.
    pub fn prepare(&self, input: &Input) -> Prepared {
        let content = match input.read() {
            Ok(content) => content,
            Err(cause) => return Prepared::unreadable(cause.to_string()),
        };
        let (plan, fault) = self.plan(input, &content);
        let script = match content {
            Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Script::parse(text),
                Err(_) => Script::from_bytes(bytes.to_vec()),
            },
            Cow::Owned(bytes) => Script::from_bytes(bytes),
        };
        let script = script.map_err(|error| ScriptFault::from(&error));
        let script = script.and_then(|script| fault.map_or(Ok(script), |fault| Err(header_fault(fault))));
        Prepared { plan, script }
    }

    /// Runs a script: in a worker, or here, and then on a thread with a stack of at least
    /// [`exec::STACK_SIZE`].
    pub fn run_file(&self, input: &Input) -> FileResult {
        self.run_file_observed(input, None)
    }

    /// Runs a script like [`Runner::run_file`], and observes it if that is asked for.
    pub fn run_file_observed(&self, input: &Input, observe: Option<Observe>) -> FileResult {
        let begin = Instant::now();
        tracing::debug!(file = &*input.name, "script begins");
        let (plan, executed) = match &self.workers {
            None => self.run_here(input, observe),
            Some(workers) => self.run_in(workers, input, observe),
        };
        let mut result = self.settle(input, plan, executed);
        result.report.elapsed = begin.elapsed();
        tracing::debug!(file = &*input.name, elapsed = ?result.report.elapsed, "script has ended");
        result
    }

    fn run_here(&self, input: &Input, observe: Option<Observe>) -> (Plan, Executed) {
        let Prepared { plan, script } = self.prepare(input);
        let mut observed = Observed::default();
        let parsed = script.as_ref().map_or(0, |script| script.directives().len());
        let directives = script.map(|script| {
            let mut records = Vec::with_capacity(script.directives().len());
            let mut sink = Collecting { records: &mut records, observed: &mut observed };
            let (engine, known) = (&*self.engine, BTreeMap::new());
            if let Some(proposal) = &plan.lacks {
                exec::same_outcome(&script, &Outcome::lack(Lack::Proposal(proposal.clone())), &mut sink);
            } else {
                let terms = plan.terms;
                exec::run_script_around(engine, &script, &input.name, terms, &known, observe, &mut sink);
            }
            exec::name_contents(&script, &mut records);
            records
        });
        (plan, Executed { directives, parsed, observed })
    }

    fn run_in(&self, workers: &Workers, input: &Input, observe: Option<Observe>) -> (Plan, Executed) {
        let unread = |prepared: Prepared| {
            let directives = prepared.script.map(|_| Vec::new());
            (prepared.plan, Executed { directives, parsed: 0, observed: Observed::default() })
        };
        let content = match input.read() {
            Ok(content) => content,
            Err(cause) => return unread(Prepared::unreadable(cause.to_string())),
        };
        let (plan, fault) = self.plan(input, &content);
        if fault.is_some() {
            return unread(self.prepare(input));
        }
        if let Some(proposal) = &plan.lacks {
            let outcome = Outcome::lack(Lack::Proposal(proposal.clone()));
            let directives = worker::same_outcome(&content, &outcome);
            let parsed = directives.len();
            return (plan, Executed { directives: Ok(directives), parsed, observed: Observed::default() });
        }
        let executed = workers.run_script(&input.name, content.into_owned(), &plan, observe);
        (plan, executed)
    }

    /// Finds out whether the engine can run modules here.
    ///
    /// # Errors
    ///
    /// What is red if it cannot.
    fn check(&self) -> Result<(), Problem> {
        let checked = match &self.workers {
            Some(workers) => workers.check(),
            None => self.engine.check(),
        };
        checked.map_err(|refusal| unavailable(self.engine.name(), &refusal.message))
    }

    /// The machine code of a module, from a worker if there are workers.
    pub(crate) fn listing(&self, wasm: &[u8], features: WasmFeatures) -> Option<Listing> {
        match &self.workers {
            Some(workers) => workers.listing(wasm, features),
            None => self.engine.listing(wasm, features),
        }
    }

    /// A function of a module on its way to code, from a worker if there are workers.
    pub(crate) fn anatomy(&self, wasm: &[u8], features: WasmFeatures, function: u32) -> Option<Anatomy> {
        match &self.workers {
            Some(workers) => workers.anatomy(wasm, features, function),
            None => self.engine.anatomy(wasm, features, function),
        }
    }

    /// The first function of a module that cannot be compiled, from a worker if there are workers.
    pub(crate) fn diagnose(&self, wasm: &[u8], features: WasmFeatures) -> Option<Diagnosis> {
        match &self.workers {
            Some(workers) => workers.diagnose(wasm, features),
            None => self.engine.diagnose(wasm, features),
        }
    }

    /// Reports every directive of a script as not run. What is wrong with the script as a whole is not known, then.
    pub fn leave_out(&self, input: &Input, why: NotRun) -> FileResult {
        let Prepared { plan, script } = self.prepare(input);
        let mut report = FileReport { left_out: Some(why), ..self.empty_report(input) };
        if let Ok(script) = &script {
            exec::same_outcome(script, &Outcome::NotRun(why), &mut report.directives);
            exec::name_contents(script, &mut report.directives);
        }
        FileResult { report, problems: plan.problems, stale: Vec::new(), observed: Observed::default() }
    }

    /// Accounts for what running a script has given, and applies what is expected of it.
    fn settle(&self, input: &Input, plan: Plan, executed: Executed) -> FileResult {
        let Plan { identity, pin, mut problems, .. } = plan;
        let Executed { directives, parsed, observed } = executed;
        let mut report = self.empty_report(input);
        let parsed = match directives {
            Ok(directives) => {
                report.directives = directives;
                report.left_out = report.directives.iter().find_map(|record| match record.outcome {
                    Outcome::NotRun(why) => Some(why),
                    _ => None,
                });
                Some(parsed)
            }
            Err(fault) => {
                report.script_error = Some(fault);
                None
            }
        };
        problems.extend(accounting(parsed, pin.as_ref(), &report));
        let stale = match (&identity, &self.configuration.of(input).expectations) {
            (Some((suite, name)), _) => {
                problems.extend(suite::shortfall(&self.manifest, (*suite, name), pin.is_some(), parsed));
                self.expectations.apply(Some(*suite), name, &mut report)
            }
            (None, Some((expectations, name))) => expectations.apply(name, &mut report),
            (None, None) => Vec::new(),
        };
        FileResult { report, problems, stale, observed }
    }

    /// The report of a script of which nothing is known yet.
    pub(crate) fn empty_report(&self, input: &Input) -> FileReport {
        let opened_as = input.path().map(|path| path.to_string_lossy());
        let path = opened_as.filter(|path| *path != *input.name).map(|path| Arc::from(&*path));
        FileReport {
            oracle: self.engine.is_oracle(),
            path,
            rerun: format!("{} {}", self.command, rerun_arguments(input)).into(),
            ..FileReport::new(self.engine.name().into(), input.name.clone())
        }
    }

    /// What the suites that were selected whole must have in common with the expectations.
    fn check_whole(&self, whole: &[SuiteId], inputs: &[Input]) -> Vec<Problem> {
        let names = |suite: SuiteId| -> BTreeSet<&str> {
            inputs.iter().filter(|input| input.suite() == Some(suite)).map(|input| &*input.name).collect()
        };
        self.expectations.unmatched(whole, &self.manifest, names)
    }

    /// The files that the manifest lists for suites, that a filter takes, and that are not there.
    fn missing(&self, suites: &[SuiteId], filter: &Filter, inputs: &[Input]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for &suite in suites.iter().filter(|suite| suite.is_embedded() || !self.manifest.takes_any_revision())
        {
            let Some(pinned) = self.manifest.suite(suite) else { continue };
            let found: BTreeSet<&str> = inputs
                .iter()
                .filter(|input| input.suite() == Some(suite))
                .map(|input| &*input.name)
                .collect();
            let missing =
                pinned.files.keys().filter(|name| filter.takes(name) && !found.contains(name.as_str()));
            problems.extend(missing.map(|name| Problem {
                file: name.clone(),
                message: format!("the manifest lists this file for the suite `{suite}`, and it is not there"),
            }));
        }
        problems
    }

    /// What is wrong with a run as a whole: what suites and folders must have in common with the expectations, if they were
    /// selected whole, and the files of suites that are missing.
    pub fn check_selected(&self, selected: &Selected) -> Vec<Problem> {
        let mut problems = self.check_whole(selected.whole(), &selected.inputs);
        problems.extend(self.configuration.unmatched(selected));
        problems.extend(self.configuration.expectations().iter().flat_map(|own| own.unmatched(selected)));
        problems.extend(self.missing(&selected.suites, &selected.filter, &selected.inputs));
        problems
    }
}

/// What is red if an engine cannot run.
pub fn unavailable(engine: &str, cause: &str) -> Problem {
    Problem { file: engine.to_owned(), message: format!("this engine cannot run: {cause}") }
}

/// Takes out the engines that cannot run here, and says what is red about each. The others are to run all the same.
pub fn available(runners: Vec<Runner>) -> (Vec<Runner>, Vec<Problem>) {
    let (mut available, mut problems) = (Vec::new(), Vec::new());
    for runner in runners {
        match runner.check() {
            Ok(()) => available.push(runner),
            Err(problem) => problems.push(problem),
        }
    }
    (available, problems)
}

/// Collects what is told of directives.
struct Collecting<'a> {
    records: &'a mut Vec<DirectiveRecord>,
    observed: &'a mut Observed,
}

impl Sink for Collecting<'_> {
    fn begin(&mut self, _index: u32) {}

    fn end(&mut self, record: DirectiveRecord) {
        self.records.push(record);
    }

    fn observed(&mut self, observation: Observation, state: Option<State>) {
        self.observed.note(observation, state);
    }
}

impl Prepared {
    fn unreadable(message: String) -> Prepared {
        Prepared {
            plan: Plan {
                identity: None,
                terms: default_features().into(),
                lacks: None,
                pin: None,
                problems: Vec::new(),
            },
            script: Err(ScriptFault { line: 0, col: 0, message, expected: None }),
        }
    }
}

fn header_fault(error: DocumentError) -> ScriptFault {
    ScriptFault { line: error.line, col: error.col, message: error.message, expected: None }
}

/// Every directive must have exactly one outcome, and there must be as many as the manifest says of this content.
///
/// `parsed` is how many directives the script was read as, if it could be.
pub(crate) fn accounting(parsed: Option<usize>, pin: Option<&FilePin>, report: &FileReport) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut problem = |message: String| problems.push(Problem { file: report.file.to_string(), message });
    let in_order = (0..).zip(&report.directives).all(|(index, directive)| directive.index == index);
    if report.directives.len() != parsed.unwrap_or(0) || !in_order {
        let count = report.directives.len();
        problem(format!("{count} outcomes for {} directives", parsed.unwrap_or(0)));
    }
    match (pin.map(|pin| pin.directives), parsed) {
        (Some(Some(pinned)), Some(parsed)) if pinned as usize != parsed => {
            problem(format!("{parsed} directives, and the manifest pins {pinned}"));
        }
        (Some(None), Some(parsed)) => {
            problem(format!("{parsed} directives, and the manifest says that the file cannot be parsed"));
        }
        // Without a pin there is nothing to compare with; a script that cannot be parsed is red by itself.
        _ => {}
    }
    problems
}

#[cfg(test)]
mod tests;
