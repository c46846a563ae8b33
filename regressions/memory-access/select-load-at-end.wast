;;! [bug]
;;! id = "select-load-at-end"
;;! layer = "lowering"
;;! source = "bytecodealliance/wasmtime#8112, fixed by 14fd41098c"
;;! expect = "a select of a loaded float reads no more than the float, and reads it whatever the condition says"

;; x86-64 has no conditional move of floats: a select becomes a branch around a move between vector registers.
;; A load folded into that move reads 16 bytes, and only if the branch is not taken, so that a load that must
;; trap does not.
;;
;; Red when: compiler/src/translate/mod.rs: `select` loads operands that come from memory as vectors and takes
;; the first lane (guarded memories), or exchanges its operands.

(module
  (memory 1)
  (data (i32.const 65520) "\00\00\00\00\00\00\04\c0" "\00\00\00\00\00\00\f8\3f")

  (func (export "f64-first") (param $at i32) (param $c i32) (result f64)
    (select (f64.load (local.get $at)) (f64.const 1) (local.get $c)))
  (func (export "f64-second") (param $at i32) (param $c i32) (result f64)
    (select (f64.const 1) (f64.load (local.get $at)) (local.get $c)))
  (func (export "f64-both") (param $first i32) (param $second i32) (param $c i32) (result f64)
    (select (f64.load (local.get $first)) (f64.load (local.get $second)) (local.get $c)))
  (func (export "f32-first") (param $at i32) (param $c i32) (result f32)
    (select (f32.load (local.get $at)) (f32.const 1) (local.get $c)))
  (func (export "f32-second") (param $at i32) (param $c i32) (result f32)
    (select (f32.const 1) (f32.load (local.get $at)) (local.get $c)))
  (func (export "f64-constant") (param $c i32) (result f64)
    (select (f64.load (i32.const 65528)) (f64.const 1) (local.get $c)))
  (func (export "f64-typed") (param $at i32) (param $c i32) (result f64)
    (select (result f64) (f64.load (local.get $at)) (f64.const 1) (local.get $c)))
  ;; Float comparisons take their own kind of branch: the one of equality has two.
  (func (export "f64-if-equal") (param $at i32) (param $x f64) (param $y f64) (result f64)
    (select (f64.load (local.get $at)) (f64.const 1) (f64.eq (local.get $x) (local.get $y))))
  (func (export "f64-if-not-equal") (param $at i32) (param $x f64) (param $y f64) (result f64)
    (select (f64.load (local.get $at)) (f64.const 1) (f64.ne (local.get $x) (local.get $y))))
  (func (export "f64-if-less") (param $at i32) (param $x f64) (param $y f64) (result f64)
    (select (f64.load (local.get $at)) (f64.const 1) (f64.lt (local.get $x) (local.get $y))))
  (func (export "f32-if-equal") (param $at i32) (param $x f32) (param $y f32) (result f32)
    (select (f32.const 1) (f32.load (local.get $at)) (f32.eq (local.get $x) (local.get $y))))
  ;; Conditional moves of integers have memory operands, which are read in any case.
  (func (export "i32-first") (param $at i32) (param $c i32) (result i32)
    (select (i32.load (local.get $at)) (i32.const 1) (local.get $c)))
  (func (export "i32-second") (param $at i32) (param $c i32) (result i32)
    (select (i32.const 1) (i32.load (local.get $at)) (local.get $c)))
  (func (export "i32-byte") (param $at i32) (param $c i32) (result i32)
    (select (i32.load8_u (local.get $at)) (i32.const 1) (local.get $c)))
  (func (export "i32-half") (param $at i32) (param $c i32) (result i32)
    (select (i32.const 1) (i32.load16_s (local.get $at)) (local.get $c)))
  (func (export "i64-word") (param $at i32) (param $c i32) (result i64)
    (select (i64.load32_u (local.get $at)) (i64.const 1) (local.get $c)))
  (func (export "v128-first") (param $at i32) (param $c i32) (result v128)
    (select (v128.load (local.get $at)) (v128.const i64x2 1 2) (local.get $c))))

(assert_return (invoke "f64-first" (i32.const 65528) (i32.const 1)) (f64.const 1.5))
(assert_return (invoke "f64-first" (i32.const 65528) (i32.const 0)) (f64.const 1))
(assert_return (invoke "f64-second" (i32.const 65528) (i32.const 1)) (f64.const 1))
(assert_return (invoke "f64-second" (i32.const 65528) (i32.const 0)) (f64.const 1.5))
(assert_return (invoke "f64-both" (i32.const 65520) (i32.const 65528) (i32.const 1)) (f64.const -2.5))
(assert_return (invoke "f64-both" (i32.const 65520) (i32.const 65528) (i32.const 0)) (f64.const 1.5))
(assert_return (invoke "f32-first" (i32.const 65532) (i32.const -1)) (f32.const 1.9375))
(assert_return (invoke "f32-first" (i32.const 65532) (i32.const 0)) (f32.const 1))
(assert_return (invoke "f32-second" (i32.const 65532) (i32.const 0)) (f32.const 1.9375))
(assert_return (invoke "f64-constant" (i32.const 1)) (f64.const 1.5))
(assert_return (invoke "f64-constant" (i32.const 0)) (f64.const 1))
(assert_return (invoke "f64-typed" (i32.const 65528) (i32.const 1)) (f64.const 1.5))
(assert_return (invoke "f64-if-equal" (i32.const 65528) (f64.const 2) (f64.const 2)) (f64.const 1.5))
(assert_return (invoke "f64-if-equal" (i32.const 65528) (f64.const 2) (f64.const 3)) (f64.const 1))
(assert_return (invoke "f64-if-equal" (i32.const 65528) (f64.const nan) (f64.const nan)) (f64.const 1))
(assert_return (invoke "f64-if-not-equal" (i32.const 65528) (f64.const nan) (f64.const 2)) (f64.const 1.5))
(assert_return (invoke "f64-if-not-equal" (i32.const 65528) (f64.const 2) (f64.const 2)) (f64.const 1))
(assert_return (invoke "f64-if-less" (i32.const 65528) (f64.const 1) (f64.const 2)) (f64.const 1.5))
(assert_return (invoke "f64-if-less" (i32.const 65528) (f64.const nan) (f64.const 2)) (f64.const 1))
(assert_return (invoke "f32-if-equal" (i32.const 65532) (f32.const 2) (f32.const 3)) (f32.const 1.9375))
(assert_return (invoke "f32-if-equal" (i32.const 65532) (f32.const 2) (f32.const 2)) (f32.const 1))
(assert_return (invoke "i32-first" (i32.const 65532) (i32.const 1)) (i32.const 0x3ff8_0000))
(assert_return (invoke "i32-second" (i32.const 65532) (i32.const 0)) (i32.const 0x3ff8_0000))
(assert_return (invoke "i32-byte" (i32.const 65535) (i32.const 1)) (i32.const 0x3f))
(assert_return (invoke "i32-byte" (i32.const 65535) (i32.const 0)) (i32.const 1))
(assert_return (invoke "i32-half" (i32.const 65534) (i32.const 0)) (i32.const 0x3ff8))
(assert_return (invoke "i64-word" (i32.const 65532) (i32.const 1)) (i64.const 0x3ff8_0000))
(assert_return (invoke "v128-first" (i32.const 65520) (i32.const 1))
  (v128.const i64x2 0xc004_0000_0000_0000 0x3ff8_0000_0000_0000))

;; The load traps also when its value is not the one that is selected.
(assert_trap (invoke "f64-first" (i32.const 65529) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "f64-first" (i32.const 65529) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "f64-second" (i32.const 65529) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "f64-second" (i32.const 65529) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "f64-both" (i32.const 0) (i32.const 65529) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "f64-both" (i32.const 65529) (i32.const 0) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "f32-first" (i32.const 65533) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "f32-second" (i32.const 65533) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "f64-if-equal" (i32.const 65529) (f64.const 2) (f64.const 3))
  "out of bounds memory access")
(assert_trap (invoke "i32-first" (i32.const 65533) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "i32-byte" (i32.const 65536) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "v128-first" (i32.const 65521) (i32.const 0)) "out of bounds memory access")
