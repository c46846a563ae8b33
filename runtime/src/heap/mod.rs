//! The heap of a store: structures, arrays, exceptions and host values, moved by a copying collector.
//!
//! Objects lie in one half of an address space ([`space`]), one behind another. When the half is full, those that are still
//! reached from the roots are moved to the other half ([`mover`]), and the halves change places. The capacity grows so that
//! what a collection looks at (what is alive, what is wanted, and the places that are roots) takes no more than half of it.
//! Where a limit forbids that, the heap counts as exhausted as soon as a collection leaves less than a
//! [`LEAST_GAIN`]th of what it has moved. So the cost of all collections is at most proportional to what has been allocated.

mod mover;
mod objects;
mod space;

pub(crate) use mover::Mover;
pub(crate) use space::MAX_CAPACITY;

use crate::error::ResourceError;
use crate::layout::FixedLayout;
use crate::types::TypeRegistry;
use space::{Half, Space};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use trapline_abi::TypeId;
use trapline_abi::heap::{MAX_OBJECT, aligned};
use trapline_abi::vmlayout::{VMFuncRef, VMStoreContext, ValRaw};

/// Bytes of the first capacity.
const FIRST_CAPACITY: u64 = 256 << 10;
/// What a collection has moved, divided by what it must leave free.
const LEAST_GAIN: u64 = 32;
/// Bytes that a place that is a root counts for.
const ROOT_BYTES: u64 = 4;
/// The number of handles above which unused ones are looked for.
const FEW_HANDLES: usize = 64;

/// The heap of a store.
#[derive(Debug)]
pub(crate) struct Heap {
    /// Reserved when something is to lie in the heap for the first time.
    space: Option<Space>,
    half: Half,
    /// Bytes that objects may have before the next collection.
    capacity: u64,
    /// Types whose rows of supertypes have been written.
    rows: usize,
    /// The function types of the tags of the store, and how their exceptions look.
    tag_types: Vec<TypeId>,
    tag_layouts: Vec<FixedLayout>,
    /// The functions that the heap refers to, by number; the length is a power of two.
    funcs: Vec<*mut VMFuncRef>,
    /// How many of those there are, null included.
    funcs_len: usize,
    handles: RefCell<Handles>,
    /// Values that are neither on the stack of compiled code nor anywhere else: those of a constant expression that is being
    /// evaluated, and arguments of a builtin.
    pub(crate) temporaries: Vec<Temporary>,
}

/// References that the host has.
#[derive(Debug, Default)]
struct Handles {
    all: Vec<Arc<AtomicU32>>,
    /// The number above which unused ones are removed.
    limit: usize,
}

/// A value that has no other place, and whether it is a reference into the heap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Temporary {
    pub(crate) value: ValRaw,
    pub(crate) refers: bool,
}

impl Default for Heap {
    fn default() -> Self {
        Heap {
            space: None,
            half: Half::Lower,
            capacity: 0,
            rows: 0,
            tag_types: Vec::new(),
            tag_layouts: Vec::new(),
            funcs: Vec::new(),
            funcs_len: 0,
            handles: RefCell::default(),
            temporaries: Vec::new(),
        }
    }
}

fn refused(bytes: u64) -> impl Fn(std::io::Error) -> ResourceError {
    move |source| ResourceError::HeapMap { bytes, source }
}

impl Heap {
    /// Makes the heap known to compiled code, with all types of the store.
    ///
    /// # Errors
    ///
    /// When the system does not grant its address space.
    pub(crate) fn prepare(
        &mut self,
        vm: &mut VMStoreContext,
        types: &TypeRegistry,
    ) -> Result<(), ResourceError> {
        if self.space.is_none() {
            let space = self.space.insert(Space::reserve()?);
            vm.heap_base = space.base();
            vm.displays = space.displays();
            let start = self.half.start() as usize;
            (vm.heap_next, vm.heap_end) = (start, start);
            self.funcs = vec![std::ptr::null_mut(); 64];
            self.funcs_len = 1;
            self.publish_funcs(vm);
        }
        let Some(space) = &mut self.space else { return Ok(()) };
        for number in self.rows..types.len() {
            let bytes = u64::from(trapline_abi::heap::DISPLAY_STRIDE);
            space.set_display(number, types.display(number)).map_err(refused(bytes))?;
            self.rows = number + 1;
        }
        Ok(())
    }

    /// Takes a tag in, whose exceptions carry the parameters of a function type.
    pub(crate) fn add_tag(&mut self, ty: TypeId, types: &TypeRegistry) -> u32 {
        self.tag_types.push(ty);
        self.tag_layouts.push(FixedLayout::of_exception(&types.func(ty).params));
        self.tag_types.len() as u32 - 1
    }

    /// The function type of a tag.
    pub(crate) fn tag_type(&self, tag: u32) -> TypeId {
        self.tag_types[tag as usize]
    }

    /// How the exceptions of a tag look.
    pub(crate) fn tag_layout(&self, tag: u32) -> &FixedLayout {
        &self.tag_layouts[tag as usize]
    }

    /// The number of a function among those that the heap refers to; 0 for null.
    ///
    /// # Safety
    ///
    /// I4: the reference is null or one of the store.
    pub(crate) unsafe fn number_of_func(&mut self, vm: &mut VMStoreContext, func: *mut VMFuncRef) -> u32 {
        if func.is_null() {
            return 0;
        }
        // SAFETY: I4: function references live as long as their store.
        let number = unsafe { &mut (*func).heap_number };
        if *number == 0 {
            if self.funcs_len == self.funcs.len() {
                self.funcs.resize(2 * self.funcs_len, std::ptr::null_mut());
                self.publish_funcs(vm);
            }
            self.funcs[self.funcs_len] = func;
            *number = self.funcs_len as u64;
            self.funcs_len += 1;
        }
        *number as u32
    }

    /// The function with a number.
    pub(crate) fn func(&self, number: u32) -> *mut VMFuncRef {
        self.funcs.get(number as usize).copied().unwrap_or(std::ptr::null_mut())
    }

    fn publish_funcs(&self, vm: &mut VMStoreContext) {
        vm.heap_funcs = self.funcs.as_ptr();
        vm.heap_funcs_mask = self.funcs.len() - 1;
    }

    /// A place for an object of so many bytes, if there is room without a collection.
    pub(crate) fn try_allocate(&mut self, vm: &mut VMStoreContext, size: u64) -> Option<u32> {
        self.space.as_ref()?;
        let size = aligned(size);
        let end = u64::from(self.half.start()) + self.capacity;
        (vm.heap_next as u64 + size <= end).then(|| {
            let reference = vm.heap_next as u32;
            vm.heap_next += size as usize;
            // Where every allocation is to ask, the end is where the last object ends.
            vm.heap_end = vm.heap_end.max(vm.heap_next);
            reference
        })
    }

    /// Bytes of all objects, dead ones included.
    fn used(&self, vm: &VMStoreContext) -> u64 {
        if self.space.is_some() { vm.heap_next as u64 - u64::from(self.half.start()) } else { 0 }
    }

    /// Makes room for `wanted` bytes: moves what is alive, which `roots` reaches, and lets the capacity grow.
    /// `roots` gives how many places it has looked at. With `stress`,
    /// nothing may be allocated without asking, and what was moved cannot be accessed where it was.
    ///
    /// # Errors
    ///
    /// When what is alive and wanted is more than the limit, or so near to it that collections would cost more than they
    /// bring, or the system grants no more memory. What is alive has then been moved, if anything was.
    pub(crate) fn make_room(
        &mut self,
        vm: &mut VMStoreContext,
        types: &TypeRegistry,
        wanted: u64,
        limits: Limits,
        roots: impl FnOnce(&mut dyn FnMut(u32) -> u32, &mut [Temporary]) -> u64,
    ) -> Result<(), ResourceError> {
        let wanted = aligned(wanted);
        let limit = limits.bytes.min(MAX_CAPACITY) & !7;
        let exhausted = ResourceError::HeapLimit { bytes: wanted, limit };
        if wanted > MAX_OBJECT.min(limit) {
            return Err(exhausted);
        }
        let mut looked_at = 0;
        if self.used(vm) > 0 {
            let collected = self.collect(vm, types, limits.stress, roots);
            self.set_end(vm, limits.stress);
            looked_at = collected? * ROOT_BYTES;
        }
        let used = self.used(vm);
        if limit.saturating_sub(used) < wanted.max(used / LEAST_GAIN) {
            return Err(exhausted);
        }
        let mut capacity = self.capacity.max(FIRST_CAPACITY).min(limit);
        while used + wanted + looked_at > capacity / 2 && capacity < limit {
            capacity = (capacity * 2).min(limit);
        }
        let half = self.half;
        if let Some(space) = &mut self.space {
            match space.open(half, capacity) {
                Ok(()) => self.capacity = capacity,
                // The present capacity is enough.
                Err(_) if used + wanted <= self.capacity => {}
                Err(error) => return Err(refused(capacity)(error)),
            }
        }
        self.set_end(vm, limits.stress);
        Ok(())
    }

    fn set_end(&self, vm: &mut VMStoreContext, stress: bool) {
        vm.heap_end = match stress {
            true => vm.heap_next,
            false => (u64::from(self.half.start()) + self.capacity) as usize,
        };
    }

    /// Moves what is alive to the other half. Gives how many places were roots.
    fn collect(
        &mut self,
        vm: &mut VMStoreContext,
        types: &TypeRegistry,
        stress: bool,
        roots: impl FnOnce(&mut dyn FnMut(u32) -> u32, &mut [Temporary]) -> u64,
    ) -> Result<u64, ResourceError> {
        let from_len = self.used(vm) as usize;
        let (half, other) = (self.half, self.half.other());
        let Some(space) = &mut self.space else { return Ok(0) };
        // All of the capacity: growth behind this may be refused, and the heap is usable then, too.
        space.open(other, self.capacity).map_err(refused(self.capacity))?;
        let (from, to) = space.both_mut(half);
        let mut mover = Mover {
            from,
            from_start: half.start(),
            from_len,
            to,
            to_start: other.start(),
            next: 0,
            layouts: types.layouts(),
            tags: &self.tag_layouts,
        };
        let mut handles = self.handles.borrow_mut();
        handles.drop_unused();
        for handle in &handles.all {
            let moved = mover.forward(handle.load(Ordering::Relaxed));
            handle.store(moved, Ordering::Relaxed);
        }
        let places = roots(&mut |reference| mover.forward(reference), &mut self.temporaries);
        mover.finish();
        vm.heap_next = other.start() as usize + mover.next;
        self.half = other;
        if stress {
            space.close(half).map_err(refused(from_len as u64))?;
        }
        Ok(places)
    }

    /// A reference for the host, kept up to date until its last copy is dropped.
    pub(crate) fn handle(&self, reference: u32) -> Arc<AtomicU32> {
        let handle = Arc::new(AtomicU32::new(reference));
        let mut handles = self.handles.borrow_mut();
        if handles.all.len() >= handles.limit.max(FEW_HANDLES) {
            handles.drop_unused();
            handles.limit = 2 * handles.all.len();
        }
        handles.all.push(handle.clone());
        handle
    }
}

impl Handles {
    fn drop_unused(&mut self) {
        self.all.retain(|handle| Arc::strong_count(handle) > 1);
    }
}

/// What a heap may become, and how it is used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of all objects.
    pub(crate) bytes: u64,
    /// Whether everything is moved at every allocation.
    pub(crate) stress: bool,
}

#[cfg(test)]
mod tests;
