//! Address space that memories grow into without moving; that of guarded ones is reused throughout
//! the process.

use crate::sys::mmap::{Mapping, PAGE_SIZE, Protection, round_to_pages};
use std::io;
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};
use trapline_abi::artifact::GUARDED_RESERVATION;

/// Reservations kept for reuse. They cost address space and a few page tables, but no memory.
const KEPT: usize = 256;
/// How many of the kept ones are looked at for one of the wanted size.
const LOOKED_AT: usize = 8;

static POOL: Mutex<Vec<Reservation>> = Mutex::new(Vec::new());

/// Address space of which the first `accessible` bytes can be read and written: for guarded memories
/// [`GUARDED_RESERVATION`] bytes.
///
/// A reservation in the pool keeps its accessible part: most memories have the same size, and the
/// next one then needs no change of protection.
#[derive(Debug)]
struct Reservation {
    mapping: Mapping,
    accessible: usize,
}

/// The address space of one memory; returned to the pool when dropped.
#[derive(Debug)]
pub(super) struct Guarded {
    /// `None` only while it is dropped.
    reservation: Option<Reservation>,
}

impl Guarded {
    /// Address space whose first `len` bytes are accessible and zero.
    ///
    /// # Errors
    ///
    /// When the system has no such stretch of address space left, or does not commit to that many
    /// bytes.
    pub(super) fn new(len: usize) -> io::Result<Guarded> {
        let mut reservation = match take(len) {
            Some(reservation) => reservation,
            None => Reservation {
                mapping: Mapping::new(GUARDED_RESERVATION as usize, Protection::None)?,
                accessible: 0,
            },
        };
        reservation.set_accessible(len)?;
        Ok(Guarded { reservation: Some(reservation) })
    }

    /// The first byte. Never changes.
    pub(super) fn base(&self) -> NonNull<u8> {
        self.reservation.as_ref().map_or(NonNull::dangling(), |reservation| reservation.mapping.base())
    }

    /// Makes more of it accessible.
    ///
    /// # Errors
    ///
    /// When the system does not commit to that many bytes. Nothing has changed then.
    pub(super) fn grow(&mut self, len: usize) -> io::Result<()> {
        match &mut self.reservation {
            Some(reservation) if len > reservation.accessible => reservation.set_accessible(len),
            _ => Ok(()),
        }
    }
}

/// The address space of one memory without a guard that may grow up to a known size.
#[derive(Debug)]
pub(super) struct Reserved(Reservation);

impl Reserved {
    /// Address space of `max` bytes, of which the first `len` are accessible and zero.
    ///
    /// # Errors
    ///
    /// When the system has no such stretch of address space left, or does not commit to that many
    /// bytes.
    pub(super) fn new(len: usize, max: u64) -> io::Result<Reserved> {
        let max = usize::try_from(max).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mapping = Mapping::new(max, Protection::None)?;
        let mut reserved = Reserved(Reservation { mapping, accessible: 0 });
        reserved.grow(len)?;
        Ok(reserved)
    }

    /// The first byte. Never changes.
    pub(super) fn base(&self) -> NonNull<u8> {
        self.0.mapping.base()
    }

    /// Makes more of it accessible: whole pages of the machine.
    ///
    /// # Errors
    ///
    /// When the system does not commit to that many bytes, or `len` is beyond the reserved size.
    /// Nothing has changed then.
    pub(super) fn grow(&mut self, len: usize) -> io::Result<()> {
        let len = round_to_pages(len).ok_or(io::ErrorKind::OutOfMemory)?;
        if len > self.0.accessible { self.0.set_accessible(len) } else { Ok(()) }
    }
}

impl Reservation {
    fn set_accessible(&mut self, len: usize) -> io::Result<()> {
        debug_assert!(len.is_multiple_of(PAGE_SIZE));
        let now = self.accessible;
        if len > now {
            self.mapping.protect(now..len, Protection::ReadWrite)?;
        } else {
            self.mapping.protect(len..now, Protection::None)?;
        }
        self.accessible = len;
        Ok(())
    }
}

/// Takes a reservation from the pool, preferably one whose accessible part has the wanted size.
fn take(len: usize) -> Option<Reservation> {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let newest = pool.len().saturating_sub(LOOKED_AT);
    let fitting = pool[newest..].iter().rposition(|reservation| reservation.accessible == len);
    match fitting {
        Some(at) => Some(pool.swap_remove(newest + at)),
        None => pool.pop(),
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let Some(mut reservation) = self.reservation.take() else { return };
        // The next user must find zeros. If the system refuses, the mapping goes instead.
        if reservation.mapping.discard(0..reservation.accessible).is_err() {
            return;
        }
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.len() < KEPT {
            pool.push(reservation);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 65536;

    #[test]
    fn a_reused_reservation_is_zero_and_no_larger_than_asked_for() {
        for round in 0..4 {
            let mut guarded = Guarded::new(PAGE * (1 + round % 2)).unwrap();
            guarded.grow(PAGE * 3).unwrap();
            let base = guarded.base().as_ptr();
            // SAFETY: I3: three pages are accessible, and only this test knows them.
            let bytes = unsafe { std::slice::from_raw_parts_mut(base, PAGE * 3) };
            assert!(bytes.iter().all(|&byte| byte == 0), "round {round}");
            bytes.fill(0xaa);
        }
        let guarded = Guarded::new(0).unwrap();
        assert_eq!(guarded.reservation.as_ref().unwrap().accessible, 0);
    }
}
