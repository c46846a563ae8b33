use super::*;
use crate::matchers;
use crate::trail::Value;
use trapline_abi::{HeapType, RefType, TypeId};

fn one(word: &str, ty: ValType<TypeId>) -> Result<Val, String> {
    let words: Vec<String> = word.split(' ').map(str::to_owned).collect();
    parse_values(&words, &[ty]).map(|mut values| values.remove(0)).map_err(|error| error.to_string())
}

fn ref_type(nullable: bool, heap: HeapType<TypeId>) -> ValType<TypeId> {
    ValType::Ref(RefType { nullable, heap })
}

#[test]
fn integers_are_those_of_the_text_format() {
    let i32 = |word| one(word, ValType::I32);
    for (word, value) in [
        ("-1", -1),
        ("4294967295", -1),
        ("0xffff_ffff", -1),
        ("-0x80000000", i32::MIN),
        ("+7", 7),
        ("i32 -5 (0xfffffffb)", -5),
    ] {
        assert_eq!(i32(word), Ok(Val::I32(value)), "{word}");
    }
    let range = |word: &str| Err(format!("`{word}` is out of range: i32 is from -2147483648 to 4294967295"));
    for word in ["4294967296", "-2147483649", "0x1_0000_0000"] {
        assert_eq!(i32(word), range(word));
    }
    for word in ["--1", "", "x", "1.5", "0x", "1;", "1)", "(i32.const 1)"] {
        let first = word.split(' ').next().unwrap();
        assert_eq!(i32(word), Err(format!("`{first}` is not a value of type i32")));
    }
    assert_eq!(one("0xffff_ffff_ffff_ffff", ValType::I64), Ok(Val::I64(-1)));
    assert_eq!(one("-9223372036854775808", ValType::I64), Ok(Val::I64(i64::MIN)));
}

#[test]
fn floats_are_those_of_the_text_format() {
    let f32 = |word| one(word, ValType::F32);
    for (word, bits) in [
        ("-inf", 0xff80_0000),
        ("-nan", 0xffc0_0000),
        ("nan:0x200000", 0x7fa0_0000),
        ("-nan:0x1", 0xff80_0001),
        ("-0x1.8p1", 0xc040_0000),
        ("1e-45", 1),
        ("1_000.5", 0x447a_2000),
        ("f32 1.5 (0x3fc00000)", 0x3fc0_0000),
    ] {
        assert_eq!(f32(word), Ok(Val::F32(bits)), "{word}");
    }
    assert!(f32("1e400").unwrap_err().starts_with("`1e400` is out of range: f32 is from"));
    assert_eq!(one("0x10", ValType::F64), Ok(Val::F64(16_f64.to_bits())));
    assert_eq!(one("-0", ValType::F64), Ok(Val::F64(1 << 63)));
    assert_eq!(one("nan:0x8000000000001", ValType::F64), Ok(Val::F64(0x7ff8_0000_0000_0001)));
    assert_eq!(one("-1.5e-3", ValType::F64), Ok(Val::F64((-1.5e-3_f64).to_bits())));
    assert!(f32("infinity").is_err() && f32("NaN").is_err());
}

#[test]
fn vectors_have_every_shape() {
    let bytes: Vec<u8> = (0..15).chain([255]).collect();
    let bits = u128::from_le_bytes(bytes.try_into().unwrap());
    let v128 = |word| one(word, ValType::V128);
    assert_eq!(v128("i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 255"), Ok(Val::V128(bits)));
    assert_eq!(v128("v128 i32x4 1 -2 0x3 4"), Ok(Val::V128(0x4_0000_0003_ffff_fffe_0000_0001)));
    assert_eq!(v128("v128.const f64x2 -inf nan"), Ok(Val::V128(0x7ff8_0000_0000_0000_fff0_0000_0000_0000)));
    let digits = "0x000102030405060708090a0b0c0d0e0f";
    assert_eq!(v128(digits), Ok(Val::V128(0x0001_0203_0405_0607_0809_0a0b_0c0d_0e0f)));
    assert!(v128("i32x4 1 2 3").unwrap_err().contains("too few lanes"));
    assert!(v128("i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 256").unwrap_err().contains("`256` is not"));
    assert!(v128("i128 1").unwrap_err().contains("a shape and its lanes"));
    assert!(v128("0x0001020304050607_08090a0b0c0d0e0f00").is_err());
}

#[test]
fn references_are_null_numbers_of_the_host_and_small_integers() {
    let host = |number| Ok(Val::ExternRef(Some(AnyRef::Host(number))));
    for word in ["7", "ref.extern 7", "ref.extern 7 (0x7)", "externref 7"] {
        assert_eq!(one(word, ValType::EXTERNREF), host(7), "{word}");
    }
    for word in ["null", "ref.null", "ref.null extern", "externref null"] {
        assert_eq!(one(word, ValType::EXTERNREF), Ok(Val::ExternRef(None)), "{word}");
    }
    assert_eq!(one("ref.null func", ValType::FUNCREF), Ok(Val::FuncRef(None)));
    let any = ref_type(true, HeapType::Any);
    assert_eq!(one("ref.i31 -5", any), Ok(Val::AnyRef(Some(AnyRef::I31(-5)))));
    assert_eq!(one("ref.host 3", any), Ok(Val::AnyRef(Some(AnyRef::Host(3)))));
    assert!(one("ref.i31 1073741824", any).is_err());
    assert!(one("null", ref_type(false, HeapType::Any)).is_err());
    assert!(one("3", ValType::FUNCREF).unwrap_err().contains("only null can be given"));
}

#[test]
fn words_are_counted() {
    let types: [ValType; 2] = [ValType::I32, ValType::V128];
    let parse = |text: &str| {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        parse_values(&words, &types).map_err(|error| error.to_string())
    };
    assert!(parse("1 i64x2 1 2").is_ok());
    assert_eq!(parse("1"), Err("it takes 2 arguments, not 1".to_owned()));
    assert_eq!(parse("1 i64x2 1 2 3"), Err("it takes 2 arguments, not 3".to_owned()));
    assert_eq!(
        parse_values::<TypeId>(&["a b".to_owned()], &[]).unwrap_err().to_string(),
        "it takes 0 arguments, not 2"
    );
}

/// Whatever is printed is read again as the same value.
#[test]
fn what_is_printed_is_read() {
    let values = [
        Value::I32(i32::MIN),
        Value::I64(-3),
        Value::F32(0x7fa0_0000),
        Value::F32(0x8000_0001),
        Value::F64(0xfff8_0000_0000_0001),
        Value::F64(1e300_f64.to_bits()),
        Value::V128(0x7ff8_0000_0000_0000_fff0_0000_0000_0001),
        Value::NullExtern,
        Value::Extern(9),
    ];
    let types: [ValType; 9] = [
        ValType::I32,
        ValType::I64,
        ValType::F32,
        ValType::F32,
        ValType::F64,
        ValType::F64,
        ValType::V128,
        ValType::EXTERNREF,
        ValType::EXTERNREF,
    ];
    let printed: Vec<String> = values.iter().map(|value| matchers::values(&[*value], &[])).collect();
    let read = parse_values(&printed, &types).unwrap_or_else(|error| panic!("{printed:?}: {error}"));
    assert_eq!(read.iter().map(Value::from).collect::<Vec<_>>(), values, "{printed:?}");
}
