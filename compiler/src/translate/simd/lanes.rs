//! Constants, and the ways between vectors and scalars.

use super::{Translator, VECTOR};
use cranelift_codegen::ir::{InstBuilder, Type, types};
use types::{F32X4, F64X2, I8X16, I16X8, I32, I32X4, I64X2};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates a vector constant, splat, or access to one lane; `false` if the operator is none.
    pub(super) fn vector_lanes(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match *operator {
            O::V128Const { value } => {
                let value = self.vector_constant(VECTOR, *value.bytes());
                self.push(value);
            }

            O::I8x16Splat => self.splat(I8X16),
            O::I16x8Splat => self.splat(I16X8),
            O::I32x4Splat => self.splat(I32X4),
            O::I64x2Splat => self.splat(I64X2),
            O::F32x4Splat => self.splat(F32X4),
            O::F64x2Splat => self.splat(F64X2),

            O::I8x16ExtractLaneS { lane } => self.extract_lane_signed(I8X16, lane),
            O::I8x16ExtractLaneU { lane } => self.extract_lane_unsigned(I8X16, lane),
            O::I16x8ExtractLaneS { lane } => self.extract_lane_signed(I16X8, lane),
            O::I16x8ExtractLaneU { lane } => self.extract_lane_unsigned(I16X8, lane),
            O::I32x4ExtractLane { lane } => self.extract_lane(I32X4, lane),
            O::I64x2ExtractLane { lane } => self.extract_lane(I64X2, lane),
            O::F32x4ExtractLane { lane } => self.extract_lane(F32X4, lane),
            O::F64x2ExtractLane { lane } => self.extract_lane(F64X2, lane),

            O::I8x16ReplaceLane { lane } => self.replace_lane(I8X16, lane),
            O::I16x8ReplaceLane { lane } => self.replace_lane(I16X8, lane),
            O::I32x4ReplaceLane { lane } => self.replace_lane(I32X4, lane),
            O::I64x2ReplaceLane { lane } => self.replace_lane(I64X2, lane),
            O::F32x4ReplaceLane { lane } => self.replace_lane(F32X4, lane),
            O::F64x2ReplaceLane { lane } => self.replace_lane(F64X2, lane),
            _ => return false,
        }
        true
    }

    /// Copies a scalar, cut down to the lane's type if it is wider, to all lanes.
    pub(super) fn splat(&mut self, ty: Type) {
        let scalar = self.pop();
        let scalar = self.cut(scalar, ty.lane_type());
        let value = self.builder.ins().splat(ty, scalar);
        self.push_vector(value);
    }

    pub(super) fn extract_lane(&mut self, ty: Type, lane: u8) {
        let vector = self.pop_vector(ty);
        let value = self.builder.ins().extractlane(vector, lane);
        self.push(value);
    }

    fn extract_lane_signed(&mut self, ty: Type, lane: u8) {
        self.extract_lane(ty, lane);
        let value = self.pop();
        let value = self.builder.ins().sextend(I32, value);
        self.push(value);
    }

    fn extract_lane_unsigned(&mut self, ty: Type, lane: u8) {
        self.extract_lane(ty, lane);
        let value = self.pop();
        let value = self.builder.ins().uextend(I32, value);
        self.push(value);
    }

    pub(super) fn replace_lane(&mut self, ty: Type, lane: u8) {
        let scalar = self.pop();
        let scalar = self.cut(scalar, ty.lane_type());
        let vector = self.pop_vector(ty);
        let value = self.builder.ins().insertlane(vector, scalar, lane);
        self.push_vector(value);
    }
}
