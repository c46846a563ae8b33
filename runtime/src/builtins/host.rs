//! Calls of host functions.

use super::Vmctx;
use crate::funcs::HostFunc;
use crate::trap::Failure;
use smallvec::SmallVec;
use trapline_abi::vmlayout::{HOST_FUNC_MAGIC, ValRaw};

pub(crate) fn host_call(vmctx: &mut Vmctx, values: *mut ValRaw) -> Result<(), Failure> {
    match call(vmctx, values) {
        Err(Failure::Exception(exception)) => {
            let reference = exception.object.reference();
            // A handler would leave this frame with it, and the handle would keep the exception for ever.
            drop(exception);
            // SAFETY: I5, I6: the exit stub has called, nothing refers to the store, and the host function is over.
            unsafe { super::exception::throw(vmctx.store(), reference) }
        }
        result => result,
    }
}

fn call(vmctx: &mut Vmctx, values: *mut ValRaw) -> Result<(), Failure> {
    let store = vmctx.store();
    // SAFETY: I5: an exit stub passes the context of the host function and an array with room for
    // the arguments, which it holds, and for the results. References to the store last for one
    // statement: the host function may call back into it.
    unsafe {
        assert_eq!((*vmctx.0).magic, HOST_FUNC_MAGIC, "a host function was called without its context");
        let host = (*vmctx.0).owner.cast::<HostFunc>().cast_const();
        let args: SmallVec<[_; 8]> = {
            let store = &*store;
            let params = &store.types.func((*host).type_id()).params;
            params.iter().enumerate().map(|(i, &ty)| store.lift(*values.add(i), ty)).collect()
        };
        let results = (*host).callback.call(store.cast(), host, &args)?;
        let lowered = (*store).lower_all(&results)?;
        for (i, result) in lowered.into_iter().enumerate() {
            *values.add(i) = result;
        }
    }
    Ok(())
}
