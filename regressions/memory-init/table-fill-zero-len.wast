;;! [bug]
;;! id = "table-fill-zero-len"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.fill"
;;! expect = "for len 0 dst may be the table's size, and traps beyond it"

;; An engine that returns early because there is nothing to fill misses the trap.
;;
;; Red when: runtime/src/builtins/table.rs: `table_fill` returns early when len is 0.

(module
  (table $table 4 externref)
  (func (export "fill") (param $dst i32)
    (table.fill $table (local.get $dst) (ref.null extern) (i32.const 0))))

(assert_return (invoke "fill" (i32.const 4)))
(assert_trap (invoke "fill" (i32.const 5)) "out of bounds table access")
(assert_trap (invoke "fill" (i32.const 0xffff_ffff)) "out of bounds table access")
