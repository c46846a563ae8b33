//! Patterns for results, each changed into one that the same result cannot match.
//!
//! What a result really is stays unknown here; it is only known to match the pattern that the script has. So a change
//! must lead to a pattern that has no value in common with the old one. These look like changes and are not made,
//! because the specification lets a correct result match them too:
//!
//! - a canonical NaN to an arithmetic one (every canonical NaN is one), an arithmetic one to a canonical one (it may be
//!   just that), the payload or the sign under either, and bits that are a canonical NaN to either;
//! - one alternative of `either` (the result may match another one);
//! - the heap type of a null (the specification's interpreter takes all nulls for equal), an external reference of any
//!   number to one of a certain number, and `ref.any` or `ref.eq` to something narrower.
//!
//! The bits of NaNs are told apart here by rules of their own, on purpose: with those of [`crate::matchers`], a matcher
//! that is too lenient would hide the very mutants that it lets live.

use super::mutation::Mutation;
use crate::script::{Float, HeapKind, Lanes, Pattern};
use fastrand::Rng;
use trapline_abi::Hierarchy;

/// The changes of patterns, lane by lane for vectors.
pub(super) const MUTATIONS: [Mutation; 16] = [
    Mutation::IntegerBit,
    Mutation::FloatBit,
    Mutation::ZeroSign,
    Mutation::NanToNumber,
    Mutation::NanPayload,
    Mutation::NumberToNan,
    Mutation::LaneBit,
    Mutation::LaneNanToNumber,
    Mutation::LaneNanPayload,
    Mutation::LaneNumberToNan,
    Mutation::ValueType,
    Mutation::ReferenceToNull,
    Mutation::NullToReference,
    Mutation::HostNumber,
    Mutation::ReferenceClass,
    Mutation::EitherAll,
];

/// How many places of a pattern can be changed apart from each other.
pub(super) fn lanes_of(pattern: &Pattern) -> u16 {
    match pattern {
        Pattern::V128(Lanes::I8x16(_)) => 16,
        Pattern::V128(Lanes::I16x8(_)) => 8,
        Pattern::V128(Lanes::I32x4(_) | Lanes::F32x4(_)) => 4,
        Pattern::V128(Lanes::I64x2(_) | Lanes::F64x2(_)) => 2,
        _ => 1,
    }
}

/// A pattern with one change, or nothing if the change means nothing for this pattern. Only lane 0 has changes that
/// concern the whole.
pub(super) fn change(
    pattern: &Pattern,
    mutation: Mutation,
    lane: u16,
    rng: impl FnOnce() -> Rng,
) -> Option<Pattern> {
    match mutation {
        Mutation::IntegerBit => match pattern {
            Pattern::I32(value) => Some(Pattern::I32(value ^ (1 << rng().u32(0..32)))),
            Pattern::I64(value) => Some(Pattern::I64(value ^ (1 << rng().u32(0..64)))),
            _ => None,
        },
        Mutation::FloatBit
        | Mutation::ZeroSign
        | Mutation::NanToNumber
        | Mutation::NanPayload
        | Mutation::NumberToNan => match pattern {
            Pattern::F32(float) => BINARY32.change32(*float, mutation, rng).map(Pattern::F32),
            Pattern::F64(float) => BINARY64.change(*float, mutation, rng).map(Pattern::F64),
            _ => None,
        },
        Mutation::LaneBit
        | Mutation::LaneNanToNumber
        | Mutation::LaneNanPayload
        | Mutation::LaneNumberToNan => match pattern {
            Pattern::V128(lanes) => change_lane(lanes, mutation, usize::from(lane), rng).map(Pattern::V128),
            _ => None,
        },
        _ if lane != 0 => None,
        Mutation::ValueType => of_another_type(pattern),
        Mutation::ReferenceToNull => reference_to_null(pattern, rng),
        Mutation::NullToReference => null_to_reference(pattern, rng),
        Mutation::HostNumber => match pattern {
            Pattern::RefExtern(Some(number)) => {
                Some(Pattern::RefExtern(Some(number ^ (1 << rng().u32(0..32)))))
            }
            Pattern::RefHost(number) => Some(Pattern::RefHost(number ^ (1 << rng().u32(0..32)))),
            _ => None,
        },
        Mutation::ReferenceClass => match pattern {
            Pattern::RefStruct => Some(Pattern::RefArray),
            Pattern::RefArray => Some(Pattern::RefI31),
            Pattern::RefI31 => Some(Pattern::RefStruct),
            _ => None,
        },
        Mutation::EitherAll => match pattern {
            Pattern::Either(cases) => change_all(cases, &mut rng()),
            _ => None,
        },
        _ => None,
    }
}

/// The same bits, or as close as may be, as a value of another type.
fn of_another_type(pattern: &Pattern) -> Option<Pattern> {
    Some(match pattern {
        Pattern::I32(value) => Pattern::I64(i64::from(*value)),
        Pattern::I64(value) => Pattern::I32(*value as i32),
        Pattern::F32(Float::Bits(bits)) => Pattern::I32(*bits as i32),
        Pattern::F64(Float::Bits(bits)) => Pattern::I64(*bits as i64),
        Pattern::F32(Float::CanonicalNan | Float::ArithmeticNan) => Pattern::F64(Float::ArithmeticNan),
        Pattern::F64(Float::CanonicalNan | Float::ArithmeticNan) => Pattern::F32(Float::ArithmeticNan),
        Pattern::V128(lanes) => Pattern::I64(low_bits(lanes)),
        Pattern::RefNull(_) => Pattern::I32(0),
        Pattern::RefExtern(number) => Pattern::I32(number.unwrap_or(0) as i32),
        Pattern::RefHost(number) => Pattern::I32(*number as i32),
        Pattern::RefFunc(_) => Pattern::RefExtern(None),
        Pattern::RefAny
        | Pattern::RefEq
        | Pattern::RefArray
        | Pattern::RefStruct
        | Pattern::RefI31
        | Pattern::RefI31Shared => Pattern::RefFunc(None),
        Pattern::Either(_) => return None,
    })
}

fn low_bits(lanes: &Lanes) -> i64 {
    match spread(lanes) {
        Some(bits) => bits as i64,
        None => 0,
    }
}

fn reference_to_null(pattern: &Pattern, rng: impl FnOnce() -> Rng) -> Option<Pattern> {
    let heap = match pattern {
        Pattern::RefFunc(_) => HeapKind::Func,
        Pattern::RefExtern(_) => HeapKind::Extern,
        Pattern::RefHost(_)
        | Pattern::RefAny
        | Pattern::RefEq
        | Pattern::RefArray
        | Pattern::RefStruct
        | Pattern::RefI31
        | Pattern::RefI31Shared => HeapKind::Any,
        _ => return None,
    };
    Some(Pattern::RefNull(rng().bool().then_some(heap)))
}

fn null_to_reference(pattern: &Pattern, rng: impl FnOnce() -> Rng) -> Option<Pattern> {
    let Pattern::RefNull(heap) = pattern else { return None };
    Some(match heap.as_ref().and_then(HeapKind::hierarchy) {
        Some(Hierarchy::Func) => Pattern::RefFunc(None),
        Some(Hierarchy::Extern) => Pattern::RefExtern(None),
        Some(Hierarchy::Any) => Pattern::RefAny,
        // Scripts have no pattern for references of the other hierarchies, or the hierarchy is not known: any
        // reference that is not null will do.
        None | Some(Hierarchy::Exn | Hierarchy::Cont) => match rng().u8(0..3) {
            0 => Pattern::RefFunc(None),
            1 => Pattern::RefExtern(None),
            _ => Pattern::RefAny,
        },
    })
}

/// Every alternative changed, and none into something that another one was.
fn change_all(cases: &[Pattern], rng: &mut Rng) -> Option<Pattern> {
    /// A change that meets another alternative is rare, but there are lanes of few bits.
    const ATTEMPTS: usize = 64;
    let foreign = |changed: &Pattern| cases.iter().all(|case| disjoint(case, changed));
    let mut change_one = |case: &Pattern| {
        let mut attempt = || {
            let mutation = MUTATIONS[rng.usize(..MUTATIONS.len())];
            let lane = rng.u16(..lanes_of(case));
            change(case, mutation, lane, || rng.fork()).filter(foreign)
        };
        (0..ATTEMPTS * MUTATIONS.len()).find_map(|_| attempt())
    };
    cases.iter().map(&mut change_one).collect::<Option<Vec<_>>>().map(Pattern::Either)
}

/// Whether no value at all matches both patterns. `false` where that is not certain.
pub(super) fn disjoint(a: &Pattern, b: &Pattern) -> bool {
    use Pattern::{
        Either, F32, F64, I32, I64, RefArray, RefExtern, RefHost, RefI31, RefNull, RefStruct, V128,
    };
    match (a, b) {
        (Either(cases), other) | (other, Either(cases)) => cases.iter().all(|case| disjoint(case, other)),
        (I32(a), I32(b)) => a != b,
        (I64(a), I64(b)) => a != b,
        (F32(a), F32(b)) => BINARY32.disjoint(widen(*a), widen(*b)),
        (F64(a), F64(b)) => BINARY64.disjoint(*a, *b),
        (V128(a), V128(b)) => lanes_disjoint(a, b),
        (RefExtern(Some(a)), RefExtern(Some(b))) | (RefHost(a), RefHost(b)) => a != b,
        (RefNull(_), RefNull(_)) => false,
        (RefStruct, RefArray | RefI31) | (RefArray, RefStruct | RefI31) | (RefI31, RefStruct | RefArray) => {
            true
        }
        // The type decides, or that one is null and the other not.
        _ => kind_of(a) != kind_of(b),
    }
}

/// What tells values apart without looking into them.
#[derive(PartialEq, Eq)]
enum Kind {
    I32,
    I64,
    F32,
    F64,
    V128,
    Null,
    Func,
    Extern,
    Any,
}

fn kind_of(pattern: &Pattern) -> Option<Kind> {
    Some(match pattern {
        Pattern::I32(_) => Kind::I32,
        Pattern::I64(_) => Kind::I64,
        Pattern::F32(_) => Kind::F32,
        Pattern::F64(_) => Kind::F64,
        Pattern::V128(_) => Kind::V128,
        Pattern::RefNull(_) => Kind::Null,
        Pattern::RefFunc(_) => Kind::Func,
        Pattern::RefExtern(_) => Kind::Extern,
        Pattern::RefHost(_)
        | Pattern::RefAny
        | Pattern::RefEq
        | Pattern::RefArray
        | Pattern::RefStruct
        | Pattern::RefI31
        | Pattern::RefI31Shared => Kind::Any,
        Pattern::Either(_) => return None,
    })
}

/// A binary format of IEEE 754, with bits held in the low part of a `u64`.
struct Binary {
    sign: u64,
    /// Every bit of the exponent.
    exponent: u64,
    /// The highest bit of the fraction, which arithmetic NaNs have.
    quiet: u64,
}

const BINARY32: Binary = Binary { sign: 1 << 31, exponent: 0xff << 23, quiet: 1 << 22 };
const BINARY64: Binary = Binary { sign: 1 << 63, exponent: 0x7ff << 52, quiet: 1 << 51 };

impl Binary {
    fn change(&self, float: Float<u64>, mutation: Mutation, rng: impl FnOnce() -> Rng) -> Option<Float<u64>> {
        match (mutation, float) {
            (Mutation::FloatBit | Mutation::LaneBit, Float::Bits(bits)) => {
                Some(Float::Bits(bits ^ (1 << rng().u32(..self.sign.trailing_zeros() + 1))))
            }
            (Mutation::ZeroSign, Float::Bits(bits)) if bits & !self.sign == 0 => {
                Some(Float::Bits(bits ^ self.sign))
            }
            (
                Mutation::NanToNumber | Mutation::LaneNanToNumber,
                Float::CanonicalNan | Float::ArithmeticNan,
            ) => Some(Float::Bits(self.number(&mut rng()))),
            (Mutation::NanPayload | Mutation::LaneNanPayload, Float::CanonicalNan) => {
                Some(Float::Bits(self.quiet | self.signalling(&mut rng())))
            }
            (Mutation::NanPayload | Mutation::LaneNanPayload, Float::ArithmeticNan) => {
                Some(Float::Bits(self.signalling(&mut rng())))
            }
            // The more lenient of the two if it can be.
            (Mutation::NumberToNan | Mutation::LaneNumberToNan, Float::Bits(_)) => {
                [Float::ArithmeticNan, Float::CanonicalNan].into_iter().find(|nan| self.disjoint(*nan, float))
            }
            _ => None,
        }
    }

    fn change32(
        &self,
        float: Float<u32>,
        mutation: Mutation,
        rng: impl FnOnce() -> Rng,
    ) -> Option<Float<u32>> {
        self.change(widen(float), mutation, rng).map(narrow)
    }

    /// Bits of anything but a NaN or an infinity.
    fn number(&self, rng: &mut Rng) -> u64 {
        let bits = rng.u64(..) & (self.sign | (self.sign - 1));
        if bits & self.exponent == self.exponent { bits & !(self.quiet << 1) } else { bits }
    }

    /// Bits of a NaN that is not arithmetic.
    fn signalling(&self, rng: &mut Rng) -> u64 {
        let sign = if rng.bool() { self.sign } else { 0 };
        sign | self.exponent | rng.u64(1..self.quiet)
    }

    /// Whether no number matches both.
    fn disjoint(&self, a: Float<u64>, b: Float<u64>) -> bool {
        match (a, b) {
            (Float::Bits(a), Float::Bits(b)) => a != b,
            (Float::CanonicalNan, Float::Bits(bits)) | (Float::Bits(bits), Float::CanonicalNan) => {
                bits & !self.sign != self.exponent | self.quiet
            }
            (Float::ArithmeticNan, Float::Bits(bits)) | (Float::Bits(bits), Float::ArithmeticNan) => {
                bits & self.exponent != self.exponent || bits & self.quiet == 0
            }
            (Float::CanonicalNan | Float::ArithmeticNan, Float::CanonicalNan | Float::ArithmeticNan) => false,
        }
    }
}

fn widen(float: Float<u32>) -> Float<u64> {
    match float {
        Float::Bits(bits) => Float::Bits(u64::from(bits)),
        Float::CanonicalNan => Float::CanonicalNan,
        Float::ArithmeticNan => Float::ArithmeticNan,
    }
}

fn narrow(float: Float<u64>) -> Float<u32> {
    match float {
        Float::Bits(bits) => Float::Bits(bits as u32),
        Float::CanonicalNan => Float::CanonicalNan,
        Float::ArithmeticNan => Float::ArithmeticNan,
    }
}

fn change_lane(lanes: &Lanes, mutation: Mutation, lane: usize, rng: impl FnOnce() -> Rng) -> Option<Lanes> {
    let mut lanes = *lanes;
    let is_bit = mutation == Mutation::LaneBit;
    match &mut lanes {
        Lanes::I8x16(lanes) if is_bit => lanes[lane] ^= 1 << rng().u32(..8),
        Lanes::I16x8(lanes) if is_bit => lanes[lane] ^= 1 << rng().u32(..16),
        Lanes::I32x4(lanes) if is_bit => lanes[lane] ^= 1 << rng().u32(..32),
        Lanes::I64x2(lanes) if is_bit => lanes[lane] ^= 1 << rng().u32(..64),
        Lanes::F32x4(lanes) => lanes[lane] = BINARY32.change32(lanes[lane], mutation, rng)?,
        Lanes::F64x2(lanes) => lanes[lane] = BINARY64.change(lanes[lane], mutation, rng)?,
        _ => return None,
    }
    Some(lanes)
}

fn lanes_disjoint(a: &Lanes, b: &Lanes) -> bool {
    match (a, b) {
        (Lanes::F32x4(a), Lanes::F32x4(b)) => {
            a.iter().zip(b).any(|(a, b)| BINARY32.disjoint(widen(*a), widen(*b)))
        }
        (Lanes::F64x2(a), Lanes::F64x2(b)) => a.iter().zip(b).any(|(a, b)| BINARY64.disjoint(*a, *b)),
        _ => match (spread(a), spread(b)) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        },
    }
}

/// The bits of a vector, if the lanes leave nothing open.
fn spread(lanes: &Lanes) -> Option<u128> {
    fn join(width: u32, lanes: impl Iterator<Item = Option<u64>>) -> Option<u128> {
        (0..)
            .zip(lanes)
            .try_fold(0, |bits, (lane, value)| Some(bits | (u128::from(value?) << (width * lane))))
    }
    match lanes {
        Lanes::I8x16(lanes) => join(8, lanes.iter().map(|lane| Some(u64::from(*lane as u8)))),
        Lanes::I16x8(lanes) => join(16, lanes.iter().map(|lane| Some(u64::from(*lane as u16)))),
        Lanes::I32x4(lanes) => join(32, lanes.iter().map(|lane| Some(u64::from(*lane as u32)))),
        Lanes::I64x2(lanes) => join(64, lanes.iter().map(|lane| Some(*lane as u64))),
        Lanes::F32x4(lanes) => join(32, lanes.iter().map(|lane| bits_of(widen(*lane)))),
        Lanes::F64x2(lanes) => join(64, lanes.iter().map(|lane| bits_of(*lane))),
    }
}

fn bits_of(float: Float<u64>) -> Option<u64> {
    match float {
        Float::Bits(bits) => Some(bits),
        Float::CanonicalNan | Float::ArithmeticNan => None,
    }
}
