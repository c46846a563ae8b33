;;! [bug]
;;! id = "table-init-null-elements"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#4455"
;;! expect = "null elements of a segment overwrite what the table held"

;; An engine that takes a null element for an empty place panics, or skips it and leaves the old element.
;;
;; Red when: runtime/src/table.rs: `StoreInner::table_init` passes over null elements.

(module
  (table $table 4 funcref)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (elem (i32.const 0) func $one $one $one $one)
  (elem $mixed funcref (ref.null func) (ref.func $two) (ref.null func))
  (func (export "init") (table.init $mixed (i32.const 0) (i32.const 0) (i32.const 3)))
  (func (export "is-null") (param $at i32) (result i32) (ref.is_null (table.get (local.get $at))))
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at))))

(assert_return (invoke "call" (i32.const 0)) (i32.const 1))
(assert_return (invoke "init"))
(assert_return (invoke "is-null" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "call" (i32.const 0)) "uninitialized element")
(assert_return (invoke "call" (i32.const 1)) (i32.const 2))
(assert_return (invoke "is-null" (i32.const 2)) (i32.const 1))
(assert_return (invoke "call" (i32.const 3)) (i32.const 1))

;; The same in an active segment.
(module
  (table $table 3 funcref)
  (func $two (result i32) (i32.const 2))
  (elem (i32.const 0) func $two $two $two)
  (elem (table $table) (i32.const 0) funcref (ref.null func) (ref.func $two) (ref.null func))
  (func (export "is-null") (param $at i32) (result i32) (ref.is_null (table.get (local.get $at)))))

(assert_return (invoke "is-null" (i32.const 0)) (i32.const 1))
(assert_return (invoke "is-null" (i32.const 1)) (i32.const 0))
(assert_return (invoke "is-null" (i32.const 2)) (i32.const 1))
