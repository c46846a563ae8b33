;;! [bug]
;;! id = "table-fill-wrong-table"
;;! layer = "runtime"
;;! source = "CVE-2026-34946"
;;! expect = "the named, defined table is filled, not the imported table 0"

;; An engine that takes the index among defined tables for the index among all tables fills the imported
;; table, and checks against its size.
;;
;; Red when: runtime/src/builtins/table.rs: `table_fill` takes the place of a table among the defined ones for
;; its index.

(module $owner
  (table (export "table") 2 externref)
  (func (export "get") (param $at i32) (result externref) (table.get 0 (local.get $at))))
(register "owner" $owner)

(module
  (table $imported (import "owner" "table") 2 externref)
  (table $defined 4 externref)
  (func (export "get") (param $at i32) (result externref) (table.get $defined (local.get $at)))
  (func (export "fill") (param $dst i32) (param $value externref) (param $len i32)
    (table.fill $defined (local.get $dst) (local.get $value) (local.get $len)))
  (func (export "fill-imported") (param $dst i32) (param $value externref) (param $len i32)
    (table.fill $imported (local.get $dst) (local.get $value) (local.get $len))))

(assert_return (invoke "fill" (i32.const 0) (ref.extern 7) (i32.const 4)))
(assert_return (invoke $owner "get" (i32.const 0)) (ref.null extern))
(assert_return (invoke "get" (i32.const 0)) (ref.extern 7))
(assert_return (invoke "get" (i32.const 3)) (ref.extern 7))
(assert_trap (invoke "fill" (i32.const 0) (ref.extern 8) (i32.const 5)) "out of bounds table access")

(assert_return (invoke "fill-imported" (i32.const 0) (ref.extern 9) (i32.const 2)))
(assert_return (invoke $owner "get" (i32.const 1)) (ref.extern 9))
(assert_return (invoke "get" (i32.const 1)) (ref.extern 7))
(assert_trap (invoke "fill-imported" (i32.const 0) (ref.extern 9) (i32.const 3)) "out of bounds table access")
