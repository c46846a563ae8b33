//! Workers that lie: what a parent can count it counts itself, and a frame that is not due is the end of the worker and of
//! nothing else.

use super::place::{Place, Run};
use serde_json::Value;

const GOOD: &str = "(module (func (export \"g\"))) (invoke \"g\")";
const SCRIPT: &str = "(module (func (export \"f\") (result i32) (i32.const 1)))
(assert_return (invoke \"f\") (i32.const 1))
  (assert_return (invoke \"f\") (i32.const 2))
(register \"m\")
";

/// The directives of `b.wast`, which runs after another script in the same worker.
fn run(hazard: &str) -> (Run, Vec<Value>) {
    let place = Place::new(&[("a.wast", GOOD), ("b.wast", SCRIPT)]);
    let arguments = ["wast", "a.wast", "b.wast", "--jobs", "1", "--timeout", "8", "--format", "json"];
    let mut command = place.command(&arguments);
    command.env("TRAPLINE_HAZARDS", hazard);
    let run = Run::of(command);
    let lines = run.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let directives = lines.filter(|line| line["type"] == "directive" && line["file"] == "b.wast").collect();
    (run, directives)
}

/// Everything but times is as without a lie.
#[track_caller]
fn is_undisturbed(hazard: &str) {
    let without_times = |directives: Vec<Value>| {
        let mut directives = directives;
        for directive in &mut directives {
            let ms = directive["ms"].take();
            assert!(ms.as_f64().is_some_and(|ms| ms < 60_000.0), "{hazard}: {ms}");
        }
        directives
    };
    let (lied, directives) = run(hazard);
    let (plain, wanted) = run("1");
    assert_eq!(without_times(directives), without_times(wanted), "{hazard}");
    assert_eq!((lied.code, plain.code), (Some(1), Some(1)));
}

/// The script says where its directives are and what they are, whatever a worker says.
#[test]
fn places_and_texts_are_those_of_the_script() {
    is_undisturbed("places@lie");
}

/// One lie costs nothing: another worker is asked.
#[test]
fn a_worker_that_lies_once_costs_nothing() {
    for lie in ["swap", "skip", "again", "timeout", "unparsed", "other", "more", "later"] {
        is_undisturbed(&format!("{lie}@lie#2"));
    }
    // A frame while the worker has nothing to do is noticed before it is given the next script.
    is_undisturbed("later@lie#1");
}

/// If every worker lies, each directive says so.
#[test]
fn workers_that_always_lie_cost_one_outcome_each() {
    for (lie, cause) in [
        ("swap", "the outcome of directive 1 where that of directive 0 was due"),
        ("skip", "only 3 outcomes"),
        ("again", "more outcomes than the 4 of the script's directives"),
        ("timeout", "an outcome that is not a worker's to give: timeout"),
        ("other", "an answer to what it was not asked"),
        ("more", "an answer to what it was not asked"),
    ] {
        let (run, directives) = run(&format!("{lie}@lie"));
        assert_eq!((run.code, directives.len()), (Some(1), 4), "{run:?}");
        for directive in directives {
            let actual = directive["actual"].as_str().expect("a cause");
            assert!(directive["outcome"] == "harness-error" && actual.contains(cause), "{lie}: {actual}");
        }
    }
}
