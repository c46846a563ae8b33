;;! [bug]
;;! id = "table-init-wrong-table"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.init"
;;! expect = "the named table is written and its size is the bound"

;; An engine that always uses table 0, or confuses the table's index with the segment's, writes to the wrong
;; table.
;;
;; Red when: runtime/src/builtins/table.rs: `table_init` always takes table 0.

(module
  (table $two 2 funcref)
  (table $four 4 funcref)
  (func $one (result i32) (i32.const 1))
  (elem $segment func $one)
  (func (export "init-two") (param $dst i32)
    (table.init $two $segment (local.get $dst) (i32.const 0) (i32.const 1)))
  (func (export "init-four") (param $dst i32)
    (table.init $four $segment (local.get $dst) (i32.const 0) (i32.const 1)))
  (func (export "call-two") (param $at i32) (result i32) (call_indirect $two (result i32) (local.get $at)))
  (func (export "call-four") (param $at i32) (result i32) (call_indirect $four (result i32) (local.get $at))))

(assert_return (invoke "init-four" (i32.const 1)))
(assert_return (invoke "call-four" (i32.const 1)) (i32.const 1))
(assert_trap (invoke "call-two" (i32.const 1)) "uninitialized element")
(assert_return (invoke "init-two" (i32.const 0)))
(assert_return (invoke "call-two" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "call-four" (i32.const 0)) "uninitialized element")

(assert_return (invoke "init-four" (i32.const 3)))
(assert_trap (invoke "init-two" (i32.const 3)) "out of bounds table access")
(assert_trap (invoke "init-four" (i32.const 4)) "out of bounds table access")
