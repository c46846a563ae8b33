//! Edits of bodies that keep part of what they replace.

use super::bodies::Replaced;
use super::error::EditError;
use super::outline::Outline;
use super::write::write;
use super::{Apply, Found};
use std::collections::HashMap;
use std::ops::Range;

/// Bytes that splices share, each once.
#[derive(Default)]
pub(super) struct Pool {
    entries: Vec<Vec<u8>>,
    numbers: HashMap<Vec<u8>, u32>,
}

impl Pool {
    /// The number of some bytes.
    pub(super) fn number(&mut self, bytes: &[u8]) -> u32 {
        if let Some(&number) = self.numbers.get(bytes) {
            return number;
        }
        let number = self.entries.len() as u32;
        self.entries.push(bytes.to_vec());
        self.numbers.insert(bytes.to_vec(), number);
        number
    }

    /// The bytes of a number.
    pub(super) fn bytes(&self, number: u32) -> &[u8] {
        &self.entries[number as usize]
    }
}

/// An edit of a body: a range of the module becomes some bytes, a part of the range, and some more bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Splice {
    /// Where the range begins in the module.
    start: u32,
    /// Where it ends.
    end: u32,
    /// Where the part begins that is kept.
    kept_start: u32,
    /// Where that part ends.
    kept_end: u32,
    /// The number of the bytes before what is kept.
    before: u32,
    /// The number of the bytes after it.
    after: u32,
}

/// Splices, in the order in which they are numbered. Of two of the same range the first wins; one within what another
/// removes has no effect, and one within what another keeps has.
#[derive(Default)]
pub(super) struct Splices {
    splices: Vec<Splice>,
    weights: Vec<u32>,
    /// The bytes that they insert.
    pub(super) pool: Pool,
}

impl Splices {
    /// Adds an edit that replaces a range by some bytes.
    pub(super) fn replace(&mut self, range: Range<u32>, bytes: &[u8]) {
        let start = range.start;
        self.keep(range, start..start, &[], bytes);
    }

    /// Adds an edit that replaces a range by some bytes, a part of it, and more bytes.
    pub(super) fn keep(&mut self, range: Range<u32>, kept: Range<u32>, before: &[u8], after: &[u8]) {
        let new = kept.len() + before.len() + after.len();
        self.weights.push(range.len().saturating_sub(new).max(1) as u32);
        let (before, after) = (self.pool.number(before), self.pool.number(after));
        let Range { start, end } = range;
        self.splices.push(Splice { start, end, kept_start: kept.start, kept_end: kept.end, before, after });
    }

    /// The edits of these splices.
    pub(super) fn found(self) -> Found {
        let Self { splices, weights, mut pool } = self;
        pool.numbers = HashMap::new();
        Found { weights, edits: Box::new(Spliced { splices, pool }) }
    }
}

struct Spliced {
    splices: Vec<Splice>,
    pool: Pool,
}

impl Apply for Spliced {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let mut chosen: Vec<Splice> = numbers.iter().map(|&number| self.splices[number]).collect();
        // Numbers ascend and the sort is stable, so of two with the same range the first stays the first.
        chosen.sort_by_key(|splice| (splice.start, u32::MAX - splice.end));
        let mut left = &chosen[..];
        let body = |number: usize| {
            let range = outline.bodies[number].clone();
            let (here, rest) = left.split_at(left.partition_point(|splice| splice.start < range.end));
            left = rest;
            Ok((!here.is_empty()).then(|| self.splice(outline.wasm, range, here)))
        };
        write(outline, &mut Replaced { outline, body })
    }
}

impl Spliced {
    /// The bytes of a range with some splices applied, which are sorted: outer ones first.
    fn splice(&self, wasm: &[u8], range: Range<u32>, splices: &[Splice]) -> Vec<u8> {
        let mut out = Vec::with_capacity(range.len());
        // The splices around the position: where what they keep ends, where they end, and what is inserted there.
        let mut around: Vec<(u32, u32, u32)> = Vec::new();
        let mut position = range.start;
        let leave = |out: &mut Vec<u8>, position: &mut u32, around: &mut Vec<(u32, u32, u32)>, until: u32| {
            while let Some(&(kept_end, end, after)) =
                around.last().filter(|(kept_end, ..)| *kept_end <= until)
            {
                out.extend_from_slice(&wasm[*position as usize..kept_end as usize]);
                out.extend_from_slice(self.pool.bytes(after));
                *position = end;
                around.pop();
            }
        };
        for splice in splices {
            leave(&mut out, &mut position, &mut around, splice.start);
            let limit = around.last().map_or(range.end, |&(kept_end, ..)| kept_end);
            if splice.start < position || splice.end > limit {
                continue;
            }
            out.extend_from_slice(&wasm[position as usize..splice.start as usize]);
            out.extend_from_slice(self.pool.bytes(splice.before));
            position = splice.kept_start;
            around.push((splice.kept_end, splice.end, splice.after));
        }
        leave(&mut out, &mut position, &mut around, u32::MAX);
        out.extend_from_slice(&wasm[position as usize..range.end as usize]);
        out
    }
}
