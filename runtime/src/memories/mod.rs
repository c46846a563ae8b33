//! Linear memories, as a store owns them.

mod lot;
mod reservation;
mod shared;
mod span;

pub(crate) use lot::Waited;
pub use shared::SharedMemory;

use crate::arena::{Arena, Elements};
use crate::code::Published;
use crate::config::StoreConfig;
use crate::error::{MemoryAccessError, ResourceError};
use crate::stable::Stable;
use crate::sys::mmap::{Mapping, Protection};
use reservation::Guarded;
pub(crate) use span::Span;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};
use trapline_abi::artifact::{GUARDED_RESERVATION, MemoryStyle};
use trapline_abi::vmlayout::VMMemoryDefinition;
use trapline_abi::{Limits, MemoryType, Trap};

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
    pub(crate) fn new(ty: MemoryType, config: &StoreConfig) -> Result<Self, ResourceError> {
        if ty.shared {
            return SharedMemory::new(ty, config).map(Self::from_shared);
        }
        let Sizes { len, max_bytes } = Sizes::new(&ty, config)?;
        let guarded = config.memory_style == MemoryStyle::Guarded && ty.can_be_guarded();
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

    /// A memory that other stores know, too.
    pub(crate) fn from_shared(shared: SharedMemory) -> Self {
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

    pub(crate) fn span_or_error(&self, at: u64, len: u64) -> Result<Span, MemoryAccessError> {
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

/// The memories of a store.
#[derive(Debug)]
pub(crate) struct Memories {
    all: Arena<MemoryData>,
    /// What the signal handler knows about those that are guarded, by address.
    reservations: Published<ReservationEntry>,
}

impl Memories {
    /// None.
    pub(crate) fn new() -> Memories {
        Memories { all: Arena::default(), reservations: Published::new() }
    }

    /// Takes a memory in and makes it known to the signal handler.
    pub(crate) fn add(&mut self, memory: MemoryData) -> u32 {
        let (def, shared, is_guarded) = (memory.def, memory.ty.shared, memory.is_guarded());
        let index = self.all.push(Stable::new(memory));
        if is_guarded {
            // SAFETY: I3, I11: the memory keeps the definition.
            let start = unsafe { (*def.as_ptr()).base.addr() };
            let at = self.reservations.items().partition_point(|entry| entry.start < start);
            let len = GUARDED_RESERVATION as usize;
            let entry = ReservationEntry { start, len, memory: def.as_ptr(), shared, index };
            self.reservations.insert(at, entry);
        }
        index
    }

    /// What the signal handler knows, by address.
    pub(crate) fn reservations(&self) -> &Published<ReservationEntry> {
        &self.reservations
    }

    /// Where compiled code finds a memory.
    pub(crate) fn def(&self, index: u32) -> *mut VMMemoryDefinition {
        self.all[index].def.as_ptr()
    }
}

impl Deref for Memories {
    type Target = Arena<MemoryData>;

    fn deref(&self) -> &Arena<MemoryData> {
        &self.all
    }
}

impl DerefMut for Memories {
    fn deref_mut(&mut self) -> &mut Arena<MemoryData> {
        &mut self.all
    }
}

impl Elements for MemoryData {
    type Element = u8;
    type Part = Span;

    fn part(&self, at: u64, len: u64) -> Option<Span> {
        self.span(at, len)
    }
}
