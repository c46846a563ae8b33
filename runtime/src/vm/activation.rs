//! Activations: stretches of compiled code on the stack, each entered through an entry stub and
//! left by returning or by a trap.
//!
//! Entering: [`invoke`] saves the store's [`VMStoreContext`], sets the stack limit and calls the
//! entry stub, which notes where it is to be resumed. Leaving by a trap: the faulting instruction
//! raises a signal; [`on_fault`] writes down where and why, and has the thread resumed in the entry
//! stub, which returns 0. There is no unwinding of Rust frames: between a trap site and its entry
//! stub lie only frames of compiled code, because a builtin that fails returns to its caller first.

use super::detail::{call_stack, detail};
use super::recover;
use super::unwind::{self, Walk};
use crate::crash_hooks;
use crate::error::ResourceError;
use crate::memories;
use crate::store::StoreInner;
use crate::sys::fault::{Fault, Resume};
use crate::sys::stack;
use crate::trap::{CallError, Failure, Pending, TrapRecord, TrapReport};
use std::cell::Cell;
use std::{mem, ptr};
use trapline_abi::vmlayout::{EntryStubFn, NO_OPERANDS, VMFuncRef, VMStoreContext, ValRaw};
use trapline_abi::{CrashPlace, CrashRecord, FuncKey, Trap, TrapCode};

/// Bytes of stack that are left to the host, whatever compiled code uses: builtins, host functions
/// and the reports of traps run in them.
const HOST_STACK: usize = 128 << 10;
/// With less than this between stack pointer and limit, compiled code is not entered: the entry
/// stub itself does not look at the limit.
const ENTRY_STACK: usize = 16 << 10;

thread_local! {
    /// The innermost activation of this thread. It has no destructor, so that reading it is a plain
    /// load even in a signal handler.
    static CURRENT: Cell<*const Activation> = const { Cell::new(ptr::null()) };
}

/// A stretch of compiled code on the stack of this thread.
#[derive(Debug)]
pub(crate) struct Activation {
    /// The store that it runs in.
    pub(crate) store: *mut StoreInner,
    /// The activation that was the innermost before it, further up the stack, or null.
    pub(crate) outer: *const Activation,
    /// What the store's context held before it.
    pub(crate) saved: VMStoreContext,
}

impl Activation {
    /// Makes a new activation the innermost one.
    ///
    /// # Safety
    ///
    /// I5: no reference to the store exists.
    unsafe fn enter(store: *mut StoreInner, stack_limit: usize) -> Activation {
        // SAFETY: I5: the store is valid and not referenced.
        unsafe {
            let saved = (*store).vm;
            (*store).vm.stack_limit = stack_limit;
            Activation { store, outer: CURRENT.get(), saved }
        }
    }

    /// Makes the activation around this one the innermost one again.
    fn leave(&self) {
        CURRENT.set(self.outer);
        let VMStoreContext { stack_limit, entry_handler, entry_sp, entry_fp, exit_fp, .. } = self.saved;
        // SAFETY: I5: the store outlives its activations and is not referenced. What it says of the heap stays.
        unsafe {
            let now = (*self.store).vm;
            (*self.store).vm =
                VMStoreContext { stack_limit, entry_handler, entry_sp, entry_fp, exit_fp, ..now };
        }
    }
}

/// Calls a function of WebAssembly.
///
/// # Errors
///
/// When it is left by a trap or by a failing host function, or there is not enough stack to enter.
///
/// # Panics
///
/// If a host function that it called panicked: the panic goes on here.
///
/// # Safety
///
/// I5: no reference to the store exists; `callee` is a function reference of the store with an
/// entry stub; `values` holds its arguments, with room for its results.
pub(crate) unsafe fn invoke(
    store: *mut StoreInner,
    callee: VMFuncRef,
    values: *mut ValRaw,
) -> Result<(), CallError> {
    let lowest = stack::prepare_thread().map_err(ResourceError::Thread)?;
    let here = stack::current_address();
    // SAFETY: I5: the store is valid and not referenced by anyone.
    let limit = unsafe { stack_limit(store, here, lowest) };
    if here < limit.saturating_add(ENTRY_STACK) {
        return Err(CallError::Trap(Box::new(TrapReport::outside(Trap::StackOverflow, None))));
    }
    // SAFETY: I5: the entry stub belongs to the callee's signature and `values` to the call; it
    // preserves what the platform's convention wants preserved, also when left by a trap. The
    // activation is unlinked before it goes out of scope: nothing in between can unwind.
    unsafe {
        let entry = mem::transmute::<*const u8, EntryStubFn>(callee.entry);
        let activation = Activation::enter(store, limit);
        CURRENT.set(&raw const activation);
        let returned = entry(callee.vmctx, callee.code, values);
        let outcome = if returned == 0 { Err(landed(&activation)) } else { Ok(()) };
        activation.leave();
        // A builtin that has no way to say that it failed leaves its panic here and returns.
        let pending = &raw mut (*store).pending;
        if (*pending).is_some() {
            resume_panic(pending);
        }
        outcome
    }
}

/// The innermost activation of this thread, or null.
pub(super) fn current() -> *const Activation {
    CURRENT.get()
}

/// The stack limit for an activation entered here: `max_wasm_stack` below the outermost activation
/// of the thread, or less to leave the host its share.
unsafe fn stack_limit(store: *mut StoreInner, here: usize, lowest: usize) -> usize {
    let floor = lowest.saturating_add(HOST_STACK);
    // SAFETY: I5: activations are linked only while they are on the stack of this thread.
    unsafe {
        match CURRENT.get().as_ref() {
            Some(outer) => (*outer.store).vm.stack_limit.max(floor),
            None => here.saturating_sub((*store).config.max_wasm_stack).max(floor),
        }
    }
}

#[cold]
unsafe fn resume_panic(pending: *mut Option<Pending>) {
    // SAFETY: I5: the store is not referenced.
    unsafe {
        if let Some(Pending::Panic(_)) = &*pending
            && let Some(Pending::Panic(payload)) = (*pending).take()
        {
            std::panic::resume_unwind(payload);
        }
    }
}

/// Puts together what is known about the trap by which an activation was left.
///
/// # Safety
///
/// I5: the entry stub has just returned 0, and no reference to the store exists.
#[cold]
unsafe fn landed(activation: &Activation) -> CallError {
    // SAFETY: I5: no compiled code runs any more.
    let store = unsafe { &mut *activation.store };
    let (trap, detail) = match store.record.code {
        TrapCode::Trap(Trap::StackOverflow) => {
            // SAFETY: I6: the activation is still linked.
            let detail = unsafe { call_stack(store, activation) };
            (Trap::StackOverflow, detail)
        }
        TrapCode::Trap(trap) => (trap, detail(store, trap)),
        TrapCode::Pending => match store.pending.take() {
            Some(Pending::Failure(Failure::Trap(trap, detail))) => (trap, detail),
            Some(Pending::Failure(Failure::Exception(exception))) => {
                return CallError::Exception(Box::new(store.uncaught(exception)));
            }
            Some(Pending::Failure(Failure::Host(error))) => return CallError::Host(error),
            Some(Pending::Failure(Failure::Nested(report))) => return CallError::Trap(report),
            Some(panic @ Pending::Panic(_)) => {
                store.pending = Some(panic);
                return CallError::NoReason;
            }
            None => return CallError::NoReason,
        },
    };
    store.vm.trap_operands = NO_OPERANDS;
    let mut frames = Vec::new();
    unwind::resolve(store, store.record.pcs(), true, &mut frames);
    let mut truncated = store.record.truncated;
    if !truncated && !activation.outer.is_null() {
        // SAFETY: I6: the activation is still linked.
        truncated = unsafe { unwind::resolve_outer(activation, &mut frames) };
    }
    let innermost = frames.first();
    let func = innermost.map(|frame| (frame.func, frame.name().map(str::to_owned)));
    let wasm_offset = innermost.and_then(|frame| frame.wasm_offset);
    CallError::Trap(Box::new(TrapReport { trap, func, wasm_offset, detail, frames, truncated }))
}

/// Bytes from address 0 on that no system maps: a `VMFuncRef` at the null address lies within them.
const NULL_PAGE: usize = 4096;
const _: () = assert!(VMFuncRef::SIZE <= NULL_PAGE);

/// Whether an address is that of a field of null, taken for an object.
///
/// # Safety
///
/// I7: as for [`on_fault`].
unsafe fn is_null_in_heap(store: *const StoreInner, address: usize) -> bool {
    // SAFETY: I7: compiled code of the store was running, so nothing changes its context.
    let base = unsafe { (*store).vm.heap_base.addr() };
    base != 0 && address.wrapping_sub(base) < trapline_abi::heap::NULL_PAGE as usize
}

/// Decides whether a fault is a trap. If so, writes it down and says where to go on.
///
/// Async-signal-safe: it reads a thread-local that is never in the middle of a change (one word),
/// the activation and store behind it, and lists that are published whole; it writes to the store's
/// record only once the program counter has proved that compiled code of this very store was
/// running, so that no Rust code is in the middle of using it.
pub(crate) fn on_fault(fault: &Fault) -> Option<Resume> {
    let activation = CURRENT.get();
    // SAFETY: I7: an activation is linked only while it is on this thread's stack, and its store
    // outlives it. Fields are accessed by place, without references to the whole store.
    unsafe {
        let store = activation.as_ref()?.store;
        let code = (*store).code.module_at(fault.pc)?.image().trap_at(fault.pc)?;
        let access = match (fault.signal, code) {
            (libc::SIGSEGV | libc::SIGBUS, TrapCode::Trap(Trap::MemoryOutOfBounds)) => {
                Some(guard_hit(store, fault.address)?)
            }
            // The null reference is read, and nothing else lies there.
            (libc::SIGSEGV, TrapCode::Trap(Trap::NullFuncReference)) if fault.address < NULL_PAGE => None,
            (
                libc::SIGSEGV,
                TrapCode::Trap(
                    Trap::NullStructReference
                    | Trap::NullArrayReference
                    | Trap::NullReference
                    | Trap::NullDescriptorReference
                    | Trap::CastFailure
                    | Trap::DescriptorCastFailure,
                ),
            ) if is_null_in_heap(store, fault.address) => None,
            (libc::SIGFPE, TrapCode::Trap(Trap::IntegerDivideByZero | Trap::IntegerOverflow)) => None,
            (libc::SIGILL, _) => None,
            _ => return None,
        };
        let vm = &raw const (*store).vm;
        let record = &raw mut (*store).record;
        let image = (*store).code.module_at(fault.pc)?.image();
        let recovered = recover::operand(image, code, fault, access, &*vm);
        write_down(&mut *record, code, access, fault, (*vm).entry_fp);
        (*record).recovered = recovered;
        Some(Resume { pc: (*vm).entry_handler, sp: (*vm).entry_sp, fp: (*vm).entry_fp })
    }
}

/// Tells the process's crash hooks, if it has any, of a fault that is not a trap: this process is about to die, unless an
/// earlier handler deals with the fault.
///
/// Async-signal-safe as [`on_fault`].
pub(crate) fn note_crash(fault: &Fault) {
    // SAFETY: I7: as for `on_fault`.
    let activation = unsafe { CURRENT.get().as_ref() };
    // SAFETY: I7: as for `on_fault`.
    let place = activation.and_then(|activation| unsafe { place_in_code(activation, fault.pc) });
    let caller = match (place, activation) {
        // SAFETY: I7: as for `on_fault`.
        (None, Some(activation)) => unsafe { last_call(activation, fault) },
        (Some(_), _) | (None, None) => None,
    };
    crash_hooks::record(&CrashRecord {
        signal: fault.signal,
        address: fault.address as u64,
        pc: fault.pc as u64,
        place,
        caller,
    });
}

/// The place of an address of compiled code of an activation's store.
///
/// # Safety
///
/// I7: as for [`on_fault`].
unsafe fn place_in_code(activation: &Activation, pc: usize) -> Option<CrashPlace> {
    // SAFETY: I7: the store outlives its activations.
    let image = unsafe { (*activation.store).code.module_at(pc)?.image() };
    let place = image.place(pc)?;
    let manifest = image.manifest();
    let FuncKey::Defined(defined) = place.function.key else { return None };
    Some(CrashPlace {
        function: manifest.module.func_index(defined).as_u32(),
        offset: place.function.wasm_offset_at(place.offset),
        wasm_hash: manifest.wasm_hash,
    })
}

/// The call of the stub that has last left compiled code, if its frame is still on the stack.
///
/// # Safety
///
/// I7: as for [`on_fault`].
unsafe fn last_call(activation: &Activation, fault: &Fault) -> Option<CrashPlace> {
    // SAFETY: I7: the store outlives its activations.
    let VMStoreContext { exit_fp, entry_fp, .. } = unsafe { (*activation.store).vm };
    let is_on_stack = fault.sp <= exit_fp && exit_fp < entry_fp && exit_fp.is_multiple_of(size_of::<usize>());
    if !is_on_stack {
        return None;
    }
    // SAFETY: I6: both words lie between the stack pointer and the frame of the entry stub.
    let [_, return_address] = unsafe { *std::ptr::with_exposed_provenance::<[usize; 2]>(exit_fp) };
    // A return address may be the start of other code; the call is what lies before it.
    // SAFETY: I7: as demanded.
    unsafe { place_in_code(activation, return_address.wrapping_sub(1)) }
}

/// The memory in whose inaccessible part an address lies.
///
/// # Safety
///
/// I7: as for [`on_fault`].
unsafe fn guard_hit(store: *const StoreInner, address: usize) -> Option<(u32, u64)> {
    // SAFETY: I7: the list is published whole, and its memories live as long as the store.
    unsafe {
        let entries = (*store).memories.reservations().published();
        let after = entries.partition_point(|entry| entry.start <= address);
        let entry = entries.get(after.checked_sub(1)?)?;
        let within = address - entry.start;
        // An access to what is accessible does not fault: that would be no trap. Unless another thread
        // has made it accessible since; the access came before that.
        let outside = (entry.shared || within >= memories::length(entry.memory)) && within < entry.len;
        outside.then_some((entry.index, within as u64))
    }
}

fn write_down(
    record: &mut TrapRecord,
    code: TrapCode,
    access: Option<(u32, u64)>,
    fault: &Fault,
    entry_fp: usize,
) {
    record.code = code;
    record.access = access;
    record.faulted = fault.signal == libc::SIGSEGV || fault.signal == libc::SIGBUS;
    let [first, rest @ ..] = &mut record.pcs;
    *first = fault.pc;
    let walk = Walk { lowest: fault.sp, fp: fault.fp, entry_fp };
    // SAFETY: I6: compiled code was running with this stack pointer below its entry stub's frame.
    let (depth, truncated) = unsafe { walk.run(rest) };
    record.depth = 1 + depth;
    record.truncated = truncated;
    if code == TrapCode::Trap(Trap::StackOverflow) {
        // SAFETY: I6: as above.
        record.recursion = unsafe { walk.recursion(record) };
    }
}
