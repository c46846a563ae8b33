//! Calls.

use super::Translator;
use super::bounds::table_size;
use crate::clif::{self, POINTER};
use crate::compiled::DEFINED_NAMESPACE;
use cranelift_codegen::ir::{
    ExtFuncData, ExternalName, FuncRef, InstBuilder, MemFlagsData, SigRef, UserExternalName, Value,
};
use smallvec::SmallVec;
use trapline_abi::vmlayout::{VMFuncRef, VMFunctionImport};
use trapline_abi::{DefinedFuncIndex, FuncIndex, HeapType, ImportedFuncIndex, TableIndex, Trap, TypeIndex};

type Args = SmallVec<[Value; 8]>;

/// What becomes of the caller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The callee returns to it.
    Returns,
    /// The callee takes its place.
    Replaces,
}

/// What is called.
pub(super) enum Callee {
    /// A piece of code of the same artefact: the only calls that are relocations.
    Direct(FuncRef),
    /// Code at an address.
    Indirect(Value),
}

impl Translator<'_, '_> {
    pub(super) fn call(&mut self, func: FuncIndex, ending: Ending) {
        let ty = self.env.info.funcs[func.index()].ty;
        match self.env.info.split_func(func) {
            Ok(defined) => {
                let callee = self.defined_callee(func, defined, ty);
                self.emit_call(Callee::Direct(callee), self.vmctx, ty, ending);
            }
            Err(imported) => self.call_import(imported, ty, ending),
        }
    }

    fn defined_callee(&mut self, func: FuncIndex, defined: DefinedFuncIndex, ty: TypeIndex) -> FuncRef {
        if let Some(&callee) = self.callees.get(&func) {
            return callee;
        }
        let signature = self.signature(ty);
        let callee = self.import_code(UserExternalName::new(DEFINED_NAMESPACE, defined.as_u32()), signature);
        self.callees.insert(func, callee);
        callee
    }

    /// Code of the same artefact.
    pub(super) fn import_code(&mut self, name: UserExternalName, signature: SigRef) -> FuncRef {
        let name = self.builder.func.declare_imported_user_function(name);
        self.builder.import_function(ExtFuncData {
            name: ExternalName::user(name),
            signature,
            colocated: true,
            patchable: false,
        })
    }

    fn call_import(&mut self, imported: ImportedFuncIndex, ty: TypeIndex, ending: Ending) {
        let import = self.env.offsets.imported_func(imported);
        let code = self.context_field(import + VMFunctionImport::CODE);
        let vmctx = self.context_field(import + VMFunctionImport::VMCTX);
        self.emit_call(Callee::Indirect(code), vmctx, ty, ending);
    }

    /// Calls a table element after the checks that the specification orders: the index, null, the
    /// type.
    pub(super) fn call_indirect(&mut self, ty: u32, table: u32, ending: Ending) {
        let ty = TypeIndex::new(ty);
        let index = self.pop();
        let slot = self.table_slot(TableIndex::new(table), index, Trap::UndefinedElement);
        let func_ref = self.builder.ins().load(POINTER, MemFlagsData::trusted(), slot, 0);
        let size = table_size(self.table_definition(TableIndex::new(table)));
        self.trap_unless(func_ref, Trap::UninitializedElement, &[index.into(), size]);
        if !self.elements_are_of_type(table, ty) {
            let matches = self.is_of_func_type(func_ref, ty, false);
            let operands = [index.into(), size, func_ref.into()];
            self.trap_unless(matches, Trap::IndirectCallTypeMismatch, &operands);
        }
        self.call_func_ref(func_ref, ty, MemFlagsData::trusted(), ending);
    }

    /// Whether a table holds nothing but functions of a type, and null.
    fn elements_are_of_type(&self, table: u32, ty: TypeIndex) -> bool {
        match self.env.info.tables[table as usize].ty.element.heap {
            HeapType::Concrete(element) => self.env.info.is_declared_below(element.index, ty),
            _ => false,
        }
    }

    /// Calls a function by reference. The load of its code faults if the reference is null.
    pub(super) fn call_ref(&mut self, ty: u32, ending: Ending) {
        let func_ref = self.pop();
        let null = clif::trap_code(Trap::NullFuncReference);
        let flags = MemFlagsData::new().with_aligned().with_trap_code(Some(null));
        self.call_func_ref(func_ref, TypeIndex::new(ty), flags, ending);
    }

    /// Calls a function by reference; `flags` are those of the first access to what the reference points to.
    fn call_func_ref(&mut self, func_ref: Value, ty: TypeIndex, flags: MemFlagsData, ending: Ending) {
        // The function may be the host's.
        self.findings.indirect_callees.push(ty);
        let code = self.builder.ins().load(POINTER, flags, func_ref, VMFuncRef::CODE as i32);
        let readonly = MemFlagsData::trusted().with_readonly();
        let vmctx = self.builder.ins().load(POINTER, readonly, func_ref, VMFuncRef::VMCTX as i32);
        self.emit_call(Callee::Indirect(code), vmctx, ty, ending);
    }

    /// Every call of a function: takes its arguments from the operand stack and leaves its results there.
    fn emit_call(&mut self, callee: Callee, vmctx: Value, ty: TypeIndex, ending: Ending) {
        let signature = self.signature(ty);
        let args = self.take_args(vmctx, ty);
        match (ending, callee) {
            (Ending::Returns, callee) => {
                let results = self.emit_handled_call(callee, signature, &args);
                for (&result, &ty) in results.iter().zip(&self.func_type(ty).results) {
                    let result = self.track(result, ty);
                    self.push(result);
                }
                return;
            }
            (Ending::Replaces, Callee::Direct(callee)) => self.builder.ins().return_call(callee, &args),
            (Ending::Replaces, Callee::Indirect(code)) => {
                self.builder.ins().return_call_indirect(signature, code, &args)
            }
        };
        self.leave();
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
}
