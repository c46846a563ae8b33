//! Growth and bulk operations of memories.

use super::Vmctx;
use crate::memories::Span;
use crate::trap::Failure;
use trapline_abi::Trap;
use trapline_abi::{DropCause, TrapDetail};

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

pub(crate) fn data_drop(vmctx: &mut Vmctx, segment: u32) {
    let (_, instance) = vmctx.instance();
    // The first cause is what explains a later trap.
    instance.data[segment as usize].get_or_insert(DropCause::Instruction);
}
