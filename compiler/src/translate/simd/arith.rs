//! Arithmetic lane by lane, shifts and bitwise operators.

use super::{Translator, VECTOR};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Opcode, Type, types};
use types::{F32X4, F64X2, I8X16, I16X8, I32X4, I64X2};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates an arithmetic or bitwise vector operator; `false` if it is none.
    pub(super) fn vector_arithmetic(&mut self, operator: &Operator<'_>) -> bool {
        if let Some((opcode, ty)) = unary(operator) {
            let operand = self.pop_vector(ty);
            let value = self.unary_instruction(opcode, ty, operand);
            self.push_vector(value);
            return true;
        }
        if let Some((opcode, ty)) = binary(operator) {
            let (first, second) = self.pop2_vectors(ty);
            let value = self.binary_instruction(opcode, ty, first, second);
            self.push_vector(value);
            return true;
        }
        if let Some((opcode, ty)) = shift(operator) {
            // The amount counts modulo the width of a lane here and there.
            let amount = self.pop();
            let operand = self.pop_vector(ty);
            let value = self.binary_instruction(opcode, ty, operand, amount);
            self.push_vector(value);
            return true;
        }
        match operator {
            Operator::V128AndNot => self.and_not(),
            Operator::V128Bitselect => self.bitselect(),
            Operator::F32x4PMin => self.pseudo_min(F32X4),
            Operator::F64x2PMin => self.pseudo_min(F64X2),
            Operator::F32x4PMax => self.pseudo_max(F32X4),
            Operator::F64x2PMax => self.pseudo_max(F64X2),
            _ => return false,
        }
        true
    }

    fn and_not(&mut self) {
        let (first, second) = self.pop2_vectors(VECTOR);
        let second = self.builder.ins().bnot(second);
        let value = self.builder.ins().band(first, second);
        self.push_vector(value);
    }

    fn bitselect(&mut self) {
        let (first, second, mask) = self.pop3_vectors(VECTOR);
        let value = self.builder.ins().bitselect(mask, first, second);
        self.push_vector(value);
    }

    /// `second < first ? second : first`, also for NaNs and zeros.
    pub(super) fn pseudo_min(&mut self, ty: Type) {
        let (first, second) = self.pop2_vectors(ty);
        let less = self.builder.ins().fcmp(FloatCC::LessThan, second, first);
        let less = self.cast_vector(less, ty);
        let value = self.builder.ins().bitselect(less, second, first);
        self.push_vector(value);
    }

    /// `first < second ? second : first`, also for NaNs and zeros.
    pub(super) fn pseudo_max(&mut self, ty: Type) {
        let (first, second) = self.pop2_vectors(ty);
        let less = self.builder.ins().fcmp(FloatCC::LessThan, first, second);
        let less = self.cast_vector(less, ty);
        let value = self.builder.ins().bitselect(less, second, first);
        self.push_vector(value);
    }
}

/// Operators that are one instruction with one operand.
fn unary(operator: &Operator<'_>) -> Option<(Opcode, Type)> {
    use Operator as O;
    Some(match operator {
        O::V128Not => (Opcode::Bnot, VECTOR),
        O::I8x16Abs => (Opcode::Iabs, I8X16),
        O::I16x8Abs => (Opcode::Iabs, I16X8),
        O::I32x4Abs => (Opcode::Iabs, I32X4),
        O::I64x2Abs => (Opcode::Iabs, I64X2),
        O::I8x16Neg => (Opcode::Ineg, I8X16),
        O::I16x8Neg => (Opcode::Ineg, I16X8),
        O::I32x4Neg => (Opcode::Ineg, I32X4),
        O::I64x2Neg => (Opcode::Ineg, I64X2),
        O::I8x16Popcnt => (Opcode::Popcnt, I8X16),
        O::F32x4Abs => (Opcode::Fabs, F32X4),
        O::F64x2Abs => (Opcode::Fabs, F64X2),
        O::F32x4Neg => (Opcode::Fneg, F32X4),
        O::F64x2Neg => (Opcode::Fneg, F64X2),
        O::F32x4Sqrt => (Opcode::Sqrt, F32X4),
        O::F64x2Sqrt => (Opcode::Sqrt, F64X2),
        _ => return None,
    })
}

/// Operators that are one instruction with two operands of one type.
fn binary(operator: &Operator<'_>) -> Option<(Opcode, Type)> {
    use Operator as O;
    Some(match operator {
        O::V128And => (Opcode::Band, VECTOR),
        O::V128Or => (Opcode::Bor, VECTOR),
        O::V128Xor => (Opcode::Bxor, VECTOR),
        O::I8x16Add => (Opcode::Iadd, I8X16),
        O::I16x8Add => (Opcode::Iadd, I16X8),
        O::I32x4Add => (Opcode::Iadd, I32X4),
        O::I64x2Add => (Opcode::Iadd, I64X2),
        O::I8x16Sub => (Opcode::Isub, I8X16),
        O::I16x8Sub => (Opcode::Isub, I16X8),
        O::I32x4Sub => (Opcode::Isub, I32X4),
        O::I64x2Sub => (Opcode::Isub, I64X2),
        O::I16x8Mul => (Opcode::Imul, I16X8),
        O::I32x4Mul => (Opcode::Imul, I32X4),
        O::I64x2Mul => (Opcode::Imul, I64X2),
        O::I8x16AddSatS => (Opcode::SaddSat, I8X16),
        O::I8x16AddSatU => (Opcode::UaddSat, I8X16),
        O::I8x16SubSatS => (Opcode::SsubSat, I8X16),
        O::I8x16SubSatU => (Opcode::UsubSat, I8X16),
        O::I16x8AddSatS => (Opcode::SaddSat, I16X8),
        O::I16x8AddSatU => (Opcode::UaddSat, I16X8),
        O::I16x8SubSatS => (Opcode::SsubSat, I16X8),
        O::I16x8SubSatU => (Opcode::UsubSat, I16X8),
        O::I16x8Q15MulrSatS => (Opcode::SqmulRoundSat, I16X8),
        O::I8x16AvgrU => (Opcode::AvgRound, I8X16),
        O::I16x8AvgrU => (Opcode::AvgRound, I16X8),
        O::I8x16MinS => (Opcode::Smin, I8X16),
        O::I8x16MinU => (Opcode::Umin, I8X16),
        O::I8x16MaxS => (Opcode::Smax, I8X16),
        O::I8x16MaxU => (Opcode::Umax, I8X16),
        O::I16x8MinS => (Opcode::Smin, I16X8),
        O::I16x8MinU => (Opcode::Umin, I16X8),
        O::I16x8MaxS => (Opcode::Smax, I16X8),
        O::I16x8MaxU => (Opcode::Umax, I16X8),
        O::I32x4MinS => (Opcode::Smin, I32X4),
        O::I32x4MinU => (Opcode::Umin, I32X4),
        O::I32x4MaxS => (Opcode::Smax, I32X4),
        O::I32x4MaxU => (Opcode::Umax, I32X4),
        O::F32x4Add => (Opcode::Fadd, F32X4),
        O::F64x2Add => (Opcode::Fadd, F64X2),
        O::F32x4Sub => (Opcode::Fsub, F32X4),
        O::F64x2Sub => (Opcode::Fsub, F64X2),
        O::F32x4Mul => (Opcode::Fmul, F32X4),
        O::F64x2Mul => (Opcode::Fmul, F64X2),
        O::F32x4Div => (Opcode::Fdiv, F32X4),
        O::F64x2Div => (Opcode::Fdiv, F64X2),
        O::F32x4Min => (Opcode::Fmin, F32X4),
        O::F64x2Min => (Opcode::Fmin, F64X2),
        O::F32x4Max => (Opcode::Fmax, F32X4),
        O::F64x2Max => (Opcode::Fmax, F64X2),
        _ => return None,
    })
}

/// Shifts of all lanes by one amount.
fn shift(operator: &Operator<'_>) -> Option<(Opcode, Type)> {
    use Operator as O;
    Some(match operator {
        O::I8x16Shl => (Opcode::Ishl, I8X16),
        O::I16x8Shl => (Opcode::Ishl, I16X8),
        O::I32x4Shl => (Opcode::Ishl, I32X4),
        O::I64x2Shl => (Opcode::Ishl, I64X2),
        O::I8x16ShrS => (Opcode::Sshr, I8X16),
        O::I16x8ShrS => (Opcode::Sshr, I16X8),
        O::I32x4ShrS => (Opcode::Sshr, I32X4),
        O::I64x2ShrS => (Opcode::Sshr, I64X2),
        O::I8x16ShrU => (Opcode::Ushr, I8X16),
        O::I16x8ShrU => (Opcode::Ushr, I16X8),
        O::I32x4ShrU => (Opcode::Ushr, I32X4),
        O::I64x2ShrU => (Opcode::Ushr, I64X2),
        _ => return None,
    })
}
