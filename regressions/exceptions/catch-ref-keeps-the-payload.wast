;;! [bug]
;;! id = "catch-ref-keeps-the-payload"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 3.0, throw_ref; wazero/wazero#2522"
;;! expect = "an exception that was caught with its reference can be thrown again, any number of times, with tag and values as they were"

;; A handler that takes the values and the reference has both; what is thrown again is the same exception. An engine that
;; moves the values out when it catches has none left for the next handler, and one that makes a new exception of them mixes
;; up tags or drops what does not fit a word.
;;
;; Red when: runtime/src/builtins/exception.rs: `exception_caught` leaves the first value out when the reference is kept.

(module
  (tag $wide (param i32 v128 f64 externref))
  (tag $other (param i32 v128 f64 externref))
  (tag $none)
  (global $kept (mut exnref) (ref.null exn))

  (func $throw (param externref)
    (throw $wide (i32.const -7) (v128.const i64x2 -1 2) (f64.const nan:0x8000000000001) (local.get 0)))

  ;; Catches by the reference alone, throws again, catches both, throws again, and catches the values.
  (func (export "thrice") (param externref) (result i32 v128 f64 externref)
    (local $ref exnref)
    (block $values (result i32 v128 f64 externref)
      (try_table (catch $other $values) (catch $wide $values)
        (block $both (result i32 v128 f64 externref exnref)
          (try_table (catch_ref $other $both) (catch_ref $wide $both)
            (block $alone (result exnref)
              (try_table (catch_all_ref $alone) (call $throw (local.get 0)))
              (unreachable))
            (throw_ref))
          (unreachable))
        (local.set $ref) (drop) (drop) (drop) (drop)
        (throw_ref (local.get $ref)))
      (unreachable)))

  ;; The values that come with the reference are those of the exception.
  (func (export "with-reference") (param externref) (result i32 v128 f64 externref)
    (local $ref exnref)
    (block $h (result i32 v128 f64 externref exnref)
      (try_table (catch_ref $wide $h) (call $throw (local.get 0)))
      (unreachable))
    (local.set $ref)
    (global.set $kept (local.get $ref)))

  ;; The same exception as often as wanted, with others in between.
  (func (export "again") (param i32) (result i32 v128 f64 externref)
    (local i32 v128 f64 externref)
    (loop $l
      (block $skip (try_table (catch_all $skip) (throw $none)))
      (block $h (result i32 v128 f64 externref)
        (try_table (catch $wide $h) (throw_ref (global.get $kept)))
        (unreachable))
      (local.set 4) (local.set 3) (local.set 2) (local.set 1)
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1) (local.get 2) (local.get 3) (local.get 4))
  (func (export "uncaught") (throw_ref (global.get $kept)))
  (func (export "null") (throw_ref (ref.null exn)))
  (func (export "null-is-not-caught") (result i32)
    (block $h (try_table (catch_all $h) (throw_ref (ref.null exn))))
    (i32.const 0)))

(assert_return (invoke "thrice" (ref.extern 9))
  (i32.const -7) (v128.const i64x2 -1 2) (f64.const nan:0x8000000000001) (ref.extern 9))
(assert_return (invoke "with-reference" (ref.extern 8))
  (i32.const -7) (v128.const i64x2 -1 2) (f64.const nan:0x8000000000001) (ref.extern 8))
(assert_return (invoke "again" (i32.const 1))
  (i32.const -7) (v128.const i64x2 -1 2) (f64.const nan:0x8000000000001) (ref.extern 8))
(assert_exception (invoke "uncaught"))
(assert_return (invoke "thrice" (ref.null extern))
  (i32.const -7) (v128.const i64x2 -1 2) (f64.const nan:0x8000000000001) (ref.null extern))
(assert_return (invoke "again" (i32.const 10000))
  (i32.const -7) (v128.const i64x2 -1 2) (f64.const nan:0x8000000000001) (ref.extern 8))
(assert_trap (invoke "null") "null exception reference")
(assert_trap (invoke "null-is-not-caught") "null exception reference")
