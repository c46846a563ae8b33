//! Walking the frames of compiled code by their frame pointers.
//!
//! Compiled code keeps frame pointers: at FP lies the caller's FP, and above it the return address.
//! The frames of one activation end at the FP of its entry stub.

use super::activation::Activation;
use crate::code::Module;
use crate::store::StoreInner;
use crate::trap::{Frame, MAX_FRAMES};
use trapline_abi::FuncKey;

/// Where a walk starts and ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    /// No frame lies below this address.
    pub(crate) lowest: usize,
    /// The frame pointer of the first frame.
    pub(crate) fp: usize,
    /// The frame pointer of the entry stub, whose own frame is not part of the walk.
    pub(crate) entry_fp: usize,
}

impl Walk {
    /// Writes the return addresses of the frames to `pcs`, innermost first. Gives their number, and
    /// whether there were more.
    ///
    /// Async-signal-safe: reads the stack between `lowest` and `entry_fp`, and stops at the first
    /// frame pointer that does not lead upwards within these bounds.
    ///
    /// # Safety
    ///
    /// I6: `lowest..entry_fp` is live stack of this thread.
    pub(crate) unsafe fn run(self, pcs: &mut [usize]) -> (usize, bool) {
        let mut fp = self.fp;
        let mut at_least = self.lowest;
        for (depth, slot) in pcs.iter_mut().enumerate() {
            if fp < at_least || fp >= self.entry_fp || !fp.is_multiple_of(size_of::<usize>()) {
                return (depth, false);
            }
            let frame = std::ptr::with_exposed_provenance::<[usize; 2]>(fp);
            // SAFETY: I6: both words lie between `lowest` and the entry stub's frame, because FP
            // is aligned and below `entry_fp`, which itself lies below two more words.
            let [next, return_address] = unsafe { *frame };
            *slot = return_address;
            at_least = fp + size_of::<[usize; 2]>();
            fp = next;
        }
        (pcs.len(), fp >= at_least && fp < self.entry_fp)
    }
}

/// The functions of WebAssembly among some addresses of code. If `trapped`, the first address is a
/// trapping instruction; all others are return addresses.
pub(crate) fn resolve(store: &StoreInner, pcs: &[usize], trapped: bool, frames: &mut Vec<Frame>) {
    for (i, &pc) in pcs.iter().enumerate() {
        // A return address may be the start of other code; the call is what lies before it.
        let pc = if trapped && i == 0 { pc } else { pc.wrapping_sub(1) };
        frames.extend(store.code.module_at(pc).and_then(|module| resolve_one(module, pc)));
    }
}

fn resolve_one(module: &Module, pc: usize) -> Option<Frame> {
    let place = module.image().place(pc)?;
    match place.function.key {
        FuncKey::Defined(index) => Some(Frame {
            module: module.clone(),
            func: module.info().func_index(index),
            wasm_offset: place.function.wasm_offset_at(place.offset),
        }),
        FuncKey::EntryStub(_) | FuncKey::ExitStub(_) => None,
    }
}

/// Adds the frames of the activations in which the host called the current one, as far as they are
/// of the same store. Gives whether some were left out.
///
/// # Safety
///
/// I6: `activation` is the one being left, still linked to those around it.
pub(crate) unsafe fn resolve_outer(activation: &Activation, frames: &mut Vec<Frame>) -> bool {
    let mut inner = activation;
    // SAFETY: I6: the activations further out belong to callers of this function, and the stack
    // between an exit stub's frame and its entry stub's is theirs.
    unsafe {
        while let Some(outer) = inner.outer.as_ref().filter(|outer| outer.store == inner.store) {
            let left = &inner.saved;
            let mut pcs = [0; MAX_FRAMES];
            // The first return address is that of the exit stub: a place in the function that
            // called the host.
            let walk = Walk { lowest: left.exit_fp, fp: left.exit_fp, entry_fp: left.entry_fp };
            let (depth, truncated) = walk.run(&mut pcs);
            resolve(&*inner.store, &pcs[..depth], false, frames);
            if truncated {
                return true;
            }
            inner = outer;
        }
    }
    false
}
