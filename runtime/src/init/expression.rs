//! Evaluation of constant expressions (specification: "Constant Expressions"), whose typing the check of the manifest has
//! verified.
//!
//! The operands lie among the temporaries of the heap, where the collector finds them: an operator may allocate. If one
//! fails, they stay there until instantiation ends.

use super::{Init, Stopped};
use crate::heap::Temporary;
use crate::layout::{FixedLayout, ObjectLayout, element_at};
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{ConstExpr, ConstOp, StorageType, TypeId, TypeIndex, ValType};

/// An integer, a float, a vector or a reference to a function.
fn plain(value: ValRaw) -> Temporary {
    Temporary { value, refers: false }
}

/// A reference to what lies in the heap, or null.
fn reference(value: u32) -> Temporary {
    Temporary { value: ValRaw::from_u32(value), refers: true }
}

impl Init<'_> {
    /// The value of an offset expression: an unsigned number of 32 or 64 bits, zero-extended either
    /// way.
    pub(super) fn eval_index(&mut self, expr: &ConstExpr) -> u64 {
        match self.eval(expr) {
            Ok(value) => value.as_u64(),
            // Numbers are not allocated.
            Err(_) => unreachable!("the expression of an offset makes no object"),
        }
    }

    /// The value of a constant expression.
    ///
    /// # Errors
    ///
    /// When the heap has no room for an object, or a descriptor is null.
    pub(super) fn eval(&mut self, expr: &ConstExpr) -> Result<ValRaw, Stopped> {
        for op in &expr.ops {
            let value = self.operator(*op)?;
            self.store.heap.temporaries.push(value);
        }
        Ok(self.pop())
    }

    /// Takes an operand off the stack.
    fn pop(&mut self) -> ValRaw {
        self.store.heap.temporaries.pop().map(|temporary| temporary.value).unwrap_or_default()
    }

    fn binary_i32(&mut self, op: fn(u32, u32) -> u32) -> Temporary {
        let right = self.pop().as_u32();
        plain(ValRaw::from_u32(op(self.pop().as_u32(), right)))
    }

    fn binary_i64(&mut self, op: fn(u64, u64) -> u64) -> Temporary {
        let right = self.pop().as_u64();
        plain(ValRaw::from_u64(op(self.pop().as_u64(), right)))
    }

    fn operator(&mut self, op: ConstOp) -> Result<Temporary, Stopped> {
        Ok(match op {
            ConstOp::I32Const(value) => plain(ValRaw::from_u32(value.cast_unsigned())),
            ConstOp::I64Const(value) => plain(ValRaw::from_u64(value.cast_unsigned())),
            ConstOp::F32Const(bits) => plain(ValRaw::from_u32(bits)),
            ConstOp::F64Const(bits) => plain(ValRaw::from_u64(bits)),
            ConstOp::V128Const(bits) => plain(ValRaw::from_u128(bits)),
            ConstOp::GlobalGet(global) => {
                let place = self.instance.globals[global.index()];
                let global = &self.store.globals.all[place as usize];
                crate::store::temporary(global.raw(), global.ty.val)
            }
            ConstOp::RefFunc(func) => {
                plain(ValRaw::from_u64(self.instance.func_ref(func).expose_provenance() as u64))
            }
            ConstOp::RefNull(_) => plain(ValRaw::from_u64(0)),
            ConstOp::I32Add => self.binary_i32(u32::wrapping_add),
            ConstOp::I32Sub => self.binary_i32(u32::wrapping_sub),
            ConstOp::I32Mul => self.binary_i32(u32::wrapping_mul),
            ConstOp::I64Add => self.binary_i64(u64::wrapping_add),
            ConstOp::I64Sub => self.binary_i64(u64::wrapping_sub),
            ConstOp::I64Mul => self.binary_i64(u64::wrapping_mul),
            ConstOp::RefI31 => reference(self.pop().as_u32() << 1 | 1),
            ConstOp::AnyConvertExtern | ConstOp::ExternConvertAny => reference(self.pop().as_u32()),
            ConstOp::StructNew(ty) => self.new_struct(ty, true, false)?,
            ConstOp::StructNewDefault(ty) => self.new_struct(ty, false, false)?,
            ConstOp::StructNewDesc(ty) => self.new_struct(ty, true, true)?,
            ConstOp::StructNewDefaultDesc(ty) => self.new_struct(ty, false, true)?,
            ConstOp::ArrayNew(ty) => {
                let len = self.pop().as_u32();
                let array = self.store.new_array(self.ids[ty.index()], len)?;
                let value = self.pop();
                self.set_elements(ty, array, std::iter::repeat_n(value, len as usize))
            }
            ConstOp::ArrayNewDefault(ty) => {
                let len = self.pop().as_u32();
                reference(self.store.new_array(self.ids[ty.index()], len)?)
            }
            ConstOp::ArrayNewFixed(ty, len) => {
                let array = self.store.new_array(self.ids[ty.index()], len)?;
                let temporaries = &mut self.store.heap.temporaries;
                let operands = temporaries.split_off(temporaries.len() - len as usize);
                self.set_elements(ty, array, operands.into_iter().map(|temporary| temporary.value))
            }
        })
    }

    /// Makes a structure of the operands: one for each field, or of zeros and null; then the descriptor, if it has one.
    fn new_struct(
        &mut self,
        ty: TypeIndex,
        from_operands: bool,
        has_descriptor: bool,
    ) -> Result<Temporary, Stopped> {
        let id = self.ids[ty.index()];
        let ObjectLayout::Struct(FixedLayout { layout, .. }) = self.store.types.layouts()[id.index()].clone()
        else {
            unreachable!("type {ty} is not that of structures")
        };
        if has_descriptor && self.store.heap.temporaries.last().is_none_or(|top| top.value.as_u32() == 0) {
            return Err(Stopped::NullDescriptor);
        }
        let size = u64::from(layout.size());
        let object = self.store.allocate(size)?;
        self.store.heap.bytes_mut(object, 0..size).fill(0);
        self.store.heap.set_type(object, id);
        let any = StorageType::Val(ValType::Ref(trapline_abi::RefType::ANYREF));
        if let Some(at) = layout.descriptor.filter(|_| has_descriptor) {
            let descriptor = self.pop();
            self.store.write_field(object, at.into(), any, descriptor);
        }
        let storage: Vec<StorageType<TypeId>> = match self.store.types.get(id).composite.as_struct() {
            Some(fields) if from_operands => fields.iter().map(|field| field.storage).collect(),
            _ => Vec::new(),
        };
        for (&at, storage) in layout.fields.iter().zip(storage).rev() {
            let value = self.pop();
            self.store.write_field(object, at.into(), storage, value);
        }
        Ok(reference(object))
    }

    /// Sets the elements of an array, from the first on.
    fn set_elements(&mut self, ty: TypeIndex, array: u32, values: impl Iterator<Item = ValRaw>) -> Temporary {
        let id = self.ids[ty.index()];
        if let Some(element) = self.store.types.get(id).composite.as_array().copied() {
            for (i, value) in (0..).zip(values) {
                let at = element_at(i, element.storage.size());
                self.store.write_field(array, at, element.storage, value);
            }
        }
        reference(array)
    }
}
