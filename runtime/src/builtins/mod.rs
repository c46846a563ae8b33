//! The runtime's functions that compiled code calls.
//!
//! The table is made from the list in `trapline-abi`, so an entry without an implementation, or
//! with another signature than compiled code assumes, does not compile. Every entry goes through
//! [`enter`]; the implementations beside this file are safe to call with any operands and know
//! nothing of compiled code.

mod atomic;
mod exception;
mod float;
mod heap;
mod host;
mod memory;
mod table;

use crate::instances::InstanceData;
use crate::store::StoreInner;
use crate::trap::{Failure, Pending};
use std::panic::{AssertUnwindSafe, catch_unwind};
use trapline_abi::vmlayout::{INSTANCE_MAGIC, VMContextHeader, ValRaw};

/// The context that compiled code passed. There is one for each call of a builtin, and what it lends ends before it lends
/// again.
pub(crate) struct Vmctx(*mut VMContextHeader);

impl Vmctx {
    fn store(&self) -> *mut StoreInner {
        // SAFETY: I5: compiled code passes the context that the runtime made for it, whose store
        // field points to the context at the start of the whole store.
        unsafe { (*self.0).store.cast() }
    }

    /// The store and the instance that the code belongs to.
    fn instance(&mut self) -> (&mut StoreInner, &mut InstanceData) {
        // SAFETY: I5: while a builtin runs, compiled code waits and no other reference to the store or one of its
        // instances exists; both are separate allocations. The references borrow this value, of which each call has one.
        unsafe {
            assert_eq!((*self.0).magic, INSTANCE_MAGIC, "a builtin was called without an instance");
            (&mut *self.store(), &mut *(*self.0).owner.cast())
        }
    }
}

/// What an implementation returns, and what compiled code gets of it.
trait Outcome {
    /// The result in compiled code.
    type Raw;
    /// The result after a panic. Where it cannot say that something went wrong, compiled code goes
    /// on until its activation ends; the panic goes on then.
    const AFTER_PANIC: Self::Raw;

    /// The result, with a failure left aside.
    fn split(self) -> (Self::Raw, Option<Failure>);
}

impl Outcome for Result<(), Failure> {
    type Raw = u32;
    const AFTER_PANIC: u32 = 1;

    fn split(self) -> (u32, Option<Failure>) {
        match self {
            Ok(()) => (0, None),
            Err(failure) => (1, Some(failure)),
        }
    }
}

impl Outcome for Result<u64, Failure> {
    type Raw = u64;
    const AFTER_PANIC: u64 = u64::MAX;

    fn split(self) -> (u64, Option<Failure>) {
        match self {
            Ok(value) => (value, None),
            Err(failure) => (u64::MAX, Some(failure)),
        }
    }
}

macro_rules! outcomes_that_cannot_fail {
    ($($ty:ty: $after_panic:expr;)*) => {$(
        impl Outcome for $ty {
            type Raw = $ty;
            const AFTER_PANIC: $ty = $after_panic;

            fn split(self) -> ($ty, Option<Failure>) {
                (self, None)
            }
        }
    )*};
}

outcomes_that_cannot_fail! {
    (): ();
    u64: u64::MAX;
    f32: 0.0;
    f64: 0.0;
}

/// The way from compiled code into the host, for every builtin: no panic crosses a frame of
/// compiled code, and a failure waits with the store until the activation has been left.
#[inline(always)]
fn enter<O: Outcome>(mut vmctx: Vmctx, body: impl FnOnce(&mut Vmctx) -> O) -> O::Raw {
    let pending = match catch_unwind(AssertUnwindSafe(|| body(&mut vmctx).split())) {
        Ok((raw, None)) => return raw,
        Ok((raw, Some(failure))) => (raw, Pending::Failure(failure)),
        Err(payload) => (O::AFTER_PANIC, Pending::Panic(payload)),
    };
    leave(&vmctx, pending.1);
    pending.0
}

#[cold]
fn leave(vmctx: &Vmctx, pending: Pending) {
    // SAFETY: I5: the references of the builtin's body have ended.
    let slot = unsafe { &mut (*vmctx.store()).pending };
    // A panic that waits already came first and goes on first.
    if !matches!(slot, Some(Pending::Panic(_))) {
        *slot = Some(pending);
    }
}

macro_rules! kind {
    (vmctx) => { *mut VMContextHeader };
    (pointer) => { *mut ValRaw };
    (i32) => { u32 };
    (i64) => { u64 };
    (f32) => { f32 };
    (f64) => { f64 };
}

macro_rules! result {
    (nothing) => {
        ()
    };
    (trapped) => {
        u32
    };
    (i64) => {
        u64
    };
    (i64_or_trapped) => {
        u64
    };
    (f32) => {
        f32
    };
    (f64) => {
        f64
    };
}

/// Which function implements which builtin: one of the same name, in one of the families.
mod implementations {
    pub(super) use super::atomic::*;
    pub(super) use super::exception::{exception_new, exception_throw};
    pub(super) use super::float::*;
    pub(super) use super::heap::*;
    pub(super) use super::host::*;
    pub(super) use super::memory::*;
    pub(super) use super::table::*;
}

macro_rules! define_table {
    ($($(#[$doc:meta])* $name:ident(vmctx: vmctx $(, $param:ident: $kind:ident)*) -> $result:ident;)*) => {
        /// The functions whose addresses compiled code calls.
        mod entries {
            use super::*;

            $(
                /// # Safety
                ///
                /// I5: called by compiled code with its own context.
                pub(super) unsafe extern "C" fn $name(
                    vmctx: *mut VMContextHeader,
                    $($param: kind!($kind),)*
                ) -> result!($result) {
                    enter(Vmctx(vmctx), |vmctx| implementations::$name(vmctx, $($param),*))
                }
            )*
        }

        /// One pointer for each builtin, in the order of the list.
        #[repr(C)]
        struct Table {
            $($name: unsafe extern "C" fn(*mut VMContextHeader, $(kind!($kind)),*) -> result!($result),)*
        }

        static TABLE: Table = Table { $($name: entries::$name,)* };
    };
}

trapline_abi::for_each_builtin!(define_table);

/// The table that contexts point to.
pub(crate) fn table() -> *const usize {
    (&raw const TABLE).cast()
}

const _: () = assert!(size_of::<Table>() == trapline_abi::Builtin::ALL.len() * size_of::<usize>());

/// A context that could be copied could lend the store twice: this does not compile then, because both implementations fit.
const _: () = {
    trait NotCopy<A> {
        const HOLDS: () = ();
    }
    struct Copied;
    impl<T> NotCopy<()> for T {}
    impl<T: Copy> NotCopy<Copied> for T {}
    <Vmctx as NotCopy<_>>::HOLDS
};
