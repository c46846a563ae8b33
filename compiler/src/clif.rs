//! How WebAssembly types and calling conventions look in Cranelift's IR.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    self, AbiParam, ArgumentPurpose, Endianness, InstBuilder, MemFlagsData, Signature, Value, types,
};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_frontend::FunctionBuilder;
use trapline_abi::builtin::{BuiltinParam, BuiltinResult};
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{Builtin, FuncType, Representation, Trap, TrapCode, ValType};

/// The type of pointers. All supported targets have 64-bit ones.
pub(crate) const POINTER: ir::Type = types::I64;

/// How compiled code accesses values that the runtime accesses too: globals and slots of tables. They are little-endian on
/// every machine, as `ValRaw` is.
pub(crate) fn shared_value() -> MemFlagsData {
    MemFlagsData::trusted().with_endianness(Endianness::Little)
}

/// The IR type of a WebAssembly value.
pub(crate) fn val_type(ty: ValType) -> ir::Type {
    match ty {
        ValType::I32 => types::I32,
        ValType::I64 => types::I64,
        ValType::F32 => types::F32,
        ValType::F64 => types::F64,
        ValType::V128 => types::I8X16,
        ValType::Ref(ty) => match ty.representation() {
            Representation::FuncPointer => POINTER,
            Representation::HeapIndex => types::I32,
        },
    }
}

/// The signature of a WebAssembly function: `Tail` convention, vmctx first.
pub(crate) fn wasm_signature(ty: &FuncType) -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    signature.params.push(AbiParam::special(POINTER, ArgumentPurpose::VMContext));
    signature.params.extend(ty.params.iter().map(|&ty| AbiParam::new(val_type(ty))));
    signature.returns.extend(ty.results.iter().map(|&ty| AbiParam::new(val_type(ty))));
    signature
}

/// The signature of an entry stub: `EntryStubFn` in the platform's convention.
pub(crate) fn entry_stub_signature(isa: &dyn TargetIsa) -> Signature {
    let mut signature = Signature::new(isa.default_call_conv());
    signature.params.extend([AbiParam::new(POINTER); 3]);
    signature.returns.push(AbiParam::new(types::I32));
    signature
}

/// The signature of a builtin in the platform's convention.
pub(crate) fn builtin_signature(isa: &dyn TargetIsa, builtin: Builtin) -> Signature {
    let mut signature = Signature::new(isa.default_call_conv());
    // Narrow integers arrive with unspecified upper bits unless the signature extends them.
    let narrow = |ty| match isa.default_argument_extension() {
        ir::ArgumentExtension::None => AbiParam::new(ty),
        _ => AbiParam::new(ty).uext(),
    };
    signature.params.extend(builtin.params().iter().map(|param| match param {
        BuiltinParam::Vmctx | BuiltinParam::Pointer => AbiParam::new(POINTER),
        BuiltinParam::I32 => narrow(types::I32),
        BuiltinParam::I64 => AbiParam::new(types::I64),
        BuiltinParam::F32 => AbiParam::new(types::F32),
        BuiltinParam::F64 => AbiParam::new(types::F64),
    }));
    signature.returns.extend(match builtin.result() {
        BuiltinResult::Nothing => None,
        BuiltinResult::Trapped => Some(AbiParam::new(types::I32)),
        BuiltinResult::I64 | BuiltinResult::I64OrTrapped => Some(AbiParam::new(types::I64)),
        BuiltinResult::F32 => Some(AbiParam::new(types::F32)),
        BuiltinResult::F64 => Some(AbiParam::new(types::F64)),
    });
    signature
}

/// The signature of the stub through which compiled code calls a builtin: `Tail` convention, with the builtin's parameters
/// and its result, if that is a value.
pub(crate) fn builtin_stub_signature(builtin: Builtin) -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    signature.params.extend(builtin.params().iter().map(|param| match param {
        BuiltinParam::Vmctx => AbiParam::special(POINTER, ArgumentPurpose::VMContext),
        BuiltinParam::Pointer => AbiParam::new(POINTER),
        BuiltinParam::I32 => AbiParam::new(types::I32),
        BuiltinParam::I64 => AbiParam::new(types::I64),
        BuiltinParam::F32 => AbiParam::new(types::F32),
        BuiltinParam::F64 => AbiParam::new(types::F64),
    }));
    signature.returns.extend(match builtin.result() {
        BuiltinResult::Nothing | BuiltinResult::Trapped => None,
        BuiltinResult::I64 | BuiltinResult::I64OrTrapped => Some(AbiParam::new(types::I64)),
        BuiltinResult::F32 => Some(AbiParam::new(types::F32)),
        BuiltinResult::F64 => Some(AbiParam::new(types::F64)),
    });
    signature
}

/// Ends at a trap site if a builtin that has returned has failed. Gives its result, if that is a value.
pub(crate) fn check_builtin(
    builder: &mut FunctionBuilder<'_>,
    builtin: Builtin,
    returned: Option<Value>,
) -> Option<Value> {
    match (builtin.result(), returned) {
        (BuiltinResult::Trapped, Some(trapped)) => {
            builder.ins().trapnz(trapped, pending_code());
            None
        }
        (BuiltinResult::I64OrTrapped, Some(result)) => {
            let trapped = builder.ins().icmp_imm_s(IntCC::Equal, result, -1);
            builder.ins().trapnz(trapped, pending_code());
            Some(result)
        }
        (BuiltinResult::I64 | BuiltinResult::F32 | BuiltinResult::F64, result) => result,
        (BuiltinResult::Nothing | BuiltinResult::Trapped | BuiltinResult::I64OrTrapped, _) => None,
    }
}

/// Writes a value to an array of `ValRaw`. All sixteen bytes are defined afterwards: the host reads
/// whole values.
pub(crate) fn store_raw(builder: &mut FunctionBuilder<'_>, value: Value, values: Value, index: usize) {
    let offset = (index * ValRaw::SIZE) as i32;
    let width = builder.func.dfg.value_type(value).bytes();
    if width < 16 {
        let zero = builder.ins().iconst(types::I64, 0);
        builder.ins().store(shared_value(), zero, values, offset + 8);
        if width < 8 {
            builder.ins().store(shared_value(), zero, values, offset);
        }
    }
    builder.ins().store(shared_value(), value, values, offset);
}

/// The mark of a trap in generated code.
pub(crate) fn trap_code(trap: Trap) -> ir::TrapCode {
    ir::TrapCode::unwrap_user(TrapCode::Trap(trap).as_u8())
}

/// The mark of the place where a failed builtin's caller ends.
pub(crate) fn pending_code() -> ir::TrapCode {
    ir::TrapCode::unwrap_user(TrapCode::Pending.as_u8())
}

/// What a mark in generated code stands for; Cranelift has marks of its own for the traps that its
/// instructions make.
pub(crate) fn trap_of(code: ir::TrapCode) -> Option<TrapCode> {
    match code {
        ir::TrapCode::STACK_OVERFLOW => Some(TrapCode::Trap(Trap::StackOverflow)),
        ir::TrapCode::HEAP_OUT_OF_BOUNDS => Some(TrapCode::Trap(Trap::MemoryOutOfBounds)),
        ir::TrapCode::INTEGER_OVERFLOW => Some(TrapCode::Trap(Trap::IntegerOverflow)),
        ir::TrapCode::INTEGER_DIVISION_BY_ZERO => Some(TrapCode::Trap(Trap::IntegerDivideByZero)),
        ir::TrapCode::BAD_CONVERSION_TO_INTEGER => Some(TrapCode::Trap(Trap::InvalidConversionToInteger)),
        user => TrapCode::from_u8(user.as_raw().get()),
    }
}
