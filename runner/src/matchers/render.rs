//! Values and patterns for people: numbers in decimal and hexadecimal, vectors lane by lane.

use crate::script::{Argument, Float, Lanes, Pattern};
use crate::trail::Value;
use std::fmt::{Display, Write};

/// The results that a script wants.
pub fn patterns(want: &[Pattern]) -> String {
    list(want.iter().map(pattern))
}

/// The results that there are. Vectors come in the shape that the script has in the same place.
pub fn values(got: &[Value], want: &[Pattern]) -> String {
    list(got.iter().enumerate().map(|(i, got)| value(got, want.get(i))))
}

/// The arguments of a call.
pub fn arguments(args: &[Argument]) -> String {
    list(args.iter().map(argument))
}

fn list(mut items: impl ExactSizeIterator<Item = String>) -> String {
    match items.len() {
        0 | 1 => items.next().unwrap_or_else(|| "nothing".to_owned()),
        count => format!("{count} values: {}", items.collect::<Vec<_>>().join(", ")),
    }
}

fn pattern(want: &Pattern) -> String {
    match want {
        Pattern::I32(want) => i32(*want),
        Pattern::I64(want) => i64(*want),
        Pattern::F32(want) => format!("f32 {}", both(&float32(*want))),
        Pattern::F64(want) => format!("f64 {}", both(&float64(*want))),
        Pattern::V128(want) => lanes(want),
        Pattern::RefNull(Some(heap)) => format!("ref.null {heap}"),
        Pattern::RefNull(None) => "ref.null".to_owned(),
        Pattern::RefExtern(Some(want)) => format!("ref.extern {want} ({want:#x})"),
        Pattern::RefExtern(None) => "ref.extern".to_owned(),
        Pattern::RefHost(want) => format!("ref.host {want} ({want:#x})"),
        Pattern::RefFunc(Some(func)) => format!("ref.func {func}"),
        Pattern::RefFunc(None) => "ref.func".to_owned(),
        Pattern::RefAny => "ref.any".to_owned(),
        Pattern::RefEq => "ref.eq".to_owned(),
        Pattern::RefArray => "ref.array".to_owned(),
        Pattern::RefStruct => "ref.struct".to_owned(),
        Pattern::RefI31 => "ref.i31".to_owned(),
        Pattern::RefI31Shared => "ref.i31_shared".to_owned(),
        Pattern::Either(cases) => {
            format!("either {}", cases.iter().map(pattern).collect::<Vec<_>>().join(" or "))
        }
    }
}

fn value(got: &Value, want: Option<&Pattern>) -> String {
    match got {
        Value::I32(got) => i32(*got),
        Value::I64(got) => i64(*got),
        Value::F32(got) => format!("f32 {}", both(&float32(Float::Bits(*got)))),
        Value::F64(got) => format!("f64 {}", both(&float64(Float::Bits(*got)))),
        Value::V128(got) => lanes(&reshape(*got, want.and_then(shape))),
        Value::NullFunc => "ref.null func".to_owned(),
        Value::Func => "ref.func".to_owned(),
        Value::NullExtern => "ref.null extern".to_owned(),
        Value::Extern(got) => format!("ref.extern {got} ({got:#x})"),
        Value::NullExn => "ref.null exn".to_owned(),
        Value::Exn => "ref.exn".to_owned(),
        Value::NullAny => "ref.null any".to_owned(),
        Value::I31(got) => number("ref.i31 ", *got, got.cast_unsigned().into(), 8),
        Value::Host(got) => format!("ref.host {got} ({got:#x})"),
        Value::Struct => "ref.struct".to_owned(),
        Value::Array => "ref.array".to_owned(),
        Value::Externalized => "ref.extern of no host value".to_owned(),
    }
}

fn argument(arg: &Argument) -> String {
    match arg {
        Argument::I32(arg) => i32(*arg),
        Argument::I64(arg) => i64(*arg),
        Argument::F32(arg) => format!("f32 {}", both(&float32(Float::Bits(*arg)))),
        Argument::F64(arg) => format!("f64 {}", both(&float64(Float::Bits(*arg)))),
        Argument::V128(arg) => lanes(&reshape(*arg, None)),
        Argument::RefNull(heap) => format!("ref.null {heap}"),
        Argument::RefExtern(arg) => format!("ref.extern {arg} ({arg:#x})"),
        Argument::RefHost(arg) => format!("ref.host {arg} ({arg:#x})"),
    }
}

fn i32(value: i32) -> String {
    number("i32 ", value, value.cast_unsigned().into(), 8)
}

fn i64(value: i64) -> String {
    number("i64 ", value, value.cast_unsigned(), 16)
}

/// Reports can have millions of these, so they are not left to the formatting machinery.
fn number(ty: &str, decimal: impl Display, bits: u64, digits: u32) -> String {
    let mut text = String::with_capacity(48);
    text.push_str(ty);
    // Writing to a string cannot fail.
    let _ = write!(text, "{decimal}");
    text.push_str(" (");
    push_hex(&mut text, bits, digits);
    text.push(')');
    text
}

/// The bits of a number in hexadecimal, with all digits that a number of its type has.
pub(crate) fn hex(bits: u64, digits: u32) -> String {
    let mut text = String::with_capacity(2 + digits as usize);
    push_hex(&mut text, bits, digits);
    text
}

fn push_hex(text: &mut String, bits: u64, digits: u32) {
    text.push_str("0x");
    for digit in (0..digits).rev() {
        let digit = (bits >> (4 * digit)) as usize & 15;
        text.push_str(&"0123456789abcdef"[digit..=digit]);
    }
}

/// A number as decimal and as hexadecimal.
type Number = (String, String);

fn both((decimal, hex): &Number) -> String {
    format!("{decimal} ({hex})")
}

fn float32(value: Float<u32>) -> Number {
    match value {
        Float::CanonicalNan => ("nan:canonical".to_owned(), "±0x7fc00000".to_owned()),
        Float::ArithmeticNan => ("nan:arithmetic".to_owned(), "±0x7fc00000 or above".to_owned()),
        Float::Bits(bits) => {
            let value = f32::from_bits(bits);
            let decimal = if value.is_nan() {
                nan(bits >> 31 != 0, u64::from(bits & 0x7f_ffff))
            } else {
                format!("{value:?}")
            };
            (decimal, format!("{bits:#010x}"))
        }
    }
}

fn float64(value: Float<u64>) -> Number {
    match value {
        Float::CanonicalNan => ("nan:canonical".to_owned(), "±0x7ff8000000000000".to_owned()),
        Float::ArithmeticNan => ("nan:arithmetic".to_owned(), "±0x7ff8000000000000 or above".to_owned()),
        Float::Bits(bits) => {
            let value = f64::from_bits(bits);
            let decimal = if value.is_nan() {
                nan(bits >> 63 != 0, bits & 0xf_ffff_ffff_ffff)
            } else {
                format!("{value:?}")
            };
            (decimal, format!("{bits:#018x}"))
        }
    }
}

/// A NaN as the text format writes it.
fn nan(negative: bool, payload: u64) -> String {
    format!("{}nan:{payload:#x}", if negative { "-" } else { "" })
}

fn lanes(lanes: &Lanes) -> String {
    match lanes {
        Lanes::I8x16(lanes) => vector("i8x16", lanes.map(|lane| integer(lane, format!("{lane:#04x}")))),
        Lanes::I16x8(lanes) => vector("i16x8", lanes.map(|lane| integer(lane, format!("{lane:#06x}")))),
        Lanes::I32x4(lanes) => vector("i32x4", lanes.map(|lane| integer(lane, format!("{lane:#010x}")))),
        Lanes::I64x2(lanes) => vector("i64x2", lanes.map(|lane| integer(lane, format!("{lane:#018x}")))),
        Lanes::F32x4(lanes) => vector("f32x4", lanes.map(float32)),
        Lanes::F64x2(lanes) => vector("f64x2", lanes.map(float64)),
    }
}

fn integer(lane: impl Display, hex: String) -> Number {
    (lane.to_string(), hex)
}

fn vector<const N: usize>(shape: &str, lanes: [Number; N]) -> String {
    let mut text = format!("v128 {shape}");
    let mut hexes = String::new();
    for (decimal, hex) in &lanes {
        // Writing to a string cannot fail.
        let _ = write!(text, " {decimal}");
        let _ = write!(hexes, "{}{hex}", if hexes.is_empty() { "" } else { " " });
    }
    format!("{text} ({hexes})")
}

fn shape(want: &Pattern) -> Option<&Lanes> {
    match want {
        Pattern::V128(lanes) => Some(lanes),
        Pattern::Either(cases) => cases.iter().find_map(shape),
        _ => None,
    }
}

/// The bits of a vector in the shape of another one, or else as 32-bit integers.
fn reshape(bits: u128, like: Option<&Lanes>) -> Lanes {
    use std::array::from_fn;
    match like {
        Some(Lanes::I8x16(_)) => Lanes::I8x16(from_fn(|i| (bits >> (8 * i)) as i8)),
        Some(Lanes::I16x8(_)) => Lanes::I16x8(from_fn(|i| (bits >> (16 * i)) as i16)),
        Some(Lanes::I32x4(_)) | None => Lanes::I32x4(from_fn(|i| (bits >> (32 * i)) as i32)),
        Some(Lanes::I64x2(_)) => Lanes::I64x2(from_fn(|i| (bits >> (64 * i)) as i64)),
        Some(Lanes::F32x4(_)) => Lanes::F32x4(from_fn(|i| Float::Bits((bits >> (32 * i)) as u32))),
        Some(Lanes::F64x2(_)) => Lanes::F64x2(from_fn(|i| Float::Bits((bits >> (64 * i)) as u64))),
    }
}
