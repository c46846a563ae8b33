//! Memories that several stores, and so several threads, use at the same time.

use super::lot::{Lot, Waited};
use super::reservation::{Guarded, Reserved};
use super::span::Span;
use super::{MemoryAccessError, Sizes, length};
use crate::config::StoreConfig;
use crate::error::ResourceError;
use std::cell::UnsafeCell;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use trapline_abi::MemoryType;
use trapline_abi::artifact::{GUARDED_RESERVATION, MemoryStyle};
use trapline_abi::vmlayout::VMMemoryDefinition;

/// A shared memory (threads proposal), independent of any store. Clones are the same memory.
///
/// A store takes it in with [`crate::Memory::from_shared`], and [`crate::Memory::share`] gives that
/// of a store. Its bytes may change at any time, as other threads run; what the host copies in and
/// out is therefore no snapshot. It never moves and never shrinks.
#[derive(Clone, Debug)]
pub struct SharedMemory(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    ty: MemoryType,
    /// What compiled code of every store sees. The base never changes; the length is only accessed
    /// atomically, and written under the lock of the backing.
    def: UnsafeCell<VMMemoryDefinition>,
    /// The size in bytes beyond which it never grows.
    max_bytes: u64,
    backing: Backing,
    lot: Lot,
}

/// Where the bytes lie: always in a reservation of all that the memory can become, because threads
/// that use it cannot be told of another address.
#[derive(Debug)]
enum Backing {
    Guarded(Mutex<Guarded>),
    Reserved(Mutex<Reserved>),
}

// SAFETY: I11: the memory belongs to no thread.
unsafe impl Send for Shared {}
// SAFETY: I11: the definition's base never changes, its length is accessed atomically, and the bytes
// only through raw pointers and atomics.
unsafe impl Sync for Shared {}

impl SharedMemory {
    /// Makes a shared memory as a store with this configuration would.
    ///
    /// # Errors
    ///
    /// When its initial size is beyond the limit, or the system does not grant the address space
    /// for its maximum.
    pub fn new(ty: MemoryType, config: &StoreConfig) -> Result<SharedMemory, ResourceError> {
        let Sizes { len, max_bytes } = Sizes::new(&ty, config)?;
        let refused = |bytes| move |source| ResourceError::MemoryMap { bytes, source };
        let (backing, base) = if config.memory_style == MemoryStyle::Guarded && ty.can_be_guarded() {
            let guarded = Guarded::new(len).map_err(refused(GUARDED_RESERVATION))?;
            let base = guarded.base();
            (Backing::Guarded(Mutex::new(guarded)), base)
        } else {
            let reserved = Reserved::new(len, max_bytes).map_err(refused(max_bytes))?;
            let base = reserved.base();
            (Backing::Reserved(Mutex::new(reserved)), base)
        };
        let def = UnsafeCell::new(VMMemoryDefinition { base: base.as_ptr(), current_length: len });
        let ty = MemoryType { shared: true, ..ty };
        Ok(SharedMemory(Arc::new(Shared { ty, def, max_bytes, backing, lot: Lot::default() })))
    }

    /// Its type, as it was declared.
    pub fn ty(&self) -> MemoryType {
        self.0.ty
    }

    /// Its current size in pages.
    pub fn size(&self) -> u64 {
        self.data_size() >> self.0.ty.page_size_log2
    }

    /// Its current size in bytes.
    pub fn data_size(&self) -> u64 {
        // SAFETY: I11: the definition lives as long as `self`.
        unsafe { length(self.def().as_ptr()) as u64 }
    }

    /// Whether both are the same memory.
    pub fn same(&self, other: &SharedMemory) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Copies bytes out of it, not all at one moment.
    ///
    /// # Errors
    ///
    /// When they are not all within the memory.
    pub fn read(&self, at: u64, into: &mut [u8]) -> Result<(), MemoryAccessError> {
        self.span(at, into.len() as u64)?.read(into);
        Ok(())
    }

    /// Copies bytes into it, not all at one moment.
    ///
    /// # Errors
    ///
    /// When they do not all fit within the memory; nothing is written then.
    pub fn write(&self, at: u64, bytes: &[u8]) -> Result<(), MemoryAccessError> {
        self.span(at, bytes.len() as u64)?.write(bytes);
        Ok(())
    }

    /// Grows it by a number of pages, and gives its size before; `None` if it cannot grow so far.
    pub fn grow(&self, delta: u64) -> Option<u64> {
        match &self.0.backing {
            Backing::Guarded(guarded) => {
                let mut guarded = guarded.lock().unwrap_or_else(PoisonError::into_inner);
                self.grow_with(delta, |len| guarded.grow(len))
            }
            Backing::Reserved(reserved) => {
                let mut reserved = reserved.lock().unwrap_or_else(PoisonError::into_inner);
                self.grow_with(delta, |len| reserved.grow(len))
            }
        }
    }

    /// Wakes up to `count` of the threads that wait at an address, and says how many.
    ///
    /// # Errors
    ///
    /// When there is no such address.
    pub fn notify(&self, at: u64, count: u32) -> Result<u32, MemoryAccessError> {
        self.range(at, size_of::<u32>() as u64)?;
        Ok(self.0.lot.notify(at, count))
    }

    /// Waits at an address until it is notified, if the 32 bits there are the expected ones.
    ///
    /// # Errors
    ///
    /// When there is no such address.
    ///
    /// # Panics
    ///
    /// If the address is not a multiple of 4.
    pub(crate) fn wait32(
        &self,
        at: u64,
        expected: u32,
        timeout: Option<Duration>,
    ) -> Result<Waited, MemoryAccessError> {
        let address = self.range(at, size_of::<u32>() as u64)?.cast::<u32>();
        assert!(address.is_aligned(), "a wait at a misaligned address");
        // SAFETY: I11: within the memory and aligned; others access these bytes, too, which is
        // what the atomic access is for.
        let value = unsafe { AtomicU32::from_ptr(address) };
        let is_expected = || u32::from_le(value.load(Ordering::SeqCst)) == expected;
        Ok(self.0.lot.wait(at, is_expected, timeout))
    }

    /// Waits as [`SharedMemory::wait32`], for 64 bits.
    ///
    /// # Errors
    ///
    /// When there is no such address.
    ///
    /// # Panics
    ///
    /// If the address is not a multiple of 8.
    pub(crate) fn wait64(
        &self,
        at: u64,
        expected: u64,
        timeout: Option<Duration>,
    ) -> Result<Waited, MemoryAccessError> {
        let address = self.range(at, size_of::<u64>() as u64)?.cast::<u64>();
        assert!(address.is_aligned(), "a wait at a misaligned address");
        // SAFETY: I11: as for 32 bits.
        let value = unsafe { AtomicU64::from_ptr(address) };
        let is_expected = || u64::from_le(value.load(Ordering::SeqCst)) == expected;
        Ok(self.0.lot.wait(at, is_expected, timeout))
    }

    /// Where compiled code finds it.
    pub(super) fn def(&self) -> NonNull<VMMemoryDefinition> {
        // A cell's address is never null.
        NonNull::new(self.0.def.get()).unwrap_or(NonNull::dangling())
    }

    /// Whether accesses beyond its end hit a guard.
    pub(crate) fn is_guarded(&self) -> bool {
        matches!(self.0.backing, Backing::Guarded(_))
    }

    /// Grows it under the lock of the backing, which `make_accessible` changes.
    fn grow_with(
        &self,
        delta: u64,
        make_accessible: impl FnOnce(usize) -> std::io::Result<()>,
    ) -> Option<u64> {
        let before = self.size();
        let len = super::grown(&self.0.ty, before, delta, self.0.max_bytes)?;
        if let Err(error) = make_accessible(len) {
            tracing::debug!(bytes = len, %error, "the system refused to grow a shared memory");
            return None;
        }
        // SAFETY: I11: the definition lives as long as `self`. The bytes are accessible before
        // anyone can learn that they are there.
        unsafe {
            let length = &raw mut (*self.0.def.get()).current_length;
            AtomicUsize::from_ptr(length).store(len, Ordering::SeqCst);
        }
        Some(before)
    }

    fn span(&self, at: u64, len: u64) -> Result<Span, MemoryAccessError> {
        let base = self.range(at, len)?;
        // SAFETY: I11: the range is within the memory, which outlives the span.
        Ok(unsafe { Span::new(base, len as usize, true) })
    }

    fn range(&self, at: u64, len: u64) -> Result<*mut u8, MemoryAccessError> {
        // SAFETY: I11: the definition lives as long as `self`.
        unsafe { super::range(self.def(), at, len) }.ok_or(MemoryAccessError {
            at,
            len,
            size: self.data_size(),
        })
    }
}

#[cfg(test)]
mod tests;
