;;! [bug]
;;! id = "table-fill-sum-wraps"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.fill"
;;! expect = "trap: dst + len is a sum without wrapping, and len is unsigned"

;; With a 32-bit sum dst + len comes round to a small number, and the host fills memory that is not its own.
;;
;; Red when: runtime/src/table.rs: `TableData::range` adds in wrapping 32-bit arithmetic. The host itself
;; faults.

(module
  (table $table 4 externref)
  (func (export "get") (param $at i32) (result externref) (table.get $table (local.get $at)))
  (func (export "fill") (param $dst i32) (param $value externref) (param $len i32)
    (table.fill $table (local.get $dst) (local.get $value) (local.get $len))))

(assert_trap (invoke "fill" (i32.const 0xffff_ffff) (ref.extern 7) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "fill" (i32.const 0xffff_ffff) (ref.extern 7) (i32.const 3)) "out of bounds table access")
(assert_trap (invoke "fill" (i32.const 1) (ref.extern 7) (i32.const -1)) "out of bounds table access")
(assert_trap (invoke "fill" (i32.const 2) (ref.extern 7) (i32.const -2)) "out of bounds table access")
(assert_return (invoke "get" (i32.const 0)) (ref.null extern))
(assert_return (invoke "get" (i32.const 1)) (ref.null extern))
(assert_return (invoke "get" (i32.const 2)) (ref.null extern))
