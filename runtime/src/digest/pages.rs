//! Large arrays of bytes that change little between two looks.

use std::collections::BTreeMap;
use std::ops::Range;

/// Bytes of a page.
pub(super) const PAGE_SIZE: usize = 4096;
/// Slots of a table in a page.
pub(super) const SLOTS_PER_PAGE: usize = PAGE_SIZE / size_of::<u64>();

/// The pages of a memory or a table as they were last seen. A page of zeros is not kept and adds
/// nothing to the sum; what the last page lacks counts as zeros.
#[derive(Default, Debug)]
pub(super) struct Pages {
    /// Bytes of a memory, elements of a table.
    len: u64,
    pages: BTreeMap<u64, Page>,
    /// The sum of the hashes of all pages, modulo 2^128: each hash is that of the content with its
    /// place, so the sum stands for the set of them, and a page that changes costs one hash.
    sum: u128,
}

#[derive(Debug)]
struct Page {
    raw: Box<[u8; PAGE_SIZE]>,
    hash: u128,
}

pub(super) const ZEROS: [u8; PAGE_SIZE] = [0; PAGE_SIZE];

impl Pages {
    /// The length when it was last seen.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// What stands for the content when it was last seen.
    pub(super) fn sum(&self) -> u128 {
        self.sum
    }

    /// The pages that are not all zeros.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &[u8; PAGE_SIZE])> {
        self.pages.iter().map(|(&number, page)| (number, &*page.raw))
    }

    /// Looks at `len` items of `item` bytes each. `changed` is given the number of a page's first item and what the page held
    /// last, and gives what it holds now if that is another content, zeros where there are no items; `canonical` makes of a page
    /// what is hashed, and of zeros, zeros. Pages outside of `touched`, if that is known, are zeros.
    pub(super) fn update(
        &mut self,
        len: u64,
        item: u64,
        touched: Option<&[Range<u64>]>,
        mut changed: impl FnMut(u64, &[u8; PAGE_SIZE]) -> Option<[u8; PAGE_SIZE]>,
        mut canonical: impl FnMut(&[u8; PAGE_SIZE]) -> [u8; PAGE_SIZE],
    ) {
        self.len = len;
        let per_page = PAGE_SIZE as u64 / item;
        let all = 0..len.div_ceil(per_page);
        let mut look = |pages: &mut Pages, number: u64| {
            let known = pages.pages.get(&number).map_or(&ZEROS, |page| &page.raw);
            if let Some(now) = changed(number * per_page, known) {
                pages.set(number, &now, &mut canonical);
            }
        };
        match touched {
            None => all.for_each(|number| look(self, number)),
            Some(ranges) => {
                // A page that is given back to the system is zeros again, and no longer touched.
                let known = self.pages.keys().copied();
                let mut numbers: Vec<u64> = known.chain(ranges.iter().cloned().flatten()).collect();
                // In the order of all pages: objects have their numbers by when they are met.
                numbers.sort_unstable();
                numbers.dedup();
                numbers.into_iter().for_each(|number| look(self, number));
            }
        }
    }

    /// Notes what a page holds, which is not what it held.
    fn set(
        &mut self,
        number: u64,
        now: &[u8; PAGE_SIZE],
        canonical: impl FnOnce(&[u8; PAGE_SIZE]) -> [u8; PAGE_SIZE],
    ) {
        if let Some(page) = self.pages.remove(&number) {
            self.sum = self.sum.wrapping_sub(page.hash);
        }
        if *now == ZEROS {
            return;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&number.to_le_bytes());
        hasher.update(&canonical(now));
        let hash = super::first_half(&hasher.finalize());
        self.sum = self.sum.wrapping_add(hash);
        self.pages.insert(number, Page { raw: Box::new(*now), hash });
    }
}
