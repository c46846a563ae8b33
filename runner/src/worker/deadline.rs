//! Until when what workers do for a thread is of use.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

thread_local! {
    static CURRENT: RefCell<Deadline> = RefCell::default();
}

/// The deadline of some work, which may be set while it is under way. Copies are the same deadline.
#[derive(Clone, Default, Debug)]
pub(crate) struct Deadline(Arc<Mutex<Option<Instant>>>);

impl Deadline {
    /// Has the work be of no use from some time on. Once set, it stays.
    pub(crate) fn set(&self, at: Instant) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(at);
    }

    /// Whether what the work has come to is of no use.
    pub(crate) fn has_passed(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| Instant::now() >= at)
    }

    /// Does something in which workers work until this deadline: then they are killed, and their scripts count as cut short.
    pub(crate) fn of<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = CURRENT.replace(self.clone());
        let done = work();
        CURRENT.set(before);
        done
    }

    /// That of what the calling thread is doing, which never passes unless [`Deadline::of`] says otherwise.
    pub(crate) fn current() -> Deadline {
        CURRENT.with_borrow(Clone::clone)
    }
}
