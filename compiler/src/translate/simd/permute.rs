//! Shuffles and swizzles.

use super::{SlotKind, Translator, VECTOR};
use crate::clif::POINTER;
use cranelift_codegen::ir::{ConstantData, Endianness, InstBuilder, MemFlagsData, Value, types};
use wasmparser::Operator;

impl Translator<'_, '_> {
    /// Translates `i8x16.shuffle` or `i8x16.swizzle`; `false` if the operator is neither.
    pub(super) fn vector_permutation(&mut self, operator: &Operator<'_>) -> bool {
        match *operator {
            Operator::I8x16Shuffle { lanes } => {
                let (first, second) = self.pop2_vectors(VECTOR);
                let value = self.shuffle(first, second, lanes);
                self.push_vector(value);
            }
            Operator::I8x16Swizzle => {
                let (source, indices) = self.pop2_vectors(VECTOR);
                let value = self.swizzle(source, indices);
                self.push_vector(value);
            }
            _ => return false,
        }
        true
    }

    fn shuffle(&mut self, first: Value, second: Value, lanes: [u8; 16]) -> Value {
        if !self.env.isa.has_x86_pshufb_lowering() && !is_interleaving(lanes) {
            return self.shuffle_in_memory(first, second, lanes);
        }
        let lanes = self.builder.func.dfg.immediates.push(ConstantData::from(&lanes[..]));
        self.builder.ins().shuffle(first, second, lanes)
    }

    /// Each byte of `source` that `indices` names, 0 for indices of 16 and above.
    pub(super) fn swizzle(&mut self, source: Value, indices: Value) -> Value {
        if self.env.isa.has_x86_pshufb_lowering() {
            self.builder.ins().swizzle(source, indices)
        } else {
            self.swizzle_in_memory(source, indices)
        }
    }

    /// Shuffles by way of the stack: writes both operands next to each other and copies stretches
    /// that are as long as they get.
    fn shuffle_in_memory(&mut self, first: Value, second: Value, lanes: [u8; 16]) -> Value {
        let source = self.vector_slot(SlotKind::Source);
        let source = self.builder.ins().stack_addr(POINTER, source, 0);
        let result = self.vector_slot(SlotKind::Result);
        let result = self.builder.ins().stack_addr(POINTER, result, 0);
        self.builder.ins().store(aligned(), first, source, 0);
        self.builder.ins().store(aligned(), second, source, 16);
        let mut at = 0;
        while at < lanes.len() {
            let (length, ty) = stretch(&lanes[at..]);
            let from = i32::from(lanes[at]);
            let part = self.builder.ins().load(ty, unaligned(), source, from);
            self.builder.ins().store(unaligned(), part, result, at as i32);
            at += length;
        }
        self.builder.ins().load(VECTOR, aligned(), result, 0)
    }

    /// Swizzles by way of the stack: writes the source followed by zeros, and copies bytes by
    /// indices that are at most 16.
    fn swizzle_in_memory(&mut self, source: Value, indices: Value) -> Value {
        let slot = self.vector_slot(SlotKind::Source);
        let base = self.builder.ins().stack_addr(POINTER, slot, 0);
        let result = self.vector_slot(SlotKind::Result);
        let result = self.builder.ins().stack_addr(POINTER, result, 0);
        let zero = self.zero_vector(VECTOR);
        self.builder.ins().store(aligned(), source, base, 0);
        self.builder.ins().store(aligned(), zero, base, 16);
        let beyond = self.splat_constant(VECTOR, 16);
        let indices = self.builder.ins().umin(indices, beyond);
        self.builder.ins().store(aligned(), indices, result, 0);
        for at in 0..16 {
            let index = self.builder.ins().uload8(types::I64, unaligned(), result, at);
            let address = self.builder.ins().iadd(base, index);
            let byte = self.builder.ins().load(types::I8, unaligned(), address, 0);
            self.builder.ins().store(unaligned(), byte, result, at);
        }
        self.builder.ins().load(VECTOR, aligned(), result, 0)
    }
}

fn aligned() -> MemFlagsData {
    MemFlagsData::trusted().with_endianness(Endianness::Little)
}

fn unaligned() -> MemFlagsData {
    MemFlagsData::new().with_notrap().with_endianness(Endianness::Little)
}

/// The longest stretch of neighbours at the start of `lanes` that one load can fetch.
fn stretch(lanes: &[u8]) -> (usize, types::Type) {
    for (length, ty) in [(16, VECTOR), (8, types::I64), (4, types::I32), (2, types::I16)] {
        let neighbours = |part: &[u8]| part.windows(2).all(|pair| pair[1] == pair[0] + 1);
        if lanes.get(..length).is_some_and(neighbours) {
            return (length, ty);
        }
    }
    (1, types::I8)
}

/// Whether the lanes alternate between the low or the high halves of both operands in units of 1, 2,
/// 4 or 8 bytes: shuffles that every x86-64 has instructions for.
fn is_interleaving(lanes: [u8; 16]) -> bool {
    let interleaved = |unit: u8, half: u8| {
        std::array::from_fn(|at| {
            let at = at as u8;
            let (pair, within) = (at / (2 * unit), at % (2 * unit));
            let operand = within / unit * 16;
            operand + half + pair * unit + within % unit
        })
    };
    [1, 2, 4, 8].iter().any(|&unit| [0, 8].iter().any(|&half| interleaved(unit, half) == lanes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interleavings() {
        let low_bytes = [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23];
        let high_words = [8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31];
        let high_halves = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];
        for lanes in [low_bytes, high_words, high_halves] {
            assert!(is_interleaving(lanes), "{lanes:?}");
            let swapped = lanes.map(|lane| lane ^ 16);
            assert!(!is_interleaving(swapped), "{swapped:?}");
        }
        assert!(!is_interleaving(std::array::from_fn(|at| at as u8)));
    }

    #[test]
    fn stretches() {
        let length = |lanes: &[u8]| stretch(lanes).0;
        assert_eq!(length(&std::array::from_fn::<u8, 16, _>(|at| at as u8 + 7)), 16);
        assert_eq!(length(&[15, 16, 17, 18, 0]), 4);
        assert_eq!(length(&[1, 2, 3]), 2);
        assert_eq!(length(&[3, 3]), 1);
        assert_eq!(length(&[31]), 1);
    }
}
