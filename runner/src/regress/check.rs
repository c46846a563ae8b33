//! What a regression has to show before it is kept.

use super::error::RegressError;
use super::{Engines, Request, probe};
use crate::audit::{self, Amount, Mutation};
use crate::compare;
use crate::discover::{Filter, Input, Selected};
use crate::outcome::{DirectiveRecord, Event, FileReport, Outcome, OutcomeKind};
use crate::report::one_line;
use crate::run::{self, Options, RunError, Runner};
use crate::script::{Directive, DirectiveKind, Keyword, Script, UnparsedCause};
use crate::trail::{Ending, RunInfo};
use crate::triage;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Lines of a list in a message.
const SHOWN: usize = 5;

/// What a script has shown.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) assertions: usize,
    /// Changed expectations that were seen to fail.
    pub(super) changed: u64,
    /// The engines that agree with it.
    pub(super) engines: Vec<String>,
    pub(super) disagreeing: Vec<Disagreement>,
    /// The engines of others that ended at a limit, and so say nothing of what comes after.
    pub(super) limited: Vec<Disagreement>,
    pub(super) caught: Vec<Disagreement>,
}

/// An engine on which a script is red, and the first thing that is red.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disagreement {
    /// The engine.
    pub engine: String,
    /// What is red.
    pub what: String,
}

/// How a line of the script that is checked is named.
pub(super) enum Lines<'a> {
    /// The script is there, or about to be written.
    Written,
    /// It was made of a module in this file, and is not there if it is refused.
    OfModule(&'a str),
    /// It is the script in this file, with so many lines more before the first directive.
    OfScript { file: &'a str, more: u32 },
}

impl Lines<'_> {
    fn named(&self, line: u32) -> String {
        match self {
            Lines::Written => format!("line {line}"),
            Lines::OfModule(file) => format!("line {line} of the script made of {file}"),
            Lines::OfScript { file, more } => format!("line {} of {file}", line.saturating_sub(*more)),
        }
    }
}

/// Runs a script on all engines and checks that it is a regression. `lines` is how its lines are named if it is not.
pub(super) fn check(
    text: &str,
    lines: &Lines<'_>,
    request: &Request<'_>,
    engines: &Engines<'_>,
) -> Result<Checked, RegressError> {
    let Some(reference) = engines.agreeing.first() else { return Err(RegressError::NoEngine) };
    let assertions = assertions(text)?;
    let input = Input { name: request.name.path().to_string_lossy().into(), ..probe::input(text) };
    if let Some(finding) = triage::repeat(reference, &input, request.repeat) {
        return Err(RegressError::Unstable([&[finding.summary], &finding.evidence[..]].concat().join(": ")));
    }
    let mut checked = Checked { assertions, ..Checked::default() };
    agreement(&input, lines, engines, &mut checked)?;
    if !engines.trusts_first {
        for runner in engines.canonical.iter().chain(&engines.relaxed) {
            if let Some(Disagreement { engine, what }) = red(&runner.run_file(&input).report, lines) {
                return Err(RegressError::LeftOpen { engine, what });
            }
        }
    }
    checked.changed = changes(reference, &input, lines)?;
    for (name, runner) in &engines.broken {
        match red(&runner.run_file(&input).report, &Lines::Written) {
            Some(found) => checked.caught.push(Disagreement { engine: name.clone(), ..found }),
            None => return Err(RegressError::GreenOnBroken(name.clone())),
        }
    }
    Ok(checked)
}

/// How many assertions a script has. There is at least one, and all of it parses.
fn assertions(text: &str) -> Result<usize, RegressError> {
    let script = Script::parse(text.to_owned()).map_err(|error| RegressError::Unparsed(error.to_string()))?;
    for directive in script.directives() {
        if let DirectiveKind::Unparsed(unparsed) = &directive.kind {
            let what = match &unparsed.cause {
                UnparsedCause::Syntax(refusal) | UnparsedCause::UnknownDirective(_, refusal) => {
                    refusal.to_string()
                }
                UnparsedCause::Component => "a directive about a component".to_owned(),
            };
            return Err(RegressError::Unparsed(what));
        }
    }
    fn count(directives: &[Directive]) -> usize {
        let of = |directive: &Directive| match &directive.kind {
            DirectiveKind::Thread { directives, .. } => count(directives),
            kind => usize::from(is_assertion(kind.keyword())),
        };
        directives.iter().map(of).sum()
    }
    match count(script.directives()) {
        0 => Err(RegressError::NothingAsserted(String::new())),
        count => Ok(count),
    }
}

fn is_assertion(keyword: Keyword) -> bool {
    keyword.as_str().starts_with("assert_")
}

/// Runs the script on the engines that have to agree.
fn agreement(
    input: &Input,
    lines: &Lines<'_>,
    engines: &Engines<'_>,
    checked: &mut Checked,
) -> Result<(), RegressError> {
    let runners = &engines.agreeing;
    let inputs = std::slice::from_ref(input);
    let selected = Selected {
        inputs: inputs.to_vec(),
        suites: Vec::new(),
        folders: Vec::new(),
        filter: Filter::default(),
    };
    let description = RunInfo::now(runners, inputs, Vec::new(), Vec::new(), None);
    let options = Options::whole(run::default_jobs(), Arc::new(description));
    let mut reports: Vec<FileReport> = Vec::new();
    compare::run(runners, inputs, &selected, options, &*engines.make_deterministic, &mut |event| {
        if let Event::FileFinished(report) = event {
            reports.push(report);
        }
        ControlFlow::Continue(())
    })
    .map_err(no_thread)?;
    // On what it may be red, it is there.
    let written = if engines.trusts_first { &Lines::Written } else { lines };
    for (number, report) in reports.iter().enumerate() {
        let limited = |lines| limit(report).map(|record| shown(report, record, lines));
        if number == 0
            && let Some(Disagreement { engine, what }) = red(report, lines).or_else(|| limited(lines))
        {
            return Err(RegressError::NotGreen { engine, what });
        }
        if let Some(disagreement) = red(report, written) {
            checked.disagreeing.push(disagreement);
        } else if let Some(limited) = limited(&Lines::Written).or_else(|| lacking(report)) {
            checked.limited.push(limited);
        } else {
            checked.engines.push(report.engine.to_string());
        }
    }
    if reports.len() != runners.len() {
        return Err(RegressError::NoEngine);
    }
    if checked.disagreeing.is_empty() || engines.trusts_first {
        return Ok(());
    }
    let lines = checked.disagreeing.iter().map(|Disagreement { engine, what }| format!("{engine}: {what}"));
    Err(RegressError::Disagreement(listed(lines)))
}

fn no_thread(error: RunError) -> RegressError {
    RegressError::Thread(error.to_string())
}

/// The first thing that is red. Of an engine of others, only what comes before a limit counts: a limit is not a verdict.
fn red(report: &FileReport, lines: &Lines<'_>) -> Option<Disagreement> {
    if let Some(fault) = &report.script_error {
        let what = format!("{}: {}", lines.named(fault.line), fault.message);
        return Some(Disagreement { engine: report.engine.to_string(), what });
    }
    let limit = limit(report).map(|record| record.index);
    let counts = |record: &&DirectiveRecord| limit.is_none_or(|limit| record.index < limit);
    let record = report.directives.iter().filter(counts).find(|record| report.is_red(record))?;
    Some(shown(report, record, lines))
}

/// The directive at which an engine of others was ended because it took more time or memory than it may.
fn limit(report: &FileReport) -> Option<&DirectiveRecord> {
    let is_limit = |record: &&DirectiveRecord| match &record.outcome {
        Outcome::Timeout { .. } => true,
        Outcome::Crash(info) => matches!(info.ending, Ending::Memory(_)),
        _ => false,
    };
    report.directives.iter().filter(|_| report.oracle).find(is_limit)
}

/// The first directive that an engine of others has not run, for want of what that takes.
fn lacking(report: &FileReport) -> Option<Disagreement> {
    let is_lacking = |record: &&DirectiveRecord| record.outcome.kind() == OutcomeKind::Unsupported;
    let record = report.directives.iter().filter(|_| report.oracle).find(is_lacking)?;
    Some(shown(report, record, &Lines::Written))
}

/// What became of a directive on an engine.
fn shown(report: &FileReport, record: &DirectiveRecord, lines: &Lines<'_>) -> Disagreement {
    // What engines disagree in can take several lines.
    let text = one_line(record);
    let text: Vec<&str> = text.lines().collect();
    let source = record.source().filter(|_| matches!(lines, Lines::OfModule(_)));
    let source = source.and_then(|source| source.lines().next());
    let directive = source.map_or_else(|| record.directive.to_string(), str::to_owned);
    Disagreement {
        engine: report.engine.to_string(),
        what: format!("{}, {directive}: {}", lines.named(record.line), text.join("; ")),
    }
}

/// Changes each expectation, and counts how many were seen to fail.
fn changes(reference: &Runner, input: &Input, lines: &Lines<'_>) -> Result<u64, RegressError> {
    let options = audit::Options {
        seed: 1,
        amount: Amount::All,
        line: None,
        mutations: Vec::new(),
        jobs: run::default_jobs(),
    };
    let inputs = std::slice::from_ref(input);
    let report = audit::audit(reference, inputs, &options, &mut |_, _| ControlFlow::Continue(()))
        .map_err(no_thread)?;
    if !report.is_clean() {
        let exposed = report.exposed.iter().map(|exposed| {
            let line = lines.named(exposed.line);
            format!("{line}, {}: {} ({})", exposed.directive, exposed.what, exposed.mutation)
        });
        return Err(RegressError::NotSeenRed(listed(exposed.chain(report.disturbed.iter().cloned()))));
    }
    // That a directive is lost is noticed of every one, whatever it expects.
    let is_change =
        |mutation: Mutation| mutation != Mutation::OutcomeDropped && mutation != Mutation::DirectiveDropped;
    let of_assertions = report.tallies.iter().filter(|((mutation, keyword), _)| {
        is_change(*mutation) && (is_assertion(*keyword) || *keyword == Keyword::Thread)
    });
    match of_assertions.map(|(_, tally)| tally.killed).sum() {
        0 => Err(RegressError::NothingAsserted(
            " whose expectation can be changed and seen to fail".to_owned(),
        )),
        killed => Ok(killed),
    }
}

/// Lines below a message.
pub(super) fn listed(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.collect();
    let more = lines.len().saturating_sub(SHOWN);
    let mut text: String = lines.iter().take(SHOWN).map(|line| format!("\n  {line}")).collect();
    if more > 0 {
        text.push_str(&format!("\n  and {more} more"));
    }
    text
}
