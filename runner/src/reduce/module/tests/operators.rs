//! Operators in bodies.

use super::super::Level;
use super::{all_give, each_gives, edits, is_valid, module};

/// The text of a module with one function that has an i32 parameter and an i32 result.
fn function(body: &str) -> String {
    format!("(module (memory 1) (func (param i32) (result i32) {body}))")
}

fn each_body_gives(body: &str, level: Level, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|body| function(body)).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    each_gives(&function(body), level, &expected);
}

fn all_in_body_give(body: &str, level: Level, expected: &str) {
    all_give(&function(body), level, &function(expected));
}

const SUM: &str =
    "(i32.store (i32.const 4) (i32.const 5)) (i32.add (local.get 0) (i32.mul (local.get 0) (i32.const 3)))";

#[test]
fn a_tree_and_what_follows_it_become_unreachable() {
    each_body_gives(
        SUM,
        Level::Unreachable,
        &[
            "unreachable",
            "i32.const 4 unreachable",
            "(i32.store (i32.const 4) (i32.const 5)) unreachable",
            "(i32.store (i32.const 4) (i32.const 5)) local.get 0 unreachable",
            "(i32.store (i32.const 4) (i32.const 5)) local.get 0 local.get 0 unreachable",
        ],
    );
    all_in_body_give(SUM, Level::Unreachable, "unreachable");
}

#[test]
fn only_the_block_around_a_tree_ends_with_it() {
    each_body_gives(
        "block nop nop end i32.const 1",
        Level::Unreachable,
        &[
            "block unreachable end i32.const 1",
            "block nop unreachable end i32.const 1",
            "unreachable",
            "block nop nop end unreachable",
        ],
    );
}

#[test]
fn statements_go() {
    let rest = "(i32.add (local.get 0) (i32.mul (local.get 0) (i32.const 3)))";
    each_body_gives(SUM, Level::Statements, &[rest]);
    let nested = "block nop nop end i32.const 1";
    each_body_gives(
        nested,
        Level::Statements,
        &["block nop end i32.const 1", "block nop end i32.const 1", "i32.const 1"],
    );
    all_in_body_give(nested, Level::Statements, "i32.const 1");
}

#[test]
fn statements_between_operands_go() {
    each_body_gives(
        "local.get 0 nop i32.const 2 i32.add",
        Level::Statements,
        &["local.get 0 i32.const 2 i32.add"],
    );
}

#[test]
fn dead_code_goes() {
    let body = "block i32.const 1 return i32.const 2 drop end i32.const 3";
    let wasm = module(&function(body));
    let edits = edits(&wasm, Level::Statements);
    let expected = module(&function("block i32.const 1 return end i32.const 3"));
    let mut found = (0..edits.weights().len()).map(|number| edits.apply(&[number]).expect("a module"));
    assert!(found.any(|found| found == expected));
}

#[test]
fn values_become_zeros() {
    each_body_gives(
        "(i32.add (local.get 0) (i32.const 3))",
        Level::Zeros,
        &["(i32.add (i32.const 0) (i32.const 3))", "(i32.const 0)"],
    );
    all_in_body_give("(i32.add (local.get 0) (i32.const 3))", Level::Zeros, "(i32.const 0)");
}

#[test]
fn zeros_of_references_have_the_type_that_is_wanted() {
    let text = |value: &str| {
        format!(
            "(module (type $s (struct)) (type $t (struct (field i32)))
                (func (param (ref $t) (ref null $t) (ref i31)) {value} drop))"
        )
    };
    for (value, zero) in [
        ("local.get 0", "(ref.as_non_null (ref.null $t))"),
        ("local.get 1", "(ref.null $t)"),
        ("local.get 2", "(ref.i31 (i32.const 0))"),
    ] {
        all_give(&text(value), Level::Zeros, &text(zero));
    }
}

#[test]
fn operands_of_the_same_type_are_hoisted() {
    each_body_gives(
        "(i32.add (local.get 0) (i32.load (i32.const 3)))",
        Level::Operands,
        &["(i32.add (local.get 0) (i32.const 3))", "(local.get 0)", "(i32.load (i32.const 3))"],
    );
    let nested = "(i32.add (local.get 0) (i32.add (i32.const 1) (i32.const 2)))";
    all_in_body_give(nested, Level::Operands, "(local.get 0)");
    let wasm = module(&function(nested));
    let both = edits(&wasm, Level::Operands).apply(&[0, 3]).expect("a module");
    assert_eq!(both, module(&function("(i32.const 1)")), "an edit within what another keeps has an effect");
}

#[test]
fn a_branch_at_the_end_of_a_block_with_results_leaves_its_operands() {
    each_body_gives("(return (local.get 0))", Level::Operands, &["local.get 0"]);
    each_body_gives("(return (local.get 0))", Level::Statements, &[]);
    each_body_gives(
        "block br 0 end (local.get 0)",
        Level::Statements,
        &["block end (local.get 0)", "(local.get 0)"],
    );
}

#[test]
fn operands_of_other_types_are_dropped() {
    each_body_gives(
        "(i32.store (i32.const 8) (i32.load (local.get 0))) (i32.const 1)",
        Level::DroppedOperands,
        &["(drop (i32.load (local.get 0))) (i32.const 1)"],
    );
    each_body_gives(
        "(i64.eq (i64.load (local.get 0)) (i64.const 0x123456789))",
        Level::DroppedOperands,
        &["(drop (i64.load (local.get 0))) (i32.const 0)", "(drop (i64.const 0x123456789)) (i32.const 0)"],
    );
}

#[test]
fn an_if_becomes_one_of_its_parts() {
    each_body_gives(
        "(if (result i32) (local.get 0) (then (i32.const 1)) (else (br 0 (i32.const 2))))",
        Level::Arms,
        &[
            "(local.get 0) drop (block (result i32) (i32.const 1))",
            "(local.get 0) drop (block (result i32) (br 0 (i32.const 2)))",
        ],
    );
    all_in_body_give(
        "(if (local.get 0) (then (if (local.get 0) (then nop)))) (i32.const 1)",
        Level::Arms,
        "local.get 0 drop block local.get 0 drop block nop end end (i32.const 1)",
    );
}

#[test]
fn an_if_becomes_its_condition() {
    each_body_gives(
        "(if (result i32) (local.get 0) (then (i32.const 1)) (else unreachable))",
        Level::Operands,
        &["(local.get 0)"],
    );
    each_body_gives(
        "(i32.wrap_i64 (if (result i64) (local.get 0) (then (i64.const 1)) (else unreachable)))",
        Level::Operands,
        &[],
    );
}

#[test]
fn blocks_without_branches_are_unnested() {
    let body = "block loop block local.get 0 br_if 2 end end local.get 0 br_table 0 0 0 end i32.const 1";
    each_body_gives(
        body,
        Level::Nesting,
        &[
            "block block local.get 0 br_if 1 end local.get 0 br_table 0 0 0 end i32.const 1",
            "block loop local.get 0 br_if 1 end local.get 0 br_table 0 0 0 end i32.const 1",
        ],
    );
    all_in_body_give(
        body,
        Level::Nesting,
        "block local.get 0 br_if 0 local.get 0 br_table 0 0 0 end i32.const 1",
    );
}

#[test]
fn handlers_count_as_branches_and_go_with_their_block() {
    let text = |body: &str| format!("(module (tag) (func {body}))");
    all_give(
        &text("block block try_table (catch 0 1) nop end end end"),
        Level::Nesting,
        &text("block nop end"),
    );
}

#[test]
fn locals_are_merged_and_removed() {
    let body = "(local i64 i32 i64) (local.set 1 (local.get 3)) (local.tee 2 (local.get 0))";
    let merged = "(local i64 i32 i64) (local.set 1 (local.get 1)) (local.tee 0 (local.get 0))";
    all_in_body_give(body, Level::MergedLocals, merged);
    let removed = "(local i64) (local.set 1 (local.get 1)) (local.tee 0 (local.get 0))";
    all_in_body_give(merged, Level::UnusedLocals, removed);
}

#[test]
fn constants_become_simpler_and_never_less_simple() {
    each_body_gives(
        "i32.const 5",
        Level::Numbers,
        &["i32.const 0", "i32.const 1", "i32.const -1", "i32.const 0x80000000", "i32.const 0x7fffffff"],
    );
    each_body_gives("i32.const -1", Level::Numbers, &["i32.const 0", "i32.const 1"]);
    each_body_gives("i32.const 0", Level::Numbers, &[]);
    all_in_body_give("i32.const 5", Level::Numbers, "i32.const 0");
}

#[test]
fn accesses_have_no_offset_and_no_alignment() {
    each_body_gives(
        "(i32.load offset=9 (local.get 0))",
        Level::Accesses,
        &["(i32.load (local.get 0))", "(i32.load offset=9 align=1 (local.get 0))"],
    );
    each_body_gives("(i32.load align=1 (local.get 0))", Level::Accesses, &[]);
}

#[test]
fn deep_trees_are_edited_without_recursion() {
    const DEPTH: usize = 100_000;
    let body = format!("local.get 0 {}", "i32.eqz ".repeat(DEPTH));
    let wasm = module(&function(&body));
    for level in [Level::Unreachable, Level::Zeros, Level::Operands, Level::DroppedOperands] {
        let edits = edits(&wasm, level);
        let all: Vec<usize> = (0..edits.weights().len()).collect();
        assert!(is_valid(&edits.apply(&all).expect("a module")), "{}", level.name());
    }
}

#[test]
fn values_do_not_go_through_locals() {
    each_body_gives(
        "i32.const 7 local.tee 0 drop local.get 0",
        Level::Idioms,
        &["i32.const 7 drop local.get 0", "i32.const 7 local.set 0 local.get 0", "i32.const 7"],
    );
    each_body_gives(
        "i32.const 7 local.set 0 local.get 0",
        Level::Idioms,
        &["i32.const 7", "i32.const 7 local.tee 0"],
    );
    let wide = |code: &str| {
        format!("(module (func (result i64) (local {}) i64.const 7 {code}))", "i64 ".repeat(200))
    };
    all_give(&wide("local.tee 150 drop i64.const 1"), Level::Idioms, &wide("local.set 150 i64.const 1"));
    // Another local is another value.
    let other = "(module (func (param i32 i32) (result i32) i32.const 7 local.set 0 local.get 1))";
    each_gives(other, Level::Idioms, &[]);
}

#[test]
fn branches_are_taken_in_any_case() {
    each_body_gives(
        "block local.get 0 br_if 0 nop end i32.const 1",
        Level::Idioms,
        &["block local.get 0 drop br 0 nop end i32.const 1"],
    );
    each_body_gives(
        "block local.get 0 if br 1 end nop end i32.const 1",
        Level::Idioms,
        &["block local.get 0 br_if 0 nop end i32.const 1"],
    );
    // Of the part of an `if` and what comes behind it, one traps.
    each_body_gives(
        "block local.get 0 if nop nop end unreachable end i32.const 1",
        Level::Idioms,
        &["block local.get 0 if unreachable end end i32.const 1"],
    );
    each_body_gives("local.get 0 if nop else nop end unreachable", Level::Idioms, &[]);
    each_body_gives("block nop end unreachable", Level::Idioms, &[]);
}

#[test]
fn small_functions_take_the_place_of_their_calls() {
    let module = |call: &str, more: &str| {
        format!(
            "(module (func $f (result i32) {call}) (func $g (result i32) block i32.const 4 br 1 end i32.const 3) {more})"
        )
    };
    let more = "(func $p (param i32)) (func $l (local i32)) (func $c call $c) (func $r return)
        (func call $l call $c call $r (call $p (i32.const 1)))";
    each_gives(
        &module("call $g", more),
        Level::Calls,
        &[&module("block (result i32) block i32.const 4 br 1 end i32.const 3 end", more)],
    );
}
