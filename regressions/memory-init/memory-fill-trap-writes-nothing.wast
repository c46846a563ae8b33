;;! [bug]
;;! id = "memory-fill-trap-writes-nothing"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.fill"
;;! expect = "trap, and no byte of the memory has changed"

;; An engine that fills as much as fits and traps at the end leaves filled bytes behind.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_fill` fills what fits before it reports that not all
;; does.

(module
  (memory 1)
  (func (export "fill") (param $dst i32) (param $len i32)
    (memory.fill (local.get $dst) (i32.const 0xee) (local.get $len)))
  (func (export "constant") (memory.fill (i32.const 65530) (i32.const 0xee) (i32.const 8)))
  (func (export "doubleword") (param $at i32) (result i64) (i64.load (local.get $at))))

(assert_trap (invoke "fill" (i32.const 65530) (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "constant") "out of bounds memory access")
(assert_return (invoke "doubleword" (i32.const 65528)) (i64.const 0))
(assert_trap (invoke "fill" (i32.const 0) (i32.const 65537)) "out of bounds memory access")
(assert_return (invoke "doubleword" (i32.const 0)) (i64.const 0))
(assert_return (invoke "doubleword" (i32.const 65528)) (i64.const 0))

;; Exactly up to the end is fine.
(assert_return (invoke "fill" (i32.const 65528) (i32.const 8)))
(assert_return (invoke "doubleword" (i32.const 65528)) (i64.const 0xeeee_eeee_eeee_eeee))
