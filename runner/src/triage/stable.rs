//! Whether the same engine does the same every time.

use super::{Finding, Verdict, named};
use crate::discover::Input;
use crate::exec::Observe;
use crate::outcome::{DirectiveRecord, Outcome};
use crate::report::one_line;
use crate::run::{FileResult, Runner};
use crate::trail::{CrashInfo, Ending, StateView};

/// What is the same every time, directive by directive; `None` from the first on at which a limit of the machine counts.
fn signature(result: &FileResult) -> Vec<Option<(String, Option<String>)>> {
    if let Some(fault) = &result.report.script_error {
        return vec![Some((fault.message.clone(), None))];
    }
    let text = |record: &DirectiveRecord| match &record.outcome {
        Outcome::Timeout { .. } => None,
        Outcome::Crash(info) if matches!(info.ending, Ending::Memory(_)) => None,
        // Where code lies is another place in every process.
        Outcome::Crash(info) => {
            let CrashInfo { ending, fault } = &**info;
            let place = fault.as_ref().and_then(|fault| fault.place.as_ref());
            Some(format!("crash: {ending:?} at {place:?}"))
        }
        outcome => Some(format!("{}: {}", outcome.kind().name(), one_line(record))),
    };
    let observed = result.observed.directives.iter().map(|observation| Some(format!("{observation:?}")));
    let observed = observed.chain(std::iter::repeat(None));
    let mut all = Vec::with_capacity(result.report.directives.len());
    for (record, observed) in result.report.directives.iter().zip(observed) {
        let said = text(record);
        let ends = said.is_none();
        all.push(said.map(|said| (said, observed)));
        if ends {
            break;
        }
    }
    all
}

/// Runs a script so many times, and finds the first run that was another one than the first.
pub(super) fn repeat(runner: &Runner, input: &Input, times: u32) -> Option<Finding> {
    let observe = Some(Observe { view: StateView::Whole, state_after: None });
    let run = || runner.run_file_observed(input, observe);
    let first = run();
    let wanted = signature(&first);
    for number in 2..=times {
        let again = run();
        let other = signature(&again);
        let known = |(left, right): &(&Option<_>, &Option<_>)| left.is_some() && right.is_some();
        let mut pairs = wanted.iter().zip(&other).take_while(known);
        let Some(index) = pairs.position(|(left, right)| left != right) else { continue };
        let record = again.report.directives.get(index).or(first.report.directives.get(index));
        let words = |all: &[Option<(String, Option<String>)>]| {
            all.get(index).cloned().flatten().map(|(text, _)| text).unwrap_or_default()
        };
        let (left, right) = (words(&wanted), words(&other));
        let evidence = match left == right {
            true => {
                vec![format!("run {number} ended as the first did, and left another state or other values")]
            }
            false => vec![format!("run 1: {left}"), format!("run {number}: {right}")],
        };
        return Some(Finding {
            verdict: Verdict::Nondeterminism,
            layer: None,
            summary: format!("run {number} on {} was another one than the first", runner.engine.name()),
            rule: Some(
                "without threads, only NaN payloads, relaxed SIMD and limits are left open".to_owned(),
            ),
            evidence,
            engines: vec![runner.engine.name().to_owned()],
            directive: record.map(named),
            index: record.map(|record| record.index),
            cause: record.map_or_else(String::new, |record| record.directive.to_string()),
        });
    }
    None
}
