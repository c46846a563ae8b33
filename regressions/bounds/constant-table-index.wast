;;! memory64 = true
;;! [bug]
;;! id = "constant-table-index"
;;! layer = "translate"
;;! source = "WebAssembly core specification 3.0, table instructions; elided bounds checks"
;;! expect = "a constant index is within bounds if it is below the table's size"

;; Red when: compiler/src/translate/bounds.rs: `table_slot` takes the index that equals the minimum for known.

(module $exporter
  (table (export "table") 5 funcref))
(register "exporter" $exporter)

(module
  (import "exporter" "table" (table $imported 3 funcref))
  (table $own 2 4 funcref)
  (table $wide i64 1 funcref)
  (elem (table $own) (i32.const 1) func $one)
  (type $t (func (result i32)))
  (func $one (result i32) (i32.const 1))
  (func (export "get-last") (result i32) (ref.is_null (table.get $own (i32.const 1))))
  (func (export "get-beyond") (result i32) (ref.is_null (table.get $own (i32.const 2))))
  (func (export "set-beyond") (table.set $own (i32.const 2) (ref.func $one)))
  (func (export "call-last") (result i32) (call_indirect $own (type $t) (i32.const 1)))
  (func (export "call-beyond") (result i32) (call_indirect $own (type $t) (i32.const 2)))
  (func (export "call-null") (result i32) (call_indirect $own (type $t) (i32.const 0)))
  (func (export "imported-last") (result i32) (ref.is_null (table.get $imported (i32.const 4))))
  (func (export "imported-beyond") (result i32) (ref.is_null (table.get $imported (i32.const 5))))
  (func (export "wide-last") (result i32) (ref.is_null (table.get $wide (i64.const 0))))
  (func (export "wide-beyond") (result i32) (ref.is_null (table.get $wide (i64.const 1))))
  (func (export "wide-end") (result i32) (ref.is_null (table.get $wide (i64.const -1))))
  (func (export "wide-32") (result i32) (ref.is_null (table.get $wide (i64.const 0x1_0000_0000))))
  (func (export "grow") (result i32) (table.grow $own (ref.null func) (i32.const 1))))

(assert_return (invoke "get-last") (i32.const 0))
(assert_trap (invoke "get-beyond") "out of bounds table access")
(assert_trap (invoke "set-beyond") "out of bounds table access")
(assert_return (invoke "call-last") (i32.const 1))
(assert_trap (invoke "call-beyond") "undefined element")
(assert_trap (invoke "call-null") "uninitialized element")
(assert_return (invoke "imported-last") (i32.const 1))
(assert_trap (invoke "imported-beyond") "out of bounds table access")
(assert_return (invoke "wide-last") (i32.const 1))
(assert_trap (invoke "wide-beyond") "out of bounds table access")
(assert_trap (invoke "wide-end") "out of bounds table access")
(assert_trap (invoke "wide-32") "out of bounds table access")
(assert_return (invoke "grow") (i32.const 2))
(assert_return (invoke "get-beyond") (i32.const 1))
(assert_return (invoke "set-beyond"))
(assert_return (invoke "call-beyond") (i32.const 1))
