//! Compares engines: every script runs on each, and what happened is joined directive by directive.
//!
//! All engines are compared with the first. They must agree in
//!
//! - the kind of each outcome,
//! - results, bit by bit: also the bits of NaNs. WebAssembly leaves many of those open, but all
//!   engines here run code of the same compiler on the same machine, and so far no profile has been
//!   seen to choose another NaN. One that does is reported, and it is for people to say whether
//!   that is fine;
//! - the kind of each trap, its function and its offset in the binary. Operands are not compared:
//!   how much is known of them depends on how memories are kept within bounds;
//! - the state after each directive: memories, tables, globals and dropped segments.
//!
//! Two compilations of a module on one engine must give the same bytes. That engines of one profile make the same code is
//! not asked of them; but where they go different ways and their code differs, the difference is named.
//!
//! # What is not compared
//!
//! - The place of a stack overflow, and values and state after it until the states agree again: how
//!   deep a recursion goes depends on the size of frames.
//! - Values and state once a script has started a thread: the order of their effects is open.
//! - State that differed already before a directive: the directive that brought the difference about
//!   is reported, and not all that follow.

mod code;
mod join;

use crate::discover::{Input, Selected};
use crate::exec::{Observe, Observed};
use crate::outcome::{About, DirectiveRecord, Divergence, Event, Outcome, SideDifference};
use crate::run::{self, FileResult, Options, RunError, Runner};
use join::Differing;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use trapline_runtime::digest::{Snapshot, describe_difference};

/// States of a script that are explained by running it once more, and differences that are looked for in its code; what
/// follows is mostly the same.
const EXPLAINED: usize = 4;
/// Differences that an explanation names.
const NAMED: usize = 3;

/// Runs scripts on each of several engines, one engine after the other, and tells what happens in the order of engines
/// and of `inputs`. Directives that went another way than on the first engine are [`Outcome::Diverged`]. Ends
/// early when `emit` breaks.
///
/// # Errors
///
/// When no thread can be started.
pub fn run(
    runners: &[Runner],
    inputs: &[Input],
    selected: &Selected,
    options: Options,
    emit: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<(), RunError> {
    let Some(first) = runners.first() else { return Ok(()) };
    let references: Vec<OnceLock<FileResult>> = inputs.iter().map(|_| OnceLock::new()).collect();
    let one = |number: usize, index: usize| {
        let (runner, input) = (&runners[number], &inputs[index]);
        let mut result = runner.run_file_observed(input, Some(Observe::default()));
        if let Some(reference) = references[index].get() {
            compare(first, reference, runner, &mut result, input);
        }
        compare_with_itself(&mut result);
        fill_in_sources(runner, input, &mut result);
        result
    };
    let mut keep = |number: usize, index: usize, result: &FileResult| {
        if number == 0 {
            // Each script comes once, so it is empty.
            let _ = references[index].set(result.clone());
        }
    };
    run::run_each(runners, inputs, selected, options, one, &mut keep, emit)
}

/// Turns whatever differs from the reference into divergence.
fn compare(first: &Runner, reference: &FileResult, runner: &Runner, result: &mut FileResult, input: &Input) {
    let divergences = join::join(reference, result);
    let names = (first.engine.name(), runner.engine.name());
    let mut explained = 0;
    for (number, divergence) in divergences.into_iter().enumerate() {
        let Differing { index, mut sides, state } = divergence;
        if state {
            let differences = match explained < EXPLAINED {
                true => explain(first, runner, input, index),
                false => Vec::new(),
            };
            explained += 1;
            if differences.is_empty() {
                sides.push(state_difference("another state".to_owned(), "another state".to_owned()));
            }
            sides.extend(differences.into_iter().map(|(left, right)| state_difference(left, right)));
        }
        if number < EXPLAINED {
            let code = code::locate(first, runner, input, index);
            sides.extend(code.map(|(reference, got)| SideDifference { about: About::Code, reference, got }));
        }
        let directive = &mut result.report.directives[index as usize];
        directive.outcome = Outcome::Diverged(Box::new(Divergence {
            reference: names.0.to_owned(),
            engine: names.1.to_owned(),
            differences: sides,
        }));
    }
}

fn state_difference(reference: String, got: String) -> SideDifference {
    SideDifference { about: About::State, reference, got }
}

/// Turns modules whose code was another one at the second compilation into divergence.
fn compare_with_itself(result: &mut FileResult) {
    let name = result.report.engine.clone();
    for (directive, observation) in result.report.directives.iter_mut().zip(&result.observed.directives) {
        if let Some(how) = &observation.irreproducible {
            directive.outcome = Outcome::Diverged(Box::new(Divergence {
                reference: name.to_string(),
                engine: name.to_string(),
                differences: vec![SideDifference {
                    about: About::Reproducibility,
                    reference: "the same code from every compilation".to_owned(),
                    got: how.clone(),
                }],
            }));
        }
    }
}

/// Finds out what two engines' states have different after a directive, by running the script again on both.
fn explain(first: &Runner, second: &Runner, input: &Input, index: u32) -> Vec<(String, String)> {
    let snapshot = |runner: &Runner| -> Option<Snapshot> {
        let observe = Observe { snapshot_after: Some(index) };
        let Observed { snapshot, .. } = runner.run_file_observed(input, Some(observe)).observed;
        snapshot
    };
    let (Some(left), Some(right)) = (snapshot(first), snapshot(second)) else { return Vec::new() };
    let differences = describe_difference(&left, &right);
    let count = differences.len();
    let named = differences.into_iter().take(NAMED).map(|difference| {
        (
            format!("{}: {}", difference.place, difference.left),
            format!("{}: {}", difference.place, difference.right),
        )
    });
    let mut sides: Vec<_> = named.collect();
    if count > NAMED {
        let more = format!("and {} more differences", count - NAMED);
        sides.push((more.clone(), more));
    }
    if count == 0 && left.whole && right.whole {
        let never = "another state, but not when it ran again: it is not deterministic".to_owned();
        sides.push((never.clone(), never));
    }
    sides
}

/// Gives directives that have diverged their text: those that passed come without.
fn fill_in_sources(runner: &Runner, input: &Input, result: &mut FileResult) {
    let missing = |record: &DirectiveRecord| {
        matches!(record.outcome, Outcome::Diverged(_)) && record.source().is_none()
    };
    let directives = &mut result.report.directives;
    if !directives.iter().any(missing) {
        return;
    }
    let Ok(script) = runner.prepare(input).script else { return };
    for (record, directive) in directives.iter_mut().zip(script.directives()) {
        if missing(record) {
            record.details_mut().source = Some(script.source(directive).to_owned());
        }
    }
}
