//! Defined types: functions, structures and arrays, and their place in the subtype hierarchy.

use super::{TypeKind, ValType};
use crate::TypeIndex;
use serde::{Deserialize, Serialize};
use std::fmt;

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

/// What a field or an element holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum StorageType<I = TypeIndex> {
    /// Eight bits of an `i32`.
    I8,
    /// Sixteen bits of an `i32`.
    I16,
    /// A whole value.
    Val(ValType<I>),
}

impl<I: Copy> StorageType<I> {
    /// The type with another number, if it is concrete.
    pub fn map<J>(self, number: impl FnMut(I) -> J) -> StorageType<J> {
        match self {
            StorageType::I8 => StorageType::I8,
            StorageType::I16 => StorageType::I16,
            StorageType::Val(ty) => StorageType::Val(ty.map(number)),
        }
    }

    /// The type of the value on the operand stack.
    pub fn unpacked(self) -> ValType<I> {
        match self {
            StorageType::I8 | StorageType::I16 => ValType::I32,
            StorageType::Val(ty) => ty,
        }
    }
}

/// A field of a structure, or the elements of an array.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct FieldType<I = TypeIndex> {
    /// What it holds.
    pub storage: StorageType<I>,
    /// Whether it can be assigned to.
    pub mutable: bool,
}

impl<I: Copy> FieldType<I> {
    /// The type with another number, if it is concrete.
    pub fn map<J>(self, number: impl FnMut(I) -> J) -> FieldType<J> {
        FieldType { storage: self.storage.map(number), mutable: self.mutable }
    }
}

/// The structure of a defined type.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum CompositeType<I = TypeIndex> {
    /// A function type.
    Func(FuncType<I>),
    /// A structure type: its fields in order.
    Struct(Vec<FieldType<I>>),
    /// An array type: its elements.
    Array(FieldType<I>),
}

impl<I> CompositeType<I> {
    /// The function type, if it is one.
    pub fn as_func(&self) -> Option<&FuncType<I>> {
        match self {
            CompositeType::Func(ty) => Some(ty),
            CompositeType::Struct(_) | CompositeType::Array(_) => None,
        }
    }

    /// The fields, if it is a structure type.
    pub fn as_struct(&self) -> Option<&[FieldType<I>]> {
        match self {
            CompositeType::Struct(fields) => Some(fields),
            CompositeType::Func(_) | CompositeType::Array(_) => None,
        }
    }

    /// The elements, if it is an array type.
    pub fn as_array(&self) -> Option<&FieldType<I>> {
        match self {
            CompositeType::Array(element) => Some(element),
            CompositeType::Func(_) | CompositeType::Struct(_) => None,
        }
    }

    /// The kind of type.
    pub fn kind(&self) -> TypeKind {
        match self {
            CompositeType::Func(_) => TypeKind::Func,
            CompositeType::Struct(_) => TypeKind::Struct,
            CompositeType::Array(_) => TypeKind::Array,
        }
    }
}

impl<I: Copy> CompositeType<I> {
    /// The type with other numbers for concrete types.
    pub fn map<J>(&self, mut number: impl FnMut(I) -> J) -> CompositeType<J> {
        match self {
            CompositeType::Func(ty) => CompositeType::Func(ty.map(number)),
            CompositeType::Struct(fields) => {
                CompositeType::Struct(fields.iter().map(|field| field.map(&mut number)).collect())
            }
            CompositeType::Array(element) => CompositeType::Array(element.map(number)),
        }
    }

    /// Visits the types of all values: parameters and results, fields, elements.
    pub fn values(&self, mut visit: impl FnMut(ValType<I>)) {
        match self {
            CompositeType::Func(ty) => ty.params.iter().chain(&ty.results).for_each(|&ty| visit(ty)),
            CompositeType::Struct(fields) => fields.iter().for_each(|field| visit(field.storage.unpacked())),
            CompositeType::Array(element) => visit(element.storage.unpacked()),
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
    /// The type of the descriptors that values of this type have (custom-descriptors proposal).
    pub descriptor: Option<I>,
    /// The type that values of this type are descriptors of (custom-descriptors proposal).
    pub describes: Option<I>,
    /// The structure.
    pub composite: CompositeType<I>,
}

impl<I> SubType<I> {
    /// A final type without supertype, as a module that declares nothing else has it.
    pub fn plain(composite: CompositeType<I>) -> SubType<I> {
        SubType { is_final: true, supertype: None, descriptor: None, describes: None, composite }
    }
}

impl<I: Copy> SubType<I> {
    /// The type with other numbers for concrete types.
    pub fn map<J>(&self, mut number: impl FnMut(I) -> J) -> SubType<J> {
        SubType {
            is_final: self.is_final,
            supertype: self.supertype.map(&mut number),
            descriptor: self.descriptor.map(&mut number),
            describes: self.describes.map(&mut number),
            composite: self.composite.map(number),
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
