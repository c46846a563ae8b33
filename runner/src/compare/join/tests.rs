//! What one engine did in the midst of which the other was ended.

use super::*;
use crate::exec::Observed;
use crate::outcome::{FileReport, Outcome};
use crate::script::Pattern;
use crate::trail::{CrashInfo, Ending, Got, Signal, StateDigest, Value, Wanted};
use std::time::Duration;

fn crashed() -> Outcome {
    Outcome::Crash(Box::new(CrashInfo { ending: Ending::Signal(Signal::SEGV), fault: None }))
}

fn timed_out() -> Outcome {
    Outcome::Timeout { limit: Duration::from_secs(1) }
}

fn failed() -> Outcome {
    Outcome::fail(Wanted::Results(vec![Pattern::I32(1)]), Got::Returned(vec![Value::I32(2)]))
}

/// A script on one engine: what became of each directive, and a number for the state after it where one was observed.
fn result(steps: &[(Outcome, Option<u128>)]) -> FileResult {
    let record = |(step, index): (&(Outcome, _), u32)| DirectiveRecord {
        index,
        line: index + 1,
        col: 1,
        directive: Keyword::AssertReturn,
        content: None,
        outcome: step.0.clone(),
        details: None,
        elapsed_ns: 0,
    };
    let report = FileReport {
        directives: steps.iter().zip(0..).map(record).collect(),
        ..FileReport::new("aot".into(), "a.wast".into())
    };
    let state = |state: Option<u128>| Observation { state: state.map(StateDigest), ..Observation::default() };
    let directives = steps.iter().map(|(_, number)| state(*number)).collect();
    FileResult {
        report,
        problems: Vec::new(),
        stale: Vec::new(),
        observed: Observed { directives, state: None },
    }
}

/// The directives at which two engines differ, whichever of them all are compared with.
#[track_caller]
fn differing(left: &[(Outcome, Option<u128>)], right: &[(Outcome, Option<u128>)]) -> Vec<u32> {
    let indices = |left: &_, right: &_| -> Vec<u32> {
        join(left, right, Standard::Same).into_iter().map(|differing| differing.index).collect()
    };
    let (left, right) = (result(left), result(right));
    let found = indices(&left, &right);
    assert_eq!(found, indices(&right, &left));
    found
}

#[test]
fn what_ended_one_engine_is_no_difference_and_nor_is_what_it_left_undone() {
    for end in [crashed(), timed_out()] {
        let whole = [(Outcome::Pass, Some(1)), (Outcome::Pass, Some(2)), (Outcome::Pass, Some(3))];
        let ended = [(Outcome::Pass, Some(1)), (end.clone(), Some(1)), (failed(), Some(4))];
        assert_eq!(differing(&whole, &ended), [0; 0]);
        let unobserved = [(Outcome::Pass, Some(1)), (end, None), (failed(), None)];
        assert_eq!(differing(&whole, &unobserved), [0; 0]);
    }
}

/// The directive after which the states agree ran from states that may not have done so.
#[test]
fn what_follows_is_compared_once_the_states_agree() {
    let whole = [(Outcome::Pass, Some(1)), (Outcome::Pass, Some(3)), (Outcome::Pass, Some(4))];
    let apart = [(crashed(), Some(1)), (failed(), Some(3)), (failed(), Some(4))];
    assert_eq!(differing(&whole, &apart), [2]);
    let states = [(crashed(), Some(1)), (Outcome::Pass, Some(3)), (Outcome::Pass, Some(5))];
    assert_eq!(differing(&whole, &states), [2]);
}

#[test]
fn both_engines_ended_at_the_same_directive_go_on_alike() {
    let left = [(crashed(), None), (Outcome::Pass, Some(1)), (Outcome::Pass, Some(2))];
    let right = [(timed_out(), None), (Outcome::Pass, Some(1)), (failed(), Some(3))];
    assert_eq!(differing(&left, &right), [2]);
}
