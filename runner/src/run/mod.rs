//! Runs scripts: what each one needs, what it must account for, and the stream of events.

mod description;
mod pool;

pub(crate) use pool::run_each;
pub use pool::{Options, RunError, default_jobs, run, run_with};

use crate::discover::{Header, Input, rerun_arguments};
use crate::engine::Engine;
use crate::exec::{self, Observation, Observe, Observed, Sink};
use crate::expectations::Expectations;
use crate::outcome::{DirectiveRecord, FileReport, NotRun, Outcome, Problem, ScriptFault};
use crate::script::Script;
use crate::worker::Workers;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use trapline_compiler::{WasmFeatures, features_by_name};
use trapline_runtime::digest::Snapshot;
use trapline_spec_tests::{FilePin, Manifest, ManifestError, SuiteId, content_hash};

/// Runs single scripts on one engine and applies what the manifest and the expectations say of them.
pub struct Runner {
    /// The engine.
    pub engine: Arc<dyn Engine>,
    /// What the files of the suites need.
    pub manifest: Manifest,
    /// What is known not to pass.
    pub expectations: Expectations,
    /// Features that the user switches on or off, whatever else says so.
    pub overrides: Vec<(WasmFeatures, bool)>,
    /// The command, with its flags, before which a script's own arguments are missing: for the command that runs
    /// a script again.
    pub command: String,
    /// The processes that scripts run in; without, they run in this one.
    pub workers: Option<Workers>,
}

/// A script, ready to run.
pub struct Prepared {
    /// The suite that the content belongs to and its name there, wherever the file was found.
    pub identity: Option<(SuiteId, String)>,
    /// The features that its modules are compiled with.
    pub features: WasmFeatures,
    /// The script, or why it is none.
    pub script: Result<Script, ScriptFault>,
    /// What the manifest says of this very content.
    pub(crate) pin: Option<FilePin>,
    /// What is wrong before anything has run.
    problems: Vec<Problem>,
}

/// What became of one script.
#[derive(Clone, Debug)]
pub struct FileResult {
    /// The report, with the expectations applied.
    pub report: FileReport,
    /// What is red beyond single directives.
    pub problems: Vec<Problem>,
    /// What was observed, if that was asked for.
    pub observed: Observed,
}

/// Features that belong to every edition: floating-point numbers, and references to collected objects wherever some
/// feature brings such types.
const ALWAYS: WasmFeatures = WasmFeatures::FLOATS.union(WasmFeatures::GC_TYPES);

impl Runner {
    /// Reads and parses a script and finds out what it needs: the features of its suite and of its own entry in the
    /// manifest, changed by its header, changed by the user. A file outside the suites has those of the official
    /// suite, which are WebAssembly's newest edition.
    pub fn prepare(&self, input: &Input) -> Prepared {
        let content = match input.read() {
            Ok(content) => content,
            Err(cause) => return Prepared::faulty(0, 0, cause.to_string()),
        };
        let hash = content_hash(&content);
        let identity = match (input.suite(), self.manifest.by_content(&hash)) {
            (Some(suite), _) => Some((suite, input.name.to_string())),
            (None, Some((suite, name))) => Some((suite.id, name.to_owned())),
            (None, None) => None,
        };
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
        let (script, header) = match parse(content) {
            Ok((script, header)) => (Ok(script), header),
            Err(fault) => (Err(fault), Header::default()),
        };
        let (suite, name) = match &identity {
            Some((suite, name)) => (*suite, name.as_str()),
            None => (SuiteId::Testsuite, ""),
        };
        let mut features = header.apply(features_of(&self.manifest, suite, name));
        for &(feature, on) in &self.overrides {
            features.set(feature, on);
        }
        Prepared { identity, features, script, pin, problems }
    }

    /// Runs a script: in a worker, or here, and then on a thread with a stack of at least
    /// [`exec::STACK_SIZE`].
    pub fn run_file(&self, input: &Input) -> FileResult {
        self.run_file_observed(input, None)
    }

    /// Runs a script like [`Runner::run_file`], and observes it if that is asked for.
    pub fn run_file_observed(&self, input: &Input, observe: Option<Observe>) -> FileResult {
        if let Some(workers) = &self.workers {
            return workers.run_file(self, input, observe);
        }
        self.run_file_around(input, &BTreeMap::new(), observe, &mut |_| {})
    }

    /// Runs a script in this process, but for directives whose outcome is already known. `begin` is told the
    /// ordinal of each directive before it runs.
    pub fn run_file_around(
        &self,
        input: &Input,
        known: &BTreeMap<u32, Outcome>,
        observe: Option<Observe>,
        begin: &mut dyn FnMut(u32),
    ) -> FileResult {
        let mut observed = Observed::default();
        let mut result = self.settle(input, |script, features, reports| {
            let mut sink = Announcing { begin, reports, observed: &mut observed };
            exec::run_script_around(&*self.engine, script, &input.name, features, known, observe, &mut sink);
        });
        result.observed = observed;
        result
    }

    /// Reports every directive of a script as not run.
    pub fn leave_out(&self, input: &Input, why: NotRun) -> FileResult {
        let prepared = self.prepare(input);
        let mut report = self.empty_report(input);
        match &prepared.script {
            Ok(script) => {
                exec::same_outcome(script, &Outcome::NotRun(why), &mut report.directives);
            }
            Err(fault) => {
                let listed = prepared.identity.as_ref();
                let proposal = listed.and_then(|(suite, name)| self.expectations.proposal_of(*suite, name));
                report.script_error =
                    Some(ScriptFault { expected: proposal.map(|p| p.to_string()), ..fault.clone() });
            }
        }
        FileResult { report, problems: prepared.problems, observed: Observed::default() }
    }

    fn settle(
        &self,
        input: &Input,
        execute: impl FnOnce(&Script, WasmFeatures, &mut Vec<DirectiveRecord>),
    ) -> FileResult {
        let begin = Instant::now();
        tracing::debug!(file = &*input.name, "script begins");
        let Prepared { identity, features, script, pin, mut problems } = self.prepare(input);
        let mut report = self.empty_report(input);
        match &script {
            Ok(script) => execute(script, features, &mut report.directives),
            Err(fault) => report.script_error = Some(fault.clone()),
        }
        let script = script.as_ref().ok();
        problems.extend(accounting(script.map(|script| script.directives().len()), pin.as_ref(), &report));
        if let Some((suite, name)) = &identity {
            problems.extend(self.expectations.apply(*suite, name, script, &mut report));
        }
        report.elapsed = begin.elapsed();
        tracing::debug!(file = &*input.name, elapsed = ?report.elapsed, "script has ended");
        FileResult { report, problems, observed: Observed::default() }
    }

    /// The report of a script of which nothing is known yet.
    pub(crate) fn empty_report(&self, input: &Input) -> FileReport {
        let opened_as = input.path().map(|path| path.to_string_lossy());
        let path = opened_as.filter(|path| *path != *input.name).map(|path| Arc::from(&*path));
        FileReport {
            engine: self.engine.name().into(),
            file: input.name.clone(),
            path,
            rerun: format!("{} {}", self.command, rerun_arguments(input)).into(),
            directives: Vec::new(),
            script_error: None,
            proposal: None,
            known: BTreeMap::new(),
            elapsed: Duration::ZERO,
            lost: Default::default(),
        }
    }

    /// What the suites that were selected whole must have in common with the manifest and the expectations.
    pub fn check_whole(&self, whole: &[SuiteId], inputs: &[Input]) -> Vec<Problem> {
        let names = |suite: SuiteId| -> BTreeSet<&str> {
            inputs.iter().filter(|input| input.suite() == Some(suite)).map(|input| &*input.name).collect()
        };
        let mut problems = self.expectations.unmatched(whole, &self.manifest, names);
        for &suite in whole {
            let Some(pinned) = self.manifest.suite(suite) else { continue };
            let names = names(suite);
            let missing: Vec<_> = pinned.files.keys().filter(|name| !names.contains(name.as_str())).collect();
            // A checkout of another revision may well have other files.
            if missing.is_empty() || !suite.is_embedded() && !self.is_pinned_revision(suite, inputs) {
                continue;
            }
            problems.extend(missing.into_iter().map(|name| Problem {
                file: name.clone(),
                message: format!("the manifest lists this file for the suite `{suite}`, and it is not there"),
            }));
        }
        problems
    }

    /// Whether every file of a suite is as the manifest pins it.
    fn is_pinned_revision(&self, suite: SuiteId, inputs: &[Input]) -> bool {
        let Some(pinned) = self.manifest.suite(suite) else { return false };
        inputs.iter().filter(|input| input.suite() == Some(suite)).all(|input| {
            let pin = pinned.files.get(&*input.name);
            pin.is_some_and(|pin| input.read().is_ok_and(|content| content_hash(&content) == pin.blake3))
        })
    }
}

/// Tells of each directive before it runs.
struct Announcing<'a> {
    begin: &'a mut dyn FnMut(u32),
    reports: &'a mut Vec<DirectiveRecord>,
    observed: &'a mut Observed,
}

impl Sink for Announcing<'_> {
    fn begin(&mut self, index: u32) {
        (self.begin)(index);
    }

    fn end(&mut self, record: DirectiveRecord) {
        self.reports.push(record);
    }

    fn observed(&mut self, observation: Observation, snapshot: Option<Snapshot>) {
        self.observed.directives.push(observation);
        if snapshot.is_some() {
            self.observed.snapshot = snapshot;
        }
    }
}

fn features_of(manifest: &Manifest, suite: SuiteId, file: &str) -> WasmFeatures {
    let names = manifest.suite(suite).map(|suite| suite.features_of(file)).unwrap_or_default();
    names.into_iter().filter_map(features_by_name).fold(ALWAYS, WasmFeatures::union)
}

/// The features of WebAssembly's newest edition, as the manifest has them for the official suite: those of a module
/// that comes from nowhere in particular.
///
/// # Errors
///
/// If the manifest that this program was built with cannot be read.
pub fn newest_features() -> Result<WasmFeatures, ManifestError> {
    Ok(features_of(&Manifest::bundled()?, SuiteId::Testsuite, ""))
}

impl Prepared {
    fn faulty(line: u32, col: u32, message: String) -> Prepared {
        Prepared {
            identity: None,
            features: ALWAYS,
            script: Err(ScriptFault { line, col, message, expected: None }),
            pin: None,
            problems: Vec::new(),
        }
    }
}

fn parse(content: Cow<'static, [u8]>) -> Result<(Script, Header), ScriptFault> {
    let script = match content {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Script::parse(text),
            Err(_) => Script::from_bytes(bytes.to_vec()),
        },
        Cow::Owned(bytes) => Script::from_bytes(bytes),
    };
    let script = script.map_err(|error| ScriptFault::from(&error))?;
    let header = Header::parse(script.text()).map_err(|error| ScriptFault {
        line: error.line,
        col: error.col,
        message: error.message,
        expected: None,
    })?;
    Ok((script, header))
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
