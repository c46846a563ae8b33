//! Calls of builtins.
//!
//! One that walks frames is called through its stub, which is code of the same artefact; all others through the table.

use super::Translator;
use super::call::Callee;
use crate::clif::{self, POINTER};
use crate::compiled::BUILTIN_NAMESPACE;
use cranelift_codegen::ir::{FuncRef, InstBuilder, MemFlagsData, UserExternalName, Value};
use smallvec::SmallVec;
use trapline_abi::Builtin;
use trapline_abi::vmlayout::VMContextHeader;

type Args = SmallVec<[Value; 8]>;

impl Translator<'_, '_> {
    /// Calls a builtin with the vmctx and further arguments, and ends at a trap site if it failed. Gives the result, if
    /// that is a value.
    pub(super) fn call_builtin(&mut self, builtin: Builtin, args: &[Value]) -> Option<Value> {
        self.count_live();
        let args = self.builtin_args(args);
        if builtin.walks() {
            // The stub has looked whether the builtin failed.
            let stub = self.builtin_stub(builtin);
            let call = self.builder.ins().call(stub, &args);
            return self.builder.inst_results(call).first().copied();
        }
        let signature = match self.builtin_signatures.get(&builtin) {
            Some(&signature) => signature,
            None => {
                let signature = clif::builtin_signature(self.env.isa, builtin);
                let signature = self.builder.import_signature(signature);
                self.builtin_signatures.insert(builtin, signature);
                signature
            }
        };
        let table = self.context_field(VMContextHeader::BUILTINS);
        let flags = MemFlagsData::trusted().with_readonly().with_can_move();
        let callee = self.builder.ins().load(POINTER, flags, table, builtin.table_offset() as i32);
        let call = self.builder.ins().call_indirect(signature, callee, &args);
        let result = self.builder.inst_results(call).first().copied();
        clif::check_builtin(&mut self.builder, builtin, result)
    }

    /// Calls a builtin that has a value for result, as [`Translator::call_builtin`].
    pub(super) fn builtin_result(&mut self, builtin: Builtin, args: &[Value]) -> Value {
        match self.call_builtin(builtin, args) {
            Some(result) => result,
            None => unreachable!("{} has no value for result", builtin.name()),
        }
    }

    /// Calls the stub of a builtin that can throw, with the handlers in force.
    pub(super) fn call_throwing_builtin(&mut self, builtin: Builtin, args: &[Value]) {
        let args = self.builtin_args(args);
        let stub = self.builtin_stub(builtin);
        let signature = self.builder.func.dfg.ext_funcs[stub].signature;
        self.emit_handled_call(Callee::Direct(stub), signature, &args);
    }

    fn builtin_args(&self, args: &[Value]) -> Args {
        let mut all = Args::with_capacity(args.len() + 1);
        all.push(self.vmctx);
        all.extend_from_slice(args);
        all
    }

    fn builtin_stub(&mut self, builtin: Builtin) -> FuncRef {
        if let Some(&stub) = self.builtin_stubs.get(&builtin) {
            return stub;
        }
        let signature = self.builder.import_signature(clif::builtin_stub_signature(builtin));
        let stub = self.import_code(UserExternalName::new(BUILTIN_NAMESPACE, builtin as u32), signature);
        self.builtin_stubs.insert(builtin, stub);
        self.findings.builtin_stubs.push(builtin);
        stub
    }
}
