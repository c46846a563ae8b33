//! References to functions in the heap: numbers into a table of the store.

use super::Translator;
use crate::clif::{self, POINTER};
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, Value, types};
use trapline_abi::vmlayout::{VMFuncRef, VMStoreContext};
use trapline_abi::{Builtin, ConcreteType, HeapType, InjectedFault, RefType, TypeIndex};

impl Translator<'_, '_> {
    /// The number of a function. A function gets it when it is first put into the heap.
    pub(super) fn function_number(&mut self, func_ref: Value) -> Value {
        let [not_null, first, done] = [(); 3].map(|()| self.builder.create_block());
        self.builder.set_cold_block(first);
        let number = self.builder.append_block_param(done, types::I64);

        let zero = self.builder.ins().iconst(types::I64, 0);
        self.builder.ins().brif(func_ref, not_null, &[], done, &[BlockArg::Value(zero)]);
        self.go_on(not_null);
        let trusted = MemFlagsData::trusted();
        let found = self.builder.ins().load(types::I64, trusted, func_ref, VMFuncRef::HEAP_NUMBER as i32);
        self.builder.ins().brif(found, done, &[BlockArg::Value(found)], first, &[]);
        self.go_on(first);
        let new = self.builtin_result(Builtin::heap_func_number, &[func_ref]);
        self.builder.ins().jump(done, &[BlockArg::Value(new)]);
        self.go_on(done);
        self.builder.ins().ireduce(types::I32, number)
    }

    /// The function with a number, which is of a type. Whatever the number is, the table has such an element. If that is of
    /// another type, the heap is corrupted, and the trap has no reason: code that trusts the type must not see it.
    pub(super) fn numbered_function(&mut self, number: Value, ty: RefType) -> Value {
        let func = self.element_numbered(number);
        let HeapType::Concrete(ConcreteType { index, exact, .. }) = ty.heap else { return func };
        if !ty.nullable {
            self.check_numbered(func, index, exact);
            return func;
        }
        let [not_null, done] = [(); 2].map(|()| self.builder.create_block());
        self.builder.ins().brif(func, not_null, &[], done, &[]);
        self.go_on(not_null);
        self.check_numbered(func, index, exact);
        self.builder.ins().jump(done, &[]);
        self.go_on(done);
        func
    }

    fn check_numbered(&mut self, func: Value, ty: TypeIndex, exact: bool) {
        let matches = self.is_of_func_type(func, ty, exact);
        self.builder.ins().trapz(matches, clif::pending_code());
    }

    fn element_numbered(&mut self, number: Value) -> Value {
        let store = self.store_context();
        let trusted = MemFlagsData::trusted();
        let table = self.builder.ins().load(POINTER, trusted, store, VMStoreContext::HEAP_FUNCS as i32);
        let mask = self.builder.ins().load(POINTER, trusted, store, VMStoreContext::HEAP_FUNCS_MASK as i32);
        let number = match self.env.fault.is(InjectedFault::FunctionNumber) {
            false => number,
            true => self.builder.ins().iadd_imm_u(number, 1),
        };
        let number = self.builder.ins().uextend(types::I64, number);
        let number = self.builder.ins().band(number, mask);
        let offset = self.builder.ins().ishl_imm_u(number, i64::from(size_of::<usize>().trailing_zeros()));
        let element = self.builder.ins().iadd(table, offset);
        self.builder.ins().load(POINTER, trusted, element, 0)
    }
}
