//! Branch hints: code that is mostly not reached is put out of the way of code that is.
//!
//! A hint is about one branch, and says which of its two ways is unlikely. A block is cold if every path to it takes an
//! unlikely way. So a block that other branches reach too stays where it is, and everything within a cold block is cold
//! with it.

use super::Translator;
use crate::parse::BranchHint;
use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::ir::{Block, Function, Inst};

/// The hints about the branches of a body, and what has been made of them.
#[derive(Default)]
pub(super) struct Likelihood {
    /// Where the body starts in the module, in bytes.
    start: u64,
    /// By ascending offset.
    hints: Vec<BranchHint>,
    /// Conditional branches, in the order in which they were made, and whether the first of their two targets is the
    /// likely one.
    branches: Vec<(Inst, bool)>,
}

impl Likelihood {
    pub(super) fn new(start: u64, hints: Vec<BranchHint>) -> Likelihood {
        Likelihood { start, hints, branches: Vec::new() }
    }
}

impl Translator<'_, '_> {
    /// Takes note of a branch whose first target is where the instruction at an offset of the module branches to.
    pub(super) fn note_branch(&mut self, branch: Inst, offset: u64) {
        let Likelihood { start, hints, branches } = &mut self.likelihood;
        let hint = hints.binary_search_by_key(&offset, |hint| *start + u64::from(hint.offset));
        if let Ok(at) = hint {
            branches.push((branch, hints[at].likely));
        }
    }

    /// Makes blocks cold, once all are there.
    pub(super) fn mark_cold_blocks(&mut self) {
        let branches = &self.likelihood.branches;
        if !branches.is_empty() {
            mark_unlikely(self.builder.func, branches);
        }
    }
}

/// Marks the blocks that no path from the entry reaches but through unlikely targets of branches.
fn mark_unlikely(func: &mut Function, branches: &[(Inst, bool)]) {
    let unlikely = |branch: Inst, target: usize| {
        let known = branches.binary_search_by_key(&branch, |&(branch, _)| branch);
        known.is_ok_and(|at| target == usize::from(branches[at].1))
    };
    let mut warm: SecondaryMap<Block, bool> = SecondaryMap::new();
    let mut reached: Vec<Block> = func.layout.entry_block().into_iter().collect();
    while let Some(block) = reached.pop() {
        if std::mem::replace(&mut warm[block], true) {
            continue;
        }
        let Some(last) = func.layout.last_inst(block) else { continue };
        let dfg = &func.dfg;
        let targets = dfg.insts[last].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
        let likely = targets.iter().enumerate().filter(|(target, _)| !unlikely(last, *target));
        reached.extend(likely.map(|(_, call)| call.block(&dfg.value_lists)));
    }
    let cold: Vec<Block> = func.layout.blocks().filter(|&block| !warm[block]).collect();
    for block in cold {
        func.layout.set_cold(block);
    }
}
