;;! [bug]
;;! id = "values-survive-the-unwinding"
;;! layer = "codegen"
;;! source = "bytecodealliance/wasmtime#11632 (registers across try_call), the published notes on exceptions in Cranelift"
;;! expect = "locals and operands are in a handler what they were at the call, of all types, and so are the values that an exception carries"

;; The code that throws has used every register. An engine that restores none of them has to keep all that a handler needs in the
;; frame; the values that the exception carries come by another way, and there are more than registers.
;;
;; Red when: runtime/src/sys/jump.rs: `to_handler` leaves the frame pointer as it is.

(module
  (tag $many (param i32 i64 f32 f64 v128 i32 i64 f32 f64 v128 i64 i64 i64 i64))
  (tag $none)
  (func $throw (param i32) (result i32)
    (if (i32.eqz (local.get 0))
      (then
        (throw $many (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (v128.const i64x2 5 6)
          (i32.const 7) (i64.const 8) (f32.const 9) (f64.const 10) (v128.const i64x2 11 12)
          (i64.const 13) (i64.const 14) (i64.const 15) (i64.const 16))))
    ;; Frames of different sizes in between.
    (i32.add (call $throw (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
  (func (export "payload") (param i32)
    (result i32 i64 f32 f64 v128 i32 i64 f32 f64 v128 i64 i64 i64 i64)
    (block $h (result i32 i64 f32 f64 v128 i32 i64 f32 f64 v128 i64 i64 i64 i64)
      (try_table (catch $many $h) (drop (call $throw (local.get 0))))
      (unreachable)))
  (func (export "locals") (param i32 i64 f32 f64 v128) (result i32 i64 f32 f64 v128 i64)
    (local i64 i64 i64 i64 i64 i64)
    (local.set 5 (i64.add (local.get 1) (i64.const 1)))
    (local.set 6 (i64.mul (local.get 5) (i64.const 2)))
    (local.set 7 (i64.mul (local.get 6) (i64.const 3)))
    (local.set 8 (i64.mul (local.get 7) (i64.const 4)))
    (local.set 9 (i64.mul (local.get 8) (i64.const 5)))
    (local.set 10 (i64.mul (local.get 9) (i64.const 6)))
    (block $h
      (try_table (catch_all $h)
        (local.set 5 (i64.add (local.get 5) (i64.const 100)))
        (drop (call $throw (local.get 0)))
        (local.set 5 (i64.const 0))))
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
    (i64.add (i64.add (local.get 5) (i64.add (local.get 6) (local.get 7)))
      (i64.add (local.get 8) (i64.add (local.get 9) (local.get 10)))))
  (func (export "nested") (param i32) (result i32) (local $n i32)
    (loop $again
      (block $outer
        (try_table (catch_all $outer)
          (block $inner
            (try_table (catch_all $inner) (throw $none)))
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (throw $none)))
      (local.set $n (i32.add (local.get $n) (i32.const 10)))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $again (local.get 0)))
    (local.get $n))
  (func (export "traps-pass") (param i32) (result i32)
    (block $h
      (try_table (catch_all $h) (drop (i32.div_u (i32.const 1) (local.get 0)))))
    (i32.const 1))
  (func $deep (param i32) (drop (call $deep2 (local.get 0))))
  (func $deep2 (param i32) (result i32)
    (block $h (try_table (catch_all $h) (call $deep (local.get 0)))) (i32.const 0))
  (func (export "exhaust") (call $deep (i32.const 0))))

(assert_return (invoke "payload" (i32.const 0))
  (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (v128.const i64x2 5 6)
  (i32.const 7) (i64.const 8) (f32.const 9) (f64.const 10) (v128.const i64x2 11 12)
  (i64.const 13) (i64.const 14) (i64.const 15) (i64.const 16))
(assert_return (invoke "payload" (i32.const 100))
  (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4) (v128.const i64x2 5 6)
  (i32.const 7) (i64.const 8) (f32.const 9) (f64.const 10) (v128.const i64x2 11 12)
  (i64.const 13) (i64.const 14) (i64.const 15) (i64.const 16))
(assert_return (invoke "locals" (i32.const 3) (i64.const 1) (f32.const 1.5) (f64.const 2.5) (v128.const i64x2 8 9))
  (i32.const 3) (i64.const 1) (f32.const 1.5) (f64.const 2.5) (v128.const i64x2 8 9) (i64.const 1846))
(assert_return (invoke "nested" (i32.const 1000)) (i32.const 11000))
(assert_trap (invoke "traps-pass" (i32.const 0)) "integer divide by zero")
(assert_exhaustion (invoke "exhaust") "call stack exhausted")
(assert_return (invoke "traps-pass" (i32.const 1)) (i32.const 1))
(assert_return (invoke "nested" (i32.const 1)) (i32.const 11))
