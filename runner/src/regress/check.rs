//! What a regression has to show before it is kept.

use super::error::RegressError;
use super::{Engines, Request, probe};
use crate::audit::{self, Amount, Mutation};
use crate::compare;
use crate::discover::{Filter, Input, Selected};
use crate::outcome::{Event, FileReport};
use crate::report::one_line;
use crate::run::{self, Options, RunError, Runner};
use crate::script::{Directive, DirectiveKind, Keyword, Script, UnparsedCause};
use crate::trail::RunInfo;
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

/// Runs a script on all engines and checks that it is a regression.
pub(super) fn check(text: &str, request: &Request<'_>, engines: &Engines) -> Result<Checked, RegressError> {
    let Some(reference) = engines.agreeing.first() else { return Err(RegressError::NoEngine) };
    let assertions = assertions(text)?;
    let input = Input { name: request.name.path().to_string_lossy().into(), ..probe::input(text) };
    if let Some(finding) = triage::repeat(reference, &input, request.repeat) {
        return Err(RegressError::Unstable([&[finding.summary], &finding.evidence[..]].concat().join(": ")));
    }
    let mut checked = Checked { assertions, ..Checked::default() };
    agreement(&input, engines, &mut checked)?;
    if !engines.trusts_first {
        for runner in engines.canonical.iter().chain(&engines.relaxed) {
            if let Some(Disagreement { engine, what }) = red(&runner.run_file(&input).report) {
                return Err(RegressError::LeftOpen { engine, what });
            }
        }
    }
    checked.changed = changes(reference, &input)?;
    for (name, runner) in &engines.broken {
        match red(&runner.run_file(&input).report) {
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
fn agreement(input: &Input, engines: &Engines, checked: &mut Checked) -> Result<(), RegressError> {
    let runners = &engines.agreeing;
    let inputs = std::slice::from_ref(input);
    let selected = Selected {
        inputs: inputs.to_vec(),
        suites: Vec::new(),
        folders: Vec::new(),
        filter: Filter::default(),
    };
    let options = Options {
        jobs: run::default_jobs(),
        max_fail: None,
        part: None,
        unavailable: Vec::new(),
        description: Arc::new(RunInfo::now(runners, inputs, Vec::new(), Vec::new(), None)),
    };
    let mut reports: Vec<FileReport> = Vec::new();
    compare::run(runners, inputs, &selected, options, &mut |event| {
        if let Event::FileFinished(report) = event {
            reports.push(report);
        }
        ControlFlow::Continue(())
    })
    .map_err(no_thread)?;
    for (number, report) in reports.iter().enumerate() {
        match red(report) {
            Some(Disagreement { engine, what }) if number == 0 => {
                return Err(RegressError::NotGreen { engine, what });
            }
            Some(disagreement) => checked.disagreeing.push(disagreement),
            None => checked.engines.push(report.engine.to_string()),
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

/// The first thing that is red.
fn red(report: &FileReport) -> Option<Disagreement> {
    let engine = report.engine.to_string();
    if let Some(fault) = &report.script_error {
        return Some(Disagreement { engine, what: format!("line {}: {}", fault.line, fault.message) });
    }
    let record = report.directives.iter().find(|record| report.is_red(record))?;
    // What engines disagree in can take several lines.
    let lines: Vec<String> = one_line(record).lines().map(str::to_owned).collect();
    let what = format!("line {}, {}: {}", record.line, record.directive, lines.join("; "));
    Some(Disagreement { engine, what })
}

/// Changes each expectation, and counts how many were seen to fail.
fn changes(reference: &Runner, input: &Input) -> Result<u64, RegressError> {
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
            format!("line {}, {}: {} ({})", exposed.line, exposed.directive, exposed.what, exposed.mutation)
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
fn listed(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.collect();
    let more = lines.len().saturating_sub(SHOWN);
    let mut text: String = lines.iter().take(SHOWN).map(|line| format!("\n  {line}")).collect();
    if more > 0 {
        text.push_str(&format!("\n  and {more} more"));
    }
    text
}
