//! Modules that run after an edit: which functions were entered, and what behaves as before.

use super::super::{Coverage, Edits, Level, with_coverage, with_results};
use super::{is_valid, module};
use crate::engine::{EngineKind, Variant};
use crate::trail::Value;
use std::collections::BTreeSet;
use trapline_compiler::{Profile, WasmFeatures, module_features, supported_features};
use trapline_runtime::{Extern, Instance, Linker, Store, Val};

/// An instance of a module without imports.
fn instantiate(wasm: &[u8]) -> (Store, Instance) {
    let spec = Variant::new(EngineKind::Aot, Profile::default()).spec();
    let engine = spec.build_native(None).expect("an engine");
    let module = engine.module(wasm, supported_features() | WasmFeatures::GC).expect("a module");
    let mut store = Store::new(engine.store_config()).expect("a store");
    let instance = Linker::new().instantiate(&mut store, &module).expect("an instance");
    (store, instance)
}

/// Calls an exported function; nothing if it traps.
fn call(store: &mut Store, instance: Instance, name: &str, arguments: &[Val]) -> Option<Vec<Val>> {
    match instance.export(store, name) {
        Some(Extern::Func(function)) => function.call(store, arguments).ok(),
        other => panic!("{other:?}"),
    }
}

fn globals(exports: &[String], store: &Store, instance: Instance) -> Vec<Value> {
    let value = |name: &String| match instance.export(store, name) {
        Some(Extern::Global(global)) => match global.get(store) {
            Val::I32(value) => Value::I32(value),
            Val::I64(value) => Value::I64(value),
            Val::F32(bits) => Value::F32(bits),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    exports.iter().map(value).collect()
}

fn entered(coverage: &Coverage, store: &Store, instance: Instance) -> BTreeSet<u32> {
    coverage.entered(&globals(&coverage.exports, store, instance))
}

#[test]
fn functions_return_what_was_recorded() {
    let text = r#"(module (global (export "result 0") i32 (i32.const 3)) (memory 1)
        (func $grows (param i32) (result i32) (if (local.get 0) (then (return (i32.const 5))))
          (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))) (i32.load (i32.const 0)))
        (func $several (result i32 f32 i64) (i32.const 1) (f32.const 2) (i64.add (i64.const 2) (i64.const 1)) nop nop)
        (func $reference (result funcref) (ref.null func) nop nop)
        (func $never (result i32) nop nop nop unreachable)
        (func (export "f") (param i32) (result i32) (drop (call $reference))
          (call $several) i32.wrap_i64 (local.set 0) drop (i32.add (call $grows (i32.const 0))) (i32.add (local.get 0)))
        (func (export "g") (result i32) (call $grows (i32.const 1))))"#;
    let wasm = module(text);
    let recording = with_results(&wasm, module_features()).expect("a module");
    assert!(is_valid(&recording.wasm));
    let (mut store, instance) = instantiate(&recording.wasm);
    for result in [5, 6] {
        let results = call(&mut store, instance, "f", &[Val::I32(0)]);
        assert_eq!(results, Some(vec![Val::I32(result)]));
    }
    let values = globals(&recording.exports, &store, instance);
    let several = [Value::I32(1), Value::F32(2f32.to_bits()), Value::I64(3)];
    let wanted = [&[Value::I32(2)][..], &several, &[Value::I32(0), Value::I32(6), Value::I32(0)]].concat();
    assert_eq!(values, wanted);
    let edits = Edits::of_results(&wasm, module_features(), &recording, &values).expect("edits");
    let all: Vec<usize> = (0..edits.weights().len()).collect();
    // All that return numbers.
    assert_eq!(all.len(), 5);
    let (mut store, instance) = instantiate(&edits.apply(&all[..1]).expect("a module"));
    for _ in 0..2 {
        let results = call(&mut store, instance, "f", &[Val::I32(0)]);
        assert_eq!(results, Some(vec![Val::I32(6)]));
        assert_eq!(call(&mut store, instance, "g", &[]), Some(vec![Val::I32(2)]));
    }
    let constant = module("(module (func (result i32) (i32.const 6)))");
    let small = edits.apply(&all).expect("a module");
    assert!(is_valid(&small) && small.len() < wasm.len() && small.len() > constant.len());
}

#[test]
fn coverage_names_the_functions_that_were_entered_also_after_a_trap() {
    let many = "(func (local i64) nop)".repeat(70);
    let text = format!(
        r#"(module (global (export "entered 0") i32 (i32.const 3)) {many}
            (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
            (func $trap (export "trap") (call 64) unreachable)
            (func $loop (export "count") (param i32) (result i32) (local i32)
              (loop (local.set 1 (call $add (local.get 1) (local.get 0)))
                (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
              (local.get 1)))"#
    );
    let wasm = module(&text);
    let coverage = with_coverage(&wasm, module_features()).expect("a module");
    assert!(is_valid(&coverage.wasm));
    assert_eq!(coverage.exports, ["entered 1", "entered 2"]);
    let (mut store, instance) = instantiate(&coverage.wasm);
    assert_eq!(entered(&coverage, &store, instance), BTreeSet::new());
    assert_eq!(call(&mut store, instance, "count", &[Val::I32(4)]), Some(vec![Val::I32(10)]));
    assert_eq!(entered(&coverage, &store, instance), BTreeSet::from([70, 72]));
    assert_eq!(call(&mut store, instance, "trap", &[]), None);
    assert_eq!(entered(&coverage, &store, instance), BTreeSet::from([64, 70, 71, 72]));
}

#[test]
fn coverage_counts_imported_functions_in_its_indices() {
    let wasm = module(r#"(module (import "m" "f" (func)) (func nop))"#);
    let coverage = with_coverage(&wasm, module_features()).expect("a module");
    assert_eq!(coverage.entered(&[Value::I64(1)]), BTreeSet::from([1]));
}

/// Levels that change nothing that a program can tell, on programs that have something to change.
#[test]
fn edits_of_what_is_not_used_keep_what_a_module_does() {
    let text = r#"(module (func $unused (result i32) (call $g))
        (func $g (result i32) (i32.const 7)) (global $z i32 (i32.const 9)) (global $m (mut i32) (i32.const 0))
        (func (export "f") (param i32) (result i32) (local i64 i64 f32)
          (local.set 2 (i64.const 5))
          (block (loop (block (br_if 2 (local.get 0))) (global.set $m (i32.wrap_i64 (local.get 2)))))
          (i32.add (global.get $m) (i32.load8_u (i32.const 1))))
        (memory 1) (data (i32.const 0) "\01\02\03"))"#;
    let wasm = module(text);
    let results = |wasm: &[u8]| {
        let (mut store, instance) = instantiate(wasm);
        [1, 0].map(|argument| call(&mut store, instance, "f", &[Val::I32(argument)]))
    };
    let expected = results(&wasm);
    assert_eq!(expected, [Some(vec![Val::I32(2)]), Some(vec![Val::I32(7)])]);
    for level in [Level::Nesting, Level::UnusedLocals, Level::Names, Level::Members, Level::Subtypes] {
        let edits = Edits::new(&wasm, module_features(), level).expect("edits");
        let all: Vec<usize> = (0..edits.weights().len()).collect();
        assert_eq!(results(&edits.apply(&all).expect("a module")), expected, "{}", level.name());
    }
    let unused = Edits::new(&wasm, module_features(), Level::Unused).expect("edits");
    assert_eq!(results(&unused.apply(&[0, 1]).expect("a module")), expected);
}
