//! Blocks that no branch refers to, unnested: their operators become part of the block around them.

use super::bodies::Replaced;
use super::error::EditError;
use super::labels::{each_label, has_labels, opens_block};
use super::outline::Outline;
use super::write::write;
use super::{Apply, Found};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{Encode, Instruction};
use wasmparser::{FunctionBody, Operator};

/// The blocks, by the position of their operator in the module.
struct Blocks {
    blocks: Vec<u32>,
}

/// A block that is open.
struct Open {
    start: u32,
    /// Its size without what it contains in bytes, if it can be unnested.
    size: Option<u32>,
    /// Whether a branch refers to it.
    target: bool,
}

/// The edits that unnest blocks, loops and `try_table`s.
pub(super) fn find(outline: &Outline<'_>) -> Result<Found, EditError> {
    let mut blocks = Vec::new();
    for number in 0..outline.bodies.len() {
        find_in(&outline.body(number), &mut blocks)?;
    }
    blocks.sort_unstable();
    let (blocks, weights) = blocks.into_iter().unzip();
    Ok(Found { weights, edits: Box::new(Blocks { blocks }) })
}

fn find_in(body: &FunctionBody<'_>, blocks: &mut Vec<(u32, u32)>) -> Result<(), EditError> {
    let mut operators = body.get_operators_reader()?;
    let mut open = vec![Open { start: 0, size: None, target: false }];
    while !operators.eof() {
        let start = operators.original_position() as u32;
        let operator = operators.read()?;
        let size = operators.original_position() as u32 - start + 1;
        if matches!(operator, Operator::Delegate { .. }) {
            // Its label counts from outside of its block.
            open.pop();
        }
        if has_labels(&operator) {
            each_label(&mut RoundtripReencoder.instruction(operator.clone())?, |depth| {
                let block = open.len().checked_sub(*depth as usize + 1);
                if let Some(block) = block.and_then(|block| open.get_mut(block)) {
                    block.target = true;
                }
            });
        }
        match operator {
            // They have parts.
            Operator::If { .. } | Operator::Try { .. } => {
                open.push(Open { start, size: None, target: false })
            }
            _ if opens_block(&operator) => {
                open.push(Open { start, size: Some(size), target: false });
            }
            Operator::End => {
                if let Some(Open { start, size: Some(size), target: false }) = open.pop() {
                    blocks.push((start, size));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

impl Apply for Blocks {
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let chosen: Vec<u32> = numbers.iter().map(|&number| self.blocks[number]).collect();
        let mut left = &chosen[..];
        let body = |number: usize| {
            let end = outline.bodies[number].end;
            let (here, rest) = left.split_at(left.partition_point(|&block| block < end));
            left = rest;
            Ok(if here.is_empty() { None } else { Some(unnest(outline, number, here)?) })
        };
        write(outline, &mut Replaced { outline, body })
    }
}

/// A body without the operators of some blocks, and with the labels that cross them adjusted.
fn unnest(outline: &Outline<'_>, number: usize, blocks: &[u32]) -> Result<Vec<u8>, EditError> {
    let mut operators = outline.body(number).get_operators_reader()?;
    let first = operators.original_position() as usize;
    let mut out = outline.wasm[outline.bodies[number].start as usize..first].to_vec();
    // Whether each open block goes.
    let mut open = vec![false];
    while !operators.eof() {
        let start = operators.original_position() as usize;
        let operator = operators.read()?;
        let end = operators.original_position() as usize;
        let opens = opens_block(&operator);
        if matches!(operator, Operator::Delegate { .. }) {
            open.pop();
        }
        let goes = match operator {
            Operator::End => open.pop().unwrap_or(false),
            _ if opens => blocks.binary_search(&(start as u32)).is_ok(),
            _ => false,
        };
        if goes {
            // Its labels go with it.
        } else if has_labels(&operator) {
            let mut instruction: Instruction<'_> = RoundtripReencoder.instruction(operator.clone())?;
            each_label(&mut instruction, |depth| {
                let crossed = open.iter().rev().take(*depth as usize).filter(|&&goes| goes).count();
                *depth -= crossed as u32;
            });
            instruction.encode(&mut out);
        } else {
            out.extend_from_slice(&outline.wasm[start..end]);
        }
        if opens {
            open.push(goes);
        }
    }
    Ok(out)
}
