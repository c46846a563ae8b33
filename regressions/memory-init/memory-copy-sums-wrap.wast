;;! [bug]
;;! id = "memory-copy-sums-wrap"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.copy"
;;! expect = "trap: src + len and dst + len are sums without wrapping"

;; With 32-bit sums an address or a length near 2^32 comes round to a small number and passes the check.
;;
;; Red when: runtime/src/memory.rs: `range` adds in wrapping 32-bit arithmetic. The host itself faults.

(module
  (memory 1)
  (data (i32.const 0) "abcd")
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "word") (param $at i32) (result i32) (i32.load (local.get $at))))

;; dst
(assert_trap (invoke "copy" (i32.const 0xffff_ffff) (i32.const 0) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0xffff_fffe) (i32.const 0) (i32.const 4)) "out of bounds memory access")

;; src
(assert_trap (invoke "copy" (i32.const 0) (i32.const 0xffff_ffff) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 8) (i32.const 0xffff_fffe) (i32.const 4)) "out of bounds memory access")

;; len
(assert_trap (invoke "copy" (i32.const 8) (i32.const 4) (i32.const -4)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 1) (i32.const 1) (i32.const -1)) "out of bounds memory access")

(assert_return (invoke "word" (i32.const 0)) (i32.const 0x6463_6261))
(assert_return (invoke "word" (i32.const 8)) (i32.const 0))
