//! Bytes of a memory that the host reads and writes.
//!
//! The bytes of a memory that is not shared are copied as a whole. Those of a shared memory may be changed by other threads
//! at the same time, so they are copied one by one through relaxed atomic accesses (specification of threads: accesses by
//! the host are unordered data accesses of bytes). A byte is the only size at which accesses of two host threads never
//! overlap in part.

use crate::arena::Part;
use std::sync::atomic::{AtomicU8, Ordering};

/// A range within a memory, which stays there: memories do not shrink.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    base: *mut u8,
    len: usize,
    /// Whether other threads may access the bytes.
    shared: bool,
}

impl Span {
    /// A range of a memory.
    ///
    /// # Safety
    ///
    /// I3, I11: all `len` bytes at `base` are within a memory that lives for as long as the span is used, and no Rust
    /// reference to them exists. Unless `shared`, no other thread accesses them meanwhile.
    pub(super) unsafe fn new(base: *mut u8, len: usize, shared: bool) -> Span {
        Span { base, len, shared }
    }

    /// Copies the bytes out.
    ///
    /// # Panics
    ///
    /// If `into` has another length.
    pub(crate) fn read(self, into: &mut [u8]) {
        assert_eq!(self.len, into.len(), "a buffer of another length");
        if self.shared {
            into.iter_mut().enumerate().for_each(|(at, byte)| *byte = self.load(at));
        } else {
            // SAFETY: I3: both ranges have the length, and no Rust reference to the memory's bytes exists.
            unsafe { std::ptr::copy_nonoverlapping(self.base, into.as_mut_ptr(), self.len) };
        }
    }

    /// Whether these are the bytes.
    pub(crate) fn is(self, bytes: &[u8]) -> bool {
        if self.len != bytes.len() {
            return false;
        }
        if self.shared {
            return bytes.iter().enumerate().all(|(at, &byte)| self.load(at) == byte);
        }
        // SAFETY: I3: both ranges have the length, and no Rust reference to the memory's bytes is made.
        unsafe { libc::memcmp(self.base.cast(), bytes.as_ptr().cast(), self.len) == 0 }
    }

    /// Copies bytes in.
    ///
    /// # Panics
    ///
    /// If `bytes` has another length.
    pub(crate) fn write(self, bytes: &[u8]) {
        assert_eq!(self.len, bytes.len(), "a buffer of another length");
        if self.shared {
            bytes.iter().enumerate().for_each(|(at, &byte)| self.store(at, byte));
        } else {
            // SAFETY: I3: both ranges have the length, and no Rust reference to the memory's bytes exists.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.base, self.len) };
        }
    }

    fn load(self, at: usize) -> u8 {
        self.byte(at).load(Ordering::Relaxed)
    }

    fn store(self, at: usize, value: u8) {
        self.byte(at).store(value, Ordering::Relaxed);
    }

    fn byte(&self, at: usize) -> &AtomicU8 {
        debug_assert!(at < self.len);
        // SAFETY: I3, I11: within the memory, where zero or any other byte is a valid value; others access shared bytes
        // atomically or by compiled code, and those of other memories not at all meanwhile.
        unsafe { AtomicU8::from_ptr(self.base.add(at)) }
    }
}

impl Part for Span {
    type Element = u8;

    fn fill(self, value: u8) {
        if self.shared {
            (0..self.len).for_each(|at| self.store(at, value));
        } else {
            // SAFETY: I3: the range is within the memory, and no Rust reference to its bytes exists.
            unsafe { std::ptr::write_bytes(self.base, value, self.len) };
        }
    }

    /// # Panics
    ///
    /// If it has another length.
    fn copy_from(self, source: Span) {
        assert_eq!(self.len, source.len, "a range of another length");
        if !self.shared && !source.shared {
            // SAFETY: I3: both ranges are within their memories, and no Rust reference to their bytes exists.
            unsafe { std::ptr::copy(source.base, self.base, self.len) };
        } else if self.base <= source.base {
            (0..self.len).for_each(|at| self.store(at, source.load(at)));
        } else {
            (0..self.len).rev().for_each(|at| self.store(at, source.load(at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(bytes: &mut [u8], range: std::ops::Range<usize>, shared: bool) -> Span {
        let part = &mut bytes[range];
        // SAFETY: I3: the test accesses the bytes through spans alone while it has one.
        unsafe { Span::new(part.as_mut_ptr(), part.len(), shared) }
    }

    #[test]
    fn shared_bytes_are_copied_like_others() {
        for shared in [false, true] {
            let mut bytes: Vec<u8> = (0..32).collect();
            let wanted = {
                let mut wanted = bytes.clone();
                wanted.copy_within(4..20, 7);
                wanted.copy_within(9..25, 2);
                wanted[30..].fill(9);
                wanted[..3].copy_from_slice(&[1, 2, 3]);
                wanted
            };
            for (to, from) in [(7..23, 4..20), (2..18, 9..25)] {
                let source = span(&mut bytes, from, shared);
                span(&mut bytes, to, shared).copy_from(source);
            }
            span(&mut bytes, 30..32, shared).fill(9);
            span(&mut bytes, 0..3, shared).write(&[1, 2, 3]);
            let mut read = [0; 32];
            span(&mut bytes, 0..32, shared).read(&mut read);
            assert_eq!(read[..], wanted);
        }
    }
}
