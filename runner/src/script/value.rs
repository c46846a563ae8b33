//! Arguments of actions and patterns for their results.

use crate::matchers::hex;
use serde::{Deserialize, Serialize};
use trapline_abi::Hierarchy;
use wast::core::{
    AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore as ArgCore, WastRetCore as RetCore,
};
use wast::token::{F32, F64, Index};

/// An argument. Floating-point numbers are their bits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "named as the types")]
pub enum Argument {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    /// Little-endian: lane 0 in the low bits.
    V128(u128),
    /// `ref.null` of a heap type.
    RefNull(HeapKind),
    /// `ref.extern`: a host value as an `externref`.
    RefExtern(u32),
    /// `ref.host`: a host value as an `anyref`.
    RefHost(u32),
}

/// What one result must be. Floating-point numbers are their bits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "named as the types")]
pub enum Pattern {
    I32(i32),
    I64(i64),
    F32(Float<u32>),
    F64(Float<u64>),
    V128(Lanes),
    /// A null reference, of the given hierarchy if there is one.
    RefNull(Option<HeapKind>),
    /// An `externref` that is not null, of the given host value if there is one.
    RefExtern(Option<u32>),
    /// An `anyref` of this host value.
    RefHost(u32),
    /// A function reference that is not null; to the given function if there is one, by index or
    /// name as written.
    RefFunc(Option<Box<str>>),
    /// An `anyref` that is not null.
    RefAny,
    /// An `eqref` that is not null.
    RefEq,
    /// An `arrayref` that is not null.
    RefArray,
    /// A `structref` that is not null.
    RefStruct,
    /// An `i31ref` that is not null.
    RefI31,
    /// A shared `i31ref` that is not null.
    RefI31Shared,
    /// Any of these.
    Either(Vec<Pattern>),
}

/// What a floating-point number must be, given as bits of type `T`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Float<T> {
    /// A NaN whose payload is the canonical one, of either sign.
    CanonicalNan,
    /// A NaN whose payload has its highest bit set, of either sign.
    ArithmeticNan,
    /// Exactly these bits.
    Bits(T),
}

/// What the lanes of a vector must be, in the shape that the script gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "named as the shapes")]
pub enum Lanes {
    I8x16([i8; 16]),
    I16x8([i16; 8]),
    I32x4([i32; 4]),
    I64x2([i64; 2]),
    F32x4([Float<u32>; 4]),
    F64x2([Float<u64>; 2]),
}

/// A heap type, as far as scripts can name one outside a module.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "named as the heap types")]
pub enum HeapKind {
    Func,
    NoFunc,
    Extern,
    NoExtern,
    Any,
    Eq,
    I31,
    Struct,
    Array,
    None,
    Exn,
    NoExn,
    Cont,
    NoCont,
    /// A shared type of the shared-everything-threads proposal.
    Shared(Box<HeapKind>),
    /// A defined type, by index or name as written.
    Defined(Box<str>),
}

impl HeapKind {
    /// The hierarchy that it belongs to; `None` for a defined type, which a script alone does not tell, and for shared types.
    pub fn hierarchy(&self) -> Option<Hierarchy> {
        match self {
            HeapKind::Func | HeapKind::NoFunc => Some(Hierarchy::Func),
            HeapKind::Extern | HeapKind::NoExtern => Some(Hierarchy::Extern),
            HeapKind::Any
            | HeapKind::Eq
            | HeapKind::I31
            | HeapKind::Struct
            | HeapKind::Array
            | HeapKind::None => Some(Hierarchy::Any),
            HeapKind::Exn | HeapKind::NoExn => Some(Hierarchy::Exn),
            HeapKind::Cont | HeapKind::NoCont => Some(Hierarchy::Cont),
            HeapKind::Shared(_) | HeapKind::Defined(_) => None,
        }
    }
}

impl Pattern {
    /// The type of the values that it is for, as the text format names it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Pattern::I32(_) => "i32",
            Pattern::I64(_) => "i64",
            Pattern::F32(_) => "f32",
            Pattern::F64(_) => "f64",
            Pattern::V128(_) => "v128",
            Pattern::RefNull(_) => "nullref",
            Pattern::RefExtern(_) => "externref",
            Pattern::RefFunc(_) => "funcref",
            Pattern::RefHost(_) | Pattern::RefAny => "anyref",
            Pattern::RefEq => "eqref",
            Pattern::RefArray => "arrayref",
            Pattern::RefStruct => "structref",
            Pattern::RefI31 | Pattern::RefI31Shared => "i31ref",
            Pattern::Either(cases) => cases.first().map_or("either", Pattern::type_name),
        }
    }

    /// The bits in hexadecimal, if it is one number and nothing else will do.
    pub fn bits(&self) -> Option<String> {
        match self {
            Pattern::I32(value) => Some(hex(value.cast_unsigned().into(), 8)),
            Pattern::I64(value) => Some(hex(value.cast_unsigned(), 16)),
            Pattern::F32(Float::Bits(bits)) => Some(hex((*bits).into(), 8)),
            Pattern::F64(Float::Bits(bits)) => Some(hex(*bits, 16)),
            _ => None,
        }
    }
}

impl From<&ArgCore<'_>> for Argument {
    fn from(arg: &ArgCore<'_>) -> Argument {
        match arg {
            ArgCore::I32(value) => Argument::I32(*value),
            ArgCore::I64(value) => Argument::I64(*value),
            ArgCore::F32(value) => Argument::F32(value.bits),
            ArgCore::F64(value) => Argument::F64(value.bits),
            ArgCore::V128(value) => Argument::V128(u128::from_le_bytes(value.to_le_bytes())),
            ArgCore::RefNull(heap) => Argument::RefNull(heap.into()),
            ArgCore::RefExtern(value) => Argument::RefExtern(*value),
            ArgCore::RefHost(value) => Argument::RefHost(*value),
        }
    }
}

impl From<&RetCore<'_>> for Pattern {
    fn from(ret: &RetCore<'_>) -> Pattern {
        match ret {
            RetCore::I32(value) => Pattern::I32(*value),
            RetCore::I64(value) => Pattern::I64(*value),
            RetCore::F32(value) => Pattern::F32(value.into()),
            RetCore::F64(value) => Pattern::F64(value.into()),
            RetCore::V128(value) => Pattern::V128(value.into()),
            RetCore::RefNull(heap) => Pattern::RefNull(heap.as_ref().map(HeapKind::from)),
            RetCore::RefExtern(value) => Pattern::RefExtern(*value),
            RetCore::RefHost(value) => Pattern::RefHost(*value),
            RetCore::RefFunc(func) => Pattern::RefFunc(func.as_ref().map(index_text)),
            RetCore::RefAny => Pattern::RefAny,
            RetCore::RefEq => Pattern::RefEq,
            RetCore::RefArray => Pattern::RefArray,
            RetCore::RefStruct => Pattern::RefStruct,
            RetCore::RefI31 => Pattern::RefI31,
            RetCore::RefI31Shared => Pattern::RefI31Shared,
            RetCore::Either(cases) => Pattern::Either(cases.iter().map(Pattern::from).collect()),
        }
    }
}

impl From<&NanPattern<F32>> for Float<u32> {
    fn from(pattern: &NanPattern<F32>) -> Float<u32> {
        match pattern {
            NanPattern::CanonicalNan => Float::CanonicalNan,
            NanPattern::ArithmeticNan => Float::ArithmeticNan,
            NanPattern::Value(value) => Float::Bits(value.bits),
        }
    }
}

impl From<&NanPattern<F64>> for Float<u64> {
    fn from(pattern: &NanPattern<F64>) -> Float<u64> {
        match pattern {
            NanPattern::CanonicalNan => Float::CanonicalNan,
            NanPattern::ArithmeticNan => Float::ArithmeticNan,
            NanPattern::Value(value) => Float::Bits(value.bits),
        }
    }
}

impl From<&V128Pattern> for Lanes {
    fn from(pattern: &V128Pattern) -> Lanes {
        match pattern {
            V128Pattern::I8x16(lanes) => Lanes::I8x16(*lanes),
            V128Pattern::I16x8(lanes) => Lanes::I16x8(*lanes),
            V128Pattern::I32x4(lanes) => Lanes::I32x4(*lanes),
            V128Pattern::I64x2(lanes) => Lanes::I64x2(*lanes),
            V128Pattern::F32x4(lanes) => Lanes::F32x4(lanes.each_ref().map(Float::from)),
            V128Pattern::F64x2(lanes) => Lanes::F64x2(lanes.each_ref().map(Float::from)),
        }
    }
}

impl From<&HeapType<'_>> for HeapKind {
    fn from(heap: &HeapType<'_>) -> HeapKind {
        match heap {
            HeapType::Abstract { shared: false, ty } => HeapKind::from(ty),
            HeapType::Abstract { shared: true, ty } => HeapKind::Shared(Box::new(HeapKind::from(ty))),
            HeapType::Concrete(index) => HeapKind::Defined(index_text(index)),
            HeapType::Exact(index) => HeapKind::Defined(format!("exact {}", index_text(index)).into()),
        }
    }
}

impl From<&AbstractHeapType> for HeapKind {
    fn from(ty: &AbstractHeapType) -> HeapKind {
        match ty {
            AbstractHeapType::Func => HeapKind::Func,
            AbstractHeapType::NoFunc => HeapKind::NoFunc,
            AbstractHeapType::Extern => HeapKind::Extern,
            AbstractHeapType::NoExtern => HeapKind::NoExtern,
            AbstractHeapType::Any => HeapKind::Any,
            AbstractHeapType::Eq => HeapKind::Eq,
            AbstractHeapType::I31 => HeapKind::I31,
            AbstractHeapType::Struct => HeapKind::Struct,
            AbstractHeapType::Array => HeapKind::Array,
            AbstractHeapType::None => HeapKind::None,
            AbstractHeapType::Exn => HeapKind::Exn,
            AbstractHeapType::NoExn => HeapKind::NoExn,
            AbstractHeapType::Cont => HeapKind::Cont,
            AbstractHeapType::NoCont => HeapKind::NoCont,
        }
    }
}

fn index_text(index: &Index<'_>) -> Box<str> {
    match index {
        Index::Num(number, _) => number.to_string().into(),
        Index::Id(id) => format!("${}", id.name()).into(),
    }
}

impl std::fmt::Display for HeapKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            HeapKind::Func => "func",
            HeapKind::NoFunc => "nofunc",
            HeapKind::Extern => "extern",
            HeapKind::NoExtern => "noextern",
            HeapKind::Any => "any",
            HeapKind::Eq => "eq",
            HeapKind::I31 => "i31",
            HeapKind::Struct => "struct",
            HeapKind::Array => "array",
            HeapKind::None => "none",
            HeapKind::Exn => "exn",
            HeapKind::NoExn => "noexn",
            HeapKind::Cont => "cont",
            HeapKind::NoCont => "nocont",
            HeapKind::Shared(ty) => return write!(f, "(shared {ty})"),
            HeapKind::Defined(name) => name,
        })
    }
}
