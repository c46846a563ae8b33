//! Relaxed SIMD.
//!
//! The specification ("Relaxed Operations") leaves a choice to each of these operators and fixes it
//! in the deterministic profile: products are rounded before they are added, minimum and maximum
//! are the ordinary ones, and conversions, swizzles, selections and products behave as their strict
//! counterparts do, with products of signed bytes, and saturating sums of them. That is how they are
//! compiled by default, with equal results on every machine. [`RelaxedSimd::Native`] takes the
//! machine's shortest instruction among the permitted results instead.

use super::{Translator, VECTOR};
use crate::RelaxedSimd;
use cranelift_codegen::ir::{InstBuilder, Opcode, Type, Value, types};
use target_lexicon::Architecture;
use types::{F32X4, F64X2, I8X16, I16X8, I32X4, I64X2};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates a relaxed operator; `false` if it is none.
    pub(super) fn relaxed_simd(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match operator {
            O::I8x16RelaxedSwizzle => self.relaxed_swizzle(),
            O::I32x4RelaxedTruncF32x4S => self.relaxed_truncate(),
            O::I32x4RelaxedTruncF32x4U => self.convert(Opcode::FcvtToUintSat, F32X4, I32X4),
            O::I32x4RelaxedTruncF64x2SZero => self.relaxed_truncate_wide(),
            O::I32x4RelaxedTruncF64x2UZero => self.truncate_wide_unsigned(),
            O::F32x4RelaxedMadd => self.relaxed_multiply_add(F32X4),
            O::F32x4RelaxedNmadd => self.relaxed_negated_multiply_add(F32X4),
            O::F64x2RelaxedMadd => self.relaxed_multiply_add(F64X2),
            O::F64x2RelaxedNmadd => self.relaxed_negated_multiply_add(F64X2),
            O::I8x16RelaxedLaneselect => self.relaxed_lane_select(I8X16),
            O::I16x8RelaxedLaneselect => self.relaxed_lane_select(I16X8),
            O::I32x4RelaxedLaneselect => self.relaxed_lane_select(I32X4),
            O::I64x2RelaxedLaneselect => self.relaxed_lane_select(I64X2),
            O::F32x4RelaxedMin => self.relaxed_min(F32X4),
            O::F32x4RelaxedMax => self.relaxed_max(F32X4),
            O::F64x2RelaxedMin => self.relaxed_min(F64X2),
            O::F64x2RelaxedMax => self.relaxed_max(F64X2),
            O::I16x8RelaxedQ15mulrS => self.relaxed_q15_multiply(),
            O::I16x8RelaxedDotI8x16I7x16S => {
                let (first, second) = self.pop2_vectors(I8X16);
                let value = self.relaxed_dot_product(first, second);
                self.push_vector(value);
            }
            O::I32x4RelaxedDotI8x16I7x16AddS => self.relaxed_dot_product_add(),
            _ => return false,
        }
        true
    }

    fn native_relaxed(&self) -> bool {
        self.env.relaxed == RelaxedSimd::Native
    }

    /// Whether to take x86-64's own conversions, which give `i32::MIN` for whatever does not fit.
    fn native_truncation(&self) -> bool {
        self.native_relaxed() && self.env.isa.triple().architecture == Architecture::X86_64
    }

    fn relaxed_swizzle(&mut self) {
        let (source, indices) = self.pop2_vectors(VECTOR);
        let value = if self.native_relaxed() && self.env.isa.has_x86_pshufb_lowering() {
            self.builder.ins().x86_pshufb(source, indices)
        } else {
            self.swizzle(source, indices)
        };
        self.push_vector(value);
    }

    fn relaxed_truncate(&mut self) {
        let opcode = if self.native_truncation() { Opcode::X86Cvtt2dq } else { Opcode::FcvtToSintSat };
        self.convert(opcode, F32X4, I32X4);
    }

    fn relaxed_truncate_wide(&mut self) {
        if !self.native_truncation() {
            return self.truncate_wide_signed();
        }
        let operand = self.pop_vector(F64X2);
        let wide = self.builder.ins().x86_cvtt2dq(I64X2, operand);
        let zero = self.zero_vector(I64X2);
        let value = self.builder.ins().snarrow(wide, zero);
        self.push_vector(value);
    }

    fn relaxed_multiply_add(&mut self, ty: Type) {
        let (first, second, addend) = self.pop3_vectors(ty);
        let value = self.multiply_add(first, second, addend);
        self.push_vector(value);
    }

    fn relaxed_negated_multiply_add(&mut self, ty: Type) {
        let (first, second, addend) = self.pop3_vectors(ty);
        let first = self.builder.ins().fneg(first);
        let value = self.multiply_add(first, second, addend);
        self.push_vector(value);
    }

    fn multiply_add(&mut self, first: Value, second: Value, addend: Value) -> Value {
        if self.native_relaxed() && self.env.isa.has_native_fma() {
            return self.builder.ins().fma(first, second, addend);
        }
        let product = self.builder.ins().fmul(first, second);
        self.builder.ins().fadd(product, addend)
    }

    fn relaxed_lane_select(&mut self, ty: Type) {
        let (first, second, mask) = self.pop3_vectors(ty);
        let value = if self.native_relaxed() && self.env.isa.has_blendv_lowering(ty) {
            self.builder.ins().blendv(mask, first, second)
        } else {
            self.builder.ins().bitselect(mask, first, second)
        };
        self.push_vector(value);
    }

    fn relaxed_min(&mut self, ty: Type) {
        if self.native_relaxed() {
            return self.pseudo_min(ty);
        }
        let (first, second) = self.pop2_vectors(ty);
        let value = self.builder.ins().fmin(first, second);
        self.push_vector(value);
    }

    fn relaxed_max(&mut self, ty: Type) {
        if self.native_relaxed() {
            return self.pseudo_max(ty);
        }
        let (first, second) = self.pop2_vectors(ty);
        let value = self.builder.ins().fmax(first, second);
        self.push_vector(value);
    }

    fn relaxed_q15_multiply(&mut self) {
        let (first, second) = self.pop2_vectors(I16X8);
        let value = if self.native_relaxed() && self.env.isa.has_x86_pmulhrsw_lowering() {
            self.builder.ins().x86_pmulhrsw(first, second)
        } else {
            self.builder.ins().sqmul_round_sat(first, second)
        };
        self.push_vector(value);
    }

    /// The saturated sums of neighbouring products of bytes. The second operand's bytes are below
    /// 128 in sensible programs, so that they may count as signed or not.
    fn relaxed_dot_product(&mut self, first: Value, second: Value) -> Value {
        if self.native_relaxed() && self.env.isa.has_x86_pmaddubsw_lowering() {
            return self.builder.ins().x86_pmaddubsw(first, second);
        }
        let first_low = self.builder.ins().swiden_low(first);
        let second_low = self.builder.ins().swiden_low(second);
        let low = self.dot_product(first_low, second_low);
        let first_high = self.builder.ins().swiden_high(first);
        let second_high = self.builder.ins().swiden_high(second);
        let high = self.dot_product(first_high, second_high);
        self.builder.ins().snarrow(low, high)
    }

    fn relaxed_dot_product_add(&mut self) {
        let addend = self.pop_vector(I32X4);
        let (first, second) = self.pop2_vectors(I8X16);
        let products = self.relaxed_dot_product(first, second);
        let low = self.builder.ins().swiden_low(products);
        let high = self.builder.ins().swiden_high(products);
        let sums = self.builder.ins().iadd_pairwise(low, high);
        let value = self.builder.ins().iadd(sums, addend);
        self.push_vector(value);
    }
}
