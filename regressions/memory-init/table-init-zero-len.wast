;;! [bug]
;;! id = "table-init-zero-len"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.init"
;;! expect = "for len 0 src may be the segment's length and dst the table's size; beyond them is a trap"

;; An engine that returns early because there is nothing to copy misses both traps.
;;
;; Red when: runtime/src/builtins/table.rs: `table_init` returns early when len is 0.

(module
  (table 4 funcref)
  (elem func 0 0)
  (func)
  (func (export "init") (param $dst i32) (param $src i32)
    (table.init 0 (local.get $dst) (local.get $src) (i32.const 0))))

(assert_return (invoke "init" (i32.const 4) (i32.const 2)))
(assert_trap (invoke "init" (i32.const 0) (i32.const 3)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 5) (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 0) (i32.const 0xffff_ffff)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 0xffff_ffff) (i32.const 0)) "out of bounds table access")
