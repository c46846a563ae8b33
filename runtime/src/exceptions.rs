//! Exceptions and their tags, as a store owns them.
//!
//! A reference is twice an index plus two: 0 is null, and an odd number is no reference. An exception is freed when it is
//! caught by a handler that takes only what it carries and nothing has ever taken its reference. All others are freed when no
//! compiled code runs in the store and neither global, table nor exception holds them.

use crate::handle::{Exception, Tag, Val};
use std::cell::Cell;
use std::fmt;
use std::num::NonZeroU32;
use trapline_abi::TypeId;
use trapline_abi::vmlayout::ValRaw;

/// Exceptions of one store that are alive at once, at most: what a reference can count.
const MAX_EXCEPTIONS: usize = (u32::MAX / 2 - 1) as usize;

/// The exceptions and tags of a store.
#[derive(Debug, Default)]
pub(crate) struct Exceptions {
    /// The types of the tags.
    tags: Vec<TypeId>,
    slots: Vec<Option<ExceptionData>>,
    free: Vec<u32>,
    /// How many exceptions have to be alive for the next sweep.
    threshold: usize,
}

#[derive(Debug)]
struct ExceptionData {
    tag: u32,
    payload: Box<[ValRaw]>,
    /// Whether a reference to it has been given out.
    kept: bool,
    /// Whether the host has got hold of it.
    pinned: Cell<bool>,
}

impl Exceptions {
    pub(crate) fn add_tag(&mut self, ty: TypeId) -> u32 {
        self.tags.push(ty);
        self.tags.len() as u32 - 1
    }

    /// The function types of all tags.
    pub(crate) fn tag_types(&self) -> &[TypeId] {
        &self.tags
    }

    /// The function type of a tag.
    pub(crate) fn tag_type(&self, tag: u32) -> TypeId {
        self.tags[tag as usize]
    }

    /// Makes an exception. `None` if there are too many.
    pub(crate) fn add(&mut self, tag: u32, payload: Box<[ValRaw]>) -> Option<NonZeroU32> {
        let data = ExceptionData { tag, payload, kept: false, pinned: Cell::new(false) };
        let index = match self.free.pop() {
            Some(index) => index,
            None if self.slots.len() >= MAX_EXCEPTIONS => return None,
            None => {
                self.slots.push(None);
                self.slots.len() as u32 - 1
            }
        };
        self.slots[index as usize] = Some(data);
        NonZeroU32::new((index + 1) * 2)
    }

    fn get(&self, reference: NonZeroU32) -> &ExceptionData {
        match &self.slots[index(reference)] {
            Some(data) => data,
            None => unreachable!("a reference to an exception outlived it"),
        }
    }

    pub(crate) fn tag(&self, reference: NonZeroU32) -> u32 {
        self.get(reference).tag
    }

    pub(crate) fn payload(&self, reference: NonZeroU32) -> &[ValRaw] {
        &self.get(reference).payload
    }

    /// Keeps an exception as long as the store lives.
    pub(crate) fn pin(&self, reference: NonZeroU32) {
        self.get(reference).pinned.set(true);
    }

    /// Notes that a handler has taken an exception, and whether with its reference. Without, it may be over.
    pub(crate) fn caught(&mut self, reference: NonZeroU32, kept: bool) {
        let Some(data) = &mut self.slots[index(reference)] else { return };
        data.kept |= kept;
        if !data.kept && !data.pinned.get() {
            self.free(index(reference));
        }
    }

    /// Whether so many are alive that a sweep is due.
    pub(crate) fn are_many(&self) -> bool {
        self.alive() > self.threshold.max(64)
    }

    fn alive(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// References to those that the host has got hold of.
    pub(crate) fn pinned(&self) -> impl Iterator<Item = u32> {
        let numbered = self.slots.iter().zip(1_u32..);
        let pinned = |slot: &Option<ExceptionData>| slot.as_ref().is_some_and(|data| data.pinned.get());
        numbered.filter(move |(slot, _)| pinned(slot)).map(|(_, number)| number * 2)
    }

    /// Frees all but those that are reached from `roots`; `held` gives the references that one holds.
    pub(crate) fn keep_only(&mut self, mut roots: Vec<u32>, held: impl Fn(u32, &[ValRaw], &mut Vec<u32>)) {
        let mut marked = vec![false; self.slots.len()];
        while let Some(reference) = roots.pop() {
            let Some(reference) = NonZeroU32::new(reference) else { continue };
            if !std::mem::replace(&mut marked[index(reference)], true) {
                let data = self.get(reference);
                held(data.tag, &data.payload, &mut roots);
            }
        }
        for (at, marked) in marked.iter().enumerate() {
            if !marked && self.slots[at].is_some() {
                self.free(at);
            }
        }
        self.threshold = 2 * self.alive();
    }

    fn free(&mut self, index: usize) {
        self.slots[index] = None;
        self.free.push(index as u32);
    }
}

fn index(reference: NonZeroU32) -> usize {
    reference.get() as usize / 2 - 1
}

/// An exception that nothing has caught.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UncaughtException {
    /// The exception.
    pub exception: Exception,
    /// Its tag.
    pub tag: Tag,
    /// What it carries.
    pub payload: Vec<Val>,
}

impl fmt::Display for UncaughtException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.payload.len();
        let values = if count == 1 { "value" } else { "values" };
        write!(f, "uncaught exception with {count} {values}")
    }
}

impl std::error::Error for UncaughtException {}
