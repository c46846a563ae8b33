;;! [bug]
;;! id = "table-copy-wrong-table"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.copy"
;;! expect = "from the second named table to the first, each with its own bound"

;; An engine that swaps the two tables, or takes one of them for both, copies the wrong elements and checks
;; against the wrong size.
;;
;; Red when: runtime/src/builtins/table.rs: `table_copy` swaps its two tables, or takes the first for both.

(module
  (table $small 2 externref)
  (table $large 4 externref)
  (func (export "set") (param $small externref) (param $large externref)
    (table.set $small (i32.const 0) (local.get $small))
    (table.set $large (i32.const 3) (local.get $large)))
  (func (export "small") (param $at i32) (result externref) (table.get $small (local.get $at)))
  (func (export "large") (param $at i32) (result externref) (table.get $large (local.get $at)))
  (func (export "large-to-small") (param $dst i32) (param $src i32)
    (table.copy $small $large (local.get $dst) (local.get $src) (i32.const 1)))
  (func (export "small-to-large") (param $dst i32) (param $src i32)
    (table.copy $large $small (local.get $dst) (local.get $src) (i32.const 1))))

(assert_return (invoke "set" (ref.extern 2) (ref.extern 4)))
(assert_return (invoke "large-to-small" (i32.const 1) (i32.const 3)))
(assert_return (invoke "small" (i32.const 1)) (ref.extern 4))
(assert_return (invoke "small-to-large" (i32.const 2) (i32.const 0)))
(assert_return (invoke "large" (i32.const 2)) (ref.extern 2))
(assert_return (invoke "small" (i32.const 0)) (ref.extern 2))
(assert_return (invoke "large" (i32.const 3)) (ref.extern 4))

(assert_trap (invoke "large-to-small" (i32.const 2) (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "small-to-large" (i32.const 0) (i32.const 2)) "out of bounds table access")
(assert_return (invoke "small-to-large" (i32.const 3) (i32.const 1)))
