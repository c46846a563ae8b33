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
//! # Engines of others
//!
//! With an engine that is not trapline's, the standard is the specification. What one of the two does not have, and what
//! depends on it, is not a difference; of the state, what instances export is compared; of traps the kind. Differences that
//! the specification allows ([`Permitted`]) are noted in the record and are not divergences.
//!
//! # What is not compared
//!
//! - The place of a stack overflow, and values and state after it until the states agree again: how
//!   deep a recursion goes depends on the size of frames.
//! - Values and state once a script has started a thread: the order of their effects is open.
//! - State that differed already before a directive: the directive that brought the difference about
//!   is reported, and not all that follow.
//! - A directive in which one engine crashed or timed out, and what follows until the states agree again: that stays the
//!   crash or the timeout that it is, since a signal or a busy machine may be behind it.

mod code;
mod join;
mod permitted;

pub(crate) use code::module_of;

use crate::discover::{Input, Selected};
use crate::exec::{Observation, Observe, Observed};
use crate::interruption;
use crate::outcome::{
    Details, Difference, DirectiveRecord, Divergence, Event, NotRun, Outcome, OutcomeKind, Permitted,
};
use crate::run::{self, FileResult, Options, RunError, Runner};
use crate::trail::{State, StateView, state_differences};
use join::{Differing, Standard};
use std::ops::ControlFlow;
use std::sync::OnceLock;

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
    let references: Vec<OnceLock<FileResult>> = inputs.iter().map(|_| OnceLock::new()).collect();
    // All engines can observe of the state what the one that can observe least can.
    let whole = runners.iter().all(|runner| runner.engine.view() == StateView::Whole);
    let view = if whole { StateView::Whole } else { StateView::Exported };
    let one = |number: usize, index: usize| {
        let (runner, input) = (&runners[number], &inputs[index]);
        let mut result = runner.run_file_observed(input, Some(Observe { view, state_after: None }));
        // Of a script that was cut short nothing was observed, so that there is nothing to compare.
        if result.report.left_out.is_none() {
            if let (Some(first), Some(reference)) = (runners.first(), references[index].get()) {
                compare(first, reference, runner, &mut result, input, view);
            }
            compare_with_itself(&mut result);
        }
        if number > 0 && interruption::came().is_some() {
            leave_open(&mut result);
        }
        drop_sources(&mut result);
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

/// Whether two engines of trapline's differ at a directive that passes on both.
pub(crate) fn tells_apart(record: &DirectiveRecord, left: Observation, right: Observation) -> bool {
    !join::join_directives([((record, &left), (record, &right))], Standard::Same).is_empty()
}

/// How a run differs from a reference run of the same script, directive by directive, without what it takes more runs to find
/// out: of states that differ, only that they do. What the specification allows is left out.
pub(crate) fn divergences(
    first: (&Runner, &FileResult),
    second: (&Runner, &FileResult),
    input: &Input,
    view: StateView,
) -> Vec<(u32, Divergence)> {
    let ((first, reference), (runner, result)) = (first, second);
    let others = first.engine.is_oracle() || runner.engine.is_oracle();
    let standard = if others { Standard::Specification } else { Standard::Same };
    let mut divergences = Vec::new();
    for Differing { index, mut differences, state, permitted: _ } in join::join(reference, result, standard) {
        if state {
            // Only the states themselves say whether they may differ.
            let observe = Observe { view, state_after: Some(index) };
            match standard {
                Standard::Same => differences.push(Difference::SomeState),
                Standard::Specification => match explain(first, runner, input, observe, standard) {
                    Explained::Permitted(_) => {}
                    Explained::Differences(found) => differences.extend(found),
                },
            }
        }
        let is_growth = standard == Standard::Specification && permitted::is_growth(&differences);
        if !differences.is_empty() && !is_growth {
            let (reference, engine) = (first.engine.name().to_owned(), runner.engine.name().to_owned());
            divergences.push((index, Divergence { reference, engine, differences }));
        }
    }
    divergences
}

/// Whether a directive went another way than in a reference run of one of trapline's engines, also if one of the two ended there.
pub(crate) fn differs_at(reference: &FileResult, result: &FileResult, index: u32) -> bool {
    let kind = |result: &FileResult| {
        result.report.directives.get(index as usize).map(|record| record.outcome.kind())
    };
    let differing = join::join(reference, result, Standard::Same);
    kind(reference) != kind(result) || differing.iter().any(|differing| differing.index == index)
}

/// Turns whatever differs from the reference into divergence.
fn compare(
    first: &Runner,
    reference: &FileResult,
    runner: &Runner,
    result: &mut FileResult,
    input: &Input,
    view: StateView,
) {
    let others = first.engine.is_oracle() || runner.engine.is_oracle();
    let standard = if others { Standard::Specification } else { Standard::Same };
    let mut explained = 0;
    let mut number = 0;
    for divergence in join::join(reference, result, standard) {
        let Differing { index, mut differences, state, mut permitted } = divergence;
        if state {
            if explained < EXPLAINED {
                let observe = Observe { view, state_after: Some(index) };
                match explain(first, runner, input, observe, standard) {
                    Explained::Permitted(why) => permitted.push(why),
                    Explained::Differences(found) => differences.extend(found),
                }
            } else {
                differences.push(Difference::SomeState);
            }
            explained += 1;
        }
        if standard == Standard::Specification && permitted::is_growth(&differences) {
            differences.clear();
            permitted.push(Permitted::Growth);
        }
        let directive = &mut result.report.directives[index as usize];
        if !permitted.is_empty() {
            directive.details_mut().permitted = permitted;
        }
        // What is known not to pass here says nothing about an engine on which it passes.
        let known = others
            && (reference.report.known.contains_key(&index) || result.report.known.contains_key(&index));
        if differences.is_empty() || known {
            continue;
        }
        if number < EXPLAINED {
            let code = code::locate(first, runner, input, index);
            differences.extend(code.map(|(left, right)| Difference::Code(Box::new(left), Box::new(right))));
        }
        number += 1;
        let directive = &mut result.report.directives[index as usize];
        directive.outcome = Outcome::Diverged(Box::new(Divergence {
            reference: first.engine.name().to_owned(),
            engine: runner.engine.name().to_owned(),
            differences,
        }));
    }
}

/// Of a run that was interrupted, what passes on an engine need not have been compared, and what differs can be what its second
/// run was cut short in: such directives count as not run.
fn leave_open(result: &mut FileResult) {
    for record in &mut result.report.directives {
        if matches!(record.outcome.kind(), OutcomeKind::Pass | OutcomeKind::Diverged) {
            record.outcome = Outcome::NotRun(NotRun::Interrupted);
        }
    }
    result.report.left_out = Some(NotRun::Interrupted);
}

/// Turns modules whose code was another one at the second compilation into divergence.
pub(crate) fn compare_with_itself(result: &mut FileResult) {
    let name = result.report.engine.clone();
    for (directive, observation) in result.report.directives.iter_mut().zip(&result.observed.directives) {
        if let Some(how) = observation.irreproducible {
            directive.outcome = Outcome::Diverged(Box::new(Divergence {
                reference: name.to_string(),
                engine: name.to_string(),
                differences: vec![Difference::Reproducibility(how)],
            }));
        }
    }
}

/// What a second run has shown of two states that differ.
enum Explained {
    /// They may.
    Permitted(Permitted),
    /// They may not, in this.
    Differences(Vec<Difference>),
}

/// Finds out what two engines' states have different after a directive, by running the script again on both.
fn explain(
    first: &Runner,
    second: &Runner,
    input: &Input,
    observe: Observe,
    standard: Standard,
) -> Explained {
    let state = |runner: &Runner| -> Option<State> {
        let Observed { state, .. } = runner.run_file_observed(input, Some(observe)).observed;
        state
    };
    let (Some(left), Some(right)) = (state(first), state(second)) else {
        return Explained::Differences(vec![Difference::SomeState]);
    };
    if standard == Standard::Specification && left != right && permitted::are_nans_in_state(&left, &right) {
        return Explained::Permitted(Permitted::NanPayload);
    }
    let found = state_differences(&left, &right);
    let more = found.len().saturating_sub(NAMED) as u32;
    let named = found.into_iter().take(NAMED).map(|difference| Difference::State(Box::new(difference)));
    let mut differences: Vec<_> = named.collect();
    differences.extend((more > 0).then_some(Difference::MoreState(more)));
    if differences.is_empty() {
        // Two states that are here whole, and equal, differed when the script ran before.
        let whole = left.whole && right.whole;
        differences.push(if whole { Difference::UnstableState } else { Difference::SomeState });
    }
    Explained::Differences(differences)
}

/// Takes the texts of directives that pass away: they are only there in case of divergence.
fn drop_sources(result: &mut FileResult) {
    for record in result.report.directives.iter_mut().filter(|record| record.outcome.is_pass()) {
        if let Some(details) = &mut record.details {
            details.source = None;
            if **details == Details::default() {
                record.details = None;
            }
        }
    }
}
