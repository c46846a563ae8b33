//! Structured control.
//!
//! Each open block is a frame with the IR block that follows its `end`, whose parameters are the
//! block's results. It is used only if something branches there. Code after an unconditional branch is validated but not translated.

use super::Translator;
use super::exceptions::Target;
use super::handlers::{Clause, Handlers};
use crate::clif;
use crate::parse::{self, ParseError};
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, JumpTableData, Value};
use smallvec::SmallVec;
use trapline_abi::{Trap, TypeIndex, ValType};
use wasmparser::{BlockType, BrTable, Operator};

type Values = SmallVec<[Value; 4]>;
/// The operands that a branch takes along.
pub(super) type BranchArgs = SmallVec<[BlockArg; 4]>;
type ValTypes = SmallVec<[ValType; 4]>;

/// The open blocks and whether the place of translation can be reached.
#[derive(Default)]
pub(super) struct Control {
    frames: Vec<Frame>,
    pub(super) handlers: Handlers,
    /// `None` if the current place can be reached; else how many blocks were opened since it became
    /// unreachable, none of which have a frame.
    skipped: Option<u32>,
}

struct Frame {
    kind: FrameKind,
    /// What follows the block's end.
    following: Block,
    /// Whether anything branches to `following`.
    following_reached: bool,
    /// The height of the operand stack below the block's parameters.
    height: usize,
    /// The number of parameters.
    params: usize,
    /// The number of results.
    results: usize,
    /// The height of the handlers below the block's own.
    outer_handlers: usize,
}

enum FrameKind {
    /// The function body.
    Body,
    Block,
    Loop {
        header: Block,
    },
    /// Before `else`.
    If {
        otherwise: Block,
        /// The values of the block's parameters, with which `otherwise` starts.
        args: Values,
    },
    Else,
    TryTable {
        /// Where the clauses branch to, in their order.
        targets: Vec<Target>,
    },
    /// A legacy `try` before its first clause.
    Try,
    /// A clause of a legacy `try`.
    Catch {
        /// What it has caught; `None` if nothing can get there.
        exception: Option<Value>,
        /// The clauses that follow, the next one last.
        following: Vec<Clause>,
    },
}

impl Control {
    pub(super) fn reachable(&self) -> bool {
        self.skipped.is_none()
    }

    /// The height of the handlers in force within a block; none if there is no such block.
    pub(super) fn handlers_within(&self, depth: u32) -> usize {
        match depth {
            0 => self.handlers.height(),
            _ => {
                let inner = self.frames.len().checked_sub(depth as usize);
                inner.and_then(|inner| self.frames.get(inner)).map_or(0, |inner| inner.outer_handlers)
            }
        }
    }

    /// What the enclosing clause at a depth has caught.
    pub(super) fn caught(&mut self, depth: u32) -> Value {
        match self.frame(depth).kind {
            FrameKind::Catch { exception: Some(exception), .. } => exception,
            _ => unreachable!("rethrow in a place that no exception leads to, in a validated body"),
        }
    }

    fn frame(&mut self, depth: u32) -> &mut Frame {
        let at = self.frames.len() - 1 - depth as usize;
        &mut self.frames[at]
    }
}

impl Frame {
    /// How many operands a branch to the block takes along.
    fn label_arity(&self) -> usize {
        match self.kind {
            FrameKind::Loop { .. } => self.params,
            _ => self.results,
        }
    }

    /// The target of a branch to the block.
    fn label(&mut self) -> Block {
        match self.kind {
            FrameKind::Loop { header } => header,
            _ => {
                self.following_reached = true;
                self.following
            }
        }
    }
}

fn block_args(values: &[Value]) -> BranchArgs {
    values.iter().copied().map(BlockArg::Value).collect()
}

impl Translator<'_, '_> {
    pub(super) fn push_body_frame(&mut self, results: &[ValType]) {
        self.push_frame(FrameKind::Body, 0, results);
    }

    fn push_frame(&mut self, kind: FrameKind, params: usize, results: &[ValType]) {
        self.count_live();
        let following = self.builder.create_block();
        self.block_params_for(following, results);
        let height = self.stack.len() - params;
        self.control.frames.push(Frame {
            kind,
            following,
            following_reached: false,
            height,
            params,
            results: results.len(),
            outer_handlers: self.control.handlers.height(),
        });
    }

    /// The parameter and result types of a block.
    fn block_type(&self, ty: BlockType, offset: u64) -> Result<(ValTypes, ValTypes), ParseError> {
        Ok(match ty {
            BlockType::Empty => Default::default(),
            BlockType::Type(ty) => {
                (ValTypes::new(), SmallVec::from_slice(&[parse::val_type(ty, &self.env.kinds, offset)?]))
            }
            BlockType::FuncType(index) => {
                let ty = self.func_type(TypeIndex::new(index));
                (SmallVec::from_slice(&ty.params), SmallVec::from_slice(&ty.results))
            }
        })
    }

    pub(super) fn block(&mut self, ty: BlockType, offset: u64) -> Result<(), ParseError> {
        let (params, results) = self.block_type(ty, offset)?;
        self.push_frame(FrameKind::Block, params.len(), &results);
        Ok(())
    }

    /// The block of a `try_table`, without its handlers.
    pub(super) fn try_table_block(
        &mut self,
        ty: BlockType,
        targets: Vec<Target>,
        offset: u64,
    ) -> Result<(), ParseError> {
        let (params, results) = self.block_type(ty, offset)?;
        self.push_frame(FrameKind::TryTable { targets }, params.len(), &results);
        Ok(())
    }

    /// The block of a legacy `try`, without its handlers.
    pub(super) fn try_block(&mut self, ty: BlockType, offset: u64) -> Result<(), ParseError> {
        let (params, results) = self.block_type(ty, offset)?;
        self.push_frame(FrameKind::Try, params.len(), &results);
        Ok(())
    }

    /// Ends the part of a legacy `try` that is open, and begins its next clause.
    pub(super) fn catch(&mut self) {
        if self.control.reachable() {
            self.jump(0);
        }
        let frame = self.control.frame(0);
        let (height, outer) = (frame.height, frame.outer_handlers);
        let mut following = match std::mem::replace(&mut frame.kind, FrameKind::Try) {
            FrameKind::Catch { following, .. } => following,
            FrameKind::Try => self.control.handlers.leave(outer),
            FrameKind::Body
            | FrameKind::Block
            | FrameKind::Loop { .. }
            | FrameKind::If { .. }
            | FrameKind::Else
            | FrameKind::TryTable { .. } => unreachable!("catch without try in a validated body"),
        };
        self.stack.truncate(height);
        let Some(clause) = following.pop() else {
            unreachable!("a clause that the block's start did not see")
        };
        let exception = self.enter_clause(&clause);
        self.control.skipped = if exception.is_some() { None } else { Some(0) };
        self.control.frame(0).kind = FrameKind::Catch { exception, following };
    }

    pub(super) fn loop_(&mut self, ty: BlockType, offset: u64) -> Result<(), ParseError> {
        let (params, results) = self.block_type(ty, offset)?;
        let header = self.builder.create_block();
        self.block_params_for(header, &params);
        self.push_frame(FrameKind::Loop { header }, params.len(), &results);
        let args = block_args(self.top(params.len()));
        self.builder.ins().jump(header, &args);
        self.drop_top(params.len());
        self.builder.switch_to_block(header);
        self.stack.extend_from_slice(self.builder.block_params(header));
        Ok(())
    }

    pub(super) fn if_(&mut self, ty: BlockType, offset: u64) -> Result<(), ParseError> {
        let (params, results) = self.block_type(ty, offset)?;
        let condition = self.pop();
        let then = self.builder.create_block();
        let otherwise = self.builder.create_block();
        let branch = self.builder.ins().brif(condition, then, &[], otherwise, &[]);
        self.note_branch(branch, offset);
        self.builder.seal_block(then);
        self.builder.seal_block(otherwise);
        let args = Values::from_slice(self.top(params.len()));
        self.push_frame(FrameKind::If { otherwise, args }, params.len(), &results);
        self.builder.switch_to_block(then);
        Ok(())
    }

    pub(super) fn else_(&mut self) {
        if self.control.reachable() {
            self.jump(0);
        }
        let frame = self.control.frame(0);
        let height = frame.height;
        let FrameKind::If { otherwise, args } = std::mem::replace(&mut frame.kind, FrameKind::Else) else {
            unreachable!("else without if in a validated body")
        };
        self.stack.truncate(height);
        self.stack.extend_from_slice(&args);
        self.control.skipped = None;
        self.builder.switch_to_block(otherwise);
    }

    pub(super) fn end(&mut self) {
        let Some(mut frame) = self.control.frames.pop() else {
            unreachable!("end without block in a validated body")
        };
        if let FrameKind::Loop { header } = frame.kind {
            self.builder.seal_block(header);
        }
        let clauses = self.control.handlers.leave(frame.outer_handlers);
        let is_if = matches!(frame.kind, FrameKind::If { .. });
        // Clauses are translated behind the block, which the code in front of them has to leave.
        if !self.control.reachable() || is_if || !clauses.is_empty() || frame.following_reached {
            self.end_with_branches(&mut frame, clauses);
        }
        // Otherwise nothing branches to the end, and the block goes on with its results on the stack: code in
        // one piece is what Cranelift makes single instructions of.
        if matches!(frame.kind, FrameKind::Body) && self.control.reachable() {
            self.builder.ins().return_(&self.stack);
        }
    }

    /// Ends a frame at the block that follows it.
    fn end_with_branches(&mut self, frame: &mut Frame, clauses: Vec<Clause>) {
        if self.control.reachable() {
            // The end of a loop falls through; it does not branch to the loop's label.
            frame.following_reached = true;
            let args = block_args(self.top(frame.results));
            self.builder.ins().jump(frame.following, &args);
        }
        self.stack.truncate(frame.height);
        if let FrameKind::TryTable { targets } = &frame.kind {
            self.pads(clauses, targets);
        }
        // Without else, the parameters are the results.
        if let FrameKind::If { otherwise, args } = &frame.kind {
            self.builder.switch_to_block(*otherwise);
            self.builder.ins().jump(frame.following, &block_args(args));
            frame.following_reached = true;
        }
        self.stack.truncate(frame.height);
        if !frame.following_reached {
            self.control.skipped = Some(0);
            return;
        }
        self.control.skipped = None;
        self.builder.switch_to_block(frame.following);
        self.builder.seal_block(frame.following);
        self.stack.extend_from_slice(self.builder.block_params(frame.following));
    }

    /// Branches to a block with the operands that its label takes.
    pub(super) fn jump(&mut self, depth: u32) {
        let (label, args) = self.branch(depth);
        self.builder.ins().jump(label, &args);
    }

    pub(super) fn leave(&mut self) {
        self.control.skipped = Some(0);
    }

    pub(super) fn br(&mut self, depth: u32) {
        self.jump(depth);
        self.leave();
    }

    pub(super) fn br_if(&mut self, depth: u32, offset: u64) {
        self.count_live();
        let condition = self.pop();
        let (label, args) = self.branch(depth);
        let next = self.builder.create_block();
        let branch = self.builder.ins().brif(condition, label, &args, next, &[]);
        self.note_branch(branch, offset);
        self.builder.seal_block(next);
        self.builder.switch_to_block(next);
    }

    /// Branches without the reference if it is null, and goes on with it otherwise.
    pub(super) fn br_on_null(&mut self, depth: u32) {
        let reference = self.pop();
        let (label, args) = self.branch(depth);
        let next = self.builder.create_block();
        self.builder.ins().brif(reference, next, &[], label, &args);
        self.builder.seal_block(next);
        self.builder.switch_to_block(next);
        self.push(reference);
    }

    /// Branches with the reference unless it is null, and goes on without it otherwise.
    pub(super) fn br_on_non_null(&mut self, depth: u32) {
        let reference = self.top(1)[0];
        let (label, args) = self.branch(depth);
        let next = self.builder.create_block();
        self.builder.ins().brif(reference, label, &args, next, &[]);
        self.builder.seal_block(next);
        self.builder.switch_to_block(next);
        self.drop_top(1);
    }

    /// The target of a branch and the operands that it takes along.
    pub(super) fn branch(&mut self, depth: u32) -> (Block, BranchArgs) {
        let frame = self.control.frame(depth);
        let (arity, label) = (frame.label_arity(), frame.label());
        (label, block_args(self.top(arity)))
    }

    pub(super) fn br_table(&mut self, targets: &BrTable<'_>) -> Result<(), ParseError> {
        let index = self.pop();
        let default = self.block_call(targets.default());
        let mut calls = Vec::with_capacity(targets.len() as usize);
        for target in targets.targets() {
            calls.push(self.block_call(target?));
        }
        let table = self.builder.create_jump_table(JumpTableData::new(default, &calls));
        self.builder.ins().br_table(index, table);
        self.leave();
        Ok(())
    }

    fn block_call(&mut self, depth: u32) -> cranelift_codegen::ir::BlockCall {
        let (label, args) = self.branch(depth);
        self.builder.func.dfg.block_call(label, &args)
    }

    pub(super) fn return_(&mut self) {
        let results = self.control.frames[0].results;
        let values = Values::from_slice(self.top(results));
        self.builder.ins().return_(&values);
        self.leave();
    }

    pub(super) fn unreachable(&mut self) {
        // A branch to a block that does nothing but trap would become a trap at the place of the branch. This costs no
        // code.
        self.builder.ins().sequence_point();
        self.builder.ins().trap(clif::trap_code(Trap::Unreachable));
        self.leave();
    }

    /// Follows the block structure through code that cannot be reached.
    pub(super) fn unreachable_operator(&mut self, operator: &Operator<'_>) {
        let skipped = self.control.skipped.get_or_insert(0);
        match operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => *skipped += 1,
            Operator::Else if *skipped == 0 => self.else_(),
            Operator::Catch { .. } | Operator::CatchAll if *skipped == 0 => self.catch(),
            Operator::End | Operator::Delegate { .. } if *skipped == 0 => self.end(),
            Operator::End | Operator::Delegate { .. } => *skipped -= 1,
            // Whatever else stands here never runs.
            _ => {}
        }
    }
}
