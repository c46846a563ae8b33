;;! threads = true
;;! [bug]
;;! id = "wait-not-equal"
;;! layer = "runtime"
;;! source = "threads proposal, wait operators"
;;! expect = "1 at once if the value is not the expected one, in all its bits"

;; wait64 compares 64 bits, wait32 no more than 32.
;;
;; Red when: runtime/src/memory/shared.rs: `wait64` compares the lower 32 bits.

(module
  (memory 1 1 shared)
  (data (i32.const 8) "\88\77\66\55\44\33\22\11")
  (func (export "wait32") (param i32 i32) (result i32)
    (memory.atomic.wait32 (local.get 0) (local.get 1) (i64.const 0)))
  (func (export "wait64") (param i32 i64) (result i32)
    (memory.atomic.wait64 (local.get 0) (local.get 1) (i64.const 0)))
  ;; These would never end if they waited.
  (func (export "wait32-for-ever") (param i32 i32) (result i32)
    (memory.atomic.wait32 (local.get 0) (local.get 1) (i64.const -1)))
  (func (export "wait64-for-ever") (param i32 i64) (result i32)
    (memory.atomic.wait64 (local.get 0) (local.get 1) (i64.const -1))))

(assert_return (invoke "wait32" (i32.const 8) (i32.const 0x5566_7788)) (i32.const 2))
(assert_return (invoke "wait32" (i32.const 12) (i32.const 0x1122_3344)) (i32.const 2))
(assert_return (invoke "wait32" (i32.const 8) (i32.const 0x1122_3344)) (i32.const 1))
(assert_return (invoke "wait32-for-ever" (i32.const 8) (i32.const 0)) (i32.const 1))
(assert_return (invoke "wait32-for-ever" (i32.const 8) (i32.const 0x8877_6655)) (i32.const 1))

(assert_return (invoke "wait64" (i32.const 8) (i64.const 0x1122_3344_5566_7788)) (i32.const 2))
;; Equal in the lower half only, and in the upper half only.
(assert_return (invoke "wait64-for-ever" (i32.const 8) (i64.const 0x5566_7788)) (i32.const 1))
(assert_return (invoke "wait64-for-ever" (i32.const 8) (i64.const 0x1122_3344_0000_0000)) (i32.const 1))
(assert_return (invoke "wait64-for-ever" (i32.const 8) (i64.const 0x8877_6655_4433_2211)) (i32.const 1))
