;;! threads = true
;;! [bug]
;;! id = "wait-timeout"
;;! layer = "runtime"
;;! source = "threads proposal, wait operators"
;;! expect = "2 when the time is over, and no waiter is left to notify"

;; The timeout counts nanoseconds. A waiter that leaves its queue only when it is notified would be counted
;; by a later notify, and take the place of one that still waits.
;;
;; Red when: runtime/src/memory/lot.rs: `wait` returns without `leave` when the time is over.

(module
  (memory 1 1 shared)
  (func (export "wait32") (param $timeout i64) (result i32)
    (memory.atomic.wait32 (i32.const 0) (i32.const 0) (local.get $timeout)))
  (func (export "wait64") (param $timeout i64) (result i32)
    (memory.atomic.wait64 (i32.const 0) (i64.const 0) (local.get $timeout)))
  (func (export "notify") (result i32) (memory.atomic.notify (i32.const 0) (i32.const -1))))

(assert_return (invoke "wait32" (i64.const 0)) (i32.const 2))
(assert_return (invoke "wait32" (i64.const 1)) (i32.const 2))
(assert_return (invoke "wait32" (i64.const 5_000_000)) (i32.const 2))
(assert_return (invoke "wait64" (i64.const 0)) (i32.const 2))
(assert_return (invoke "wait64" (i64.const 1)) (i32.const 2))
(assert_return (invoke "wait64" (i64.const 5_000_000)) (i32.const 2))
;; A thread that has stopped waiting is not woken any more.
(assert_return (invoke "notify") (i32.const 0))
