//! Values as the patterns of `assert_return`.

use crate::module_script::{constant, float32, float64};
use crate::trail::Value;

/// The quiet NaN without a payload, with either sign.
const CANONICAL_32: u32 = 0x7fc0_0000;
const CANONICAL_64: u64 = 0x7ff8_0000_0000_0000;

/// The pattern of a value. `canonical` is the same value on an engine whose NaNs are canonical, if there is one. `None` if no
/// pattern describes the value, or if it depends on the bits of a NaN without being one: the specification leaves those open.
///
/// A NaN that an instruction has computed can have other bits on another engine ("NaN Propagation" in the specification), and
/// one that was only moved cannot. Which of the two it is, is seen by canonical NaNs: they change what was computed.
pub(super) fn pattern(value: &Value, canonical: Option<&Value>) -> Option<String> {
    match (*value, canonical.copied()) {
        (Value::F32(bits), Some(Value::F32(other))) => nan_or_number32(bits, Some(other)),
        (Value::F32(bits), None) => nan_or_number32(bits, None),
        (Value::F64(bits), Some(Value::F64(other))) => nan_or_number64(bits, Some(other)),
        (Value::F64(bits), None) => nan_or_number64(bits, None),
        (Value::V128(bits), Some(Value::V128(other))) if bits != other => lanes(bits, other),
        (value, Some(other)) if value != other => None,
        (value, _) => of_other(&value),
    }
}

fn of_other(value: &Value) -> Option<String> {
    match value {
        Value::I31(_) => Some("(ref.i31)".to_owned()),
        Value::Func => Some("(ref.func)".to_owned()),
        Value::Struct => Some("(ref.struct)".to_owned()),
        Value::Array => Some("(ref.array)".to_owned()),
        Value::Externalized => Some("(ref.extern)".to_owned()),
        // No script has a pattern for an exception.
        Value::Exn => None,
        value => constant(value),
    }
}

fn nan_or_number32(bits: u32, canonical: Option<u32>) -> Option<String> {
    Some(format!("(f32.const {})", literal32(bits, canonical)?))
}

fn nan_or_number64(bits: u64, canonical: Option<u64>) -> Option<String> {
    Some(format!("(f64.const {})", literal64(bits, canonical)?))
}

/// The literal of a float, or the class of NaNs that it is one of.
fn literal32(bits: u32, canonical: Option<u32>) -> Option<String> {
    let is_nan = |bits: u32| f32::from_bits(bits).is_nan();
    let is_quiet = bits & CANONICAL_32 == CANONICAL_32;
    let class = if bits & !(1 << 31) == CANONICAL_32 { "nan:canonical" } else { "nan:arithmetic" };
    match canonical {
        _ if !is_nan(bits) && canonical.is_none_or(|other| other == bits) => Some(float32(bits)),
        // A canonical NaN that is positive may have been computed or not.
        Some(other) if other == bits && bits != CANONICAL_32 => Some(float32(bits)),
        Some(other) if !is_nan(bits) || !is_nan(other) => None,
        // No instruction computes a signalling NaN.
        _ if !is_quiet => Some(float32(bits)),
        _ => Some(class.to_owned()),
    }
}

/// As [`literal32`].
fn literal64(bits: u64, canonical: Option<u64>) -> Option<String> {
    let is_nan = |bits: u64| f64::from_bits(bits).is_nan();
    let is_quiet = bits & CANONICAL_64 == CANONICAL_64;
    let class = if bits & !(1 << 63) == CANONICAL_64 { "nan:canonical" } else { "nan:arithmetic" };
    match canonical {
        _ if !is_nan(bits) && canonical.is_none_or(|other| other == bits) => Some(float64(bits)),
        Some(other) if other == bits && bits != CANONICAL_64 => Some(float64(bits)),
        Some(other) if !is_nan(bits) || !is_nan(other) => None,
        _ if !is_quiet => Some(float64(bits)),
        _ => Some(class.to_owned()),
    }
}

/// A vector that is another one with canonical NaNs, lane by lane of the shape in which only NaNs differ.
fn lanes(bits: u128, other: u128) -> Option<String> {
    let narrow = (0..4).map(|lane| {
        let of = |bits: u128| (bits >> (32 * lane)) as u32;
        literal32(of(bits), Some(of(other)))
    });
    let wide = (0..2).map(|lane| {
        let of = |bits: u128| (bits >> (64 * lane)) as u64;
        literal64(of(bits), Some(of(other)))
    });
    let shaped = |shape: &str, lanes: Option<Vec<String>>| {
        lanes.map(|lanes| format!("(v128.const {shape} {})", lanes.join(" ")))
    };
    // The lower half of a wide NaN is no NaN, and so only one of the shapes fits.
    shaped("f64x2", wide.collect()).or_else(|| shaped("f32x4", narrow.collect()))
}
