;;! [bug]
;;! id = "memory-grown-by-call"
;;! layer = "translate"
;;! source = "wasmi's changelog, #1837; bytecodealliance/wasm-micro-runtime#3872"
;;! expect = "after a call that has grown the memory, base and size are the new ones, and the contents the old"

;; Base and size of a memory are worth keeping in registers, until a call. A stale base reads freed memory or
;; the old copy of it, a stale size traps in the new part.
;;
;; Red when: compiler/src/translate/bounds.rs: base and size of checked memories are loaded as if they never
;; changed (`--opt speed`).

(module $Other
  (memory (export "memory") 1 200)
  (data (i32.const 8) "\11\22\33\44\55\66\77\88")
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "set") (param i32 i64) (i64.store (local.get 0) (local.get 1))))
(register "other" $Other)

;; A memory of its own, which its own functions grow.
(module $Own
  (memory (export "memory") 1)
  (type $grower (func (param i32) (result i32)))
  (table funcref (elem $grow))
  (data (i32.const 8) "\11\22\33\44\55\66\77\88")
  (func $grow (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func $twice (param i32) (drop (call $grow (local.get 0))) (drop (call $grow (local.get 0))))
  (func (export "size") (result i32) (memory.size))

  ;; Loads before and after, of the old part and of the new one.
  (func (export "load") (result i64 i64 i64)
    (i64.load (i32.const 8))
    (drop (call $grow (i32.const 1)))
    (i64.load (i32.const 8))
    (i64.load (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 8))))
  (func (export "load-at") (param $at i32) (param $by i32) (result i64)
    (drop (i64.load (i32.const 0)))
    (drop (call $grow (local.get $by)))
    (i64.load (local.get $at)))
  ;; A store between growth and load, and one before it.
  (func (export "store-at") (param $at i32) (param $by i32) (param $value i64) (result i64 i64)
    (i64.store (i32.const 16) (local.get $value))
    (drop (call $grow (local.get $by)))
    (i64.store (local.get $at) (local.get $value))
    (i64.load (local.get $at))
    (i64.load (i32.const 16)))
  (func (export "indirectly") (param $at i32) (result i64)
    (drop (i64.load (i32.const 0)))
    (drop (call_indirect (type $grower) (i32.const 1) (i32.const 0)))
    (i64.load (local.get $at)))
  (func (export "deeper") (param $at i32) (result i64)
    (i64.store (i32.const 0) (i64.const 7))
    (call $twice (i32.const 1))
    (i64.add (i64.load (local.get $at)) (i64.load (i32.const 0))))
  ;; The instruction itself.
  (func (export "instruction") (param $at i32) (result i64 i64)
    (i64.store (i32.const 0) (i64.const 9))
    (drop (memory.grow (i32.const 1)))
    (i64.load (local.get $at))
    (i64.load (i32.const 0)))
  ;; In a loop, with the growth at its end and the access at its head.
  (func (export "loop") (param $n i32) (result i32)
    (local $sum i32)
    (loop $again
      ;; Writes to the last word and reads it back; then there is one page more.
      (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (local.get $n))
      (local.set $sum (i32.add (local.get $sum)
        (i32.load (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)))))
      (drop (call $grow (i32.const 1)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  ;; Growth in one arm only.
  (func (export "in-one-arm") (param $grow i32) (param $at i32) (result i64)
    (i64.store (i32.const 0) (i64.const 5))
    (if (local.get $grow) (then (drop (call $grow (i32.const 1)))))
    (i64.add (i64.load (local.get $at)) (i64.load (i32.const 0))))
  ;; The address is computed before the growth that makes it valid, and the value by the growth itself.
  (func (export "value-grows") (param $at i32)
    (i32.store (local.get $at) (call $grow (i32.const 1))))
  (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))

(assert_return (invoke "load")
  (i64.const 0x8877_6655_4433_2211) (i64.const 0x8877_6655_4433_2211) (i64.const 0))
(assert_return (invoke "size") (i32.const 2))
(assert_trap (invoke "load-at" (i32.const 196608) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "load-at" (i32.const 196601) (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "load-at" (i32.const 196608) (i32.const 1)) (i64.const 0))
(assert_return (invoke "store-at" (i32.const 327672) (i32.const 1) (i64.const 0x0102_0304_0506_0708))
  (i64.const 0x0102_0304_0506_0708) (i64.const 0x0102_0304_0506_0708))
(assert_return (invoke "size") (i32.const 5))
(assert_return (invoke "indirectly" (i32.const 327680)) (i64.const 0))
(assert_return (invoke "deeper" (i32.const 524280)) (i64.const 7))
(assert_return (invoke "instruction" (i32.const 524288)) (i64.const 0) (i64.const 9))
(assert_return (invoke "size") (i32.const 9))
(assert_return (invoke "loop" (i32.const 40)) (i32.const 820))
(assert_return (invoke "size") (i32.const 49))
(assert_trap (invoke "in-one-arm" (i32.const 0) (i32.const 3211264)) "out of bounds memory access")
(assert_return (invoke "in-one-arm" (i32.const 1) (i32.const 3211264)) (i64.const 5))
(assert_return (invoke "size") (i32.const 50))
(assert_return (invoke "value-grows" (i32.const 3276800)))
(assert_return (invoke "word" (i32.const 3276800)) (i32.const 50))
;; What was written page by page is still there.
(assert_return (invoke "word" (i32.const 589820)) (i32.const 40))
(assert_return (invoke "word" (i32.const 3145724)) (i32.const 1))

;; A memory of another instance, which grows it behind the back of the importing one.
(module
  (memory (import "other" "memory") 1 200)
  (func $grow (import "other" "grow") (param i32) (result i32))
  (func $set (import "other" "set") (param i32 i64))
  (func (export "load-at") (param $at i32) (param $by i32) (result i64 i64)
    (drop (i64.load (i32.const 0)))
    (drop (call $grow (local.get $by)))
    (i64.load (local.get $at))
    (i64.load (i32.const 8)))
  (func (export "written-there") (param $at i32) (param $value i64) (result i64)
    (drop (i64.load (i32.const 0)))
    (drop (call $grow (i32.const 1)))
    (call $set (local.get $at) (local.get $value))
    (i64.load (local.get $at)))
  (func (export "load") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "size") (result i32) (memory.size)))

(assert_trap (invoke "load-at" (i32.const 65536) (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "load-at" (i32.const 65536) (i32.const 1))
  (i64.const 0) (i64.const 0x8877_6655_4433_2211))
(assert_return (invoke "written-there" (i32.const 131072) (i64.const 77)) (i64.const 77))
(assert_return (invoke "size") (i32.const 3))
;; And between two calls of the host.
(assert_return (invoke $Other "grow" (i32.const 97)) (i32.const 3))
(assert_return (invoke "size") (i32.const 100))
(assert_return (invoke "load" (i32.const 6553592)) (i64.const 0))
(assert_trap (invoke "load" (i32.const 6553593)) "out of bounds memory access")
(assert_return (invoke "load" (i32.const 131072)) (i64.const 77))
