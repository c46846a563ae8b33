;;! [bug]
;;! id = "round-load-at-end"
;;! layer = "lowering"
;;! source = "bytecodealliance/wasmtime#8116"
;;! expect = "rounding and roots of a loaded float read the float's bytes and no more"

;; A load folded into an instruction that is taken to work on vectors reads 16 bytes. A load moved behind the
;; call of a library function, which rounds where no instruction does, reads what may have changed since.
;;
;; Red when: compiler/src/translate/numeric.rs: `round`, and the square root, load an operand that comes from
;; memory as a vector, at the place of the rounding, and take the first lane.

(module
  (memory 1)
  ;; -2.5 and 1.5 as doublewords; -2.0625 and 1.9375 as their upper words.
  (data (i32.const 65520) "\00\00\00\00\00\00\04\c0" "\00\00\00\00\00\00\f8\3f")

  (func (export "f64-ceil") (param $at i32) (result f64) (f64.ceil (f64.load (local.get $at))))
  (func (export "f64-floor") (param $at i32) (result f64) (f64.floor (f64.load (local.get $at))))
  (func (export "f64-trunc") (param $at i32) (result f64) (f64.trunc (f64.load (local.get $at))))
  (func (export "f64-nearest") (param $at i32) (result f64) (f64.nearest (f64.load (local.get $at))))
  (func (export "f64-sqrt") (param $at i32) (result f64) (f64.sqrt (f64.load (local.get $at))))
  (func (export "f32-ceil") (param $at i32) (result f32) (f32.ceil (f32.load (local.get $at))))
  (func (export "f32-floor") (param $at i32) (result f32) (f32.floor (f32.load (local.get $at))))
  (func (export "f32-trunc") (param $at i32) (result f32) (f32.trunc (f32.load (local.get $at))))
  (func (export "f32-nearest") (param $at i32) (result f32) (f32.nearest (f32.load (local.get $at))))
  (func (export "f32-sqrt") (param $at i32) (result f32) (f32.sqrt (f32.load (local.get $at))))

  (func (export "f64-ceil-constant") (result f64) (f64.ceil (f64.load (i32.const 65528))))
  (func (export "f32-floor-constant") (result f32) (f32.floor (f32.load offset=65532 (i32.const 0))))
  (func (export "f64-sqrt-constant") (result f64) (f64.sqrt (f64.load (i32.const 65528))))

  ;; Conversions, and arithmetic with one loaded operand.
  (func (export "promote") (param $at i32) (result f64) (f64.promote_f32 (f32.load (local.get $at))))
  (func (export "demote") (param $at i32) (result f32) (f32.demote_f64 (f64.load (local.get $at))))
  (func (export "truncate") (param $at i32) (result i32) (i32.trunc_f64_s (f64.load (local.get $at))))
  (func (export "convert") (param $at i32) (result f64) (f64.convert_i32_s (i32.load (local.get $at))))
  (func (export "f64-min") (param $at i32) (param $x f64) (result f64)
    (f64.min (local.get $x) (f64.load (local.get $at))))
  (func (export "f32-max") (param $at i32) (param $x f32) (result f32)
    (f32.max (local.get $x) (f32.load (local.get $at))))
  (func (export "f64-add") (param $at i32) (param $x f64) (result f64)
    (f64.add (local.get $x) (f64.load (local.get $at))))

  ;; What is rounded is what was there when it was loaded.
  (func (export "overwritten") (param $at i32) (result f64)
    (local $x f64)
    (local.set $x (f64.load (local.get $at)))
    (f64.store (local.get $at) (f64.const 7.5))
    (f64.floor (local.get $x))))

(assert_return (invoke "f64-ceil" (i32.const 65528)) (f64.const 2))
(assert_return (invoke "f64-ceil" (i32.const 65520)) (f64.const -2))
(assert_return (invoke "f64-floor" (i32.const 65528)) (f64.const 1))
(assert_return (invoke "f64-floor" (i32.const 65520)) (f64.const -3))
(assert_return (invoke "f64-trunc" (i32.const 65528)) (f64.const 1))
(assert_return (invoke "f64-nearest" (i32.const 65528)) (f64.const 2))
(assert_return (invoke "f64-nearest" (i32.const 65520)) (f64.const -2))
(assert_return (invoke "f64-sqrt" (i32.const 65528)) (f64.const 0x1.3988e1409212ep+0))
(assert_return (invoke "f32-ceil" (i32.const 65532)) (f32.const 2))
(assert_return (invoke "f32-floor" (i32.const 65532)) (f32.const 1))
(assert_return (invoke "f32-floor" (i32.const 65524)) (f32.const -3))
(assert_return (invoke "f32-trunc" (i32.const 65532)) (f32.const 1))
(assert_return (invoke "f32-nearest" (i32.const 65532)) (f32.const 2))
(assert_return (invoke "f32-sqrt" (i32.const 65532)) (f32.const 0x1.645640p+0))
(assert_return (invoke "f64-ceil-constant") (f64.const 2))
(assert_return (invoke "f32-floor-constant") (f32.const 1))
(assert_return (invoke "f64-sqrt-constant") (f64.const 0x1.3988e1409212ep+0))
(assert_return (invoke "promote" (i32.const 65532)) (f64.const 1.9375))
(assert_return (invoke "demote" (i32.const 65528)) (f32.const 1.5))
(assert_return (invoke "truncate" (i32.const 65520)) (i32.const -2))
(assert_return (invoke "convert" (i32.const 65532)) (f64.const 1073217536))
(assert_return (invoke "f64-min" (i32.const 65528) (f64.const 2)) (f64.const 1.5))
(assert_return (invoke "f32-max" (i32.const 65532) (f32.const -1)) (f32.const 1.9375))
(assert_return (invoke "f64-add" (i32.const 65528) (f64.const 1)) (f64.const 2.5))

(assert_trap (invoke "f64-ceil" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "f64-floor" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "f64-trunc" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "f64-nearest" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "f64-sqrt" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "f32-ceil" (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "f32-sqrt" (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "f64-add" (i32.const 65529) (f64.const 1)) "out of bounds memory access")

(assert_return (invoke "overwritten" (i32.const 65528)) (f64.const 1))
(assert_return (invoke "overwritten" (i32.const 65528)) (f64.const 7))
(assert_trap (invoke "overwritten" (i32.const 65529)) "out of bounds memory access")
