;;! [bug]
;;! id = "table-copy-zero-len"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.copy"
;;! expect = "for len 0 both indices may be the table's size, and trap beyond it"

;; An engine that returns early because there is nothing to copy misses both traps.
;;
;; Red when: runtime/src/builtins/table.rs: `table_copy` returns early when len is 0.

(module
  (table 4 funcref)
  (func (export "copy") (param $dst i32) (param $src i32)
    (table.copy (local.get $dst) (local.get $src) (i32.const 0))))

(assert_return (invoke "copy" (i32.const 4) (i32.const 4)))
(assert_trap (invoke "copy" (i32.const 5) (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 5)) "out of bounds table access")
(assert_trap (invoke "copy" (i32.const 0xffff_ffff) (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 0xffff_ffff)) "out of bounds table access")
