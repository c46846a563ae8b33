//! Values and traps between wasmi and the runner.

use crate::executor::HostType;
use crate::trail::{ExportKind, Lack, TrapInfo, Value};
use trapline_abi::{Trap, ValType};
use wasmi::errors::{ErrorKind, InstantiationError};
use wasmi::{Extern, ExternRef, F32, F64, Nullable, Ref, Store, TrapCode, V128, Val};

/// A value for wasmi. References to functions are known to their store alone.
pub(super) fn val(store: &mut Store<wasmi::StoreLimits>, value: &Value) -> Result<Val, Lack> {
    Ok(match *value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(F32::from_bits(bits)),
        Value::F64(bits) => Val::F64(F64::from_bits(bits)),
        Value::V128(bits) => Val::V128(V128::from(bits)),
        Value::NullFunc => Val::FuncRef(Nullable::Null),
        Value::NullExtern => Val::ExternRef(Nullable::Null),
        Value::Extern(value) => Val::ExternRef(Nullable::Val(ExternRef::new(store, value))),
        Value::Func => return Err(Lack::feature("a function reference as an argument")),
        Value::NullAny
        | Value::I31(_)
        | Value::Host(_)
        | Value::Struct
        | Value::Array
        | Value::Externalized => return Err(Lack::feature("a reference below any as an argument")),
        Value::NullExn | Value::Exn => return Err(Lack::feature("an exception reference as an argument")),
    })
}

/// A value of wasmi's. `None` if it refers to something that the runner did not give it.
pub(super) fn value(store: &Store<wasmi::StoreLimits>, val: &Val) -> Option<Value> {
    Some(match val {
        Val::I32(value) => Value::I32(*value),
        Val::I64(value) => Value::I64(*value),
        Val::F32(value) => Value::F32(value.to_bits()),
        Val::F64(value) => Value::F64(value.to_bits()),
        Val::V128(value) => Value::V128(value.as_u128()),
        Val::FuncRef(func) => return reference(store, &Ref::Func(*func)),
        Val::ExternRef(external) => return reference(store, &Ref::Extern(*external)),
    })
}

/// The same for an element of a table.
pub(super) fn reference(store: &Store<wasmi::StoreLimits>, reference: &Ref) -> Option<Value> {
    Some(match reference {
        Ref::Func(Nullable::Null) => Value::NullFunc,
        Ref::Func(Nullable::Val(_)) => Value::Func,
        Ref::Extern(Nullable::Null) => Value::NullExtern,
        Ref::Extern(Nullable::Val(external)) => Value::Extern(*external.data(store).downcast_ref()?),
    })
}

/// A type of the host's functions and globals. Those of references are not among them.
pub(super) fn val_type(ty: HostType) -> Option<wasmi::ValType> {
    Some(match ty {
        ValType::I32 => wasmi::ValType::I32,
        ValType::I64 => wasmi::ValType::I64,
        ValType::F32 => wasmi::ValType::F32,
        ValType::F64 => wasmi::ValType::F64,
        ValType::V128 => wasmi::ValType::V128,
        ValType::Ref(_) => return None,
    })
}

/// The trap that an error stands for, if it stands for one. wasmi tells neither where nor with which operands.
pub(super) fn trap(error: &wasmi::Error) -> Option<TrapInfo> {
    if let ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) = error.kind() {
        return Some(TrapInfo::of_kind(Trap::TableOutOfBounds));
    }
    // That is what a function of the host says.
    if let ErrorKind::Message(message) = error.kind() {
        return Some(TrapInfo::by_host(message.to_string()));
    }
    let kind = match error.as_trap_code()? {
        TrapCode::UnreachableCodeReached => Trap::Unreachable,
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        // The same for `call_indirect`, whose trap the specification words differently, and for accesses.
        TrapCode::TableOutOfBounds => {
            let alternative = Some(Trap::UndefinedElement);
            return Some(TrapInfo { alternative, ..TrapInfo::of_kind(Trap::TableOutOfBounds) });
        }
        TrapCode::IndirectCallToNull => Trap::UninitializedElement,
        TrapCode::IntegerDivisionByZero => Trap::IntegerDivideByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::BadConversionToInteger => Trap::InvalidConversionToInteger,
        TrapCode::StackOverflow => Trap::StackOverflow,
        TrapCode::BadSignature => Trap::IndirectCallTypeMismatch,
        // Nothing of the specification: what the embedder, or the system, does not grant.
        TrapCode::OutOfFuel | TrapCode::GrowthOperationLimited | TrapCode::OutOfSystemMemory => return None,
    };
    Some(TrapInfo::of_kind(kind))
}

/// What an export is.
pub(super) fn kind(item: &Extern) -> ExportKind {
    match item {
        Extern::Func(_) => ExportKind::Function,
        Extern::Table(_) => ExportKind::Table,
        Extern::Memory(_) => ExportKind::Memory,
        Extern::Global(_) => ExportKind::Global,
    }
}
