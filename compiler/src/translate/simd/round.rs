//! Rounding to integers within floats.

use super::Translator;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Opcode, Type, Value, types};
use types::{F32X4, F64X2};
use wasmparser::Operator;

#[derive(Clone, Copy)]
enum Rounding {
    Ceil,
    Floor,
    Trunc,
    Nearest,
}

impl Translator<'_, '_> {
    /// Translates a rounding of lanes; `false` if the operator is none.
    pub(super) fn vector_rounding(&mut self, operator: &Operator<'_>) -> bool {
        let (rounding, ty) = match operator {
            Operator::F32x4Ceil => (Rounding::Ceil, F32X4),
            Operator::F64x2Ceil => (Rounding::Ceil, F64X2),
            Operator::F32x4Floor => (Rounding::Floor, F32X4),
            Operator::F64x2Floor => (Rounding::Floor, F64X2),
            Operator::F32x4Trunc => (Rounding::Trunc, F32X4),
            Operator::F64x2Trunc => (Rounding::Trunc, F64X2),
            Operator::F32x4Nearest => (Rounding::Nearest, F32X4),
            Operator::F64x2Nearest => (Rounding::Nearest, F64X2),
            _ => return false,
        };
        let operand = self.pop_vector(ty);
        let value = if self.env.isa.has_round() {
            let opcode = match rounding {
                Rounding::Ceil => Opcode::Ceil,
                Rounding::Floor => Opcode::Floor,
                Rounding::Trunc => Opcode::Trunc,
                Rounding::Nearest => Opcode::Nearest,
            };
            self.unary_instruction(opcode, ty, operand)
        } else {
            self.rounded_by_addition(rounding, operand, ty)
        };
        self.push_vector(value);
        true
    }

    /// Rounds with nothing but additions.
    ///
    /// From `2^(fraction bits)` on, floats have no fraction. Adding that number to a smaller
    /// magnitude thus rounds it to the nearest integer, ties to even, as the addition rounds; and
    /// taking it away again is exact. The other roundings correct the result by one where it lies on
    /// the wrong side. Zeros get their operand's sign last: -0 results from negative operands only.
    fn rounded_by_addition(&mut self, rounding: Rounding, operand: Value, ty: Type) -> Value {
        let (sign_mask, one, whole_from): (u64, u64, u64) = if ty == F32X4 {
            (1 << 31, 1f32.to_bits().into(), (23f32.exp2()).to_bits().into())
        } else {
            (1 << 63, 1f64.to_bits(), 52f64.exp2().to_bits())
        };
        let sign_mask = self.splat_constant(ty, sign_mask);
        let one = self.splat_constant(ty, one);
        let whole_from = self.splat_constant(ty, whole_from);

        let sign = self.builder.ins().band(operand, sign_mask);
        let magnitude = self.builder.ins().fabs(operand);
        let toward_zero = matches!(rounding, Rounding::Trunc);
        let (exact, shift) = if toward_zero {
            (magnitude, whole_from)
        } else {
            (operand, self.builder.ins().bor(whole_from, sign))
        };
        let sum = self.builder.ins().fadd(exact, shift);
        let nearest = self.builder.ins().fsub(sum, shift);
        let corrected = match rounding {
            Rounding::Nearest => nearest,
            Rounding::Floor | Rounding::Trunc => {
                let by = self.where_true(FloatCC::GreaterThan, nearest, exact, one, ty);
                self.builder.ins().fsub(nearest, by)
            }
            Rounding::Ceil => {
                let by = self.where_true(FloatCC::LessThan, nearest, exact, one, ty);
                self.builder.ins().fadd(nearest, by)
            }
        };
        let rounded = self.builder.ins().bor(corrected, sign);

        // Large floats stay as they are, and NaNs become quiet.
        let zero = self.zero_vector(ty);
        let unchanged = self.builder.ins().fsub(operand, zero);
        let has_fraction = self.builder.ins().fcmp(FloatCC::LessThan, magnitude, whole_from);
        let has_fraction = self.cast_vector(has_fraction, ty);
        self.builder.ins().bitselect(has_fraction, rounded, unchanged)
    }

    /// `value` in the lanes whose comparison holds, 0 in the others.
    fn where_true(&mut self, condition: FloatCC, left: Value, right: Value, value: Value, ty: Type) -> Value {
        let mask = self.builder.ins().fcmp(condition, left, right);
        let mask = self.cast_vector(mask, ty);
        self.builder.ins().band(mask, value)
    }
}
