//! Integers of 31 bits, which are references without an object, and identity.

use super::heap::Extension;
use super::{StaticType, Translator};
use crate::clif;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, types};
use trapline_abi::Trap;

impl Translator<'_, '_> {
    pub(super) fn ref_i31(&mut self) {
        let value = self.pop();
        let shifted = self.builder.ins().ishl_imm_u(value, 1);
        // The collector leaves it as it is, but where it meets other references it is one of them.
        let reference = self.builder.ins().bor_imm_u(shifted, 1);
        self.push(reference);
    }

    pub(super) fn i31_get(&mut self, operand: StaticType, extension: Extension) {
        let reference = self.pop();
        if operand.nullable {
            self.builder.ins().trapz(reference, clif::trap_code(Trap::NullI31Reference));
        }
        let value = match extension {
            Extension::Sign => self.builder.ins().sshr_imm_u(reference, 1),
            Extension::Zero => self.builder.ins().ushr_imm_u(reference, 1),
        };
        self.push(value);
    }

    pub(super) fn ref_eq(&mut self) {
        let (first, second) = self.pop2();
        let same = self.builder.ins().icmp(IntCC::Equal, first, second);
        let same = self.builder.ins().uextend(types::I32, same);
        self.push(same);
    }
}
