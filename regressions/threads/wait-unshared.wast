;;! threads = true
;;! multi_memory = true
;;! [bug]
;;! id = "wait-unshared"
;;! layer = "runtime"
;;! source = "threads proposal, wait operators"
;;! expect = "wait on a memory that is not shared traps; notify returns 0"

;; With a timeout of -1 such a wait could never end: no other thread can have the memory.
;;
;; Red when: runtime/src/builtins/atomic.rs: `Access::wait` returns 2 (timed out) or 1 for a memory that is
;; not shared.

(module
  (memory 1 1)
  (func (export "wait32") (param i32 i32 i64) (result i32)
    (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "wait64") (param i32 i64 i64) (result i32)
    (memory.atomic.wait64 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "notify") (param i32 i32) (result i32)
    (memory.atomic.notify (local.get 0) (local.get 1))))

;; Whether it would wait (equal) or not, and for however short.
(assert_trap (invoke "wait32" (i32.const 0) (i32.const 0) (i64.const 0)) "expected shared memory")
(assert_trap (invoke "wait32" (i32.const 0) (i32.const 1) (i64.const 0)) "expected shared memory")
(assert_trap (invoke "wait32" (i32.const 0) (i32.const 0) (i64.const -1)) "expected shared memory")
(assert_trap (invoke "wait64" (i32.const 0) (i64.const 0) (i64.const 0)) "expected shared memory")
(assert_trap (invoke "wait64" (i32.const 0) (i64.const 1) (i64.const 0)) "expected shared memory")
(assert_trap (invoke "wait64" (i32.const 0) (i64.const 0) (i64.const -1)) "expected shared memory")
(assert_return (invoke "notify" (i32.const 0) (i32.const 0)) (i32.const 0))
(assert_return (invoke "notify" (i32.const 0) (i32.const -1)) (i32.const 0))

;; The second memory of two: which one it is is for the memory's own type to say.
(module
  (memory 1 1 shared)
  (memory $unshared 1 1)
  (func (export "wait") (result i32)
    (memory.atomic.wait32 $unshared (i32.const 0) (i32.const 0) (i64.const 0)))
  (func (export "wait-0") (result i32)
    (memory.atomic.wait32 0 (i32.const 0) (i32.const 0) (i64.const 0))))

(assert_trap (invoke "wait") "expected shared memory")
(assert_return (invoke "wait-0") (i32.const 2))
