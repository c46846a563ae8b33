//! Triage: what a module or a script that does something unexpected shows. Is it the module, the compiler, the runtime, or the
//! specification that says no?
//!
//! The script, or the script that is made of a module, runs on every engine and variant, in workers, and repeatedly on the
//! first. Everything that is not as it should be is a [`Finding`]; the gravest one decides the [`Verdict`]. Nothing is judged by
//! the words of a report: findings are made of the typed trail.

mod bisect;
mod bucket;
mod classify;
mod instruction;
mod modules;
mod object;
mod patience;
mod rules;
mod section;
mod shape;
mod side_by_side;
mod stable;
mod verdict;

pub use bisect::{Bench, Blame, Culprit, Haste, Sides, Step};
pub(crate) use classify::{COMPONENT, NO_END, TIME, classify};
pub use object::refused_object;
pub(crate) use shape::{Reached, add_contexts};
pub use side_by_side::{SideBySide, about_the_difference, side_by_side};
pub(crate) use stable::repeat;
pub use verdict::{Severity, Verdict};

use crate::compare::{self, MakeDeterministic};
use crate::discover::{Input, Selected};
use crate::outcome::{DirectiveRecord, Event, FileReport, OutcomeKind};
use crate::report::one_line;
use crate::run::{Options, RunError, Runner};
use crate::trail::Layer;
use modules::modules;
use patience::{Shortened, shorten};
use std::ops::ControlFlow;
use trapline_compiler::{Diagnosis, Stage};

/// Something that a module or a script has shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What it is.
    pub verdict: Verdict,
    /// The layer that it comes from, if it can be said.
    pub layer: Option<Layer>,
    /// What it is, in one line.
    pub summary: String,
    /// The rule of the specification, or of trapline, that decides.
    pub rule: Option<String>,
    /// What shows it, a line each.
    pub evidence: Vec<String>,
    /// The engines that show it.
    pub engines: Vec<String>,
    /// The line of the script, and the directive.
    pub directive: Option<(u32, String)>,
    /// The ordinal of the directive, from 0.
    pub index: Option<u32>,
    /// What is the same for the same cause in other modules, also in a smaller one that shows it.
    pub cause: String,
    /// What else tells the cause from others: shapes of functions. It may be empty.
    pub context: String,
    /// What the context is made of.
    pub(crate) reached: Reached,
}

/// What triage has found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Triage {
    /// The findings, the gravest first. There is at least one, which may be that there is nothing.
    pub findings: Vec<Finding>,
    /// The engines and variants, the one first that the others were compared with.
    pub engines: Vec<String>,
    /// Directives of the script.
    pub directives: usize,
    /// How often the script ran on the first engine.
    pub runs: u32,
    /// Calls that were left out, and what engines of others have not run, a line each.
    pub left_out: Vec<String>,
    /// What makes the difference, if the finding that decides is about engines of trapline that do not agree.
    pub blame: Option<Box<Blame>>,
    /// What cannot be compiled, if that decides and a function is to blame.
    pub diagnosis: Option<Box<Diagnosis>>,
}

impl Finding {
    /// A finding of which nothing else is known.
    fn new(verdict: Verdict, layer: Option<Layer>) -> Finding {
        Finding {
            verdict,
            layer,
            summary: String::new(),
            rule: None,
            evidence: Vec::new(),
            engines: Vec::new(),
            directive: None,
            index: None,
            cause: String::new(),
            context: String::new(),
            reached: Reached::Nothing,
        }
    }

    /// A stable name of its cause: equal for the same cause in modules that are shuffled, renamed or padded.
    pub fn bucket(&self) -> String {
        bucket::id(self.verdict, &self.cause, &self.context)
    }
}

impl Triage {
    /// What is found before anything runs.
    pub fn of(finding: Finding) -> Triage {
        Triage {
            findings: vec![finding],
            engines: Vec::new(),
            directives: 0,
            runs: 0,
            left_out: Vec::new(),
            blame: None,
            diagnosis: None,
        }
    }

    /// The finding that decides.
    pub fn first(&self) -> &Finding {
        // There is one.
        &self.findings[0]
    }
}

/// Runs a script on the engines of a bench, the first of which is trapline's own, and says what it shows. On the first engine it
/// runs `runs` times. `wasm` is the binary of the module, if the script was made of one. If engines of trapline disagree, the
/// script runs many times more, to find the code that makes the difference.
///
/// # Errors
///
/// When no thread can be started.
pub fn triage(
    bench: &Bench<'_>,
    input: &Input,
    selected: &Selected,
    options: Options,
    runs: u32,
    wasm: Option<&[u8]>,
) -> Result<Triage, RunError> {
    (bench.tell)(Step::Trying);
    let Shortened { input, is_slow, notes } = shorten(bench, input);
    let input = &input;
    let (reports, haste) = on_all(bench, input, selected, options, is_slow)?;
    let lacking: Vec<String> = reports.iter().filter_map(lacks).collect();
    let mut findings = classify(&reports, wasm);
    if let Some(runner) = bench.runners.first().filter(|_| runs > 1) {
        (bench.tell)(Step::Repeating(runs));
        // What has had all of its time and does not end need not have it each time.
        let hasty = haste.and_then(|haste| bench.within(runner, Some(haste)));
        findings.extend(repeat(hasty.as_ref().unwrap_or(runner), input, runs));
    }
    if findings.is_empty() {
        findings.push(Finding {
            summary: match lacking.is_empty() {
                true => "every directive passes on every engine".to_owned(),
                false => "every directive passes on every engine that has what it needs".to_owned(),
            },
            cause: "none".to_owned(),
            ..Finding::new(Verdict::NoFault, None)
        });
    }
    sort(&mut findings, wasm);
    (bench.tell)(Step::Searching);
    let blame = blame(bench, input, &findings[0], &reports);
    if let Some(layer) = blame.as_ref().and_then(|blame| blame.elsewhere) {
        // It comes from no code of a function.
        if findings[0].verdict == Verdict::Miscompile {
            (findings[0].verdict, findings[0].layer) = (Verdict::RuntimeFault, Some(layer));
        }
    }
    let diagnosis = diagnosis(bench, input, &findings[0]);
    if let Some(diagnosis) = &diagnosis {
        // A panic does not say in which part of the compiler it was.
        findings[0].layer = Some(match diagnosis.stage {
            Stage::Translate => Layer::Translate,
            Stage::Verify | Stage::Optimize | Stage::Generate => Layer::Codegen,
        });
    }
    Ok(Triage {
        blame: blame.map(Box::new),
        diagnosis: diagnosis.map(Box::new),
        findings,
        engines: reports.iter().map(|report| report.engine.to_string()).collect(),
        directives: reports.first().map_or(0, |report| report.directives.len()),
        runs,
        left_out: [notes, lacking].concat(),
    })
}

/// Everything that a script shows on engines that are compared with the first, the gravest first.
///
/// # Errors
///
/// When no thread can be started.
pub(crate) fn survey(
    runners: &[Runner],
    input: &Input,
    selected: &Selected,
    options: Options,
    deterministic: &MakeDeterministic<'_>,
    wasm: Option<&[u8]>,
) -> Result<Vec<Finding>, RunError> {
    let reports = reports(runners, input, selected, options, deterministic, &|_, _| {})?;
    let mut findings = classify(&reports, wasm);
    sort(&mut findings, wasm);
    Ok(findings)
}

/// The reports of a script on engines that are compared with the first. `begins` is told each engine, counted from 1.
fn reports(
    runners: &[Runner],
    input: &Input,
    selected: &Selected,
    options: Options,
    deterministic: &MakeDeterministic<'_>,
    begins: &dyn Fn(&str, usize),
) -> Result<Vec<FileReport>, RunError> {
    let mut reports: Vec<FileReport> = Vec::new();
    compare::run(runners, std::slice::from_ref(input), selected, options, deterministic, &mut |event| {
        match event {
            Event::FileStarted { engine, .. } => begins(&engine, reports.len() + 1),
            Event::FileFinished(report) => reports.push(report),
            _ => {}
        }
        ControlFlow::Continue(())
    })?;
    Ok(reports)
}

/// Sorts findings, the gravest first, once their contexts are known. `wasm` is the module, if the script was made of one.
fn sort(findings: &mut [Finding], wasm: Option<&[u8]>) {
    if let Some(wasm) = wasm {
        add_contexts(findings, wasm);
    }
    // What comes first in the script comes first among equals. But in which order a module exports functions is no part of why
    // they trap.
    let order = |finding: &Finding| {
        let traps = matches!(finding.verdict, Verdict::SpecTrap | Verdict::UncaughtException);
        let bucket = (wasm.is_some() && traps).then(|| finding.bucket());
        (finding.verdict, bucket, finding.directive.as_ref().map(|(line, _)| *line))
    };
    findings.sort_by_cached_key(order);
}

/// What makes engines of trapline disagree, if a finding is about that.
fn blame(bench: &Bench<'_>, input: &Input, finding: &Finding, reports: &[FileReport]) -> Option<Blame> {
    if !matches!(finding.verdict, Verdict::Miscompile | Verdict::HostFault) {
        return None;
    }
    let first = bench.runners.first()?.engine.name();
    if finding.engines.iter().any(|engine| engine == first) {
        return None;
    }
    let engine = finding.engines.first()?;
    let (left, right) = (bench.variant(first)?, bench.variant(engine)?);
    let index = finding.index?;
    // Each run would take all its time.
    let report = reports.iter().find(|report| *report.engine == **engine)?;
    if report.directives.get(index as usize)?.outcome.kind() == OutcomeKind::Timeout {
        let why = "it is not looked for: each run would take all of its time";
        return Some(Blame::new(left.spec().name, right.spec().name).concluding(why.to_owned()));
    }
    let oracles = reports.iter().filter(|report| report.oracle);
    let oracles = oracles.filter_map(|report| agreement(report, index, first)).collect();
    Some(Blame { oracles, ..bisect::blame(bench, input, index, left, right) })
}

/// Whether an engine of others does at a directive what trapline's first engine does.
fn agreement(report: &FileReport, index: u32, first: &str) -> Option<String> {
    let engine = &report.engine;
    match report.directives.get(index as usize)?.outcome.kind() {
        OutcomeKind::Diverged => Some(format!("{engine} does not do what {first} does either")),
        OutcomeKind::Pass | OutcomeKind::Fail => Some(format!("{engine} does what {first} does")),
        OutcomeKind::Unsupported
        | OutcomeKind::Blocked
        | OutcomeKind::Crash
        | OutcomeKind::Timeout
        | OutcomeKind::HarnessError
        | OutcomeKind::NotRun => None,
    }
}

/// What a compiler fails at, if a finding is about that: the module of the directive is compiled function by function.
fn diagnosis(bench: &Bench<'_>, input: &Input, finding: &Finding) -> Option<Diagnosis> {
    if finding.verdict != Verdict::CompilerFault {
        return None;
    }
    let engine = finding.engines.first()?;
    let runner = bench.runners.iter().find(|runner| runner.engine.name() == engine)?;
    let modules = modules(runner, input, finding.index?);
    let module = modules.last()?;
    runner.diagnose(&module.wasm, module.features)
}

/// The reports of a script on all engines. If something does not end on the first, the others run it in haste, but for one that
/// compiles in another way; what ends on the first then, and not elsewhere, has all of its time there, too.
fn on_all(
    bench: &Bench<'_>,
    input: &Input,
    selected: &Selected,
    options: Options,
    is_slow: bool,
) -> Result<(Vec<FileReport>, Option<Haste>), RunError> {
    let deterministic = |runner: &Runner, relaxed| bench.deterministic(runner, relaxed);
    let count = bench.runners.len();
    let begins = |engine: &str, number| (bench.tell)(Step::Engine(engine, number, count));
    let run =
        |runners: &[Runner]| reports(runners, input, selected, options.clone(), &deterministic, &begins);
    let mut first = if is_slow { run(&bench.runners[..1])? } else { Vec::new() };
    let Some(haste) = first.first().and_then(patience::haste) else { return Ok((run(bench.runners)?, None)) };
    let profile = bench.first().engine.profile();
    let patient = bench.runners.iter().position(|runner| runner.engine.profile() != profile);
    let again = |numbers: &mut dyn Iterator<Item = (usize, Option<Haste>)>| {
        numbers.map(|(number, haste)| bench.within(&bench.runners[number], haste)).collect::<Option<Vec<_>>>()
    };
    let hasty = (0..count).map(|number| (number, Some(haste).filter(|_| patient != Some(number))));
    let Some(hasty) = again(&mut hasty.into_iter()) else { return Ok((run(bench.runners)?, Some(haste))) };
    let mut reports = run(&hasty)?;
    // The others were compared with the first in haste, which has to have gone as far.
    if reports.first().zip(first.first()).is_none_or(|(hasty, first)| is_late(hasty, first)) {
        return Ok((run(bench.runners)?, Some(haste)));
    }
    for (report, first) in reports.iter_mut().zip(first.drain(..)) {
        *report = first;
    }
    let late = late(&reports);
    if late.is_empty() {
        return Ok((reports, Some(haste)));
    }
    let Some(patient) = again(&mut [0].iter().chain(&late).map(|&number| (number, None))) else {
        return Ok((run(bench.runners)?, Some(haste)));
    };
    for (number, report) in late.into_iter().zip(run(&patient)?.into_iter().skip(1)) {
        reports[number] = report;
    }
    Ok((reports, Some(haste)))
}

/// The places of the reports in which a directive takes more time than it may that ends on the first engine.
fn late(reports: &[FileReport]) -> Vec<usize> {
    let Some(first) = reports.first() else { return Vec::new() };
    (1..reports.len()).filter(|&number| is_late(&reports[number], first)).collect()
}

/// Whether a directive takes more time than it may that does not in another report.
fn is_late(report: &FileReport, other: &FileReport) -> bool {
    let mut both = report.directives.iter().zip(&other.directives);
    both.any(|(here, there)| is_timeout(here) && !is_timeout(there))
}

fn is_timeout(record: &DirectiveRecord) -> bool {
    record.outcome.kind() == OutcomeKind::Timeout
}

/// What an engine of others has not run, for want of what that takes.
fn lacks(report: &FileReport) -> Option<String> {
    let count = |wanted: OutcomeKind| {
        report.directives.iter().filter(|record| record.outcome.kind() == wanted).count()
    };
    let is_lacking = |record: &&DirectiveRecord| record.outcome.kind() == OutcomeKind::Unsupported;
    let first = report.directives.iter().filter(|_| report.oracle).find(is_lacking)?;
    // What needs it is blocked.
    let lost = count(OutcomeKind::Unsupported) + count(OutcomeKind::Blocked);
    let of = report.directives.len();
    Some(format!("{} for {lost} of {of} directives: {}", report.engine, one_line(first)))
}

/// The line and the keyword of a directive.
fn named(record: &DirectiveRecord) -> (u32, String) {
    (record.line, record.directive.to_string())
}

#[cfg(test)]
mod tests;
