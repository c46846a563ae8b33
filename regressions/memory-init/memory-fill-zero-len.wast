;;! [bug]
;;! id = "memory-fill-zero-len"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.fill"
;;! expect = "for len 0 dst may be the memory's size, and traps beyond it"

;; An engine that returns early because there is nothing to fill misses the trap.
;;
;; Red when: runtime/src/builtins/memory.rs: `memory_fill` returns early when len is 0.

(module
  (memory 1)
  (func (export "fill") (param $dst i32) (memory.fill (local.get $dst) (i32.const 1) (i32.const 0))))

(assert_return (invoke "fill" (i32.const 65536)))
(assert_trap (invoke "fill" (i32.const 65537)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 0xffff_ffff)) "out of bounds memory access")
