//! Which functions of a module are entered: a copy of the module that records it in globals.

use super::error::EditError;
use super::outline::{Outline, Space};
use super::recording::{Recording, first_global, free_names};
use crate::trail::Value;
use std::collections::BTreeSet;
use wasm_encoder::{Encode, Instruction, ValType};

/// How many functions a global records.
const FUNCTIONS: usize = i64::BITS as usize;

/// A module that behaves like another one, and records which of its functions were entered.
///
/// It has one mutable exported global of type i64 for each 64 defined functions, all zero at first: bit `n` of global
/// `g` is set when defined function `64 g + n` is entered. Imports and all indices of the module are unchanged. What was
/// entered can be read as long as the instance can, also after a trap, but not after a crash of the process.
pub(crate) struct Coverage {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// The names under which the globals are exported, in order; the module has no other exports of these names.
    pub(crate) exports: Vec<String>,
    imported: u32,
    defined: u32,
}

impl Coverage {
    /// The functions that were entered, by index, once the globals have some values, in the order of the exports.
    pub(crate) fn entered(&self, globals: &[Value]) -> BTreeSet<u32> {
        let bit = |&number: &u32| match globals.get(number as usize / FUNCTIONS) {
            Some(Value::I64(bits)) => bits >> (number as usize % FUNCTIONS) & 1 == 1,
            _ => false,
        };
        (0..self.defined).filter(bit).map(|number| self.imported + number).collect()
    }
}

/// The module that records what is entered.
///
/// # Errors
///
/// If the module is malformed.
pub(super) fn with_coverage(outline: &Outline<'_>) -> Result<Coverage, EditError> {
    let count = outline.bodies.len().div_ceil(FUNCTIONS);
    let exports = free_names(outline, "entered", count)?;
    let types = vec![ValType::I64; count];
    let body = |number: usize| body(outline, number).map(Some);
    let wasm = Recording { outline, exports: &exports, types: &types, copied: &[], body }.write()?;
    let [imported, defined] = [outline.imported(Space::Function), outline.defined(Space::Function)];
    Ok(Coverage { wasm, exports, imported, defined })
}

/// A body that records that it is entered.
fn body(outline: &Outline<'_>, number: usize) -> Result<Vec<u8>, EditError> {
    let operators = outline.body(number).get_operators_reader()?.original_position();
    let start = outline.bodies[number].start as usize;
    let (locals, operators) = outline.body_bytes(number).split_at(operators as usize - start);
    let global = first_global(outline) + (number / FUNCTIONS) as u32;
    let mut recording = locals.to_vec();
    Instruction::GlobalGet(global).encode(&mut recording);
    Instruction::I64Const(1 << (number % FUNCTIONS)).encode(&mut recording);
    Instruction::I64Or.encode(&mut recording);
    Instruction::GlobalSet(global).encode(&mut recording);
    recording.extend_from_slice(operators);
    Ok(recording)
}
