//! Constants in bodies, made simpler: zero, one, and the boundary values of their types.

use super::Found;
use super::error::EditError;
use super::outline::Outline;
use super::splice::Splices;
use wasm_encoder::{Encode, Ieee32, Ieee64, Instruction};
use wasmparser::Operator;

/// The simple values of each type, the simplest first.
struct Simple {
    i32: Vec<Vec<u8>>,
    i64: Vec<Vec<u8>>,
    f32: Vec<Vec<u8>>,
    f64: Vec<Vec<u8>>,
    v128: Vec<Vec<u8>>,
}

impl Simple {
    fn new() -> Self {
        let f32s = [0.0, 1.0, f32::INFINITY].map(f32::to_bits).into_iter().chain([0x7fc0_0000]);
        let f64s = [0.0, 1.0, f64::INFINITY].map(f64::to_bits).into_iter().chain([0x7ff8_0000_0000_0000]);
        Self {
            i32: [0, 1, -1, i32::MIN, i32::MAX].map(Instruction::I32Const).iter().map(bytes).collect(),
            i64: [0, 1, -1, i64::MIN, i64::MAX].map(Instruction::I64Const).iter().map(bytes).collect(),
            f32: f32s.map(|bits| bytes(&Instruction::F32Const(Ieee32::new(bits)))).collect(),
            f64: f64s.map(|bits| bytes(&Instruction::F64Const(Ieee64::new(bits)))).collect(),
            v128: [0, -1].map(Instruction::V128Const).iter().map(bytes).collect(),
        }
    }

    fn of(&self, operator: &Operator<'_>) -> &[Vec<u8>] {
        match operator {
            Operator::I32Const { .. } => &self.i32,
            Operator::I64Const { .. } => &self.i64,
            Operator::F32Const { .. } => &self.f32,
            Operator::F64Const { .. } => &self.f64,
            Operator::V128Const { .. } => &self.v128,
            _ => &[],
        }
    }
}

fn bytes(instruction: &Instruction<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    instruction.encode(&mut bytes);
    bytes
}

/// The edits: for each constant, those that make it simpler.
pub(super) fn find(outline: &Outline<'_>) -> Result<Found, EditError> {
    let simple = Simple::new();
    let mut splices = Splices::default();
    for number in 0..outline.bodies.len() {
        for placed in outline.operators(number)? {
            let (operator, range) = placed?;
            let values = simple.of(&operator);
            let now = &outline.wasm[range.start as usize..range.end as usize];
            for value in values.iter().take_while(|value| **value != now) {
                splices.replace(range.clone(), value);
            }
        }
    }
    Ok(splices.found())
}
