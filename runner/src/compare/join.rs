//! Joins what two engines did, directive by directive.

use crate::exec::{Observation, ObservedTrap};
use crate::outcome::{About, DirectiveRecord, Outcome, OutcomeKind, SideDifference};
use crate::report::{self, Sides};
use crate::run::FileResult;
use crate::script::Keyword;
use trapline_runtime::digest::StateValue;

/// What differs at one directive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Differing {
    /// The directive's ordinal.
    pub(super) index: u32,
    /// What differs.
    pub(super) sides: Vec<SideDifference>,
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
        let mut sides: Vec<SideDifference> = outcomes(left, right).into_iter().collect();
        if comparable != Comparable::Outcomes && comparable != Comparable::OutcomesUntilEqual {
            sides.extend(results(observed_left, observed_right));
        }
        sides.extend(traps(observed_left.trap.as_ref(), observed_right.trap.as_ref()));
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
        if state || !sides.is_empty() {
            divergences.push(Differing { index: right.index, sides, state });
        }
    }
    divergences
}

/// One observation for each directive; where there is none, an empty one.
fn observations<'a>(result: &'a FileResult, none: &'a Observation) -> impl Iterator<Item = &'a Observation> {
    result.observed.directives.iter().chain(std::iter::repeat(none))
}

fn difference(about: About, reference: String, got: String) -> SideDifference {
    SideDifference { about, reference, got }
}

fn outcomes(left: &DirectiveRecord, right: &DirectiveRecord) -> Option<SideDifference> {
    let kinds = (left.outcome.kind(), right.outcome.kind());
    // What was not reached says nothing about an engine.
    if kinds.0 == kinds.1 || kinds.0 == OutcomeKind::NotRun || kinds.1 == OutcomeKind::NotRun {
        return None;
    }
    let words = |record: &DirectiveRecord| {
        let name = record.outcome.kind().name();
        match record.outcome {
            Outcome::Pass => name.to_owned(),
            _ => {
                let Sides { word, got, .. } = report::sides(record);
                format!("{name}, {word} {got}")
            }
        }
    };
    Some(difference(About::Outcome, words(left), words(right)))
}

fn results(left: &Observation, right: &Observation) -> Option<SideDifference> {
    if left.results == right.results {
        return None;
    }
    let words = |results: &Option<Vec<StateValue>>| match results {
        None => "returned no results".to_owned(),
        Some(values) if values.is_empty() => "returned nothing".to_owned(),
        Some(values) => {
            let values: Vec<_> = values.iter().map(StateValue::to_string).collect();
            format!("returned {}", values.join(", "))
        }
    };
    Some(difference(About::Results, words(&left.results), words(&right.results)))
}

fn traps(left: Option<&ObservedTrap>, right: Option<&ObservedTrap>) -> Option<SideDifference> {
    let agree = match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => {
            // How deep a recursion goes, and so where it ends, depends on the size of frames.
            left.agrees(right) || left.is_exhaustion() && right.is_exhaustion()
        }
        _ => false,
    };
    let words = |trap: Option<&ObservedTrap>| match trap {
        None => "no trap".to_owned(),
        Some(trap) => format!("trap: {}", report::trap(&trap.0)),
    };
    (!agree).then(|| difference(About::Trap, words(left), words(right)))
}
