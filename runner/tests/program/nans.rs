//! Differences in the bits of NaNs, between engines of trapline's.

use crate::compare::{Broken, engine, runner, script};
use crate::place::{Place, Run};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use trapline::compare;
use trapline::engine::{NativeEngine, start_native};
use trapline::executor::{Engine, EngineError, Executor};
use trapline::outcome::{Event, FileReport, OutcomeKind, Permitted};
use trapline::run::{Options, Runner};
use trapline::trail::Refusal;
use trapline_compiler::WasmFeatures;
use trapline_runtime::{Module, StoreConfig};

const CANONICAL: [&str; 5] = ["compare", "--variant", "aot", "--variant", "aot,nan=canonical"];

fn compared(place: &Place, file: &str) -> Run {
    place.run(&[&CANONICAL[..], &[file]].concat())
}

/// NaNs that are computed: as results, in a global, in memory, and in what an exception carries.
const OPEN: &str = r#"(module
  (memory (export "m") 1)
  (global $g (mut f64) (f64.const 0))
  (func $sub (param f32 f32) (result f32) (f32.sub (local.get 0) (local.get 1)))
  (func (export "sub") (param f32 f32) (result f32) (call $sub (local.get 0) (local.get 1)))
  (func (export "keep") (param f64) (global.set $g (f64.mul (local.get 0) (f64.const 2))))
  (func (export "store") (param f64) (f64.store (i32.const 8) (f64.add (local.get 0) (f64.const 2))))
  (func (export "sum") (result v128)
    (f32x4.add (v128.const f32x4 nan:0x400001 1 2 3) (v128.const f32x4 1 1 1 1))))
(assert_return (invoke "sub" (f32.const nan:0x400123) (f32.const 1)) (f32.const nan:arithmetic))
(invoke "keep" (f64.const nan:0x8000000000123))
(invoke "store" (f64.const nan:0x8000000000456))
(assert_return (invoke "sum") (v128.const f32x4 nan:arithmetic 2 3 4))
(assert_return (invoke "sub" (f32.const 3) (f32.const 1)) (f32.const 2))
"#;

#[test]
fn the_bits_of_computed_nans_are_open() {
    let place = Place::new(&[("nan.wast", OPEN)]);
    let run = compared(&place, "nan.wast");
    run.expect(0, &["differences that the specification allows: NaN payload "]);
    assert!(!run.out.contains("diverged") || run.out.contains("0 diverged"), "{run:#?}");
    let run = place.run(&["triage", "nan.wast", "--variant", "nan=canonical", "--repeat", "1"]);
    run.expect(
        0,
        &[
            "nan.wast: legal divergence\n",
            "differs in what may differ: NaN payload",
            "the specification leaves open which NaN arithmetic results in",
        ],
    );
}

#[test]
fn integers_made_of_open_bits_are_explained_by_the_option() {
    let text = r#"(module
      (func $sub (param f32 f32) (result f32) (f32.sub (local.get 0) (local.get 1)))
      (func (export "bits") (param f32 f32) (result i32)
        (i32.reinterpret_f32 (call $sub (local.get 0) (local.get 1)))))
    (invoke "bits" (f32.const nan:0x400123) (f32.const 1))"#;
    let place = Place::new(&[("bits.wast", text)]);
    compared(&place, "bits.wast").expect(0, &["specification allows: NaN canonicalisation 1"]);
    let run = place.run(&["triage", "bits.wast", "--variant", "nan=canonical", "--repeat", "1"]);
    run.expect(
        0,
        &["bits.wast: legal divergence\n", "with nan=canonical on both sides the difference is gone"],
    );
}

/// The injected fault is in the arithmetic of integers. What it makes different is different with canonical NaNs, too.
#[test]
fn what_is_different_with_canonical_nans_too_is_a_divergence() {
    let fixed = r#"(module
      (global $g (mut f32) (f32.const 0))
      (global $i (mut i32) (i32.const 0))
      (func (export "open") (param f32) (result f32) (f32.add (local.get 0) (f32.const 1)))
      (func (export "keep") (param f32) (global.set $g (f32.add (local.get 0) (f32.const 1))))
      (func (export "count") (param i32) (global.set $i (i32.sub (local.get 0) (i32.const 7))))
      (func (export "pick") (param i32) (result f32)
        (f32.reinterpret_i32 (i32.or (i32.const 0x7fc00000) (i32.sub (local.get 0) (i32.const 1)))))
      (func (export "number") (param i32) (result f32)
        (f32.mul (f32.convert_i32_s (i32.sub (local.get 0) (i32.const 1))) (f32.const 1))))
    (invoke "open" (f32.const nan:0x400123))
    (invoke "pick" (i32.const 5))
    (invoke "number" (i32.const 5))"#;
    let broken = ["compare", "--variant", "aot,nan=canonical", "--variant", "aot,break=operands"];
    let place = Place::new(&[("fixed.wast", fixed)]);
    let run = place.run(&[&broken[..], &["fixed.wast"]].concat());
    // Both results are NaNs, and their bits are those of an integer.
    run.expect(
        1,
        &["2 diverged", "fixed.wast:12:5", "fixed.wast:13:5", "specification allows: NaN payload 1"],
    );
    // Behind a state that may be another one, states are still compared.
    let hidden = fixed.split("(invoke \"open\"").next().expect("a module").to_owned()
        + "(invoke \"keep\" (f32.const nan:0x400123))\n(invoke \"count\" (i32.const 9))";
    place.write("hidden.wast", hidden);
    let run = place.run(&[&broken[..], &["hidden.wast"]].concat());
    run.expect(1, &["1 diverged", "hidden.wast:12:1", "specification allows: NaN payload 1"]);
}

/// No arithmetic makes a NaN here: engines that disagree in one are not both right.
#[test]
fn nans_of_fixed_bits_differ() {
    let text = r#"(module
      (func (export "pick") (param i32) (result f32)
        (f32.neg (f32.reinterpret_i32 (i32.or (i32.const 0x7fc00000) (i32.sub (local.get 0) (i32.const 1)))))))
    (invoke "pick" (i32.const 5))"#;
    let place = Place::new(&[("fixed.wast", text)]);
    let run =
        place.run(&["triage", "fixed.wast", "--variant", "nan=canonical,break=operands", "--repeat", "1"]);
    run.expect(11, &["fixed.wast: miscompile\n", "takes:     break=operands\n"]);
}

/// An engine that says it makes NaNs canonical, and does so with a constant, too.
struct Eager(Broken);

impl Eager {
    fn runner() -> Runner {
        let (from, to) = (b"\x43\x23\x01\xc0\x7f", b"\x43\x00\x00\xc0\x7f");
        runner(Arc::new(Eager(Broken { engine: engine("aot,nan=canonical"), from, to })))
    }
}

impl Engine for Eager {
    fn name(&self) -> &str {
        "eager"
    }

    fn profile(&self) -> BTreeMap<String, String> {
        self.0.engine.profile()
    }

    fn validate(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), EngineError> {
        self.0.validate(wasm, features)
    }

    fn start(&self) -> Result<Box<dyn Executor + '_>, Refusal> {
        start_native(self)
    }
}

impl NativeEngine for Eager {
    fn store_config(&self) -> StoreConfig {
        self.0.store_config()
    }

    fn module(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError> {
        self.0.module(wasm, features)
    }
}

/// What an eager engine has otherwise than another at the last directive of a script.
fn of_an_eager_engine(text: &str) -> (OutcomeKind, Vec<Permitted>) {
    let (_folder, selected) = script(text);
    let mut files: Vec<FileReport> = Vec::new();
    compare::run(
        &[runner(engine("aot")), Eager::runner()],
        &selected.inputs,
        &selected,
        Options { jobs: 1, max_fail: None, part: None, unavailable: Vec::new(), description: Arc::default() },
        // With canonical NaNs, the other engine is this one.
        &|_, _| Some(Eager::runner()),
        &mut |event| {
            if let Event::FileFinished(report) = event {
                files.push(report);
            }
            ControlFlow::Continue(())
        },
    )
    .expect("threads");
    let last = files[1].directives.last().expect("directives");
    (last.outcome.kind(), last.permitted().to_vec())
}

/// Where nothing computes a NaN, none is open, whatever the options of engines.
#[test]
fn bits_of_a_constant_are_not_explained_by_the_option() {
    let constant = r#"(func (export "f") (result f32) (f32.const nan:0x400123))"#;
    let sum = r#"(func (export "g") (param f32) (result f32) (f32.add (local.get 0) (f32.const 1)))"#;
    let neg = r#"(func (export "g") (param f32) (result f32) (f32.neg (local.get 0)))"#;
    let call = r#"(invoke "f")"#;
    let alone = of_an_eager_engine(&format!("(module {constant} {neg}) {call}"));
    assert_eq!(alone, (OutcomeKind::Diverged, Vec::new()));
    // Beside arithmetic, where a NaN comes from is not known.
    let beside = of_an_eager_engine(&format!("(module {constant} {sum}) {call}"));
    assert_eq!(beside, (OutcomeKind::Pass, vec![Permitted::NanPayload]));
}
