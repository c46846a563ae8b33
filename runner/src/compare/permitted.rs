//! Differences that the specification allows. Between engines of trapline's most are differences all the same: those run
//! code of one compiler on one machine. An engine of others has its own ways.
//!
//! A NaN that arithmetic has made is a quiet one, whatever else is open about it (specification: execution, numerics, "NaN
//! Propagation", arithmetic NaNs). A signalling one comes from elsewhere, and nothing is open about its bits.

use crate::exec::{Observation, ObservedTrap};
use crate::outcome::{Difference, Permitted};
use crate::script::Float;
use crate::trail::{ObservedValue, State, StateContent, StateDifference, StatePlace, Value};

/// NaNs that arithmetic may have made.
const NAN_32: Float<u32> = Float::ArithmeticNan;
const NAN_64: Float<u64> = Float::ArithmeticNan;

/// Why the results of an action, or what its exception carries, may differ, if nothing else differs but what is allowed.
pub(super) fn results(left: &Observation, right: &Observation) -> Option<Permitted> {
    let (first, second) = match (&left.results, &right.results, &left.exception, &right.exception) {
        (Some(first), Some(second), None, None) => (first, second),
        (None, None, Some(first), Some(second)) if first.tag_agrees(second) => {
            (&first.payload, &second.payload)
        }
        _ => return None,
    };
    if first.len() != second.len() {
        return None;
    }
    let agree_as_nans =
        |(left, right): (&ObservedValue, &ObservedValue)| left.agrees(right) || are_nans(left, right);
    if first.iter().zip(second).all(agree_as_nans) {
        return Some(Permitted::NanPayload);
    }
    (left.relaxed || right.relaxed).then_some(Permitted::RelaxedSimd)
}

/// Why the ends of an action may differ: one engine's stack is deeper than the other's.
pub(super) fn traps(left: Option<&ObservedTrap>, right: Option<&ObservedTrap>) -> Option<Permitted> {
    let overflows = |trap: Option<&ObservedTrap>| trap.is_some_and(ObservedTrap::is_exhaustion);
    (overflows(left) != overflows(right)).then_some(Permitted::StackDepth)
}

/// Whether all that two states have different are NaNs of which arithmetic may have made one.
pub(super) fn are_nans_in_state(left: &State, right: &State) -> bool {
    let same_shape = left.whole
        && right.whole
        && left.memories.len() == right.memories.len()
        && left.tables == right.tables
        && left.globals.len() == right.globals.len()
        && left.segments == right.segments;
    let memories = left.memories.iter().zip(&right.memories).all(|(left, right)| {
        let pages = left.pages.keys().chain(right.pages.keys());
        left.len == right.len
            && pages.into_iter().all(|page| match (left.pages.get(page), right.pages.get(page)) {
                (Some(left), Some(right)) => are_nans_in_memory(left, right),
                // A page of zeros has no NaN.
                _ => false,
            })
    });
    let globals = left.globals.iter().zip(&right.globals);
    same_shape
        && memories
        && globals
            .into_iter()
            .all(|(left, right)| left.value.agrees(&right.value) || are_nans(&left.value, &right.value))
}

/// Whether a growth that one engine refused explains how the engines differ: its action returned -1, and all that is
/// different in the state are lengths, which are less where it did.
pub(super) fn is_growth(differences: &[Difference]) -> bool {
    let mut refused_left = None;
    for difference in differences {
        let Difference::Results(Some(left), Some(right)) = difference else { continue };
        let (&[left], &[right]) = (&left[..], &right[..]) else { return false };
        refused_left = match (is_refusal(left), is_refusal(right)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            (true, true) | (false, false) => return false,
        };
    }
    let Some(refused_left) = refused_left else { return false };
    let explains = |difference: &StateDifference| {
        let lengths = match (&difference.place, &difference.reference, &difference.got) {
            (StatePlace::Length(_), &StateContent::Bytes(left), &StateContent::Bytes(right))
            | (StatePlace::Length(_), &StateContent::Elements(left), &StateContent::Elements(right)) => {
                (left, right)
            }
            _ => return false,
        };
        (lengths.0 < lengths.1) == refused_left
    };
    let mut grown = false;
    let all = differences.iter().all(|difference| match difference {
        Difference::Results(..) => true,
        Difference::State(difference) => {
            grown = true;
            explains(difference)
        }
        Difference::Outcome(..)
        | Difference::Exception(..)
        | Difference::Trap(..)
        | Difference::MoreState(_)
        | Difference::SomeState
        | Difference::UnstableState
        | Difference::Code(..)
        | Difference::Reproducibility(_) => false,
    });
    all && grown
}

fn is_refusal(value: ObservedValue) -> bool {
    matches!(value, ObservedValue::Plain(Value::I32(-1) | Value::I64(-1)))
}

/// Whether two values differ in nothing but the bits of arithmetic NaNs.
fn are_nans(left: &ObservedValue, right: &ObservedValue) -> bool {
    match (left.plain(), right.plain()) {
        (Value::F32(left), Value::F32(right)) => NAN_32.holds(left) && NAN_32.holds(right),
        (Value::F64(left), Value::F64(right)) => NAN_64.holds(left) && NAN_64.holds(right),
        (Value::V128(left), Value::V128(right)) => {
            are_nans_in_memory(&left.to_le_bytes(), &right.to_le_bytes())
        }
        _ => false,
    }
}

/// Whether bytes, whose number is a multiple of eight, differ in nothing but arithmetic NaNs at multiples of their size.
fn are_nans_in_memory(left: &[u8], right: &[u8]) -> bool {
    let (left, _) = left.as_chunks::<8>();
    let (right, _) = right.as_chunks::<8>();
    left.len() == right.len()
        && left.iter().zip(right).all(|(&left, &right)| {
            let (left, right) = (u64::from_le_bytes(left), u64::from_le_bytes(right));
            let half = |shift: u32| {
                let (left, right) = ((left >> shift) as u32, (right >> shift) as u32);
                left == right || NAN_32.holds(left) && NAN_32.holds(right)
            };
            NAN_64.holds(left) && NAN_64.holds(right) || half(0) && half(32)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trail::{GlobalState, MemoryState, ObservedException, StateKind, TagIdentity, TagInfo};
    use std::collections::BTreeMap;

    fn returned(values: &[Value]) -> Observation {
        let results = values.iter().map(|&value| ObservedValue::Plain(value)).collect();
        Observation { results: Some(results), ..Observation::default() }
    }

    #[test]
    fn nans_differ_in_their_bits_and_numbers_do_not() {
        let nan = |bits| returned(&[Value::I32(1), Value::F32(bits)]);
        assert_eq!(results(&nan(0x7fc0_0000), &nan(0xffc0_0001)), Some(Permitted::NanPayload));
        assert_eq!(results(&nan(0x7fc0_0000), &nan(0x7f80_0000)), None);
        // One that no arithmetic has made.
        assert_eq!(results(&nan(0x7fc0_0000), &nan(0x7fa0_0000)), None);
        let signalling = |bits| returned(&[Value::F64(bits)]);
        assert_eq!(results(&signalling(0x7ff8_0000_0000_0000), &signalling(0x7ff0_0000_0000_1234)), None);
        let lanes = |low: u32, high: u64| returned(&[Value::V128(u128::from(high) << 64 | u128::from(low))]);
        let payload = 0x7ff8_0000_0000_0001;
        assert_eq!(
            results(&lanes(0x7fc0_0000, payload), &lanes(0x7fc0_0100, payload + 7)),
            Some(Permitted::NanPayload)
        );
        assert_eq!(results(&lanes(1, payload), &lanes(2, payload)), None);
        let threw = |tag, bits| {
            let tag = Some(TagInfo { identity: TagIdentity::Host(tag), name: None });
            let exception = ObservedException { tag, payload: vec![ObservedValue::Plain(Value::F32(bits))] };
            Observation { exception: Some(Box::new(exception)), ..Observation::default() }
        };
        let nans = (0x7fc0_0000, 0xffc0_0001);
        assert_eq!(results(&threw(0, nans.0), &threw(0, nans.1)), Some(Permitted::NanPayload));
        assert_eq!(results(&threw(0, nans.0), &threw(1, nans.1)), None);
        assert_eq!(results(&threw(0, nans.0), &returned(&[Value::F32(nans.0)])), None);
        let relaxed = Observation { relaxed: true, ..lanes(1, payload) };
        assert_eq!(results(&relaxed, &lanes(2, payload)), Some(Permitted::RelaxedSimd));
        assert_eq!(results(&returned(&[]), &returned(&[Value::I32(0)])), None);
    }

    #[test]
    fn a_state_of_nans_has_the_same_shape() {
        let state = |word: u64, global: u32| {
            let mut page = vec![0; 4096];
            page[8..16].copy_from_slice(&word.to_le_bytes());
            let memory = MemoryState { name: "m".to_owned(), len: 65536, pages: BTreeMap::from([(3, page)]) };
            let value = ObservedValue::Plain(Value::F32(global));
            let globals = vec![GlobalState { name: "g".to_owned(), value }];
            State { memories: vec![memory], globals, whole: true, ..State::default() }
        };
        let left = state(0x7fc0_0001_0000_0005, 0x7fc0_0000);
        assert!(are_nans_in_state(&left, &state(0x7fc0_0002_0000_0005, 0xffc0_0000)));
        assert!(!are_nans_in_state(&left, &state(0x7fc0_0002_0000_0006, 0x7fc0_0000)));
        assert!(!are_nans_in_state(&left, &state(0x7fc0_0001_0000_0005, 0)));
        let mut longer = left.clone();
        longer.memories[0].len *= 2;
        assert!(!are_nans_in_state(&left, &longer));
        longer.memories.clear();
        assert!(!are_nans_in_state(&left, &longer));
    }

    #[test]
    fn growth_is_refused_where_the_memory_is_shorter() {
        let results = |left, right| {
            let one = |value| Some(vec![ObservedValue::Plain(Value::I32(value))]);
            Difference::Results(one(left), one(right))
        };
        let length = |left, right| {
            Difference::State(Box::new(StateDifference {
                place: StatePlace::Length("memory".to_owned()),
                reference: StateContent::Bytes(left),
                got: StateContent::Bytes(right),
            }))
        };
        assert!(is_growth(&[results(-1, 1), length(65536, 131_072)]));
        assert!(is_growth(&[results(1, -1), length(131_072, 65536)]));
        assert!(!is_growth(&[results(-1, 1), length(131_072, 65536)]));
        assert!(!is_growth(&[results(0, 1), length(65536, 131_072)]));
        assert!(!is_growth(&[results(-1, 1)]));
        assert!(!is_growth(&[length(65536, 131_072)]));
        let count = StatePlace::Count(StateKind::Memories);
        let other =
            StateDifference { place: count, reference: StateContent::Count(1), got: StateContent::Count(2) };
        assert!(!is_growth(&[results(-1, 1), length(65536, 131_072), Difference::State(Box::new(other))]));
    }
}
