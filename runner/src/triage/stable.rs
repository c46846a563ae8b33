//! Whether the same engine does the same every time.

use super::{Finding, Verdict, named};
use crate::discover::Input;
use crate::exec::{Observation, Observe};
use crate::outcome::{DirectiveRecord, Outcome};
use crate::report::one_line;
use crate::run::{FileResult, Runner};
use crate::trail::{CrashInfo, Ending, StateView};

/// Whether two runs of a directive were the same; `None` if a limit of the machine counts.
fn same(
    left: (&DirectiveRecord, Option<&Observation>),
    right: (&DirectiveRecord, Option<&Observation>),
) -> Option<bool> {
    let ((left, seen), (right, seen_again)) = (left, right);
    let is_limit = |outcome: &Outcome| match outcome {
        Outcome::Timeout { .. } | Outcome::NotRun(_) => true,
        Outcome::Crash(info) => matches!(info.ending, Ending::Memory(_)),
        _ => false,
    };
    if is_limit(&left.outcome) || is_limit(&right.outcome) {
        return None;
    }
    let outcomes = match (&left.outcome, &right.outcome) {
        // Where code lies is another place in every process.
        (Outcome::Crash(left), Outcome::Crash(right)) => {
            let place = |info: &CrashInfo| {
                info.fault.as_ref().map(|fault| (fault.place.clone(), fault.caller.clone()))
            };
            left.ending == right.ending && place(left) == place(right)
        }
        (left, right) => left == right,
    };
    Some(
        outcomes
            && left.trap() == right.trap()
            && left.exception() == right.exception()
            && seen == seen_again,
    )
}

/// The first directive at which two runs of a script were not the same.
fn difference(left: &FileResult, right: &FileResult) -> Option<usize> {
    fn at(result: &FileResult, index: usize) -> Option<(&DirectiveRecord, Option<&Observation>)> {
        Some((result.report.directives.get(index)?, result.observed.directives.get(index)))
    }
    if left.report.script_error != right.report.script_error {
        return Some(0);
    }
    for index in 0..left.report.directives.len().max(right.report.directives.len()) {
        let (Some(left), Some(right)) = (at(left, index), at(right, index)) else { return Some(index) };
        // What comes after a limit cannot be compared.
        if !same(left, right)? {
            return Some(index);
        }
    }
    None
}

/// Runs a script so many times, and finds the first run that was another one than the first.
pub(crate) fn repeat(runner: &Runner, input: &Input, times: u32) -> Option<Finding> {
    let observe = Some(Observe { view: StateView::Whole, state_after: None, compiles_twice: false });
    let run = || runner.run_file_observed(input, observe);
    let first = run();
    for number in 2..=times {
        let again = run();
        let Some(index) = difference(&first, &again) else { continue };
        let records = [&first, &again].map(|result| result.report.directives.get(index));
        let [left, right] = records.map(|record| record.map_or_else(String::new, said));
        let evidence = match left == right {
            true => {
                vec![format!("run {number} ended as the first did, and left another state or other values")]
            }
            false => vec![format!("run 1: {left}"), format!("run {number}: {right}")],
        };
        let record = records.into_iter().flatten().next();
        return Some(Finding {
            summary: format!("run {number} on {} was another one than the first", runner.engine.name()),
            rule: Some(
                "without threads, only NaN payloads, relaxed SIMD and limits are left open".to_owned(),
            ),
            evidence,
            engines: vec![runner.engine.name().to_owned()],
            directive: record.map(named),
            index: record.map(|record| record.index),
            cause: record.map_or_else(String::new, |record| record.directive.to_string()),
            ..Finding::new(Verdict::Nondeterminism, None)
        });
    }
    None
}

fn said(record: &DirectiveRecord) -> String {
    format!("{}: {}", record.outcome.kind().name(), one_line(record))
}
