;;! [bug]
;;! id = "table-fill-trap-writes-nothing"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.fill"
;;! expect = "trap, and no element of the table has changed"

;; An engine that fills as much as fits and traps at the end leaves filled elements behind.
;;
;; Red when: runtime/src/table.rs: `StoreInner::table_fill` fills what fits before it reports that not all
;; does.

(module
  (table $table 4 externref)
  (func (export "get") (param $at i32) (result externref) (table.get $table (local.get $at)))
  (func (export "fill") (param $dst i32) (param $value externref) (param $len i32)
    (table.fill $table (local.get $dst) (local.get $value) (local.get $len))))

(assert_trap (invoke "fill" (i32.const 2) (ref.extern 7) (i32.const 3)) "out of bounds table access")
(assert_return (invoke "get" (i32.const 2)) (ref.null extern))
(assert_return (invoke "get" (i32.const 3)) (ref.null extern))
(assert_trap (invoke "fill" (i32.const 0) (ref.extern 7) (i32.const 5)) "out of bounds table access")
(assert_return (invoke "get" (i32.const 0)) (ref.null extern))

;; Exactly up to the end is fine.
(assert_return (invoke "fill" (i32.const 2) (ref.extern 7) (i32.const 2)))
(assert_return (invoke "get" (i32.const 3)) (ref.extern 7))
