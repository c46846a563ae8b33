//! Structures, arrays, integers of 31 bits and casts: what lies in the heap, and what refers to it.
//!
//! A reference is a 32-bit number that the collector may change at every call. Cranelift is told which values are such
//! references ([`Translator::track`]); an address made of one must not be used after the next call.

mod arrays;
mod casts;
mod descriptors;
mod functions;
mod heap;
mod i31;
mod sites;
mod static_type;
mod structs;
mod type_checks;

pub(super) use static_type::{StaticType, of_operand};
pub(crate) use structs::struct_layouts;

use super::Translator;
use crate::parse::{self, ParseError};
use heap::Extension;
use trapline_abi::{HeapType, RefType, TypeIndex};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates an operator on objects; `false` if it is none. `operand` is what validation knows of the reference that
    /// it looks into.
    pub(super) fn gc(
        &mut self,
        operator: &Operator<'_>,
        operand: StaticType,
        offset: u64,
    ) -> Result<bool, ParseError> {
        let ty = TypeIndex::new;
        match *operator {
            Operator::RefEq => self.ref_eq(),
            Operator::RefI31 => self.ref_i31(),
            Operator::I31GetS => self.i31_get(operand, Extension::Sign),
            Operator::I31GetU => self.i31_get(operand, Extension::Zero),
            // Both hierarchies are views of the same references.
            Operator::AnyConvertExtern | Operator::ExternConvertAny => {}

            Operator::StructNew { struct_type_index } => self.struct_new(ty(struct_type_index)),
            Operator::StructNewDefault { struct_type_index } => {
                self.struct_new_default(ty(struct_type_index))
            }
            Operator::StructNewDesc { struct_type_index } => {
                self.struct_new_desc(ty(struct_type_index), operand)
            }
            Operator::StructNewDefaultDesc { struct_type_index } => {
                self.struct_new_default_desc(ty(struct_type_index), operand);
            }
            Operator::StructGet { struct_type_index, field_index }
            | Operator::StructGetU { struct_type_index, field_index } => {
                self.struct_get(ty(struct_type_index), field_index, Extension::Zero, operand);
            }
            Operator::StructGetS { struct_type_index, field_index } => {
                self.struct_get(ty(struct_type_index), field_index, Extension::Sign, operand);
            }
            Operator::StructSet { struct_type_index, field_index } => {
                self.struct_set(ty(struct_type_index), field_index, operand);
            }
            Operator::RefGetDesc { type_index } => self.ref_get_desc(ty(type_index), operand),

            Operator::ArrayNew { array_type_index } => self.array_new(ty(array_type_index)),
            Operator::ArrayNewDefault { array_type_index } => self.array_new_default(ty(array_type_index)),
            Operator::ArrayNewFixed { array_type_index, array_size } => {
                self.array_new_fixed(ty(array_type_index), array_size);
            }
            Operator::ArrayNewData { array_type_index, array_data_index } => {
                self.array_new_data(ty(array_type_index), array_data_index);
            }
            Operator::ArrayNewElem { array_type_index, array_elem_index } => {
                self.array_new_elem(ty(array_type_index), array_elem_index);
            }
            Operator::ArrayGet { array_type_index } | Operator::ArrayGetU { array_type_index } => {
                self.array_get(ty(array_type_index), Extension::Zero, operand);
            }
            Operator::ArrayGetS { array_type_index } => {
                self.array_get(ty(array_type_index), Extension::Sign, operand);
            }
            Operator::ArraySet { array_type_index } => self.array_set(ty(array_type_index), operand),
            Operator::ArrayLen => self.array_len(operand),
            Operator::ArrayFill { array_type_index } => self.array_fill(ty(array_type_index)),
            Operator::ArrayCopy { array_type_index_dst, .. } => self.array_copy(ty(array_type_index_dst)),
            Operator::ArrayInitData { array_type_index, array_data_index } => {
                self.array_init_data(ty(array_type_index), array_data_index);
            }
            Operator::ArrayInitElem { array_type_index, array_elem_index } => {
                self.array_init_elem(ty(array_type_index), array_elem_index);
            }

            Operator::RefTestNonNull { hty } => self.ref_test(self.cast_target(false, hty, offset)?, operand),
            Operator::RefTestNullable { hty } => self.ref_test(self.cast_target(true, hty, offset)?, operand),
            Operator::RefCastNonNull { hty } => self.ref_cast(self.cast_target(false, hty, offset)?, operand),
            Operator::RefCastNullable { hty } => self.ref_cast(self.cast_target(true, hty, offset)?, operand),
            Operator::BrOnCast { relative_depth, to_ref_type, .. } => {
                let target = parse::ref_type(to_ref_type, &self.env.kinds, offset)?;
                self.br_on_cast(relative_depth, target, operand);
            }
            Operator::BrOnCastFail { relative_depth, to_ref_type, .. } => {
                let target = parse::ref_type(to_ref_type, &self.env.kinds, offset)?;
                self.br_on_cast_fail(relative_depth, target, operand);
            }
            Operator::RefCastDescEqNonNull { hty } => {
                self.ref_cast_desc_eq(self.cast_target(false, hty, offset)?, operand);
            }
            Operator::RefCastDescEqNullable { hty } => {
                self.ref_cast_desc_eq(self.cast_target(true, hty, offset)?, operand);
            }
            Operator::BrOnCastDescEq { relative_depth, to_ref_type, .. } => {
                let target = parse::ref_type(to_ref_type, &self.env.kinds, offset)?;
                self.br_on_cast_desc_eq(relative_depth, target, operand);
            }
            Operator::BrOnCastDescEqFail { relative_depth, to_ref_type, .. } => {
                let target = parse::ref_type(to_ref_type, &self.env.kinds, offset)?;
                self.br_on_cast_desc_eq_fail(relative_depth, target, operand);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn cast_target(
        &self,
        nullable: bool,
        heap: wasmparser::HeapType,
        offset: u64,
    ) -> Result<RefType, ParseError> {
        let heap: HeapType = parse::heap_type(heap, &self.env.kinds, offset)?;
        Ok(RefType { nullable, heap })
    }
}
