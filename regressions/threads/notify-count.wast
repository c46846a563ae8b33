;;! threads = true
;;! [bug]
;;! id = "notify-count"
;;! layer = "runtime"
;;! source = "threads proposal, notify operator"
;;! expect = "as many as the count says are woken, and counted"

;; A notify that wakes every waiter breaks code that relies on the count: the other waiters find nothing to do, or
;; no waiter is left to wake later. Here a second notify would wait for ever for a waiter.
;;
;; Red when: runtime/src/memory/lot.rs: `notify` wakes the whole queue (`wake-singly` then gives up to 3).

(module $Mem (memory (export "shared") 1 4 shared))

(thread $a (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    (func (export "wait") (result i32)
      (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
      (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "wait") (i32.const 0)))
(thread $b (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    (func (export "wait") (result i32)
      (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
      (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "wait") (i32.const 0)))
(thread $c (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    (func (export "wait") (result i32)
      (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
      (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
  (assert_return (invoke "wait") (i32.const 0)))

(register "mem" $Mem)
(module
  (memory (import "mem" "shared") 1 4 shared)
  (func (export "all-are-there")
    (loop $again (br_if $again (i32.ne (i32.atomic.load (i32.const 4)) (i32.const 3)))))
  (func (export "pause") (result i32)
    (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const 50_000_000)))
  (func (export "notify") (param $at i32) (param $count i32) (result i32)
    (memory.atomic.notify (local.get $at) (local.get $count)))
  ;; Wakes one at a time until so many have been woken, and gives the largest number that any notify gave.
  (func (export "wake-singly") (param $wanted i32) (result i32)
    (local $woken i32) (local $most i32)
    (loop $again
      (local.set $woken (memory.atomic.notify (i32.const 0) (i32.const 1)))
      (local.set $most (select (local.get $woken) (local.get $most)
        (i32.gt_u (local.get $woken) (local.get $most))))
      (local.set $wanted (i32.sub (local.get $wanted) (local.get $woken)))
      (br_if $again (i32.gt_s (local.get $wanted) (i32.const 0))))
    (local.get $most)))

(assert_return (invoke "all-are-there"))
;; They are about to wait; a while later they surely do, as far as a red run of this script needs it.
(assert_return (invoke "pause") (i32.const 2))
(assert_return (invoke "notify" (i32.const 0) (i32.const 0)) (i32.const 0))
;; Without a waiter the result is 0 for any count.
(assert_return (invoke "notify" (i32.const 4) (i32.const -1)) (i32.const 0))
(assert_return (invoke "wake-singly" (i32.const 3)) (i32.const 1))
(assert_return (invoke "notify" (i32.const 0) (i32.const -1)) (i32.const 0))
(wait $a)
(wait $b)
(wait $c)
