//! Values that engines return.

use serde::{Deserialize, Serialize};
use trapline_abi::Hierarchy;
use trapline_runtime::{AnyRef, Val};

/// A value that an engine has returned. Floating-point numbers are their bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
    /// A binary32 float, as bits.
    F32(u32),
    /// A binary64 float, as bits.
    F64(u64),
    /// A vector, little-endian: lane 0 is in the lowest bits.
    V128(#[serde(with = "super::wide")] u128),
    /// A null function reference.
    NullFunc,
    /// A reference to a function.
    Func,
    /// A null reference of the host.
    NullExtern,
    /// A reference to a value of the host, by the number that the host knows it by.
    Extern(u32),
    /// A null exception reference.
    NullExn,
    /// A reference to an exception.
    Exn,
    /// A null reference below `any`.
    NullAny,
    /// An integer of 31 bits as a reference, sign-extended.
    I31(i32),
    /// A value of the host as a reference below `any`, by the number that the host knows it by.
    Host(u32),
    /// A reference to a structure.
    Struct,
    /// A reference to an array.
    Array,
    /// What `extern.convert_any` has made of something other than a value of the host.
    Externalized,
}

impl Value {
    /// Null in a hierarchy.
    pub(crate) fn null(hierarchy: Hierarchy) -> Value {
        match hierarchy {
            Hierarchy::Func => Value::NullFunc,
            Hierarchy::Extern => Value::NullExtern,
            Hierarchy::Any => Value::NullAny,
            Hierarchy::Exn => Value::NullExn,
            Hierarchy::Cont => unreachable!("no engine has references to continuations"),
        }
    }

    /// Whether it is a null reference.
    pub const fn is_null(&self) -> bool {
        matches!(self, Value::NullFunc | Value::NullExtern | Value::NullExn | Value::NullAny)
    }
}

impl From<&Val> for Value {
    fn from(val: &Val) -> Value {
        match val {
            Val::I32(value) => Value::I32(*value),
            Val::I64(value) => Value::I64(*value),
            Val::F32(bits) => Value::F32(*bits),
            Val::F64(bits) => Value::F64(*bits),
            Val::V128(bits) => Value::V128(*bits),
            Val::FuncRef(None) => Value::NullFunc,
            Val::FuncRef(Some(_)) => Value::Func,
            Val::ExternRef(None) => Value::NullExtern,
            Val::ExternRef(Some(AnyRef::Host(value))) => Value::Extern(*value),
            Val::ExternRef(Some(AnyRef::I31(_) | AnyRef::Struct(_) | AnyRef::Array(_))) => {
                Value::Externalized
            }
            Val::AnyRef(None) => Value::NullAny,
            Val::AnyRef(Some(AnyRef::I31(value))) => Value::I31(*value),
            Val::AnyRef(Some(AnyRef::Host(value))) => Value::Host(*value),
            Val::AnyRef(Some(AnyRef::Struct(_))) => Value::Struct,
            Val::AnyRef(Some(AnyRef::Array(_))) => Value::Array,
            Val::ExnRef(None) => Value::NullExn,
            Val::ExnRef(Some(_)) => Value::Exn,
        }
    }
}
