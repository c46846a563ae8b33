//! Operators on vectors: SIMD and relaxed SIMD.
//!
//! On the operand stack, in locals and across blocks and calls, a `v128` is sixteen bytes,
//! [`VECTOR`]. An operator casts its operands to the lanes that it works on and its result back,
//! which costs no instruction.
//!
//! Cranelift lowers some vector instructions to calls of library functions if the processor lacks
//! what it takes, and others not at all. No artefact may call a library, so those are emitted only
//! where the code generator says that it has them, and sequences of simpler ones elsewhere.

mod arith;
mod compare;
mod convert;
mod lanes;
mod memory;
mod permute;
mod relaxed;
mod round;

use super::Translator;
use cranelift_codegen::ir::{
    ConstantData, Endianness, InstBuilder, MemFlagsData, Opcode, StackSlot, StackSlotData, StackSlotKind,
    Type, Value, types,
};
use wasmparser::Operator;

/// What a `v128` is wherever it is not being worked on.
pub(super) const VECTOR: Type = types::I8X16;

impl Translator<'_, '_> {
    /// Translates an operator on vectors; `false` if it is none.
    pub(super) fn simd(&mut self, operator: &Operator<'_>) -> bool {
        self.vector_access(operator)
            || self.vector_lanes(operator)
            || self.vector_permutation(operator)
            || self.vector_arithmetic(operator)
            || self.vector_comparison(operator)
            || self.vector_conversion(operator)
            || self.vector_rounding(operator)
            || self.relaxed_simd(operator)
    }

    /// The same 128 bits as other lanes. Lane 0 is at the lowest address.
    fn cast_vector(&mut self, vector: Value, ty: Type) -> Value {
        if self.builder.func.dfg.value_type(vector) == ty {
            return vector;
        }
        let flags = MemFlagsData::new().with_endianness(Endianness::Little);
        self.builder.ins().bitcast(ty, flags, vector)
    }

    fn pop_vector(&mut self, ty: Type) -> Value {
        let vector = self.pop();
        self.cast_vector(vector, ty)
    }

    fn pop2_vectors(&mut self, ty: Type) -> (Value, Value) {
        let second = self.pop_vector(ty);
        (self.pop_vector(ty), second)
    }

    fn pop3_vectors(&mut self, ty: Type) -> (Value, Value, Value) {
        let third = self.pop_vector(ty);
        let (first, second) = self.pop2_vectors(ty);
        (first, second, third)
    }

    fn push_vector(&mut self, vector: Value) {
        let vector = self.cast_vector(vector, VECTOR);
        self.push(vector);
    }

    /// An instruction with one operand. `ty` is the type of what controls the instruction: of the
    /// result for conversions, else of the operand.
    fn unary_instruction(&mut self, opcode: Opcode, ty: Type, operand: Value) -> Value {
        let (instruction, dfg) = self.builder.ins().Unary(opcode, ty, operand);
        dfg.first_result(instruction)
    }

    /// An instruction with two operands, the first of type `ty`.
    fn binary_instruction(&mut self, opcode: Opcode, ty: Type, first: Value, second: Value) -> Value {
        let (instruction, dfg) = self.builder.ins().Binary(opcode, ty, first, second);
        dfg.first_result(instruction)
    }

    fn vector_constant(&mut self, ty: Type, bytes: [u8; 16]) -> Value {
        let constant = self.builder.func.dfg.constants.insert(ConstantData::from(&bytes[..]));
        self.builder.ins().vconst(ty, constant)
    }

    pub(super) fn zero_vector(&mut self, ty: Type) -> Value {
        self.vector_constant(ty, [0; 16])
    }

    /// A constant with the same bits in every lane.
    fn splat_constant(&mut self, ty: Type, bits: u64) -> Value {
        let lane = ty.lane_type().bytes() as usize;
        let bytes = std::array::from_fn(|i| bits.to_le_bytes()[i % lane]);
        self.vector_constant(ty, bytes)
    }

    /// A slot of the frame in which sequences without instructions of their own put vectors together.
    /// They never overlap, so a function has one of each kind at most.
    fn vector_slot(&mut self, kind: SlotKind) -> StackSlot {
        if let Some(slot) = self.vector_slots[kind as usize] {
            return slot;
        }
        let size = match kind {
            SlotKind::Source => 32,
            SlotKind::Result => 16,
        };
        let data = StackSlotData::new(StackSlotKind::ExplicitSlot, size, 4);
        let slot = self.builder.create_sized_stack_slot(data);
        self.vector_slots[kind as usize] = Some(slot);
        slot
    }
}

/// The slots of [`Translator::vector_slot`].
#[derive(Clone, Copy)]
enum SlotKind {
    /// Two vectors.
    Source,
    /// One vector.
    Result,
}

/// The slots that a function has got so far.
pub(super) type VectorSlots = [Option<StackSlot>; 2];
