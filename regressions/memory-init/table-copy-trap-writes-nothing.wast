;;! [bug]
;;! id = "table-copy-trap-writes-nothing"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.copy"
;;! expect = "trap, and no element of the table has changed"

;; An engine that copies as many elements as fit, or checks each element on its own, leaves a part of the
;; range behind.
;;
;; Red when: runtime/src/table.rs: `StoreInner::table_copy` copies what fits before it reports that not all
;; does.

(module
  (table $table 4 externref)
  (func (export "set") (param $at i32) (param $value externref)
    (table.set $table (local.get $at) (local.get $value)))
  (func (export "get") (param $at i32) (result externref) (table.get $table (local.get $at)))
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (table.copy $table $table (local.get $dst) (local.get $src) (local.get $len))))

(assert_return (invoke "set" (i32.const 0) (ref.extern 10)))
(assert_return (invoke "set" (i32.const 1) (ref.extern 11)))
(assert_return (invoke "set" (i32.const 2) (ref.extern 12)))
(assert_return (invoke "set" (i32.const 3) (ref.extern 13)))

(assert_trap (invoke "copy" (i32.const 2) (i32.const 0) (i32.const 3)) "out of bounds table access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 2) (i32.const 3)) "out of bounds table access")
(assert_trap (invoke "copy" (i32.const 3) (i32.const 2) (i32.const 2)) "out of bounds table access")

(assert_return (invoke "get" (i32.const 0)) (ref.extern 10))
(assert_return (invoke "get" (i32.const 1)) (ref.extern 11))
(assert_return (invoke "get" (i32.const 2)) (ref.extern 12))
(assert_return (invoke "get" (i32.const 3)) (ref.extern 13))
