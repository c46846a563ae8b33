;;! threads = true
;;! [bug]
;;! id = "rmw32-cmpxchg-wraps-expected"
;;! layer = "translate"
;;! source = "bytecodealliance/wasmtime#12994"
;;! expect = "the expected operand is wrapped to the width of the access, and the result is zero-extended"

;; The instruction that compares and exchanges leaves the upper half of its register alone: an engine that
;; takes the whole register for the result returns the upper bits of the expected operand.
;;
;; Red when: compiler/src/translate/atomics.rs: `atomic_cmpxchg` sign-extends what it has found, or compares
;; without wrapping.

(module
  (memory 1 1 shared)
  (func (export "set") (param i64) (i64.store (i32.const 0) (local.get 0)))
  (func (export "get") (result i64) (i64.load (i32.const 0)))
  (func (export "rmw32") (param i64 i64) (result i64)
    (i64.atomic.rmw32.cmpxchg_u (i32.const 0) (local.get 0) (local.get 1)))
  (func (export "rmw16") (param i64 i64) (result i64)
    (i64.atomic.rmw16.cmpxchg_u (i32.const 0) (local.get 0) (local.get 1)))
  (func (export "rmw8") (param i64 i64) (result i64)
    (i64.atomic.rmw8.cmpxchg_u (i32.const 0) (local.get 0) (local.get 1)))
  (func (export "i32-rmw16") (param i32 i32) (result i32)
    (i32.atomic.rmw16.cmpxchg_u (i32.const 0) (local.get 0) (local.get 1)))
  (func (export "i32-rmw8") (param i32 i32) (result i32)
    (i32.atomic.rmw8.cmpxchg_u (i32.const 0) (local.get 0) (local.get 1))))

;; Equal in the width of the access: exchanged, and nothing of the operands' upper bits is returned.
(assert_return (invoke "rmw32" (i64.const 0xdead_beef_0000_0000) (i64.const 0x1111_1111_2222_2222))
  (i64.const 0))
(assert_return (invoke "get") (i64.const 0x2222_2222))
(assert_return (invoke "rmw32" (i64.const 0x2222_2222) (i64.const -1)) (i64.const 0x2222_2222))
(assert_return (invoke "get") (i64.const 0xffff_ffff))
(assert_return (invoke "rmw32" (i64.const -1) (i64.const 0)) (i64.const 0xffff_ffff))
(assert_return (invoke "get") (i64.const 0))

(assert_return (invoke "rmw16" (i64.const 0xdead_beef_cafe_0000) (i64.const -2)) (i64.const 0))
(assert_return (invoke "get") (i64.const 0xfffe))
(assert_return (invoke "rmw16" (i64.const -2) (i64.const 0)) (i64.const 0xfffe))
(assert_return (invoke "rmw8" (i64.const 0xdead_beef_cafe_ba00) (i64.const -2)) (i64.const 0))
(assert_return (invoke "get") (i64.const 0xfe))
(assert_return (invoke "rmw8" (i64.const -2) (i64.const 0)) (i64.const 0xfe))

(assert_return (invoke "i32-rmw16" (i32.const 0xcafe_0000) (i32.const -2)) (i32.const 0))
(assert_return (invoke "get") (i64.const 0xfffe))
(assert_return (invoke "i32-rmw16" (i32.const -2) (i32.const 0)) (i32.const 0xfffe))
(assert_return (invoke "i32-rmw8" (i32.const 0xcafe_ba00) (i32.const -2)) (i32.const 0))
(assert_return (invoke "get") (i64.const 0xfe))
(assert_return (invoke "i32-rmw8" (i32.const -2) (i32.const 0)) (i32.const 0xfe))

;; Unequal: the old value is returned with its upper bits clear, independent of the operands' upper bits.
(invoke "set" (i64.const 0xffff_ffff_ffff_fff1))
(assert_return (invoke "rmw32" (i64.const -1) (i64.const 0)) (i64.const 0xffff_fff1))
(assert_return (invoke "rmw16" (i64.const -1) (i64.const 0)) (i64.const 0xfff1))
(assert_return (invoke "rmw8" (i64.const -1) (i64.const 0)) (i64.const 0xf1))
(assert_return (invoke "i32-rmw16" (i32.const -1) (i32.const 0)) (i32.const 0xfff1))
(assert_return (invoke "i32-rmw8" (i32.const -1) (i32.const 0)) (i32.const 0xf1))
(assert_return (invoke "get") (i64.const 0xffff_ffff_ffff_fff1))
