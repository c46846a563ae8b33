;;! [bug]
;;! id = "table-init-after-grow"
;;! layer = "runtime"
;;! source = "wasmi-labs/wasmi#1837"
;;! expect = "bounds are those of the table as it is now, and old elements stay"

;; A bound or an address of the elements that is older than table.grow refuses the new elements or writes to
;; the old place.
;;
;; Red when: runtime/src/builtins/table.rs: `table_init` compares with the size that the table's type
;; declares.

(module
  (table 1 200 funcref)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (elem (i32.const 0) func $one)
  (elem $segment func $two)
  (func (export "grow-then-init") (param $by i32) (result i32)
    (local $old i32)
    (local.set $old (table.grow (ref.null func) (local.get $by)))
    (table.init $segment (i32.sub (table.size) (i32.const 1)) (i32.const 0) (i32.const 1))
    (local.get $old))
  (func (export "init") (param $dst i32)
    (table.init $segment (local.get $dst) (i32.const 0) (i32.const 1)))
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at))))

(assert_trap (invoke "init" (i32.const 1)) "out of bounds table access")
(assert_return (invoke "grow-then-init" (i32.const 1)) (i32.const 1))
(assert_return (invoke "call" (i32.const 0)) (i32.const 1))
(assert_return (invoke "call" (i32.const 1)) (i32.const 2))
(assert_return (invoke "grow-then-init" (i32.const 198)) (i32.const 2))
(assert_return (invoke "call" (i32.const 0)) (i32.const 1))
(assert_return (invoke "call" (i32.const 199)) (i32.const 2))
(assert_trap (invoke "init" (i32.const 200)) "out of bounds table access")
