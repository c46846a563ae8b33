//! Compares engines: every script runs on each, and what happened is joined directive by directive.
//!
//! All engines are compared with the first. They must agree in
//!
//! - the kind of each outcome,
//! - results, bit by bit: also the bits of NaNs that the specification fixes. Those that it leaves open are noted in the
//!   record and are not divergences (`nans.rs` says how the ones are told from the others);
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
mod nans;
mod permitted;

pub(crate) use code::module_of;
pub(crate) use join::is_ended;
pub use nans::MakeDeterministic;

use crate::discover::{Input, Selected};
use crate::exec::{Observation, Observe, Observed};
use crate::interruption;
use crate::outcome::{
    Details, Difference, DirectiveRecord, Divergence, Ended, Event, NotRun, Outcome, OutcomeKind, Permitted,
};
use crate::run::{self, FileResult, Options, RunError, Runner};
use crate::trail::{State, StateView, state_differences};
use join::{Differing, Standard};
use nans::{Counterparts, Judge, Side};
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

/// States of a script that are explained by running it once more, and differences that are looked for in its code; what
/// follows is mostly the same.
const EXPLAINED: usize = 4;
/// Differences that an explanation names.
const NAMED: usize = 3;

/// What a script does on the first engine.
#[derive(Default)]
struct References {
    /// Observed as the first engine can be.
    same: Option<FileResult>,
    /// Observed as engines of others can be, if one asks.
    less: Option<FileResult>,
}

/// Runs scripts on each of several engines and tells what happens in the order of engines and of `inputs`. Directives that went another way than on the first engine are [`Outcome::Diverged`]. Ends
/// early when `emit` breaks. `deterministic` makes the engines that differences in what is left open are judged by.
///
/// # Errors
///
/// When no thread can be started.
pub fn run(
    runners: &[Runner],
    inputs: &[Input],
    selected: &Selected,
    options: Options,
    deterministic: &MakeDeterministic<'_>,
    emit: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<(), RunError> {
    let counterparts = Counterparts::new(runners.len(), deterministic);
    // What two engines are compared in is what both can observe. The reference is observed once more for those that observe less
    // than others. References are there for as long as their scripts run.
    let references: Vec<Mutex<References>> = inputs.iter().map(|_| Mutex::default()).collect();
    let observes_all = |runner: &Runner| runner.engine.view() == StateView::Whole;
    let first_observes = match runners {
        [first, others @ ..] => observes_all(first) && (others.is_empty() || others.iter().any(observes_all)),
        [] => false,
    };
    let one = |number: usize, index: usize| {
        let (runner, input) = (&runners[number], &inputs[index]);
        let whole = first_observes && observes_all(runner);
        let view = if whole { StateView::Whole } else { StateView::Exported };
        let observe = Some(Observe { view, state_after: None, compiles_twice: true });
        let mut result = runner.run_file_observed(input, observe);
        // Its thread alone runs it.
        let mut known = references[index].lock().unwrap_or_else(PoisonError::into_inner);
        // Of a script that was cut short nothing was observed, so that there is nothing to compare.
        if result.report.left_out.is_none() {
            let first = runners.first().filter(|_| number > 0);
            let References { same, less } = &mut *known;
            let reference = first.and_then(|first| {
                let same = same.as_ref()?;
                let reference = match whole == first_observes {
                    true => same,
                    false => less.get_or_insert_with(|| first.run_file_observed(input, observe)),
                };
                (reference.report.left_out.is_none()).then_some((first, reference))
            });
            if let Some((first, reference)) = reference {
                let side = |number, runner, result| Side { number, runner, result };
                let sides = (side(0, first, reference), side(number, runner, &result));
                let found = compare(sides.0, sides.1, &counterparts, input, view);
                note(first.engine.name(), found, &mut result);
            }
            compare_with_itself(&mut result);
        }
        if number > 0 && interruption::came().is_some() {
            leave_open(&mut result);
        }
        drop_sources(&mut result);
        if number + 1 == runners.len() {
            *known = References::default();
        } else if number == 0 {
            known.same = Some(result.clone());
        }
        // It was there to be compared, and results wait for those of other scripts.
        result.observed = Observed::default();
        result
    };
    run::run_each(runners, inputs, selected, options, one, &mut |_, _, _| {}, emit)
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
        // Which NaN arithmetic makes is open, and which NaNs it made takes more runs to find out.
        if !differences.is_empty() && only_nans(&differences, (reference, result), index) {
            differences.clear();
        }
        if state {
            // Only the states themselves say whether they may differ.
            let observe = Observe { view, state_after: Some(index), compiles_twice: false };
            match standard {
                Standard::Same => differences.push(Difference::SomeState),
                Standard::Specification => {
                    let state = explain(first, runner, input, observe);
                    if !state.only_nans {
                        differences.extend(state.differences);
                    }
                }
            }
        }
        let is_permitted = standard == Standard::Specification
            && (permitted::is_growth(&differences)
                || is_relaxed_state(reference, result, index, &differences));
        if !differences.is_empty() && !is_permitted {
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

/// What a directive on one engine has otherwise than on the one that all are compared with.
struct Found {
    index: u32,
    differences: Vec<Difference>,
    permitted: Vec<Permitted>,
}

/// Finds whatever differs from the reference, and what of it may.
fn compare(
    reference: Side<'_>,
    side: Side<'_>,
    counterparts: &Counterparts<'_>,
    input: &Input,
    view: StateView,
) -> Vec<Found> {
    let (first, runner) = (reference.runner, side.runner);
    let others = first.engine.is_oracle() || runner.engine.is_oracle();
    let standard = if others { Standard::Specification } else { Standard::Same };
    let judge = Judge::new(
        counterparts,
        reference,
        side,
        input,
        Observe { view, state_after: None, compiles_twice: false },
    );
    let mut all: Vec<Found> = Vec::new();
    let (mut explained, mut located) = (0, 0);
    for divergence in join::join(reference.result, side.result, standard) {
        let Differing { index, mut differences, state, mut permitted } = divergence;
        let mut only_nans = only_nans(&differences, (reference.result, side.result), index);
        let explains = state && explained < EXPLAINED;
        if explains {
            let observe = Observe { view, state_after: Some(index), compiles_twice: false };
            let state = explain(first, runner, input, observe);
            match (standard, state.only_nans) {
                (Standard::Specification, true) => permitted.push(Permitted::NanPayload),
                (Standard::Specification | Standard::Same, _) => differences.extend(state.differences),
            }
            only_nans &= state.only_nans;
        } else if state {
            differences.push(Difference::SomeState);
            only_nans = false;
        }
        match standard {
            Standard::Specification if permitted::is_growth(&differences) => {
                differences.clear();
                permitted.push(Permitted::Growth);
            }
            Standard::Specification
                if is_relaxed_state(reference.result, side.result, index, &differences) =>
            {
                differences.clear();
                permitted.push(Permitted::RelaxedSimd);
            }
            Standard::Specification => {}
            Standard::Same => {
                if let Some(why) = judge.permits(index, &differences, only_nans) {
                    differences.clear();
                    permitted.push(why);
                }
            }
        }
        explained += usize::from(explains && !differences.is_empty());
        // What is known not to pass here says nothing about an engine on which it passes.
        let known = |side: Side<'_>| side.result.report.known.contains_key(&index);
        if others && (known(reference) || known(side)) {
            differences.clear();
        }
        if !differences.is_empty() && located < EXPLAINED {
            located += 1;
            let code = code::locate(first, runner, input, index);
            differences.extend(code.map(|(left, right)| Difference::Code(Box::new(left), Box::new(right))));
        }
        all.push(Found { index, differences, permitted });
    }
    // States that may differ hide what else they have different from there on.
    if let Some(open) = all.iter().find(|found| is_open(&found.permitted)).map(|found| found.index) {
        let seen: Vec<u32> = all.iter().map(|found| found.index).collect();
        let hidden = judge.states_that_differ_all_the_same().into_iter();
        let hidden = hidden.filter(|index| *index > open && !seen.contains(index));
        all.extend(hidden.map(|index| Found {
            index,
            differences: vec![Difference::SomeState],
            permitted: Vec::new(),
        }));
    }
    all
}

/// Whether all that differs at a directive are states, in a script that has relaxed SIMD by then, of which an engine of others has
/// other results: these can be anywhere in the state.
fn is_relaxed_state(
    reference: &FileResult,
    result: &FileResult,
    index: u32,
    differences: &[Difference],
) -> bool {
    let is_state = |difference: &Difference| {
        matches!(difference, Difference::State(_) | Difference::MoreState(_) | Difference::SomeState)
    };
    let is_relaxed = |result: &FileResult| {
        result.observed.directives.get(index as usize).is_some_and(|observation| observation.relaxed)
    };
    !differences.is_empty()
        && differences.iter().all(is_state)
        && (is_relaxed(reference) || is_relaxed(result))
}

/// Whether it is one of those differences that deterministic engines do not have.
fn is_open(permitted: &[Permitted]) -> bool {
    permitted.iter().any(|why| match why {
        Permitted::NanPayload | Permitted::NanCanonicalization | Permitted::RelaxedSimd => true,
        Permitted::StackDepth | Permitted::Growth => false,
    })
}

/// Whether all that differs at a directive, but for the state, are NaNs of which arithmetic may have made one.
fn only_nans(differences: &[Difference], results: (&FileResult, &FileResult), index: u32) -> bool {
    let directives = (&results.0.observed.directives, &results.1.observed.directives);
    let observed = directives.0.get(index as usize).zip(directives.1.get(index as usize));
    let Some((left, right)) = observed else { return false };
    let nans = permitted::results(left, right) == Some(Permitted::NanPayload);
    differences.iter().all(|difference| match difference {
        Difference::Results(..) | Difference::Exception(..) => nans,
        // An assertion can ask for the very bits.
        Difference::Outcome(left, right) => {
            let compared = |ended: &Ended| matches!(ended.outcome, Outcome::Pass | Outcome::Fail(_));
            nans && compared(left) && compared(right)
        }
        Difference::Trap(..)
        | Difference::State(_)
        | Difference::MoreState(_)
        | Difference::SomeState
        | Difference::UnstableState
        | Difference::Code(..)
        | Difference::Reproducibility(_) => false,
    })
}

/// Notes what was found, and turns what must not differ into divergence.
fn note(reference: &str, found: Vec<Found>, result: &mut FileResult) {
    let engine = result.report.engine.to_string();
    for Found { index, differences, permitted } in found {
        let directive = &mut result.report.directives[index as usize];
        if !permitted.is_empty() {
            directive.details_mut().permitted = permitted;
        }
        if !differences.is_empty() {
            let (reference, engine) = (reference.to_owned(), engine.clone());
            directive.outcome = Outcome::Diverged(Box::new(Divergence { reference, engine, differences }));
        }
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
struct Explained {
    differences: Vec<Difference>,
    /// Whether they are nothing but NaNs of which arithmetic may have made one.
    only_nans: bool,
}

/// Finds out what two engines' states have different after a directive, by running the script again on both.
fn explain(first: &Runner, second: &Runner, input: &Input, observe: Observe) -> Explained {
    let state = |runner: &Runner| -> Option<State> {
        let Observed { state, .. } = runner.run_file_observed(input, Some(observe)).observed;
        state
    };
    let (Some(left), Some(right)) = (state(first), state(second)) else {
        return Explained { differences: vec![Difference::SomeState], only_nans: false };
    };
    let only_nans = left != right && permitted::are_nans_in_state(&left, &right);
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
    Explained { differences, only_nans }
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
