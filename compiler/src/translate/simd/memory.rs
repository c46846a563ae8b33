//! Loads and stores of vectors and lanes.

use super::super::memory::memory_of;
use super::{Translator, VECTOR};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use cranelift_frontend::FuncInstBuilder;
use types::{I8X16, I16X8, I32X4, I64X2};
use wasmparser::{MemArg, Operator};

impl Translator<'_, '_> {
    /// Translates a load or store of a vector; `false` if the operator is neither.
    pub(super) fn vector_access(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        let done = match operator {
            O::V128Load { memarg } => self.load(memarg, VECTOR),
            O::V128Store { memarg } => self.store(memarg, VECTOR),

            O::V128Load8x8S { memarg } => self.load_extend(memarg, |ins, m, p, o| ins.sload8x8(m, p, o)),
            O::V128Load8x8U { memarg } => self.load_extend(memarg, |ins, m, p, o| ins.uload8x8(m, p, o)),
            O::V128Load16x4S { memarg } => self.load_extend(memarg, |ins, m, p, o| ins.sload16x4(m, p, o)),
            O::V128Load16x4U { memarg } => self.load_extend(memarg, |ins, m, p, o| ins.uload16x4(m, p, o)),
            O::V128Load32x2S { memarg } => self.load_extend(memarg, |ins, m, p, o| ins.sload32x2(m, p, o)),
            O::V128Load32x2U { memarg } => self.load_extend(memarg, |ins, m, p, o| ins.uload32x2(m, p, o)),

            O::V128Load8Splat { memarg } => self.load_splat(memarg, I8X16),
            O::V128Load16Splat { memarg } => self.load_splat(memarg, I16X8),
            O::V128Load32Splat { memarg } => self.load_splat(memarg, I32X4),
            O::V128Load64Splat { memarg } => self.load_splat(memarg, I64X2),
            O::V128Load32Zero { memarg } => self.load_zero(memarg, I32X4),
            O::V128Load64Zero { memarg } => self.load_zero(memarg, I64X2),

            O::V128Load8Lane { memarg, lane } => self.load_lane(memarg, I8X16, *lane),
            O::V128Load16Lane { memarg, lane } => self.load_lane(memarg, I16X8, *lane),
            O::V128Load32Lane { memarg, lane } => self.load_lane(memarg, I32X4, *lane),
            O::V128Load64Lane { memarg, lane } => self.load_lane(memarg, I64X2, *lane),
            O::V128Store8Lane { memarg, lane } => self.store_lane(memarg, I8X16, *lane),
            O::V128Store16Lane { memarg, lane } => self.store_lane(memarg, I16X8, *lane),
            O::V128Store32Lane { memarg, lane } => self.store_lane(memarg, I32X4, *lane),
            O::V128Store64Lane { memarg, lane } => self.store_lane(memarg, I64X2, *lane),
            _ => None,
        };
        done.is_some()
    }

    /// Loads eight bytes as lanes and doubles their width.
    fn load_extend(
        &mut self,
        memarg: &MemArg,
        build: impl FnOnce(FuncInstBuilder<'_, '_>, MemFlagsData, Value, i32) -> Value,
    ) -> Option<()> {
        let memory = memory_of(memarg)?;
        let index = self.pop();
        let address = self.memory_address(memory, index, memarg.offset, 8);
        let value = build(self.builder.ins(), address.flags, address.base, address.offset);
        self.push_vector(value);
        Some(())
    }

    fn load_splat(&mut self, memarg: &MemArg, ty: Type) -> Option<()> {
        self.load(memarg, ty.lane_type())?;
        self.splat(ty);
        Some(())
    }

    fn load_zero(&mut self, memarg: &MemArg, ty: Type) -> Option<()> {
        self.load(memarg, ty.lane_type())?;
        let scalar = self.pop();
        let value = self.builder.ins().scalar_to_vector(ty, scalar);
        self.push_vector(value);
        Some(())
    }

    fn load_lane(&mut self, memarg: &MemArg, ty: Type, lane: u8) -> Option<()> {
        let vector = self.pop();
        self.load(memarg, ty.lane_type())?;
        let scalar = self.pop();
        self.push(vector);
        self.push(scalar);
        self.replace_lane(ty, lane);
        Some(())
    }

    fn store_lane(&mut self, memarg: &MemArg, ty: Type, lane: u8) -> Option<()> {
        self.extract_lane(ty, lane);
        self.store(memarg, ty.lane_type())
    }
}
