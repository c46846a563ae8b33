;;! [bug]
;;! id = "stack-of-wide-calls"
;;! layer = "codegen"
;;! source = "bytecodealliance/wasmtime#8301, bytecodealliance/wasmtime#8397, bytecodealliance/wasmtime#6640, bytecodealliance/wasmtime#10301, wasmer `stack-overflow-sret`"
;;! expect = "calls with more arguments and results than registers leave the stack as they found it, and their endless recursion is an exhaustion, twice"

;; Arguments and results that do not fit registers go over the stack, whose end is checked by what a frame needs. An engine
;; that forgets them in that sum runs beyond the end; one that cleans up after them twice, or not at all, moves the stack
;; with every call in a loop.
;;
;; Red when: compiler/src/translate/mod.rs: `set_stack_limit` is not called.

(module
  (func $ten-and-eight (export "ten-and-eight")
    (param i32 i64 f32 f64 v128 i32 i64 f32 f64 v128)
    (result i32 i64 f32 f64 v128 i32 i64 f32)
    (call $ten-and-eight (i32.add (local.get 0) (i32.const 1)) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
      (local.get 5) (local.get 6) (local.get 7) (local.get 8) (local.get 9)))

  ;; A frame of tens of thousands of bytes can jump over a guard.
  (func $large (export "large") (param i32) (result i32)
    (local v128 v128 v128 v128 v128 v128 v128 v128)
    (local.set 1 (i32x4.splat (local.get 0)))
    (local.set 2 (i32x4.add (local.get 1) (local.get 1)))
    (local.set 3 (i32x4.add (local.get 2) (local.get 1)))
    (local.set 4 (i32x4.add (local.get 3) (local.get 1)))
    (local.set 5 (i32x4.add (local.get 4) (local.get 1)))
    (local.set 6 (i32x4.add (local.get 5) (local.get 1)))
    (drop (call $large (i32.add (local.get 0) (i32.const 1))))
    (i32x4.extract_lane 0
      (i32x4.add (i32x4.add (local.get 1) (local.get 2))
        (i32x4.add (i32x4.add (local.get 3) (local.get 4)) (i32x4.add (local.get 5) (local.get 6))))))

  (func $vectors (param i32) (result v128 v128)
    (i32x4.splat (local.get 0)) (i32x4.splat (i32.add (local.get 0) (i32.const 1))))
  (func $twenty (param i32)
    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i64 i64 i64 i64 f64 f64 f64 f64 f64)
    (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const 6) (i32.const 7)
    (i32.const 8) (i32.const 9) (i64.const 10) (i64.const 11) (i64.const 12) (i64.const 13) (i64.const 14)
    (f64.const 15) (f64.const 16) (f64.const 17) (f64.const 18) (f64.const 19))
  (func (export "twenty") (param i32)
    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i64 i64 i64 i64 f64 f64 f64 f64 f64)
    (call $twenty (local.get 0)))
  (func (export "many") (param i32) (result i32 v128 v128) (local v128 v128 i32)
    (loop $l
      (call $vectors (local.get 0))
      (local.set 2)
      (local.set 1)
      (call $twenty (i32.const 1))
      (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop)
      (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop)
      (local.set 3 (i32.add (local.get 3)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 3) (local.get 1) (local.get 2)))

(assert_return (invoke "twenty" (i32.const -1))
  (i32.const -1) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const 6) (i32.const 7)
  (i32.const 8) (i32.const 9) (i64.const 10) (i64.const 11) (i64.const 12) (i64.const 13) (i64.const 14)
  (f64.const 15) (f64.const 16) (f64.const 17) (f64.const 18) (f64.const 19))
(assert_return (invoke "many" (i32.const 1000000))
  (i32.const 1000000) (v128.const i32x4 1 1 1 1) (v128.const i32x4 2 2 2 2))
(assert_exhaustion
  (invoke "ten-and-eight" (i32.const 0) (i64.const 1) (f32.const 2) (f64.const 3) (v128.const i64x2 4 5)
    (i32.const 6) (i64.const 7) (f32.const 8) (f64.const 9) (v128.const i64x2 10 11))
  "call stack exhausted")
(assert_exhaustion (invoke "large" (i32.const 0)) "call stack exhausted")
(assert_return (invoke "many" (i32.const 3))
  (i32.const 3) (v128.const i32x4 1 1 1 1) (v128.const i32x4 2 2 2 2))
(assert_exhaustion
  (invoke "ten-and-eight" (i32.const 0) (i64.const 1) (f32.const 2) (f64.const 3) (v128.const i64x2 4 5)
    (i32.const 6) (i64.const 7) (f32.const 8) (f64.const 9) (v128.const i64x2 10 11))
  "call stack exhausted")
(assert_exhaustion (invoke "large" (i32.const 0)) "call stack exhausted")
(assert_return (invoke "many" (i32.const 1))
  (i32.const 1) (v128.const i32x4 1 1 1 1) (v128.const i32x4 2 2 2 2))
