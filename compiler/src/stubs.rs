//! The two ways over the border between host and compiled code, one stub each for a signature, and to
//! builtins that walk frames.

use crate::clif::{self, POINTER};
use cranelift_codegen::ir::{
    BlockArg, ExceptionTableData, ExceptionTableItem, Function, InstBuilder, MemFlagsData, StackSlotData,
    StackSlotKind, Value, types,
};
use cranelift_codegen::isa::TargetIsa;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use trapline_abi::vmlayout::{VMContextHeader, VMStoreContext, ValRaw};
use trapline_abi::{Builtin, FuncType};

/// Builds the entry stub for a type: see `trapline_abi::vmlayout::EntryStubFn`.
///
/// The stub leaves with the store where a trap is to resume: its own landing pad. The call is the
/// only instruction of its block because the landing pad is found by that block, and everything
/// that the landing pad needs is lost across the exceptional edge, so it just returns 0.
pub(crate) fn entry(
    func: &mut Function,
    scratch: &mut FunctionBuilderContext,
    isa: &dyn TargetIsa,
    ty: &FuncType,
) {
    func.signature = clif::entry_stub_signature(isa);
    let mut builder = FunctionBuilder::new(func, scratch);
    let start = builder.create_block();
    let call = builder.create_block();
    let returned = builder.create_block();
    let left = builder.create_block();

    builder.append_block_params_for_function_params(start);
    builder.switch_to_block(start);
    let [vmctx, code, values] = *builder.block_params(start) else {
        unreachable!("the signature has three parameters")
    };
    let trusted = MemFlagsData::trusted();
    let store = builder.ins().load(POINTER, trusted.with_readonly(), vmctx, VMContextHeader::STORE as i32);
    let handler = builder.ins().get_exception_handler_address(POINTER, call, 0);
    builder.ins().store(trusted, handler, store, VMStoreContext::ENTRY_HANDLER as i32);
    let sp = builder.ins().get_stack_pointer(POINTER);
    builder.ins().store(trusted, sp, store, VMStoreContext::ENTRY_SP as i32);
    let fp = builder.ins().get_frame_pointer(POINTER);
    builder.ins().store(trusted, fp, store, VMStoreContext::ENTRY_FP as i32);
    let mut args = vec![vmctx];
    for (i, &param) in ty.params.iter().enumerate() {
        let offset = (i * ValRaw::SIZE) as i32;
        args.push(builder.ins().load(clif::val_type(param), clif::shared_value(), values, offset));
    }
    builder.ins().jump(call, &[]);

    builder.switch_to_block(call);
    let signature = builder.import_signature(clif::wasm_signature(ty));
    let results: Vec<_> =
        ty.results.iter().map(|&ty| builder.append_block_param(returned, clif::val_type(ty))).collect();
    let result_args: Vec<_> = (0..ty.results.len() as u32).map(BlockArg::TryCallRet).collect();
    let normal = builder.func.dfg.block_call(returned, &result_args);
    let exceptional = builder.func.dfg.block_call(left, &[]);
    let table = ExceptionTableData::new(signature, normal, [ExceptionTableItem::Default(exceptional)]);
    let table = builder.func.dfg.exception_tables.push(table);
    builder.ins().try_call_indirect(code, &args, table);

    builder.switch_to_block(returned);
    for (i, &result) in results.iter().enumerate() {
        clif::store_raw(&mut builder, result, values, i);
    }
    let one = builder.ins().iconst(types::I32, 1);
    builder.ins().return_(&[one]);

    builder.switch_to_block(left);
    let zero = builder.ins().iconst(types::I32, 0);
    builder.ins().return_(&[zero]);

    builder.seal_all_blocks();
    builder.finalize(isa.frontend_config());
}

/// Builds the exit stub for a type: a WebAssembly function that hands its arguments to the builtin
/// `host_call` and takes the results from it.
///
/// It leaves its frame pointer and its return address with the store: from there on, frames of
/// compiled code can be walked while the host runs.
pub(crate) fn exit(
    func: &mut Function,
    scratch: &mut FunctionBuilderContext,
    isa: &dyn TargetIsa,
    ty: &FuncType,
) {
    func.signature = clif::wasm_signature(ty);
    let mut builder = FunctionBuilder::new(func, scratch);
    let start = builder.create_block();
    builder.append_block_params_for_function_params(start);
    builder.switch_to_block(start);
    let params = builder.block_params(start).to_vec();
    let vmctx = params[0];
    leave_frame(&mut builder, vmctx);
    let count = ty.params.len().max(ty.results.len());
    let slot = builder.create_sized_stack_slot(StackSlotData::new(
        StackSlotKind::ExplicitSlot,
        (count * ValRaw::SIZE) as u32,
        4,
    ));
    let values = builder.ins().stack_addr(POINTER, slot, 0);
    for (i, &param) in params[1..].iter().enumerate() {
        clif::store_raw(&mut builder, param, values, i);
    }
    let trapped = call_builtin(&mut builder, isa, Builtin::host_call, &[vmctx, values]);
    clif::check_builtin(&mut builder, Builtin::host_call, trapped);
    let mut results = Vec::with_capacity(ty.results.len());
    for (i, &result) in ty.results.iter().enumerate() {
        let offset = (i * ValRaw::SIZE) as i32;
        results.push(builder.ins().load(clif::val_type(result), clif::shared_value(), values, offset));
    }
    builder.ins().return_(&results);
    builder.seal_all_blocks();
    builder.finalize(isa.frontend_config());
}

/// Builds the stub through which compiled code calls a builtin that walks frames. It ends at a trap site if the builtin
/// failed.
///
/// It leaves its frame pointer with the store as an exit stub does.
pub(crate) fn builtin(
    func: &mut Function,
    scratch: &mut FunctionBuilderContext,
    isa: &dyn TargetIsa,
    builtin: Builtin,
) {
    func.signature = clif::builtin_stub_signature(builtin);
    let mut builder = FunctionBuilder::new(func, scratch);
    let start = builder.create_block();
    builder.append_block_params_for_function_params(start);
    builder.switch_to_block(start);
    let params = builder.block_params(start).to_vec();
    leave_frame(&mut builder, params[0]);
    let result = call_builtin(&mut builder, isa, builtin, &params);
    let result = clif::check_builtin(&mut builder, builtin, result);
    builder.ins().return_(result.as_slice());
    builder.seal_all_blocks();
    builder.finalize(isa.frontend_config());
}

/// Leaves the frame pointer with the store: from there on, frames of compiled code can be walked.
fn leave_frame(builder: &mut FunctionBuilder<'_>, vmctx: Value) {
    let trusted = MemFlagsData::trusted();
    let store = builder.ins().load(POINTER, trusted.with_readonly(), vmctx, VMContextHeader::STORE as i32);
    let fp = builder.ins().get_frame_pointer(POINTER);
    builder.ins().store(trusted, fp, store, VMStoreContext::EXIT_FP as i32);
}

/// Calls a builtin through the table; the first argument is the context.
fn call_builtin(
    builder: &mut FunctionBuilder<'_>,
    isa: &dyn TargetIsa,
    builtin: Builtin,
    args: &[Value],
) -> Option<Value> {
    let readonly = MemFlagsData::trusted().with_readonly();
    let signature = builder.import_signature(clif::builtin_signature(isa, builtin));
    let builtins = builder.ins().load(POINTER, readonly, args[0], VMContextHeader::BUILTINS as i32);
    let callee = builder.ins().load(POINTER, readonly, builtins, builtin.table_offset() as i32);
    let call = builder.ins().call_indirect(signature, callee, args);
    builder.inst_results(call).first().copied()
}
