//! Which directive of one version of a script is which of another.

use crate::outcome::DirectiveRecord;
use crate::script::Keyword;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Range;

/// What a directive is known by.
pub(crate) type Symbol = (Keyword, u64);

/// What directives are known by: their texts, or if `by_content` is false their columns.
pub(crate) fn symbol(record: &DirectiveRecord, by_content: bool) -> Symbol {
    let content = record.content.filter(|_| by_content);
    (record.directive, content.map_or(record.col.into(), |content| content.number()))
}

/// The pairs of directives that are the same one, by their positions, in the order of `old`. Directives with the same text
/// are paired in order, by a longest common subsequence; of those in between, the first of a keyword is the first of the
/// other side, as their texts were edited. Where a report does not tell hashes of texts, the keyword and the column take
/// their place.
pub(crate) fn align(old: &[Symbol], new: &[Symbol]) -> Vec<(usize, usize)> {
    let same = common(old, new);
    let mut pairs = Vec::with_capacity(same.len());
    let (mut left, mut right) = (0, 0);
    for (one, other) in same.into_iter().chain([(old.len(), new.len())]) {
        edited(old, left..one, new, right..other, &mut pairs);
        if one < old.len() {
            pairs.push((one, other));
        }
        (left, right) = (one + 1, other + 1);
    }
    pairs
}

/// A longest common subsequence. What only one side has cannot be in it: it is left out first, because the search takes
/// time for everything that differs.
fn common(old: &[Symbol], new: &[Symbol]) -> Vec<(usize, usize)> {
    let mut numbers: HashMap<Symbol, (u32, bool)> = HashMap::new();
    for &symbol in old {
        let next = numbers.len() as u32;
        numbers.entry(symbol).or_insert((next, false));
    }
    let mut right = Vec::new();
    for (at, symbol) in new.iter().enumerate() {
        if let Some((number, shared)) = numbers.get_mut(symbol) {
            *shared = true;
            right.push((at, *number));
        }
    }
    let shared = |(at, symbol): (usize, &Symbol)| match numbers.get(symbol) {
        Some(&(number, true)) => Some((at, number)),
        Some(_) | None => None,
    };
    let left: Vec<(usize, u32)> = old.iter().enumerate().filter_map(shared).collect();
    let numbers_of = |side: &[(usize, u32)]| side.iter().map(|&(_, number)| number).collect::<Vec<_>>();
    let steps = capture_diff_slices(Algorithm::Patience, &numbers_of(&left), &numbers_of(&right));
    let mut pairs = Vec::new();
    for step in steps {
        if let DiffOp::Equal { old_index, new_index, len } = step {
            pairs.extend((0..len).map(|at| (left[old_index + at].0, right[new_index + at].0)));
        }
    }
    pairs
}

/// Pairs what lies between two pairs, by keyword.
fn edited(
    old: &[Symbol],
    left: Range<usize>,
    new: &[Symbol],
    right: Range<usize>,
    pairs: &mut Vec<(usize, usize)>,
) {
    let mut waiting: BTreeMap<Keyword, VecDeque<usize>> = BTreeMap::new();
    for at in right {
        waiting.entry(new[at].0).or_default().push_back(at);
    }
    for at in left {
        let other = waiting.get_mut(&old[at].0).and_then(VecDeque::pop_front);
        pairs.extend(other.map(|other| (at, other)));
    }
}
