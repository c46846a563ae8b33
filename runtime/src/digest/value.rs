//! Values in terms that do not depend on the store.

use super::stream::Stream;
use serde::{Deserialize, Serialize};
use std::fmt;
use trapline_abi::Hierarchy;

/// Which function a reference refers to, the same in every store that ran the same script.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum FuncIdentity {
    /// A function that an instance defines.
    Instance {
        /// The instance, counted from 0 in the order of instantiation.
        instance: u32,
        /// The function's index in its module.
        func: u32,
    },
    /// A function of the host, counted from 0 in the order in which they were made.
    Host(u32),
}

/// A value without anything that only one store knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum StateValue {
    /// A 32-bit integer.
    I32(u32),
    /// A 64-bit integer.
    I64(u64),
    /// A binary32 float, as bits.
    F32(u32),
    /// A binary64 float, as bits.
    F64(u64),
    /// A vector; lane 0 is in the lowest bits.
    V128(u128),
    /// A function reference, or null.
    Func(Option<FuncIdentity>),
    /// Null in a hierarchy other than that of functions.
    Null(Hierarchy),
    /// A host value.
    Extern(u32),
    /// An integer of 31 bits as a reference.
    I31(i32),
    /// An object, by its number: objects are counted in the order in which a walk first meets them.
    Object(u32),
    /// An object by the digest of all that is reached from it.
    Graph(u128),
}

impl fmt::Display for FuncIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FuncIdentity::Instance { instance, func } => write!(f, "function {func} of instance {instance}"),
            FuncIdentity::Host(func) => write!(f, "host function {func}"),
        }
    }
}

impl fmt::Display for StateValue {
    /// The type, then the value in decimal and its bits in hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StateValue::I32(bits) => write!(f, "i32 {} ({bits:#010x})", bits.cast_signed()),
            StateValue::I64(bits) => write!(f, "i64 {} ({bits:#018x})", bits.cast_signed()),
            StateValue::F32(bits) => write!(f, "f32 {:?} ({bits:#010x})", f32::from_bits(*bits)),
            StateValue::F64(bits) => write!(f, "f64 {:?} ({bits:#018x})", f64::from_bits(*bits)),
            StateValue::V128(bits) => write!(f, "v128 {bits:#034x}"),
            StateValue::Func(None) => f.write_str("ref.null func"),
            StateValue::Func(Some(func)) => write!(f, "ref.func {func}"),
            StateValue::Null(hierarchy) => write!(f, "ref.null {}", hierarchy.top()),
            StateValue::Extern(value) => write!(f, "ref.extern {value}"),
            StateValue::I31(value) => write!(f, "ref.i31 {value}"),
            StateValue::Object(number) => write!(f, "object {number}"),
            StateValue::Graph(digest) => write!(f, "object with contents {digest:032x}"),
        }
    }
}

impl StateValue {
    pub(super) fn write_to(self, into: &mut Stream) {
        into.push(self.tag());
        into.extend(&self.bits().to_le_bytes());
    }

    /// A number for the type, so that equal bits of different types differ.
    fn tag(self) -> u8 {
        match self {
            StateValue::I32(_) => 0,
            StateValue::I64(_) => 1,
            StateValue::F32(_) => 2,
            StateValue::F64(_) => 3,
            StateValue::V128(_) => 4,
            StateValue::Func(_) => 5,
            StateValue::Null(_) | StateValue::Extern(_) => 6,
            StateValue::I31(_) => 7,
            StateValue::Object(_) => 8,
            StateValue::Graph(_) => 9,
        }
    }

    pub(super) fn bits(self) -> u128 {
        match self {
            StateValue::I32(bits) | StateValue::F32(bits) => bits.into(),
            StateValue::I64(bits) | StateValue::F64(bits) => bits.into(),
            StateValue::V128(bits) => bits,
            StateValue::Func(func) => func.map_or(0, func_number).into(),
            StateValue::Null(_) => 0,
            StateValue::Extern(value) => extern_number(value).into(),
            StateValue::I31(value) => (1 << 60 | u64::from(value.cast_unsigned())).into(),
            StateValue::Object(number) => (1 << 61 | u64::from(number)).into(),
            StateValue::Graph(digest) => digest,
        }
    }
}

/// A reference as a number that is not 0, which is null.
fn func_number(func: FuncIdentity) -> u64 {
    match func {
        // No store has 2^30 instances.
        FuncIdentity::Instance { instance, func } => 1 << 62 | u64::from(instance) << 32 | u64::from(func),
        FuncIdentity::Host(func) => 2 << 62 | u64::from(func),
    }
}

fn extern_number(value: u32) -> u64 {
    3 << 62 | u64::from(value)
}
