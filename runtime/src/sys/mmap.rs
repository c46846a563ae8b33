//! Anonymous mappings of memory.

use super::exhausted::explain;
use std::io;
use std::ops::Range;
use std::ptr::{self, NonNull};

/// Bytes in a page of the machine (not of WebAssembly): fixed on x86-64.
pub(crate) const PAGE_SIZE: usize = 4096;

/// Rounds up to whole pages; `None` if the result would not fit.
pub(crate) fn round_to_pages(len: usize) -> Option<usize> {
    Some(len.checked_add(PAGE_SIZE - 1)? & !(PAGE_SIZE - 1))
}

/// What may be done with a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Protection {
    /// Nothing: any access faults.
    None,
    /// Reading and writing.
    ReadWrite,
    /// Reading and executing.
    ReadExecute,
}

impl Protection {
    const fn bits(self) -> libc::c_int {
        match self {
            Protection::None => libc::PROT_NONE,
            Protection::ReadWrite => libc::PROT_READ | libc::PROT_WRITE,
            Protection::ReadExecute => libc::PROT_READ | libc::PROT_EXEC,
        }
    }
}

/// A private anonymous mapping of whole pages, unmapped when dropped. Its pages are zero at first.
///
/// Only the owner knows its addresses, so only the owner decides what happens to its pages:
/// all access goes through raw pointers made from [`Mapping::base`].
#[derive(Debug)]
pub(crate) struct Mapping {
    base: NonNull<u8>,
    len: usize,
}

// SAFETY: I1: a mapping is plain address space; it belongs to no thread, and `&Mapping` gives only
// its numbers away.
unsafe impl Send for Mapping {}
// SAFETY: I1: as above.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps `len` bytes, rounded up to whole pages and at least one.
    ///
    /// # Errors
    ///
    /// When the system has no such stretch of address space left, or another of its limits is
    /// reached.
    pub(crate) fn new(len: usize, protection: Protection) -> io::Result<Mapping> {
        Mapping::try_new(len, protection).map_err(|error| explain(error, len, protection))
    }

    /// The same, with an error that is the system's own.
    pub(super) fn try_new(len: usize, protection: Protection) -> io::Result<Mapping> {
        let len = round_to_pages(len.max(1)).ok_or(io::ErrorKind::OutOfMemory)?;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: I1: a fresh anonymous mapping at an address of the system's choice touches nothing
        // that exists.
        let base = unsafe { libc::mmap(ptr::null_mut(), len, protection.bits(), flags, -1, 0) };
        match NonNull::new(base.cast::<u8>()) {
            Some(base) if base.as_ptr().cast::<libc::c_void>() != libc::MAP_FAILED => {
                Ok(Mapping { base, len })
            }
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// The first byte.
    pub(crate) fn base(&self) -> NonNull<u8> {
        self.base
    }

    /// Its size in bytes: whole pages.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Changes what may be done with a range of pages, given in bytes from the start.
    ///
    /// # Errors
    ///
    /// When the range is not made of pages of the mapping, or the system refuses (pages made
    /// writable may count against what it can commit to).
    pub(crate) fn protect(&mut self, range: Range<usize>, protection: Protection) -> io::Result<()> {
        let len = range.len();
        self.try_protect(range, protection).map_err(|error| explain(error, len, protection))
    }

    /// The same, with an error that is the system's own.
    pub(super) fn try_protect(&mut self, range: Range<usize>, protection: Protection) -> io::Result<()> {
        let at = self.pages(&range)?;
        if range.is_empty() {
            return Ok(());
        }
        // SAFETY: I1: the range lies within this mapping.
        let result = unsafe { libc::mprotect(at.cast(), range.len(), protection.bits()) };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Gives the pages of a range back to the system; when touched again they are zero.
    ///
    /// # Errors
    ///
    /// When the range is not made of pages of the mapping, or the system refuses.
    pub(crate) fn discard(&mut self, range: Range<usize>) -> io::Result<()> {
        let at = self.pages(&range)?;
        if range.is_empty() {
            return Ok(());
        }
        // SAFETY: I1: the range lies within this mapping; for private anonymous pages MADV_DONTNEED
        // means zero pages from then on.
        let result = unsafe { libc::madvise(at.cast(), range.len(), libc::MADV_DONTNEED) };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Makes the mapping larger, wherever there is room: its address may change. All pages keep
    /// their content and protection; new ones are zero.
    ///
    /// # Errors
    ///
    /// When there is no room for it. The mapping is unchanged then.
    pub(crate) fn grow(&mut self, len: usize) -> io::Result<()> {
        let len = round_to_pages(len).ok_or(io::ErrorKind::OutOfMemory)?;
        if len <= self.len {
            return Ok(());
        }
        // SAFETY: I1: the old range is exactly this mapping, which is one mapping of one protection
        // because only fixed-size users change protections.
        let base = unsafe { libc::mremap(self.base.as_ptr().cast(), self.len, len, libc::MREMAP_MAYMOVE) };
        match NonNull::new(base.cast::<u8>()) {
            Some(base) if base.as_ptr().cast::<libc::c_void>() != libc::MAP_FAILED => {
                self.base = base;
                self.len = len;
                Ok(())
            }
            _ => Err(explain(io::Error::last_os_error(), len - self.len, Protection::ReadWrite)),
        }
    }

    /// The address of a range, if it consists of whole pages of the mapping.
    fn pages(&self, range: &Range<usize>) -> io::Result<*mut u8> {
        let aligned = range.start.is_multiple_of(PAGE_SIZE) && range.end.is_multiple_of(PAGE_SIZE);
        if !aligned || range.start > range.end || range.end > self.len {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(self.base.as_ptr().wrapping_add(range.start))
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: I1: the range is exactly this mapping, which ends here. A failure (the system out
        // of mapping slots) leaves it mapped, which does no harm.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.len) };
    }
}
