//! Locals: those of the same type merged, and unused ones removed.

use super::bodies::Replaced;
use super::error::EditError;
use super::outline::{Outline, Space};
use super::write::write;
use super::{Apply, Found};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{Encode, Function, Instruction};
use wasmparser::{Operator, ValType};

/// The most parameters and locals of a function that the validator allows.
const MOST_LOCALS: usize = 50_000;

/// What becomes of locals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// They become the first parameter or local of the same type.
    Merged,
    /// They go: nothing uses them.
    Removed,
}

/// The edits: one for each local that is not a parameter.
struct Locals {
    /// Body and local of each edit.
    locals: Vec<(u32, u32)>,
    fate: Fate,
}

/// The edits of locals.
pub(super) fn find(outline: &Outline<'_>, fate: Fate) -> Result<Found, EditError> {
    let mut locals = Vec::new();
    for number in 0..outline.bodies.len() {
        let types = types(outline, number)?;
        let params = params(outline, number)?.len();
        if types.len() == params {
            continue;
        }
        let used = used(outline, number, types.len())?;
        for (local, &used) in used.iter().enumerate().skip(params) {
            let edits = match fate {
                Fate::Merged => used && first_of_type(&types, local) < local,
                Fate::Removed => !used,
            };
            if edits {
                locals.push((number as u32, local as u32));
            }
        }
    }
    Ok(Found { weights: vec![1; locals.len()], edits: Box::new(Locals { locals, fate }) })
}

fn params<'o>(outline: &'o Outline<'_>, number: usize) -> Result<&'o [ValType], EditError> {
    Ok(outline.function_type(outline.imported(Space::Function) + number as u32)?.params())
}

/// The types of the parameters and locals of a body.
fn types(outline: &Outline<'_>, number: usize) -> Result<Vec<ValType>, EditError> {
    let mut types = params(outline, number)?.to_vec();
    for locals in outline.body(number).get_locals_reader()? {
        let (count, ty) = locals?;
        if count as usize > MOST_LOCALS.saturating_sub(types.len()) {
            return Err(EditError::TooManyLocals { most: MOST_LOCALS });
        }
        types.resize(types.len() + count as usize, ty);
    }
    Ok(types)
}

fn first_of_type(types: &[ValType], local: usize) -> usize {
    types.iter().position(|ty| *ty == types[local]).unwrap_or(local)
}

/// Which parameters and locals a body uses.
fn used(outline: &Outline<'_>, number: usize, count: usize) -> Result<Vec<bool>, EditError> {
    let mut used = vec![false; count];
    let mut operators = outline.body(number).get_operators_reader()?;
    while !operators.eof() {
        if let Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } = operators.read()?
        {
            *used.get_mut(local_index as usize).ok_or(EditError::Dangling { index: local_index })? = true;
        }
    }
    Ok(used)
}

impl Apply for Locals {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let chosen: Vec<(u32, u32)> = numbers.iter().map(|&number| self.locals[number]).collect();
        let mut left = &chosen[..];
        let body = |number: usize| {
            let (here, rest) = left.split_at(left.partition_point(|&(body, _)| body <= number as u32));
            left = rest;
            let locals: Vec<usize> = here.iter().map(|&(_, local)| local as usize).collect();
            Ok(if locals.is_empty() { None } else { Some(self.rewrite(outline, number, &locals)?) })
        };
        write(outline, &mut Replaced { outline, body })
    }
}

impl Locals {
    fn rewrite(&self, outline: &Outline<'_>, number: usize, chosen: &[usize]) -> Result<Vec<u8>, EditError> {
        let types = types(outline, number)?;
        let params = params(outline, number)?.len();
        match self.fate {
            Fate::Merged => {
                let mut map: Vec<u32> = (0..types.len() as u32).collect();
                for &local in chosen {
                    map[local] = first_of_type(&types, local) as u32;
                }
                renumber(outline, number, &types[params..], &map)
            }
            Fate::Removed => {
                let mut map = vec![0; types.len()];
                let mut kept = Vec::new();
                for (local, &ty) in types.iter().enumerate() {
                    map[local] = kept.len() as u32;
                    if chosen.binary_search(&local).is_err() {
                        kept.push(ty);
                    }
                }
                renumber(outline, number, &kept[params..], &map)
            }
        }
    }
}

/// A body with other locals.
fn renumber(
    outline: &Outline<'_>,
    number: usize,
    locals: &[ValType],
    map: &[u32],
) -> Result<Vec<u8>, EditError> {
    let locals = locals.iter().map(|&ty| RoundtripReencoder.val_type(ty)).collect::<Result<Vec<_>, _>>()?;
    let mut body = Function::new_with_locals_types(locals).into_raw_body();
    let mut operators = outline.body(number).get_operators_reader()?;
    let new = |local: u32| map.get(local as usize).copied().ok_or(EditError::Dangling { index: local });
    while !operators.eof() {
        let start = operators.original_position() as usize;
        match operators.read()? {
            Operator::LocalGet { local_index } => Instruction::LocalGet(new(local_index)?).encode(&mut body),
            Operator::LocalSet { local_index } => Instruction::LocalSet(new(local_index)?).encode(&mut body),
            Operator::LocalTee { local_index } => Instruction::LocalTee(new(local_index)?).encode(&mut body),
            _ => body.extend_from_slice(&outline.wasm[start..operators.original_position() as usize]),
        }
    }
    Ok(body)
}
