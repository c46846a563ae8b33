;;! [bug]
;;! id = "memory-init-after-drop"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#7779"
;;! expect = "trap: after data.drop the segment has 0 bytes"

;; A data.drop without effect lets memory.init go on reading the segment.
;;
;; Red when: runtime/src/builtins/memory.rs: `data_drop` does nothing.

(module
  (memory 1)
  (data "abcd")
  (func (export "drop") (data.drop 0))
  (func (export "init") (param $dst i32) (param $src i32) (param $len i32)
    (memory.init 0 (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "byte") (param $at i32) (result i32) (i32.load8_u (local.get $at))))

(assert_return (invoke "init" (i32.const 0) (i32.const 0) (i32.const 4)))
(assert_return (invoke "drop"))
(assert_trap (invoke "init" (i32.const 8) (i32.const 0) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 8) (i32.const 3) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 8) (i32.const 1) (i32.const 0)) "out of bounds memory access")

;; What was written before stays, and nothing was written after.
(assert_return (invoke "byte" (i32.const 3)) (i32.const 0x64))
(assert_return (invoke "byte" (i32.const 8)) (i32.const 0))
