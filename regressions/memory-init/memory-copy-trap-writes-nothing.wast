;;! [bug]
;;! id = "memory-copy-trap-writes-nothing"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.copy; wasmtime tests/misc_testsuite/memory-copy.wast"
;;! expect = "trap, and no byte of the memory has changed"

;; An engine that copies as much as fits, or copies byte by byte and traps on the way, leaves a part of the
;; range behind.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_copy` copies what fits before it reports that not all
;; does.

(module
  (memory 1)
  (data (i32.const 0) "abcdefgh")
  (data (i32.const 65528) "ABCDEFGH")
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "constant") (memory.copy (i32.const 65530) (i32.const 0) (i32.const 8)))
  (func (export "doubleword") (param $at i32) (result i64) (i64.load (local.get $at))))

;; The destination ends beyond the memory.
(assert_trap (invoke "copy" (i32.const 65530) (i32.const 0) (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "constant") "out of bounds memory access")
(assert_return (invoke "doubleword" (i32.const 65528)) (i64.const 0x4847_4645_4443_4241))

;; The source ends beyond the memory.
(assert_trap (invoke "copy" (i32.const 0) (i32.const 65530) (i32.const 8)) "out of bounds memory access")
(assert_return (invoke "doubleword" (i32.const 0)) (i64.const 0x6867_6665_6463_6261))

;; Both do, once copying upwards and once downwards.
(assert_trap (invoke "copy" (i32.const 65530) (i32.const 65529) (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 65529) (i32.const 65530) (i32.const 8)) "out of bounds memory access")
(assert_return (invoke "doubleword" (i32.const 65528)) (i64.const 0x4847_4645_4443_4241))
