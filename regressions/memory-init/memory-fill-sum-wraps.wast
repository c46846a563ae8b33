;;! [bug]
;;! id = "memory-fill-sum-wraps"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.fill"
;;! expect = "trap: dst + len is a sum without wrapping, and len is unsigned"

;; With a 32-bit sum dst + len comes round to a small number, and the host fills memory that is not its own.
;;
;; Red when: runtime/src/memory.rs: `range` adds in wrapping 32-bit arithmetic. The host itself faults.

(module
  (memory 1)
  (func (export "fill") (param $dst i32) (param $len i32)
    (memory.fill (local.get $dst) (i32.const 0xee) (local.get $len)))
  (func (export "byte") (param $at i32) (result i32) (i32.load8_u (local.get $at))))

(assert_trap (invoke "fill" (i32.const 0xffff_ffff) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 0xffff_fff0) (i32.const 0x20)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 1) (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 32768) (i32.const -32768)) "out of bounds memory access")
(assert_return (invoke "byte" (i32.const 0)) (i32.const 0))
(assert_return (invoke "byte" (i32.const 1)) (i32.const 0))
(assert_return (invoke "byte" (i32.const 32768)) (i32.const 0))
