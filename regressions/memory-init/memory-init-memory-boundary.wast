;;! [bug]
;;! id = "memory-init-memory-boundary"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.init"
;;! expect = "dst + len may equal the memory's size, and one more traps"

;; A bound that is one too large writes behind the memory: into the guard, or into data that the host keeps
;; there. The host faults at a place where no trap is expected.
;;
;; Red when: runtime/src/memory.rs: `range` wants the end below the memory's size. With a bound one too large
;; there, the host itself faults.

(module
  (memory 1)
  (data "abcd")
  (func (export "init") (param $dst i32) (param $len i32)
    (memory.init 0 (local.get $dst) (i32.const 0) (local.get $len)))
  (func (export "word") (param $at i32) (result i32) (i32.load (local.get $at))))

(assert_return (invoke "init" (i32.const 65532) (i32.const 4)))
(assert_return (invoke "word" (i32.const 65532)) (i32.const 0x6463_6261))
(assert_trap (invoke "init" (i32.const 65533) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 65536) (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "word" (i32.const 65532)) (i32.const 0x6463_6261))
