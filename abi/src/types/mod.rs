//! WebAssembly types as the specification names them (section "Types" of the core specification).
//!
//! A concrete type is named by a number. Which numbers those are is a parameter: [`TypeIndex`] in a module, [`TypeId`]
//! throughout a store.
//!
//! [`TypeId`]: crate::TypeId

mod entity;
mod reference;

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

/// A function type: the types of its parameters and results, in order.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct FuncType<I = TypeIndex> {
    /// Types of the parameters.
    pub params: Vec<ValType<I>>,
    /// Types of the results.
    pub results: Vec<ValType<I>>,
}

impl<I> Default for FuncType<I> {
    fn default() -> Self {
        FuncType { params: Vec::new(), results: Vec::new() }
    }
}

impl<I: Copy> FuncType<I> {
    /// The type with other numbers for concrete types.
    pub fn map<J>(&self, mut number: impl FnMut(I) -> J) -> FuncType<J> {
        let mut list = |types: &[ValType<I>]| types.iter().map(|ty| ty.map(&mut number)).collect();
        FuncType { params: list(&self.params), results: list(&self.results) }
    }
}

/// The structure of a defined type.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum CompositeType<I = TypeIndex> {
    /// A function type.
    Func(FuncType<I>),
}

impl<I> CompositeType<I> {
    /// The function type, if it is one.
    pub fn as_func(&self) -> Option<&FuncType<I>> {
        match self {
            CompositeType::Func(ty) => Some(ty),
        }
    }

    /// The kind of type.
    pub fn kind(&self) -> TypeKind {
        match self {
            CompositeType::Func(_) => TypeKind::Func,
        }
    }
}

/// A defined type with its place in the subtype hierarchy.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SubType<I = TypeIndex> {
    /// Whether no type may declare this one as its supertype.
    pub is_final: bool,
    /// The declared supertype.
    pub supertype: Option<I>,
    /// The structure.
    pub composite: CompositeType<I>,
}

impl<I: Copy> SubType<I> {
    /// The type with other numbers for concrete types.
    pub fn map<J>(&self, mut number: impl FnMut(I) -> J) -> SubType<J> {
        SubType {
            is_final: self.is_final,
            supertype: self.supertype.map(&mut number),
            composite: match &self.composite {
                CompositeType::Func(ty) => CompositeType::Func(ty.map(number)),
            },
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

impl<I: fmt::Display> fmt::Display for FuncType<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, types: &[ValType<I>]| {
            f.write_str("[")?;
            for (i, ty) in types.iter().enumerate() {
                let gap = if i == 0 { "" } else { " " };
                write!(f, "{gap}{ty}")?;
            }
            f.write_str("]")
        };
        list(f, &self.params)?;
        f.write_str(" -> ")?;
        list(f, &self.results)
    }
}
