;;! [bug]
;;! id = "table-init-active-segment"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasm-micro-runtime#3021, bytecodealliance/wasm-micro-runtime#3023"
;;! expect = "trap: instantiation has dropped the active segment"

;; An engine that keeps an active element segment after instantiation copies from it, or finds src within it
;; for len 0, and does not trap.
;;
;; Red when: runtime/src/init.rs: `segments` does not drop active element segments.

(module
  (table 8 funcref)
  (func $seven (result i32) (i32.const 7))
  (elem (i32.const 4) func $seven $seven $seven)
  (func (export "init") (param $dst i32) (param $src i32) (param $len i32)
    (table.init 0 (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "is-null") (param $at i32) (result i32) (ref.is_null (table.get (local.get $at)))))

(assert_trap (invoke "init" (i32.const 0) (i32.const 2) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 3) (i32.const 1) (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "init" (i32.const 0) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_return (invoke "is-null" (i32.const 0)) (i32.const 1))
(assert_return (invoke "is-null" (i32.const 4)) (i32.const 0))
