;;! [bug]
;;! id = "copysign-load-at-end"
;;! layer = "lowering"
;;! source = "CVE-2026-24116, fixed in wasmtime by 0f950304e5; bytecodealliance/wasmtime#4890"
;;! expect = "copysign reads no more bytes of a loaded operand than the load has"

;; Sign and magnitude are put together by vector instructions, whose memory operands are 16 bytes. A load
;; folded into one reads up to 12 bytes beyond the end of the memory: a fault where there is a guard, and
;; other bytes of the host where explicit checks have let the load pass.
;;
;; Red when: compiler/src/translate/numeric.rs: `copysign` loads an operand that comes from memory as a vector
;; and takes its first lane. Guarded memories only: what checks have let pass does not fault here.

(module
  (memory 1)
  ;; 1.5 as the last doubleword, which ends with 1.9375 as a word. -2.5 before it, which ends with -2.0625.
  (data (i32.const 65520) "\00\00\00\00\00\00\04\c0" "\00\00\00\00\00\00\f8\3f")

  (func (export "f64-magnitude") (param $at i32) (param $sign f64) (result f64)
    (f64.copysign (f64.load (local.get $at)) (local.get $sign)))
  (func (export "f64-sign") (param $at i32) (param $magnitude f64) (result f64)
    (f64.copysign (local.get $magnitude) (f64.load (local.get $at))))
  (func (export "f64-both") (param $at i32) (param $other i32) (result f64)
    (f64.copysign (f64.load (local.get $at)) (f64.load (local.get $other))))
  (func (export "f32-magnitude") (param $at i32) (param $sign f32) (result f32)
    (f32.copysign (f32.load (local.get $at)) (local.get $sign)))
  (func (export "f32-sign") (param $at i32) (param $magnitude f32) (result f32)
    (f32.copysign (local.get $magnitude) (f32.load (local.get $at))))
  (func (export "f32-both") (param $at i32) (param $other i32) (result f32)
    (f32.copysign (f32.load (local.get $at)) (f32.load (local.get $other))))

  ;; Constant addresses need no check at all; constant operands may be folded.
  (func (export "f64-constant") (result f64)
    (f64.copysign (f64.load (i32.const 65528)) (f64.const -1)))
  (func (export "f64-constant-offset") (param $sign f64) (result f64)
    (f64.copysign (f64.load offset=65528 (i32.const 0)) (local.get $sign)))
  (func (export "f64-constant-sign") (result f64)
    (f64.copysign (f64.const 7) (f64.load (i32.const 65520))))
  (func (export "f32-constant") (result f32)
    (f32.copysign (f32.load (i32.const 65532)) (f32.const -1)))
  (func (export "f32-constant-sign") (result f32)
    (f32.copysign (f32.const 7) (f32.load (i32.const 65524))))

  ;; The operations that are made of the same vector instructions.
  (func (export "f64-abs") (param $at i32) (result f64) (f64.abs (f64.load (local.get $at))))
  (func (export "f64-neg") (param $at i32) (result f64) (f64.neg (f64.load (local.get $at))))
  (func (export "f32-abs") (param $at i32) (result f32) (f32.abs (f32.load (local.get $at))))
  (func (export "f32-neg") (param $at i32) (result f32) (f32.neg (f32.load (local.get $at)))))

(assert_return (invoke "f64-magnitude" (i32.const 65528) (f64.const 1)) (f64.const 1.5))
(assert_return (invoke "f64-magnitude" (i32.const 65528) (f64.const -1)) (f64.const -1.5))
(assert_return (invoke "f64-magnitude" (i32.const 65520) (f64.const 0)) (f64.const 2.5))
(assert_return (invoke "f64-sign" (i32.const 65528) (f64.const -7)) (f64.const 7))
(assert_return (invoke "f64-sign" (i32.const 65520) (f64.const 7)) (f64.const -7))
(assert_return (invoke "f64-both" (i32.const 65528) (i32.const 65520)) (f64.const -1.5))
(assert_return (invoke "f64-both" (i32.const 65520) (i32.const 65528)) (f64.const 2.5))
(assert_return (invoke "f64-both" (i32.const 65528) (i32.const 65528)) (f64.const 1.5))
(assert_return (invoke "f32-magnitude" (i32.const 65532) (f32.const -0)) (f32.const -1.9375))
(assert_return (invoke "f32-magnitude" (i32.const 65524) (f32.const 1)) (f32.const 2.0625))
(assert_return (invoke "f32-sign" (i32.const 65532) (f32.const -7)) (f32.const 7))
(assert_return (invoke "f32-sign" (i32.const 65524) (f32.const 7)) (f32.const -7))
(assert_return (invoke "f32-both" (i32.const 65532) (i32.const 65524)) (f32.const -1.9375))
(assert_return (invoke "f32-both" (i32.const 65524) (i32.const 65532)) (f32.const 2.0625))
(assert_return (invoke "f64-constant") (f64.const -1.5))
(assert_return (invoke "f64-constant-offset" (f64.const -3)) (f64.const -1.5))
(assert_return (invoke "f64-constant-sign") (f64.const -7))
(assert_return (invoke "f32-constant") (f32.const -1.9375))
(assert_return (invoke "f32-constant-sign") (f32.const -7))
(assert_return (invoke "f64-abs" (i32.const 65528)) (f64.const 1.5))
(assert_return (invoke "f64-neg" (i32.const 65528)) (f64.const -1.5))
(assert_return (invoke "f32-abs" (i32.const 65532)) (f32.const 1.9375))
(assert_return (invoke "f32-neg" (i32.const 65532)) (f32.const -1.9375))

(assert_trap (invoke "f64-magnitude" (i32.const 65529) (f64.const 1)) "out of bounds memory access")
(assert_trap (invoke "f64-sign" (i32.const 65529) (f64.const 1)) "out of bounds memory access")
(assert_trap (invoke "f32-magnitude" (i32.const 65533) (f32.const 1)) "out of bounds memory access")
(assert_trap (invoke "f32-sign" (i32.const 65533) (f32.const 1)) "out of bounds memory access")
(assert_trap (invoke "f64-abs" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "f32-neg" (i32.const 65533)) "out of bounds memory access")
