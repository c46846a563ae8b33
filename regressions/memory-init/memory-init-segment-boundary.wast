;;! [bug]
;;! id = "memory-init-segment-boundary"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.init"
;;! expect = "src + len may equal the segment's length, and one more traps"

;; A bound that is one too large copies the byte that happens to lie behind the segment.
;;
;; Red when: runtime/src/instance.rs: `data_bytes` ends where the bytes of all segments end, not where its own
;; do. With a bound one too large in runtime/src/memory.rs, `StoreInner::memory_init`, the host panics
;; instead.

(module
  (memory 1)
  (data "abcd")
  (data "X")
  (func (export "init") (param $dst i32) (param $src i32) (param $len i32)
    (memory.init 0 (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "word") (param $at i32) (result i32) (i32.load (local.get $at))))

(assert_return (invoke "init" (i32.const 0) (i32.const 0) (i32.const 4)))
(assert_return (invoke "word" (i32.const 0)) (i32.const 0x6463_6261))
(assert_return (invoke "init" (i32.const 8) (i32.const 3) (i32.const 1)))
(assert_return (invoke "word" (i32.const 8)) (i32.const 0x64))
(assert_trap (invoke "init" (i32.const 16) (i32.const 0) (i32.const 5)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 16) (i32.const 3) (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 16) (i32.const 4) (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "word" (i32.const 16)) (i32.const 0))
