//! What is known about an access before the current size of its memory or table is looked at.
//!
//! Memories and tables never shrink. So an access that was once within bounds stays so, and one within
//! the minimum size is within bounds in any instance: instantiation gives an own memory its minimum, and
//! accepts no import that is smaller.

use super::Translator;
use cranelift_codegen::ir::{Block, InstructionData, Opcode, Value, ValueDef};
use rustc_hash::FxHashMap;
use trapline_abi::{MemoryIndex, MemoryType};

/// What the end of an access is counted from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Origin {
    /// The start of the memory: the address is a constant.
    Zero,
    /// An index that is only known at run time.
    Operand(Value),
}

/// How far the checks that one block has passed so far reach.
///
/// Whatever executes a later instruction of a block has executed all earlier ones, with the same value
/// for each operand. A block that only follows this one knows the same; at others nothing of it is used.
#[derive(Default)]
pub(super) struct PassedChecks {
    block: Option<Block>,
    /// The largest end that is within the memory, counted from the origin.
    ends: FxHashMap<(MemoryIndex, Origin), u64>,
}

impl PassedChecks {
    /// What is known at a place in `block`.
    fn at(&mut self, block: Option<Block>) -> &mut FxHashMap<(MemoryIndex, Origin), u64> {
        if self.block != block {
            self.block = block;
            self.ends.clear();
        }
        &mut self.ends
    }

    /// Keeps what is known in `block` for one that only it leads to, at once or by way of others.
    pub(super) fn hold_in(&mut self, block: Option<Block>, successor: Block) {
        if self.block == block {
            self.block = Some(successor);
        }
    }
}

impl Translator<'_, '_> {
    /// Whether `end` bytes from the origin are within a memory whatever its size is.
    ///
    /// An earlier check of the same origin showed `origin + checked <= length` without wrapping, and
    /// `end <= checked`; the length is now the same or more.
    pub(super) fn is_known_within(&mut self, memory: MemoryIndex, origin: Origin, end: u64) -> bool {
        let within_minimum =
            origin == Origin::Zero && u128::from(end) <= minimum_bytes(&self.memory_type(memory));
        let passed = self.passed_checks.at(self.builder.current_block());
        within_minimum || passed.get(&(memory, origin)).is_some_and(|&checked| end <= checked)
    }

    /// Remembers that a check of `end` bytes from the origin has just been translated. It reaches
    /// further than any that was known, or it would not have been needed.
    pub(super) fn note_check(&mut self, memory: MemoryIndex, origin: Origin, end: u64) {
        let block = self.builder.current_block();
        self.passed_checks.at(block).insert((memory, origin), end);
    }

    /// The value of an index operand, if it is a constant, zero-extended to 64 bits.
    pub(super) fn constant_index(&self, index: Value) -> Option<u64> {
        let dfg = &self.builder.func.dfg;
        let ValueDef::Result(instruction, _) = dfg.value_def(index) else { return None };
        match dfg.insts[instruction] {
            InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } => {
                let width = dfg.value_type(index).bits();
                Some(imm.bits() as u64 & (u64::MAX >> (64 - width)))
            }
            InstructionData::Unary { opcode: Opcode::Uextend, arg } => self.constant_index(arg),
            _ => None,
        }
    }

    /// Whether a value is known to have no bit set.
    pub(super) fn is_zero(&self, value: Value) -> bool {
        let dfg = &self.builder.func.dfg;
        let ValueDef::Result(instruction, _) = dfg.value_def(value) else { return false };
        match dfg.insts[instruction] {
            InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } => imm.bits() == 0,
            InstructionData::UnaryIeee32 { imm, .. } => imm.bits() == 0,
            InstructionData::UnaryIeee64 { imm, .. } => imm.bits() == 0,
            _ => false,
        }
    }
}

/// The size in bytes that a memory of a type has at least. That of a 64-bit memory can be 2^64.
fn minimum_bytes(ty: &MemoryType) -> u128 {
    u128::from(ty.limits.min) << ty.page_size_log2
}
