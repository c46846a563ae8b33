//! Tests and casts.
//!
//! What the static type of the reference tells is not looked at again.

use super::{StaticType, Translator};
use crate::translate::control::BranchArgs;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};
use trapline_abi::{HeapType, Hierarchy, RefType, Trap};

/// What a cast makes of each sort of reference.
#[derive(Clone, Copy)]
pub(super) struct Cast {
    /// What it casts to.
    pub(super) heap: HeapType,
    /// Whether null passes; `None` if the reference is not null.
    pub(super) null: Option<bool>,
    /// Whether an integer of 31 bits passes; `None` if the reference is none.
    i31: Option<bool>,
    /// Whether an object or a function passes; `None` if one has to look at it.
    object: Option<bool>,
    /// The trap at null, if the access to the header of null is left to find it.
    pub(super) fault: Option<Trap>,
}

impl Cast {
    pub(super) fn new(target: RefType, operand: StaticType) -> Cast {
        let object = match target.heap {
            HeapType::Any | HeapType::Extern | HeapType::Func | HeapType::Exn | HeapType::Cont => Some(true),
            HeapType::None | HeapType::NoExtern | HeapType::NoFunc | HeapType::NoExn | HeapType::NoCont => {
                Some(false)
            }
            // Where only integers are possible, there is no object that could fail.
            HeapType::I31 => Some(operand.is_target),
            HeapType::Eq | HeapType::Struct | HeapType::Array | HeapType::Concrete(_) => {
                operand.is_target.then_some(true)
            }
        };
        let takes_i31 =
            matches!(target.heap, HeapType::Any | HeapType::Eq | HeapType::I31 | HeapType::Extern);
        Cast {
            heap: target.heap,
            null: operand.nullable.then_some(target.nullable),
            i31: operand.may_be_i31.then_some(takes_i31),
            object,
            fault: None,
        }
    }

    /// The same cast, where null that does not pass is a trap. The access to a header in the heap then finds it, which costs
    /// nothing.
    fn or_trap(self, trap: Trap) -> Cast {
        let looks = self.object.is_none() && self.heap.hierarchy() == Hierarchy::Any;
        match (looks, self.null) {
            (true, Some(false)) => Cast { null: None, fault: Some(trap), ..self },
            (false, _) | (true, Some(true) | None) => self,
        }
    }

    /// The cast of a reference that is not null.
    pub(super) fn of_non_null(self) -> Cast {
        Cast { null: None, ..self }
    }
}

/// Where a branch goes.
pub(super) struct Target {
    pub(super) block: Block,
    pub(super) args: BranchArgs,
}

impl Target {
    pub(super) fn plain(block: Block) -> Target {
        Target { block, args: BranchArgs::new() }
    }
}

/// What decides whether a reference passes.
enum Decision {
    Known(bool),
    /// A condition, which is nonzero if it passes.
    If(Value),
}

impl Translator<'_, '_> {
    pub(super) fn ref_test(&mut self, target: RefType, operand: StaticType) {
        let reference = self.pop();
        let cast = Cast::new(target, operand);
        let result = match self.decision(reference, cast) {
            Some(Decision::Known(passes)) => self.const_u32(passes.into()),
            Some(Decision::If(condition)) => self.truth(condition),
            None => {
                let [yes, no, done] = [(); 3].map(|()| self.builder.create_block());
                let result = self.builder.append_block_param(done, types::I32);
                self.branch_on_cast(reference, cast, &Target::plain(yes), &Target::plain(no));
                for (block, passes) in [(yes, 1), (no, 0)] {
                    self.go_on(block);
                    let passes = self.const_u32(passes);
                    self.builder.ins().jump(done, &[BlockArg::Value(passes)]);
                }
                self.go_on(done);
                result
            }
        };
        self.push(result);
    }

    /// A condition as an operand: 1 or 0.
    fn truth(&mut self, condition: Value) -> Value {
        let width = self.builder.func.dfg.value_type(condition);
        let condition = match width {
            types::I8 => condition,
            _ => self.builder.ins().icmp_imm_u(IntCC::NotEqual, condition, 0),
        };
        self.builder.ins().uextend(types::I32, condition)
    }

    pub(super) fn ref_cast(&mut self, target: RefType, operand: StaticType) {
        let reference = self.top(1)[0];
        let cast = Cast::new(target, operand).or_trap(Trap::CastFailure);
        match self.decision(reference, cast) {
            Some(Decision::Known(true)) => {}
            Some(Decision::Known(false)) => self.never(Trap::CastFailure, &[reference.into()]),
            Some(Decision::If(condition)) => {
                self.trap_unless(condition, Trap::CastFailure, &[reference.into()])
            }
            None => {
                let block = self.builder.current_block();
                let [yes, no] = [(); 2].map(|()| self.builder.create_block());
                self.branch_on_cast(reference, cast, &Target::plain(yes), &Target::plain(no));
                self.fail_or_go_on(block, [no, yes], Trap::CastFailure, &[reference.into()]);
            }
        }
    }

    pub(super) fn br_on_cast(&mut self, depth: u32, target: RefType, operand: StaticType) {
        let taken = self.branch_target(depth);
        let next = Target::plain(self.builder.create_block());
        self.decide(Cast::new(target, operand), &taken, &next);
        self.go_on(next.block);
    }

    pub(super) fn br_on_cast_fail(&mut self, depth: u32, target: RefType, operand: StaticType) {
        let taken = self.branch_target(depth);
        let next = Target::plain(self.builder.create_block());
        self.decide(Cast::new(target, operand), &next, &taken);
        self.go_on(next.block);
    }

    pub(super) fn branch_target(&mut self, depth: u32) -> Target {
        let (block, args) = self.branch(depth);
        Target { block, args }
    }

    /// Branches by whether the topmost operand passes.
    fn decide(&mut self, cast: Cast, yes: &Target, no: &Target) {
        let reference = self.top(1)[0];
        match self.decision(reference, cast) {
            Some(Decision::Known(passes)) => self.jump_to(if passes { yes } else { no }),
            Some(Decision::If(condition)) => self.branch_if(condition, yes, no),
            None => self.branch_on_cast(reference, cast, yes, no),
        }
    }

    fn jump_to(&mut self, target: &Target) {
        self.builder.ins().jump(target.block, &target.args);
    }

    pub(super) fn branch_if(&mut self, condition: Value, yes: &Target, no: &Target) {
        self.builder.ins().brif(condition, yes.block, &yes.args, no.block, &no.args);
    }

    /// What decides a cast, if that takes no branch.
    fn decision(&mut self, reference: Value, cast: Cast) -> Option<Decision> {
        Some(match (cast.null, cast.i31, cast.object) {
            (null, i31, Some(object))
                if null.is_none_or(|null| null == object) && i31.is_none_or(|i31| i31 == object) =>
            {
                Decision::Known(object)
            }
            // Only null is told apart.
            (Some(null), i31, Some(object)) if i31.is_none_or(|i31| i31 == object) => {
                let condition = if null { IntCC::Equal } else { IntCC::NotEqual };
                Decision::If(self.builder.ins().icmp_imm_u(condition, reference, 0))
            }
            // Only integers pass.
            (None | Some(false), Some(true), Some(false)) => {
                Decision::If(self.builder.ins().band_imm_u(reference, 1))
            }
            (None, None, None) => Decision::If(self.is_of_type(reference, cast)),
            (None | Some(_), None | Some(_), None | Some(_)) => return None,
        })
    }

    /// Branches by whether a reference passes.
    pub(super) fn branch_on_cast(&mut self, reference: Value, cast: Cast, yes: &Target, no: &Target) {
        if let Some(passes) = cast.null {
            let next = Target::plain(self.builder.create_block());
            self.branch_if(reference, &next, if passes { yes } else { no });
            self.go_on(next.block);
        }
        if let Some(passes) = cast.i31.filter(|&passes| cast.object != Some(passes)) {
            let next = Target::plain(self.builder.create_block());
            let is_i31 = self.builder.ins().band_imm_u(reference, 1);
            self.branch_if(is_i31, if passes { yes } else { no }, &next);
            self.go_on(next.block);
        }
        match cast.object {
            Some(passes) => self.jump_to(if passes { yes } else { no }),
            None => {
                let condition = self.is_of_type(reference, cast);
                self.branch_if(condition, yes, no);
            }
        }
    }
}
