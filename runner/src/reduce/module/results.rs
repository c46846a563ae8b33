//! What functions return: a copy of the module that records it, and bodies that return it.

use super::bodies::Bodies;
use super::error::EditError;
use super::outline::{Outline, Space};
use super::recording::{Recording, first_global, free_names};
use super::{Edits, Found, zero};
use crate::trail::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{Function, Ieee32, Ieee64, Instruction, ValType};
use wasmparser::WasmFeatures;

/// A module that behaves like another one, and records what its functions returned last, as far as it is numbers and vectors.
///
/// Each of these functions has a copy, which does what it did; the function itself calls the copy, and records what it returns.
pub(crate) struct Results {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// The names under which the globals are exported that the results are in, in order. Of what has not returned they are zero.
    pub(crate) exports: Vec<String>,
    /// The defined functions whose results are recorded, and the places of the results among the exports.
    functions: Vec<(usize, Range<usize>)>,
}

/// The module that records what functions return.
///
/// # Errors
///
/// If the module is malformed.
pub(super) fn with_results(outline: &Outline<'_>) -> Result<Results, EditError> {
    let imported = outline.imported(Space::Function);
    let (mut types, mut functions) = (Vec::new(), Vec::new());
    for number in 0..outline.bodies.len() {
        let results = outline.function_type(imported + number as u32)?.results();
        let results: Vec<ValType> = results
            .iter()
            .map(|&ty| RoundtripReencoder.val_type(ty).map_err(EditError::from))
            .collect::<Result<_, _>>()?;
        // No locals, the constants, `end`.
        let shortest =
            2 + results.iter().filter_map(|&ty| zero::constant(ty)).map(|zero| zero.len()).sum::<usize>();
        let is_recorded = !results.is_empty() && results.iter().all(|ty| !matches!(ty, ValType::Ref(_)));
        if is_recorded && outline.bodies[number].len() > shortest {
            functions.push((number, types.len()..types.len() + results.len()));
            types.extend(results);
        }
    }
    let exports = free_names(outline, "result", types.len())?;
    let copied: Vec<usize> = functions.iter().map(|(number, _)| *number).collect();
    let copies: BTreeMap<usize, (u32, Range<usize>)> = (outline.total[Space::Function as usize]..)
        .zip(&functions)
        .map(|(copy, (number, results))| (*number, (copy, results.clone())))
        .collect();
    let body = |number: usize| {
        let Some((copy, results)) = copies.get(&number) else { return Ok(None) };
        let params = outline.function_type(imported + number as u32)?.params().len() as u32;
        Ok(Some(calling(
            *copy,
            params,
            first_global(outline) + results.start as u32,
            &types[results.clone()],
        )))
    };
    let wasm = Recording { outline, exports: &exports, types: &types, copied: &copied, body }.write()?;
    Ok(Results { wasm, exports, functions })
}

/// A body that calls a function of the same type, and keeps its results in globals from a first one on.
fn calling(copy: u32, params: u32, first_global: u32, results: &[ValType]) -> Vec<u8> {
    let locals = params..params + results.len() as u32;
    let arguments = (0..params).map(Instruction::LocalGet);
    let kept = locals.clone().rev().map(Instruction::LocalSet);
    let recorded = (first_global..).zip(locals.clone());
    let recorded =
        recorded.flat_map(|(global, local)| [Instruction::LocalGet(local), Instruction::GlobalSet(global)]);
    let returned = locals.map(Instruction::LocalGet);
    body(results, arguments.chain([Instruction::Call(copy)]).chain(kept).chain(recorded).chain(returned))
}

/// A body that returns constants.
fn returning<'i>(constants: impl Iterator<Item = Instruction<'i>>) -> Vec<u8> {
    body(&[], constants)
}

fn body<'i>(locals: &[ValType], instructions: impl Iterator<Item = Instruction<'i>>) -> Vec<u8> {
    let mut body = Function::new(locals.iter().map(|&ty| (1, ty)));
    for instruction in instructions.chain([Instruction::End]) {
        body.instruction(&instruction);
    }
    body.into_raw_body()
}

/// The constant that a value is; `None` if it is a reference.
fn constant(value: &Value) -> Option<Instruction<'static>> {
    match *value {
        Value::I32(value) => Some(Instruction::I32Const(value)),
        Value::I64(value) => Some(Instruction::I64Const(value)),
        Value::F32(bits) => Some(Instruction::F32Const(Ieee32::new(bits))),
        Value::F64(bits) => Some(Instruction::F64Const(Ieee64::new(bits))),
        Value::V128(bits) => Some(Instruction::V128Const(bits.cast_signed())),
        _ => None,
    }
}

impl<'a> Edits<'a> {
    /// The edits that have functions return what they returned last, where that is shorter. `values` are what was recorded of the
    /// module, in the order of the exports.
    ///
    /// # Errors
    ///
    /// If the module is malformed.
    pub(crate) fn of_results(
        wasm: &'a [u8],
        features: WasmFeatures,
        results: &Results,
        values: &[Value],
    ) -> Result<Self, EditError> {
        let outline = Outline::new(wasm, features)?;
        let body = |(number, range): &(usize, Range<usize>)| {
            let constants: Option<Vec<_>> = values.get(range.clone())?.iter().map(constant).collect();
            let body = returning(constants?.into_iter());
            (body.len() < outline.bodies.get(*number)?.len()).then_some((*number as u32, body.into()))
        };
        let bodies = Bodies { bodies: results.functions.iter().filter_map(body).collect() };
        let weights = bodies.weights(&outline);
        Ok(Self { outline, found: Found { weights, edits: Box::new(bodies) } })
    }
}
