//! Comparisons lane by lane, and what is asked of all lanes at once.

use super::{Translator, VECTOR};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Type, types};
use types::{F32X4, F64X2, I8X16, I16X8, I32, I32X4, I64X2};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates a vector comparison or test; `false` if the operator is none.
    pub(super) fn vector_comparison(&mut self, operator: &Operator<'_>) -> bool {
        if let Some((condition, ty)) = int(operator) {
            let (first, second) = self.pop2_vectors(ty);
            let value = self.builder.ins().icmp(condition, first, second);
            self.push_vector(value);
            return true;
        }
        if let Some((condition, ty)) = float(operator) {
            let (first, second) = self.pop2_vectors(ty);
            let value = self.builder.ins().fcmp(condition, first, second);
            self.push_vector(value);
            return true;
        }
        match operator {
            Operator::V128AnyTrue => {
                let operand = self.pop_vector(VECTOR);
                let value = self.builder.ins().vany_true(operand);
                self.push_bool(value);
            }
            Operator::I8x16AllTrue => self.all_true(I8X16),
            Operator::I16x8AllTrue => self.all_true(I16X8),
            Operator::I32x4AllTrue => self.all_true(I32X4),
            Operator::I64x2AllTrue => self.all_true(I64X2),
            Operator::I8x16Bitmask => self.bitmask(I8X16),
            Operator::I16x8Bitmask => self.bitmask(I16X8),
            Operator::I32x4Bitmask => self.bitmask(I32X4),
            Operator::I64x2Bitmask => self.bitmask(I64X2),
            _ => return false,
        }
        true
    }

    fn all_true(&mut self, ty: Type) {
        let operand = self.pop_vector(ty);
        let value = self.builder.ins().vall_true(operand);
        self.push_bool(value);
    }

    fn bitmask(&mut self, ty: Type) {
        let operand = self.pop_vector(ty);
        let value = self.builder.ins().vhigh_bits(I32, operand);
        self.push(value);
    }
}

fn int(operator: &Operator<'_>) -> Option<(IntCC, Type)> {
    use IntCC as C;
    use Operator as O;
    Some(match operator {
        O::I8x16Eq => (C::Equal, I8X16),
        O::I8x16Ne => (C::NotEqual, I8X16),
        O::I8x16LtS => (C::SignedLessThan, I8X16),
        O::I8x16LtU => (C::UnsignedLessThan, I8X16),
        O::I8x16GtS => (C::SignedGreaterThan, I8X16),
        O::I8x16GtU => (C::UnsignedGreaterThan, I8X16),
        O::I8x16LeS => (C::SignedLessThanOrEqual, I8X16),
        O::I8x16LeU => (C::UnsignedLessThanOrEqual, I8X16),
        O::I8x16GeS => (C::SignedGreaterThanOrEqual, I8X16),
        O::I8x16GeU => (C::UnsignedGreaterThanOrEqual, I8X16),
        O::I16x8Eq => (C::Equal, I16X8),
        O::I16x8Ne => (C::NotEqual, I16X8),
        O::I16x8LtS => (C::SignedLessThan, I16X8),
        O::I16x8LtU => (C::UnsignedLessThan, I16X8),
        O::I16x8GtS => (C::SignedGreaterThan, I16X8),
        O::I16x8GtU => (C::UnsignedGreaterThan, I16X8),
        O::I16x8LeS => (C::SignedLessThanOrEqual, I16X8),
        O::I16x8LeU => (C::UnsignedLessThanOrEqual, I16X8),
        O::I16x8GeS => (C::SignedGreaterThanOrEqual, I16X8),
        O::I16x8GeU => (C::UnsignedGreaterThanOrEqual, I16X8),
        O::I32x4Eq => (C::Equal, I32X4),
        O::I32x4Ne => (C::NotEqual, I32X4),
        O::I32x4LtS => (C::SignedLessThan, I32X4),
        O::I32x4LtU => (C::UnsignedLessThan, I32X4),
        O::I32x4GtS => (C::SignedGreaterThan, I32X4),
        O::I32x4GtU => (C::UnsignedGreaterThan, I32X4),
        O::I32x4LeS => (C::SignedLessThanOrEqual, I32X4),
        O::I32x4LeU => (C::UnsignedLessThanOrEqual, I32X4),
        O::I32x4GeS => (C::SignedGreaterThanOrEqual, I32X4),
        O::I32x4GeU => (C::UnsignedGreaterThanOrEqual, I32X4),
        O::I64x2Eq => (C::Equal, I64X2),
        O::I64x2Ne => (C::NotEqual, I64X2),
        O::I64x2LtS => (C::SignedLessThan, I64X2),
        O::I64x2GtS => (C::SignedGreaterThan, I64X2),
        O::I64x2LeS => (C::SignedLessThanOrEqual, I64X2),
        O::I64x2GeS => (C::SignedGreaterThanOrEqual, I64X2),
        _ => return None,
    })
}

fn float(operator: &Operator<'_>) -> Option<(FloatCC, Type)> {
    use FloatCC as C;
    use Operator as O;
    Some(match operator {
        O::F32x4Eq => (C::Equal, F32X4),
        O::F32x4Ne => (C::NotEqual, F32X4),
        O::F32x4Lt => (C::LessThan, F32X4),
        O::F32x4Gt => (C::GreaterThan, F32X4),
        O::F32x4Le => (C::LessThanOrEqual, F32X4),
        O::F32x4Ge => (C::GreaterThanOrEqual, F32X4),
        O::F64x2Eq => (C::Equal, F64X2),
        O::F64x2Ne => (C::NotEqual, F64X2),
        O::F64x2Lt => (C::LessThan, F64X2),
        O::F64x2Gt => (C::GreaterThan, F64X2),
        O::F64x2Le => (C::LessThanOrEqual, F64X2),
        O::F64x2Ge => (C::GreaterThanOrEqual, F64X2),
        _ => return None,
    })
}
