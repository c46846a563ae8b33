;;! [bug]
;;! id = "memory-copy-zero-len"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.copy"
;;! expect = "for len 0 both addresses may be the memory's size, and trap beyond it"

;; An engine that returns early because there is nothing to copy misses both traps.
;;
;; Red when: runtime/src/builtins/memory.rs: `memory_copy` returns early when len is 0.

(module
  (memory 1)
  (func (export "copy") (param $dst i32) (param $src i32)
    (memory.copy (local.get $dst) (local.get $src) (i32.const 0))))

(assert_return (invoke "copy" (i32.const 65536) (i32.const 65536)))
(assert_trap (invoke "copy" (i32.const 65537) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 65537)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0xffff_ffff) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 0xffff_ffff)) "out of bounds memory access")
