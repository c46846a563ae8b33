//! What differs between two snapshots.

use super::snapshot::{MemorySnapshot, Segments, Snapshot, TableSnapshot};
use std::fmt;

/// The first difference within a memory, a table, a global or an instance's segments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateDifference {
    /// Where: `memory 0 of instance 1, byte 0x10`.
    pub place: String,
    /// What is there on the one side.
    pub left: String,
    /// What is there on the other.
    pub right: String,
}

impl fmt::Display for StateDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} and {}", self.place, self.left, self.right)
    }
}

/// Names the first differing byte of each memory, the first differing entry of each table, each
/// differing global, and the first differing segment of each instance. Nothing differs if there is
/// nothing to name.
pub fn describe_difference(left: &Snapshot, right: &Snapshot) -> Vec<StateDifference> {
    let mut found = Vec::new();
    let counts = [
        ("memories", left.memories.len(), right.memories.len()),
        ("tables", left.tables.len(), right.tables.len()),
        ("globals", left.globals.len(), right.globals.len()),
        ("instances", left.instances.len(), right.instances.len()),
    ];
    for (what, left, right) in counts.into_iter().filter(|(_, left, right)| left != right) {
        found.push(difference(format!("the number of {what}"), left, right));
    }
    found.extend(left.memories.iter().zip(&right.memories).filter_map(|(left, right)| memory(left, right)));
    found.extend(left.tables.iter().zip(&right.tables).filter_map(|(left, right)| table(left, right)));
    for ((name, left), (_, right)) in left.globals.iter().zip(&right.globals) {
        if left != right {
            found.push(difference(name.clone(), left, right));
        }
    }
    for (number, (left, right)) in left.instances.iter().zip(&right.instances).enumerate() {
        found.extend(segments(number, left, right));
    }
    found
}

fn difference(place: String, left: impl fmt::Display, right: impl fmt::Display) -> StateDifference {
    StateDifference { place, left: left.to_string(), right: right.to_string() }
}

fn memory(left: &MemorySnapshot, right: &MemorySnapshot) -> Option<StateDifference> {
    if left.len != right.len {
        let bytes = |len| format!("{len} bytes");
        return Some(difference(format!("{}, length", left.name), bytes(left.len), bytes(right.len)));
    }
    let numbers = left.pages.keys().chain(right.pages.keys());
    let differing = |number: &&u64| left.pages.get(number) != right.pages.get(number);
    let &number = numbers.filter(differing).min()?;
    let byte = |memory: &MemorySnapshot, at: usize| {
        memory.pages.get(&number).and_then(|page| page.get(at)).copied().unwrap_or(0)
    };
    let at = (0..super::PAGE_SIZE).find(|&at| byte(left, at) != byte(right, at))?;
    let address = number * super::PAGE_SIZE as u64 + at as u64;
    let shown = |memory| format!("{:#04x}", byte(memory, at));
    Some(difference(format!("{}, byte {address:#x}", left.name), shown(left), shown(right)))
}

fn table(left: &TableSnapshot, right: &TableSnapshot) -> Option<StateDifference> {
    if left.len != right.len {
        let elements = |len| format!("{len} elements");
        return Some(difference(format!("{}, length", left.name), elements(left.len), elements(right.len)));
    }
    let indices = left.elements.keys().chain(right.elements.keys());
    let &at = indices.filter(|at| left.elements.get(at) != right.elements.get(at)).min()?;
    let shown = |table: &TableSnapshot| match table.elements.get(&at) {
        Some(value) => value.to_string(),
        None => "null".to_owned(),
    };
    Some(difference(format!("{}, element {at}", left.name), shown(left), shown(right)))
}

fn segments(number: usize, left: &Segments, right: &Segments) -> Option<StateDifference> {
    for (kind, left, right) in
        [("data", &left.data, &right.data), ("element", &left.elements, &right.elements)]
    {
        if left.len() != right.len() {
            let place = format!("the number of {kind} segments of instance {number}");
            return Some(difference(place, left.len(), right.len()));
        }
        if let Some(at) = (0..left.len()).find(|&at| left[at] != right[at]) {
            let shown = |dropped| if dropped { "dropped" } else { "not dropped" };
            let place = format!("{kind} segment {at} of instance {number}");
            return Some(difference(place, shown(left[at]), shown(right[at])));
        }
    }
    None
}
