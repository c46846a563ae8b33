//! Gives a load that becomes part of another instruction its own place.
//!
//! The instruction selector makes a load the memory operand of the instruction that uses its value, if nothing with a side
//! effect stands between them. The machine instruction then carries the place of the user, so a fault would be
//! reported there, or nowhere if the optimiser made the user. Before instructions are selected, users of a load's
//! value that cannot trap themselves take over the load's place. Where that would be wrong, a `sequence_point`, which is
//! no machine instruction, keeps the load apart from the user.

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{Function, Inst, InstBuilder, InstructionData, Value};
use rustc_hash::FxHashMap;

/// How many instructions a load can pass through on its way into one. Rules of the instruction selector look less far.
const MAX_DEPTH: u8 = 8;

/// A load that faults if it is out of bounds and may still become part of a later instruction.
#[derive(Clone, Copy)]
struct Load {
    inst: Inst,
    /// Whether a sequence point keeps it from moving past this load.
    fenced: bool,
}

/// A value that is computed from a load and used once.
#[derive(Clone, Copy)]
struct Derived {
    load: usize,
    depth: u8,
}

/// Corrects the places of an optimised function.
pub(crate) fn attribute_folded_loads(func: &mut Function) {
    if !has_faulting_load(func) {
        return;
    }
    let uses = Uses::count(func);
    let mut pass = Pass { uses, loads: Vec::new(), derived: FxHashMap::default() };
    let blocks: Vec<_> = func.layout.blocks().collect();
    for block in blocks {
        pass.forget();
        let mut next = func.layout.first_inst(block);
        while let Some(inst) = next {
            next = func.layout.next_inst(inst);
            pass.visit(func, inst);
        }
    }
}

fn has_faulting_load(func: &Function) -> bool {
    let blocks = func.layout.blocks();
    blocks.flat_map(|block| func.layout.block_insts(block)).any(|inst| is_faulting_load(func, inst))
}

fn is_faulting_load(func: &Function, inst: Inst) -> bool {
    is_load(func, inst) && func.dfg.insts[inst].memflags_trap_code(&func.dfg).is_some()
}

/// How often values are used: up to two times is counted.
struct Uses(Vec<u8>);

impl Uses {
    fn count(func: &Function) -> Uses {
        let mut uses = vec![0_u8; func.dfg.num_values()];
        for block in func.layout.blocks() {
            for inst in func.layout.block_insts(block) {
                for value in func.dfg.inst_values(inst) {
                    let count = &mut uses[value.as_u32() as usize];
                    *count = (*count + 1).min(2);
                }
            }
        }
        Uses(uses)
    }

    fn is_single(&self, value: Value) -> bool {
        self.0[value.as_u32() as usize] == 1
    }
}

struct Pass {
    uses: Uses,
    /// Loads of the block since the last instruction that nothing moves past.
    loads: Vec<Load>,
    derived: FxHashMap<Value, Derived>,
}

impl Pass {
    fn forget(&mut self) {
        self.loads.clear();
        self.derived.clear();
    }

    fn visit(&mut self, func: &mut Function, inst: Inst) {
        let mut source = if self.derived.is_empty() { None } else { self.source(func, inst) };
        // The arguments of a call are passed in registers, and its place is the one that frames are reported with.
        if let Some(Derived { load, .. }) = source
            && !func.dfg.insts[inst].opcode().is_call()
        {
            if !may_trap(func, inst) || self.updates(func, inst, load) {
                func.set_srcloc(inst, func.srcloc(self.loads[load].inst));
            } else {
                FuncCursor::new(func).at_inst(inst).ins().sequence_point();
                self.forget();
                source = None;
            }
        }
        if is_faulting_load(func, inst) {
            self.derive(func, inst, Derived { load: self.loads.len(), depth: 0 });
            self.loads.push(Load { inst, fenced: false });
        } else if has_side_effect(func, inst) {
            if !is_load(func, inst) {
                self.forget();
            }
        } else if let Some(source) = source.filter(|source| source.depth < MAX_DEPTH) {
            self.derive(func, inst, Derived { depth: source.depth + 1, ..source });
        }
    }

    /// The load that could become part of an instruction. If there are several, only the last one can afterwards.
    fn source(&mut self, func: &mut Function, inst: Inst) -> Option<Derived> {
        let mut last: Option<Derived> = None;
        let mut several = false;
        for value in func.dfg.inst_values(inst) {
            let Some(&derived) = self.derived.get(&value) else { continue };
            several |= last.is_some_and(|last| last.load != derived.load);
            if last.is_none_or(|last| last.load < derived.load) {
                last = Some(derived);
            }
        }
        let load = &mut self.loads[last?.load];
        if several && !std::mem::replace(&mut load.fenced, true) {
            FuncCursor::new(func).at_inst(load.inst).ins().sequence_point();
        }
        last
    }

    fn derive(&mut self, func: &Function, inst: Inst, derived: Derived) {
        if let &[value] = func.dfg.inst_results(inst)
            && self.uses.is_single(value)
        {
            self.derived.insert(value, derived);
        }
    }

    /// Whether an instruction stores to where the load has loaded from: it faults only if the load does.
    fn updates(&self, func: &Function, inst: Inst, load: usize) -> bool {
        let InstructionData::Store { args, offset, .. } = func.dfg.insts[inst] else { return false };
        match func.dfg.insts[self.loads[load].inst] {
            InstructionData::Load { arg, offset: loaded, .. } => arg == args[1] && loaded == offset,
            _ => false,
        }
    }
}

fn is_load(func: &Function, inst: Inst) -> bool {
    let opcode = func.dfg.insts[inst].opcode();
    opcode.can_load() && !opcode.can_store() && !opcode.is_call()
}

fn may_trap(func: &Function, inst: Inst) -> bool {
    let data = &func.dfg.insts[inst];
    match data.opcode().can_load() || data.opcode().can_store() {
        true => data.memflags_trap_code(&func.dfg).is_some(),
        false => data.opcode().can_trap(),
    }
}

/// Whether the instruction selector moves no load past an instruction, unless that is a load which moves itself.
fn has_side_effect(func: &Function, inst: Inst) -> bool {
    let opcode = func.dfg.insts[inst].opcode();
    opcode.is_call()
        || opcode.is_branch()
        || opcode.is_terminator()
        || opcode.is_return()
        || opcode.can_trap()
        || opcode.can_load()
        || opcode.can_store()
        || opcode.other_side_effects()
}
