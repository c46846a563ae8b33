//! Scripts with more types, tags and handlers than anyone writes by hand. Each gets a clear answer, and the worker goes on.

use super::limits::{outcomes, run};
use std::fmt::Write;

/// A type and its subtypes, so many levels below it, and calls of a function of the last one as that and as the first.
fn chain(levels: usize) -> String {
    let mut script = "(module (type $t0 (sub (func)))".to_owned();
    for level in 1..=levels {
        write!(script, "(type $t{level} (sub $t{} (func)))", level - 1).expect("memory takes everything");
    }
    script
        + &format!(
            r#"(func $f (type $t{levels})) (table funcref (elem $f))
            (func (export "first") (call_indirect (type $t0) (i32.const 0)))
            (func (export "last") (call_indirect (type $t{levels}) (i32.const 0))))
            (assert_return (invoke "first")) (assert_return (invoke "last"))"#
        )
}

#[test]
fn the_limit_of_subtyping_is_named() {
    for levels in [62, 63] {
        assert_eq!(outcomes(&run(&chain(levels), "guarded")), ["pass"; 3], "{levels}");
    }
    for levels in [64, 65] {
        let directives = run(&chain(levels), "guarded");
        assert_eq!(outcomes(&directives), ["unsupported", "blocked", "blocked"]);
        assert_eq!(directives[0].1, "64 levels of subtypes, where the limit is 63");
    }
}

#[test]
fn the_limit_of_types_is_named() {
    let types = "(type (func))".repeat(1_000_000);
    let script = format!(
        r#"(module {types} (func (export "f") (type 999999))) (assert_return (invoke "f"))
        (module {types} (type (func)))
        (module (rec {types} (type (func))))
        (module (type (func)))"#
    );
    let directives = run(&script, "guarded");
    assert_eq!(outcomes(&directives), ["pass", "pass", "unsupported", "unsupported", "pass"]);
    assert_eq!(directives[2].1, "more types than the limit of 1000000");
    assert_eq!(directives[3].1, "1000001 types of a recursion group, where the limit is 1000000");
}

#[test]
fn a_hundred_thousand_tags() {
    let tags = "(tag)".repeat(99_999);
    let script = format!(
        r#"(module {tags} (tag $last (export "last") (param i32))
          (func (export "f") (result i32)
            (block $h (result i32) (try_table (catch $last $h) (throw $last (i32.const 7))) (unreachable)))
          (func (export "first") (throw 0)))
        (assert_return (invoke "f") (i32.const 7))
        (assert_exception (invoke "first"))
        (assert_return (invoke "f") (i32.const 7))"#
    );
    assert_eq!(outcomes(&run(&script, "guarded")), ["pass"; 4]);
}

/// Each exception is thrown by the handler of the one before, 10,000 handlers within each other.
#[test]
fn handlers_within_handlers() {
    const DEPTH: usize = 10_000;
    let open = "(block (try_table (catch_all 0)".repeat(DEPTH);
    let close =
        ")) (global.set $caught (i32.add (global.get $caught) (i32.const 1))) (throw $e)".repeat(DEPTH);
    let script = format!(
        r#"(module (tag $e) (global $caught (export "caught") (mut i32) (i32.const 0))
          (func (export "f") {open} (throw $e) {close})
          (func (export "g") (result i32)
            (block $h (try_table (catch_all $h) (throw $e))) (i32.const 1)))
        (assert_exception (invoke "f"))
        (assert_return (get "caught") (i32.const {DEPTH}))
        (assert_return (invoke "g") (i32.const 1))"#
    );
    for memory in ["guarded", "checked"] {
        assert_eq!(outcomes(&run(&script, memory)), ["pass"; 4], "{memory}");
    }
}
