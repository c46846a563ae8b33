//! Joins what two engines did, directive by directive.

use super::permitted;
use crate::exec::{Observation, ObservedTrap};
use crate::outcome::{Difference, DirectiveRecord, Ended, OutcomeKind, Permitted};
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
    /// What differs and may.
    pub(super) permitted: Vec<Permitted>,
}

/// What two engines have to agree in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standard {
    /// Everything: both are trapline's.
    Same,
    /// What the specification says, as far as both engines have what it takes.
    Specification,
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
    /// The same for the rest of the script: a thread has been started, or only one engine has what a directive needs.
    Outcomes,
    /// Nothing, until the states agree: one engine was ended in the midst of a directive that the other went through, and
    /// goes on without what that would have done.
    NothingUntilEqual,
    /// Nothing for the rest of the script: so ended an engine where states could no longer be compared.
    Nothing,
}

impl Comparable {
    /// From where on the states can no longer be compared.
    const fn without_state(self) -> Comparable {
        match self {
            Comparable::All
            | Comparable::NotState
            | Comparable::OutcomesUntilEqual
            | Comparable::Outcomes => Comparable::Outcomes,
            Comparable::NothingUntilEqual | Comparable::Nothing => Comparable::Nothing,
        }
    }

    /// After a directive that only one of the two engines went through.
    const fn after_an_end(self, standard: Standard) -> Comparable {
        match (self, standard) {
            (
                Comparable::All
                | Comparable::NotState
                | Comparable::OutcomesUntilEqual
                | Comparable::NothingUntilEqual,
                Standard::Same,
            ) => Comparable::NothingUntilEqual,
            // That what instances export is equal does not say that all is.
            (_, Standard::Specification) | (Comparable::Outcomes | Comparable::Nothing, _) => {
                Comparable::Nothing
            }
        }
    }
}

/// All that differs, in order.
pub(super) fn join(reference: &FileResult, result: &FileResult, standard: Standard) -> Vec<Differing> {
    let none = Observation::default();
    let left = reference.report.directives.iter().zip(observations(reference, &none));
    let right = result.report.directives.iter().zip(observations(result, &none));
    join_directives(left.zip(right), standard)
}

/// What became of a directive, and what was observed of it.
type Seen<'a> = (&'a DirectiveRecord, &'a Observation);

/// All that differs in directives, in order.
pub(super) fn join_directives<'a>(
    directives: impl IntoIterator<Item = (Seen<'a>, Seen<'a>)>,
    standard: Standard,
) -> Vec<Differing> {
    let mut comparable = Comparable::All;
    let mut divergences = Vec::new();
    for ((left, observed_left), (right, observed_right)) in directives {
        let lacking = standard == Standard::Specification && (is_lacking(left) || is_lacking(right));
        if right.directive == Keyword::Thread || lacking {
            comparable = comparable.without_state();
        }
        if lacking {
            continue;
        }
        let ended = (is_ended(left), is_ended(right));
        if ended.0 != ended.1 {
            comparable = comparable.after_an_end(standard);
        }
        if ended.0 || ended.1 || comparable == Comparable::Nothing {
            continue;
        }
        let states_agree = observed_left.state.zip(observed_right.state).map(|(left, right)| left == right);
        if comparable == Comparable::NothingUntilEqual {
            if states_agree == Some(true) {
                comparable = Comparable::All;
            }
            continue;
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
            differences.extend(exceptions(observed_left, observed_right));
        }
        let traps_of = (observed_left.trap.as_ref(), observed_right.trap.as_ref());
        differences.extend(traps(traps_of.0, traps_of.1, standard));
        let mut permitted = Vec::new();
        if standard == Standard::Specification && !differences.is_empty() {
            let depth = permitted::traps(traps_of.0, traps_of.1);
            let equal_outcomes = left.outcome.kind() == right.outcome.kind();
            permitted
                .extend(depth.or_else(|| {
                    permitted::results(observed_left, observed_right).filter(|_| equal_outcomes)
                }));
            if !permitted.is_empty() {
                differences.clear();
                // What follows from it may differ, too.
                if comparable == Comparable::All {
                    comparable = Comparable::OutcomesUntilEqual;
                }
            }
        }
        // Without an observation there is nothing that could be said.
        let states_differ = states_agree == Some(false);
        let state = states_differ && comparable == Comparable::All;
        comparable = match (comparable, states_differ) {
            (Comparable::Outcomes, _) => Comparable::Outcomes,
            (_, false) => Comparable::All,
            (Comparable::All, true) => Comparable::NotState,
            (already, true) => already,
        };
        if state || !differences.is_empty() || !permitted.is_empty() {
            divergences.push(Differing { index: right.index, differences, state, permitted });
        }
    }
    divergences
}

/// One observation for each directive; where there is none, an empty one.
fn observations<'a>(result: &'a FileResult, none: &'a Observation) -> impl Iterator<Item = &'a Observation> {
    result.observed.directives.iter().chain(std::iter::repeat(none))
}

/// Whether an engine did not get to run a directive, for want of something that the other may have.
fn is_lacking(record: &DirectiveRecord) -> bool {
    matches!(record.outcome.kind(), OutcomeKind::Unsupported | OutcomeKind::Blocked | OutcomeKind::NotRun)
}

/// Whether an engine was stopped in the midst of a directive: that is red by itself under its own name, it may have come
/// from outside, and it says nothing about the other engine.
pub(crate) fn is_ended(record: &DirectiveRecord) -> bool {
    matches!(record.outcome.kind(), OutcomeKind::Crash | OutcomeKind::Timeout | OutcomeKind::HarnessError)
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
            exception: record.exception().cloned(),
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

fn exceptions(left: &Observation, right: &Observation) -> Option<Difference> {
    let agree = match (&left.exception, &right.exception) {
        (None, None) => true,
        (Some(left), Some(right)) => left.agrees(right),
        (Some(_), None) | (None, Some(_)) => false,
    };
    (!agree).then(|| Difference::Exception(left.exception.clone(), right.exception.clone()))
}

fn traps(
    left: Option<&ObservedTrap>,
    right: Option<&ObservedTrap>,
    standard: Standard,
) -> Option<Difference> {
    let agree = match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => {
            // How deep a recursion goes, and so where it ends, depends on the size of frames.
            left.agrees(right)
                || left.is_exhaustion() && right.is_exhaustion()
                || standard == Standard::Specification && left.can_agree(right)
        }
        (Some(_), None) | (None, Some(_)) => false,
    };
    let info = |trap: Option<&ObservedTrap>| trap.map(|trap| Box::new(trap.0.clone()));
    (!agree).then(|| Difference::Trap(info(left), info(right)))
}

#[cfg(test)]
mod tests;
