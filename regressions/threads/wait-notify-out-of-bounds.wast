;;! threads = true
;;! [bug]
;;! id = "wait-notify-out-of-bounds"
;;! layer = "runtime"
;;! source = "threads proposal, wait and notify operators"
;;! expect = "wait and notify trap beyond the current end of the memory"

;; An engine that takes the address for a mere key of its table of waiters accepts any. For wait that reads
;; memory that is not there.
;;
;; Red when: runtime/src/memory.rs: `MemoryData::atomic_address` returns the address without `range`.

(module
  (memory 1 2 shared)
  (func (export "notify") (param i32) (result i32) (memory.atomic.notify (local.get 0) (i32.const 1)))
  (func (export "wait32") (param i32) (result i32)
    (memory.atomic.wait32 (local.get 0) (i32.const 1) (i64.const 0)))
  (func (export "wait64") (param i32) (result i32)
    (memory.atomic.wait64 (local.get 0) (i64.const 1) (i64.const 0)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1))))

(assert_return (invoke "notify" (i32.const 65532)) (i32.const 0))
(assert_return (invoke "wait32" (i32.const 65532)) (i32.const 1))
(assert_return (invoke "wait64" (i32.const 65528)) (i32.const 1))
(assert_trap (invoke "notify" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "wait32" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "wait64" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "notify" (i32.const -4)) "out of bounds memory access")
(assert_trap (invoke "wait32" (i32.const -4)) "out of bounds memory access")
(assert_trap (invoke "wait64" (i32.const -8)) "out of bounds memory access")

(assert_return (invoke "grow") (i32.const 1))
(assert_return (invoke "notify" (i32.const 65536)) (i32.const 0))
(assert_return (invoke "wait32" (i32.const 65536)) (i32.const 1))
(assert_return (invoke "wait64" (i32.const 65536)) (i32.const 1))

;; A wait on a memory that is not shared is impossible, and notify traps beyond its end all the same.
(module
  (memory 1 1)
  (func (export "notify") (param i32) (result i32) (memory.atomic.notify (local.get 0) (i32.const 1))))

(assert_return (invoke "notify" (i32.const 65532)) (i32.const 0))
(assert_trap (invoke "notify" (i32.const 65536)) "out of bounds memory access")
