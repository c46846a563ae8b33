//! References.

use super::Translator;
use crate::clif::{self, POINTER};
use crate::parse::{self, ParseError};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, types};
use trapline_abi::vmlayout::VMFunctionImport;
use trapline_abi::{FuncIndex, Trap, ValType};

impl Translator<'_, '_> {
    pub(super) fn ref_null(&mut self, ty: wasmparser::HeapType, offset: u64) -> Result<(), ParseError> {
        let Some(ty) = wasmparser::RefType::new(true, ty) else {
            return parse::unsupported(&format!("ref.null {}", parse::heap_type_name(ty)), offset);
        };
        let ty: ValType = parse::val_type(wasmparser::ValType::Ref(ty), &self.env.kinds, offset)?;
        let null = self.builder.ins().iconst(clif::val_type(ty), 0);
        self.push(null);
        Ok(())
    }

    pub(super) fn ref_is_null(&mut self) {
        let value = self.pop();
        let is_null = self.builder.ins().icmp_imm_u(IntCC::Equal, value, 0);
        let is_null = self.builder.ins().uextend(types::I32, is_null);
        self.push(is_null);
    }

    pub(super) fn ref_as_non_null(&mut self) {
        let value = self.top(1)[0];
        self.builder.ins().trapz(value, clif::trap_code(Trap::NullReference));
    }

    pub(super) fn ref_func(&mut self, func: FuncIndex) {
        let reference = match self.env.info.split_func(func) {
            Err(imported) => {
                let offset = self.env.offsets.imported_func(imported) + VMFunctionImport::FUNC_REF;
                let flags = MemFlagsData::trusted().with_readonly().with_can_move();
                self.builder.ins().load(POINTER, flags, self.vmctx, offset as i32)
            }
            Ok(_) => {
                // Validation demands that the function is declared, which gives it a slot.
                let Some(slot) = self.env.info.funcs[func.index()].func_ref else {
                    unreachable!("ref.func of an undeclared function in a validated body")
                };
                let offset = self.env.offsets.func_ref(slot);
                self.builder.ins().iadd_imm_u(self.vmctx, offset as i64)
            }
        };
        self.push(reference);
    }
}
