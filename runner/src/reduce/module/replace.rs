//! Edits of operator trees.

use super::error::EditError;
use super::outline::Outline;
use super::splice::Splices;
use super::trees::{Tree, TypeIndices, Value, Visit, visit};
use super::{Found, zero};
use std::collections::HashMap;
use std::ops::Range;
use wasm_encoder::reencode::Reencode;
use wasmparser::{Operator, ValType};

/// The operator `unreachable`.
const UNREACHABLE: u8 = 0x00;
/// The operator `block`.
const BLOCK: u8 = 0x02;
/// The operator `drop`.
const DROP: u8 = 0x1a;
/// The size of the operator `end` in bytes.
const END_SIZE: u32 = 1;
/// The type of a block that leaves an `i32` and takes nothing.
const LEAVES_I32: [u8; 1] = [0x7f];

/// The size of operands that are not worth keeping for what they do, such as a constant or a local, in bytes.
const SMALLEST_OPERAND: usize = 2;

/// What becomes of trees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Replacement {
    /// A tree, and what follows it in its block, becomes `unreachable`.
    Unreachable,
    /// A tree without a result goes, and so does dead code.
    Nothing,
    /// A tree with one result becomes the zero of the type.
    Zero,
    /// A tree with one result becomes an operand of the same type, also an `if` its condition, and a branch at the end of a
    /// block its operands.
    Operand,
    /// A tree becomes an operand whose value is dropped, and the zero of the type if there is a result.
    DroppedOperand,
    /// An `if` becomes a block with one of its parts.
    Arm,
}

/// The edits of one kind.
pub(super) fn find(outline: &Outline<'_>, replacement: Replacement) -> Result<Found, EditError> {
    let mut edits = Replacing {
        wasm: outline.wasm,
        replacement,
        splices: Splices::default(),
        sequences: Vec::new(),
        starts: Vec::new(),
        indices: None,
        zeros: HashMap::new(),
    };
    visit(outline, &mut edits)?;
    Ok(edits.splices.found())
}

struct Replacing<'a> {
    wasm: &'a [u8],
    replacement: Replacement,
    splices: Splices,
    /// How many trees had begun when each open sequence began.
    sequences: Vec<usize>,
    /// Where the trees of open sequences begin.
    starts: Vec<u32>,
    indices: Option<TypeIndices>,
    /// The zeros of the types met so far.
    zeros: HashMap<ValType, Vec<u8>>,
}

impl Replacing<'_> {
    fn zero(&mut self, ty: ValType) -> Result<Vec<u8>, EditError> {
        if let Some(bytes) = self.zeros.get(&ty) {
            return Ok(bytes.clone());
        }
        let encoded = match &mut self.indices {
            Some(indices) => indices.val_type(ty)?,
            None => return Err(EditError::Encode { reason: "a type has no index".to_owned() }),
        };
        Ok(self.zeros.entry(ty).or_insert(zero::value(encoded)).clone())
    }

    fn replace_by_zero(&mut self, tree: &Tree<'_, '_>, ty: ValType) -> Result<(), EditError> {
        let zero = self.zero(ty)?;
        let bytes = &self.wasm[tree.range.start as usize..tree.range.end as usize];
        if !(tree.leaf && is_constant(tree.operator)) && bytes != zero {
            self.splices.replace(tree.range.clone(), &zero);
        }
        Ok(())
    }

    fn replace_by_operands(&mut self, tree: &Tree<'_, '_>, ty: ValType) {
        for operand in tree.operands.iter().filter(|operand| operand.ty == Some(ty)) {
            if let Some(kept) = range(operand) {
                self.splices.keep(tree.range.clone(), kept, &[], &[]);
            }
        }
    }

    fn drop_operands(&mut self, tree: &Tree<'_, '_>) -> Result<(), EditError> {
        let mut after = vec![DROP];
        match (tree.results, tree.ty) {
            (0, _) => {}
            (1, Some(ty)) => after.extend(self.zero(ty)?),
            _ => return Ok(()),
        }
        for operand in tree.operands.iter().filter(|operand| tree.results == 0 || operand.ty != tree.ty) {
            if let Some(kept) = range(operand)
                && kept.len() > SMALLEST_OPERAND
                && kept.len() + after.len() < tree.range.len()
            {
                self.splices.keep(tree.range.clone(), kept, &[], &after);
            }
        }
        Ok(())
    }
}

/// The range of the tree of an operand, if it leaves nothing else.
fn range(operand: &Value) -> Option<Range<u32>> {
    operand.start.filter(|_| operand.alone).map(|start| start..operand.end)
}

fn is_constant(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::I32Const { .. }
            | Operator::I64Const { .. }
            | Operator::F32Const { .. }
            | Operator::F64Const { .. }
            | Operator::V128Const { .. }
            | Operator::RefNull { .. }
    )
}

impl Visit for Replacing<'_> {
    fn begin(&mut self, indices: TypeIndices) {
        self.indices = Some(indices);
    }

    fn tree(&mut self, tree: &Tree<'_, '_>) -> Result<(), EditError> {
        let one = tree.ty.filter(|_| tree.results == 1);
        match (self.replacement, one) {
            (Replacement::Nothing, _) => {
                if tree.results == 0 && !tree.ends_block && !matches!(tree.operator, Operator::Unreachable) {
                    self.splices.replace(tree.range.clone(), &[]);
                }
            }
            (Replacement::Zero, Some(ty)) => self.replace_by_zero(tree, ty)?,
            (Replacement::Operand, None) if tree.ends_block => {
                // What it carries to its target can be what the block is to end with.
                if let Some(last) = tree.operands.last() {
                    self.splices.keep(tree.range.clone(), tree.range.start..last.end, &[], &[]);
                }
            }
            (Replacement::Operand, Some(ty)) => self.replace_by_operands(tree, ty),
            (Replacement::DroppedOperand, _) => self.drop_operands(tree)?,
            (Replacement::Zero | Replacement::Operand, None)
            | (Replacement::Unreachable | Replacement::Arm, _) => {}
        }
        Ok(())
    }

    fn begin_sequence(&mut self) {
        self.sequences.push(self.starts.len());
    }

    fn begin_tree(&mut self, start: u32) {
        if self.replacement == Replacement::Unreachable && self.wasm[start as usize] != UNREACHABLE {
            self.starts.push(start);
        }
    }

    fn end_sequence(&mut self, end: u32, dead: Option<u32>) {
        let first = self.sequences.pop().unwrap_or(0);
        for start in self.starts.drain(first..) {
            self.splices.replace(start..end, &[UNREACHABLE]);
        }
        if let Some(dead) = dead.filter(|&dead| self.replacement == Replacement::Nothing && dead < end) {
            self.splices.replace(dead..end, &[]);
        }
    }

    fn arms(&mut self, operator: Range<u32>, first: Range<u32>, second: Option<Range<u32>>) {
        let ty = &self.wasm[operator.start as usize + 1..operator.end as usize];
        let range = operator.start..second.as_ref().unwrap_or(&first).end;
        if self.replacement == Replacement::Operand && ty == LEAVES_I32 {
            // What lies before it is the condition.
            self.splices.replace(range.start..range.end + END_SIZE, &[]);
        }
        if self.replacement != Replacement::Arm {
            return;
        }
        let before = [&[DROP, BLOCK], ty].concat();
        for kept in [Some(first), second].into_iter().flatten() {
            self.splices.keep(range.clone(), kept, &before, &[]);
        }
    }
}
