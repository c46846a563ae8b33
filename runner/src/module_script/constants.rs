//! Constants of scripts: as values, and as what is worth trying of a type.

use crate::trail::Value;
use fastrand::Rng;
use trapline_abi::{HeapType, Hierarchy, RefType, ValType};

/// A value as a constant of a script; `None` if no script can give it.
pub fn constant(value: &Value) -> Option<String> {
    Some(match *value {
        Value::I32(value) => format!("(i32.const {value})"),
        Value::I64(value) => format!("(i64.const {value})"),
        Value::F32(bits) => format!("(f32.const {})", float32(bits)),
        Value::F64(bits) => format!("(f64.const {})", float64(bits)),
        Value::V128(bits) => {
            let lanes: Vec<String> =
                bits.to_le_bytes().chunks_exact(4).map(|lane| format!("0x{:08x}", le32(lane))).collect();
            format!("(v128.const i32x4 {})", lanes.join(" "))
        }
        Value::NullFunc => "(ref.null func)".to_owned(),
        Value::NullExtern => "(ref.null extern)".to_owned(),
        Value::NullExn => "(ref.null exn)".to_owned(),
        Value::NullAny => "(ref.null any)".to_owned(),
        Value::Extern(number) => format!("(ref.extern {number})"),
        Value::Host(number) => format!("(ref.host {number})"),
        Value::I31(_) | Value::Func | Value::Exn | Value::Struct | Value::Array | Value::Externalized => {
            return None;
        }
    })
}

fn le32(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |bits, &byte| bits << 8 | u32::from(byte))
}

/// The literal of a float, bit by bit.
pub(crate) fn float32(bits: u32) -> String {
    let value = f32::from_bits(bits);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    match (value.is_nan(), value.is_infinite()) {
        (true, _) => format!("{sign}nan:{:#x}", bits & 0x7f_ffff),
        (_, true) => format!("{sign}inf"),
        // The shortest decimal that is read as the same float.
        _ => format!("{value:?}"),
    }
}

/// As [`float32`].
pub(crate) fn float64(bits: u64) -> String {
    let value = f64::from_bits(bits);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    match (value.is_nan(), value.is_infinite()) {
        (true, _) => format!("{sign}nan:{:#x}", bits & 0xf_ffff_ffff_ffff),
        (_, true) => format!("{sign}inf"),
        _ => format!("{value:?}"),
    }
}

/// Which values a call has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Choice {
    /// The value of this number among those at the boundaries of each type.
    Boundary(usize),
    /// The least value and minus one in turn, of which the quotient overflows.
    Alternating,
    /// For each parameter another one.
    Mixed,
}

/// The calls whose arguments are all at the same boundary.
const ALIKE: u32 = 5;
/// The numbers of minus one and of the least value among those at the boundaries.
const MINUS_ONE: usize = 2;
const LEAST: usize = 3;

impl Choice {
    /// What a parameter of this number has, from 0.
    pub(super) fn at(self, parameter: usize) -> Choice {
        match self {
            Choice::Alternating => {
                Choice::Boundary(if parameter.is_multiple_of(2) { LEAST } else { MINUS_ONE })
            }
            choice => choice,
        }
    }

    /// The choice of a function's call of this number, from 0. First all zero.
    pub(super) fn of(number: u32, rng: &mut Rng) -> Choice {
        // Calls draw equally often, so that one more changes none of the others.
        rng.u8(..);
        match number {
            0..ALIKE => Choice::Boundary(number as usize),
            ALIKE => Choice::Alternating,
            _ => Choice::Mixed,
        }
    }
}

const I32: [i32; 9] = [0, 1, -1, i32::MIN, i32::MAX, 0xffff, 0x1_0000, 31, 32];
const I64: [i64; 10] = [0, 1, -1, i64::MIN, i64::MAX, 0xffff_ffff, 0x1_0000_0000, -0x8000_0000, 63, 64];
const F32: [u32; 10] = [
    0,
    0x3f80_0000,
    0xbf80_0000,
    0xff80_0000,
    0x7f80_0000,
    0x8000_0000,
    0x7fc0_0000,
    0x0000_0001,
    0x4f00_0000,
    0x7f7f_ffff,
];
const F64: [u64; 10] = [
    0,
    0x3ff0_0000_0000_0000,
    0xbff0_0000_0000_0000,
    0xfff0_0000_0000_0000,
    0x7ff0_0000_0000_0000,
    0x8000_0000_0000_0000,
    0x7ff8_0000_0000_0000,
    0x0000_0000_0000_0001,
    0x41e0_0000_0000_0000,
    0x43e0_0000_0000_0000,
];
const V128: [u128; 6] = [0, 1, u128::MAX, 1 << 127, 0x8000_0000_8000_0000_8000_0000_8000_0000, 0x7f << 64];

/// A constant of a type; `None` if no script can give one.
pub(super) fn chosen<I: Copy>(ty: ValType<I>, choice: Choice, rng: &mut Rng) -> Option<String> {
    fn pick<T: Copy>(values: &[T], choice: Choice, rng: &mut Rng) -> T {
        match choice {
            Choice::Boundary(number) => values[number % values.len()],
            Choice::Alternating | Choice::Mixed => values[rng.usize(..values.len())],
        }
    }
    // One in four is any number.
    let any = choice == Choice::Mixed && rng.u8(..4) == 0;
    let value = match ty {
        ValType::I32 if any => Value::I32(rng.i32(..)),
        ValType::I64 if any => Value::I64(rng.i64(..)),
        ValType::F32 if any => Value::F32(rng.u32(..)),
        ValType::F64 if any => Value::F64(rng.u64(..)),
        ValType::V128 if any => Value::V128(rng.u128(..)),
        ValType::I32 => Value::I32(pick(&I32, choice, rng)),
        ValType::I64 => Value::I64(pick(&I64, choice, rng)),
        ValType::F32 => Value::F32(pick(&F32, choice, rng)),
        ValType::F64 => Value::F64(pick(&F64, choice, rng)),
        ValType::V128 => Value::V128(pick(&V128, choice, rng)),
        ValType::Ref(RefType { heap: HeapType::NoExtern, nullable }) => match nullable {
            true => Value::NullExtern,
            false => return None,
        },
        ValType::Ref(reference) => match (reference.heap.hierarchy(), reference.nullable) {
            (Hierarchy::Extern, false) => Value::Extern(1),
            (Hierarchy::Extern, true) => pick(&[Value::NullExtern, Value::Extern(1)], choice, rng),
            (Hierarchy::Func, true) => Value::NullFunc,
            (Hierarchy::Any, true) => Value::NullAny,
            (Hierarchy::Exn, true) => Value::NullExn,
            (Hierarchy::Func | Hierarchy::Any | Hierarchy::Exn | Hierarchy::Cont, _) => return None,
        },
    };
    constant(&value)
}
