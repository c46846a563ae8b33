mod exceptions;
mod values;

use super::mutate::{Facts, Placement, mutants_of};
use super::*;
use crate::discover::Source;
use crate::engine::AotEngine;
use crate::exec::Observation;
use crate::expectations::Expectations;
use crate::outcome::{DirectiveRecord, FileReport, Outcome};
use crate::report::{Sides, sides};
use crate::script::{DirectiveKind, Float, Keyword, Pattern};
use crate::terms::Terms;
use crate::trail::Lack;
use fastrand::Rng;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use trapline_abi::Trap;
use trapline_compiler::Profile;
use trapline_spec_tests::{FilePin, Manifest};

/// A script with every kind of directive that can pass, all of which do.
const SCRIPT: &str = r#"
(module $m
  (func (export "i32") (result i32) (i32.const 7))
  (func (export "two") (result i64 f64) (i64.const 1) (f64.const -0))
  (func (export "f32") (param f32) (result f32) (f32.add (local.get 0) (f32.const 0)))
  (func (export "f64") (param f64) (result f64) (f64.add (local.get 0) (f64.const 0)))
  (func (export "ints") (result v128) (v128.const i16x8 1 2 3 4 5 6 7 8))
  (func (export "floats") (param f32) (result v128)
    (f32x4.replace_lane 2 (v128.const f32x4 0 1 2 3) (f32.add (local.get 0) (f32.const 0))))
  (func (export "func") (result funcref) (ref.func 0))
  (func (export "null") (result funcref) (ref.null func))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "none"))
  (func $div (export "div") (result i32) (i32.div_u (i32.const 1) (i32.const 0)))
  (func $loop (export "loop") (call $loop))
  (tag $e (export "e") (param i32 f64))
  (func (export "throw") (throw $e (i32.const 1) (f64.const nan)))
  (global (export "g") i32 (i32.const 42)))
(register "m")
(module definition $d)
(module (import "m" "none" (func)))
(invoke $m "none")
(get $m "g")
(assert_return (invoke $m "i32") (i32.const 7))
(assert_return (invoke $m "i32") (either (i32.const 6) (i32.const 7)))
(assert_return (invoke $m "two") (i64.const 1) (f64.const -0))
(assert_return (invoke $m "f32" (f32.const 1)) (f32.const 1))
(assert_return (invoke $m "f32" (f32.const nan)) (f32.const nan:canonical))
(assert_return (invoke $m "f64" (f64.const nan)) (f64.const nan:arithmetic))
(assert_return (invoke $m "ints") (v128.const i16x8 1 2 3 4 5 6 7 8))
(assert_return (invoke $m "floats" (f32.const nan)) (v128.const f32x4 0 1 nan:canonical 3))
(assert_return (invoke $m "func") (ref.func))
(assert_return (invoke $m "null") (ref.null func))
(assert_return (invoke $m "same" (ref.extern 3)) (ref.extern 3))
(assert_return (invoke $m "none"))
(assert_return (get $m "g") (i32.const 42))
(assert_trap (invoke $m "div") "integer divide by zero")
(assert_trap (module (memory 1) (data (i32.const 65536) "a")) "out of bounds")
(assert_exhaustion (invoke $m "loop") "call stack exhausted")
(assert_exception (invoke $m "throw"))
(assert_malformed (module binary "\00asm") "unexpected end")
(assert_malformed (module quote "(fun)") "unknown operator")
(assert_malformed_custom (module quote "(@custom)") "@custom annotation: missing section name")
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_unlinkable (module (import "m" "nothing" (func))) "unknown import")
(assert_unlinkable (module (import "m" "g" (func))) "incompatible import type")
(thread $t
  (module (func (export "f") (result i32) (i32.const 1)))
  (assert_return (invoke "f") (i32.const 1)))
(module (import "m" "none" (func)))
(wait $t)
(assert_return (invoke $m "i32") (i32.const 7))
"#;

fn runner() -> &'static Runner {
    static RUNNER: OnceLock<Runner> = OnceLock::new();
    RUNNER.get_or_init(|| Runner {
        engine: Arc::new(AotEngine::new("aot", Profile::default()).unwrap()),
        manifest: Manifest::bundled().unwrap(),
        expectations: Expectations::default(),
        configuration: Arc::default(),
        reading: Default::default(),
        shows_output: false,
        overrides: Vec::new(),
        command: "trapline audit".to_owned(),
        workers: None,
    })
}

fn input(text: &str) -> Input {
    Input { name: "test.wast".into(), source: Source::Stdin(text.as_bytes().into()) }
}

fn all(seed: u64) -> Options {
    Options { seed, amount: Amount::All, line: None, mutations: Vec::new(), jobs: 1 }
}

fn audit_with(harness: &dyn Harness, text: &str, options: &Options) -> Report {
    let audit = Audit { harness, runner: runner(), inputs: &[input(text)], options };
    audit.run(&mut |_, _| ControlFlow::Continue(())).unwrap()
}

fn kinds_with_mutants(report: &Report) -> BTreeSet<Mutation> {
    report.tallies.keys().map(|(mutation, _)| *mutation).collect()
}

/// The kinds of mutants that lived.
fn survivors(report: &Report) -> BTreeSet<Mutation> {
    let survived = report.exposed.iter().filter(|exposed| exposed.fate == Fate::Survived);
    survived.map(|exposed| exposed.mutation).collect()
}

#[test]
fn every_mutant_of_the_script_is_killed() {
    let report = audit_with(&Production, SCRIPT, &all(1));
    assert_eq!(report.passing, report.directives);
    assert!(report.is_clean(), "{}", report.text(Default::default()));
    assert_eq!(report.total().mutants, report.total().killed);
    let without: BTreeSet<_> =
        Mutation::ALL.iter().filter(|mutation| report.of(**mutation).mutants == 0).collect();
    // There is no pin for it, and it is free of objects on the heap.
    let may_be_missing =
        |mutation: &Mutation| matches!(mutation, Mutation::DirectiveDropped | Mutation::ReferenceClass);
    assert!(without.iter().all(|mutation| may_be_missing(mutation)), "{without:?}");
}

#[test]
fn what_does_not_pass_has_no_mutants() {
    let report = audit_with(
        &Production,
        "(module (func (export \"f\") (result i32) (i32.const 1)))
         (assert_return (invoke \"f\") (i32.const 2))
         (invoke \"g\")",
        &Options { mutations: vec![Mutation::IntegerBit, Mutation::ReturnToTrap], ..all(1) },
    );
    assert_eq!((report.directives, report.passing, report.total().mutants), (3, 1, 0));
    assert!(report.is_clean());
    assert_eq!(audit_with(&Production, "no script", &all(1)).unparsed, 1);
}

#[test]
fn a_seed_decides_and_nothing_else_does() {
    let inputs = [input(SCRIPT), input("(module) (assert_invalid (module (func (result i32))) \"\")")];
    let ranked = |seed: u64| {
        let one = |file: usize| {
            let trials = Trials::begin(&Production, runner(), &inputs[file], seed, false, None).unwrap();
            trials.ranked(&|_, _| true)
        };
        let mut found = Vec::new();
        run::run_with(1, 1, one, &mut |_, ranked| {
            found = ranked;
            ControlFlow::Continue(())
        })
        .unwrap();
        found
    };
    assert_eq!(ranked(1), ranked(1));
    assert_ne!(ranked(1), ranked(2));
}

#[test]
fn a_sample_has_some_of_each_kind() {
    let options = Options { amount: Amount::Sample(2), ..all(7) };
    let whole = audit_with(&Production, SCRIPT, &all(7));
    let sample = audit_with(&Production, SCRIPT, &options);
    assert!(sample.is_clean());
    assert_eq!(kinds_with_mutants(&sample), kinds_with_mutants(&whole));
    for mutation in kinds_with_mutants(&whole) {
        assert_eq!(sample.of(mutation).mutants, whole.of(mutation).mutants.min(2), "{mutation}");
    }
    assert_eq!(sample.passing, whole.passing);
}

#[test]
fn lines_and_kinds_choose() {
    let options = Options { line: Some(26), mutations: vec![Mutation::ResultDropped], ..all(1) };
    let report = audit_with(&Production, SCRIPT, &options);
    assert_eq!(report.total().mutants, 1, "{}", report.text(Default::default()));
}

/// A runner that is green where it must not be.
struct Lenient {
    /// What it does with the outcomes that the real one has.
    forgives: fn(&DirectiveKind, &DirectiveRecord) -> bool,
    /// Whether it does without the accounting.
    miscounts: bool,
    /// Whether its comparison takes everything for the same.
    confuses: bool,
}

impl Harness for Lenient {
    fn run(
        &self,
        runner: &Runner,
        script: &Script,
        file: &Arc<str>,
        terms: Terms,
        known: &BTreeMap<u32, Outcome>,
    ) -> Vec<DirectiveRecord> {
        let mut reports = Production.run(runner, script, file, terms, known);
        for (directive, report) in script.directives().iter().zip(&mut reports) {
            if !report.outcome.is_pass() && (self.forgives)(&directive.kind, report) {
                report.outcome = Outcome::Pass;
            }
        }
        reports
    }

    fn tells_apart(&self, record: &DirectiveRecord, left: Observation, right: Observation) -> bool {
        !self.confuses && Production.tells_apart(record, left, right)
    }

    fn accounts_for(&self, parsed: usize, pin: Option<&FilePin>, report: &FileReport) -> bool {
        self.miscounts || Production.accounts_for(parsed, pin, report)
    }
}

fn texts(report: &DirectiveRecord) -> (String, String) {
    let Sides { expected, got, .. } = sides(report);
    match report.outcome {
        Outcome::Fail(_) => (expected.unwrap_or_default(), got),
        _ => Default::default(),
    }
}

fn is_zero(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::F32(Float::Bits(bits)) if bits << 1 == 0)
        || matches!(pattern, Pattern::F64(Float::Bits(bits)) if bits << 1 == 0)
}

/// Every mistake of this kind has been made by a published runner.
#[test]
fn a_lenient_runner_is_caught() {
    type Forgives = fn(&DirectiveKind, &DirectiveRecord) -> bool;
    use DirectiveKind::{
        AssertExhaustion, AssertInvalid, AssertMalformed, AssertReturn, AssertTrap, AssertUnlinkable,
    };
    use Mutation as M;
    let cases: [(&str, Forgives, &[Mutation]); 13] = [
        ("forgives nothing", |_, _| false, &[]),
        (
            "compares as many results as both have",
            |kind, report| {
                let (expected, got) = texts(report);
                let AssertReturn { .. } = kind else { return false };
                report.trap().is_none()
                    && (expected == "nothing" || got == "nothing" || got.contains(&expected))
            },
            &[M::ResultDropped],
        ),
        (
            "takes zeros for equal",
            |kind, report| {
                let AssertReturn { results, .. } = kind else { return false };
                results.last().is_some_and(is_zero) && texts(report).1.contains("0.0 (")
            },
            &[M::ZeroSign],
        ),
        (
            "takes NaNs for equal",
            |kind, report| {
                let (expected, got) = texts(report);
                matches!(kind, AssertReturn { .. }) && expected.contains("nan") && got.contains("nan")
            },
            &[M::NanPayload, M::LaneNanPayload],
        ),
        (
            "takes any trap for the one that is wanted",
            |kind, report| matches!(kind, AssertTrap { .. }) && texts(report).1.starts_with("trap: "),
            &[M::TrapText],
        ),
        (
            "takes exhaustion for a trap",
            |kind, report| matches!(kind, AssertTrap { .. }) && report.trap().is_some(),
            &[M::ExhaustionToTrap],
        ),
        (
            "takes a trap for exhaustion",
            |kind, report| matches!(kind, AssertExhaustion { .. }) && report.trap().is_some(),
            &[M::TrapToExhaustion, M::ExhaustionText],
        ),
        (
            "takes a trap for a return",
            |kind, report| matches!(kind, AssertReturn { .. }) && report.trap().is_some(),
            &[M::TrapToReturn, M::ExhaustionToReturn],
        ),
        (
            "leaves malformed modules unread",
            |kind, _| matches!(kind, AssertMalformed { .. }),
            &[M::MalformedEmptied, M::InvalidToMalformed, M::UnlinkableToMalformed, M::ModuleToMalformed],
        ),
        (
            "takes malformed modules for invalid ones",
            |kind, report| matches!(kind, AssertInvalid { .. }) && texts(report).1.starts_with("malformed"),
            &[M::MalformedToInvalid],
        ),
        (
            "takes any refusal for the one that is wanted",
            |kind, report| {
                matches!(kind, AssertUnlinkable { .. }) && texts(report).1 != "it was instantiated"
            },
            &[M::UnlinkableText, M::MalformedToUnlinkable, M::InvalidToUnlinkable, M::TrapToUnlinkable],
        ),
        (
            "takes any fault of a custom section for the one that is wanted",
            |kind, _| matches!(kind, DirectiveKind::AssertMalformedCustom { .. }),
            &[M::CustomText, M::CustomEmptied],
        ),
        (
            "passes modules without instantiating them",
            |kind, _| matches!(kind, DirectiveKind::Module(_)),
            &[M::MalformedToModule, M::InvalidToModule, M::UnlinkableToModule],
        ),
    ];
    for (what, forgives, caught) in cases {
        let harness = Lenient { forgives, miscounts: false, confuses: false };
        let report = audit_with(&harness, SCRIPT, &all(1));
        let survived = survivors(&report);
        let missing: Vec<_> = caught.iter().filter(|mutation| !survived.contains(mutation)).collect();
        assert!(missing.is_empty(), "a runner that {what}: {missing:?} did not survive");
        assert_eq!(report.is_clean(), caught.is_empty(), "a runner that {what}");
    }
    let report =
        audit_with(&Lenient { forgives: |_, _| false, miscounts: true, confuses: false }, SCRIPT, &all(1));
    assert_eq!(survivors(&report), BTreeSet::from([Mutation::OutcomeDropped]));
    let report =
        audit_with(&Lenient { forgives: |_, _| true, miscounts: true, confuses: true }, SCRIPT, &all(1));
    assert_eq!(report.total().survived, report.total().mutants);
}

#[test]
fn the_directives_of_a_thread_have_mutants() {
    let options = Options { line: Some(47), ..all(1) };
    let report = audit_with(&Production, SCRIPT, &options);
    let kinds = kinds_with_mutants(&report);
    assert!(kinds.contains(&Mutation::IntegerBit) && kinds.contains(&Mutation::ReturnToTrap), "{kinds:?}");
    assert!(!kinds.contains(&Mutation::ModuleToTrap), "{kinds:?}");
    assert!(report.is_clean(), "{}", report.text(Default::default()));
    let forgives = |kind: &DirectiveKind, _: &DirectiveRecord| matches!(kind, DirectiveKind::Wait { .. });
    let report = audit_with(&Lenient { forgives, miscounts: false, confuses: false }, SCRIPT, &options);
    let text = report.text(Default::default());
    assert!(
        text.contains("in the thread, line 49: assert_return i32 1 (0x00000001) became assert_return"),
        "{text}"
    );
    assert!(survivors(&report).contains(&Mutation::IntegerBit), "{text}");
}

/// A runner that does away with every directive that does not pass.
struct Skipping;

impl Harness for Skipping {
    fn run(
        &self,
        runner: &Runner,
        script: &Script,
        file: &Arc<str>,
        terms: Terms,
        known: &BTreeMap<u32, Outcome>,
    ) -> Vec<DirectiveRecord> {
        let mut reports = Production.run(runner, script, file, terms, known);
        let failed = reports.iter().position(|report| !report.outcome.is_pass()).unwrap_or(reports.len());
        for report in &mut reports[failed..] {
            report.outcome = Outcome::lack(Lack::feature("an earlier failure"));
        }
        reports
    }
}

#[test]
fn red_for_another_reason_is_no_kill() {
    let options = Options { mutations: vec![Mutation::ResultAdded], ..all(1) };
    let report = audit_with(&Skipping, SCRIPT, &options);
    let total = report.total();
    assert_eq!((total.killed, total.survived, total.undecided), (0, 0, total.mutants));
    assert!(!report.disturbed.is_empty(), "later directives were changed too");
    assert!(!report.is_clean());
    let text = report.text(Default::default());
    assert!(text.contains("undecided test.wast:26:1 result-added"), "{text}");
    assert!(text.contains("rerun: trapline audit - --line 26 --mutation result-added"), "{text}");
}

#[test]
fn the_rate_is_not_rounded_up() {
    let mut report = Report { files: 1, ..Report::default() };
    let tally = Tally { mutants: 1_000_000, killed: 999_999, survived: 1, undecided: 0 };
    report.tallies.insert((Mutation::TrapText, Keyword::AssertTrap), tally);
    assert!(report.text(Default::default()).contains("kill rate 99.99 %"));
}

#[test]
fn names_are_unique_and_parse() {
    let names: BTreeSet<_> = Mutation::ALL.iter().map(|mutation| mutation.name()).collect();
    assert_eq!(names.len(), Mutation::ALL.len());
    for mutation in Mutation::ALL {
        assert_eq!(mutation.name().parse(), Ok(*mutation));
    }
    assert!("nothing".parse::<Mutation>().is_err());
}

#[test]
fn texts_that_could_name_the_trap_are_not_taken() {
    for text in ["out of bounds", "uninitialized", "integer", "unreachable", "undefined element 3"] {
        for trap in Trap::ALL.iter().filter(|trap| trap.spec_text().starts_with(text)) {
            for seed in 0..50 {
                let script = Script::parse(format!("(assert_trap (invoke \"f\") {text:?})")).unwrap();
                let facts = Facts { trap: Some(*trap), exceptions: false };
                let mutants = mutants_of(&script.directives()[0].kind, facts, &|_, _| Rng::with_seed(seed));
                let changed = mutants.iter().find(|mutant| mutant.mutation == Mutation::TrapText).unwrap();
                let DirectiveKind::AssertTrap { text: other, .. } = &changed.kind else {
                    panic!("{changed:?}")
                };
                assert!(!other.starts_with(text) && !text.starts_with(&**other), "{text} and {other}");
                assert_ne!(**other, *trap.spec_text());
            }
        }
    }
}

#[test]
fn mutants_with_other_effects_are_not_run_in_place() {
    let script = Script::parse(SCRIPT).unwrap();
    let facts = Facts { trap: None, exceptions: true };
    for directive in script.directives() {
        for mutant in mutants_of(&directive.kind, facts, &|_, _| Rng::with_seed(1)) {
            let names_something = |kind: &DirectiveKind| {
                matches!(kind, DirectiveKind::Module(_) | DirectiveKind::ModuleDefinition(_))
            };
            if names_something(&directive.kind) || names_something(&mutant.kind) {
                assert_ne!(mutant.placement, Placement::InPlace, "{mutant:?}");
            }
        }
    }
}
