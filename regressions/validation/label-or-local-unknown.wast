;;! [bug]
;;! id = "label-or-local-unknown"
;;! layer = "validation"
;;! source = "bytecodealliance/wasm-micro-runtime#2726, #3336, #3337, #3468, #3491, #3130, #3137, #3346 (tests/regression/ba-issues)"
;;! expect = "invalid: a branch out of more blocks than there are, and a local beyond the last"

;; The numbers in the code count blocks from the inside and locals from the first parameter. An engine that subtracts without
;; a look jumps to what lies before its first block, and one that adds finds its own stack where a local should be.
;;
;; Red when: compiler/src/parse/mod.rs: `refusal` counts what is invalid as malformed.

;; A body is a label itself; each block is one more.
(assert_invalid (module (func (br 1))) "unknown label")
(assert_invalid (module (func (br_if 1 (i32.const 0)))) "unknown label")
(assert_invalid (module (func (br_table 1 (i32.const 0)))) "unknown label")
(assert_invalid (module (func (br_table 0 1 (i32.const 0)))) "unknown label")
(assert_invalid (module (func (br_table 1 0 (i32.const 0)))) "unknown label")
(assert_invalid (module (func (br_table 0 0 7 0 0 (i32.const 0)))) "unknown label")
(assert_invalid (module (func (br 0xffff_ffff))) "unknown label")
(assert_invalid (module (func (br_if 0x8000_0000 (i32.const 0)))) "unknown label")
(assert_invalid (module (func (br_table 0 0xffff_ffff (i32.const 0)))) "unknown label")
(assert_invalid (module (func (block (br 2)))) "unknown label")
(assert_invalid (module (func (loop (br_if 2 (i32.const 0))))) "unknown label")
(assert_invalid (module (func (if (i32.const 0) (then (br 2))))) "unknown label")
(assert_invalid (module (func (if (i32.const 0) (then) (else (br 2))))) "unknown label")
(assert_invalid (module (func (try_table (br 2)))) "unknown label")
(assert_invalid (module (func (try_table (catch_all 1)))) "unknown label")
(assert_invalid (module (func (block (try_table (catch_all 2))))) "unknown label")
(assert_invalid (module (func (block) (br 1))) "unknown label")
(assert_invalid (module (func (loop) (br_if 1 (i32.const 1)))) "unknown label")
(assert_invalid (module (func (drop (br_on_null 1 (ref.null any))))) "unknown label")
(assert_invalid (module (func (br_on_non_null 1 (ref.null any)))) "unknown label")
(assert_invalid (module (func (drop (br_on_cast 1 anyref i31ref (ref.null any))))) "unknown label")
(assert_invalid (module (func (drop (br_on_cast_fail 1 anyref i31ref (ref.null any))))) "unknown label")
(assert_invalid (module (func (unreachable) (br 1))) "unknown label")
(assert_invalid (module (func (return) (br_table 1 1 (i32.const 0)))) "unknown label")
(assert_invalid (module (func (unreachable) (block (br 0) (br 2)))) "unknown label")
;; The caller's blocks are not the callee's.
(assert_invalid (module (func (block (block (call $g)))) (func $g (br 1))) "unknown label")

;; Locals are parameters and what is declared, together.
(assert_invalid (module (func (drop (local.get 0)))) "unknown local")
(assert_invalid (module (func (local.set 0 (i32.const 0)))) "unknown local")
(assert_invalid (module (func (drop (local.tee 0 (i32.const 0))))) "unknown local")
(assert_invalid (module (func (param i32) (drop (local.get 1)))) "unknown local")
(assert_invalid (module (func (local i32) (drop (local.get 1)))) "unknown local")
(assert_invalid (module (func (param i32 i64) (local f32 f64) (drop (local.get 4)))) "unknown local")
(assert_invalid (module (func (param i32) (local i32) (local.set 2 (i32.const 0)))) "unknown local")
(assert_invalid (module (func (param i32) (local i32) (drop (local.tee 2 (i32.const 0))))) "unknown local")
(assert_invalid (module (func (local i32) (drop (local.get 0xffff_ffff)))) "unknown local")
(assert_invalid (module (func (param i32) (local.set 0x8000_0000 (i32.const 0)))) "unknown local")
(assert_invalid (module (func (result i32) (local.get 0))) "unknown local")
(assert_invalid (module (func (param i32) (unreachable) (drop (local.get 1)))) "unknown local")
(assert_invalid (module (func (unreachable) (local.set 0))) "unknown local")
(assert_invalid (module (func (return) (drop (local.tee 0)))) "unknown local")
(assert_invalid (module (func (param i32) (block (param) (drop (local.get 1))))) "unknown local")
;; Another function's locals are not this one's.
(assert_invalid (module (func (param i32)) (func (drop (local.get 0)))) "unknown local")

;; The last label and the last local that are there.
(module
  (func (export "labels") (param i32) (result i32)
    (block $a (result i32)
      (block $b
        (loop $c
          (if (i32.eqz (local.get 0)) (then (br 4 (i32.const 1))))
          (br_if 1 (i32.eq (local.get 0) (i32.const 1)))
          (br_table 3 2 (i32.const 2) (i32.sub (local.get 0) (i32.const 2)))))
      (i32.const 3))
    (i32.const 10)
    (i32.add))
  (func (export "locals") (param i32 i64) (result i32 i64 f32 v128) (local f32 v128)
    (local.set 2 (f32.const 4))
    (local.get 0) (local.get 1) (local.get 2) (local.tee 3 (i32x4.splat (local.get 0)))))
(assert_return (invoke "labels" (i32.const 0)) (i32.const 1))
(assert_return (invoke "labels" (i32.const 1)) (i32.const 13))
(assert_return (invoke "labels" (i32.const 2)) (i32.const 2))
(assert_return (invoke "labels" (i32.const 3)) (i32.const 12))
(assert_return (invoke "locals" (i32.const 7) (i64.const 8))
  (i32.const 7) (i64.const 8) (f32.const 4) (v128.const i32x4 7 7 7 7))
