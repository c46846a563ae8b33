//! Growth and bulk operations of tables.

use super::Vmctx;
use super::memory::dropped_by_caller;
use crate::tables::SlotSpan;
use crate::trap::Failure;
use trapline_abi::Trap;
use trapline_abi::TrapDetail;

fn out_of_bounds(detail: TrapDetail) -> Failure {
    Failure::Trap(Trap::TableOutOfBounds, Some(detail))
}

pub(crate) fn table_grow(vmctx: &mut Vmctx, table: u32, value: u64, delta: u64) -> u64 {
    let (store, instance) = vmctx.instance();
    let table = instance.tables[table as usize];
    store.tables[table].grow(delta, value).unwrap_or(u64::MAX)
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
    let available = instance.element_count(segment);
    let write = |to: SlotSpan, from: usize| to.write(|at| instance.element_slot(segment, from + at));
    store.tables.init(target, available, dst, src.into(), len.into(), write).ok_or_else(|| {
        let segment = instance.element_extent(segment);
        let table = instance.table_extent(&store.tables, table);
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
    store.tables.copy(target, source, dst, src, len).ok_or_else(|| {
        let dst_table = instance.table_extent(&store.tables, dst_table);
        let src_table = instance.table_extent(&store.tables, src_table);
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
    store.tables.fill(target, dst, value, len).ok_or_else(|| {
        let table = instance.table_extent(&store.tables, table);
        out_of_bounds(TrapDetail::TableFill { table, dst, len })
    })
}

pub(crate) fn elem_drop(vmctx: &mut Vmctx, segment: u32) {
    let (store, instance) = vmctx.instance();
    let segment = &mut instance.elements[segment as usize];
    // The first cause is what explains a later trap.
    segment.dropped.get_or_insert_with(|| dropped_by_caller(store));
    segment.values = None;
}
