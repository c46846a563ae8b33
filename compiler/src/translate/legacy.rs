//! Legacy exceptions: `try`, `catch`, `catch_all`, `delegate` and `rethrow`.
//!
//! They are the same handlers as those of `try_table`. But a `try` names what it catches only behind the code that throws. So
//! the outermost one of some nested blocks reads ahead to its end, for all of them: every operator is read twice at most.
//!
//! A clause is translated where it stands. Its exception is an operand that nothing but `rethrow` uses.

use super::Translator;
use crate::parse::ParseError;
use std::collections::VecDeque;
use trapline_abi::TagIndex;
use wasmparser::{BlockType, Operator, OperatorsReader};

/// The blocks that have been read ahead, in the order of their starts.
#[derive(Default)]
pub(super) struct Ahead(VecDeque<Try>);

/// What follows the code of a block.
struct Try {
    /// Where the block starts.
    offset: u64,
    ending: Ending,
}

enum Ending {
    /// By the tag of what each catches; `None` if it catches all.
    Clauses(Vec<Option<TagIndex>>),
    /// By the label, counted from outside of the block.
    Delegate(u32),
}

impl Ahead {
    /// Makes sure that the block at an offset has been read ahead; `operators` follow its start.
    pub(super) fn read(&mut self, offset: u64, operators: &OperatorsReader<'_>) {
        while self.0.front().is_some_and(|ahead| ahead.offset < offset) {
            self.0.pop_front();
        }
        if self.0.is_empty() {
            self.0 = nested(offset, operators.clone()).into();
        }
    }
}

/// A block and those within. Of what does not decode, nothing follows; it is refused when it is translated.
fn nested(offset: u64, mut operators: OperatorsReader<'_>) -> Vec<Try> {
    let begun = |offset| Try { offset, ending: Ending::Clauses(Vec::new()) };
    let mut tries = vec![begun(offset)];
    // The open blocks, with the index of each that is one.
    let mut open = vec![Some(0)];
    while let Some(&innermost) = open.last()
        && let Ok((operator, offset)) = operators.read_with_offset()
    {
        match operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::TryTable { .. } => open.push(None),
            Operator::Try { .. } => {
                open.push(Some(tries.len()));
                tries.push(begun(offset));
            }
            Operator::Catch { tag_index } => add(&mut tries, innermost, Some(TagIndex::new(tag_index))),
            Operator::CatchAll => add(&mut tries, innermost, None),
            Operator::Delegate { relative_depth } => {
                if let Some(innermost) = innermost {
                    tries[innermost].ending = Ending::Delegate(relative_depth);
                }
                open.pop();
            }
            Operator::End => {
                open.pop();
            }
            _ => {}
        }
    }
    tries
}

fn add(tries: &mut [Try], innermost: Option<usize>, tag: Option<TagIndex>) {
    if let Some(Ending::Clauses(clauses)) = innermost.map(|innermost| &mut tries[innermost].ending) {
        clauses.push(tag);
    }
}

impl Translator<'_, '_> {
    pub(super) fn try_(&mut self, ty: BlockType, offset: u64) -> Result<(), ParseError> {
        let Some(Try { ending, .. }) = self.ahead.0.pop_front() else {
            unreachable!("a legacy block that has not been read ahead")
        };
        match ending {
            Ending::Clauses(clauses) => {
                self.try_block(ty, offset)?;
                let clauses: Vec<_> = clauses.into_iter().map(|tag| self.clause(tag)).collect();
                self.control.handlers.enter(clauses.into_iter());
            }
            Ending::Delegate(label) => {
                let height = self.control.handlers_within(label);
                self.try_block(ty, offset)?;
                self.control.handlers.delegate(height);
            }
        }
        Ok(())
    }

    pub(super) fn rethrow(&mut self, depth: u32) {
        let exception = self.control.caught(depth);
        self.throw_exception(exception);
    }
}
