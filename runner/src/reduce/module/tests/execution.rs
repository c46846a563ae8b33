//! Modules that run after an edit: which functions were entered, and what behaves as before.

use super::super::{Coverage, Edits, Level, with_coverage};
use super::{is_valid, module};
use crate::engine::{EngineKind, Variant};
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

fn entered(coverage: &Coverage, store: &Store, instance: Instance) -> BTreeSet<u32> {
    let value = |name: &String| match instance.export(store, name) {
        Some(Extern::Global(global)) => match global.get(store) {
            Val::I64(bits) => bits as u64,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let globals: Vec<u64> = coverage.exports.iter().map(value).collect();
    coverage.entered(&globals)
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
    assert_eq!(coverage.entered(&[1]), BTreeSet::from([1]));
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
