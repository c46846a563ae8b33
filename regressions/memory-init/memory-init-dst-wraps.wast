;;! [bug]
;;! id = "memory-init-dst-wraps"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.init"
;;! expect = "trap: dst + len is a sum without wrapping"

;; With a 32-bit sum dst + len comes round to a small number, passes the check, and the host writes 4 GiB
;; behind the memory's start or panics.
;;
;; Red when: runtime/src/memory.rs: `range` adds in wrapping 32-bit arithmetic. The host itself faults.

(module
  (memory 1)
  (data "abcdefgh")
  (func (export "init") (param $dst i32) (param $len i32)
    (memory.init 0 (local.get $dst) (i32.const 0) (local.get $len)))
  (func (export "word") (param $at i32) (result i32) (i32.load (local.get $at))))

(assert_trap (invoke "init" (i32.const 0xffff_ffff) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0xffff_fffc) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0xffff_fffc) (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 0xffff_fff9) (i32.const 8)) "out of bounds memory access")

;; The bytes at the start of the memory are where a wrapped copy would end.
(assert_return (invoke "word" (i32.const 0)) (i32.const 0))
(assert_return (invoke "word" (i32.const 65532)) (i32.const 0))
