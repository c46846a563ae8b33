//! Growth and bulk operations of memories.

use super::Vmctx;
use crate::memories::Span;
use crate::store::StoreInner;
use crate::trap::Failure;
use crate::vm::caller;
use trapline_abi::Trap;
use trapline_abi::{CodeFunction, DropCause, TrapDetail};

fn out_of_bounds(detail: TrapDetail) -> Failure {
    Failure::Trap(Trap::MemoryOutOfBounds, Some(detail))
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
    // The first cause is what explains a later trap.
    instance.data[segment as usize].get_or_insert_with(|| dropped_by_caller(store));
}
