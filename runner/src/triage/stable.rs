//! Whether the same engine does the same every time.

use super::{Finding, Verdict, named};
use crate::discover::Input;
use crate::exec::Observe;
use crate::outcome::{DirectiveRecord, Outcome};
use crate::report::one_line;
use crate::run::{FileResult, Runner};
use crate::trail::{CrashInfo, StateView};

/// What is the same every time.
fn signature(result: &FileResult) -> Vec<(String, Option<String>)> {
    let text = |record: &DirectiveRecord| match &record.outcome {
        // Where code lies is another place in every process.
        Outcome::Crash(info) => {
            let CrashInfo { ending, fault } = &**info;
            let place = fault.as_ref().and_then(|fault| fault.place.as_ref());
            format!("crash: {ending:?} at {place:?}")
        }
        outcome => format!("{}: {}", outcome.kind().name(), one_line(record)),
    };
    let observed = result.observed.directives.iter().map(|observation| Some(format!("{observation:?}")));
    let observed = observed.chain(std::iter::repeat(None));
    result.report.directives.iter().map(text).zip(observed).collect()
}

/// Runs a script so many more times; how often it did, and the first run that was another.
pub(super) fn repeat(runner: &Runner, input: &Input, times: u32) -> (u32, Option<Finding>) {
    if times == 0 {
        return (0, None);
    }
    let observe = Some(Observe { view: StateView::Whole, state_after: None });
    let run = || runner.run_file_observed(input, observe);
    let first = run();
    let wanted = signature(&first);
    for number in 1..times {
        let again = run();
        let other = signature(&again);
        let differs = wanted.iter().zip(&other).position(|(left, right)| left != right);
        let differs = differs.or((wanted.len() != other.len()).then_some(wanted.len().min(other.len())));
        if let Some(index) = differs {
            let record = again.report.directives.get(index).or(first.report.directives.get(index));
            let words = |all: &[(String, Option<String>)]| all.get(index).map(|(text, _)| text.clone());
            let (left, right) = (words(&wanted).unwrap_or_default(), words(&other).unwrap_or_default());
            let evidence = match left == right {
                true => vec![format!(
                    "run {} ended as run 2 did, and left another state or other values",
                    number + 2
                )],
                false => vec![format!("run 2: {left}"), format!("run {}: {right}", number + 2)],
            };
            return (
                number + 1,
                Some(Finding {
                    verdict: Verdict::Nondeterminism,
                    layer: None,
                    summary: format!(
                        "run {} on {} was another one than run 2",
                        number + 2,
                        runner.engine.name()
                    ),
                    rule: Some(
                        "without threads, only NaN payloads, relaxed SIMD and limits are left open"
                            .to_owned(),
                    ),
                    evidence,
                    engines: vec![runner.engine.name().to_owned()],
                    directive: record.map(named),
                    cause: record.map_or_else(String::new, |record| record.directive.to_string()),
                }),
            );
        }
    }
    (times, None)
}
