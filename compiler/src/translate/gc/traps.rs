//! How instructions on references trap, and what they leave for the report.
//!
//! The report knows the instruction from a table ([`HeapSite`]). Operands that it names besides are stored where nothing but
//! the trap follows, so they cost code, but no time.

use super::{StaticType, Translator};
use crate::clif;
use crate::parse::{self, ParseError};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlagsData, Value, types};
use trapline_abi::vmlayout::VMStoreContext;
use trapline_abi::{
    CompositeType, ConcreteType, HeapInstruction, HeapSite, HeapType, RefType, Trap, TypeIndex, TypeKind,
};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Traps if a condition is not zero.
    pub(super) fn trap_if(&mut self, condition: Value, trap: Trap, operands: &[Value]) {
        let [fails, goes_on] = [(); 2].map(|()| self.builder.create_block());
        self.builder.ins().brif(condition, fails, &[], goes_on, &[]);
        self.fail(fails, trap, operands);
        self.go_on(goes_on);
    }

    /// Traps if a condition is zero.
    pub(super) fn trap_unless(&mut self, condition: Value, trap: Trap, operands: &[Value]) {
        let [fails, goes_on] = [(); 2].map(|()| self.builder.create_block());
        self.builder.ins().brif(condition, goes_on, &[], fails, &[]);
        self.fail(fails, trap, operands);
        self.go_on(goes_on);
    }

    /// Traps always, in the middle of a block.
    pub(super) fn never(&mut self, trap: Trap, operands: &[Value]) {
        self.leave_operands(operands);
        let never = self.builder.ins().iconst(types::I8, 0);
        self.builder.ins().trapz(never, clif::trap_code(trap));
    }

    /// Makes a block trap.
    pub(super) fn fail(&mut self, block: Block, trap: Trap, operands: &[Value]) {
        self.builder.seal_block(block);
        self.builder.set_cold_block(block);
        self.builder.switch_to_block(block);
        self.leave_operands(operands);
        self.builder.ins().trap(clif::trap_code(trap));
    }

    /// Stores up to two operands for the report of a trap, zero-extended.
    fn leave_operands(&mut self, operands: &[Value]) {
        let store = self.store_context();
        for (i, &operand) in operands.iter().enumerate() {
            let operand = match self.builder.func.dfg.value_type(operand) {
                types::I32 => self.builder.ins().uextend(types::I64, operand),
                _ => operand,
            };
            let offset = VMStoreContext::TRAP_OPERANDS + i * size_of::<u64>();
            self.builder.ins().store(MemFlagsData::trusted(), operand, store, offset as i32);
        }
    }

    /// Enters an instruction on references into the table of the function, if it may trap in compiled code.
    pub(in crate::translate) fn note_heap_site(
        &mut self,
        operator: &Operator<'_>,
        operand: StaticType,
        offset: u64,
    ) -> Result<(), ParseError> {
        let Some((instruction, target, field)) = self.heap_site(operator, operand, offset)? else {
            return Ok(());
        };
        // Modules of 4 GiB and more are refused before.
        let wasm_offset = offset as u32;
        self.findings.heap_sites.push(HeapSite { wasm_offset, instruction, target, field });
        Ok(())
    }

    fn heap_site(
        &self,
        operator: &Operator<'_>,
        operand: StaticType,
        offset: u64,
    ) -> Result<Option<(HeapInstruction, Option<RefType>, Option<u32>)>, ParseError> {
        use HeapInstruction as H;
        let structure =
            |instruction, ty, field| operand.nullable.then(|| (instruction, self.named(ty), field));
        let element = |instruction, ty| Some((instruction, self.named(ty), None));
        let cast = |instruction, nullable, heap| {
            let target = RefType { nullable, heap: parse::heap_type(heap, &self.env.kinds, offset)? };
            Ok(Some((instruction, Some(target), None)))
        };
        let branch = |instruction, target| {
            Ok(Some((instruction, Some(parse::ref_type(target, &self.env.kinds, offset)?), None)))
        };
        Ok(match *operator {
            Operator::RefAsNonNull => Some((H::RefAsNonNull, None, None)),
            Operator::CallRef { type_index } => Some((H::CallRef, self.named(type_index), None)),
            Operator::ReturnCallRef { type_index } => Some((H::ReturnCallRef, self.named(type_index), None)),
            Operator::ThrowRef => Some((H::ThrowRef, None, None)),
            Operator::I31GetS => operand.nullable.then_some((H::I31GetS, None, None)),
            Operator::I31GetU => operand.nullable.then_some((H::I31GetU, None, None)),
            Operator::StructGet { struct_type_index, field_index } => {
                structure(H::StructGet, struct_type_index, Some(field_index))
            }
            Operator::StructGetS { struct_type_index, field_index } => {
                structure(H::StructGetS, struct_type_index, Some(field_index))
            }
            Operator::StructGetU { struct_type_index, field_index } => {
                structure(H::StructGetU, struct_type_index, Some(field_index))
            }
            Operator::StructSet { struct_type_index, field_index } => {
                structure(H::StructSet, struct_type_index, Some(field_index))
            }
            Operator::StructNewDesc { struct_type_index } => {
                structure(H::StructNewDesc, struct_type_index, None)
            }
            Operator::StructNewDefaultDesc { struct_type_index } => {
                structure(H::StructNewDefaultDesc, struct_type_index, None)
            }
            Operator::RefGetDesc { type_index } => structure(H::RefGetDesc, type_index, None),
            Operator::ArrayGet { array_type_index } => element(H::ArrayGet, array_type_index),
            Operator::ArrayGetS { array_type_index } => element(H::ArrayGetS, array_type_index),
            Operator::ArrayGetU { array_type_index } => element(H::ArrayGetU, array_type_index),
            Operator::ArraySet { array_type_index } => element(H::ArraySet, array_type_index),
            Operator::ArrayLen => operand.nullable.then_some((H::ArrayLen, None, None)),
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
        let kind = match self.env.info.types.get(index.index())?.composite {
            CompositeType::Func(_) => TypeKind::Func,
            CompositeType::Struct(_) => TypeKind::Struct,
            CompositeType::Array(_) => TypeKind::Array,
        };
        let heap = HeapType::Concrete(ConcreteType { kind, index, exact: false });
        Some(RefType { nullable: true, heap })
    }
}
