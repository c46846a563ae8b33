//! WebAssembly types as the specification names them (section "Types" of the core specification).
//!
//! A concrete type is named by a number. Which numbers those are is a parameter: [`TypeIndex`] in a module, [`TypeId`]
//! throughout a store.
//!
//! [`TypeId`]: crate::TypeId

mod composite;
mod entity;
mod reference;

pub use composite::{CompositeType, FieldType, FuncType, StorageType, SubType};
pub use entity::{GlobalType, IndexType, Limits, MemoryType, TableType};
pub use reference::{ConcreteType, HeapType, Hierarchy, RefType, Representation, TypeKind};

use crate::TypeIndex;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The type of a value on the operand stack, in a local or in a global.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum ValType<I = TypeIndex> {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary64.
    F64,
    /// 128-bit vector.
    V128,
    /// A reference.
    Ref(RefType<I>),
}

impl<I> ValType<I> {
    /// `funcref`
    pub const FUNCREF: ValType<I> = ValType::Ref(RefType::FUNCREF);
    /// `externref`
    pub const EXTERNREF: ValType<I> = ValType::Ref(RefType::EXTERNREF);
    /// `exnref`
    pub const EXNREF: ValType<I> = ValType::Ref(RefType { nullable: true, heap: HeapType::Exn });

    /// The type with another number, if it is concrete.
    pub fn map<J>(self, number: impl FnMut(I) -> J) -> ValType<J> {
        match self {
            ValType::I32 => ValType::I32,
            ValType::I64 => ValType::I64,
            ValType::F32 => ValType::F32,
            ValType::F64 => ValType::F64,
            ValType::V128 => ValType::V128,
            ValType::Ref(ty) => ValType::Ref(ty.map(number)),
        }
    }
}

impl<I: Copy + PartialEq> ValType<I> {
    /// Whether values of this type are values of another one; see [`HeapType::matches`].
    pub fn matches(self, want: ValType<I>, declared: impl Fn(I, I) -> bool) -> bool {
        match (self, want) {
            (ValType::Ref(have), ValType::Ref(want)) => have.matches(want, declared),
            _ => self == want,
        }
    }
}

impl<I: fmt::Display> fmt::Display for ValType<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValType::I32 => f.write_str("i32"),
            ValType::I64 => f.write_str("i64"),
            ValType::F32 => f.write_str("f32"),
            ValType::F64 => f.write_str("f64"),
            ValType::V128 => f.write_str("v128"),
            ValType::Ref(ty) => ty.fmt(f),
        }
    }
}
