;;! [bug]
;;! id = "memory-init-zero-len-past-memory"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.init"
;;! expect = "trap: dst is checked for len 0 as well"

;; An engine that checks the segment and then returns early, since nothing would be written, misses that dst
;; lies beyond the memory.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_init` returns when len is 0, after its check of the
;; segment.

(module
  (memory 1)
  (data "abc")
  (func (export "init") (param $dst i32) (param $src i32)
    (memory.init 0 (local.get $dst) (local.get $src) (i32.const 0))))

(assert_trap (invoke "init" (i32.const 65537) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 65537) (i32.const 3)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0x8000_0000) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0xffff_ffff) (i32.const 0)) "out of bounds memory access")

(module
  (memory 0)
  (data "abc")
  (func (export "init") (memory.init 0 (i32.const 1) (i32.const 0) (i32.const 0))))

(assert_trap (invoke "init") "out of bounds memory access")
