;;! [bug]
;;! id = "memory-init-zero-len-past-segment"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#7779, bytecodealliance/wasm-micro-runtime#3020"
;;! expect = "trap: src is checked for len 0 as well"

;; An engine that returns early because there is nothing to copy misses that src lies beyond the segment.
;;
;; Red when: runtime/src/builtins/memory.rs: `memory_init` returns early when len is 0.

(module
  (memory 1)
  (data "8 bytes.")
  (data "")
  (func (export "eight") (param $src i32) (memory.init 0 (i32.const 0) (local.get $src) (i32.const 0)))
  (func (export "empty") (param $src i32) (memory.init 1 (i32.const 0) (local.get $src) (i32.const 0)))
  (func (export "constant") (memory.init 0 (i32.const 0) (i32.const 9) (i32.const 0))))

(assert_return (invoke "eight" (i32.const 8)))
(assert_trap (invoke "eight" (i32.const 9)) "out of bounds memory access")
(assert_trap (invoke "eight" (i32.const 0x8000_0000)) "out of bounds memory access")
(assert_trap (invoke "eight" (i32.const 0xffff_ffff)) "out of bounds memory access")
(assert_return (invoke "empty" (i32.const 0)))
(assert_trap (invoke "empty" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "constant") "out of bounds memory access")
