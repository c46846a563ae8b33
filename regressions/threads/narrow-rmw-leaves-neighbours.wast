;;! threads = true
;;! [bug]
;;! id = "narrow-rmw-leaves-neighbours"
;;! layer = "translate"
;;! source = "wasmer, atomic-narrow-rmw"
;;! expect = "an operator of 8, 16 or 32 bits changes those and returns them zero-extended"

;; On machines without narrow atomic instructions, and in engines that use wide ones for simplicity, a carry
;; or the upper bits of the operand reach the neighbouring bytes.
;;
;; Red when: compiler/src/translate/atomics.rs: the rows of the narrow `add` and `sub` have the type one
;; step wider.

(module
  (memory 1 1 shared)
  (func (export "set") (param i64) (i64.store (i32.const 0) (local.get 0)))
  (func (export "get") (result i64) (i64.load (i32.const 0)))
  (func (export "add8") (param i32 i64) (result i64)
    (i64.atomic.rmw8.add_u (local.get 0) (local.get 1)))
  (func (export "sub16") (param i32 i64) (result i64)
    (i64.atomic.rmw16.sub_u (local.get 0) (local.get 1)))
  (func (export "xor32") (param i32 i64) (result i64)
    (i64.atomic.rmw32.xor_u (local.get 0) (local.get 1)))
  (func (export "and8") (param i32 i32) (result i32)
    (i32.atomic.rmw8.and_u (local.get 0) (local.get 1)))
  (func (export "or16") (param i32 i32) (result i32)
    (i32.atomic.rmw16.or_u (local.get 0) (local.get 1)))
  (func (export "xchg8") (param i32 i32) (result i32)
    (i32.atomic.rmw8.xchg_u (local.get 0) (local.get 1)))
  (func (export "store16") (param i32 i64) (i64.atomic.store16 (local.get 0) (local.get 1))))

(invoke "set" (i64.const 0xffff_ffff_ffff_ffff))
;; The carry stays in the byte, and the operand's upper bits out of the sum.
(assert_return (invoke "add8" (i32.const 2) (i64.const 0xabcd_0000_0000_0102)) (i64.const 0xff))
(assert_return (invoke "get") (i64.const 0xffff_ffff_ff01_ffff))
(assert_return (invoke "sub16" (i32.const 4) (i64.const 0x1234_0000_0001_0000)) (i64.const 0xffff))
(assert_return (invoke "sub16" (i32.const 4) (i64.const 0x1_0000_ffff)) (i64.const 0xffff))
(assert_return (invoke "get") (i64.const 0xffff_0000_ff01_ffff))
(assert_return (invoke "sub16" (i32.const 4) (i64.const 1)) (i64.const 0))
(assert_return (invoke "get") (i64.const 0xffff_ffff_ff01_ffff))
(assert_return (invoke "xor32" (i32.const 4) (i64.const 0xffff_ffff_0000_ffff)) (i64.const 0xffff_ffff))
(assert_return (invoke "get") (i64.const 0xffff_0000_ff01_ffff))
(assert_return (invoke "and8" (i32.const 7) (i32.const 0xffff_ff0f)) (i32.const 0xff))
(assert_return (invoke "get") (i64.const 0x0fff_0000_ff01_ffff))
(assert_return (invoke "or16" (i32.const 4) (i32.const 0xffff_00aa)) (i32.const 0))
(assert_return (invoke "get") (i64.const 0x0fff_00aa_ff01_ffff))
(assert_return (invoke "xchg8" (i32.const 0) (i32.const 0x1234_5678)) (i32.const 0xff))
(assert_return (invoke "get") (i64.const 0x0fff_00aa_ff01_ff78))
(assert_return (invoke "store16" (i32.const 2) (i64.const 0x1111_2222_3333_4444)))
(assert_return (invoke "get") (i64.const 0x0fff_00aa_4444_ff78))
