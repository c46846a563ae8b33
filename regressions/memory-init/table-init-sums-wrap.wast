;;! [bug]
;;! id = "table-init-sums-wrap"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.init"
;;! expect = "trap: src + len and dst + len are sums without wrapping, and len is unsigned"

;; With 32-bit sums an index or a length near 2^32 comes round to a small number and passes the check.
;;
;; Red when: runtime/src/table.rs: `StoreInner::table_init` adds src and len in wrapping 32-bit arithmetic;
;; the host panics. If `TableData::range` does, the host itself faults.

(module
  (table 4 funcref)
  (func $one (result i32) (i32.const 1))
  (elem $segment func $one $one)
  (func (export "init") (param $dst i32) (param $src i32) (param $len i32)
    (table.init $segment (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "is-null") (param $at i32) (result i32) (ref.is_null (table.get (local.get $at)))))

(assert_trap (invoke "init" (i32.const 0) (i32.const 0xffff_ffff) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 0) (i32.const 0xffff_ffff) (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 0xffff_ffff) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 0xffff_ffff) (i32.const 0) (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 1) (i32.const 1) (i32.const -1)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 0) (i32.const 0) (i32.const -1)) "out of bounds table access")
(assert_return (invoke "is-null" (i32.const 0)) (i32.const 1))
(assert_return (invoke "is-null" (i32.const 1)) (i32.const 1))
