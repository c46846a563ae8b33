;;! [bug]
;;! id = "memory-init-len-unsigned"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasm-micro-runtime#2797"
;;! expect = "trap: len is unsigned, so -1 means 4294967295 bytes"

;; An engine that takes len for a signed number computes src + len = 3, which is within the segment, and then
;; copies 4 GiB.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_init` adds len to src as a signed number; the host
;; panics.

(module
  (memory 1)
  (data "abcdefgh")
  (func (export "reported") (memory.init 0 (i32.const 32768) (i32.const 4) (i32.const -1)))
  (func (export "init") (param $dst i32) (param $src i32) (param $len i32)
    (memory.init 0 (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "word") (param $at i32) (result i32) (i32.load (local.get $at))))

(assert_trap (invoke "reported") "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 32768) (i32.const 4) (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 32768) (i32.const 8) (i32.const -8)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0) (i32.const 0) (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0) (i32.const 0) (i32.const 0x8000_0000)) "out of bounds memory access")
(assert_return (invoke "word" (i32.const 32768)) (i32.const 0))
(assert_return (invoke "word" (i32.const 0)) (i32.const 0))
