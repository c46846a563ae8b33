//! Joins what two engines did, directive by directive.

use crate::exec::{Observation, ObservedTrap};
use crate::outcome::{Difference, DirectiveRecord, Ended, OutcomeKind};
use crate::run::FileResult;
use crate::script::Keyword;

/// What differs at one directive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Differing {
    /// The directive's ordinal.
    pub(super) index: u32,
    /// What differs.
    pub(super) differences: Vec<Difference>,
    /// Whether the state after it differs, and did not before.
    pub(super) state: bool,
}

/// How much can be compared at a point of a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Comparable {
    /// Everything.
    All,
    /// The states differ, and that has been reported.
    NotState,
    /// The states may differ, and so may all that depends on them: a stack has overflowed. Until the states agree.
    OutcomesUntilEqual,
    /// The same for the rest of the script: a thread has been started.
    Outcomes,
}

/// All that differs, in order.
pub(super) fn join(reference: &FileResult, result: &FileResult) -> Vec<Differing> {
    let mut comparable = Comparable::All;
    let mut divergences = Vec::new();
    let none = Observation::default();
    let left = reference.report.directives.iter().zip(observations(reference, &none));
    let right = result.report.directives.iter().zip(observations(result, &none));
    for ((left, observed_left), (right, observed_right)) in left.zip(right) {
        if right.directive == Keyword::Thread {
            comparable = Comparable::Outcomes;
        }
        let overflow = [observed_left, observed_right]
            .iter()
            .any(|observed| observed.trap.as_ref().is_some_and(ObservedTrap::is_exhaustion));
        if overflow && comparable != Comparable::Outcomes {
            comparable = Comparable::OutcomesUntilEqual;
        }
        let mut differences: Vec<Difference> = outcomes(left, right).into_iter().collect();
        if comparable != Comparable::Outcomes && comparable != Comparable::OutcomesUntilEqual {
            differences.extend(results(observed_left, observed_right));
        }
        differences.extend(traps(observed_left.trap.as_ref(), observed_right.trap.as_ref()));
        let states_differ = match (observed_left.state, observed_right.state) {
            (Some(left), Some(right)) => left != right,
            // Without an observation there is nothing that could be said.
            _ => false,
        };
        let state = states_differ && comparable == Comparable::All;
        comparable = match (comparable, states_differ) {
            (Comparable::Outcomes, _) => Comparable::Outcomes,
            (_, false) => Comparable::All,
            (Comparable::All, true) => Comparable::NotState,
            (already, true) => already,
        };
        if state || !differences.is_empty() {
            divergences.push(Differing { index: right.index, differences, state });
        }
    }
    divergences
}

/// One observation for each directive; where there is none, an empty one.
fn observations<'a>(result: &'a FileResult, none: &'a Observation) -> impl Iterator<Item = &'a Observation> {
    result.observed.directives.iter().chain(std::iter::repeat(none))
}

fn outcomes(left: &DirectiveRecord, right: &DirectiveRecord) -> Option<Difference> {
    let kinds = (left.outcome.kind(), right.outcome.kind());
    // What was not reached says nothing about an engine.
    if kinds.0 == kinds.1 || kinds.0 == OutcomeKind::NotRun || kinds.1 == OutcomeKind::NotRun {
        return None;
    }
    let ended = |record: &DirectiveRecord| {
        Box::new(Ended {
            outcome: record.outcome.clone(),
            trap: record.trap().cloned(),
            thread: record.thread().cloned(),
        })
    };
    Some(Difference::Outcome(ended(left), ended(right)))
}

fn results(left: &Observation, right: &Observation) -> Option<Difference> {
    let agree = match (&left.results, &right.results) {
        (None, None) => true,
        (Some(left), Some(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.agrees(right))
        }
        (Some(_), None) | (None, Some(_)) => false,
    };
    (!agree).then(|| Difference::Results(left.results.clone(), right.results.clone()))
}

fn traps(left: Option<&ObservedTrap>, right: Option<&ObservedTrap>) -> Option<Difference> {
    let agree = match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => {
            // How deep a recursion goes, and so where it ends, depends on the size of frames.
            left.agrees(right) || left.is_exhaustion() && right.is_exhaustion()
        }
        (Some(_), None) | (None, Some(_)) => false,
    };
    let info = |trap: Option<&ObservedTrap>| trap.map(|trap| Box::new(trap.0.clone()));
    (!agree).then(|| Difference::Trap(info(left), info(right)))
}
