;;! [bug]
;;! id = "table-copy-sums-wrap"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.copy"
;;! expect = "trap: src + len and dst + len are sums without wrapping, and len is unsigned"

;; With 32-bit sums an index or a length near 2^32 comes round to a small number and passes the check.
;;
;; Red when: runtime/src/table.rs: `TableData::range` adds in wrapping 32-bit arithmetic. The host itself
;; faults.

(module
  (table $table 4 externref)
  (func (export "set") (param $at i32) (param $value externref)
    (table.set $table (local.get $at) (local.get $value)))
  (func (export "get") (param $at i32) (result externref) (table.get $table (local.get $at)))
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (table.copy $table $table (local.get $dst) (local.get $src) (local.get $len))))

(assert_return (invoke "set" (i32.const 0) (ref.extern 10)))
(assert_trap (invoke "copy" (i32.const 0xffff_ffff) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "copy" (i32.const 0xffff_ffff) (i32.const 0) (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 0xffff_ffff) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 0xffff_ffff) (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "copy" (i32.const 1) (i32.const 1) (i32.const -1)) "out of bounds table access")
(assert_return (invoke "get" (i32.const 0)) (ref.extern 10))
(assert_return (invoke "get" (i32.const 1)) (ref.null extern))
