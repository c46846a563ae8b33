//! Between lanes of different widths and kinds, and arithmetic that widens.

use super::Translator;
use cranelift_codegen::ir::{InstBuilder, Opcode, Type, Value, types};
use types::{F32X4, F64X2, I8X16, I16X8, I32, I32X4, I64X2};
use wasmparser::Operator;

/// How lanes are widened.
#[derive(Clone, Copy)]
enum Signedness {
    Signed,
    Unsigned,
}

/// Which half of a vector's lanes is widened.
#[derive(Clone, Copy)]
enum Half {
    Low,
    High,
}

impl Translator<'_, '_> {
    /// Translates a vector conversion or widening operator; `false` if it is none.
    pub(super) fn vector_conversion(&mut self, operator: &Operator<'_>) -> bool {
        use Half::{High, Low};
        use Operator as O;
        use Signedness::{Signed, Unsigned};
        match operator {
            O::I8x16NarrowI16x8S => self.narrow(Opcode::Snarrow, I16X8),
            O::I8x16NarrowI16x8U => self.narrow(Opcode::Unarrow, I16X8),
            O::I16x8NarrowI32x4S => self.narrow(Opcode::Snarrow, I32X4),
            O::I16x8NarrowI32x4U => self.narrow(Opcode::Unarrow, I32X4),

            O::I16x8ExtendLowI8x16S => self.extend_half(I8X16, Signed, Low),
            O::I16x8ExtendHighI8x16S => self.extend_half(I8X16, Signed, High),
            O::I16x8ExtendLowI8x16U => self.extend_half(I8X16, Unsigned, Low),
            O::I16x8ExtendHighI8x16U => self.extend_half(I8X16, Unsigned, High),
            O::I32x4ExtendLowI16x8S => self.extend_half(I16X8, Signed, Low),
            O::I32x4ExtendHighI16x8S => self.extend_half(I16X8, Signed, High),
            O::I32x4ExtendLowI16x8U => self.extend_half(I16X8, Unsigned, Low),
            O::I32x4ExtendHighI16x8U => self.extend_half(I16X8, Unsigned, High),
            O::I64x2ExtendLowI32x4S => self.extend_half(I32X4, Signed, Low),
            O::I64x2ExtendHighI32x4S => self.extend_half(I32X4, Signed, High),
            O::I64x2ExtendLowI32x4U => self.extend_half(I32X4, Unsigned, Low),
            O::I64x2ExtendHighI32x4U => self.extend_half(I32X4, Unsigned, High),

            O::I16x8ExtMulLowI8x16S => self.extended_multiply(I8X16, Signed, Low),
            O::I16x8ExtMulHighI8x16S => self.extended_multiply(I8X16, Signed, High),
            O::I16x8ExtMulLowI8x16U => self.extended_multiply(I8X16, Unsigned, Low),
            O::I16x8ExtMulHighI8x16U => self.extended_multiply(I8X16, Unsigned, High),
            O::I32x4ExtMulLowI16x8S => self.extended_multiply(I16X8, Signed, Low),
            O::I32x4ExtMulHighI16x8S => self.extended_multiply(I16X8, Signed, High),
            O::I32x4ExtMulLowI16x8U => self.extended_multiply(I16X8, Unsigned, Low),
            O::I32x4ExtMulHighI16x8U => self.extended_multiply(I16X8, Unsigned, High),
            O::I64x2ExtMulLowI32x4S => self.extended_multiply(I32X4, Signed, Low),
            O::I64x2ExtMulHighI32x4S => self.extended_multiply(I32X4, Signed, High),
            O::I64x2ExtMulLowI32x4U => self.extended_multiply(I32X4, Unsigned, Low),
            O::I64x2ExtMulHighI32x4U => self.extended_multiply(I32X4, Unsigned, High),

            O::I16x8ExtAddPairwiseI8x16S => self.extended_pairwise_add(I8X16, Signed),
            O::I16x8ExtAddPairwiseI8x16U => self.extended_pairwise_add(I8X16, Unsigned),
            O::I32x4ExtAddPairwiseI16x8S => self.extended_pairwise_add(I16X8, Signed),
            O::I32x4ExtAddPairwiseI16x8U => self.extended_pairwise_add(I16X8, Unsigned),
            O::I32x4DotI16x8S => {
                let (first, second) = self.pop2_vectors(I16X8);
                let value = self.dot_product(first, second);
                self.push_vector(value);
            }

            O::F32x4ConvertI32x4S => self.convert(Opcode::FcvtFromSint, I32X4, F32X4),
            O::F32x4ConvertI32x4U => self.convert(Opcode::FcvtFromUint, I32X4, F32X4),
            O::F64x2ConvertLowI32x4S => self.convert_low(Opcode::FcvtFromSint, Signed),
            O::F64x2ConvertLowI32x4U => self.convert_low(Opcode::FcvtFromUint, Unsigned),
            O::I32x4TruncSatF32x4S => self.convert(Opcode::FcvtToSintSat, F32X4, I32X4),
            O::I32x4TruncSatF32x4U => self.convert(Opcode::FcvtToUintSat, F32X4, I32X4),
            O::I32x4TruncSatF64x2SZero => self.truncate_wide_signed(),
            O::I32x4TruncSatF64x2UZero => self.truncate_wide_unsigned(),
            O::F32x4DemoteF64x2Zero => {
                let operand = self.pop_vector(F64X2);
                let value = self.builder.ins().fvdemote(operand);
                self.push_vector(value);
            }
            O::F64x2PromoteLowF32x4 => {
                let operand = self.pop_vector(F32X4);
                let value = self.builder.ins().fvpromote_low(operand);
                self.push_vector(value);
            }
            _ => return false,
        }
        true
    }

    fn narrow(&mut self, opcode: Opcode, from: Type) {
        let (first, second) = self.pop2_vectors(from);
        let value = self.binary_instruction(opcode, from, first, second);
        self.push_vector(value);
    }

    fn widened(&mut self, operand: Value, signedness: Signedness, half: Half) -> Value {
        let ins = self.builder.ins();
        match (signedness, half) {
            (Signedness::Signed, Half::Low) => ins.swiden_low(operand),
            (Signedness::Signed, Half::High) => ins.swiden_high(operand),
            (Signedness::Unsigned, Half::Low) => ins.uwiden_low(operand),
            (Signedness::Unsigned, Half::High) => ins.uwiden_high(operand),
        }
    }

    fn extend_half(&mut self, from: Type, signedness: Signedness, half: Half) {
        let operand = self.pop_vector(from);
        let value = self.widened(operand, signedness, half);
        self.push_vector(value);
    }

    fn extended_multiply(&mut self, from: Type, signedness: Signedness, half: Half) {
        let (first, second) = self.pop2_vectors(from);
        let first = self.widened(first, signedness, half);
        let second = self.widened(second, signedness, half);
        let value = self.builder.ins().imul(first, second);
        self.push_vector(value);
    }

    fn extended_pairwise_add(&mut self, from: Type, signedness: Signedness) {
        let operand = self.pop_vector(from);
        let low = self.widened(operand, signedness, Half::Low);
        let high = self.widened(operand, signedness, Half::High);
        let value = self.builder.ins().iadd_pairwise(low, high);
        self.push_vector(value);
    }

    /// The sums of neighbouring products of signed lanes, twice as wide. Written so that Cranelift
    /// sees the one instruction that x86-64 has for it.
    pub(super) fn dot_product(&mut self, first: Value, second: Value) -> Value {
        let first_low = self.builder.ins().swiden_low(first);
        let second_low = self.builder.ins().swiden_low(second);
        let low = self.builder.ins().imul(first_low, second_low);
        let first_high = self.builder.ins().swiden_high(first);
        let second_high = self.builder.ins().swiden_high(second);
        let high = self.builder.ins().imul(first_high, second_high);
        self.builder.ins().iadd_pairwise(low, high)
    }

    pub(super) fn convert(&mut self, opcode: Opcode, from: Type, to: Type) {
        let operand = self.pop_vector(from);
        let value = self.unary_instruction(opcode, to, operand);
        self.push_vector(value);
    }

    fn convert_low(&mut self, opcode: Opcode, signedness: Signedness) {
        let operand = self.pop_vector(I32X4);
        let wide = self.widened(operand, signedness, Half::Low);
        let value = self.unary_instruction(opcode, F64X2, wide);
        self.push_vector(value);
    }

    /// Cranelift knows these conversions only as a whole, narrowing included.
    pub(super) fn truncate_wide_signed(&mut self) {
        let operand = self.pop_vector(F64X2);
        let wide = self.builder.ins().fcvt_to_sint_sat(I64X2, operand);
        let zero = self.zero_vector(I64X2);
        let value = self.builder.ins().snarrow(wide, zero);
        self.push_vector(value);
    }

    /// As [`Self::truncate_wide_signed`]; but Cranelift's sequence contains a rounding, so that where
    /// there is none the lanes are converted one by one.
    pub(super) fn truncate_wide_unsigned(&mut self) {
        let operand = self.pop_vector(F64X2);
        let value = if self.env.isa.has_round() {
            let wide = self.builder.ins().fcvt_to_uint_sat(I64X2, operand);
            let zero = self.zero_vector(I64X2);
            self.builder.ins().uunarrow(wide, zero)
        } else {
            let mut lane = |index: u8| {
                let lane = self.builder.ins().extractlane(operand, index);
                self.builder.ins().fcvt_to_uint_sat(I32, lane)
            };
            let (low, high) = (lane(0), lane(1));
            let value = self.builder.ins().scalar_to_vector(I32X4, low);
            self.builder.ins().insertlane(value, high, 1)
        };
        self.push_vector(value);
    }
}
