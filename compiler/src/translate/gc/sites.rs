//! The instructions on references that may trap, as the report names them.

use super::{StaticType, Translator};
use crate::parse::{self, ParseError};
use trapline_abi::{ConcreteType, HeapInstruction, HeapSite, HeapType, RefType, TypeIndex};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// What the report names of an instruction on references, if it may trap in compiled code.
    pub(in crate::translate) fn heap_site(
        &self,
        operator: &Operator<'_>,
        operand: StaticType,
        offset: u64,
    ) -> Result<Option<HeapSite>, ParseError> {
        use HeapInstruction as H;
        let site = |instruction, target, field| HeapSite { instruction, target, field };
        let reference = |instruction| operand.nullable.then(|| site(instruction, None, None));
        let structure = |instruction, ty| operand.nullable.then(|| site(instruction, self.named(ty), None));
        let field =
            |instruction, ty, field| operand.nullable.then(|| site(instruction, self.named(ty), Some(field)));
        let element = |instruction, ty| Some(site(instruction, self.named(ty), None));
        let cast = |instruction, nullable, heap| {
            let target = RefType { nullable, heap: parse::heap_type(heap, &self.env.kinds, offset)? };
            Ok(Some(site(instruction, Some(target), None)))
        };
        let branch = |instruction, target| {
            let target = parse::ref_type(target, &self.env.kinds, offset)?;
            Ok(Some(site(instruction, Some(target), None)))
        };
        Ok(match *operator {
            Operator::RefAsNonNull => Some(site(H::RefAsNonNull, None, None)),
            Operator::CallRef { type_index } => element(H::CallRef, type_index),
            Operator::ReturnCallRef { type_index } => element(H::ReturnCallRef, type_index),
            Operator::ThrowRef => Some(site(H::ThrowRef, None, None)),
            Operator::I31GetS => reference(H::I31GetS),
            Operator::I31GetU => reference(H::I31GetU),
            Operator::StructGet { struct_type_index, field_index } => {
                field(H::StructGet, struct_type_index, field_index)
            }
            Operator::StructGetS { struct_type_index, field_index } => {
                field(H::StructGetS, struct_type_index, field_index)
            }
            Operator::StructGetU { struct_type_index, field_index } => {
                field(H::StructGetU, struct_type_index, field_index)
            }
            Operator::StructSet { struct_type_index, field_index } => {
                field(H::StructSet, struct_type_index, field_index)
            }
            Operator::StructNewDesc { struct_type_index } => structure(H::StructNewDesc, struct_type_index),
            Operator::StructNewDefaultDesc { struct_type_index } => {
                structure(H::StructNewDefaultDesc, struct_type_index)
            }
            Operator::RefGetDesc { type_index } => structure(H::RefGetDesc, type_index),
            Operator::ArrayGet { array_type_index } => element(H::ArrayGet, array_type_index),
            Operator::ArrayGetS { array_type_index } => element(H::ArrayGetS, array_type_index),
            Operator::ArrayGetU { array_type_index } => element(H::ArrayGetU, array_type_index),
            Operator::ArraySet { array_type_index } => element(H::ArraySet, array_type_index),
            Operator::ArrayLen => reference(H::ArrayLen),
            Operator::RefCastNonNull { hty } => return cast(H::RefCast, false, hty),
            Operator::RefCastNullable { hty } => return cast(H::RefCast, true, hty),
            Operator::RefCastDescEqNonNull { hty } => return cast(H::RefCastDescEq, false, hty),
            Operator::RefCastDescEqNullable { hty } => return cast(H::RefCastDescEq, true, hty),
            Operator::BrOnCastDescEq { to_ref_type, .. } => return branch(H::BrOnCastDescEq, to_ref_type),
            Operator::BrOnCastDescEqFail { to_ref_type, .. } => {
                return branch(H::BrOnCastDescEqFail, to_ref_type);
            }
            // Others do not trap, or the runtime says why.
            _ => None,
        })
    }

    /// A reference to a type that an instruction names.
    fn named(&self, ty: u32) -> Option<RefType> {
        let index = TypeIndex::new(ty);
        let kind = *self.env.kinds.get(index.index())?;
        let heap = HeapType::Concrete(ConcreteType { kind, index, exact: false });
        Some(RefType { nullable: true, heap })
    }
}
