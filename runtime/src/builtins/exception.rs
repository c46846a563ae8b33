//! Exceptions.

use super::Vmctx;
use crate::handle::Exception;
use crate::store::StoreInner;
use crate::sys::jump;
use crate::trap::Failure;
use crate::vm::find_handler;
use std::num::NonZeroU32;
use trapline_abi::vmlayout::ValRaw;

pub(crate) fn exception_new(vmctx: &mut Vmctx, tag: u32, values: *mut ValRaw) -> Result<u64, Failure> {
    let (store, instance) = vmctx.instance();
    let tag = instance.tags[tag as usize];
    let count = store.types.func(store.exceptions.tag_type(tag)).params.len();
    // SAFETY: I5: compiled code passes an array of what the tag's exceptions carry.
    let payload = (0..count).map(|i| unsafe { *values.add(i) }).collect();
    match store.exceptions.add(tag, payload) {
        Some(reference) => Ok(reference.get().into()),
        None => Err(Failure::Host(crate::HostError::new("there are too many exceptions"))),
    }
}

pub(crate) fn exception_throw(vmctx: &mut Vmctx, exception: u32) -> Result<(), Failure> {
    let store = vmctx.store();
    let Some(reference) = NonZeroU32::new(exception) else {
        unreachable!("compiled code checks the reference")
    };
    // SAFETY: I5: the throw stub has called, and nothing refers to the store.
    unsafe { throw(store, reference) }
}

/// Goes on in the handler of an exception, if there is one before the host is reached.
///
/// # Safety
///
/// I5, I6: called by a builtin whose stub has left its frame pointer with the store; no reference to the store exists, and
/// the frames up to the builtin hold nothing that has to be dropped.
pub(super) unsafe fn throw(store: *mut StoreInner, reference: NonZeroU32) -> Result<(), Failure> {
    // SAFETY: I5, I6: as demanded.
    unsafe {
        let tag = (*store).exceptions.tag(reference);
        match find_handler(store, tag) {
            Some(landing) => jump::to_handler(landing.pc, landing.sp, landing.fp, reference.get().into()),
            None => Err(Failure::Exception(Exception { store: (*store).id, reference })),
        }
    }
}

pub(crate) fn exception_caught(vmctx: &mut Vmctx, exception: u32, kept: u32, values: *mut ValRaw) {
    let (store, _) = vmctx.instance();
    let Some(reference) = NonZeroU32::new(exception) else { unreachable!("handlers are given an exception") };
    if !values.is_null() {
        for (i, &value) in store.exceptions.payload(reference).iter().enumerate() {
            // SAFETY: I5: a handler of one tag passes an array with room for what exceptions of the tag carry.
            unsafe { *values.add(i) = value };
        }
    }
    store.exceptions.caught(reference, kept != 0);
}
