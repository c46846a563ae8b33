//! Table operations.
//!
//! A slot is 64 bits wide: a function reference fills it, any other reference is zero-extended.

use super::Translator;
use super::memory::narrower;
use crate::clif;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use trapline_abi::{Builtin, RefType, Representation, TableIndex, Trap, ValType};

impl Translator<'_, '_> {
    fn table_element(&self, table: u32) -> RefType {
        self.env.info.tables[table as usize].ty.element
    }

    /// A reference as the contents of a slot.
    fn slot_value(&mut self, value: Value, ty: RefType) -> Value {
        match ty.representation() {
            Representation::FuncPointer => value,
            Representation::HeapIndex => self.builder.ins().uextend(types::I64, value),
        }
    }

    pub(super) fn table_get(&mut self, table: u32) {
        let element = self.table_element(table);
        let index = self.pop();
        let slot = self.table_slot(TableIndex::new(table), index, Trap::TableOutOfBounds);
        let ty = ValType::Ref(element);
        let value = self.builder.ins().load(clif::val_type(ty), clif::shared_value(), slot, 0);
        let value = self.track(value, ty);
        self.push(value);
    }

    pub(super) fn table_set(&mut self, table: u32) {
        let element = self.table_element(table);
        let (index, value) = self.pop2();
        let slot = self.table_slot(TableIndex::new(table), index, Trap::TableOutOfBounds);
        let value = self.slot_value(value, element);
        self.builder.ins().store(clif::shared_value(), value, slot, 0);
    }

    pub(super) fn table_size(&mut self, table: u32) {
        let table = TableIndex::new(table);
        let definition = self.table_definition(table);
        let elements = self.table_elements(definition);
        let elements = self.narrow_index(elements, self.table_index_type(table));
        self.push(elements);
    }

    pub(super) fn table_grow(&mut self, table: u32) {
        let ty = self.table_index_type(TableIndex::new(table));
        let (value, delta) = self.pop2();
        let value = self.slot_value(value, self.table_element(table));
        let delta = self.widen_index(delta, ty);
        let table = self.const_u32(table);
        let before = self.builtin_result(Builtin::table_grow, &[table, value, delta]);
        let before = self.narrow_index(before, ty);
        self.push(before);
    }

    pub(super) fn table_fill(&mut self, table: u32) {
        let ty = self.table_index_type(TableIndex::new(table));
        let (dst, value, len) = self.pop3();
        let value = self.slot_value(value, self.table_element(table));
        let (dst, len) = (self.widen_index(dst, ty), self.widen_index(len, ty));
        let table = self.const_u32(table);
        self.call_builtin(Builtin::table_fill, &[table, dst, value, len]);
    }

    pub(super) fn table_copy(&mut self, dst_table: u32, src_table: u32) {
        let dst_ty = self.table_index_type(TableIndex::new(dst_table));
        let src_ty = self.table_index_type(TableIndex::new(src_table));
        let (dst, src, len) = self.pop3();
        let (dst, src) = (self.widen_index(dst, dst_ty), self.widen_index(src, src_ty));
        let len = self.widen_index(len, narrower(dst_ty, src_ty));
        let (dst_table, src_table) = (self.const_u32(dst_table), self.const_u32(src_table));
        self.call_builtin(Builtin::table_copy, &[dst_table, src_table, dst, src, len]);
    }

    pub(super) fn table_init(&mut self, segment: u32, table: u32) {
        let ty = self.table_index_type(TableIndex::new(table));
        let (dst, src, len) = self.pop3();
        let dst = self.widen_index(dst, ty);
        let (table, segment) = (self.const_u32(table), self.const_u32(segment));
        self.call_builtin(Builtin::table_init, &[table, segment, dst, src, len]);
    }

    pub(super) fn elem_drop(&mut self, segment: u32) {
        let segment = self.const_u32(segment);
        self.call_builtin(Builtin::elem_drop, &[segment]);
    }
}
