//! What the signal handler may look up: code and memories of a store.

use super::Module;
use crate::stable::Stable;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering, compiler_fence};

/// A list that a signal handler on the same thread may read at any instruction.
///
/// Rust code that is changing the list may fault (or be interrupted) half-way; the handler then
/// sees an empty list rather than a torn one. Only one thread ever touches a store, so the order
/// that matters is that of one thread's instructions.
#[derive(Debug)]
pub(crate) struct Published<T> {
    items: Vec<T>,
    start: AtomicPtr<T>,
    len: AtomicUsize,
}

impl<T: Copy> Published<T> {
    /// An empty list.
    pub(crate) const fn new() -> Self {
        Self { items: Vec::new(), start: AtomicPtr::new(std::ptr::null_mut()), len: AtomicUsize::new(0) }
    }

    /// The items.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// Adds an item at a position.
    pub(crate) fn insert(&mut self, at: usize, item: T) {
        self.len.store(0, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        self.items.insert(at, item);
        self.start.store(self.items.as_mut_ptr(), Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        self.len.store(self.items.len(), Ordering::Relaxed);
    }

    /// The items as a signal handler sees them.
    pub(crate) fn published(&self) -> &[T] {
        let len = self.len.load(Ordering::Relaxed);
        if len == 0 {
            return &[];
        }
        // SAFETY: I7: a length other than zero is only visible while `start` points to that many
        // items, on the thread that changes them.
        unsafe { std::slice::from_raw_parts(self.start.load(Ordering::Relaxed), len) }
    }
}

/// One image of a store.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: usize,
    end: usize,
    /// Which of the registry's modules it is.
    module: *const Module,
}

/// The code that runs in a store, by address.
#[derive(Debug)]
pub(crate) struct CodeRegistry {
    by_address: Published<Entry>,
    /// Keeps the images alive; boxed so that entries can point to them.
    modules: Vec<Stable<Module>>,
}

impl CodeRegistry {
    /// A registry without code.
    pub(crate) const fn new() -> Self {
        Self { by_address: Published::new(), modules: Vec::new() }
    }

    /// Adds the code of a module, unless it is there already.
    pub(crate) fn add(&mut self, module: &Module) {
        let (start, end) = module.image().bounds();
        if start == end {
            return;
        }
        let at = self.by_address.items().partition_point(|entry| entry.start < start);
        if self.by_address.items().get(at).is_some_and(|entry| entry.start == start) {
            return;
        }
        let module = Stable::new(module.clone());
        self.by_address.insert(at, Entry { start, end, module: module.as_ptr() });
        self.modules.push(module);
    }

    /// The module that an address of code belongs to.
    ///
    /// Async-signal-safe: only reads, through a list that is never torn.
    pub(crate) fn module_at(&self, pc: usize) -> Option<&Module> {
        let entries = self.by_address.published();
        let after = entries.partition_point(|entry| entry.start <= pc);
        let entry = entries.get(after.checked_sub(1)?)?;
        // SAFETY: I7: `modules` keeps every module that an entry points to, for as long as the
        // registry lives.
        (pc < entry.end).then(|| unsafe { &*entry.module })
    }
}
