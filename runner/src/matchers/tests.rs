use super::*;

fn matches(got: Value, want: Pattern) -> bool {
    match match_results(&[got], &[want]) {
        Verdict::Match => true,
        Verdict::Mismatch => false,
        Verdict::Undecidable(reason) => panic!("{reason}"),
    }
}

#[test]
fn counts_are_compared() {
    let one = [Value::I32(1)];
    assert_eq!(match_results(&one, &[]), Verdict::Mismatch);
    assert_eq!(match_results(&[], &[Pattern::I32(1)]), Verdict::Mismatch);
    assert_eq!(match_results(&one, &[Pattern::I32(1), Pattern::I32(1)]), Verdict::Mismatch);
    assert_eq!(match_results(&[], &[]), Verdict::Match);
}

#[test]
fn types_are_compared() {
    assert!(matches(Value::I32(0), Pattern::I32(0)));
    assert!(!matches(Value::I64(0), Pattern::I32(0)));
    assert!(!matches(Value::F32(0), Pattern::I32(0)));
    assert!(!matches(Value::I32(0), Pattern::F32(Float::Bits(0))));
    assert!(!matches(Value::F64(0x7ff8_0000_0000_0000), Pattern::F32(Float::CanonicalNan)));
    assert!(!matches(Value::V128(0), Pattern::I64(0)));
}

#[test]
fn floats_are_compared_by_bits() {
    assert!(matches(Value::F32(0x8000_0000), Pattern::F32(Float::Bits(0x8000_0000))));
    assert!(!matches(Value::F32(0), Pattern::F32(Float::Bits(0x8000_0000))));
    let signalling = Pattern::F32(Float::Bits(0x7fa0_0000));
    assert!(matches(Value::F32(0x7fa0_0000), signalling.clone()));
    assert!(!matches(Value::F32(0x7fe0_0000), signalling));
}

#[test]
fn nan_patterns_of_binary32() {
    let canonical = || Pattern::F32(Float::CanonicalNan);
    let arithmetic = || Pattern::F32(Float::ArithmeticNan);
    for bits in [0x7fc0_0000, 0xffc0_0000] {
        assert!(matches(Value::F32(bits), canonical()), "{bits:x}");
        assert!(matches(Value::F32(bits), arithmetic()), "{bits:x}");
    }
    for bits in [0x7fc0_0001, 0xffff_ffff, 0x7fe0_0000] {
        assert!(!matches(Value::F32(bits), canonical()), "{bits:x}");
        assert!(matches(Value::F32(bits), arithmetic()), "{bits:x}");
    }
    for bits in [0x7f80_0000, 0xff80_0000, 0x7f80_0001, 0x7fbf_ffff, 0, 0x3f80_0000] {
        assert!(!matches(Value::F32(bits), canonical()), "{bits:x}");
        assert!(!matches(Value::F32(bits), arithmetic()), "{bits:x}");
    }
}

#[test]
fn nan_patterns_of_binary64() {
    let canonical = || Pattern::F64(Float::CanonicalNan);
    let arithmetic = || Pattern::F64(Float::ArithmeticNan);
    for bits in [0x7ff8_0000_0000_0000, 0xfff8_0000_0000_0000] {
        assert!(matches(Value::F64(bits), canonical()), "{bits:x}");
        assert!(matches(Value::F64(bits), arithmetic()), "{bits:x}");
    }
    for bits in [0x7ff8_0000_0000_0001, u64::MAX] {
        assert!(!matches(Value::F64(bits), canonical()), "{bits:x}");
        assert!(matches(Value::F64(bits), arithmetic()), "{bits:x}");
    }
    for bits in [0x7ff0_0000_0000_0000, 0x7ff0_0000_0000_0001, 0x7ff7_ffff_ffff_ffff, 0] {
        assert!(!matches(Value::F64(bits), canonical()), "{bits:x}");
        assert!(!matches(Value::F64(bits), arithmetic()), "{bits:x}");
    }
}

#[test]
fn vectors_are_compared_lane_by_lane() {
    let bytes: [i8; 16] = std::array::from_fn(|i| i as i8 - 8);
    let bits = u128::from_le_bytes(bytes.map(|byte| byte as u8));
    assert!(matches(Value::V128(bits), Pattern::V128(Lanes::I8x16(bytes))));
    for lane in 0..16 {
        assert!(!matches(Value::V128(bits ^ 1 << (8 * lane)), Pattern::V128(Lanes::I8x16(bytes))));
    }
    let words = Lanes::I16x8([1, 2, 3, 4, 5, 6, 7, -1]);
    assert!(matches(Value::V128(0xffff_0007_0006_0005_0004_0003_0002_0001), Pattern::V128(words)));
    assert!(!matches(Value::V128(0x7fff_0007_0006_0005_0004_0003_0002_0001), Pattern::V128(words)));
    let words = Lanes::I32x4([1, 2, 3, -1]);
    assert!(matches(Value::V128(0xffff_ffff_0000_0003_0000_0002_0000_0001), Pattern::V128(words)));
    assert!(!matches(Value::V128(0xffff_ffff_0000_0003_0000_0002_0000_0000), Pattern::V128(words)));
    let words = Lanes::I64x2([1, -1]);
    assert!(matches(Value::V128(0xffff_ffff_ffff_ffff_0000_0000_0000_0001), Pattern::V128(words)));
    assert!(!matches(Value::V128(0), Pattern::V128(words)));
}

#[test]
fn nan_patterns_hold_for_their_lane_only() {
    let want = Pattern::V128(Lanes::F32x4([
        Float::CanonicalNan,
        Float::ArithmeticNan,
        Float::Bits(0x7fc0_0001),
        Float::Bits(0),
    ]));
    assert!(matches(Value::V128(0x0000_0000_7fc0_0001_7fe0_0000_ffc0_0000), want.clone()));
    assert!(!matches(Value::V128(0x0000_0000_7fc0_0001_7fe0_0000_ffc0_0001), want.clone()));
    assert!(!matches(Value::V128(0x0000_0000_7fc0_0002_7fe0_0000_ffc0_0000), want.clone()));
    assert!(!matches(Value::V128(0x8000_0000_7fc0_0001_7fe0_0000_ffc0_0000), want));
    let want = Pattern::V128(Lanes::F64x2([Float::ArithmeticNan, Float::Bits(1 << 63)]));
    assert!(matches(Value::V128(0x8000_0000_0000_0000_7ff8_0000_0000_0001), want.clone()));
    assert!(!matches(Value::V128(0x8000_0000_0000_0000_7ff0_0000_0000_0001), want));
}

#[test]
fn references_are_compared_by_hierarchy_and_nullness() {
    let null_func = Value::NullFunc;
    let null_extern = Value::NullExtern;
    let host = Value::Extern(7);
    assert!(matches(null_func, Pattern::RefNull(None)));
    assert!(matches(null_func, Pattern::RefNull(Some(HeapKind::Func))));
    assert!(matches(null_func, Pattern::RefNull(Some(HeapKind::NoFunc))));
    assert!(!matches(null_func, Pattern::RefNull(Some(HeapKind::Extern))));
    assert!(!matches(null_func, Pattern::RefNull(Some(HeapKind::Any))));
    assert!(!matches(null_func, Pattern::RefFunc(None)));
    assert!(matches(null_extern, Pattern::RefNull(Some(HeapKind::Extern))));
    assert!(!matches(null_extern, Pattern::RefExtern(None)));
    assert!(!matches(null_extern, Pattern::RefExtern(Some(0))));
    assert!(matches(host, Pattern::RefExtern(None)));
    assert!(matches(host, Pattern::RefExtern(Some(7))));
    assert!(!matches(host, Pattern::RefExtern(Some(8))));
    assert!(!matches(host, Pattern::RefNull(None)));
    assert!(!matches(host, Pattern::RefAny));
    assert!(!matches(host, Pattern::RefHost(7)));
}

#[test]
fn either_wants_one_of_its_cases() {
    let either = || Pattern::Either(vec![Pattern::I32(1), Pattern::F32(Float::CanonicalNan)]);
    assert!(matches(Value::I32(1), either()));
    assert!(matches(Value::F32(0x7fc0_0000), either()));
    assert!(!matches(Value::I32(2), either()));
    assert!(!matches(Value::I64(1), either()));
    assert!(!matches(Value::I32(1), Pattern::Either(Vec::new())));
}

#[test]
fn both_sides_are_shown_in_decimal_and_hexadecimal() {
    let want = [Pattern::I32(-1), Pattern::F32(Float::CanonicalNan)];
    assert_eq!(patterns(&want), "2 values: i32 -1 (0xffffffff), f32 nan:canonical (±0x7fc00000)");
    let got = [Value::I32(2), Value::F32(0xffc0_0001)];
    assert_eq!(values(&got, &want), "2 values: i32 2 (0x00000002), f32 -nan:0x400001 (0xffc00001)");
    assert_eq!(patterns(&[]), "nothing");
    assert_eq!(values(&[Value::F64(1.5_f64.to_bits())], &[]), "f64 1.5 (0x3ff8000000000000)");
    let want = [Pattern::V128(Lanes::I64x2([1, -1]))];
    assert_eq!(patterns(&want), "v128 i64x2 1 -1 (0x0000000000000001 0xffffffffffffffff)");
    assert_eq!(values(&[Value::V128(2)], &want), "v128 i64x2 2 0 (0x0000000000000002 0x0000000000000000)");
    assert_eq!(values(&[Value::Extern(16)], &[]), "ref.extern 16 (0x10)");
}
