//! Whether what happened is what a script wants: results by count, type and bits, traps by kind
//! and text.

mod render;
mod text;

#[cfg(test)]
mod tests;

pub(crate) use render::hex;
pub use render::{arguments, patterns, values};
pub use text::{names_custom_error, names_link_error, names_trap};

use crate::script::{Float, HeapKind, Lanes, Pattern};
use crate::trail::Value;
use trapline_abi::Hierarchy;

/// Whether one result is what a pattern wants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is.
    Match,
    /// It is not.
    Mismatch,
    /// It cannot be told, for this reason.
    Undecidable(&'static str),
}

impl Verdict {
    fn of(matches: bool) -> Verdict {
        if matches { Verdict::Match } else { Verdict::Mismatch }
    }
}

/// Whether the results of an action are what the script wants, in count and one by one. A result
/// that differs decides before one that cannot be told.
pub fn match_results(got: &[Value], want: &[Pattern]) -> Verdict {
    if got.len() != want.len() {
        return Verdict::Mismatch;
    }
    all(got.iter().zip(want).map(|(got, want)| match_value(got, want)))
}

/// Whether one result is what a pattern wants, in type and bits.
pub fn match_value(got: &Value, want: &Pattern) -> Verdict {
    match (want, got) {
        (Pattern::I32(want), Value::I32(got)) => Verdict::of(want == got),
        (Pattern::I64(want), Value::I64(got)) => Verdict::of(want == got),
        (Pattern::F32(want), Value::F32(got)) => Verdict::of(want.holds(*got)),
        (Pattern::F64(want), Value::F64(got)) => Verdict::of(want.holds(*got)),
        (Pattern::V128(want), Value::V128(got)) => Verdict::of(lanes_hold(want, *got)),
        (Pattern::RefNull(heap), Value::NullFunc) => null_of(heap, Hierarchy::Func),
        (Pattern::RefNull(heap), Value::NullExtern) => null_of(heap, Hierarchy::Extern),
        (Pattern::RefNull(heap), Value::NullExn) => null_of(heap, Hierarchy::Exn),
        (Pattern::RefNull(heap), Value::NullAny) => null_of(heap, Hierarchy::Any),
        (Pattern::RefExtern(None), Value::Externalized) => Verdict::Match,
        (Pattern::RefHost(want), Value::Host(got)) => Verdict::of(want == got),
        (Pattern::RefAny, Value::I31(_) | Value::Host(_) | Value::Struct | Value::Array) => Verdict::Match,
        (Pattern::RefEq, Value::I31(_) | Value::Struct | Value::Array) => Verdict::Match,
        (Pattern::RefI31, Value::I31(_)) => Verdict::Match,
        (Pattern::RefStruct, Value::Struct) | (Pattern::RefArray, Value::Array) => Verdict::Match,
        (Pattern::RefExtern(want), Value::Extern(got)) => Verdict::of(want.is_none_or(|want| want == *got)),
        (Pattern::RefFunc(None), Value::Func) => Verdict::Match,
        (Pattern::RefFunc(Some(_)), Value::Func) => {
            Verdict::Undecidable("which function a reference result refers to")
        }
        (Pattern::Either(cases), got) => any(cases.iter().map(|case| match_value(got, case))),
        // A value of another type than the pattern's, or a null where there must be none, or the
        // reverse. Function and external references are not values of the `any` hierarchy.
        (
            Pattern::I32(_)
            | Pattern::I64(_)
            | Pattern::F32(_)
            | Pattern::F64(_)
            | Pattern::V128(_)
            | Pattern::RefNull(_)
            | Pattern::RefExtern(_)
            | Pattern::RefHost(_)
            | Pattern::RefFunc(_)
            | Pattern::RefAny
            | Pattern::RefEq
            | Pattern::RefArray
            | Pattern::RefStruct
            | Pattern::RefI31
            | Pattern::RefI31Shared,
            Value::I32(_)
            | Value::I64(_)
            | Value::F32(_)
            | Value::F64(_)
            | Value::V128(_)
            | Value::NullFunc
            | Value::Func
            | Value::NullExtern
            | Value::Extern(_)
            | Value::NullExn
            | Value::Exn
            | Value::NullAny
            | Value::I31(_)
            | Value::Host(_)
            | Value::Struct
            | Value::Array
            | Value::Externalized,
        ) => Verdict::Mismatch,
    }
}

/// Null of a hierarchy, where null is wanted, of a heap type if there is one.
fn null_of(wanted: &Option<HeapKind>, hierarchy: Hierarchy) -> Verdict {
    Verdict::of(wanted.as_ref().is_none_or(|heap| heap.hierarchy() == Some(hierarchy)))
}

fn all(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut result = Verdict::Match;
    for verdict in verdicts {
        match verdict {
            Verdict::Match => {}
            Verdict::Mismatch => return Verdict::Mismatch,
            Verdict::Undecidable(_) => result = verdict,
        }
    }
    result
}

fn any(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut result = Verdict::Mismatch;
    for verdict in verdicts {
        match verdict {
            Verdict::Match => return Verdict::Match,
            Verdict::Mismatch => {}
            Verdict::Undecidable(_) => result = verdict,
        }
    }
    result
}

impl Float<u32> {
    /// Whether a binary32 of these bits is what is wanted (specification: "Values", canonical and
    /// arithmetic NaNs).
    pub fn holds(self, bits: u32) -> bool {
        const CANONICAL: u32 = 0x7fc0_0000;
        match self {
            Float::CanonicalNan => bits & !(1 << 31) == CANONICAL,
            Float::ArithmeticNan => bits & CANONICAL == CANONICAL,
            Float::Bits(want) => bits == want,
        }
    }
}

impl Float<u64> {
    /// Whether a binary64 of these bits is what is wanted.
    pub fn holds(self, bits: u64) -> bool {
        const CANONICAL: u64 = 0x7ff8_0000_0000_0000;
        match self {
            Float::CanonicalNan => bits & !(1 << 63) == CANONICAL,
            Float::ArithmeticNan => bits & CANONICAL == CANONICAL,
            Float::Bits(want) => bits == want,
        }
    }
}

fn lanes_hold(want: &Lanes, got: u128) -> bool {
    match want {
        Lanes::I8x16(want) => (0..).zip(want).all(|(i, &want)| (got >> (8 * i)) as i8 == want),
        Lanes::I16x8(want) => (0..).zip(want).all(|(i, &want)| (got >> (16 * i)) as i16 == want),
        Lanes::I32x4(want) => (0..).zip(want).all(|(i, &want)| (got >> (32 * i)) as i32 == want),
        Lanes::I64x2(want) => (0..).zip(want).all(|(i, &want)| (got >> (64 * i)) as i64 == want),
        Lanes::F32x4(want) => (0..).zip(want).all(|(i, want)| want.holds((got >> (32 * i)) as u32)),
        Lanes::F64x2(want) => (0..).zip(want).all(|(i, want)| want.holds((got >> (64 * i)) as u64)),
    }
}
