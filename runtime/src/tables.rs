//! Tables, as a store owns them.

use crate::arena::{Elements, Part};
use crate::config::StoreConfig;
use crate::error::ResourceError;
use crate::sys::mmap::{Mapping, Protection};
use std::alloc::{self, Layout};
use std::ptr::NonNull;
use trapline_abi::vmlayout::{TABLE_SLOT_SIZE, VMTableDefinition};
use trapline_abi::{Limits, TableType, TypeId};

/// A table with its slots.
#[derive(Debug)]
pub(crate) struct TableData {
    def: VMTableDefinition,
    /// In canonical terms.
    pub(crate) ty: TableType<TypeId>,
    /// The number of elements beyond which it never grows.
    max_elements: u64,
    slots: Slots,
}

impl TableData {
    /// Where compiled code finds a table.
    ///
    /// # Safety
    ///
    /// I3: the address is that of a table of a store.
    pub(crate) unsafe fn def(table: *mut TableData) -> *mut VMTableDefinition {
        // SAFETY: I3: only the address of a field is taken.
        unsafe { &raw mut (*table).def }
    }

    /// Makes a table of a canonical type, all elements null.
    ///
    /// # Errors
    ///
    /// When the store or the system does not grant its initial size.
    pub(crate) fn new(ty: TableType<TypeId>, config: &StoreConfig) -> Result<Self, ResourceError> {
        let (elements, limit) = (ty.limits.min, config.max_table_elements);
        if elements > limit {
            return Err(ResourceError::TableLimit { elements, limit });
        }
        let max_elements = ty.limits.max.unwrap_or(u64::MAX).min(ty.index.max()).min(limit);
        let refused = || ResourceError::TableMemory { elements };
        let len = usize::try_from(elements).map_err(|_| refused())?;
        let slots = Slots::new(len).ok_or_else(refused)?;
        let def = VMTableDefinition { base: slots.base.as_ptr(), current_elements: len };
        Ok(Self { def, ty, max_elements, slots })
    }

    /// Its size in elements.
    pub(crate) fn len(&self) -> u64 {
        self.def.current_elements as u64
    }

    /// The type with the current size, as import matching sees it.
    pub(crate) fn current_type(&self) -> TableType<TypeId> {
        TableType { limits: Limits { min: self.len(), ..self.ty.limits }, ..self.ty }
    }

    /// The address of `len` slots, if all of them are within the table: `at + len` as a sum that
    /// must not wrap, compared with the size.
    pub(crate) fn range(&self, at: u64, len: u64) -> Option<*mut u64> {
        let end = at.checked_add(len)?;
        (end <= self.len()).then(|| self.def.base.wrapping_add(at as usize))
    }

    /// Copies slots that exist. They are little-endian in the table, whatever the machine: compiled code accesses them so.
    ///
    /// # Panics
    ///
    /// If they do not all exist.
    pub(crate) fn read(&self, at: u64, into: &mut [u64]) {
        let Some(slots) = self.range(at, into.len() as u64) else {
            panic!("{} slots from {at} on, of a table of {}", into.len(), self.len())
        };
        // SAFETY: I3: the slots are within the table, and no Rust reference to them exists.
        unsafe { std::ptr::copy_nonoverlapping(slots, into.as_mut_ptr(), into.len()) };
        into.iter_mut().for_each(|slot| *slot = u64::from_le(*slot));
    }

    /// Whether the slots from one on are these. No slot beyond the size is any.
    pub(crate) fn holds(&self, at: u64, slots: impl ExactSizeIterator<Item = u64>) -> bool {
        let Some(base) = self.range(at, slots.len() as u64) else { return false };
        // SAFETY: I3: the slots are within the table, and no Rust reference to them exists.
        slots.enumerate().all(|(at, slot)| u64::from_le(unsafe { *base.add(at) }) == slot)
    }

    /// Sets all elements of a table that is new, and so has nulls only.
    pub(crate) fn initialise(&mut self, value: u64) {
        // Writing nulls would touch all pages of a large table.
        if value != 0 {
            self.whole(0).fill(value);
        }
    }

    /// Changes the elements that are not null.
    pub(crate) fn update(&mut self, mut change: impl FnMut(u64) -> u64) {
        for at in 0..self.def.current_elements {
            // SAFETY: I3: the slots are within the table, and no Rust reference to them exists.
            unsafe {
                let slot = self.def.base.add(at);
                if *slot != 0 {
                    *slot = change(u64::from_le(*slot)).to_le();
                }
            }
        }
    }

    /// The slots from one on that exists, or is the first that does not.
    fn whole(&self, at: usize) -> SlotSpan {
        let base = self.def.base.wrapping_add(at);
        SlotSpan { base, len: self.def.current_elements - at }
    }

    /// Grows it by a number of elements, all `init`, and gives its size before.
    pub(crate) fn grow(&mut self, delta: u64, init: u64) -> Option<u64> {
        let before = self.len();
        let elements = before.checked_add(delta).filter(|&elements| elements <= self.max_elements)?;
        let len = usize::try_from(elements).ok()?;
        self.slots.grow(len, self.max_elements)?;
        self.def = VMTableDefinition { base: self.slots.base.as_ptr(), current_elements: len };
        // Slots that were never in use are zero already.
        if init != 0 {
            self.whole(before as usize).fill(init);
        }
        Some(before)
    }
}

/// Slots of a table that exist.
#[derive(Debug)]
pub(crate) struct SlotSpan {
    base: *mut u64,
    len: usize,
}

impl SlotSpan {
    /// Sets each slot to what comes for it.
    pub(crate) fn write(self, slot: impl Fn(usize) -> u64) {
        for at in 0..self.len {
            // SAFETY: I3: the slots are within the table, and no Rust reference to them exists.
            unsafe { *self.base.add(at) = slot(at).to_le() };
        }
    }
}

impl Part for SlotSpan {
    type Element = u64;

    fn copy_from(self, source: SlotSpan) {
        debug_assert_eq!(self.len, source.len);
        // SAFETY: I3: both ranges are within their tables, and no Rust reference to their slots exists. They may overlap.
        unsafe { std::ptr::copy(source.base, self.base, self.len.min(source.len)) };
    }

    fn fill(self, value: u64) {
        self.write(|_| value);
    }
}

impl Elements for TableData {
    type Element = u64;
    type Part = SlotSpan;

    fn part(&self, at: u64, len: u64) -> Option<SlotSpan> {
        let base = self.range(at, len)?;
        Some(SlotSpan { base, len: len as usize })
    }
}

/// Room for slots, zero where nothing else was written. Slots beyond the size of the table have never been written.
#[derive(Debug)]
struct Slots {
    base: NonNull<u64>,
    capacity: usize,
    /// What they lie in, if they are many: then memory is used only for pages that were touched.
    mapping: Option<Mapping>,
}

/// Bytes of slots from which on they lie in a mapping of their own.
const MAPPED: usize = 1 << 20;

impl Slots {
    fn layout(capacity: usize) -> Option<Layout> {
        Layout::array::<u64>(capacity).ok()
    }

    fn new(capacity: usize) -> Option<Slots> {
        let layout = Self::layout(capacity)?;
        if layout.size() >= MAPPED {
            let mapping = Mapping::new(layout.size(), Protection::ReadWrite).ok()?;
            return Some(Slots { base: mapping.base().cast(), capacity, mapping: Some(mapping) });
        }
        if capacity == 0 {
            return Some(Slots { base: NonNull::dangling(), capacity, mapping: None });
        }
        // SAFETY: I3: the layout is not empty.
        let base = unsafe { alloc::alloc_zeroed(layout) };
        Some(Slots { base: NonNull::new(base.cast())?, capacity, mapping: None })
    }

    /// Makes room for `len` slots, and for more if more are allowed: tables grow in small steps.
    fn grow(&mut self, len: usize, most: u64) -> Option<()> {
        if len <= self.capacity {
            return Some(());
        }
        let doubled = self.capacity.saturating_mul(2).min(usize::try_from(most).unwrap_or(usize::MAX));
        self.grow_to(len.max(doubled)).or_else(|| self.grow_to(len))
    }

    fn grow_to(&mut self, capacity: usize) -> Option<()> {
        if let Some(mapping) = &mut self.mapping {
            mapping.grow(Self::layout(capacity)?.size()).ok()?;
            (self.base, self.capacity) = (mapping.base().cast(), capacity);
            return Some(());
        }
        let larger = Slots::new(capacity)?;
        // SAFETY: I3: both have at least `self.capacity` slots, and are not the same.
        unsafe { std::ptr::copy_nonoverlapping(self.base.as_ptr(), larger.base.as_ptr(), self.capacity) };
        *self = larger;
        Some(())
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        if self.mapping.is_some() {
            return;
        }
        if let Some(layout) = Self::layout(self.capacity).filter(|layout| layout.size() != 0) {
            // SAFETY: I3: allocated in `new` with this layout.
            unsafe { alloc::dealloc(self.base.as_ptr().cast(), layout) };
        }
    }
}

const _: () = assert!(size_of::<u64>() == TABLE_SLOT_SIZE);
