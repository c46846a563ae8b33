//! Items of modules: functions as a whole, exports, unused items, imports, segments, initial values, names, types.

use super::super::{EditError, Edits, Level, stub_all_but};
use super::{all_give, each_gives, edits, module, same};
use std::collections::BTreeSet;
use trapline_compiler::module_features;

#[test]
fn bodies_become_the_shortest_ones_but_those_that_are() {
    let text = "(module (func (result i32) i32.const 1) (func unreachable) (func (local i32)))";
    each_gives(
        text,
        Level::Bodies,
        &[
            "(module (func (result i32) unreachable) (func unreachable) (func (local i32)))",
            "(module (func (result i32) i32.const 1) (func unreachable) (func unreachable))",
        ],
    );
    let wasm = module(text);
    assert_eq!(edits(&wasm, Level::Bodies).weights(), [1, 1]);
}

#[test]
fn functions_that_are_kept_are_named_by_their_index() {
    let wasm =
        module("(module (import \"m\" \"f\" (func)) (func nop nop) (func nop nop) (func) (func nop nop))");
    let stubbed = stub_all_but(&wasm, module_features(), &BTreeSet::from([0, 2])).expect("a module");
    let expected =
        "(module (import \"m\" \"f\" (func)) (func unreachable) (func nop nop) (func) (func unreachable))";
    same(&stubbed, &module(expected), "all but function 2");
}

#[test]
fn exports_go_one_by_one() {
    let text = r#"(module (func (export "a") (export "b")) (memory (export "m") 1))"#;
    each_gives(
        text,
        Level::Exports,
        &[
            r#"(module (func (export "b")) (memory (export "m") 1))"#,
            r#"(module (func (export "a")) (memory (export "m") 1))"#,
            r#"(module (func (export "a") (export "b")) (memory 1))"#,
        ],
    );
    all_give(text, Level::Exports, "(module (func) (memory 1))");
}

#[test]
fn unused_functions_go_with_what_only_they_use() {
    let text = r#"(module
        (import "m" "f" (func $unused)) (import "m" "g" (func $imported (param i64)))
        (func $first (call $second)) (func $second (call $imported (i64.const 1)))
        (func $used (export "used") (global.set $g (i32.const 1)))
        (global $h i32 (i32.const 7)) (global $g (mut i32) (i32.const 0)))"#;
    let without_first = r#"(module
        (type (func)) (import "m" "f" (func $unused))
        (func $used (export "used") (global.set $g (i32.const 1)))
        (global $h i32 (i32.const 7)) (global $g (mut i32) (i32.const 0)))"#;
    let wasm = module(text);
    let edits = edits(&wasm, Level::Unused);
    assert_eq!(edits.weights().len(), 3, "the import, the first function, the global");
    same(&edits.apply(&[1]).expect("a module"), &module(without_first), "without the first function");
    all_give(
        text,
        Level::Unused,
        r#"(module (func $used (export "used") (global.set 0 (i32.const 1))) (global $g (mut i32) (i32.const 0)))"#,
    );
}

#[test]
fn functions_that_only_call_each_other_go_together() {
    let text = r#"(module (func $a (call $b)) (func $b (call $a)) (func (export "f") (call 2)))"#;
    each_gives(text, Level::Unused, &[r#"(module (func (export "f") (call 0)))"#]);
}

#[test]
fn segments_go_unless_an_operator_refers_to_them() {
    let text = r#"(module (memory 1) (data (i32.const 0) "a") (data "b") (data "c") (data "d")
        (func (export "f") (memory.init 2 (i32.const 0) (i32.const 0) (i32.const 0))))"#;
    let expected = r#"(module (memory 1) (data "c")
        (func (export "f") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0))))"#;
    all_give(text, Level::Unused, expected);
}

#[test]
fn what_declares_a_referenced_function_stays() {
    let text = r#"(module (func $f) (elem declare func $f) (elem func $f)
        (func (export "g") (drop (ref.func $f))))"#;
    let expected = r#"(module (func $f) (elem declare func $f) (func (export "g") (drop (ref.func $f))))"#;
    all_give(text, Level::Unused, expected);
}

#[test]
fn the_start_section_and_custom_sections_go() {
    let text = r#"(module (func $s) (start $s) (@custom "c" "x") (func (export "f")))"#;
    all_give(text, Level::Unused, r#"(module (func (export "f")))"#);
}

#[test]
fn whole_recursion_groups_go_and_single_members() {
    let text = r#"(module (rec (type $a (struct)) (type $b (struct (field (ref $a)))))
        (rec (type $c (array i8)) (type $d (struct))) (func (export "f") (param (ref $d))))"#;
    let unused =
        r#"(module (rec (type $c (array i8)) (type $d (struct))) (func (export "f") (param (ref $d))))"#;
    all_give(text, Level::Unused, unused);
    all_give(
        unused,
        Level::Members,
        r#"(module (rec (type $d (struct))) (func (export "f") (param (ref $d))))"#,
    );
}

#[test]
fn imports_become_defined() {
    let text = r#"(module
        (import "m" "f" (func $f (result i32 f64 (ref null func)))) (import "m" "m" (memory 1 2))
        (import "m" "g" (global (mut i64))) (import "m" "t" (table 3 externref))
        (func (export "e") (call $own)) (func $own (call $f) drop drop drop))"#;
    let trapping = r#"(module
        (type (func (result i32 f64 (ref null func)))) (type (func))
        (import "m" "m" (memory 1 2)) (import "m" "g" (global (mut i64))) (import "m" "t" (table 3 externref))
        (func $f (type 0) unreachable)
        (func (export "e") (call $own)) (func $own (call $f) drop drop drop))"#;
    all_give(text, Level::TrappingImports, trapping);
    let zeros = r#"(module
        (type (func (result i32 f64 (ref null func)))) (type (func))
        (memory 1 2) (global (mut i64) (i64.const 0)) (table 3 externref)
        (func $f (type 0) (i32.const 0) (f64.const 0) (ref.null func))
        (func (export "e") (call $own)) (func $own (call $f) drop drop drop))"#;
    all_give(text, Level::ZeroImports, zeros);
}

#[test]
fn an_import_that_is_defined_takes_its_place_after_those_that_stay() {
    let text = r#"(module (import "m" "a" (func (param i32))) (import "m" "b" (func (param i64)))
        (func (export "f") (call 0 (i32.const 1)) (call 1 (i64.const 2))))"#;
    let wasm = module(text);
    let found = edits(&wasm, Level::TrappingImports).apply(&[0]).expect("a module");
    let expected = r#"(module (type (func (param i32))) (type (func (param i64))) (type (func))
        (import "m" "b" (func (type 1))) (func (type 0) unreachable)
        (func (export "f") (type 2) (call 1 (i32.const 1)) (call 0 (i64.const 2))))"#;
    same(&found, &module(expected), "without the first import");
}

#[test]
fn elements_go_at_the_ends_and_are_null_between() {
    let text = "(module (table 9 funcref) (func) (elem (i32.const 2) func 0 0 0))";
    each_gives(
        text,
        Level::Elements,
        &[
            "(module (table 9 funcref) (func) (elem (i32.const 3) func 0 0))",
            "(module (table 9 funcref) (func)
                (elem (i32.const 2) funcref (ref.func 0) (ref.null func) (ref.func 0)))",
            "(module (table 9 funcref) (func) (elem (i32.const 2) func 0 0))",
        ],
    );
    all_give(text, Level::Elements, "(module (table 9 funcref) (func) (elem (i32.const 2) func))");
}

#[test]
fn data_goes_at_the_ends_and_is_zero_between() {
    let text = r#"(module (memory 1) (data (i32.const 8) "abc") (data "xy"))"#;
    each_gives(
        text,
        Level::Data,
        &[
            r#"(module (memory 1) (data (i32.const 9) "bc") (data "xy"))"#,
            r#"(module (memory 1) (data (i32.const 8) "a\00c") (data "xy"))"#,
            r#"(module (memory 1) (data (i32.const 8) "ab") (data "xy"))"#,
            r#"(module (memory 1) (data (i32.const 8) "abc") (data "\00y"))"#,
            r#"(module (memory 1) (data (i32.const 8) "abc") (data "x"))"#,
        ],
    );
    all_give(text, Level::Data, r#"(module (memory 1) (data (i32.const 8) "") (data ""))"#);
    all_give(
        text,
        Level::ZeroData,
        r#"(module (memory 1) (data (i32.const 8) "\00\00\00") (data "\00\00"))"#,
    );
}

#[test]
fn large_data_is_cut_to_one_byte_in_a_few_rounds() {
    let text =
        format!(r#"(module (memory 1) (data (i32.const 0) "{}b{}"))"#, "a".repeat(700), "c".repeat(300));
    let mut wasm = module(&text);
    for round in 0.. {
        let edits = edits(&wasm, Level::Data);
        let smaller = (0..edits.weights().len())
            .map(|number| edits.apply(&[number]).expect("a module"))
            .find(|edited| edited.contains(&b'b') && *edited != wasm);
        match smaller {
            Some(smaller) => wasm = smaller,
            None => break,
        }
        assert!(round < 100, "it does not end");
    }
    same(&wasm, &module(r#"(module (memory 1) (data (i32.const 700) "b"))"#), "what is left");
}

#[test]
fn initial_values_become_small() {
    let text = r#"(module (memory 4) (table 1 funcref) (global i32 (i32.const 5)) (global f32 (f32.const 0))
        (data (i32.const 3) "a"))"#;
    each_gives(
        text,
        Level::Initial,
        &[
            r#"(module (memory 0) (table 1 funcref) (global i32 (i32.const 5)) (global f32 (f32.const 0))
                (data (i32.const 3) "a"))"#,
            r#"(module (memory 2) (table 1 funcref) (global i32 (i32.const 5)) (global f32 (f32.const 0))
                (data (i32.const 3) "a"))"#,
            r#"(module (memory 4) (table 0 funcref) (global i32 (i32.const 5)) (global f32 (f32.const 0))
                (data (i32.const 3) "a"))"#,
            r#"(module (memory 4) (table 1 funcref) (global i32 (i32.const 0)) (global f32 (f32.const 0))
                (data (i32.const 3) "a"))"#,
            r#"(module (memory 4) (table 1 funcref) (global i32 (i32.const 5)) (global f32 (f32.const 0))
                (data (i32.const 0) "a"))"#,
        ],
    );
}

#[test]
fn names_go() {
    let text = "(module $m (func $f (local $l i32)) (func $g))";
    all_give(text, Level::Names, "(module (func (local i32)) (func))");
    let wasm = module(text);
    let edits = edits(&wasm, Level::Names);
    assert_eq!(edits.weights().len(), 6, "the section, three parts, two functions");
    for number in 0..6 {
        assert!(edits.apply(&[number]).expect("a module").len() < wasm.len(), "{number}");
    }
}

#[test]
fn names_follow_what_they_name() {
    let text = r#"(module (func $unused) (func $used (export "f") (param $p i32)))"#;
    all_give(text, Level::Unused, r#"(module (func $used (export "f") (param $p i32)))"#);
}

#[test]
fn types_have_no_supertype_and_are_final() {
    let text = "(module (type (sub (struct))) (type (sub 0 (struct))))";
    let wasm = module(text);
    let edits = edits(&wasm, Level::Subtypes);
    assert_eq!(edits.weights().len(), 3, "one supertype, two types that are not final");
    let without_supertype = edits.apply(&[0]).expect("a module");
    same(&without_supertype, &module("(module (type (sub (struct))) (type (sub (struct))))"), "no supertype");
    let is_final = edits.apply(&[2]).expect("a module");
    same(&is_final, &module("(module (type (sub (struct))) (type (sub final 0 (struct))))"), "final");
    all_give(text, Level::Subtypes, "(module (type (struct)) (type (struct)))");
}

#[test]
fn numbers_that_are_not_those_of_edits_are_refused() {
    let wasm = module("(module (func nop nop) (func nop nop))");
    let edits = edits(&wasm, Level::Bodies);
    for (numbers, wrong) in [(&[2][..], 2), (&[1, 0], 0), (&[0, 0], 0)] {
        match edits.apply(numbers) {
            Err(EditError::NoSuchEdit { number, count: 2 }) => assert_eq!(number, wrong),
            other => panic!("{numbers:?}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_module_is_an_error() {
    for bytes in
        [&b""[..], b"\0asm\x0d\0\x01\0", b"\0asm\x01\0\0\0\x01\x05", b"\0asm\x01\0\0\0\x03\x02\x01\0"]
    {
        for &level in Level::ALL {
            assert!(Edits::new(bytes, module_features(), level).is_err(), "{bytes:?} {}", level.name());
        }
    }
}

#[test]
fn parameters_go_with_what_calls_give_for_them() {
    all_give(
        r#"(module (type (func (param i32 i64) (result f32))) (type (func (result f32)))
            (func $f (type 0) (local f64) (local.set 1 (i64.const 1)) (f32.const 1))
            (func (export "g") (type 1) (return_call $f (i32.const 1) (call $h (i64.const 2))))
            (func $h (param i64) (result i64) (local.get 0)))"#,
        Level::Parameters,
        r#"(module (type (func (param i32 i64) (result f32))) (type (func (result f32)))
            (type (func (param i64) (result i64))) (type (func (param i32) (result f32))) (type (func (result i64)))
            (func $f (type 3) (local i64) (local f64) (local.set 1 (i64.const 1)) (f32.const 1))
            (func (export "g") (type 1) (i32.const 1) (i64.const 2) drop call $h drop return_call $f)
            (func $h (type 4) (local i64) (local.get 0)))"#,
    );
}

#[test]
fn results_go_and_calls_have_a_zero_instead() {
    all_give(
        r#"(module (type (func (result i32))) (type (func (param i32) (result i32 i64)))
            (func $f (type 1) (br_if 0 (local.get 0) (i64.const 1) (local.get 0)) (return))
            (func $g (type 0) (drop (call $f (i32.const 2))))
            (func $h (type 0) (return_call $g)) (elem declare func $h))"#,
        Level::Results,
        r#"(module (type (func (result i32))) (type (func (param i32) (result i32 i64)))
            (type (func (param i32) (result i32))) (type (func (result i32 i64))) (type (func))
            (func $f (type 2)
                (block (type 3) (br_if 0 (local.get 0) (i64.const 1) (local.get 0)) drop return) drop)
            (func $g (type 4) (block (result i32) (i32.const 2) call $f i64.const 0 drop) drop)
            (func $h (type 0) call $g i32.const 0 return) (elem declare func $h))"#,
    );
    // A caller from outside need not look at them.
    all_give(
        r#"(module (func (export "f") (result i32) (i32.const 1)))"#,
        Level::Results,
        r#"(module (type (func (result i32))) (type (func)) (func (export "f") (type 1) (block (result i32) (i32.const 1)) drop))"#,
    );
}

#[test]
fn functions_that_are_referenced_keep_their_signature() {
    let text = r#"(module (func (param i32)) (func (param i32)) (func (param i32)) (func (param i32))
        (table 1 funcref) (elem (i32.const 0) func 1) (global funcref (ref.func 2))
        (func (export "f") (drop (ref.func 2))) (export "g" (func 3)))"#;
    let wasm = module(text);
    assert_eq!(edits(&wasm, Level::Parameters).weights().len(), 1, "that of function 0");
}
