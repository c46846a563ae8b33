;;! [bug]
;;! id = "table-init-trap-writes-nothing"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.init"
;;! expect = "trap, and no element of the table has changed"

;; An engine that copies as many elements as fit, or checks each element on its own, leaves a part of the
;; segment behind.
;;
;; Red when: runtime/src/table.rs: `StoreInner::table_init` copies what fits before it reports that not all
;; does.

(module
  (table 4 funcref)
  (func $one (result i32) (i32.const 1))
  (elem $segment func $one $one $one)
  (func (export "init") (param $dst i32) (param $src i32) (param $len i32)
    (table.init $segment (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "nulls") (result i32)
    (i32.add
      (i32.add (ref.is_null (table.get (i32.const 0))) (ref.is_null (table.get (i32.const 1))))
      (i32.add (ref.is_null (table.get (i32.const 2))) (ref.is_null (table.get (i32.const 3)))))))

(assert_trap (invoke "init" (i32.const 2) (i32.const 0) (i32.const 3)) "out of bounds table access")
(assert_return (invoke "nulls") (i32.const 4))
(assert_trap (invoke "init" (i32.const 0) (i32.const 1) (i32.const 3)) "out of bounds table access")
(assert_return (invoke "nulls") (i32.const 4))
(assert_return (invoke "init" (i32.const 1) (i32.const 0) (i32.const 3)))
(assert_return (invoke "nulls") (i32.const 1))
