//! Mutants of expected values.

use super::super::value::{self, disjoint};
use super::*;
use crate::script::{HeapKind, Lanes};

fn patterns() -> Vec<Pattern> {
    let mut patterns = vec![
        Pattern::I32(0),
        Pattern::I32(-1),
        Pattern::I64(i64::MIN),
        Pattern::V128(Lanes::I8x16([0; 16])),
        Pattern::V128(Lanes::I16x8([-1; 8])),
        Pattern::V128(Lanes::I32x4([1, 2, 3, 4])),
        Pattern::V128(Lanes::I64x2([i64::MAX, 0])),
        Pattern::V128(Lanes::F64x2([Float::ArithmeticNan, Float::Bits(1)])),
        Pattern::RefNull(None),
        Pattern::RefExtern(None),
        Pattern::RefExtern(Some(7)),
        Pattern::RefHost(7),
        Pattern::RefFunc(None),
        Pattern::RefAny,
        Pattern::RefEq,
        Pattern::RefArray,
        Pattern::RefStruct,
        Pattern::RefI31,
        Pattern::RefI31Shared,
        Pattern::Either(vec![Pattern::I32(0), Pattern::I32(1)]),
        Pattern::Either(vec![Pattern::F32(Float::CanonicalNan), Pattern::F32(Float::Bits(0))]),
        Pattern::Either(vec![
            Pattern::V128(Lanes::I8x16([0; 16])),
            Pattern::V128(Lanes::I8x16([1; 16])),
            Pattern::V128(Lanes::I8x16([2; 16])),
        ]),
    ];
    let heaps = [HeapKind::Func, HeapKind::Extern, HeapKind::Any, HeapKind::None, HeapKind::Exn];
    patterns.extend(heaps.map(|heap| Pattern::RefNull(Some(heap))));
    let canonical = 0x7fc0_0000;
    for bits in [0, 1 << 31, 1, 0x3f80_0000, 0x7f80_0000, 0x7f80_0001, canonical, canonical + 1, u32::MAX] {
        patterns.push(Pattern::F32(Float::Bits(bits)));
        patterns.push(Pattern::V128(Lanes::F32x4([
            Float::Bits(bits),
            Float::CanonicalNan,
            Float::Bits(0),
            Float::ArithmeticNan,
        ])));
    }
    for bits in [0, 1 << 63, f64::INFINITY.to_bits(), 0x7ff8 << 48, 0x7ff8 << 48 | 1, 0x7ff0 << 48 | 1] {
        patterns.push(Pattern::F64(Float::Bits(bits)));
    }
    for nan in [Float::CanonicalNan, Float::ArithmeticNan] {
        patterns.push(Pattern::F32(nan));
    }
    patterns.extend([Pattern::F64(Float::CanonicalNan), Pattern::F64(Float::ArithmeticNan)]);
    patterns
}

/// The one property that makes survivors bugs.
#[test]
fn no_value_matches_both_a_pattern_and_its_mutant() {
    for pattern in patterns() {
        let mut changes = 0;
        for mutation in value::MUTATIONS {
            for lane in 0..value::lanes_of(&pattern) {
                for seed in 0..200 {
                    let Some(changed) = value::change(&pattern, mutation, lane, || Rng::with_seed(seed))
                    else {
                        continue;
                    };
                    assert!(disjoint(&pattern, &changed), "{mutation}: {pattern:?} and {changed:?}");
                    assert!(disjoint(&changed, &pattern), "{mutation}: {changed:?} and {pattern:?}");
                    changes += 1;
                }
            }
        }
        assert!(changes > 0, "{pattern:?} cannot be changed");
    }
}

#[test]
fn patterns_with_a_value_in_common_are_not_disjoint() {
    let lanes = |lane| Pattern::V128(Lanes::F32x4([lane; 4]));
    let either = |cases: &[i32]| Pattern::Either(cases.iter().map(|case| Pattern::I32(*case)).collect());
    let quiet = Float::Bits(0xffc0_0000);
    let pairs = [
        (Pattern::F32(Float::CanonicalNan), Pattern::F32(Float::ArithmeticNan)),
        (Pattern::F32(Float::CanonicalNan), Pattern::F32(quiet)),
        (Pattern::F32(Float::ArithmeticNan), Pattern::F32(Float::Bits(0x7fff_ffff))),
        (Pattern::F64(Float::CanonicalNan), Pattern::F64(Float::Bits(0xfff8 << 48))),
        (lanes(Float::ArithmeticNan), lanes(quiet)),
        (Pattern::V128(Lanes::I8x16([0; 16])), Pattern::V128(Lanes::I64x2([0; 2]))),
        (Pattern::V128(Lanes::I8x16([0; 16])), lanes(Float::Bits(0))),
        (either(&[1, 2]), either(&[2, 3])),
        (either(&[1, 2]), Pattern::I32(1)),
        (Pattern::RefNull(None), Pattern::RefNull(Some(HeapKind::Func))),
        (Pattern::RefNull(Some(HeapKind::Any)), Pattern::RefNull(Some(HeapKind::None))),
        (Pattern::RefExtern(None), Pattern::RefExtern(Some(1))),
        (Pattern::RefAny, Pattern::RefStruct),
        (Pattern::RefEq, Pattern::RefI31),
        (Pattern::RefAny, Pattern::RefHost(1)),
    ];
    for (a, b) in pairs {
        assert!(!disjoint(&a, &b) && !disjoint(&b, &a), "{a:?} and {b:?}");
    }
}

#[test]
fn equivalent_changes_are_not_made() {
    let change = |pattern: Pattern, mutation| value::change(&pattern, mutation, 0, || Rng::with_seed(1));
    assert_eq!(change(Pattern::F32(Float::Bits(0xffc0_0000)), Mutation::NumberToNan), None);
    assert_eq!(
        change(Pattern::F32(Float::Bits(0x7fc0_0001)), Mutation::NumberToNan),
        Some(Pattern::F32(Float::CanonicalNan))
    );
    assert_eq!(
        change(Pattern::F32(Float::Bits(0x7f80_0001)), Mutation::NumberToNan),
        Some(Pattern::F32(Float::ArithmeticNan))
    );
    assert_eq!(change(Pattern::F32(Float::ArithmeticNan), Mutation::FloatBit), None);
    assert_eq!(change(Pattern::F32(Float::Bits(1)), Mutation::ZeroSign), None);
    assert_eq!(change(Pattern::RefExtern(None), Mutation::HostNumber), None);
    assert_eq!(change(Pattern::RefAny, Mutation::ReferenceClass), None);
    // Nothing is left that the result could not be.
    let everything = Pattern::Either(vec![Pattern::RefNull(None), Pattern::RefAny]);
    assert!(
        change(everything, Mutation::EitherAll).is_none_or(|changed| disjoint(&changed, &Pattern::RefAny))
    );
}
