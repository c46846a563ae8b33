//! Mutants of exceptions.

use super::*;

#[test]
fn exceptions_have_mutants_once_they_are_told_apart() {
    let text = "(assert_exception (invoke \"f\")) (assert_trap (invoke \"f\") \"unreachable\")
                (assert_return (invoke \"f\")) (assert_exhaustion (invoke \"f\") \"call stack exhausted\")";
    let script = Script::parse(text).unwrap();
    let kinds = |exceptions: bool| -> BTreeSet<Mutation> {
        let facts = Facts { trap: None, exceptions };
        let of = |kind| mutants_of(kind, facts, &|_, _| Rng::with_seed(1));
        let mutants = script.directives().iter().flat_map(|directive| of(&directive.kind));
        mutants.map(|mutant| mutant.mutation).collect()
    };
    let added: Vec<_> = kinds(true).difference(&kinds(false)).copied().collect();
    assert_eq!(
        added,
        [Mutation::ReturnToException, Mutation::TrapToException, Mutation::ExhaustionToException]
    );
    assert!(kinds(false).contains(&Mutation::ExceptionToTrap));
}

const THROWS: &str = r#"
(module
  (tag $e (param i32 i64 f32 f64 v128 externref exnref))
  (func (export "f") (param externref)
    (throw $e (i32.const 1) (i64.const 2) (f32.const nan) (f64.const 4) (v128.const i64x2 5 6) (local.get 0)
      (ref.null exn)))
  (func (export "g")))
(assert_exception (invoke "f" (ref.extern 1)))
(assert_exception (invoke "f" (ref.null extern)))
(invoke "g")
"#;

/// A runner whose comparison of engines overlooks something.
struct Overlooks(fn(&mut Observation));

impl Harness for Overlooks {
    fn tells_apart(&self, record: &DirectiveRecord, mut left: Observation, mut right: Observation) -> bool {
        (self.0)(&mut left);
        (self.0)(&mut right);
        Production.tells_apart(record, left, right)
    }
}

#[test]
fn a_comparison_that_overlooks_an_exception_is_caught() {
    let report = audit_with(&Production, THROWS, &all(1));
    assert!(report.is_clean(), "{}", report.text(Default::default()));
    assert_eq!(report.of(Mutation::ExceptionPayload).mutants, 14);
    assert_eq!(report.of(Mutation::ExceptionTag).mutants, 2);
    assert_eq!(report.of(Mutation::ExceptionCaught).mutants, 2);
    assert_eq!(report.of(Mutation::ReturnUncaught).mutants, 1);
    type Overlook = fn(&mut Observation);
    let cases: [(Overlook, &[Mutation]); 4] = [
        (
            |seen| seen.exception.iter_mut().for_each(|exception| exception.tag = None),
            &[Mutation::ExceptionTag],
        ),
        (
            |seen| seen.exception.iter_mut().for_each(|exception| exception.payload.clear()),
            &[Mutation::ExceptionPayload],
        ),
        (|seen| seen.exception = None, &[Mutation::ExceptionTag, Mutation::ExceptionPayload]),
        (
            |seen| (seen.exception, seen.results) = (None, None),
            &[
                Mutation::ExceptionTag,
                Mutation::ExceptionPayload,
                Mutation::ExceptionCaught,
                Mutation::ReturnUncaught,
            ],
        ),
    ];
    for (overlook, expected) in cases {
        let report = audit_with(&Overlooks(overlook), THROWS, &all(1));
        assert_eq!(survivors(&report), expected.iter().copied().collect());
    }
}

/// Every change is one that a comparison has to see, whatever the seed.
#[test]
fn every_seed_makes_another_exception() {
    for seed in 0..20 {
        let options =
            Options { mutations: vec![Mutation::ExceptionTag, Mutation::ExceptionPayload], ..all(seed) };
        let report = audit_with(&Production, THROWS, &options);
        assert!(report.is_clean(), "{}", report.text(Default::default()));
    }
}
