//! Arenas: what a store owns of one kind, by number.

use crate::stable::Stable;
use std::ops::{Index, IndexMut};

/// Things of a store that stay where they are, by their numbers. Nothing is ever taken out.
#[derive(Debug)]
pub(crate) struct Arena<T>(Vec<Stable<T>>);

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Arena<T> {
    /// Takes something in, and gives its number.
    pub(crate) fn push(&mut self, item: Stable<T>) -> u32 {
        self.0.push(item);
        self.0.len() as u32 - 1
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Where it lies.
    pub(crate) fn address(&self, index: u32) -> *mut T {
        self.0[index as usize].as_ptr()
    }

    /// All of them, by number.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.0.iter().map(|item| &**item)
    }

    /// All of them, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|item| &mut **item)
    }
}

impl<T> Index<u32> for Arena<T> {
    type Output = T;

    fn index(&self, index: u32) -> &T {
        &self.0[index as usize]
    }
}

impl<T> IndexMut<u32> for Arena<T> {
    fn index_mut(&mut self, index: u32) -> &mut T {
        &mut self.0[index as usize]
    }
}

/// A memory or a table: elements by address, with bulk operations on them.
pub(crate) trait Elements {
    /// What an element is set to.
    type Element;
    /// Some elements that are there.
    type Part: Part<Element = Self::Element>;

    /// `len` elements from an address on, if all of them are there: `at + len` as a sum that must not wrap, compared with
    /// the size.
    fn part(&self, at: u64, len: u64) -> Option<Self::Part>;
}

/// Some elements of a memory or a table.
pub(crate) trait Part {
    /// What an element is set to.
    type Element;

    /// Copies the elements of another part of the same length, as if through a buffer.
    fn copy_from(self, source: Self);

    /// Sets all elements.
    fn fill(self, element: Self::Element);
}

/// Bulk operations (specification: `memory.copy`, `table.copy` and their relatives). `None` if a range is not within its
/// bounds; nothing is written then.
impl<T: Elements> Arena<T> {
    /// Copies between two, or within one as if through a buffer.
    pub(crate) fn copy(&mut self, target: u32, source: u32, dst: u64, src: u64, len: u64) -> Option<()> {
        let to = self[target].part(dst, len)?;
        to.copy_from(self[source].part(src, len)?);
        Some(())
    }

    /// Sets elements.
    pub(crate) fn fill(&mut self, target: u32, dst: u64, element: T::Element, len: u64) -> Option<()> {
        self[target].part(dst, len)?.fill(element);
        Some(())
    }

    /// Writes a part of a segment of `available` elements: `write` is given the target, and where the part begins.
    pub(crate) fn init(
        &mut self,
        target: u32,
        available: u64,
        dst: u64,
        src: u64,
        len: u64,
        write: impl FnOnce(T::Part, usize),
    ) -> Option<()> {
        src.checked_add(len).filter(|&end| end <= available)?;
        write(self[target].part(dst, len)?, src as usize);
        Some(())
    }
}
