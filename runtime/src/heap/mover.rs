//! Moving what is alive from one half to the other (C. J. Cheney, "A nonrecursive list compacting algorithm", 1970).
//!
//! What the mover reads from the heap it checks: a word that is no reference, or a header that is no type, ends in a panic,
//! never in an access beyond the halves.

use crate::layout::{EXTERN_SIZE, FixedLayout, ObjectLayout, element_at};
use trapline_abi::heap::{ARRAY_LENGTH, DISPLAY_STRIDE, EXCEPTION_TAG, array_size};

/// A collection under way.
pub(crate) struct Mover<'a> {
    pub(crate) from: &'a mut [u8],
    /// The reference to the first byte of `from`.
    pub(crate) from_start: u32,
    /// Bytes of `from` that objects lie in.
    pub(crate) from_len: usize,
    pub(crate) to: &'a mut [u8],
    /// The reference to the first byte of `to`.
    pub(crate) to_start: u32,
    /// Bytes of `to` that objects lie in.
    pub(crate) next: usize,
    pub(crate) layouts: &'a [ObjectLayout],
    pub(crate) tags: &'a [FixedLayout],
}

pub(super) fn word(bytes: &[u8], at: usize) -> u32 {
    match bytes[at..].first_chunk() {
        Some(&word) => u32::from_le_bytes(word),
        None => panic!("the heap ends within a word"),
    }
}

pub(super) fn set_word(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

impl Mover<'_> {
    /// Where the object of a reference lies now. It is moved if it has not been yet.
    pub(crate) fn forward(&mut self, reference: u32) -> u32 {
        if reference == 0 || reference & 1 != 0 {
            return reference;
        }
        let at = reference.wrapping_sub(self.from_start) as usize;
        assert!(at < self.from_len && at.is_multiple_of(8), "{reference:#x} does not refer to an object");
        let header = word(self.from, at);
        if header & 1 != 0 {
            return header - 1;
        }
        let size = self.size(header, at);
        let (start, end) = (self.next, self.next + size);
        self.to[start..end].copy_from_slice(&self.from[at..at + size]);
        self.next = end;
        let moved = self.to_start + start as u32;
        set_word(self.from, at, moved + 1);
        moved
    }

    fn layout(&self, header: u32) -> &ObjectLayout {
        assert!(header.is_multiple_of(DISPLAY_STRIDE), "{header:#x} is not a header");
        &self.layouts[(header / DISPLAY_STRIDE) as usize]
    }

    /// Bytes of the object at a place in `from`.
    fn size(&self, header: u32, at: usize) -> usize {
        let size = match self.layout(header) {
            ObjectLayout::Struct(fixed) => fixed.size(),
            ObjectLayout::Array { element, .. } => {
                array_size(word(self.from, at + ARRAY_LENGTH as usize), *element)
            }
            ObjectLayout::Extern => EXTERN_SIZE,
            ObjectLayout::Exception => {
                self.tags[word(self.from, at + EXCEPTION_TAG as usize) as usize].size()
            }
            ObjectLayout::None => panic!("an object has the type of a function"),
        };
        size as usize
    }

    /// Moves all that the moved objects refer to, and what those refer to, and so on.
    pub(crate) fn finish(&mut self) {
        let mut at = 0;
        let layouts = self.layouts;
        while at < self.next {
            let header = word(self.to, at);
            let size = match &layouts[(header / DISPLAY_STRIDE) as usize] {
                ObjectLayout::Struct(fixed) => self.finish_fixed(at, fixed),
                ObjectLayout::Array { element, refers } => {
                    let len = word(self.to, at + ARRAY_LENGTH as usize);
                    for index in 0..if *refers { len } else { 0 } {
                        self.finish_word(at + element_at(index, *element) as usize);
                    }
                    array_size(len, *element)
                }
                ObjectLayout::Extern => EXTERN_SIZE,
                ObjectLayout::Exception => {
                    let tags = self.tags;
                    let tag = word(self.to, at + EXCEPTION_TAG as usize);
                    self.finish_fixed(at, &tags[tag as usize])
                }
                ObjectLayout::None => panic!("an object has the type of a function"),
            };
            at += size as usize;
        }
    }

    fn finish_fixed(&mut self, at: usize, fixed: &FixedLayout) -> u64 {
        for &reference in &fixed.references {
            self.finish_word(at + reference as usize);
        }
        fixed.size()
    }

    fn finish_word(&mut self, at: usize) {
        let reference = word(self.to, at);
        let moved = self.forward(reference);
        if moved != reference {
            set_word(self.to, at, moved);
        }
    }
}
