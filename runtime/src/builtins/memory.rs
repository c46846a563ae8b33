//! Growth and bulk operations of memories.

use super::Vmctx;
use crate::memories::Span;
use crate::store::StoreInner;
use crate::trap::Failure;
use crate::vm::caller;
use trapline_abi::{CodeFunction, DropCause, InjectedFault, Trap, TrapDetail};

fn out_of_bounds(detail: TrapDetail) -> Failure {
    Failure::Trap(Trap::MemoryOutOfBounds, Some(detail))
}

/// If checks come late on purpose: how many of `len` bytes are within all memories from these addresses on.
fn late_check(store: &StoreInner, places: &[(u32, u64)], len: u64) -> Option<u64> {
    let fits = |&(memory, at): &(u32, u64)| store.memories[memory].len().saturating_sub(at);
    let is_late = store.config.fault.is(InjectedFault::LateCheck);
    is_late.then(|| places.iter().map(fits).fold(len, u64::min))
}

pub(crate) fn memory_grow(vmctx: &mut Vmctx, memory: u32, delta: u64) -> u64 {
    let (store, instance) = vmctx.instance();
    let memory = instance.memories[memory as usize];
    store.memories[memory].grow(delta).unwrap_or(u64::MAX)
}

pub(crate) fn memory_init(
    vmctx: &mut Vmctx,
    memory: u32,
    segment: u32,
    dst: u64,
    src: u32,
    len: u32,
) -> Result<(), Failure> {
    let (store, instance) = vmctx.instance();
    let bytes = instance.data_bytes(segment);
    let target = instance.memories[memory as usize];
    let write = |to: Span, from: usize| to.write(&bytes[from..from + len as usize]);
    let available = bytes.len() as u64;
    store.memories.init(target, available, dst, src.into(), len.into(), write).ok_or_else(|| {
        if let Some(fits) = late_check(store, &[(target, dst)], len.into()) {
            let fits = fits.min(available.saturating_sub(src.into()));
            let write = |to: Span, from: usize| to.write(&bytes[from..from + fits as usize]);
            store.memories.init(target, available, dst, src.into(), fits, write);
        }
        let segment = instance.data_extent(segment);
        let memory = instance.memory_extent(&store.memories, memory);
        out_of_bounds(TrapDetail::MemoryInit { segment, memory, dst, src, len })
    })
}

pub(crate) fn memory_copy(
    vmctx: &mut Vmctx,
    dst_memory: u32,
    src_memory: u32,
    dst: u64,
    src: u64,
    len: u64,
) -> Result<(), Failure> {
    let (store, instance) = vmctx.instance();
    let target = instance.memories[dst_memory as usize];
    let source = instance.memories[src_memory as usize];
    store.memories.copy(target, source, dst, src, len).ok_or_else(|| {
        if let Some(fits) = late_check(store, &[(target, dst), (source, src)], len) {
            store.memories.copy(target, source, dst, src, fits);
        }
        let dst_memory = instance.memory_extent(&store.memories, dst_memory);
        let src_memory = instance.memory_extent(&store.memories, src_memory);
        out_of_bounds(TrapDetail::MemoryCopy { dst_memory, src_memory, dst, src, len })
    })
}

pub(crate) fn memory_fill(
    vmctx: &mut Vmctx,
    memory: u32,
    dst: u64,
    value: u32,
    len: u64,
) -> Result<(), Failure> {
    let (store, instance) = vmctx.instance();
    let target = instance.memories[memory as usize];
    store.memories.fill(target, dst, value as u8, len).ok_or_else(|| {
        if let Some(fits) = late_check(store, &[(target, dst)], len) {
            store.memories.fill(target, dst, value as u8, fits);
        }
        let memory = instance.memory_extent(&store.memories, memory);
        out_of_bounds(TrapDetail::MemoryFill { memory, dst, len })
    })
}

/// That an instruction drops a segment, and where.
pub(super) fn dropped_by_caller(store: &StoreInner) -> DropCause {
    // SAFETY: I6: both instructions that drop segments are called through stubs, which have left their frame pointer.
    let frame = unsafe { caller(store) };
    let offset = frame.as_ref().and_then(|frame| frame.wasm_offset);
    // It is a function of the same module, whose segments are no one else's.
    let function = frame.map(|frame| {
        let name = frame.name().map(str::to_owned);
        Box::new(CodeFunction { index: frame.func.as_u32(), name, module: None })
    });
    DropCause::Instruction { function, offset }
}

pub(crate) fn data_drop(vmctx: &mut Vmctx, segment: u32) {
    let (store, instance) = vmctx.instance();
    if store.config.fault.is(InjectedFault::DataDrop) {
        return;
    }
    // The first cause is what explains a later trap.
    instance.data[segment as usize].get_or_insert_with(|| dropped_by_caller(store));
}
