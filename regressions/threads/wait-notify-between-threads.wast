;;! threads = true
;;! [bug]
;;! id = "wait-notify-between-threads"
;;! layer = "runtime"
;;! source = "threads proposal, wait and notify operators"
;;! expect = "a thread that waits is woken by another, whichever instance and store notifies"

;; The address that threads meet at is one of the memory, not of an instance or a store: each thread has its
;; own.
;;
;; Red when: runtime/src/memory.rs: `Memory::from_shared` makes a memory of its own (then the script does
;; not end, and `wait $sleeper` times out).

(module $Mem (memory (export "shared") 1 4 shared))

(thread $sleeper (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    (func (export "wait32") (result i32)
      (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
    (func (export "wait64") (result i32)
      (memory.atomic.wait64 (i32.const 8) (i64.const 0) (i64.const -1))))
  (assert_return (invoke "wait32") (i32.const 0))
  (assert_return (invoke "wait64") (i32.const 0)))

(thread $waker (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    ;; Notifies until a waiter was woken.
    (func (export "wake") (param $at i32) (result i32)
      (local $woken i32)
      (loop $again
        (local.set $woken (memory.atomic.notify (local.get $at) (i32.const 1)))
        (br_if $again (i32.eqz (local.get $woken))))
      (local.get $woken)))
  (assert_return (invoke "wake" (i32.const 0)) (i32.const 1))
  (assert_return (invoke "wake" (i32.const 8)) (i32.const 1)))

(wait $sleeper)
(wait $waker)

;; And between a thread and the script itself, by an address that is one operand here and a sum there.
(register "mem" $Mem)
(module $Waker
  (memory (import "mem" "shared") 1 4 shared)
  (func (export "wake") (result i32)
    (local $woken i32)
    (loop $again
      (local.set $woken (memory.atomic.notify offset=12 (i32.const 4) (i32.const 7)))
      (br_if $again (i32.eqz (local.get $woken))))
    (local.get $woken)))

(thread $other (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    (func (export "wait") (result i32)
      (memory.atomic.wait32 (i32.const 16) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "wait") (i32.const 0)))
(assert_return (invoke $Waker "wake") (i32.const 1))
(wait $other)
