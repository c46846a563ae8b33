//! Structures.

use super::heap::Extension;
use super::{StaticType, Translator};
use cranelift_codegen::ir::Value;
use smallvec::SmallVec;
use trapline_abi::heap::StructLayout;
use trapline_abi::{FieldType, Trap, TypeIndex};

type Values = SmallVec<[Value; 8]>;

/// The layouts of a module's structure types, by type index.
pub(crate) fn struct_layouts(info: &trapline_abi::ModuleInfo) -> Vec<Option<StructLayout>> {
    let mut layouts: Vec<Option<StructLayout>> = Vec::with_capacity(info.types.len());
    for ty in &info.types {
        // Supertypes come before their subtypes.
        let above = ty.supertype.and_then(|above| layouts.get(above.index())?.as_ref());
        let fields = ty.composite.as_struct();
        let layout = fields.map(|fields| StructLayout::new(fields, ty.descriptor.is_some(), above));
        layouts.push(layout);
    }
    layouts
}

impl<'a> Translator<'a, '_> {
    /// The fields of a structure type. Validation has shown that the index names one.
    fn struct_fields(&self, ty: TypeIndex) -> &'a [FieldType] {
        let fields = self.env.info.types[ty.index()].composite.as_struct();
        fields.unwrap_or_else(|| unreachable!("no structure type in a validated body"))
    }

    pub(super) fn layout(&self, ty: TypeIndex) -> &'a StructLayout {
        let layout = self.env.layouts[ty.index()].as_ref();
        layout.unwrap_or_else(|| unreachable!("no structure type in a validated body"))
    }

    pub(super) fn struct_new(&mut self, ty: TypeIndex) {
        let values = self.pop_fields(ty);
        self.new_struct(ty, &values, None);
    }

    pub(super) fn struct_new_default(&mut self, ty: TypeIndex) {
        let values = self.default_fields(ty);
        self.new_struct(ty, &values, None);
    }

    pub(super) fn struct_new_desc(&mut self, ty: TypeIndex, descriptor: StaticType) {
        let descriptor = self.pop_descriptor(descriptor.nullable);
        let values = self.pop_fields(ty);
        self.new_struct(ty, &values, Some(descriptor));
    }

    pub(super) fn struct_new_default_desc(&mut self, ty: TypeIndex, descriptor: StaticType) {
        let descriptor = self.pop_descriptor(descriptor.nullable);
        let values = self.default_fields(ty);
        self.new_struct(ty, &values, Some(descriptor));
    }

    /// Takes the values of all fields from the operand stack.
    fn pop_fields(&mut self, ty: TypeIndex) -> Values {
        let fields = self.struct_fields(ty);
        let values = Values::from_slice(self.top(fields.len()));
        self.drop_top(fields.len());
        values.iter().zip(fields).map(|(&value, field)| self.stored_value(value, field.storage)).collect()
    }

    fn default_fields(&mut self, ty: TypeIndex) -> Values {
        self.struct_fields(ty).iter().map(|field| self.default_stored(field.storage)).collect()
    }

    fn new_struct(&mut self, ty: TypeIndex, values: &[Value], descriptor: Option<Value>) {
        let layout = self.layout(ty);
        let fields = layout.fields.iter().copied().zip(values.iter().copied());
        let values = fields.chain(layout.descriptor.zip(descriptor));
        let object = self.new_object(ty, layout.size().into(), values);
        self.push(object);
    }

    pub(super) fn struct_get(
        &mut self,
        ty: TypeIndex,
        field: u32,
        extension: Extension,
        operand: StaticType,
    ) {
        let (storage, offset) = self.field(ty, field);
        let object = self.pop();
        let null = operand.nullable.then_some(Trap::NullStructReference);
        let at = self.field_address(object, offset, storage.size(), null);
        let value = self.load_stored(at, storage, extension);
        self.push(value);
    }

    pub(super) fn struct_set(&mut self, ty: TypeIndex, field: u32, operand: StaticType) {
        let (storage, offset) = self.field(ty, field);
        let (object, value) = self.pop2();
        let value = self.stored_value(value, storage);
        let null = operand.nullable.then_some(Trap::NullStructReference);
        let at = self.field_address(object, offset, storage.size(), null);
        self.store_value(at, value);
    }

    /// What a field holds, and where it lies.
    fn field(&self, ty: TypeIndex, field: u32) -> (trapline_abi::StorageType, u32) {
        (self.struct_fields(ty)[field as usize].storage, self.layout(ty).fields[field as usize])
    }
}
