//! What confines workers, and what a run says of it. Nothing here depends on what the system has: where a measure is not in
//! force, `trapline sandbox` has to say so.

use super::place::Place;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use trapline_sandbox::Measure;
use trapline_sandbox::attempt::{self, Attempted};

const SCRIPT: &str = "(module (func (export \"f\")))\n(assert_return (invoke \"f\"))";

/// The measures that are not in force here, with the cause, as the program says.
fn missing(place: &Place, engine: &str) -> BTreeMap<String, String> {
    let run = place.run(&["sandbox", "--engine", engine]);
    let mut missing = BTreeMap::new();
    let names: Vec<_> = run.out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, Measure::ALL.map(Measure::name), "{run:?}");
    for line in run.out.lines() {
        let (name, state) = line.split_once(' ').expect("a name and a state");
        if let Some(cause) = state.trim_start().strip_prefix("not in force: ") {
            assert!(!cause.is_empty());
            missing.insert(name.to_owned(), cause.to_owned());
        } else {
            assert_eq!(state.trim_start(), "in force");
        }
    }
    run.expect(i32::from(!missing.is_empty()), &[]);
    missing
}

#[test]
fn workers_cannot_take_the_actions() {
    let place = Place::empty();
    let missing = missing(&place, "aot");
    for attempt in attempt::all() {
        let in_force = attempt.refused_by.iter().filter(|(measure, _)| !missing.contains_key(measure.name()));
        let refusals: Vec<_> = in_force.map(|(_, refusal)| refusal.number()).collect();
        let run = place.run(&["sandbox", "--attempt", attempt.name]);
        let is_refused = refusals
            .iter()
            .any(|&number| run.out == format!("{}: {}\n", attempt.action, Attempted::Failed(number)));
        assert!(is_refused && run.code == Some(0) || refusals.is_empty(), "{}: {run:?}", attempt.name);
    }
    place.run(&["sandbox", "--attempt", "nothing"]).expect(2, &["failed to find an action called nothing"]);
}

/// A worker that links starts the linker before it is confined, and is confined like any other.
#[test]
fn workers_that_link_cannot_take_them_either() {
    let place = Place::empty();
    let missing = missing(&place, "linked");
    for name in ["start-process", "start-program", "read-file", "write-file", "signal-parent", "connect-tcp"]
    {
        let run = place.run(&["sandbox", "--engine", "linked", "--attempt", name]);
        assert!(
            run.out.contains(" not permitted") || run.out.contains(" denied") || !missing.is_empty(),
            "{run:?}"
        );
    }
}

/// A run says what is not in force, and nothing where all is.
#[test]
fn a_run_says_what_is_not_in_force() {
    let place = Place::new(&[("a.wast", SCRIPT)]);
    let missing = missing(&place, "aot");
    let unconfined = |arguments: &[&str]| {
        let run = place.run(&[&["wast", "a.wast", "--format", "json"], arguments].concat());
        let first: Value = serde_json::from_str(run.out.lines().next().expect("a line")).expect("JSON");
        let list = first["unconfined"].as_array().expect("a list").clone();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        list.iter().map(|one| (text(&one["measure"]), text(&one["cause"]))).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(unconfined(&[]), missing);
    let note = "warning: scripts are not confined by ";
    assert_eq!(place.run(&["wast", "a.wast"]).out.contains(note), !missing.is_empty());

    let here = unconfined(&["--no-isolate"]);
    assert_eq!(here.keys().collect::<Vec<_>>(), ["worker"]);
    for format in ["pretty", "terse", "github"] {
        let run = place.run(&["wast", "a.wast", "--no-isolate", "--format", format]);
        assert_eq!(run.out.matches(note).count(), 1, "{run:?}");
        run.expect(0, &["worker (scripts run in this process)"]);
    }
    let junit = place.run(&["wast", "a.wast", "--no-isolate", "--format", "junit"]);
    junit.expect(0, &["name=\"confinement\"", "scripts run in this process"]);
}

/// Only one that links is given a variable, by which it finds the linker.
#[test]
fn a_worker_has_no_variables_of_its_parent() {
    let place = Place::new(&[("a.wast", SCRIPT)]);
    for (engine, allowed) in [("aot", &[][..]), ("jit", &[]), ("linked", &["PATH="])] {
        let script = "(module (import \"trapline-hazard\" \"spin\" (func $f)) (start $f))";
        place.write("spin.wast", script);
        let mut command = place.command(&["wast", "spin.wast", "--engine", engine, "--timeout", "60"]);
        command.env("TRAPLINE_HAZARDS", "1").env("SECRET", "x").stdout(std::process::Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let variables = loop {
            let worker = super::workers::children(child.id());
            let worker = worker.first().map(|id| format!("/proc/{id}"));
            let is_worker = |folder: &String| {
                let arguments = fs::read(format!("{folder}/cmdline")).unwrap_or_default();
                arguments.windows(15).any(|bytes| bytes == b"trapline-worker")
            };
            match worker.filter(is_worker) {
                Some(folder) => break fs::read_to_string(format!("{folder}/environ")).expect("variables"),
                None => std::thread::sleep(std::time::Duration::from_millis(5)),
            }
        };
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let names = variables.split_terminator('\0').filter(|variable| *variable != "TRAPLINE_HAZARDS=1");
        let names: Vec<_> = names.collect();
        assert_eq!(names.len(), allowed.len(), "{engine}: {names:?}");
        assert!(names.iter().zip(allowed).all(|(name, allowed)| name.starts_with(allowed)), "{names:?}");
    }
}
