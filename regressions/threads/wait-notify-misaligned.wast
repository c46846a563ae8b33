;;! threads = true
;;! [bug]
;;! id = "wait-notify-misaligned"
;;! layer = "runtime"
;;! source = "wasmer, atomic_offset_bug"
;;! expect = "misaligned notify and wait trap, also if the misalignment comes from the offset"

;; It is the sum of address and offset that has to be aligned, also where the check is not in compiled code
;; but in the runtime.
;;
;; Red when: runtime/src/memory.rs: `MemoryData::atomic_address` looks at the index alone.

(module
  (memory 1 1 shared)
  (func (export "notify") (param i32) (result i32) (memory.atomic.notify (local.get 0) (i32.const 0)))
  (func (export "wait32") (param i32) (result i32)
    (memory.atomic.wait32 (local.get 0) (i32.const 1) (i64.const 0)))
  (func (export "wait64") (param i32) (result i32)
    (memory.atomic.wait64 (local.get 0) (i64.const 1) (i64.const 0)))
  (func (export "notify-1") (param i32) (result i32)
    (memory.atomic.notify offset=1 (local.get 0) (i32.const 0)))
  (func (export "wait32-1") (param i32) (result i32)
    (memory.atomic.wait32 offset=1 (local.get 0) (i32.const 1) (i64.const 0)))
  (func (export "wait64-1") (param i32) (result i32)
    (memory.atomic.wait64 offset=1 (local.get 0) (i64.const 1) (i64.const 0))))

(assert_trap (invoke "notify" (i32.const 1)) "unaligned atomic")
(assert_trap (invoke "notify" (i32.const 2)) "unaligned atomic")
(assert_return (invoke "notify" (i32.const 4)) (i32.const 0))
(assert_trap (invoke "wait32" (i32.const 1)) "unaligned atomic")
(assert_trap (invoke "wait32" (i32.const 2)) "unaligned atomic")
(assert_return (invoke "wait32" (i32.const 4)) (i32.const 1))
(assert_trap (invoke "wait64" (i32.const 1)) "unaligned atomic")
(assert_trap (invoke "wait64" (i32.const 4)) "unaligned atomic")
(assert_return (invoke "wait64" (i32.const 8)) (i32.const 1))

(assert_trap (invoke "notify-1" (i32.const 0)) "unaligned atomic")
(assert_return (invoke "notify-1" (i32.const 3)) (i32.const 0))
(assert_trap (invoke "wait32-1" (i32.const 0)) "unaligned atomic")
(assert_return (invoke "wait32-1" (i32.const 3)) (i32.const 1))
(assert_trap (invoke "wait64-1" (i32.const 0)) "unaligned atomic")
(assert_trap (invoke "wait64-1" (i32.const 3)) "unaligned atomic")
(assert_return (invoke "wait64-1" (i32.const 7)) (i32.const 1))

;; The same on a memory that is not shared; only waiting where one could wait is another trap there.
(module
  (memory 1 1)
  (func (export "notify") (param i32) (result i32) (memory.atomic.notify (local.get 0) (i32.const 0)))
  (func (export "wait32") (param i32) (result i32)
    (memory.atomic.wait32 (local.get 0) (i32.const 1) (i64.const 0)))
  (func (export "wait64") (param i32) (result i32)
    (memory.atomic.wait64 (local.get 0) (i64.const 1) (i64.const 0))))

(assert_trap (invoke "notify" (i32.const 1)) "unaligned atomic")
(assert_trap (invoke "wait32" (i32.const 2)) "unaligned atomic")
(assert_trap (invoke "wait64" (i32.const 4)) "unaligned atomic")
