//! Which pages of private anonymous memory hold anything.

use super::mmap::PAGE_SIZE;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// The page table of this process, as Linux shows it (`Documentation/admin-guide/mm/pagemap.rst`).
#[derive(Debug)]
pub(crate) struct Pagemap(File);

/// Bytes of an entry, which describes one page.
const ENTRY: usize = size_of::<u64>();
/// Entries that are read at a time.
const ENTRIES: usize = 4096;
/// The page is in memory.
const PRESENT: u64 = 1 << 63;
/// The page is in swap space.
const SWAPPED: u64 = 1 << 62;

impl Pagemap {
    /// # Errors
    ///
    /// When the process may not look, or the system does not show it.
    pub(crate) fn open() -> io::Result<Pagemap> {
        File::open("/proc/self/pagemap").map(Pagemap)
    }

    /// The pages of `len` bytes from an address on that have been touched, as numbers that count from there, by
    /// ascending number. In private anonymous memory all others are zero, and looking at them would touch them.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) fn touched(&self, address: usize, len: usize) -> io::Result<Vec<Range<u64>>> {
        let first = (address / PAGE_SIZE) as u64;
        let pages = len.div_ceil(PAGE_SIZE);
        let mut touched: Vec<Range<u64>> = Vec::new();
        let mut bytes = vec![0; ENTRY * ENTRIES.min(pages)];
        for start in (0..pages).step_by(ENTRIES) {
            let bytes = &mut bytes[..ENTRY * ENTRIES.min(pages - start)];
            self.0.read_exact_at(bytes, (first + start as u64) * ENTRY as u64)?;
            for (number, entry) in (start as u64..).zip(bytes.as_chunks().0) {
                if u64::from_ne_bytes(*entry) & (PRESENT | SWAPPED) == 0 {
                    continue;
                }
                match touched.last_mut() {
                    Some(range) if range.end == number => range.end += 1,
                    _ => touched.push(number..number + 1),
                }
            }
        }
        Ok(touched)
    }
}

#[cfg(test)]
mod tests {
    use super::super::mmap::{Mapping, Protection};
    use super::*;

    #[test]
    fn pages_are_touched_one_by_one() {
        const PAGES: usize = 3 * ENTRIES + 7;
        let pagemap = Pagemap::open().unwrap();
        let mapping = Mapping::new(PAGES * PAGE_SIZE, Protection::ReadWrite).unwrap();
        let base = mapping.base();
        // Huge pages would be touched as a whole.
        // SAFETY: I1: the range is this mapping.
        let advised = unsafe { libc::madvise(base.as_ptr().cast(), mapping.len(), libc::MADV_NOHUGEPAGE) };
        assert!(advised == 0 || io::Error::last_os_error().raw_os_error() == Some(libc::EINVAL));
        let touched = || pagemap.touched(base.addr().get(), PAGES * PAGE_SIZE).unwrap();
        assert_eq!(touched(), []);
        let touch = |page: usize| {
            // SAFETY: I1: the page is one of this mapping's.
            unsafe { base.add(page * PAGE_SIZE + 9).write_volatile(1) }
        };
        for page in [PAGES - 1, 5, ENTRIES - 1, ENTRIES] {
            touch(page);
        }
        let (edge, last) = (ENTRIES as u64, PAGES as u64 - 1);
        assert_eq!(touched(), [5..6, edge - 1..edge + 1, last..last + 1]);
        assert_eq!(pagemap.touched(base.addr().get(), 5 * PAGE_SIZE).unwrap(), []);
        assert_eq!(pagemap.touched(base.addr().get(), 6 * PAGE_SIZE).unwrap().len(), 1);
    }
}
