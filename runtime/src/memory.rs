//! Linear memories.

mod reservation;

use crate::stable::Stable;
use crate::store::{ResourceError, Store, StoreId, StoreInner};
use crate::sys::mmap::{Mapping, Protection};
use reservation::Guarded;
use std::ptr::NonNull;
use trapline_abi::artifact::{GUARDED_RESERVATION, MemoryStyle};
use trapline_abi::vmlayout::VMMemoryDefinition;
use trapline_abi::{IndexType, Limits, MemoryType};

/// A linear memory of a store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Memory {
    pub(crate) store: StoreId,
    pub(crate) index: u32,
}

/// An access by the host went beyond the end of a memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("access {len} bytes at address {at:#x} of a memory of {size} bytes")]
pub struct MemoryAccessError {
    /// The address.
    pub at: u64,
    /// Bytes.
    pub len: u64,
    /// The size of the memory in bytes.
    pub size: u64,
}

impl Memory {
    /// Makes a memory that belongs to no instance.
    ///
    /// # Errors
    ///
    /// When the store or the system does not grant its initial size.
    pub fn new(store: &mut Store, ty: MemoryType) -> Result<Memory, ResourceError> {
        let store = store.inner_mut();
        let memory = MemoryData::new(ty, store)?;
        Ok(Memory { store: store.id, index: store.add_memory(memory) })
    }

    /// Its type, as it was declared.
    pub fn ty(self, store: &Store) -> MemoryType {
        store.inner().memory(self).ty
    }

    /// Its current size in pages.
    pub fn size(self, store: &Store) -> u64 {
        store.inner().memory(self).pages()
    }

    /// Its current size in bytes.
    pub fn data_size(self, store: &Store) -> u64 {
        store.inner().memory(self).len()
    }

    /// Copies bytes out of it.
    ///
    /// # Errors
    ///
    /// When they are not all within the memory.
    pub fn read(self, store: &Store, at: u64, into: &mut [u8]) -> Result<(), MemoryAccessError> {
        let memory = store.inner().memory(self);
        let source = memory.range_or_error(at, into.len() as u64)?;
        // SAFETY: I3: the range is within the memory, and no Rust reference to its bytes exists.
        unsafe { std::ptr::copy_nonoverlapping(source, into.as_mut_ptr(), into.len()) };
        Ok(())
    }

    /// Copies bytes into it.
    ///
    /// # Errors
    ///
    /// When they do not all fit within the memory; nothing is written then.
    pub fn write(self, store: &mut Store, at: u64, bytes: &[u8]) -> Result<(), MemoryAccessError> {
        let memory = store.inner().memory(self);
        let target = memory.range_or_error(at, bytes.len() as u64)?;
        // SAFETY: I3: the range is within the memory, and no Rust reference to its bytes exists.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len()) };
        Ok(())
    }

    /// Grows it by a number of pages, and gives its size before; `None` if it cannot grow so far,
    /// as `memory.grow` then gives -1.
    pub fn grow(self, store: &mut Store, delta: u64) -> Option<u64> {
        let store = store.inner_mut();
        store.assert_owns(self.store);
        store.memories[self.index as usize].grow(delta)
    }
}

/// A memory with its bytes.
#[derive(Debug)]
pub(crate) struct MemoryData {
    def: VMMemoryDefinition,
    pub(crate) ty: MemoryType,
    /// The size in bytes beyond which it never grows.
    max_bytes: u64,
    backing: Backing,
}

/// Where the bytes lie.
#[derive(Debug)]
enum Backing {
    /// At the start of address space that any 32-bit address lies in.
    Guarded(Guarded),
    /// In a mapping of just the size, wherever it fits; none for a memory without bytes.
    Exact(Option<Mapping>),
}

/// What the signal handler knows about a guarded memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReservationEntry {
    /// The first address.
    pub(crate) start: usize,
    /// Bytes of the reservation.
    pub(crate) len: usize,
    /// The memory's current size.
    pub(crate) memory: *const VMMemoryDefinition,
    /// The memory's place in the store.
    pub(crate) index: u32,
}

impl MemoryData {
    /// Makes a memory of a type, as the store wants its memories.
    ///
    /// # Errors
    ///
    /// When the store or the system does not grant its initial size.
    pub(crate) fn new(ty: MemoryType, store: &StoreInner) -> Result<Self, ResourceError> {
        let bytes = |pages: u64| u128::from(pages) << ty.page_size_log2;
        let limit = store.config.max_memory_bytes;
        let wanted = bytes(ty.limits.min);
        let too_large = || ResourceError::MemoryLimit { bytes: wanted, limit };
        let len = usize::try_from(wanted).map_err(|_| too_large())?;
        if len as u64 > limit {
            return Err(too_large());
        }
        let max_pages = ty.limits.max.unwrap_or(u64::MAX).min(ty.max_addressable_pages());
        let max_bytes = bytes(max_pages).min(limit.into()) as u64;
        let guarded = store.config.memory_style == MemoryStyle::Guarded && can_be_guarded(&ty);
        let refused = |bytes| move |source| ResourceError::MemoryMap { bytes, source };
        let (backing, base) = if guarded {
            let guarded = Guarded::new(len).map_err(refused(GUARDED_RESERVATION))?;
            let base = guarded.base();
            (Backing::Guarded(guarded), base)
        } else if len == 0 {
            (Backing::Exact(None), NonNull::dangling())
        } else {
            let mapping = Mapping::new(len, Protection::ReadWrite).map_err(refused(len as u64))?;
            let base = mapping.base();
            (Backing::Exact(Some(mapping)), base)
        };
        let def = VMMemoryDefinition { base: base.as_ptr(), current_length: len };
        Ok(Self { def, ty, max_bytes, backing })
    }

    /// Its size in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.def.current_length as u64
    }

    /// Its size in pages.
    pub(crate) fn pages(&self) -> u64 {
        self.len() >> self.ty.page_size_log2
    }

    /// The type with the current size, as import matching sees it.
    pub(crate) fn current_type(&self) -> MemoryType {
        MemoryType { limits: Limits { min: self.pages(), ..self.ty.limits }, ..self.ty }
    }

    /// The address of `len` bytes, if all of them are within the memory: `at + len` as a sum that
    /// must not wrap, compared with the size.
    pub(crate) fn range(&self, at: u64, len: u64) -> Option<*mut u8> {
        let end = at.checked_add(len)?;
        (end <= self.len()).then(|| self.def.base.wrapping_add(at as usize))
    }

    fn range_or_error(&self, at: u64, len: u64) -> Result<*mut u8, MemoryAccessError> {
        self.range(at, len).ok_or(MemoryAccessError { at, len, size: self.len() })
    }

    /// Grows it by a number of pages, and gives its size before.
    pub(crate) fn grow(&mut self, delta: u64) -> Option<u64> {
        let before = self.pages();
        let pages = before.checked_add(delta)?;
        let bytes = u128::from(pages) << self.ty.page_size_log2;
        if bytes > self.max_bytes.into() {
            return None;
        }
        let len = usize::try_from(bytes).ok()?;
        let grown = match &mut self.backing {
            Backing::Guarded(guarded) => guarded.grow(len),
            Backing::Exact(_) if len == 0 => Ok(()),
            Backing::Exact(Some(mapping)) => {
                mapping.grow(len).map(|()| self.def.base = mapping.base().as_ptr())
            }
            Backing::Exact(none) => Mapping::new(len, Protection::ReadWrite).map(|mapping| {
                self.def.base = mapping.base().as_ptr();
                *none = Some(mapping);
            }),
        };
        if let Err(error) = grown {
            tracing::debug!(bytes = len, %error, "the system refused to grow a memory");
            return None;
        }
        self.def.current_length = len;
        Some(before)
    }
}

/// Whether a guard can stand for the checks of a memory's accesses.
pub(crate) fn can_be_guarded(ty: &MemoryType) -> bool {
    ty.index == IndexType::I32 && ty.page_size_log2 == 16
}

impl StoreInner {
    /// Takes a memory into the store and makes it known to the signal handler.
    pub(crate) fn add_memory(&mut self, memory: MemoryData) -> u32 {
        let index = self.memories.len() as u32;
        let memory = Stable::new(memory);
        if let Backing::Guarded(guarded) = &memory.backing {
            let start = guarded.base().addr().get();
            let at = self.reservations.items().partition_point(|entry| entry.start < start);
            let entry = ReservationEntry {
                start,
                len: GUARDED_RESERVATION as usize,
                // SAFETY: I3: only the address of a field is taken.
                memory: unsafe { &raw const (*memory.as_ptr()).def },
                index,
            };
            self.reservations.insert(at, entry);
        }
        self.memories.push(memory);
        index
    }

    pub(crate) fn memory(&self, memory: Memory) -> &MemoryData {
        self.assert_owns(memory.store);
        &self.memories[memory.index as usize]
    }

    /// Where compiled code finds a memory.
    pub(crate) fn memory_def(&self, index: u32) -> *mut VMMemoryDefinition {
        let memory = self.memories[index as usize].as_ptr();
        // SAFETY: I3: only the address of a field is taken.
        unsafe { &raw mut (*memory).def }
    }

    /// Copies between memories, or within one as if through a buffer (specification:
    /// `memory.copy`). `None` if either range is not within its memory; nothing is written then.
    pub(crate) fn memory_copy(
        &mut self,
        target: u32,
        source: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Option<()> {
        let to = self.memories[target as usize].range(dst, len)?;
        let from = self.memories[source as usize].range(src, len)?;
        // SAFETY: I3: both ranges are within their memories, and no Rust reference to their bytes
        // exists. They may overlap.
        unsafe { std::ptr::copy(from, to, len as usize) };
        Some(())
    }

    /// Sets bytes of a memory. `None` if they are not all within it; nothing is written then.
    pub(crate) fn memory_fill(&mut self, memory: u32, dst: u64, value: u8, len: u64) -> Option<()> {
        let to = self.memories[memory as usize].range(dst, len)?;
        // SAFETY: I3: the range is within the memory, and no Rust reference to its bytes exists.
        unsafe { std::ptr::write_bytes(to, value, len as usize) };
        Some(())
    }

    /// Copies a part of a segment to a memory. `None` if either range is not within its bounds;
    /// nothing is written then.
    pub(crate) fn memory_init(
        &mut self,
        memory: u32,
        segment: &[u8],
        dst: u64,
        src: u64,
        len: u64,
    ) -> Option<()> {
        let end = src.checked_add(len).filter(|&end| end <= segment.len() as u64)?;
        let from = &segment[src as usize..end as usize];
        let to = self.memories[memory as usize].range(dst, len)?;
        // SAFETY: I3: the range is within the memory, and no Rust reference to its bytes exists.
        unsafe { std::ptr::copy_nonoverlapping(from.as_ptr(), to, from.len()) };
        Some(())
    }
}

#[cfg(test)]
mod tests;
