;;! [bug]
;;! id = "table-init-declared-segment"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, instantiation"
;;! expect = "trap: a declared segment is dropped at instantiation, too"

;; An engine that takes a declared segment for a passive one lets table.init copy from it.
;;
;; Red when: runtime/src/init.rs: `segments` passes over declared segments as over passive ones.

(module
  (table 4 funcref)
  (func $one (result i32) (i32.const 1))
  (elem declare func $one)
  (elem func $one)
  (func (export "declared") (param $src i32) (param $len i32)
    (table.init 0 (i32.const 0) (local.get $src) (local.get $len)))
  (func (export "passive") (table.init 1 (i32.const 3) (i32.const 0) (i32.const 1)))
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at)))
  ;; What the declaration is for.
  (func (export "reference") (result funcref) (ref.func $one)))

(assert_trap (invoke "declared" (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "declared" (i32.const 1) (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "call" (i32.const 0)) "uninitialized element")
(assert_return (invoke "passive"))
(assert_return (invoke "call" (i32.const 3)) (i32.const 1))
(assert_return (invoke "reference") (ref.func))
