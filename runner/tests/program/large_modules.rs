//! Modules that are large in one respect (engine bugs: branch tables out of reach of a branch, deep recursion over
//! expressions, numbers of segments beyond 2^15, functions too large for their own optimiser).

use super::place::Place;
use std::fmt::Write;

/// Runs a script at both ends of optimisation.
fn passes(script: &str, wanted: &str) {
    let place = Place::new(&[("large.wast", script)]);
    for opt in ["none", "speed"] {
        place.run(&["wast", "large.wast", "--opt", opt]).expect(0, &[wanted]);
    }
}

/// Every case of a branch table of 65,520 targets, and its default, reach their label.
#[test]
fn branch_tables_reach_their_default() {
    let mut targets = String::new();
    (0..65_520).for_each(|at| write!(targets, " {}", at % 3).expect("a string grows"));
    let script = format!(
        r#"(module (func (export "f") (param i32) (result i32)
  (block (block (block (block (br_table{targets} 3 (local.get 0)))
    (return (i32.const 10))) (return (i32.const 11))) (return (i32.const 12))) (i32.const 13)))
(assert_return (invoke "f" (i32.const 0)) (i32.const 10))
(assert_return (invoke "f" (i32.const 65518)) (i32.const 11))
(assert_return (invoke "f" (i32.const 65519)) (i32.const 12))
(assert_return (invoke "f" (i32.const 65520)) (i32.const 13))
(assert_return (invoke "f" (i32.const -1)) (i32.const 13))"#
    );
    passes(&script, "large.wast: 6 pass");
}

/// Nothing in the compiler calls itself for each operand of an operand.
#[test]
fn long_chains_of_operators_take_no_stack() {
    let chain = |operators: &str, times: usize| operators.repeat(times);
    let script = format!(
        r#"(module (memory 1) (data (i32.const 7) "\2a")
  (func (export "not") (param i32) (result i32) local.get 0 {})
  (func (export "address") (param i32) (result i32) local.get 0 {} i32.load8_u)
  (func (export "negated") (param f64) (result f64) local.get 0 {}))
(assert_return (invoke "not" (i32.const 5)) (i32.const 1))
(assert_return (invoke "address" (i32.const -19993)) (i32.const 42))
(assert_return (invoke "negated" (f64.const 1.5)) (f64.const -1.5))"#,
        chain("i32.eqz ", 200_000),
        chain("i32.const 1 i32.add ", 20_000),
        chain("f64.neg ", 100_001),
    );
    passes(&script, "large.wast: 4 pass");
}

#[test]
fn forty_thousand_segments_are_told_apart() {
    let mut script = "(module (memory 1)".to_owned();
    for at in 0..40_000u32 {
        let [low, high, ..] = at.to_le_bytes();
        write!(script, " (data \"\\{low:02x}\\{high:02x}\")").expect("a string grows");
    }
    let read = |at: u32| {
        format!(
            r#"(func (export "{at}") (result i32) (memory.init {at} (i32.const 8) (i32.const 0) (i32.const 2)) (i32.load16_u (i32.const 8)))"#
        )
    };
    for at in [0, 32_767, 32_768, 39_999] {
        script += &read(at);
    }
    script += ")";
    for at in [0, 32_767, 32_768, 39_999] {
        write!(script, "(assert_return (invoke \"{at}\") (i32.const {at}))").expect("a string grows");
    }
    passes(&script, "large.wast: 5 pass");
}

#[test]
fn one_function_may_be_very_large() {
    let mut body = String::new();
    for at in 0..30_000 {
        write!(
            body,
            "(i32.store (i32.const {}) (i32.add (i32.load (i32.const {})) (local.get 0)))",
            at % 64 * 4,
            (at + 1) % 64 * 4
        )
        .expect("a string grows");
    }
    let script = format!(
        r#"(module (memory 1) (func (export "f") (param i32) (result i32) {body} (i32.load (i32.const 0))))
(assert_return (invoke "f" (i32.const 0)) (i32.const 0))"#
    );
    passes(&script, "large.wast: 2 pass");
}
