;;! threads = true
;;! [bug]
;;! id = "counter-loses-nothing"
;;! layer = "translate"
;;! source = "threads proposal, read-modify-write operators"
;;! expect = "no change of one thread is lost to another"

;; A read-modify-write operator that is a load, an operation and a store is right as long as no other thread runs.
;;
;; Red when: compiler/src/translate/atomics.rs: `atomic_rmw` of `add` is made of a load, an addition and a
;; store.

(module $Mem (memory (export "shared") 1 4 shared))

(thread $a (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    (func (export "count") (param $left i32)
      (drop (i32.atomic.rmw.add (i32.const 32) (i32.const 1)))
      (loop $alone (br_if $alone (i32.ne (i32.atomic.load (i32.const 32)) (i32.const 2))))
      (loop $again
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (i64.atomic.rmw8.sub_u (i32.const 11) (i64.const 1)))
        (drop (i32.atomic.rmw.xor (i32.const 16) (i32.const 0x5555_5555)))
        (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))
  (assert_return (invoke "count" (i32.const 200_000))))

(thread $b (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    (func (export "count") (param $left i32)
      (local $seen i32)
      (drop (i32.atomic.rmw.add (i32.const 32) (i32.const 1)))
      (loop $alone (br_if $alone (i32.ne (i32.atomic.load (i32.const 32)) (i32.const 2))))
      (loop $again
        ;; The same by comparing and exchanging.
        (loop $retry
          (local.set $seen (i32.atomic.load (i32.const 0)))
          (br_if $retry (i32.ne (local.get $seen)
            (i32.atomic.rmw.cmpxchg (i32.const 0) (local.get $seen)
              (i32.add (local.get $seen) (i32.const 1))))))
        (drop (i32.atomic.rmw8.sub_u (i32.const 11) (i32.const 1)))
        (drop (i64.atomic.rmw.xor (i32.const 16) (i64.const 0x5555_5555)))
        (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))
  (assert_return (invoke "count" (i32.const 200_000))))

(wait $a)
(wait $b)
(register "mem" $Mem)
(module
  (memory (import "mem" "shared") 1 4 shared)
  (func (export "get") (param i32) (result i64) (i64.load (local.get 0))))
(assert_return (invoke "get" (i32.const 0)) (i64.const 400_000))
;; 400000 modulo 256 is 128: so is the byte at 11 then, and its neighbours are 0.
(assert_return (invoke "get" (i32.const 8)) (i64.const 0x8000_0000))
(assert_return (invoke "get" (i32.const 16)) (i64.const 0))
