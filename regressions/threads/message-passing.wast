;;! threads = true
;;! [bug]
;;! id = "message-passing"
;;! layer = "translate"
;;! source = "threads proposal, memory model"
;;! expect = "what was written before an atomic store is seen after the atomic load that sees it"

;; An optimiser that takes atomic accesses for accesses of one address only moves the plain ones across
;; them, or keeps what it has loaded in the round before.
;;
;; Red when: compiler/src/translate/atomics.rs: `atomic_load` is a plain load (at `--opt speed` the flag is
;; then read once, and `read` times out).

(module $Mem (memory (export "shared") 1 4 shared))

;; One thread writes a message with plain stores and then a flag with an atomic one; a thread that sees the flag sees
;; the message.
(thread $writer (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    (func (export "write") (param $rounds i32)
      (local $round i32)
      (loop $next
        (local.set $round (i32.add (local.get $round) (i32.const 1)))
        (i32.store (i32.const 64) (local.get $round))
        (i64.store (i32.const 128) (i64.extend_i32_u (local.get $round)))
        (i32.atomic.store (i32.const 0) (local.get $round))
        ;; The reader answers with the same number.
        (if (i32.ne (i32.atomic.load (i32.const 4)) (local.get $round))
          (then
            (loop $unread (br_if $unread (i32.ne (i32.atomic.load (i32.const 4)) (local.get $round))))))
        (br_if $next (i32.lt_u (local.get $round) (local.get $rounds))))))
  (assert_return (invoke "write" (i32.const 300))))

(register "mem" $Mem)
(module
  (memory (import "mem" "shared") 1 4 shared)
  ;; The number of rounds whose message was not the one that the flag announced.
  (func (export "read") (param $rounds i32) (result i32)
    (local $round i32) (local $wrong i32)
    (loop $next
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (if (i32.ne (i32.atomic.load (i32.const 0)) (local.get $round))
        (then
          (loop $unwritten (br_if $unwritten (i32.ne (i32.atomic.load (i32.const 0)) (local.get $round))))))
      (if (i32.or
            (i32.ne (i32.load (i32.const 64)) (local.get $round))
            (i64.ne (i64.load (i32.const 128)) (i64.extend_i32_u (local.get $round))))
        (then (local.set $wrong (i32.add (local.get $wrong) (i32.const 1)))))
      (i32.atomic.store (i32.const 4) (local.get $round))
      (br_if $next (i32.lt_u (local.get $round) (local.get $rounds))))
    (local.get $wrong)))
(assert_return (invoke "read" (i32.const 300)) (i32.const 0))
(wait $writer)
