//! Growth and bulk operations of tables.

use super::Vmctx;
use crate::trap::Failure;
use trapline_abi::Trap;
use trapline_abi::{DropCause, TrapDetail};

fn out_of_bounds(detail: TrapDetail) -> Failure {
    Failure::Trap(Trap::TableOutOfBounds, Some(detail))
}

pub(crate) fn table_grow(vmctx: &mut Vmctx, table: u32, value: u64, delta: u64) -> u64 {
    let (store, instance) = vmctx.instance();
    let table = instance.tables[table as usize];
    store.tables[table as usize].grow(delta, value).unwrap_or(u64::MAX)
}

pub(crate) fn table_init(
    vmctx: &mut Vmctx,
    table: u32,
    segment: u32,
    dst: u64,
    src: u32,
    len: u32,
) -> Result<(), Failure> {
    let (store, instance) = vmctx.instance();
    let target = instance.tables[table as usize];
    let available = instance.element_extent(segment).len;
    let slot = |i| instance.element_slot(segment, i);
    store.table_init(target, available, slot, dst, src.into(), len.into()).ok_or_else(|| {
        let segment = instance.element_extent(segment);
        let table = instance.table_extent(store, table);
        out_of_bounds(TrapDetail::TableInit { segment, table, dst, src, len })
    })
}

pub(crate) fn table_copy(
    vmctx: &mut Vmctx,
    dst_table: u32,
    src_table: u32,
    dst: u64,
    src: u64,
    len: u64,
) -> Result<(), Failure> {
    let (store, instance) = vmctx.instance();
    let target = instance.tables[dst_table as usize];
    let source = instance.tables[src_table as usize];
    store.table_copy(target, source, dst, src, len).ok_or_else(|| {
        let dst_table = instance.table_extent(store, dst_table);
        let src_table = instance.table_extent(store, src_table);
        out_of_bounds(TrapDetail::TableCopy { dst_table, src_table, dst, src, len })
    })
}

pub(crate) fn table_fill(
    vmctx: &mut Vmctx,
    table: u32,
    dst: u64,
    value: u64,
    len: u64,
) -> Result<(), Failure> {
    let (store, instance) = vmctx.instance();
    let target = instance.tables[table as usize];
    store.table_fill(target, dst, value, len).ok_or_else(|| {
        let table = instance.table_extent(store, table);
        out_of_bounds(TrapDetail::TableFill { table, dst, len })
    })
}

pub(crate) fn elem_drop(vmctx: &mut Vmctx, segment: u32) {
    let (_, instance) = vmctx.instance();
    let segment = &mut instance.elements[segment as usize];
    // The first cause is what explains a later trap.
    segment.dropped.get_or_insert(DropCause::Instruction);
    segment.values = None;
}
