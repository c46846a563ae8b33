//! References in frames of compiled code.

use super::activation;
use super::unwind::Walk;
use crate::code::CodeRegistry;
use crate::store::StoreInner;
use trapline_abi::vmlayout::VMStoreContext;

/// Changes every reference that lives in a frame of compiled code of a store. `now` is the store's context.
///
/// # Safety
///
/// I6, I14: in all activations of the store on this thread, compiled code waits in a stub that has left its frame pointer
/// with the store, or has not yet begun.
pub(super) unsafe fn for_each_reference(
    store: *const StoreInner,
    now: &VMStoreContext,
    code: &CodeRegistry,
    change: &mut dyn FnMut(u32) -> u32,
) {
    let mut vm = *now;
    let mut activation = activation::current();
    // SAFETY: I6: activations are linked only while they are on the stack of this thread; each has saved what the store's
    // context held before it, which is where the activation of this store around it was left.
    unsafe {
        while let Some(here) = activation.as_ref() {
            if std::ptr::eq(here.store, store) {
                let _: Option<()> = Walk::of(&vm).find(|return_address, fp| {
                    frame(code, return_address, fp, change);
                    None
                });
                vm = here.saved;
            }
            activation = here.outer;
        }
    }
}

/// Changes the references in the frame that a call returns to.
///
/// # Safety
///
/// I6, I14: the frame waits in this call.
unsafe fn frame(code: &CodeRegistry, return_address: usize, fp: usize, change: &mut dyn FnMut(u32) -> u32) {
    let call = return_address - 1;
    let Some(place) = code.module_at(call).and_then(|module| module.image().place(call)) else { return };
    let Some(map) = place.function.stack_map_at(place.offset + 1) else { return };
    let sp = fp - map.frame_size as usize;
    for &slot in &map.slots {
        let at = std::ptr::with_exposed_provenance_mut::<u32>(sp + slot as usize);
        // SAFETY: I14: the map says that the frame keeps a reference there, and the check of the manifest has seen that it
        // is within the frame.
        unsafe { at.write_unaligned(change(at.read_unaligned())) };
    }
}
