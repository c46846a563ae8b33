//! Sequences of operators of which shorter ones say the same, or nearly: what the trees of operators do not show, because locals,
//! branches and calls are in the way.

use super::Found;
use super::error::EditError;
use super::labels::opens_block;
use super::outline::{Outline, Placed, Space};
use super::splice::Splices;
use std::ops::Range;
use wasm_encoder::Encode;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasmparser::{BlockType, Operator};

const UNREACHABLE: u8 = 0x00;
const BLOCK: u8 = 0x02;
const END: u8 = 0x0b;
const BR: u8 = 0x0c;
const BR_IF: u8 = 0x0d;
const DROP: u8 = 0x1a;
const LOCAL_SET: u8 = 0x21;
const LOCAL_TEE: u8 = 0x22;
/// The type of a block without parameters and results.
const EMPTY: u8 = 0x40;

/// The size of a body that is put in the place of its calls, at most, in bytes.
const SMALL: usize = 64;

/// The edits of sequences with locals and branches.
pub(super) fn find(outline: &Outline<'_>) -> Result<Found, EditError> {
    let mut splices = Splices::default();
    for number in 0..outline.bodies.len() {
        find_in(outline, number, &mut splices)?;
    }
    Ok(splices.found())
}

fn find_in(outline: &Outline<'_>, number: usize, splices: &mut Splices) -> Result<(), EditError> {
    // For each open block, where its operator is if it is an `if` of one part, without parameters and results.
    let mut open: Vec<Option<Range<u32>>> = Vec::new();
    let mut before: [Option<Placed<'_>>; 2] = [None, None];
    // The same of the block that has just ended.
    let mut closed: Option<Range<u32>> = None;
    for placed in outline.operators(number)? {
        let (operator, range) = placed?;
        of_locals(outline.wasm, &before, (&operator, &range), splices);
        of_branches(&before, (&operator, &range), splices);
        match (&operator, closed.take()) {
            // A condition decides between the part and what traps: the part becomes what traps.
            (Operator::Unreachable, Some(condition)) => {
                splices.keep(condition.start..range.end, condition, &[], &[UNREACHABLE, END]);
            }
            (Operator::Else, _) => {
                if let Some(innermost) = open.last_mut() {
                    *innermost = None;
                }
            }
            (Operator::End | Operator::Delegate { .. }, _) => closed = open.pop().flatten(),
            (Operator::If { blockty: BlockType::Empty }, _) => open.push(Some(range.clone())),
            (other, _) if opens_block(other) => open.push(None),
            _ => {}
        }
        let [_, last] = before;
        before = [last, Some((operator, range))];
    }
    Ok(())
}

/// A value that goes through a local.
fn of_locals(
    wasm: &[u8],
    before: &[Option<Placed<'_>>; 2],
    (operator, range): (&Operator<'_>, &Range<u32>),
    splices: &mut Splices,
) {
    // The index of a local is all that follows the opcode.
    let with_index_of =
        |opcode: u8, of: &Range<u32>| [&[opcode], &wasm[of.start as usize + 1..of.end as usize]].concat();
    match (before, operator) {
        (
            [Some((Operator::LocalTee { local_index: first }, tee)), Some((Operator::Drop, _))],
            Operator::LocalGet { local_index },
        ) if first == local_index => splices.replace(tee.start..range.end, &[]),
        ([_, Some((Operator::LocalTee { .. }, tee))], Operator::Drop) => {
            splices.replace(tee.start..range.end, &with_index_of(LOCAL_SET, tee));
        }
        ([_, Some((Operator::LocalSet { local_index: first }, set))], Operator::LocalGet { local_index })
            if first == local_index =>
        {
            splices.replace(set.start..range.end, &[]);
            splices.replace(set.start..range.end, &with_index_of(LOCAL_TEE, set));
        }
        (_, Operator::LocalTee { .. }) => splices.replace(range.clone(), &[]),
        _ => {}
    }
}

/// A branch whose condition is known, or that is all that an `if` does.
fn of_branches(
    before: &[Option<Placed<'_>>; 2],
    (operator, range): (&Operator<'_>, &Range<u32>),
    splices: &mut Splices,
) {
    let branch = |opcode: u8, depth: u32| {
        let mut bytes = vec![opcode];
        depth.encode(&mut bytes);
        bytes
    };
    match (before, operator) {
        (_, Operator::BrIf { relative_depth }) => {
            splices.replace(range.clone(), &[&[DROP][..], &branch(BR, *relative_depth)].concat());
        }
        (
            [
                Some((Operator::If { blockty: BlockType::Empty }, condition)),
                Some((Operator::Br { relative_depth }, _)),
            ],
            Operator::End,
        ) if *relative_depth > 0 => {
            splices.replace(condition.start..range.end, &branch(BR_IF, relative_depth - 1));
        }
        _ => {}
    }
}

/// The edits that put the bodies of small functions in the place of their calls: of those that have neither parameters nor
/// locals, and call nothing.
pub(super) fn find_calls(outline: &Outline<'_>) -> Result<Found, EditError> {
    let imported = outline.imported(Space::Function);
    let mut inlined: Vec<Option<Vec<u8>>> = Vec::with_capacity(outline.bodies.len());
    for number in 0..outline.bodies.len() {
        inlined.push(as_block(outline, number, imported + number as u32)?);
    }
    let mut splices = Splices::default();
    for number in 0..outline.bodies.len() {
        for placed in outline.operators(number)? {
            let (operator, range) = placed?;
            let Operator::Call { function_index } = operator else { continue };
            let callee = function_index.checked_sub(imported).and_then(|number| inlined.get(number as usize));
            if let Some(Some(block)) = callee {
                splices.replace(range, block);
            }
        }
    }
    Ok(splices.found())
}

/// A body as a block of the results of its function, whose label is that of the body; `None` if it is not one of those.
fn as_block(outline: &Outline<'_>, number: usize, function: u32) -> Result<Option<Vec<u8>>, EditError> {
    let ty = outline.function_type(function)?;
    let result = match (ty.params(), ty.results()) {
        ([], []) => vec![EMPTY],
        ([], &[result]) => {
            let mut bytes = Vec::new();
            RoundtripReencoder.val_type(result)?.encode(&mut bytes);
            bytes
        }
        _ => return Ok(None),
    };
    let body = outline.body(number);
    if outline.bodies[number].len() > SMALL || body.get_locals_reader()?.get_count() > 0 {
        return Ok(None);
    }
    let mut operators = body.get_operators_reader()?;
    let first = operators.original_position() as usize;
    while !operators.eof() {
        let is_plain = !matches!(
            operators.read()?,
            Operator::Return
                | Operator::Call { .. }
                | Operator::CallIndirect { .. }
                | Operator::CallRef { .. }
                | Operator::ReturnCall { .. }
                | Operator::ReturnCallIndirect { .. }
                | Operator::ReturnCallRef { .. }
        );
        if !is_plain {
            return Ok(None);
        }
    }
    let end = outline.bodies[number].end as usize;
    Ok(Some([&[BLOCK], &result[..], &outline.wasm[first..end]].concat()))
}
