//! Arrays.

use super::heap::Extension;
use super::{StaticType, Translator};
use crate::clif::{self, POINTER};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, StackSlotData, StackSlotKind, Value, types};
use smallvec::SmallVec;
use trapline_abi::heap::{ARRAY_ELEMENTS, ARRAY_LENGTH, array_size};
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{Builtin, StorageType, Trap, TypeIndex};

/// Arrays of so many elements at most, known when code is compiled, are made and filled in place.
const MAX_IN_PLACE: u64 = 16;

impl Translator<'_, '_> {
    /// What an element of an array type holds. Validation has shown that the index names one.
    fn element(&self, ty: TypeIndex) -> StorageType {
        match self.env.info.types[ty.index()].composite.as_array() {
            Some(element) => element.storage,
            None => unreachable!("no array type in a validated body"),
        }
    }

    pub(super) fn array_new(&mut self, ty: TypeIndex) {
        let storage = self.element(ty);
        let (value, len) = self.pop2();
        let is_default = self.is_zero(value);
        let value = self.stored_value(value, storage);
        if let Some(count) = self.count_in_place(len) {
            self.new_array(ty, &SmallVec::<[Value; 16]>::from_elem(value, count));
            return;
        }
        let array = self.call_array_builtin(Builtin::array_new, ty, &[len]);
        if !is_default {
            let zero = self.const_u32(0);
            self.fill(storage, array, zero, value, len);
        }
        self.push(array);
    }

    pub(super) fn array_new_default(&mut self, ty: TypeIndex) {
        let len = self.pop();
        if let Some(count) = self.count_in_place(len) {
            let value = self.default_stored(self.element(ty));
            self.new_array(ty, &SmallVec::<[Value; 16]>::from_elem(value, count));
            return;
        }
        let array = self.call_array_builtin(Builtin::array_new, ty, &[len]);
        self.push(array);
    }

    pub(super) fn array_new_fixed(&mut self, ty: TypeIndex, len: u32) {
        let storage = self.element(ty);
        let values = SmallVec::<[Value; 16]>::from_slice(self.top(len as usize));
        self.drop_top(len as usize);
        let values: SmallVec<[Value; 16]> =
            values.iter().map(|&value| self.stored_value(value, storage)).collect();
        self.new_array(ty, &values);
    }

    pub(super) fn array_new_data(&mut self, ty: TypeIndex, segment: u32) {
        let (src, len) = self.pop2();
        let segment = self.const_u32(segment);
        let array = self.call_array_builtin(Builtin::array_new_data, ty, &[segment, src, len]);
        self.push(array);
    }

    pub(super) fn array_new_elem(&mut self, ty: TypeIndex, segment: u32) {
        let (src, len) = self.pop2();
        let segment = self.const_u32(segment);
        let array = self.call_array_builtin(Builtin::array_new_elem, ty, &[segment, src, len]);
        self.push(array);
    }

    /// The number of elements that an array is made with, if it is known and small.
    fn count_in_place(&self, len: Value) -> Option<usize> {
        let count = self.constant_index(len).filter(|&count| count <= MAX_IN_PLACE)?;
        usize::try_from(count).ok()
    }

    /// Calls a builtin that takes an array type first and gives a reference.
    fn call_array_builtin(&mut self, builtin: Builtin, ty: TypeIndex, args: &[Value]) -> Value {
        let mut all = SmallVec::<[Value; 8]>::from_slice(&[self.const_u32(ty.as_u32())]);
        all.extend_from_slice(args);
        let array = self.builtin_result(builtin, &all);
        let array = self.builder.ins().ireduce(types::I32, array);
        self.track_object(array)
    }

    /// Makes an array of values as the heap holds them.
    fn new_array(&mut self, ty: TypeIndex, values: &[Value]) {
        let size = self.element(ty).size();
        let len = values.len() as u32;
        let length = (ARRAY_LENGTH, self.const_u32(len));
        let elements = (0..).zip(values).map(|(i, &value)| (ARRAY_ELEMENTS + i * size, value));
        let values = std::iter::once(length).chain(elements);
        let array = self.new_object(ty, array_size(len, size), values);
        self.push(array);
    }

    pub(super) fn array_get(&mut self, ty: TypeIndex, extension: Extension, operand: StaticType) {
        let storage = self.element(ty);
        let (array, index) = self.pop2();
        self.check_index(array, index, operand);
        let at = self.element_address(array, index, storage.size());
        let value = self.load_stored(at, storage, extension);
        self.push(value);
    }

    pub(super) fn array_set(&mut self, ty: TypeIndex, operand: StaticType) {
        let storage = self.element(ty);
        let (array, index, value) = self.pop3();
        let value = self.stored_value(value, storage);
        self.check_index(array, index, operand);
        let at = self.element_address(array, index, storage.size());
        self.store_value(at, value);
    }

    pub(super) fn array_len(&mut self, operand: StaticType) {
        let array = self.pop();
        let len = self.length(array, operand);
        self.push(len);
    }

    /// The number of elements. The load faults if the array is null.
    fn length(&mut self, array: Value, operand: StaticType) -> Value {
        let null = operand.nullable.then_some(Trap::NullArrayReference);
        let at = self.field_address(array, ARRAY_LENGTH, 4, null);
        self.builder.ins().load(types::I32, at.flags, at.base, at.offset)
    }

    /// Traps unless the array has an element.
    fn check_index(&mut self, array: Value, index: Value, operand: StaticType) {
        let len = self.length(array, operand);
        let beyond = self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, index, len);
        self.trap_if(beyond, Trap::ArrayOutOfBounds, &[index.into(), len.into()]);
    }

    pub(super) fn array_fill(&mut self, ty: TypeIndex) {
        let storage = self.element(ty);
        let (index, value, len) = self.pop3();
        let array = self.pop();
        let value = self.stored_value(value, storage);
        self.fill(storage, array, index, value, len);
    }

    /// Fills elements with a value as the heap holds it.
    fn fill(&mut self, storage: StorageType, array: Value, index: Value, value: Value, len: Value) {
        let slot = *self.element_slot.get_or_insert_with(|| {
            let data = StackSlotData::new(StackSlotKind::ExplicitSlot, ValRaw::SIZE as u32, 4);
            self.builder.create_sized_stack_slot(data)
        });
        let address = self.builder.ins().stack_addr(POINTER, slot, 0);
        self.builder.ins().store(clif::shared_value(), value, address, 0);
        let size = self.const_u32(storage.size());
        self.call_builtin(Builtin::array_fill, &[size, array, index, address, len]);
    }

    /// Both arrays have elements of one size.
    pub(super) fn array_copy(&mut self, dst_ty: TypeIndex) {
        let size = self.const_u32(self.element(dst_ty).size());
        let (src_array, src, len) = self.pop3();
        let (dst_array, dst) = self.pop2();
        self.call_builtin(Builtin::array_copy, &[size, dst_array, dst, src_array, src, len]);
    }

    pub(super) fn array_init_data(&mut self, ty: TypeIndex, segment: u32) {
        self.init(Builtin::array_init_data, ty, segment);
    }

    pub(super) fn array_init_elem(&mut self, ty: TypeIndex, segment: u32) {
        self.init(Builtin::array_init_elem, ty, segment);
    }

    fn init(&mut self, builtin: Builtin, ty: TypeIndex, segment: u32) {
        let (dst, src, len) = self.pop3();
        let array = self.pop();
        let (ty, segment) = (self.const_u32(ty.as_u32()), self.const_u32(segment));
        self.call_builtin(builtin, &[ty, segment, array, dst, src, len]);
    }
}
