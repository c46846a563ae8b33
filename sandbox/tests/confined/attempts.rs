//! Every action of [`attempt`] is tried against each measure that is to refuse it, by that measure alone, and against all of
//! them together.

use super::{confine_as_asked, confinement, role};
use std::collections::BTreeMap;
use std::os::unix::net::UnixListener;
use std::sync::OnceLock;
use trapline_sandbox::attempt::{self, Attempt, Attempted};
use trapline_sandbox::{Measure, spawn};

pub(super) const TESTS: &[(&str, fn())] = &[
    ("each_measure_refuses_by_itself", each_measure_refuses_by_itself),
    ("all_measures_refuse_together", all_measures_refuse_together),
    ("nothing_refuses_without_measures", nothing_refuses_without_measures),
    ("the_table_is_the_one_in_the_documentation", the_table_is_the_one_in_the_documentation),
];

/// What came of an attempt: the measures that are not in force, and the number of the error, or 0.
struct Tried {
    missing: BTreeMap<String, String>,
    error: i32,
}

/// Tries an action in a process that is confined by some measures.
fn try_under(attempt: &Attempt, measures: &[Measure]) -> Tried {
    static LISTENER: OnceLock<UnixListener> = OnceLock::new();
    LISTENER.get_or_init(|| attempt::listen().unwrap());
    let output = spawn(role(attempt.name, measures), &[]).unwrap().wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let entries = text.split(['<', '>']).filter_map(|part| part.split_once('='));
    let mut missing: BTreeMap<_, _> =
        entries.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let error = missing.remove("error").unwrap_or_else(|| panic!("{}: {text}", attempt.name));
    Tried { missing, error: error.parse().unwrap() }
}

/// What a process does that is to try something.
pub(super) fn play(name: &str) {
    confine_as_asked(&confinement());
    match Attempt::named(name).unwrap().run() {
        Attempted::Succeeded => println!("<error=0>"),
        Attempted::Failed(number) => println!("<error={number}>"),
    }
}

fn each_measure_refuses_by_itself() {
    for attempt in attempt::all() {
        for &(measure, refusal) in attempt.refused_by {
            let tried = try_under(attempt, &[measure]);
            match tried.missing.get(measure.name()) {
                None => {
                    assert_eq!(tried.error, refusal.number(), "{} under {}", attempt.name, measure.name())
                }
                // A system without it says so, and why.
                Some(cause) => assert!(!cause.is_empty(), "{}", measure.name()),
            }
        }
    }
}

fn all_measures_refuse_together() {
    for attempt in attempt::all() {
        let tried = try_under(attempt, &Measure::ALL);
        let in_force =
            attempt.refused_by.iter().filter(|(measure, _)| !tried.missing.contains_key(measure.name()));
        let refusals: Vec<_> = in_force.map(|(_, refusal)| refusal.number()).collect();
        assert!(refusals.is_empty() || refusals.contains(&tried.error), "{}: {}", attempt.name, tried.error);
    }
}

/// Without measures they succeed: it is the measures that refuse them, and nothing else.
fn nothing_refuses_without_measures() {
    let ordinary: Vec<_> = attempt::all().filter(|attempt| attempt.succeeds_otherwise).collect();
    assert!(ordinary.len() > 15);
    for attempt in ordinary {
        let tried = try_under(attempt, &[]);
        assert_eq!(tried.error, 0, "{}", attempt.name);
    }
}

/// The table that people read has these actions, each with what refuses it, in this order.
fn the_table_is_the_one_in_the_documentation() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/security.md");
    let documented = std::fs::read_to_string(path).unwrap();
    let rows: Vec<_> = attempt::all().map(row).collect();
    assert!(rows.len() >= 30);
    let table = documented.lines().skip_while(|line| !line.starts_with("| Action"));
    let found: Vec<_> = table.skip(2).take_while(|line| line.starts_with('|')).collect();
    assert_eq!(found, rows, "the table of {path} should be:\n{}\n", rows.join("\n"));
}

fn row(attempt: &Attempt) -> String {
    let refusals: Vec<_> = attempt
        .refused_by
        .iter()
        .map(|(measure, refusal)| format!("{} ({})", measure.name(), refusal.name()))
        .collect();
    format!("| `{}` | {} | {} |", attempt.name, attempt.action, refusals.join(", "))
}
