//! Exceptions.
//!
//! A call inside a `try_table` is a `try_call`, which names the code for each exception that the block catches. No code looks
//! for an exception after the call: the runtime finds the frame, and goes on at the *pad* of the handler with the
//! exception's reference. What the handlers use is kept in the frame across the call. Everything thrown goes through a
//! call, that of a stub, so that this is true of `throw` itself.

use super::Translator;
use super::call::Callee;
use super::handlers::Clause;
use crate::clif::{self, POINTER};
use crate::parse::ParseError;
use cranelift_codegen::ir::{
    BlockArg, ExceptionTableData, ExceptionTableItem, ExceptionTag, Inst, InstBuilder, SigRef, StackSlot,
    StackSlotData, StackSlotKind, Value, types,
};
use smallvec::SmallVec;
use trapline_abi::heap::StructLayout;
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{Builtin, StorageType, TagIndex, Trap, ValType};
use wasmparser::{Catch, TryTable};

/// Where a clause of a `try_table` branches to.
pub(super) struct Target {
    /// The label, counted from outside of the block.
    label: u32,
    /// Whether the label takes the reference of the exception along.
    keeps: bool,
}

impl<'a> Translator<'a, '_> {
    pub(super) fn try_table(&mut self, table: &TryTable, offset: u64) -> Result<(), ParseError> {
        let (mut clauses, mut targets) = (Vec::new(), Vec::new());
        for catch in &table.catches {
            let (tag, label, keeps) = match *catch {
                Catch::One { tag, label } => (Some(TagIndex::new(tag)), label, false),
                Catch::OneRef { tag, label } => (Some(TagIndex::new(tag)), label, true),
                Catch::All { label } => (None, label, false),
                Catch::AllRef { label } => (None, label, true),
            };
            clauses.push(self.clause(tag));
            targets.push(Target { label, keeps });
        }
        self.try_table_block(table.ty, targets, offset)?;
        self.control.handlers.enter(clauses.into_iter());
        Ok(())
    }

    /// A clause that nothing leads to yet.
    pub(super) fn clause(&mut self, tag: Option<TagIndex>) -> Clause {
        let pad = self.builder.create_block();
        self.builder.append_block_param(pad, types::I64);
        // Out of the way of the code that goes on after a call.
        self.builder.set_cold_block(pad);
        Clause { tag, pad, used: false }
    }

    /// Translates what the clauses of a `try_table` do, after its end. The clause that is tried first is the last one.
    pub(super) fn pads(&mut self, clauses: Vec<Clause>, targets: &[Target]) {
        for (clause, target) in clauses.iter().rev().zip(targets) {
            let height = self.stack.len();
            let Some(exception) = self.enter_clause(clause) else { continue };
            if target.keeps {
                self.push(exception);
            }
            self.jump(target.label);
            self.stack.truncate(height);
        }
    }

    /// Goes on at the pad of a clause, all calls in force of which have been translated, with what the exception carries on the
    /// stack. Gives the reference of the exception, or nothing if no call can get there.
    pub(super) fn enter_clause(&mut self, clause: &Clause) -> Option<Value> {
        self.builder.seal_block(clause.pad);
        if !clause.used {
            return None;
        }
        self.builder.switch_to_block(clause.pad);
        let exception = self.builder.block_params(clause.pad)[0];
        let exception = self.builder.ins().ireduce(types::I32, exception);
        let exception = self.track_object(exception);
        let payload = clause.tag.map_or(&[][..], |tag| self.payload(tag));
        let layout = StructLayout::of_exception(payload);
        for (&ty, &offset) in payload.iter().zip(&layout.fields) {
            let value = self.load_field(exception, offset, StorageType::Val(ty));
            self.push(value);
        }
        Some(exception)
    }

    /// The types of what exceptions of a tag carry.
    fn payload(&self, tag: TagIndex) -> &'a [ValType] {
        &self.func_type(self.env.info.tags[tag.index()]).params
    }

    fn payload_slot(&mut self, values: usize) -> StackSlot {
        let size = (values.max(1) * ValRaw::SIZE) as u32;
        self.builder.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, size, 4))
    }

    pub(super) fn throw(&mut self, tag: u32) {
        let payload = self.payload(TagIndex::new(tag));
        let slot = self.payload_slot(payload.len());
        let address = self.builder.ins().stack_addr(POINTER, slot, 0);
        let values: SmallVec<[Value; 4]> = SmallVec::from_slice(self.top(payload.len()));
        self.drop_top(payload.len());
        for (i, &value) in values.iter().enumerate() {
            clif::store_raw(&mut self.builder, value, address, i);
        }
        let tag = self.const_u32(tag);
        let exception = self.builtin_result(Builtin::exception_new, &[tag, address]);
        let exception = self.builder.ins().ireduce(types::I32, exception);
        let exception = self.track_object(exception);
        self.throw_exception(exception);
    }

    pub(super) fn throw_ref(&mut self) {
        let exception = self.pop();
        self.builder.ins().trapz(exception, clif::trap_code(Trap::NullExceptionReference));
        self.throw_exception(exception);
    }

    pub(super) fn throw_exception(&mut self, exception: Value) {
        self.call_throwing_builtin(Builtin::exception_throw, &[exception]);
        // The stub does not return.
        self.builder.ins().trap(clif::pending_code());
        self.leave();
    }

    /// Emits a call that returns, with the handlers in force.
    pub(super) fn emit_handled_call(
        &mut self,
        callee: Callee,
        signature: SigRef,
        args: &[Value],
    ) -> SmallVec<[Value; 4]> {
        self.count_live();
        let items = self.handler_items();
        if items.is_empty() {
            let call = match callee {
                Callee::Direct(callee) => self.builder.ins().call(callee, args),
                Callee::Indirect(code) => self.builder.ins().call_indirect(signature, code, args),
            };
            return SmallVec::from_slice(self.builder.inst_results(call));
        }
        let returned = self.builder.create_block();
        let results: SmallVec<[_; 4]> = self.builder.func.dfg.signatures[signature]
            .returns
            .iter()
            .map(|result| result.value_type)
            .collect();
        let results: SmallVec<[Value; 4]> =
            results.into_iter().map(|ty| self.builder.append_block_param(returned, ty)).collect();
        let passed: SmallVec<[_; 4]> = (0..results.len() as u32).map(BlockArg::TryCallRet).collect();
        let normal = self.builder.func.dfg.block_call(returned, &passed);
        let table = ExceptionTableData::new(signature, normal, items);
        let table = self.builder.func.dfg.exception_tables.push(table);
        let _: Inst = match callee {
            Callee::Direct(callee) => self.builder.ins().try_call(callee, args, table),
            Callee::Indirect(code) => self.builder.ins().try_call_indirect(code, args, table),
        };
        self.builder.seal_block(returned);
        self.builder.switch_to_block(returned);
        results
    }

    /// The clauses in force, innermost first, up to the first that catches all.
    fn handler_items(&mut self) -> Vec<ExceptionTableItem> {
        let mut items = Vec::new();
        let mut tags: SmallVec<[TagIndex; 4]> = SmallVec::new();
        let dfg = &mut self.builder.func.dfg;
        self.control.handlers.visit(|clause| {
            if let Some(tag) = clause.tag {
                // One that catches the same comes before it.
                if tags.contains(&tag) {
                    return true;
                }
                tags.push(tag);
            }
            clause.used = true;
            let call = dfg.block_call(clause.pad, &[BlockArg::TryCallExn(0)]);
            items.push(match clause.tag {
                Some(tag) => ExceptionTableItem::Tag(ExceptionTag::from_u32(tag.as_u32()), call),
                None => ExceptionTableItem::Default(call),
            });
            clause.tag.is_some()
        });
        if !items.is_empty() {
            items.insert(0, ExceptionTableItem::Context(self.vmctx));
        }
        items
    }
}
