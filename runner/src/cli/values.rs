//! Arguments of a call, from the command line.

use trapline_abi::{Hierarchy, TypeId, ValType};
use trapline_runtime::{AnyRef, Val};

/// Why a word is not a value of a type.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{word}` is not a value of type {wanted}")]
pub(super) struct ValueError {
    word: String,
    wanted: String,
}

/// Reads a word as a value: integers in decimal or, after `0x`, in hexadecimal, signed or unsigned; floating-point
/// numbers as Rust writes them, or their bits after `0x`; host references by number; `null`.
pub(super) fn parse_value(word: &str, ty: ValType<TypeId>) -> Result<Val, ValueError> {
    let value = match ty {
        ValType::I32 => integer(word, 32).map(|bits| Val::I32(bits as i32)),
        ValType::I64 => integer(word, 64).map(|bits| Val::I64(bits as i64)),
        ValType::F32 => match hexadecimal(word) {
            Some(bits) => u32::try_from(bits).ok().map(Val::F32),
            None => word.parse().ok().map(|value: f32| Val::F32(value.to_bits())),
        },
        ValType::F64 => match hexadecimal(word) {
            Some(bits) => u64::try_from(bits).ok().map(Val::F64),
            None => word.parse().ok().map(|value: f64| Val::F64(value.to_bits())),
        },
        ValType::V128 => hexadecimal(word).map(Val::V128),
        ValType::Ref(ty) => match (word, ty.heap.hierarchy()) {
            ("null", Hierarchy::Extern) => Some(Val::ExternRef(None)),
            ("null", Hierarchy::Func) => Some(Val::FuncRef(None)),
            ("null", Hierarchy::Any) => Some(Val::AnyRef(None)),
            ("null", Hierarchy::Exn) => Some(Val::ExnRef(None)),
            (number, Hierarchy::Extern) => {
                number.parse().ok().map(|host| Val::ExternRef(Some(AnyRef::Host(host))))
            }
            (_, Hierarchy::Func | Hierarchy::Any | Hierarchy::Exn | Hierarchy::Cont) => None,
        }
        .filter(|val| ty.nullable || word != "null" || matches!(val, Val::I32(_))),
    };
    value.ok_or_else(|| ValueError { word: word.to_owned(), wanted: ty.to_string() })
}

fn hexadecimal(word: &str) -> Option<u128> {
    u128::from_str_radix(&word.strip_prefix("0x")?.replace('_', ""), 16).ok()
}

/// The bits of an integer between -2^(bits-1) and 2^bits - 1.
fn integer(word: &str, bits: u32) -> Option<i128> {
    let (negative, digits) = match word.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, word.strip_prefix('+').unwrap_or(word)),
    };
    let value = match hexadecimal(digits) {
        Some(value) => i128::try_from(value).ok()?,
        None if digits.starts_with(|c: char| c.is_ascii_digit()) => digits.replace('_', "").parse().ok()?,
        None => return None,
    };
    let value = if negative { -value } else { value };
    (-(1 << (bits - 1))..1 << bits).contains(&value).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        let i32 = |word| parse_value(word, ValType::I32).ok();
        assert_eq!(i32("-1"), Some(Val::I32(-1)));
        assert_eq!(i32("4294967295"), Some(Val::I32(-1)));
        assert_eq!(i32("0xffff_ffff"), Some(Val::I32(-1)));
        assert_eq!(i32("-2147483648"), Some(Val::I32(i32::MIN)));
        assert_eq!(i32("-2147483649"), None);
        assert_eq!(i32("4294967296"), None);
        assert_eq!(i32("--1"), None);
        assert_eq!(i32(""), None);
        assert_eq!(parse_value("0x8000000000000000", ValType::I64), Ok(Val::I64(i64::MIN)));
    }

    #[test]
    fn floats_and_references() {
        assert_eq!(parse_value("1.5", ValType::F32), Ok(Val::F32(1.5_f32.to_bits())));
        assert_eq!(parse_value("-inf", ValType::F64), Ok(Val::F64(f64::NEG_INFINITY.to_bits())));
        assert_eq!(parse_value("0x7fc00001", ValType::F32), Ok(Val::F32(0x7fc0_0001)));
        assert_eq!(parse_value("null", ValType::FUNCREF), Ok(Val::FuncRef(None)));
        assert_eq!(parse_value("7", ValType::EXTERNREF), Ok(Val::ExternRef(Some(AnyRef::Host(7)))));
        let error = parse_value("x", ValType::F32).expect_err("no number");
        assert_eq!(error.to_string(), "`x` is not a value of type f32");
    }
}
