//! The operator trees of a body: an operator with the operators that produce its operands.
//!
//! A tree is a range of the body that starts at some height of the stack of operands, does not take what lies below, and
//! leaves the results of its last operator. Statements between the operands of an operator are part of its tree, and so
//! is everything within a block that ends the tree.

use super::error::EditError;
use super::labels::opens_block;
use super::outline::Outline;
use std::collections::HashMap;
use std::ops::Range;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::types::CoreTypeId;
use wasmparser::{
    FuncValidator, FuncValidatorAllocations, FunctionBody, ModuleArity, Operator, Parser, UnpackedIndex,
    ValType, ValidPayload, Validator, ValidatorResources,
};

/// A value on the stack of operands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    /// Where the tree begins that leaves it as its lowest result, if there is one.
    pub(super) start: Option<u32>,
    /// Where that tree ends.
    pub(super) end: u32,
    /// Whether it is the only result.
    pub(super) alone: bool,
    /// Its type, unless it is that of dead code.
    pub(super) ty: Option<ValType>,
}

/// A tree.
pub(super) struct Tree<'t, 'a> {
    /// Its range in the module.
    pub(super) range: Range<u32>,
    /// The operator that it ends with, and whose operands it holds.
    pub(super) operator: &'t Operator<'a>,
    /// Whether the operator has no operands.
    pub(super) leaf: bool,
    /// Whether the block around it could not end without it: it branches away, and the block has results.
    pub(super) ends_block: bool,
    /// How many results it leaves.
    pub(super) results: usize,
    /// The type of its result, if it has exactly one.
    pub(super) ty: Option<ValType>,
    /// The operands.
    pub(super) operands: &'t [Value],
}

/// What takes note of trees.
pub(super) trait Visit {
    /// Bodies follow, whose types have these indices.
    fn begin(&mut self, indices: TypeIndices);

    /// A tree of live code ended; its operands were told before it.
    fn tree(&mut self, tree: &Tree<'_, '_>) -> Result<(), EditError>;

    /// A sequence of operators begins: a body, or a part of a block.
    fn begin_sequence(&mut self) {}

    /// An operator begins in live code without needing operands: what follows up to the end of the sequence can be replaced.
    fn begin_tree(&mut self, _start: u32) {}

    /// A sequence ended. From some position on it is dead, unless all of it is because the block is.
    fn end_sequence(&mut self, _end: u32, _dead: Option<u32>) {}

    /// An `if` ended: its operator, its first part, and the second part if there is one.
    fn arms(&mut self, _operator: Range<u32>, _first: Range<u32>, _second: Option<Range<u32>>) {}
}

/// A block that is open.
struct Frame {
    /// How many values lie below it.
    base: usize,
    /// Where its tree begins.
    start: Option<u32>,
    /// Where its operator is.
    operator: Range<u32>,
    /// Where its present sequence begins.
    sequence: u32,
    /// Where the sequence became dead.
    dead: Option<u32>,
    /// Whether the block itself lies in dead code.
    within_dead: bool,
    /// The first part of an `if` that has reached its second one.
    first: Option<Range<u32>>,
    /// Whether it is an `if`.
    is_if: bool,
}

/// Tells the trees of all bodies, in the order of the bodies.
///
/// # Errors
///
/// If the module is invalid.
pub(super) fn visit(outline: &Outline<'_>, visitor: &mut impl Visit) -> Result<(), EditError> {
    let mut validator = Validator::new_with_features(outline.features);
    let mut allocations = FuncValidatorAllocations::default();
    let mut parser = Parser::new(0);
    parser.set_features(outline.features);
    let mut begun = false;
    for payload in parser.parse_all(outline.wasm) {
        if let ValidPayload::Func(function, body) = validator.payload(&payload?)? {
            if !std::mem::replace(&mut begun, true) {
                visitor.begin(TypeIndices::new(&validator));
            }
            let mut function = function.into_validator(allocations);
            visit_body(&mut function, &body, visitor)?;
            allocations = function.into_allocations();
        }
    }
    Ok(())
}

fn visit_body(
    validator: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
    visitor: &mut impl Visit,
) -> Result<(), EditError> {
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let mut operators = body.get_operators_reader()?;
    let first = operators.original_position() as u32;
    let mut walk = Walk {
        values: Vec::new(),
        taken: Vec::new(),
        frames: vec![Frame::new(0, None, first..first, false)],
    };
    visitor.begin_sequence();
    while !operators.eof() {
        let start = operators.original_position() as u32;
        let operator = operators.read()?;
        let range = start..operators.original_position() as u32;
        walk.step(validator, &operator, range, visitor)?;
    }
    operators.finish()?;
    Ok(())
}

impl Frame {
    fn new(base: usize, start: Option<u32>, operator: Range<u32>, within_dead: bool) -> Self {
        let sequence = operator.end;
        let dead = within_dead.then_some(sequence);
        Self { base, start, operator, sequence, dead, within_dead, first: None, is_if: false }
    }
}

/// The state of the walk through a body: a shadow of the stacks of the validator.
struct Walk {
    values: Vec<Value>,
    /// The operands of the operator that is looked at.
    taken: Vec<Value>,
    frames: Vec<Frame>,
}

impl Walk {
    fn step(
        &mut self,
        validator: &mut FuncValidator<ValidatorResources>,
        operator: &Operator<'_>,
        range: Range<u32>,
        visitor: &mut impl Visit,
    ) -> Result<(), EditError> {
        let (operands, results) = operator.operator_arity(validator).unwrap_or((0, 0));
        let [operands, results] = [operands as usize, results as usize];
        validator.op(u64::from(range.start), operator)?;
        match operator {
            Operator::End | Operator::Delegate { .. } => {
                self.end(validator, operator, range, results, visitor)?
            }
            Operator::Else | Operator::Catch { .. } | Operator::CatchAll => {
                self.next_sequence(range, results, visitor)
            }
            _ if opens_block(operator) => self.open(operator, range, [operands, results], visitor),
            _ => self.plain(validator, operator, range, [operands, results], visitor)?,
        }
        // Dead code can leave more, or take more, than its operators say.
        let height = validator.operand_stack_height() as usize;
        self.values.resize(height, Value { start: None, end: 0, alone: false, ty: None });
        if let Some(value @ Value { alone: true, .. }) = self.values.last_mut() {
            value.ty = validator.get_operand_type(0).flatten();
        }
        Ok(())
    }

    fn dead(&self) -> bool {
        self.frames.last().is_none_or(|frame| frame.dead.is_some())
    }

    /// Takes operands off, and says where the tree of the operator begins.
    fn take(&mut self, operands: usize, start: u32) -> Option<u32> {
        self.taken.clear();
        if operands == 0 {
            return Some(start);
        }
        let base = self.frames.last().map_or(0, |frame| frame.base);
        let below = self.values.len().saturating_sub(operands);
        self.taken.extend(self.values.drain(below.max(base).min(self.values.len())..));
        let complete = self.taken.len() == operands;
        self.taken.first().filter(|_| complete).and_then(|value| value.start)
    }

    /// Puts the results of a tree on the stack.
    fn put(&mut self, start: Option<u32>, end: u32, results: usize) {
        for result in 0..results {
            let start = start.filter(|_| result == 0);
            self.values.push(Value { start, end, alone: results == 1 && start.is_some(), ty: None });
        }
    }

    fn open(
        &mut self,
        operator: &Operator<'_>,
        range: Range<u32>,
        [operands, params]: [usize; 2],
        visitor: &mut impl Visit,
    ) {
        let dead = self.dead();
        let start = self.take(operands, range.start);
        if operands == 0 && !dead {
            visitor.begin_tree(range.start);
        }
        let mut frame = Frame::new(self.values.len(), start, range, dead);
        frame.is_if = matches!(operator, Operator::If { .. });
        self.frames.push(frame);
        self.put(None, 0, params);
        visitor.begin_sequence();
    }

    fn next_sequence(&mut self, range: Range<u32>, results: usize, visitor: &mut impl Visit) {
        if let Some(frame) = self.frames.last_mut() {
            visitor.end_sequence(range.start, frame.dead.filter(|_| !frame.within_dead));
            visitor.begin_sequence();
            frame.first = frame.first.take().or(Some(frame.sequence..range.start));
            frame.sequence = range.end;
            frame.dead = frame.within_dead.then_some(range.end);
            self.values.truncate(frame.base);
            self.put(None, 0, results);
        }
    }

    fn end(
        &mut self,
        validator: &FuncValidator<ValidatorResources>,
        operator: &Operator<'_>,
        range: Range<u32>,
        results: usize,
        visitor: &mut impl Visit,
    ) -> Result<(), EditError> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        visitor.end_sequence(range.start, frame.dead.filter(|_| !frame.within_dead));
        self.values.truncate(frame.base);
        self.put(frame.start, range.end, results);
        if self.frames.is_empty() || frame.within_dead {
            return Ok(());
        }
        if frame.is_if {
            let last = frame.sequence..range.start;
            let (first, second) = match frame.first {
                Some(first) => (first, Some(last)),
                None => (last, None),
            };
            visitor.arms(frame.operator, first, second);
        }
        match frame.start {
            Some(start) => visitor.tree(&Tree {
                range: start..range.end,
                operator,
                leaf: false,
                ends_block: false,
                results,
                ty: validator.get_operand_type(0).flatten().filter(|_| results == 1),
                operands: &[],
            }),
            None => Ok(()),
        }
    }

    fn plain(
        &mut self,
        validator: &FuncValidator<ValidatorResources>,
        operator: &Operator<'_>,
        range: Range<u32>,
        [operands, results]: [usize; 2],
        visitor: &mut impl Visit,
    ) -> Result<(), EditError> {
        let dead = self.dead();
        if operands == 0 && !dead {
            visitor.begin_tree(range.start);
        }
        let start = self.take(operands, range.start);
        self.put(start, range.end, results);
        let ends = validator.get_control_frame(0).is_some_and(|frame| frame.unreachable);
        if let Some(frame) = self.frames.last_mut().filter(|frame| ends && frame.dead.is_none()) {
            frame.dead = Some(range.end);
            self.values.truncate(frame.base);
        }
        let Some(start) = start.filter(|_| !dead) else { return Ok(()) };
        let results_of = |(ty, _)| validator.block_type_arity(ty).is_some_and(|(_, results)| results > 0);
        let ends_block = ends && validator.label_block(0).is_some_and(results_of);
        let ty = validator.get_operand_type(0).flatten().filter(|_| results == 1);
        visitor.tree(&Tree {
            range: start..range.end,
            operator,
            leaf: operands == 0,
            ends_block,
            results,
            ty,
            operands: &self.taken,
        })
    }
}

/// The indices that the types of a module have: the validator knows them by identifiers of its own.
pub(super) struct TypeIndices {
    indices: HashMap<CoreTypeId, u32>,
}

impl TypeIndices {
    fn new(validator: &Validator) -> Self {
        let mut indices = HashMap::new();
        if let Some(types) = validator.types(0) {
            for index in 0..types.core_type_count_in_module() {
                indices.entry(types.core_type_at_in_module(index)).or_insert(index);
            }
        }
        Self { indices }
    }
}

impl Reencode for TypeIndices {
    type Error = EditError;

    fn type_index_unpacked(&mut self, ty: UnpackedIndex) -> Result<u32, Error<EditError>> {
        match ty {
            UnpackedIndex::Module(index) => Ok(index),
            UnpackedIndex::Id(id) => {
                self.indices.get(&id).copied().ok_or(Error::CanonicalizedHeapTypeReference)
            }
            UnpackedIndex::RecGroup(_) => Err(Error::CanonicalizedHeapTypeReference),
        }
    }
}
