;;! threads = true
;;! [bug]
;;! id = "growth-seen-by-other-thread"
;;! layer = "runtime and translate"
;;! source = "threads proposal, memory.grow and memory.size of shared memories"
;;! expect = "what one thread has grown the other can see and use, also one that looks at nothing but the size"

;; The size of a shared memory is not a property of a store, and not invariant in a loop. A copy of it in each
;; store, or a size that is loaded once before the loop, leaves one of these threads behind.
;;
;; Red when: compiler/src/translate/memory.rs: `memory_size` of a shared memory uses a plain load (at `--opt
;; speed`; `until-size` then times out).

(module $Mem (memory (export "shared") 1 4 shared))

(register "mem" $Mem)
(module $Script
  (memory (import "mem" "shared") 1 4 shared)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "size") (result i32) (memory.size))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  ;; Looks at the size once before the loop, so that there is something to be kept.
  (func (export "until-size") (param $pages i32)
    (if (i32.ne (memory.size) (local.get $pages))
      (then (loop $again (br_if $again (i32.ne (memory.size) (local.get $pages)))))))
  (func (export "tell") (param $at i32) (i32.atomic.store (local.get $at) (i32.const 1)))
  (func (export "until-told") (param $at i32)
    (loop $again (br_if $again (i32.eqz (i32.atomic.load (local.get $at)))))))

(assert_trap (invoke "load" (i32.const 65536)) "out of bounds memory access")

(thread $other (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 4 shared)
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "size") (result i32) (memory.size))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "tell") (param $at i32) (i32.atomic.store (local.get $at) (i32.const 1)))
    (func (export "until-told") (param $at i32)
      (loop $again (br_if $again (i32.eqz (i32.atomic.load (local.get $at))))))
    (func (export "until-size") (param $pages i32)
      (if (i32.ne (memory.size) (local.get $pages))
        (then (loop $again (br_if $again (i32.ne (memory.size) (local.get $pages))))))))

  ;; This thread's own growth, which the script waits for by the size alone.
  (assert_return (invoke "grow" (i32.const 1)) (i32.const 1))
  (assert_return (invoke "store" (i32.const 131068) (i32.const 42)))
  ;; The script's growth.
  (assert_return (invoke "until-told" (i32.const 0)))
  (assert_return (invoke "size") (i32.const 3))
  (assert_return (invoke "load" (i32.const 196604)) (i32.const 0))
  (assert_return (invoke "store" (i32.const 196604) (i32.const 43)))
  (assert_trap (invoke "load" (i32.const 196608)) "out of bounds memory access")
  (assert_return (invoke "tell" (i32.const 4)))
  (assert_return (invoke "until-size" (i32.const 4)))
  (assert_return (invoke "grow" (i32.const 1)) (i32.const -1)))

(assert_return (invoke "until-size" (i32.const 2)))
(assert_return (invoke "load" (i32.const 65536)) (i32.const 0))
(assert_return (invoke "grow" (i32.const 1)) (i32.const 2))
(assert_return (invoke "tell" (i32.const 0)))
(assert_return (invoke "until-told" (i32.const 4)))
(assert_return (invoke "grow" (i32.const 1)) (i32.const 3))
(wait $other)
(assert_return (invoke "size") (i32.const 4))
(assert_return (invoke "load" (i32.const 131068)) (i32.const 42))
(assert_return (invoke "load" (i32.const 196604)) (i32.const 43))
(assert_return (invoke "grow" (i32.const 1)) (i32.const -1))
