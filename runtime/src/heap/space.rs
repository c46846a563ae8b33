//! The address space of a heap: two halves for objects, of which one is in use, and the table of supertypes.

use crate::error::ResourceError;
use crate::sys::mmap::{Mapping, PAGE_SIZE, Protection};
use std::io;
use std::ops::Range;
use trapline_abi::heap::{DISPLAY_STRIDE, GUARD, MAX_TYPES, NULL_PAGE, SPACE};

/// Where the first row of the table of supertypes lies, in bytes from the start.
const DISPLAYS: usize = (SPACE + GUARD) as usize;
/// Bytes of the whole.
const LEN: usize = DISPLAYS + (MAX_TYPES as usize + 1) * DISPLAY_STRIDE as usize + PAGE_SIZE;
/// Bytes of the first half that are never used, and of the second one, so that both have one size.
const UNUSED: usize = NULL_PAGE as usize;

/// Bytes that one half can have.
pub(crate) const MAX_CAPACITY: u64 = SPACE / 2 - UNUSED as u64;

/// One of the two halves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Half {
    Lower,
    Upper,
}

impl Half {
    /// The reference to an object at its start.
    pub(crate) const fn start(self) -> u32 {
        match self {
            Half::Lower => UNUSED as u32,
            Half::Upper => (SPACE / 2) as u32,
        }
    }

    pub(crate) const fn other(self) -> Half {
        match self {
            Half::Lower => Half::Upper,
            Half::Upper => Half::Lower,
        }
    }

    const fn number(self) -> usize {
        self as usize
    }
}

/// The reserved range. Of each half, some bytes from its start on are accessible.
#[derive(Debug)]
pub(crate) struct Space {
    mapping: Mapping,
    accessible: [usize; 2],
    /// Accessible bytes of the table of supertypes.
    displays: usize,
}

impl Space {
    /// Reserves the range. None of it is accessible.
    pub(crate) fn reserve() -> Result<Space, ResourceError> {
        let reserved = Mapping::new(LEN, Protection::None);
        let mapping = reserved.map_err(|source| ResourceError::HeapMap { bytes: LEN as u64, source })?;
        Ok(Space { mapping, accessible: [0; 2], displays: 0 })
    }

    /// The first byte.
    pub(crate) fn base(&self) -> *mut u8 {
        self.mapping.base().as_ptr()
    }

    /// The first row of the table of supertypes.
    pub(crate) fn displays(&self) -> *const u8 {
        self.base().wrapping_add(DISPLAYS).cast_const()
    }

    /// Makes so many bytes of a half accessible, in whole pages, at least.
    pub(crate) fn open(&mut self, half: Half, len: u64) -> io::Result<()> {
        let len = (len as usize).next_multiple_of(PAGE_SIZE);
        let open = self.accessible[half.number()];
        if len > open {
            let start = half.start() as usize;
            self.mapping.protect(start + open..start + len, Protection::ReadWrite)?;
            self.accessible[half.number()] = len;
        }
        Ok(())
    }

    /// Makes a half inaccessible, so that any access to it faults.
    pub(crate) fn close(&mut self, half: Half) -> io::Result<()> {
        let start = half.start() as usize;
        let open = std::mem::take(&mut self.accessible[half.number()]);
        self.mapping.protect(start..start + open, Protection::None)
    }

    /// The accessible bytes of a half.
    pub(crate) fn half(&self, half: Half) -> &[u8] {
        let (at, len) = (self.base().wrapping_add(half.start() as usize), self.accessible[half.number()]);
        // SAFETY: I14: the bytes are accessible, and no compiled code runs while the borrow lasts.
        unsafe { std::slice::from_raw_parts(at, len) }
    }

    /// The accessible bytes of a half, to be changed.
    pub(crate) fn half_mut(&mut self, half: Half) -> &mut [u8] {
        let (at, len) = (self.base().wrapping_add(half.start() as usize), self.accessible[half.number()]);
        // SAFETY: I14: as above, and the borrow is of the whole space.
        unsafe { std::slice::from_raw_parts_mut(at, len) }
    }

    /// The accessible bytes of a half and of the other one, to be changed.
    pub(crate) fn both_mut(&mut self, half: Half) -> (&mut [u8], &mut [u8]) {
        let part =
            |half: Half| (self.base().wrapping_add(half.start() as usize), self.accessible[half.number()]);
        let ((from, from_len), (to, to_len)) = (part(half), part(half.other()));
        // SAFETY: I14: as above; the halves do not overlap.
        unsafe {
            (std::slice::from_raw_parts_mut(from, from_len), std::slice::from_raw_parts_mut(to, to_len))
        }
    }

    /// Writes a row of the table of supertypes.
    pub(crate) fn set_display(
        &mut self,
        number: usize,
        row: [u32; DISPLAY_STRIDE as usize / 4],
    ) -> io::Result<()> {
        let Range { start, end } = number * DISPLAY_STRIDE as usize..(number + 1) * DISPLAY_STRIDE as usize;
        assert!(number < MAX_TYPES as usize, "a store has more types than headers can name");
        if end > self.displays {
            // Many more will follow one.
            let len = end.next_power_of_two().clamp(PAGE_SIZE, LEN - DISPLAYS - PAGE_SIZE);
            self.mapping.protect(DISPLAYS + self.displays..DISPLAYS + len, Protection::ReadWrite)?;
            self.displays = len;
        }
        let at = self.base().wrapping_add(DISPLAYS + start).cast::<[u32; DISPLAY_STRIDE as usize / 4]>();
        // SAFETY: I14: the row is accessible and aligned; compiled code reads it only while it runs.
        unsafe { at.write(row.map(u32::to_le)) };
        Ok(())
    }
}
