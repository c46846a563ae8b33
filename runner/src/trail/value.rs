//! Values that engines return.

use serde::{Deserialize, Serialize};
use trapline_runtime::Val;

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
}

impl From<&Val> for Value {
    fn from(val: &Val) -> Value {
        match *val {
            Val::I32(value) => Value::I32(value),
            Val::I64(value) => Value::I64(value),
            Val::F32(bits) => Value::F32(bits),
            Val::F64(bits) => Value::F64(bits),
            Val::V128(bits) => Value::V128(bits),
            Val::FuncRef(None) => Value::NullFunc,
            Val::FuncRef(Some(_)) => Value::Func,
            Val::ExternRef(None) => Value::NullExtern,
            Val::ExternRef(Some(value)) => Value::Extern(value),
            Val::ExnRef(None) => Value::NullExn,
            Val::ExnRef(Some(_)) => Value::Exn,
        }
    }
}
