//! Scripts that ask for more objects than there is room or time for.

use super::place::{Place, Run};
use std::fmt::Write;

/// A list that lives in a global: `grow` makes it longer, `endless` as long as there is room.
const LIST: &str = r#"(module $list
  (type $n (struct (field $next (ref null $n)) (field $v i32)))
  (global $list (mut (ref null $n)) (ref.null $n))
  (func (export "grow") (param i32)
    (loop $l
      (global.set $list (struct.new $n (global.get $list) (local.get 0)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "endless")
    (loop $l (global.set $list (struct.new $n (global.get $list) (i32.const 1))) (br $l)))
  (func (export "drop") (global.set $list (ref.null $n)))
  (func (export "one") (result i32) (struct.get $n $v (struct.new $n (ref.null $n) (i32.const 1))))
  (func (export "len") (result i32) (local $n i32) (local $at (ref null $n))
    (local.set $at (global.get $list))
    (block $end
      (loop $l
        (br_if $end (ref.is_null (local.get $at)))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (local.set $at (struct.get $n $next (local.get $at)))
        (br $l)))
    (local.get $n)))
"#;

/// Runs a script, and behind it, in the same worker or its successor, one that passes.
fn run(script: &str, arguments: &[&str]) -> Run {
    let harmless = r#"(module (type $n (struct)) (func (export "f") (result i32) (ref.is_null (struct.new $n))))
(assert_return (invoke "f") (i32.const 0))"#;
    let place = Place::new(&[("a.wast", script), ("b.wast", harmless)]);
    let run = place.run(&[&["wast", "a.wast", "b.wast", "-j1"], arguments].concat());
    run.expect(run.code.unwrap_or_default(), &["b.wast: 2 pass"]);
    run
}

/// Every object of the list is moved several times. Each refers to the next, so that a collector which follows references by
/// calling itself has no stack for them.
#[test]
fn ten_million_objects_live_in_one_list() {
    let script = format!(
        r#"{LIST}(invoke "grow" (i32.const 10000000))
(assert_return (invoke "len") (i32.const 10000000))
(invoke "drop")
(invoke "grow" (i32.const 1000000))
(assert_return (invoke "len") (i32.const 1000000))"#
    );
    run(&script, &[]).expect(0, &["a.wast: 6 pass"]);
}

/// The trap ends the call, or the instantiation; what was reached before still is. The first time, there is room left that
/// would not be worth a collection; then nothing that needs an object is possible until something is dropped.
#[test]
fn a_full_heap_ends_what_wants_an_object() {
    let script = format!(
        r#"{LIST}(module $tag (tag $t) (func (export "throw") (throw $t)))
(assert_exception (invoke $tag "throw"))
(assert_trap (invoke $list "endless") "heap exhausted")
(assert_trap (invoke $list "endless") "heap exhausted")
(assert_return (invoke $list "len") (i32.const 65536))
(assert_trap (invoke $list "one") "heap exhausted")
(assert_trap
  (module (type $n (struct (field i64))) (func $start (drop (struct.new_default $n))) (start $start))
  "heap exhausted")
(assert_trap
  (module (type $n (struct (field i64))) (global (ref $n) (struct.new $n (i64.const 1))))
  "heap exhausted")
(assert_trap
  (module
    (type $n (struct (field i64)))
    (table 1 anyref)
    (elem (i32.const 0) anyref (item (struct.new $n (i64.const 1)))))
  "heap exhausted")
(assert_trap (invoke $tag "throw") "heap exhausted")
(invoke $list "drop")
(assert_return (invoke $list "one") (i32.const 1))
(assert_exception (invoke $tag "throw"))
(assert_trap (invoke $list "endless") "heap exhausted")
(assert_trap (invoke $list "endless") "heap exhausted")
(assert_return (invoke $list "len") (i32.const 65536))"#
    );
    run(&script, &["--max-gc-heap", "1"]).expect(0, &["a.wast: 17 pass"]);
}

#[test]
fn allocation_without_end_is_a_timeout() {
    let script = r#"(module
  (type $a (array (mut i64)))
  (func (export "small") (loop $l (drop (array.new_default $a (i32.const 100))) (br $l)))
  (func (export "large") (loop $l (drop (array.new_default $a (i32.const 1000000))) (br $l)))
  (func (export "ok") (result i32) (array.len (array.new_default $a (i32.const 100)))))
(invoke "small")
(assert_return (invoke "ok") (i32.const 100))
(invoke "large")
(assert_return (invoke "ok") (i32.const 100))"#;
    let run = run(script, &["--timeout", "2"]);
    run.expect(1, &["a.wast: 3 pass, 2 timeout", "timeout a.wast:6:1 invoke", "timeout a.wast:8:1 invoke"]);
}

#[test]
fn a_structure_may_have_ten_thousand_fields() {
    let module = |count: usize| {
        let last = count - 1;
        let mut text = "(module (type $s (struct".to_owned();
        (0..count).for_each(|_| text += " (field (mut i64))");
        text += ")) (func (export \"new\") (result i64)";
        (0..count).for_each(|i| write!(text, " (i64.const {i})").expect("a string grows"));
        writeln!(text, " (struct.new $s) (struct.get $s {last}))").expect("a string grows");
        writeln!(text, "(func (export \"null\") (struct.set $s {last} (ref.null $s) (i64.const 1))))")
            .expect("a string grows");
        text
    };
    let script = format!(
        "{}(assert_return (invoke \"new\") (i64.const 9999))\n(assert_trap (invoke \"null\") \"null structure reference\")",
        module(10_000)
    );
    run(&script, &[]).expect(0, &["a.wast: 3 pass"]);
    run(&module(10_001), &[]).expect(1, &["10001 fields of a struct, where the limit is 10000"]);
}

/// Where a collection moves much and brings little, the heap counts as exhausted, so that a script does not spend its time on
/// collections.
#[test]
fn a_heap_that_is_almost_full_is_exhausted() {
    let garbage = r#"(module
  (type $n (struct (field i64)))
  (func (export "garbage") (param i32)
    (loop $l
      (drop (struct.new_default $n))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#;
    let script = format!(
        r#"{LIST}{garbage}
(invoke $list "grow" (i32.const 62000))
(invoke "garbage" (i32.const 100000))
(invoke $list "grow" (i32.const 2000))
(assert_trap (invoke "garbage" (i32.const 100000)) "heap exhausted")
(assert_return (invoke $list "len") (i32.const 64000))"#
    );
    run(&script, &["--max-gc-heap", "1"]).expect(0, &["a.wast: 7 pass"]);
}

/// The object that found no room came after what was alive had moved.
#[test]
fn a_heap_goes_on_after_it_was_exhausted() {
    let script = r#"(module
  (type $bytes (array (mut i8)))
  (type $list (struct (field i64) (field (ref null $list))))
  (global $keep (mut (ref null $list)) (ref.null $list))
  (func (export "keep") (param i32)
    (loop $l
      (global.set $keep (struct.new $list (i64.const 1) (global.get $keep)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "large") (param i32) (drop (array.new_default $bytes (local.get 0))))
  (func (export "small") (param i32)
    (loop $l
      (drop (struct.new $list (i64.const 1) (ref.null $list)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
(invoke "keep" (i32.const 1000))
(invoke "small" (i32.const 100000))
(invoke "keep" (i32.const 20000))
(assert_trap (invoke "large" (i32.const 800000)) "heap exhausted")
(invoke "small" (i32.const 100000))
(assert_trap (invoke "large" (i32.const 800000)) "heap exhausted")
(invoke "large" (i32.const 1000))
(invoke "small" (i32.const 100000))"#;
    run(script, &["--max-gc-heap", "1"]).expect(0, &["a.wast: 9 pass"]);
}
