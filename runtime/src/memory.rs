//! Linear memories.

mod lot;
mod reservation;
mod shared;
mod span;

pub(crate) use lot::Waited;
pub use shared::SharedMemory;

use crate::stable::Stable;
use crate::store::{ResourceError, Store, StoreConfig, StoreId, StoreInner};
use crate::sys::mmap::{Mapping, Protection};
use reservation::Guarded;
use span::Span;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};
use trapline_abi::artifact::{GUARDED_RESERVATION, MemoryStyle};
use trapline_abi::vmlayout::VMMemoryDefinition;
use trapline_abi::{Limits, MemoryType, Trap};

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

/// A shared memory without a guard cannot be used in a store whose code may rely on guards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("use a shared memory without a guard in a store whose memories have one")]
pub struct MissingGuard;

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

    /// Takes a shared memory into a store. The same one always gets the same handle.
    ///
    /// # Errors
    ///
    /// When the store's code may rely on guards, and the memory could have one and has none.
    pub fn from_shared(store: &mut Store, shared: &SharedMemory) -> Result<Memory, MissingGuard> {
        let store = store.inner_mut();
        let guards = store.config.memory_style == MemoryStyle::Guarded;
        if guards && shared.ty().can_be_guarded() && !shared.is_guarded() {
            return Err(MissingGuard);
        }
        let is_it = |memory: &Stable<MemoryData>| memory.shared().is_some_and(|known| known.same(shared));
        let index = match store.memories.iter().position(is_it) {
            Some(index) => index as u32,
            None => store.add_memory(MemoryData::from_shared(shared.clone())),
        };
        Ok(Memory { store: store.id, index })
    }

    /// The memory itself, for other stores; `None` if it is not shared.
    pub fn share(self, store: &Store) -> Option<SharedMemory> {
        store.inner().memory(self).shared().cloned()
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
        memory.span_or_error(at, into.len() as u64)?.read(into);
        Ok(())
    }

    /// Copies bytes into it.
    ///
    /// # Errors
    ///
    /// When they do not all fit within the memory; nothing is written then.
    pub fn write(self, store: &mut Store, at: u64, bytes: &[u8]) -> Result<(), MemoryAccessError> {
        let memory = store.inner().memory(self);
        memory.span_or_error(at, bytes.len() as u64)?.write(bytes);
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
    pub(crate) ty: MemoryType,
    /// What compiled code sees of it; `bytes` owns it.
    def: NonNull<VMMemoryDefinition>,
    bytes: Bytes,
}

/// Who owns the bytes.
#[derive(Debug)]
enum Bytes {
    /// The store.
    Own {
        def: Stable<VMMemoryDefinition>,
        /// The size in bytes beyond which it never grows.
        max_bytes: u64,
        backing: Backing,
    },
    /// All stores that know the memory.
    Shared(SharedMemory),
}

/// Where the bytes of a memory lie that is not shared.
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
    /// Where the memory's current size is.
    pub(crate) memory: *const VMMemoryDefinition,
    /// Whether other threads may be growing it.
    pub(crate) shared: bool,
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
        if ty.shared {
            return SharedMemory::new(ty, &store.config).map(Self::from_shared);
        }
        let Sizes { len, max_bytes } = Sizes::new(&ty, &store.config)?;
        let guarded = store.config.memory_style == MemoryStyle::Guarded && ty.can_be_guarded();
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
        let def = Stable::new(VMMemoryDefinition { base: base.as_ptr(), current_length: len });
        Ok(Self { ty, def: def.as_non_null(), bytes: Bytes::Own { def, max_bytes, backing } })
    }

    fn from_shared(shared: SharedMemory) -> Self {
        Self { ty: shared.ty(), def: shared.def(), bytes: Bytes::Shared(shared) }
    }

    /// The memory itself, if it is shared.
    pub(crate) fn shared(&self) -> Option<&SharedMemory> {
        match &self.bytes {
            Bytes::Shared(shared) => Some(shared),
            Bytes::Own { .. } => None,
        }
    }

    /// Its size in bytes. Another thread may have grown a shared memory since.
    pub(crate) fn len(&self) -> u64 {
        // SAFETY: I3, I11: `bytes` keeps the definition.
        unsafe { length(self.def.as_ptr()) as u64 }
    }

    /// Its size in pages.
    pub(crate) fn pages(&self) -> u64 {
        self.len() >> self.ty.page_size_log2
    }

    /// The type with the current size, as import matching sees it.
    pub(crate) fn current_type(&self) -> MemoryType {
        MemoryType { limits: Limits { min: self.pages(), ..self.ty.limits }, ..self.ty }
    }

    /// The address of `len` bytes, if all of them are within the memory.
    pub(crate) fn range(&self, at: u64, len: u64) -> Option<*mut u8> {
        // SAFETY: I3, I11: `bytes` keeps the definition.
        unsafe { range(self.def, at, len) }
    }

    /// `len` bytes for the host to access, if all of them are within the memory.
    fn span(&self, at: u64, len: u64) -> Option<Span> {
        let base = self.range(at, len)?;
        // SAFETY: I3, I11: the range is within the memory, which the store keeps; a memory that is not shared is accessed by
        // the store's thread alone.
        Some(unsafe { Span::new(base, len as usize, self.ty.shared) })
    }

    fn span_or_error(&self, at: u64, len: u64) -> Result<Span, MemoryAccessError> {
        self.span(at, len).ok_or(MemoryAccessError { at, len, size: self.len() })
    }

    /// The address `index + offset` of an atomic access of `size` bytes, or why it traps:
    /// misalignment comes first, as in compiled code.
    pub(crate) fn atomic_address(&self, index: u64, offset: u64, size: u64) -> Result<u64, Trap> {
        // The sum may wrap; its lowest bits are right all the same.
        if !index.wrapping_add(offset).is_multiple_of(size) {
            return Err(Trap::UnalignedAtomic);
        }
        let address = index.checked_add(offset).ok_or(Trap::MemoryOutOfBounds)?;
        self.range(address, size).map(|_| address).ok_or(Trap::MemoryOutOfBounds)
    }

    /// Grows it by a number of pages, and gives its size before.
    pub(crate) fn grow(&mut self, delta: u64) -> Option<u64> {
        let before = self.pages();
        let (def, max_bytes, backing) = match &mut self.bytes {
            Bytes::Own { def, max_bytes, backing } => (def, *max_bytes, backing),
            Bytes::Shared(shared) => return shared.grow(delta),
        };
        let len = grown(&self.ty, before, delta, max_bytes)?;
        let moved = match backing {
            Backing::Guarded(guarded) => guarded.grow(len).map(|()| None),
            Backing::Exact(_) if len == 0 => Ok(None),
            Backing::Exact(Some(mapping)) => mapping.grow(len).map(|()| Some(mapping.base())),
            Backing::Exact(none) => {
                Mapping::new(len, Protection::ReadWrite).map(|mapping| Some(none.insert(mapping).base()))
            }
        };
        match moved {
            Ok(base) => {
                // SAFETY: I3: the definition is the store's own; no compiled code runs.
                unsafe {
                    if let Some(base) = base {
                        (*def.as_ptr()).base = base.as_ptr();
                    }
                    (*def.as_ptr()).current_length = len;
                }
                Some(before)
            }
            Err(error) => {
                tracing::debug!(bytes = len, %error, "the system refused to grow a memory");
                None
            }
        }
    }

    /// Whether accesses beyond its end hit a guard.
    fn is_guarded(&self) -> bool {
        match &self.bytes {
            Bytes::Own { backing, .. } => matches!(backing, Backing::Guarded(_)),
            Bytes::Shared(shared) => shared.is_guarded(),
        }
    }
}

/// What the limits of a memory's type and of a store come to, in bytes.
struct Sizes {
    /// The initial size.
    len: usize,
    /// The size beyond which it never grows.
    max_bytes: u64,
}

impl Sizes {
    fn new(ty: &MemoryType, config: &StoreConfig) -> Result<Sizes, ResourceError> {
        let bytes = |pages: u64| u128::from(pages) << ty.page_size_log2;
        let limit = config.max_memory_bytes;
        let wanted = bytes(ty.limits.min);
        let too_large = || ResourceError::MemoryLimit { bytes: wanted, limit };
        let len = usize::try_from(wanted).map_err(|_| too_large())?;
        if len as u64 > limit {
            return Err(too_large());
        }
        let max_pages = ty.limits.max.unwrap_or(u64::MAX).min(ty.max_addressable_pages());
        Ok(Sizes { len, max_bytes: bytes(max_pages).min(limit.into()) as u64 })
    }
}

/// The size in bytes of a memory of `before` pages after growth by `delta`, if that is allowed.
fn grown(ty: &MemoryType, before: u64, delta: u64, max_bytes: u64) -> Option<usize> {
    let bytes = u128::from(before.checked_add(delta)?) << ty.page_size_log2;
    if bytes > max_bytes.into() { None } else { usize::try_from(bytes).ok() }
}

/// The current size of a memory in bytes.
///
/// Async-signal-safe: it loads a word.
///
/// # Safety
///
/// I3, I11: the definition is that of a memory that is alive.
pub(crate) unsafe fn length(def: *const VMMemoryDefinition) -> usize {
    // SAFETY: I11: the length of a shared memory is only accessed like this; that of others does
    // not change meanwhile.
    unsafe {
        let length = (&raw const (*def).current_length).cast_mut();
        AtomicUsize::from_ptr(length).load(Ordering::SeqCst)
    }
}

/// The address of `len` bytes, if all of them are within a memory: `at + len` as a sum that must not
/// wrap, compared with the size. They stay there, as memories do not shrink.
///
/// # Safety
///
/// I3, I11: the definition is that of a memory that is alive.
unsafe fn range(def: NonNull<VMMemoryDefinition>, at: u64, len: u64) -> Option<*mut u8> {
    let end = at.checked_add(len)?;
    // SAFETY: I3, I11: the base of a shared memory never changes, that of others not meanwhile.
    unsafe {
        let fits = end <= length(def.as_ptr()) as u64;
        fits.then(|| (*def.as_ptr()).base.wrapping_add(at as usize))
    }
}

impl StoreInner {
    /// Takes a memory into the store and makes it known to the signal handler.
    pub(crate) fn add_memory(&mut self, memory: MemoryData) -> u32 {
        let index = self.memories.len() as u32;
        let memory = Stable::new(memory);
        if memory.is_guarded() {
            // SAFETY: I3, I11: the memory keeps the definition.
            let start = unsafe { (*memory.def.as_ptr()).base.addr() };
            let at = self.reservations.items().partition_point(|entry| entry.start < start);
            let entry = ReservationEntry {
                start,
                len: GUARDED_RESERVATION as usize,
                memory: memory.def.as_ptr(),
                shared: memory.ty.shared,
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
        self.memories[index as usize].def.as_ptr()
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
        let to = self.memories[target as usize].span(dst, len)?;
        to.copy_from(self.memories[source as usize].span(src, len)?);
        Some(())
    }

    /// Sets bytes of a memory. `None` if they are not all within it; nothing is written then.
    pub(crate) fn memory_fill(&mut self, memory: u32, dst: u64, value: u8, len: u64) -> Option<()> {
        self.memories[memory as usize].span(dst, len)?.fill(value);
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
        self.memories[memory as usize].span(dst, len)?.write(from);
        Some(())
    }
}

#[cfg(test)]
mod tests;
