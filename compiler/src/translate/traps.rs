//! How instructions on tables and references trap, and what they leave for the report.
//!
//! Operands that a report names are stored where nothing but the trap follows, so they cost code, but no time.

use super::Translator;
use crate::clif::{self, POINTER};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlagsData, Value, types};
use trapline_abi::Trap;
use trapline_abi::vmlayout::VMStoreContext;

/// Something that a report names.
#[derive(Clone, Copy)]
pub(super) enum Operand {
    /// A value of up to 64 bits.
    Value(Value),
    /// A length in a definition of the runtime: the definition, and where the length lies in it. It is loaded where the trap
    /// is, so that code which does not trap can go on comparing with it in memory.
    Length(Value, usize),
}

impl From<Value> for Operand {
    fn from(value: Value) -> Operand {
        Operand::Value(value)
    }
}

impl Translator<'_, '_> {
    /// Traps if a condition is not zero.
    pub(super) fn trap_if(&mut self, condition: Value, trap: Trap, operands: &[Operand]) {
        let [fails, goes_on] = [(); 2].map(|()| self.builder.create_block());
        let block = self.builder.current_block();
        self.builder.ins().brif(condition, fails, &[], goes_on, &[]);
        self.fail_or_go_on(block, [fails, goes_on], trap, operands);
    }

    /// Traps if a condition is zero.
    pub(super) fn trap_unless(&mut self, condition: Value, trap: Trap, operands: &[Operand]) {
        let [fails, goes_on] = [(); 2].map(|()| self.builder.create_block());
        let block = self.builder.current_block();
        self.builder.ins().brif(condition, goes_on, &[], fails, &[]);
        self.fail_or_go_on(block, [fails, goes_on], trap, operands);
    }

    /// Traps always, in the middle of a block.
    pub(super) fn never(&mut self, trap: Trap, operands: &[Operand]) {
        self.leave_operands(operands);
        let never = self.builder.ins().iconst(types::I8, 0);
        self.builder.ins().trapz(never, clif::trap_code(trap));
    }

    /// Makes one block trap and enters the other, both of which only `before` leads to.
    pub(super) fn fail_or_go_on(
        &mut self,
        before: Option<Block>,
        [fails, goes_on]: [Block; 2],
        trap: Trap,
        operands: &[Operand],
    ) {
        self.fail(fails, trap, operands);
        self.go_on(goes_on);
        self.passed_checks.hold_in(before, goes_on);
    }

    /// Makes a block trap.
    fn fail(&mut self, block: Block, trap: Trap, operands: &[Operand]) {
        self.builder.seal_block(block);
        self.builder.set_cold_block(block);
        self.builder.switch_to_block(block);
        self.leave_operands(operands);
        self.builder.ins().trap(clif::trap_code(trap));
    }

    /// Stores up to three operands for the report of a trap, zero-extended.
    ///
    /// The first store keeps a length from being taken for one that has been loaded before.
    fn leave_operands(&mut self, operands: &[Operand]) {
        let store = self.store_context();
        let trusted = MemFlagsData::trusted();
        for (i, &operand) in operands.iter().enumerate() {
            let operand = match operand {
                Operand::Value(value) if self.builder.func.dfg.value_type(value) == types::I32 => {
                    self.builder.ins().uextend(types::I64, value)
                }
                Operand::Value(value) => value,
                Operand::Length(definition, offset) => {
                    self.builder.ins().load(POINTER, trusted, definition, offset as i32)
                }
            };
            let offset = VMStoreContext::TRAP_OPERANDS + i * size_of::<u64>();
            self.builder.ins().store(trusted, operand, store, offset as i32);
        }
    }

    /// Enters a block to which all branches have been made.
    pub(super) fn go_on(&mut self, block: Block) {
        self.count_live();
        self.builder.seal_block(block);
        self.builder.switch_to_block(block);
    }
}
