//! Walking the frames of compiled code by their frame pointers.
//!
//! Compiled code keeps frame pointers: at FP lies the caller's FP, and above it the return address.
//! The frames of one activation end at the FP of its entry stub.

use super::activation::Activation;
use crate::code::Module;
use crate::instances::InstanceData;
use crate::store::StoreInner;
use crate::trap::{Frame, MAX_FRAMES, Recursion, TrapRecord};
use trapline_abi::vmlayout::{VMContextHeader, VMStoreContext};
use trapline_abi::{FuncKey, Handler, InjectedFault, TrySite};

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

impl Walk {
    /// From where a stub has left its frame pointer with the store, up to the entry stub.
    pub(super) fn of(vm: &VMStoreContext) -> Walk {
        Walk { lowest: vm.exit_fp, fp: vm.exit_fp, entry_fp: vm.entry_fp }
    }

    /// Visits the frames above the first, innermost first, until one gives something: the address that the frame goes on at,
    /// and its frame pointer.
    ///
    /// # Safety
    ///
    /// I6: as for [`Walk::run`].
    pub(super) unsafe fn find<T>(self, mut visit: impl FnMut(usize, usize) -> Option<T>) -> Option<T> {
        let mut fp = self.fp;
        while fp >= self.lowest && fp < self.entry_fp && fp.is_multiple_of(size_of::<usize>()) {
            // SAFETY: I6: both words lie between `lowest` and the entry stub's frame.
            let [next, return_address] = unsafe { *std::ptr::with_exposed_provenance::<[usize; 2]>(fp) };
            if next <= fp || next >= self.entry_fp {
                return None;
            }
            if let Some(found) = visit(return_address, next) {
                return Some(found);
            }
            fp = next;
        }
        None
    }
}

impl Walk {
    /// How deep a recursion goes whose innermost callers have been recorded.
    ///
    /// Async-signal-safe as [`Walk::run`].
    ///
    /// # Safety
    ///
    /// I6: as for [`Walk::run`].
    pub(super) unsafe fn recursion(self, record: &TrapRecord) -> Recursion {
        let (period, callers) = (record.period(), record.pcs().get(1..).unwrap_or_default());
        let (mut depth, mut repeated) = (1, 0);
        let mut position = 0;
        // SAFETY: I6: as demanded.
        unsafe {
            self.find(|return_address, _| -> Option<()> {
                if repeated + 1 == depth && period > 0 && callers.get(position) == Some(&return_address) {
                    repeated += 1;
                    position = if position + 1 == period { 0 } else { position + 1 };
                }
                depth += 1;
                None
            });
        }
        Recursion { depth, period, repeated }
    }

    /// How many functions wait above the first frame.
    ///
    /// # Safety
    ///
    /// I6: as for [`Walk::run`].
    unsafe fn count(self) -> u64 {
        let mut count = 0;
        // SAFETY: I6: as demanded.
        unsafe {
            self.find(|_, _| -> Option<()> {
                count += 1;
                None
            });
        }
        count
    }
}

/// How many functions of WebAssembly wait in the activations in which the host called one, as far as they are of the same
/// store.
///
/// # Safety
///
/// I6: as for [`resolve_outer`].
pub(super) unsafe fn count_outer(activation: &Activation) -> u64 {
    let (mut inner, mut count) = (activation, 0);
    // SAFETY: I6: as for `resolve_outer`.
    unsafe {
        while let Some(outer) = inner.outer.as_ref().filter(|outer| outer.store == inner.store) {
            count += Walk::of(&inner.saved).count();
            inner = outer;
        }
    }
    count
}

/// The function that called a builtin through its stub, with the module.
///
/// # Safety
///
/// I6: compiled code of the store has left its frame pointer with it, by a stub that is still on the stack of this thread.
pub(crate) unsafe fn caller(store: &StoreInner) -> Option<Frame> {
    // SAFETY: I6: as demanded.
    let return_address = unsafe { Walk::of(&store.vm).find(|return_address, _| Some(return_address)) }?;
    waiting(store, return_address)
}

/// The function that goes on at a return address.
pub(super) fn waiting(store: &StoreInner, return_address: usize) -> Option<Frame> {
    let pc = return_address.wrapping_sub(1);
    resolve_one(store.code.module_at(pc)?, pc)
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
        FuncKey::EntryStub(_) | FuncKey::ExitStub(_) | FuncKey::BuiltinStub(_) => None,
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
            let (depth, truncated) = Walk::of(left).run(&mut pcs);
            resolve(&*inner.store, &pcs[..depth], false, frames);
            if truncated {
                return true;
            }
            inner = outer;
        }
    }
    false
}

/// Where an exception goes on: in the code of a handler, with its frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Landing {
    pub(crate) pc: usize,
    pub(crate) sp: usize,
    pub(crate) fp: usize,
}

/// The innermost handler of an exception in the current activation: `tag` is the exception's in the store.
///
/// # Safety
///
/// I6: compiled code of the store has left its frame pointer with it, by a stub that is still on the stack of this thread.
pub(crate) unsafe fn find_handler(store: *const StoreInner, tag: u32) -> Option<Landing> {
    // SAFETY: I6: frames of compiled code lie between the two frame pointers, each with its caller's and a return address;
    // the context of a handler is in its frame, and is that of an instance of this store.
    unsafe {
        let any = (*store).config.fault.is(InjectedFault::Tag);
        Walk::of(&(*store).vm).find(|return_address, fp| {
            let (start, site) = handlers_at(&*store, return_address)?;
            let sp = fp - site.frame_size as usize;
            let context =
                std::ptr::with_exposed_provenance::<*mut VMContextHeader>(sp + site.context as usize);
            let instance = (**context).owner.cast::<InstanceData>();
            let catches = |handler: &&Handler| {
                any || handler.tag.is_none_or(|own| (&(*instance).tags)[own.index()] == tag)
            };
            let handler = site.handlers.iter().find(catches)?;
            Some(Landing { pc: start + handler.pad as usize, sp, fp })
        })
    }
}

/// The handlers of the call that returns to an address, and where the code of its function starts.
fn handlers_at(store: &StoreInner, return_address: usize) -> Option<(usize, &TrySite)> {
    // The instruction behind the call may belong to other code.
    let place = store.code.module_at(return_address - 1)?.image().place(return_address - 1)?;
    let FuncKey::Defined(_) = place.function.key else { return None };
    let site = place.function.call_returning_to(place.offset + 1)?;
    Some((return_address - 1 - place.offset as usize, site.handled.as_deref()?))
}
