//! Locals.
//!
//! A local is declared to Cranelift when the body first uses it, so that unused ones cost nothing. Cranelift then keeps,
//! for each used local, a table of all blocks. Where that would be large, the locals of a function lie in its frame instead.

use super::Translator;
use super::references::is_tracked;
use crate::clif::{self, POINTER};
use cranelift_codegen::ir::{InstBuilder, StackSlot, StackSlotData, StackSlotKind, Value};
use cranelift_frontend::Variable;
use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use trapline_abi::ValType;
use wasmparser::{Operator, OperatorsReader};

/// The product of used locals and blocks from which on the locals of a function lie in its frame. Cranelift's tables take
/// four bytes for each, and its block parameters more.
const MAX_LOCALS_BY_BLOCKS: u64 = 1 << 22;

/// The locals of a function, parameters first.
#[derive(Default)]
pub(super) struct Locals {
    /// Locals of one type that were declared together: the index after the last one, and the type.
    groups: Vec<(u32, ValType)>,
    /// Where locals are, as far as they have been used.
    homes: Vec<Option<Home>>,
    in_frame: bool,
}

#[derive(Clone, Copy)]
enum Home {
    Variable(Variable),
    Slot(StackSlot),
}

impl Locals {
    pub(super) fn declare(&mut self, count: u32, ty: ValType) {
        if count > 0 {
            let end = self.len() + count;
            self.groups.push((end, ty));
        }
    }

    fn len(&self) -> u32 {
        self.groups.last().map_or(0, |&(end, _)| end)
    }

    /// The type of a local. Validation has shown that there is one.
    fn ty(&self, index: u32) -> ValType {
        self.groups[self.groups.partition_point(|&(end, _)| end <= index)].1
    }

    fn home(&self, index: u32) -> Option<Home> {
        self.homes.get(index as usize).copied().flatten()
    }

    fn set_home(&mut self, index: u32, home: Home) {
        let index = index as usize;
        if self.homes.len() <= index {
            self.homes.resize(index + 1, None);
        }
        self.homes[index] = Some(home);
    }
}

impl Translator<'_, '_> {
    /// Chooses where the declared locals lie, and gives the first ones the function's arguments.
    pub(super) fn place_locals(&mut self, body: &OperatorsReader<'_>, size: usize) {
        let args = self.arguments();
        let used = match u64::from(self.locals.len()) * size as u64 > MAX_LOCALS_BY_BLOCKS {
            true => crowded(body.clone()),
            false => None,
        };
        let Some(mut used) = used else {
            for (index, &arg) in args.iter().enumerate() {
                self.local_set(index as u32, arg);
            }
            return;
        };
        self.locals.in_frame = true;
        used.retain(|&index| index < self.locals.len());
        for index in used {
            let value = match args.get(index as usize) {
                Some(&arg) => arg,
                None => self.default_value(self.locals.ty(index)),
            };
            self.local_set(index, value);
        }
    }

    /// The arguments of the function, in the entry block.
    fn arguments(&self) -> SmallVec<[Value; 8]> {
        let entry = self.builder.current_block();
        let params = entry.map_or(&[][..], |entry| self.builder.block_params(entry));
        // The first one is the context.
        params.iter().skip(1).copied().collect()
    }

    pub(super) fn local_get(&mut self, index: u32) -> Value {
        // A variable that was never set is zero.
        match self.local_home(index) {
            Home::Variable(variable) => self.builder.use_var(variable),
            Home::Slot(slot) => {
                let ty = clif::val_type(self.locals.ty(index));
                self.builder.ins().stack_load(POINTER, ty, slot, 0)
            }
        }
    }

    pub(super) fn local_set(&mut self, index: u32, value: Value) {
        match self.local_home(index) {
            Home::Variable(variable) => self.builder.def_var(variable, value),
            Home::Slot(slot) => {
                self.builder.ins().stack_store(POINTER, value, slot, 0);
            }
        }
    }

    fn local_home(&mut self, index: u32) -> Home {
        if let Some(home) = self.locals.home(index) {
            return home;
        }
        let ty = self.locals.ty(index);
        let home = match self.locals.in_frame {
            false => Home::Variable(self.declare_variable(ty)),
            // Stack maps know variables only.
            true if is_tracked(ty) => Home::Variable(self.declare_variable(ty)),
            true => {
                let ty = clif::val_type(ty);
                let align = ty.bytes().trailing_zeros() as u8;
                let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, ty.bytes(), align);
                Home::Slot(self.builder.create_sized_stack_slot(slot))
            }
        };
        self.locals.set_home(index, home);
        home
    }

    fn declare_variable(&mut self, ty: ValType) -> Variable {
        let variable = self.builder.declare_var(clif::val_type(ty));
        if is_tracked(ty) {
            self.builder.declare_var_needs_stack_map(variable);
            self.references.count_local();
        }
        variable
    }
}

/// The most blocks that an instruction makes that is not of structured control: those of its traps, of a cast, and of what
/// it does if the heap is full.
fn blocks_of(operator: &Operator<'_>) -> u64 {
    match operator {
        Operator::TableGet { .. }
        | Operator::TableSet { .. }
        | Operator::BrOnNull { .. }
        | Operator::BrOnNonNull { .. } => 2,
        Operator::ReturnCallIndirect { .. } => 4,
        Operator::StructNew { .. }
        | Operator::StructNewDefault { .. }
        | Operator::StructNewDesc { .. }
        | Operator::StructNewDefaultDesc { .. }
        | Operator::StructGet { .. }
        | Operator::StructSet { .. }
        | Operator::ArrayNewFixed { .. }
        | Operator::ArrayGet { .. }
        | Operator::ArrayGetS { .. }
        | Operator::ArrayGetU { .. }
        | Operator::ArraySet { .. } => 5,
        Operator::RefTestNonNull { .. }
        | Operator::RefTestNullable { .. }
        | Operator::RefCastNonNull { .. }
        | Operator::RefCastNullable { .. }
        | Operator::RefCastDescEqNonNull { .. }
        | Operator::RefCastDescEqNullable { .. }
        | Operator::BrOnCast { .. }
        | Operator::BrOnCastFail { .. }
        | Operator::BrOnCastDescEq { .. }
        | Operator::BrOnCastDescEqFail { .. } => 8,
        _ => 0,
    }
}

/// The locals that a body uses, by index, if they are too many for its number of blocks.
fn crowded(mut body: OperatorsReader<'_>) -> Option<Vec<u32>> {
    let mut used = FxHashSet::default();
    let mut blocks = 1_u64;
    // A call within a block that catches exceptions ends a block. Not every call behind the first one is within one.
    let mut catches = 0;
    // What cannot be decoded is refused when it is translated.
    while let Ok(operator) = body.read() {
        match operator {
            Operator::LocalGet { local_index }
            | Operator::LocalSet { local_index }
            | Operator::LocalTee { local_index } => {
                used.insert(local_index);
            }
            Operator::Block { .. } | Operator::Loop { .. } | Operator::BrIf { .. } => blocks += 1,
            Operator::If { .. } => blocks += 3,
            Operator::TryTable { ref try_table } => {
                catches = 1;
                blocks += 1 + try_table.catches.len() as u64;
            }
            Operator::Try { .. } | Operator::Catch { .. } | Operator::CatchAll => {
                catches = 1;
                blocks += 1;
            }
            Operator::Call { .. } | Operator::CallRef { .. } => blocks += catches,
            Operator::CallIndirect { .. } => blocks += catches + 4,
            ref other => blocks += blocks_of(other),
        }
    }
    if used.len() as u64 * blocks <= MAX_LOCALS_BY_BLOCKS {
        return None;
    }
    let mut used: Vec<u32> = used.into_iter().collect();
    used.sort_unstable();
    Some(used)
}
