//! When nobody waits any more for what workers do for a thread.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

thread_local! {
    static CURRENT: RefCell<End> = RefCell::default();
}

/// The end of some work, which may be set while it is under way. Copies have the same end.
#[derive(Clone, Default, Debug)]
pub(crate) struct End(Arc<Mutex<Option<Instant>>>);

impl End {
    /// Ends the work at some time.
    pub(crate) fn set(&self, at: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// Whether what the work has come to is of no use.
    pub(crate) fn has_come(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| Instant::now() >= at)
    }

    /// Does something in which workers work until this end: later they are killed, and their scripts count as cut short.
    pub(crate) fn of<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = CURRENT.replace(self.clone());
        let done = work();
        CURRENT.set(before);
        done
    }

    /// That of what the calling thread is doing, which never comes unless [`End::of`] says otherwise.
    pub(crate) fn current() -> End {
        CURRENT.with_borrow(Clone::clone)
    }
}
