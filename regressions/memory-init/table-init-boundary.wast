;;! [bug]
;;! id = "table-init-boundary"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.init"
;;! expect = "src + len and dst + len may equal the lengths of segment and table, and one more traps"

;; A bound that is one too small refuses the last element of the table or of the segment.
;;
;; Red when: runtime/src/table.rs: `TableData::range` wants the end below the table's size, or lets it be one
;; larger; or `StoreInner::table_init` wants the end below the segment's length.

(module
  (table 4 funcref)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (elem $segment func $one $two)
  (func (export "init") (param $dst i32) (param $src i32) (param $len i32)
    (table.init $segment (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at))))

(assert_return (invoke "init" (i32.const 2) (i32.const 0) (i32.const 2)))
(assert_return (invoke "call" (i32.const 2)) (i32.const 1))
(assert_return (invoke "call" (i32.const 3)) (i32.const 2))
(assert_return (invoke "init" (i32.const 0) (i32.const 1) (i32.const 1)))
(assert_return (invoke "call" (i32.const 0)) (i32.const 2))
(assert_trap (invoke "init" (i32.const 0) (i32.const 1) (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 3) (i32.const 0) (i32.const 2)) "out of bounds table access")
