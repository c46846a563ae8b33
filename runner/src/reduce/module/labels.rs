//! The blocks that operators open, and the labels that they branch to.

use std::borrow::Cow;
use wasm_encoder::{Catch, Handle, Instruction};
use wasmparser::Operator;

/// Whether an operator opens a block, which an `end` or a `delegate` closes.
pub(super) fn opens_block(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::TryTable { .. }
            | Operator::Try { .. }
    )
}

/// Whether an operator can have labels: most have none, and need not be encoded again to see it.
pub(super) fn has_labels(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::BrOnNull { .. }
            | Operator::BrOnNonNull { .. }
            | Operator::BrOnCast { .. }
            | Operator::BrOnCastFail { .. }
            | Operator::BrOnCastDescEq { .. }
            | Operator::BrOnCastDescEqFail { .. }
            | Operator::Delegate { .. }
            | Operator::Rethrow { .. }
            | Operator::TryTable { .. }
            | Operator::Resume { .. }
            | Operator::ResumeThrow { .. }
            | Operator::ResumeThrowRef { .. }
    )
}

/// Applies a function to each label of an operator.
pub(super) fn each_label(operator: &mut Instruction<'_>, mut label: impl FnMut(&mut u32)) {
    match operator {
        Instruction::Br(depth)
        | Instruction::BrIf(depth)
        | Instruction::BrOnNull(depth)
        | Instruction::BrOnNonNull(depth)
        | Instruction::Delegate(depth)
        | Instruction::Rethrow(depth)
        | Instruction::BrOnCast { relative_depth: depth, .. }
        | Instruction::BrOnCastFail { relative_depth: depth, .. }
        | Instruction::BrOnCastDescEq { relative_depth: depth, .. }
        | Instruction::BrOnCastDescEqFail { relative_depth: depth, .. } => label(depth),
        Instruction::BrTable(depths, default) => {
            depths.to_mut().iter_mut().for_each(&mut label);
            label(default);
        }
        Instruction::TryTable(_, catches) => catches.to_mut().iter_mut().for_each(|catch| match catch {
            Catch::One { label: depth, .. }
            | Catch::OneRef { label: depth, .. }
            | Catch::All { label: depth }
            | Catch::AllRef { label: depth } => label(depth),
        }),
        Instruction::Resume { resume_table, .. }
        | Instruction::ResumeThrow { resume_table, .. }
        | Instruction::ResumeThrowRef { resume_table, .. } => each_handler(resume_table, label),
        _ => {}
    }
}

fn each_handler(handlers: &mut Cow<'_, [Handle]>, mut label: impl FnMut(&mut u32)) {
    for handler in handlers.to_mut() {
        match handler {
            Handle::OnLabel { label: depth, .. } => label(depth),
            Handle::OnSwitch { .. } => {}
        }
    }
}
