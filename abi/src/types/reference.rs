//! Reference types and how they are related (specification: "Matching").

use crate::TypeIndex;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A reference type: what is referred to, and whether null is among the values. `I` says what concrete types are
/// numbered by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct RefType<I = TypeIndex> {
    /// Whether null is a value of the type.
    pub nullable: bool,
    /// What a value of the type refers to.
    pub heap: HeapType<I>,
}

/// What a reference refers to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum HeapType<I = TypeIndex> {
    /// Any function.
    Func,
    /// No function: only null is of this type.
    NoFunc,
    /// Any host value.
    Extern,
    /// No host value: only null is of this type.
    NoExtern,
    /// Anything but functions, host values, exceptions and continuations.
    Any,
    /// What can be compared for identity.
    Eq,
    /// An integer of 31 bits.
    I31,
    /// Any structure.
    Struct,
    /// Any array.
    Array,
    /// Nothing below `any`: only null is of this type.
    None,
    /// Any exception.
    Exn,
    /// No exception: only null is of this type.
    NoExn,
    /// Any continuation.
    Cont,
    /// No continuation: only null is of this type.
    NoCont,
    /// A value of a defined type, or of a subtype of it.
    Concrete(ConcreteType<I>),
}

/// A defined type as what a reference refers to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct ConcreteType<I = TypeIndex> {
    /// What kind of type it is.
    pub kind: TypeKind,
    /// Its number.
    pub index: I,
    /// Whether values of subtypes are excluded (custom-descriptors proposal).
    pub exact: bool,
}

/// The kinds of defined types.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum TypeKind {
    /// A function type.
    Func,
    /// A structure type.
    Struct,
    /// An array type.
    Array,
    /// A continuation type.
    Cont,
}

/// The hierarchies of heap types: no value is in two of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Hierarchy {
    /// Functions.
    Func,
    /// Host values.
    Extern,
    /// Integers, structures and arrays.
    Any,
    /// Exceptions.
    Exn,
    /// Continuations.
    Cont,
}

/// How compiled code holds a reference.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Representation {
    /// A pointer to a `VMFuncRef`, or null.
    FuncPointer,
    /// A 32-bit index into the heap; 0 is null.
    HeapIndex,
}

impl Hierarchy {
    /// The heap type above all others of the hierarchy.
    pub const fn top(self) -> HeapType {
        match self {
            Hierarchy::Func => HeapType::Func,
            Hierarchy::Extern => HeapType::Extern,
            Hierarchy::Any => HeapType::Any,
            Hierarchy::Exn => HeapType::Exn,
            Hierarchy::Cont => HeapType::Cont,
        }
    }
}

impl<I> HeapType<I> {
    /// The hierarchy that it belongs to.
    pub const fn hierarchy(&self) -> Hierarchy {
        match self {
            HeapType::Func | HeapType::NoFunc => Hierarchy::Func,
            HeapType::Extern | HeapType::NoExtern => Hierarchy::Extern,
            HeapType::Any
            | HeapType::Eq
            | HeapType::I31
            | HeapType::Struct
            | HeapType::Array
            | HeapType::None => Hierarchy::Any,
            HeapType::Exn | HeapType::NoExn => Hierarchy::Exn,
            HeapType::Cont | HeapType::NoCont => Hierarchy::Cont,
            HeapType::Concrete(ty) => match ty.kind {
                TypeKind::Func => Hierarchy::Func,
                TypeKind::Struct | TypeKind::Array => Hierarchy::Any,
                TypeKind::Cont => Hierarchy::Cont,
            },
        }
    }

    /// The type with another number, if it is concrete.
    pub fn map<J>(self, mut number: impl FnMut(I) -> J) -> HeapType<J> {
        match self {
            HeapType::Func => HeapType::Func,
            HeapType::NoFunc => HeapType::NoFunc,
            HeapType::Extern => HeapType::Extern,
            HeapType::NoExtern => HeapType::NoExtern,
            HeapType::Any => HeapType::Any,
            HeapType::Eq => HeapType::Eq,
            HeapType::I31 => HeapType::I31,
            HeapType::Struct => HeapType::Struct,
            HeapType::Array => HeapType::Array,
            HeapType::None => HeapType::None,
            HeapType::Exn => HeapType::Exn,
            HeapType::NoExn => HeapType::NoExn,
            HeapType::Cont => HeapType::Cont,
            HeapType::NoCont => HeapType::NoCont,
            HeapType::Concrete(ConcreteType { kind, index, exact }) => {
                HeapType::Concrete(ConcreteType { kind, index: number(index), exact })
            }
        }
    }
}

impl<I: Copy> HeapType<I> {
    /// Whether values of this type are values of another one. `declared` tells whether one defined type is another or
    /// declared below it.
    pub fn matches(self, want: HeapType<I>, declared: impl Fn(I, I) -> bool) -> bool {
        use HeapType as H;
        if self.hierarchy() != want.hierarchy() {
            return false;
        }
        match (self, want) {
            (H::NoFunc | H::NoExtern | H::None | H::NoExn | H::NoCont, _) => true,
            (_, H::NoFunc | H::NoExtern | H::None | H::NoExn | H::NoCont) => false,
            (_, H::Func | H::Extern | H::Any | H::Exn | H::Cont) => true,
            (H::Concrete(have), H::Concrete(want)) => match want.exact {
                true => have.exact && declared(have.index, want.index) && declared(want.index, have.index),
                false => declared(have.index, want.index),
            },
            (H::Eq | H::I31 | H::Struct | H::Array, H::Eq) => true,
            (H::I31, H::I31) | (H::Struct, H::Struct) | (H::Array, H::Array) => true,
            (H::Concrete(have), H::Eq) => matches!(have.kind, TypeKind::Struct | TypeKind::Array),
            (H::Concrete(have), H::Struct) => have.kind == TypeKind::Struct,
            (H::Concrete(have), H::Array) => have.kind == TypeKind::Array,
            (H::Func | H::Extern | H::Any | H::Eq | H::I31 | H::Struct | H::Array | H::Exn | H::Cont, _)
            | (H::Concrete(_), H::I31) => false,
        }
    }
}

impl<I> RefType<I> {
    /// `(ref null func)`
    pub const FUNCREF: RefType<I> = RefType { nullable: true, heap: HeapType::Func };
    /// `(ref null any)`
    pub const ANYREF: RefType<I> = RefType { nullable: true, heap: HeapType::Any };
    /// `(ref null extern)`
    pub const EXTERNREF: RefType<I> = RefType { nullable: true, heap: HeapType::Extern };

    /// How compiled code holds values of the type.
    pub const fn representation(&self) -> Representation {
        match self.heap.hierarchy() {
            Hierarchy::Func => Representation::FuncPointer,
            Hierarchy::Extern | Hierarchy::Any | Hierarchy::Exn | Hierarchy::Cont => {
                Representation::HeapIndex
            }
        }
    }

    /// The type with another number, if what it refers to is concrete.
    pub fn map<J>(self, number: impl FnMut(I) -> J) -> RefType<J> {
        RefType { nullable: self.nullable, heap: self.heap.map(number) }
    }
}

impl<I: Copy> RefType<I> {
    /// Whether values of this type are values of another one; see [`HeapType::matches`].
    pub fn matches(self, want: RefType<I>, declared: impl Fn(I, I) -> bool) -> bool {
        (want.nullable || !self.nullable) && self.heap.matches(want.heap, declared)
    }
}

impl<I> HeapType<I> {
    /// Whether it names a defined type.
    pub const fn is_concrete(&self) -> bool {
        matches!(self, HeapType::Concrete(_))
    }
}

impl<I: fmt::Display> fmt::Display for HeapType<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HeapType::Func => "func",
            HeapType::NoFunc => "nofunc",
            HeapType::Extern => "extern",
            HeapType::NoExtern => "noextern",
            HeapType::Any => "any",
            HeapType::Eq => "eq",
            HeapType::I31 => "i31",
            HeapType::Struct => "struct",
            HeapType::Array => "array",
            HeapType::None => "none",
            HeapType::Exn => "exn",
            HeapType::NoExn => "noexn",
            HeapType::Cont => "cont",
            HeapType::NoCont => "nocont",
            HeapType::Concrete(ConcreteType { index, exact: false, .. }) => return index.fmt(f),
            HeapType::Concrete(ConcreteType { index, exact: true, .. }) => {
                return write!(f, "(exact {index})");
            }
        })
    }
}

impl<I: fmt::Display> fmt::Display for RefType<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = match (self.nullable, &self.heap) {
            (true, HeapType::NoFunc) => "nullfuncref",
            (true, HeapType::NoExtern) => "nullexternref",
            (true, HeapType::None) => "nullref",
            (true, HeapType::NoExn) => "nullexnref",
            (true, HeapType::NoCont) => "nullcontref",
            (true, HeapType::Concrete(_)) => return write!(f, "(ref null {})", self.heap),
            (true, abstract_type) => return write!(f, "{abstract_type}ref"),
            (false, heap) => return write!(f, "(ref {heap})"),
        };
        f.write_str(short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABSTRACT: [HeapType; 14] = [
        HeapType::Func,
        HeapType::NoFunc,
        HeapType::Extern,
        HeapType::NoExtern,
        HeapType::Any,
        HeapType::Eq,
        HeapType::I31,
        HeapType::Struct,
        HeapType::Array,
        HeapType::None,
        HeapType::Exn,
        HeapType::NoExn,
        HeapType::Cont,
        HeapType::NoCont,
    ];

    fn concrete(kind: TypeKind, index: u32, exact: bool) -> HeapType {
        HeapType::Concrete(ConcreteType { kind, index: TypeIndex::new(index), exact })
    }

    /// Type 1 is declared below type 0.
    fn declared(have: TypeIndex, want: TypeIndex) -> bool {
        have == want || (have.as_u32(), want.as_u32()) == (1, 0)
    }

    #[test]
    fn abstract_types_are_ordered_within_their_hierarchies() {
        let below = |ty: HeapType| {
            ABSTRACT
                .iter()
                .filter(|other| other.matches(ty, declared))
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(below(HeapType::Func), ["func", "nofunc"]);
        assert_eq!(below(HeapType::Extern), ["extern", "noextern"]);
        assert_eq!(below(HeapType::Any), ["any", "eq", "i31", "struct", "array", "none"]);
        assert_eq!(below(HeapType::Eq), ["eq", "i31", "struct", "array", "none"]);
        assert_eq!(below(HeapType::I31), ["i31", "none"]);
        assert_eq!(below(HeapType::Struct), ["struct", "none"]);
        assert_eq!(below(HeapType::None), ["none"]);
        assert_eq!(below(HeapType::Exn), ["exn", "noexn"]);
        assert_eq!(below(HeapType::NoCont), ["nocont"]);
    }

    #[test]
    fn concrete_types_are_between_their_kind_and_its_bottom() {
        let cases = [
            (TypeKind::Func, "func", "nofunc"),
            (TypeKind::Struct, "any eq struct", "none"),
            (TypeKind::Array, "any eq array", "none"),
            (TypeKind::Cont, "cont", "nocont"),
        ];
        for (kind, above, bottom) in cases {
            let ty = concrete(kind, 0, false);
            let above_it = |other: &HeapType| ty.matches(*other, declared);
            let found: Vec<_> = ABSTRACT.iter().filter(|ty| above_it(ty)).map(ToString::to_string).collect();
            assert_eq!(found.join(" "), above);
            let found: Vec<_> = ABSTRACT.iter().filter(|other| other.matches(ty, declared)).collect();
            assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), [bottom]);
        }
    }

    #[test]
    fn exact_types_have_no_subtypes() {
        let [base, derived] = [0, 1].map(|index| concrete(TypeKind::Struct, index, false));
        let [exact_base, exact_derived] = [0, 1].map(|index| concrete(TypeKind::Struct, index, true));
        assert!(derived.matches(base, declared) && !base.matches(derived, declared));
        assert!(exact_derived.matches(base, declared) && exact_base.matches(base, declared));
        assert!(exact_base.matches(exact_base, declared));
        assert!(!base.matches(exact_base, declared) && !exact_derived.matches(exact_base, declared));
    }

    #[test]
    fn null_is_no_value_of_other_types() {
        let non_null = RefType { nullable: false, ..RefType::FUNCREF };
        assert!(non_null.matches(RefType::FUNCREF, declared));
        assert!(!RefType::FUNCREF.matches(non_null, declared));
    }

    #[test]
    fn types_read_as_in_the_text_format() {
        let text = |nullable, heap: HeapType| RefType { nullable, heap }.to_string();
        assert_eq!(text(true, HeapType::Func), "funcref");
        assert_eq!(text(true, HeapType::NoExn), "nullexnref");
        assert_eq!(text(false, HeapType::I31), "(ref i31)");
        assert_eq!(text(true, concrete(TypeKind::Func, 3, false)), "(ref null 3)");
        assert_eq!(text(false, concrete(TypeKind::Struct, 3, true)), "(ref (exact 3))");
    }
}
