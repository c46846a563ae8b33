//! Calls.

use super::Translator;
use crate::clif::{self, POINTER};
use crate::compiled::DEFINED_NAMESPACE;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    ExtFuncData, ExternalName, FuncRef, InstBuilder, MemFlagsData, UserExternalName, Value, types,
};
use smallvec::SmallVec;
use trapline_abi::vmlayout::{VMContext, VMFuncRef, VMFunctionImport};
use trapline_abi::{DefinedFuncIndex, FuncIndex, ImportedFuncIndex, TableIndex, Trap, TypeIndex};

type Args = SmallVec<[Value; 8]>;

impl Translator<'_, '_> {
    pub(super) fn call(&mut self, func: FuncIndex) {
        let ty = self.env.info.funcs[func.index()].ty;
        match self.env.info.split_func(func) {
            Ok(defined) => {
                let callee = self.defined_callee(func, defined, ty);
                let args = self.take_args(self.vmctx, ty);
                let call = self.builder.ins().call(callee, &args);
                self.push_results(call);
            }
            Err(imported) => self.call_import(imported, ty),
        }
    }

    /// A function of the same module: the only calls that are relocations.
    fn defined_callee(&mut self, func: FuncIndex, defined: DefinedFuncIndex, ty: TypeIndex) -> FuncRef {
        if let Some(&callee) = self.callees.get(&func) {
            return callee;
        }
        let signature = self.signature(ty);
        let name = UserExternalName::new(DEFINED_NAMESPACE, defined.as_u32());
        let name = self.builder.func.declare_imported_user_function(name);
        let callee = self.builder.import_function(ExtFuncData {
            name: ExternalName::user(name),
            signature,
            colocated: true,
            patchable: false,
        });
        self.callees.insert(func, callee);
        callee
    }

    fn call_import(&mut self, imported: ImportedFuncIndex, ty: TypeIndex) {
        let import = self.env.offsets.imported_func(imported);
        let code = self.context_field(import + VMFunctionImport::CODE);
        let vmctx = self.context_field(import + VMFunctionImport::VMCTX);
        self.call_code(code, vmctx, ty);
    }

    /// Calls a table element after the checks that the specification orders: the index, null, the
    /// type.
    pub(super) fn call_indirect(&mut self, ty: u32, table: u32) {
        let ty = TypeIndex::new(ty);
        self.findings.indirect_callees.push(ty);
        let index = self.pop();
        let slot = self.table_slot(TableIndex::new(table), index, Trap::UndefinedElement);
        let flags = MemFlagsData::trusted();
        let func_ref = self.builder.ins().load(POINTER, flags, slot, 0);
        self.builder.ins().trapz(func_ref, clif::trap_code(Trap::UninitializedElement));

        let readonly = flags.with_readonly();
        let found = self.builder.ins().load(types::I32, readonly, func_ref, VMFuncRef::TYPE_ID as i32);
        let type_ids = self.context_field(VMContext::TYPE_IDS);
        let wanted = self.builder.ins().load(
            types::I32,
            readonly.with_can_move(),
            type_ids,
            (ty.index() * size_of::<u32>()) as i32,
        );
        let same = self.builder.ins().icmp(IntCC::Equal, found, wanted);
        self.builder.ins().trapz(same, clif::trap_code(Trap::IndirectCallTypeMismatch));

        let code = self.builder.ins().load(POINTER, flags, func_ref, VMFuncRef::CODE as i32);
        let vmctx = self.builder.ins().load(POINTER, readonly, func_ref, VMFuncRef::VMCTX as i32);
        self.call_code(code, vmctx, ty);
    }

    fn call_code(&mut self, code: Value, vmctx: Value, ty: TypeIndex) {
        let signature = self.signature(ty);
        let args = self.take_args(vmctx, ty);
        let call = self.builder.ins().call_indirect(signature, code, &args);
        self.push_results(call);
    }

    /// Takes the arguments of a call from the operand stack and puts the callee's context before
    /// them.
    fn take_args(&mut self, vmctx: Value, ty: TypeIndex) -> Args {
        let count = self.func_type(ty).params.len();
        let mut args = Args::with_capacity(count + 1);
        args.push(vmctx);
        args.extend_from_slice(self.top(count));
        self.drop_top(count);
        args
    }

    fn push_results(&mut self, call: cranelift_codegen::ir::Inst) {
        self.stack.extend_from_slice(self.builder.inst_results(call));
    }
}
