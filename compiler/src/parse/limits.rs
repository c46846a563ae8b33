//! Refusals of wasmparser that are limits of that implementation, and no rules of the specification.
//!
//! wasmparser has one type of error for both and tells them apart by their messages alone, so these are listed here, by the
//! version that the workspace pins. The tests provoke them, so that a new version with other messages turns them red; but
//! for those that no module reaches before another limit (targets of a `br_table`, effective sizes of types, indices of
//! types) or without stack switching (handlers of a `resume`).

use crate::error::ExceededLimit;

/// Messages about a single size or number, what they limit, and to how much.
const MESSAGES: [(&str, &str, u64); 10] = [
    ("function params size is out of bounds", "function parameters", 1000),
    ("function returns size is out of bounds", "function results", 1000),
    ("struct fields size is out of bounds", "fields of a struct", 10_000),
    ("br_table size is out of bounds", "targets of a br_table", 7_654_321),
    ("catches size is out of bounds", "catch clauses of a try_table", 10_000),
    ("resume table size is out of bounds", "handlers of a resume", 10_000),
    ("rec group types size is out of bounds", "types of a recursion group", 1_000_000),
    ("string size out of bounds", "bytes of a name", 100_000),
    ("number of elements is out of bounds", "elements of a segment", 10_000_000),
    ("too many locals: locals exceed maximum", "locals of a function", 50_000),
];

/// What messages of the form "… count exceeds limit of N" count, and what that is called here.
const COUNTS: [(&str, &str); 10] = [
    ("types", "types"),
    ("imports", "imports"),
    ("functions", "functions"),
    ("tables", "tables"),
    ("memories", "memories"),
    ("tags", "tags"),
    ("globals", "globals"),
    ("exports", "exports"),
    ("element segments", "element segments"),
    ("data segments", "data segments"),
];

/// The limit that a refusal is about, if it is about one.
///
/// A size that is larger than all the bytes that follow is not a limit's business: such a module is malformed, whatever
/// the implementation takes.
pub(super) fn exceeded(message: &str, offset: u64, wasm: &[u8]) -> Option<ExceededLimit> {
    let limit = |name, limit: Option<u64>, wanted| ExceededLimit { name, limit, wanted, in_decoder: true };
    if let Some(&(_, name, most)) = MESSAGES.iter().find(|(known, ..)| *known == message) {
        let sized = message.ends_with("size is out of bounds") || message.starts_with("string size");
        let wanted = if sized { Some(size_at(message, offset, wasm)?) } else { None };
        return Some(limit(name, Some(most), wanted));
    }
    if let Some((counted, most)) = message.split_once(" count exceeds limit of ") {
        if counted == "function body size" {
            return Some(limit("bytes of a function body", most.parse().ok(), None));
        }
        let (_, name) = COUNTS.iter().find(|(known, _)| *known == counted)?;
        return Some(limit(name, most.parse().ok(), None));
    }
    if let Some(most) = message.strip_prefix("effective type size exceeds the limit of ") {
        return Some(limit("effective sizes of types", most.parse().ok(), None));
    }
    if let Some(depths) = message.strip_prefix("sub type hierarchy too deep: found depth ") {
        let (found, most) = depths.split_once(", cannot exceed depth ")?;
        return Some(limit("levels of subtypes", most.parse().ok(), found.parse().ok()));
    }
    message.starts_with("implementation limit: ").then(|| limit("types", None, None))
}

/// The size that a refusal is about, from the LEB128 number that it names the place of; `None` if so many bytes cannot
/// follow.
fn size_at(message: &str, offset: u64, wasm: &[u8]) -> Option<u64> {
    let mut start = usize::try_from(offset).ok()?;
    if message.starts_with("string size") {
        // The offset is that of the number's last byte.
        let continued = |at: usize| wasm.get(at).is_some_and(|byte| byte & 0x80 != 0);
        while start > 0 && continued(start - 1) && usize::try_from(offset).ok()? - start < 4 {
            start -= 1;
        }
    }
    let mut size = 0;
    let bytes = wasm.get(start..)?;
    for (shift, byte) in (0..35).step_by(7).zip(bytes) {
        size |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return (size <= bytes.len() as u64).then_some(size);
        }
    }
    None
}

#[cfg(test)]
mod tests;
