use super::*;
use crate::engine::{AotEngine, NativeEngine, start_native};
use crate::executor::EngineError;
use crate::outcome::OutcomeKind::{self, Blocked, Fail, HarnessError, Pass, Unsupported};
use crate::report::{Sides, sides};
use std::sync::OnceLock;
use trapline_abi::Trap;
use trapline_compiler::{Profile, WasmFeatures, supported_features};
use trapline_runtime::{Module, StoreConfig};

pub(super) fn aot() -> &'static AotEngine {
    static ENGINE: OnceLock<AotEngine> = OnceLock::new();
    ENGINE.get_or_init(|| AotEngine::new("aot", Profile::default()).unwrap())
}

/// Runs a script on a thread with the stack that compiled code needs.
fn run_on(engine: &'static (dyn Engine + 'static), text: &str) -> Vec<DirectiveRecord> {
    let script = Script::parse(text.to_owned()).unwrap();
    let run = move || {
        let mut reports = Vec::new();
        run_script(engine, &script, "test.wast", supported_features().into(), &mut reports);
        assert_eq!(reports.len(), script.directives().len());
        reports
    };
    std::thread::Builder::new().stack_size(STACK_SIZE).spawn(run).unwrap().join().unwrap()
}

fn run(text: &str) -> Vec<DirectiveRecord> {
    run_on(aot(), text)
}

fn kinds(reports: &[DirectiveRecord]) -> Vec<OutcomeKind> {
    reports.iter().map(|report| report.outcome.kind()).collect()
}

/// Runs a script and compares the kind of every outcome.
pub(super) fn expect(text: &str, wanted: &[OutcomeKind]) -> Vec<DirectiveRecord> {
    let reports = run(text);
    assert_eq!(kinds(&reports), wanted, "{reports:#?}");
    reports
}

/// What was expected, and what came, in words.
pub(super) fn failure(report: &DirectiveRecord) -> (&'static str, &'static str) {
    let Sides { expected, got, .. } = sides(report);
    match &report.outcome {
        Outcome::Fail(_) => (expected.unwrap().leak(), got.leak()),
        other => panic!("{other:?}"),
    }
}

/// The directive that blocks one, as reports have it.
pub(super) fn blocker(report: &DirectiveRecord) -> String {
    assert!(matches!(report.outcome, Outcome::Blocked(_)), "{report:?}");
    sides(report).got
}

const ADD: &str = "(module $m
  (func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export \"div\") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
  (func $loop (export \"loop\") (call $loop))
  (func (export \"two\") (result i32 i64) (i32.const 1) (i64.const 2))
  (global (export \"g\") i64 (i64.const 42)))\n";

#[test]
fn assertions_hold() {
    let script = format!(
        "{ADD} (assert_return (invoke \"add\" (i32.const 1) (i32.const 2)) (i32.const 3))
         (assert_return (invoke $m \"two\") (i32.const 1) (i64.const 2))
         (assert_return (get \"g\") (i64.const 42))
         (assert_trap (invoke \"div\" (i32.const 0)) \"integer divide by zero\")
         (assert_exhaustion (invoke \"loop\") \"call stack exhausted\")
         (assert_exhaustion (invoke $m \"loop\") \"call stack\")
         (invoke \"two\") (get $m \"g\")"
    );
    let reports = expect(&script, &[Pass; 9]);
    assert!(reports.iter().all(|report| report.source().is_none()));
    assert!(reports[4].trap().unwrap().kind == Trap::IntegerDivideByZero);
    assert!(reports[5].trap().is_some() && reports[7].trap().is_none());
    assert!(reports.iter().map(|report| report.index).eq(0..9));
}

#[test]
fn assertions_that_do_not_hold_fail() {
    let script = format!(
        "{ADD} (assert_return (invoke \"add\" (i32.const 1) (i32.const 2)) (i32.const 4))
         (assert_return (invoke \"add\" (i32.const 1) (i32.const 2)) (i64.const 3))
         (assert_return (invoke \"add\" (i32.const 1) (i32.const 2)))
         (assert_return (invoke \"two\") (i32.const 1))
         (assert_return (invoke \"two\") (i32.const 1) (i64.const 3))
         (assert_return (get \"g\") (i64.const 43))
         (assert_return (invoke \"div\" (i32.const 0)) (i32.const 0))
         (assert_trap (invoke \"div\" (i32.const 1)) \"integer divide by zero\")
         (assert_trap (invoke \"div\" (i32.const 0)) \"integer overflow\")
         (assert_trap (invoke \"div\" (i32.const 0)) \"integer divide by zero or overflow\")
         (assert_trap (invoke \"loop\") \"unreachable\")
         (assert_trap (invoke \"loop\") \"call stack exhausted\")
         (assert_exhaustion (invoke \"div\" (i32.const 0)) \"integer divide by zero\")
         (assert_exhaustion (invoke \"div\" (i32.const 1)) \"call stack exhausted\")
         (invoke \"div\" (i32.const 0))
         (invoke \"add\" (i32.const 1)) (invoke \"add\" (i32.const 1) (i64.const 1))
         (invoke \"none\") (invoke \"g\") (get \"add\") (get \"none\") (invoke $none \"add\")"
    );
    let reports = run(&script);
    assert_eq!(reports[0].outcome, Outcome::Pass);
    assert!(reports[1..].iter().all(|report| report.outcome.kind() == Fail), "{reports:#?}");
    assert_eq!(failure(&reports[1]), ("i32 4 (0x00000004)", "i32 3 (0x00000003)"));
    let source = reports[1].source();
    assert_eq!(source, Some("(assert_return (invoke \"add\" (i32.const 1) (i32.const 2)) (i32.const 4))"));
    assert!(failure(&reports[9]).1.starts_with("trap: integer divide by zero"));
    assert_eq!(failure(&reports[8]), ("trap: integer divide by zero", "returned i32 1 (0x00000001)"));
    assert_eq!(failure(&reports[12]).0, "trap: call stack exhausted");
    assert!(failure(&reports[12]).1.starts_with("exhaustion: call stack exhausted"), "{:?}", reports[12]);
}

#[test]
fn instances_are_registered_and_imported() {
    expect(
        "(module $a (global (export \"g\") i32 (i32.const 1)))
         (register \"one\")
         (module $b (global (export \"g\") i32 (i32.const 2)))
         (register \"two\" $b)
         (module (import \"one\" \"g\" (global $one i32)) (import \"two\" \"g\" (global $two i32))
           (func (export \"get\") (result i32) (i32.sub (global.get $one) (global.get $two))))
         (assert_return (invoke \"get\") (i32.const -1))
         (assert_return (get $a \"g\") (i32.const 1))
         (register \"one\" $b)
         (module (import \"one\" \"g\" (global i32)) (export \"g\" (global 0)))
         (assert_return (get \"g\") (i32.const 2))",
        &[Pass; 10],
    );
}

#[test]
fn a_registration_hides_the_one_before_entirely() {
    expect(
        "(module (func (export \"old\"))) (register \"m\")
         (module (func (export \"new\"))) (register \"m\")
         (assert_unlinkable (module (import \"m\" \"old\" (func))) \"unknown import\")",
        &[Pass; 5],
    );
}

#[test]
fn definitions_are_instantiated_on_request() {
    expect(
        "(module definition $d (global (export \"g\") (mut i32) (i32.const 7))
           (func (export \"inc\") (global.set 0 (i32.add (global.get 0) (i32.const 1)))))
         (module instance $i $d)
         (module instance $j $d)
         (invoke $i \"inc\")
         (assert_return (get $i \"g\") (i32.const 8))
         (assert_return (get $j \"g\") (i32.const 7))
         (assert_return (get \"g\") (i32.const 7))
         (module instance)
         (assert_return (get \"g\") (i32.const 7))
         (get $d \"g\")",
        &[Pass, Pass, Pass, Pass, Pass, Pass, Pass, Pass, Pass, Fail],
    );
}

#[test]
fn refusals_are_told_apart() {
    let malformed_binary = "(module binary \"\\00asm\\01\\00\\00\")";
    let invalid = "(module (func (result i32)))";
    let script = format!(
        "(assert_malformed {malformed_binary} \"unexpected end\")
         (assert_malformed (module quote \"(fun)\") \"unknown operator\")
         (assert_invalid {invalid} \"type mismatch\")
         (assert_invalid (module quote \"(func (result i32))\") \"type mismatch\")
         (assert_malformed {invalid} \"type mismatch\")
         (assert_malformed (module quote \"(func)\") \"unknown operator\")
         (assert_invalid {malformed_binary} \"unexpected end\")
         (assert_invalid (module quote \"(fun)\") \"unknown operator\")
         (assert_invalid (module) \"type mismatch\")
         (module (func (result i32)))
         (module (func (call $none)))
         (module definition (func (result i32)))"
    );
    let reports = expect(&script, &[Pass, Pass, Pass, Pass, Fail, Fail, Fail, Fail, Fail, Fail, Fail, Fail]);
    assert!(failure(&reports[4]).1.starts_with("invalid, not malformed"));
    assert!(failure(&reports[6]).1.starts_with("malformed, not invalid"));
    assert!(failure(&reports[10]).1.contains("line 11, column 30"), "{:?}", reports[10]);
}

#[test]
fn links_are_refused_with_their_text() {
    expect(
        "(module (func (export \"f\"))) (register \"m\")
         (assert_unlinkable (module (import \"m\" \"g\" (func))) \"unknown import\")
         (assert_unlinkable (module (import \"n\" \"f\" (func))) \"unknown import\")
         (assert_unlinkable (module (import \"m\" \"f\" (func (param i32)))) \"incompatible import type\")
         (assert_unlinkable (module (import \"m\" \"f\" (func (param i32)))) \"unknown import\")
         (assert_unlinkable (module (import \"m\" \"g\" (func))) \"incompatible import type\")
         (assert_unlinkable (module (import \"m\" \"g\" (func))) \"unknown imports\")
         (assert_unlinkable (module (import \"m\" \"f\" (func))) \"\")
         (assert_unlinkable (module (func $f unreachable) (start $f)) \"unknown import\")
         (assert_unlinkable (module (func (result i32))) \"unknown import\")
         (module (import \"m\" \"g\" (func)))",
        &[Pass, Pass, Pass, Pass, Pass, Fail, Fail, Fail, Fail, Fail, Fail, Fail],
    );
}

#[test]
fn modules_that_trap() {
    let start = "(module (func $f unreachable) (start $f))";
    let segment = "(module (memory 1) (data (i32.const 65536) \"a\"))";
    let script = format!(
        "(assert_trap {start} \"unreachable\")
         (assert_trap {segment} \"out of bounds memory access\")
         (assert_trap {segment} \"out of bounds table access\")
         (assert_trap (module) \"unreachable\")
         (assert_trap (module (import \"m\" \"f\" (func))) \"unreachable\")
         {start}
         (assert_return (module))"
    );
    let reports = expect(&script, &[Pass, Pass, Fail, Fail, Fail, Fail, Pass]);
    assert!(reports[0].trap().is_some() && reports[5].trap().is_some());
}

#[test]
fn what_needs_a_failed_module_is_blocked() {
    let reports = expect(
        "(module $a (func (export \"f\")))
         (register \"a\")
         (module $b (func (result i32)))
         (invoke \"f\")
         (invoke $a \"f\")
         (invoke $b \"f\")
         (register \"b\" $b)
         (module (import \"b\" \"f\" (func)))
         (assert_unlinkable (module (import \"b\" \"f\" (func))) \"unknown import\")
         (assert_return (invoke \"f\"))
         (assert_trap (get \"g\") \"unreachable\")
         (module instance $c $b)
         (invoke $c \"f\")
         (module (import \"a\" \"f\" (func)) (export \"f\" (func 0)))
         (invoke \"f\")
         (register \"a\" $b)
         (module (import \"a\" \"f\" (func)))",
        &[
            Pass, Pass, Fail, Blocked, Pass, Blocked, Blocked, Blocked, Blocked, Blocked, Blocked, Blocked,
            Blocked, Pass, Pass, Blocked, Blocked,
        ],
    );
    for report in reports.iter().filter(|report| report.outcome.kind() == Blocked) {
        assert_eq!(blocker(report), "test.wast:3 (fail)");
    }
}

#[test]
fn nothing_runs_before_the_first_module() {
    expect("(invoke \"f\") (register \"a\") (module instance) (get $a \"g\")", &[Fail, Fail, Fail, Fail]);
}

#[test]
fn modules_of_assertions_never_become_current() {
    expect(
        "(module (func (export \"f\")))
         (assert_trap (module (func $f unreachable) (export \"g\" (func $f)) (start $f)) \"unreachable\")
         (assert_unlinkable (module $x (import \"a\" \"b\" (func)) (export \"g\" (func 0))) \"unknown import\")
         (assert_invalid (module $y (func (result i32))) \"type mismatch\")
         (assert_trap (module (func (export \"g\"))) \"unreachable\")
         (invoke \"f\")
         (invoke \"g\")
         (invoke $y \"g\")",
        &[Pass, Pass, Pass, Pass, Fail, Pass, Fail, Fail],
    );
}

#[test]
fn what_is_not_there_is_unsupported() {
    let script = format!(
        "{ADD}
         (assert_suspension (invoke \"two\") \"x\")
         (invoke \"add\" (ref.null cont) (i32.const 2))"
    );
    expect(&script, &[Pass, Unsupported, Unsupported]);
}

/// Custom sections are refused for themselves, in the class and with the text that is wanted.
#[test]
fn custom_sections_are_refused_by_class_and_text() {
    const HINT: &str = r#"(func (@metadata.code.branch_hint \"\\00\") (nop))"#;
    let missing =
        r#"(assert_malformed_custom (module quote "(@custom)") "@custom annotation: missing section name")"#;
    let target = format!(
        r#"(assert_invalid_custom (module quote "{HINT}") "@metadata.code.branch_hint annotation: invalid target")"#
    );
    expect(&format!("{missing} {target}"), &[Pass, Pass]);
    for (from, to) in [
        // Another class, another text, none, and less than a word.
        ("assert_malformed_custom", "assert_invalid_custom"),
        ("missing section name", "malformed placement"),
        ("@custom annotation: missing section name", ""),
        ("section name", "sect"),
        // A valid section, a module that is malformed or invalid without its annotations, and one with a fault elsewhere.
        ("(@custom)", r#"(@custom \"a\")"#),
        ("(@custom)", "(func"),
        ("(@custom)", "(@custom) (fun)"),
        ("(@custom)", "(func (result i32))"),
        ("(@custom)", "(func (@custom \\\"a\\\"))"),
    ] {
        assert!(missing.contains(from), "{from}");
        expect(&missing.replacen(from, to, 1), &[Fail]);
    }
    for (from, to) in [
        ("assert_invalid_custom", "assert_malformed_custom"),
        ("invalid target", "unknown function"),
        ("(nop)", r#"(if (i32.const 0) (then))"#),
        ("(nop)", "(drop)"),
        ("(nop)", "(no-op)"),
    ] {
        assert!(target.contains(from), "{from}");
        expect(&target.replacen(from, to, 1), &[Fail]);
    }
}

#[test]
fn exceptions_are_told_from_other_ends() {
    expect(
        "(module (tag $t (param i32))
           (func (export \"throw\") (throw $t (i32.const 1)))
           (func (export \"trap\") (unreachable))
           (func (export \"return\")))
         (assert_exception (invoke \"throw\"))
         (assert_exception (invoke \"trap\"))
         (assert_exception (invoke \"return\"))
         (assert_return (invoke \"throw\"))
         (assert_trap (invoke \"throw\") \"unreachable\")
         (invoke \"throw\")
         (assert_exception (module (tag $t) (func $s (throw $t)) (start $s)))
         (module (tag $t) (func $s (throw $t)) (start $s))",
        &[Pass, Pass, Fail, Fail, Fail, Fail, Fail, Pass, Fail],
    );
}

#[test]
fn the_host_module_is_complete() {
    expect(
        "(module
           (import \"spectest\" \"print\" (func $print))
           (import \"spectest\" \"print_i32\" (func $print_i32 (param i32)))
           (import \"spectest\" \"print_i64\" (func (param i64)))
           (import \"spectest\" \"print_f32\" (func (param f32)))
           (import \"spectest\" \"print_f64\" (func (param f64)))
           (import \"spectest\" \"print_i32_f32\" (func (param i32 f32)))
           (import \"spectest\" \"print_f64_f64\" (func (param f64 f64)))
           (import \"spectest\" \"global_i32\" (global i32))
           (import \"spectest\" \"global_i64\" (global i64))
           (import \"spectest\" \"global_f32\" (global f32))
           (import \"spectest\" \"global_f64\" (global f64))
           (import \"spectest\" \"table\" (table 10 20 funcref))
           (import \"spectest\" \"memory\" (memory 1 2))
           (import \"spectest\" \"shared_memory\" (memory 1 2 shared))
           (func (export \"print\") (call $print) (call $print_i32 (i32.const 1)))
           (export \"i32\" (global 0)) (export \"i64\" (global 1))
           (export \"f32\" (global 2)) (export \"f64\" (global 3)))
         (assert_return (get \"i32\") (i32.const 666))
         (assert_return (get \"i64\") (i64.const 666))
         (assert_return (get \"f32\") (f32.const 666.6))
         (assert_return (get \"f64\") (f64.const 666.6))
         (assert_return (invoke \"print\"))
         (assert_unlinkable (module (import \"spectest\" \"none\" (func))) \"unknown import\")
         (assert_unlinkable (module (import \"spectest\" \"memory\" (memory 2))) \"incompatible import type\")
         (assert_unlinkable (module (import \"spectest\" \"memory\" (memory 1 1))) \"incompatible import type\")
         (assert_unlinkable (module (import \"spectest\" \"table\" (table 11 funcref)))
           \"incompatible import type\")",
        &[Pass; 10],
    );
}

#[test]
fn the_host_memory_is_one_for_the_script() {
    expect(
        "(module (import \"spectest\" \"memory\" (memory 1)) (data (i32.const 8) \"*\"))
         (module (import \"spectest\" \"memory\" (memory 1))
           (func (export \"load\") (result i32) (i32.load8_u (i32.const 8))))
         (assert_return (invoke \"load\") (i32.const 42))",
        &[Pass; 3],
    );
    expect(
        "(module (import \"spectest\" \"memory\" (memory 1))
           (func (export \"load\") (result i32) (i32.load8_u (i32.const 8))))
         (assert_return (invoke \"load\") (i32.const 0))",
        &[Pass; 2],
    );
}

/// An engine that goes wrong on modules with a certain name in them, and is the usual one else.
struct Faulty;

impl Engine for Faulty {
    fn name(&self) -> &str {
        "faulty"
    }

    fn validate(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), EngineError> {
        aot().validate(wasm, features)
    }

    fn start(&self) -> Result<Box<dyn Executor + '_>, Refusal> {
        start_native(self)
    }
}

impl NativeEngine for Faulty {
    fn store_config(&self) -> StoreConfig {
        aot().store_config()
    }

    fn module(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError> {
        let has = |name: &[u8]| wasm.windows(name.len()).any(|window| window == name);
        if has(b"panic") {
            panic!("on purpose");
        }
        if has(b"harness") {
            return Err(EngineError::Harness(Refusal::harness("broken")));
        }
        if has(b"unsupported") {
            return Err(EngineError::Unsupported(Lack::feature("this")));
        }
        aot().module(wasm, features)
    }
}

#[test]
fn the_engines_own_faults_are_no_failures_of_the_script() {
    let reports = run_on(
        &Faulty,
        "(module (func (export \"panic\")))
         (invoke \"panic\")
         (module (func (export \"harness\")))
         (invoke \"harness\")
         (module (func (export \"unsupported\")))
         (invoke \"unsupported\")
         (assert_unlinkable (module (import \"unsupported\" \"\" (func))) \"unknown import\")
         (assert_trap (module (func (export \"panic\"))) \"unreachable\")
         (module (func (export \"f\")))
         (invoke \"f\")",
    );
    let wanted = [
        HarnessError,
        Blocked,
        HarnessError,
        Blocked,
        Unsupported,
        Blocked,
        Unsupported,
        HarnessError,
        Pass,
        Pass,
    ];
    assert_eq!(kinds(&reports), wanted, "{reports:#?}");
    assert_eq!(blocker(&reports[5]), "test.wast:5 (unsupported)");
    assert_eq!(
        reports[0].outcome,
        Outcome::harness(Refusal { panicked: true, ..Refusal::new(Layer::Codegen, "panicked: on purpose") })
    );
}

#[test]
fn every_directive_begins_and_ends_once() {
    #[derive(Default)]
    struct Log(Vec<(bool, u32)>);
    impl Sink for Log {
        fn begin(&mut self, index: u32) {
            self.0.push((true, index));
        }
        fn end(&mut self, report: DirectiveRecord) {
            assert_eq!(report.outcome.kind(), Unsupported);
            self.0.push((false, report.index));
        }
    }
    let script = Script::parse("(module) (wait $t) (invoke \"f\")").unwrap();
    let mut log = Log::default();
    let outcome = Outcome::lack(Lack::feature("a proposal"));
    same_outcome(&script, &outcome, &mut log);
    assert_eq!(log.0, [(true, 0), (false, 0), (true, 1), (false, 1), (true, 2), (false, 2)]);
}
