//! Heaps that are full, and go on.

use super::place::{Place, Run};

/// The object that found no room came after what was alive had moved.
#[test]
fn a_heap_goes_on_after_it_was_exhausted() {
    let place = Place::empty();
    place.write(
        "full.wast",
        r#"(module
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
        (invoke "small" (i32.const 100000))"#,
    );
    let run = Run::of(place.command(&["wast", "full.wast", "--max-gc-heap", "1"]));
    assert_eq!(run.code, Some(0), "{run:?}");
}
