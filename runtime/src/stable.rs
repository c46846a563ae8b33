//! Values that stay where they are.

use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

/// An owned value at an address that never changes and that others may hold as a raw pointer.
///
/// Unlike a `Box`, moving it says nothing about who else may point to the value; a reference to the
/// value exists only as long as someone dereferences this, and never while compiled code runs.
#[derive(Debug)]
pub(crate) struct Stable<T>(NonNull<T>);

impl<T> Stable<T> {
    /// Moves a value to where it stays.
    pub(crate) fn new(value: T) -> Self {
        Self(NonNull::from(Box::leak(Box::new(value))))
    }

    /// Its address, which is never null.
    pub(crate) fn as_non_null(&self) -> NonNull<T> {
        self.0
    }

    /// Its address.
    pub(crate) fn as_ptr(&self) -> *mut T {
        self.0.as_ptr()
    }
}

impl<T> Deref for Stable<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: I3: the value is owned by `self` and initialised.
        unsafe { self.0.as_ref() }
    }
}

impl<T> DerefMut for Stable<T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: I3: the value is owned by `self` and initialised.
        unsafe { self.0.as_mut() }
    }
}

impl<T> Drop for Stable<T> {
    fn drop(&mut self) {
        // SAFETY: I3: it came from a `Box` in `new` and is dropped once.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}
