;;! [bug]
;;! id = "memory-copy-boundary"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.copy"
;;! expect = "src + len and dst + len may equal the memory's size, and one more traps"

;; A bound that is one too small refuses the memory's last byte.
;;
;; Red when: runtime/src/memory.rs: `range` wants the end below the memory's size. With a bound one too large
;; there, the host itself faults.

(module
  (memory 1)
  (data (i32.const 0) "abcd")
  (data (i32.const 65535) "Z")
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "byte") (param $at i32) (result i32) (i32.load8_u (local.get $at))))

(assert_return (invoke "copy" (i32.const 8) (i32.const 65535) (i32.const 1)))
(assert_return (invoke "byte" (i32.const 8)) (i32.const 0x5a))
(assert_return (invoke "copy" (i32.const 65532) (i32.const 0) (i32.const 4)))
(assert_return (invoke "byte" (i32.const 65535)) (i32.const 0x64))
(assert_return (invoke "copy" (i32.const 0) (i32.const 0) (i32.const 65536)))
(assert_trap (invoke "copy" (i32.const 65533) (i32.const 0) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 65533) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 0) (i32.const 65537)) "out of bounds memory access")
