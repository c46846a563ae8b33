;;! [bug]
;;! id = "memory-init-src-wraps"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.init"
;;! expect = "trap: src + len is a sum without wrapping"

;; With a 32-bit sum src + len comes round to a small number, passes the check, and the host reads far in
;; front of the segment's bytes or panics.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_init` adds src and len in wrapping 32-bit arithmetic;
;; the host panics.

(module
  (memory 1)
  (data "abcd")
  (func (export "init") (param $src i32) (param $len i32)
    (memory.init 0 (i32.const 0) (local.get $src) (local.get $len)))
  (func (export "word") (result i32) (i32.load (i32.const 0))))

(assert_trap (invoke "init" (i32.const 0xffff_ffff) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0xffff_ffff) (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0xffff_fffc) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0xffff_fffe) (i32.const 6)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0x8000_0000) (i32.const 0x8000_0000)) "out of bounds memory access")
(assert_return (invoke "word") (i32.const 0))
