;;! [bug]
;;! id = "shared-check-order"
;;! layer = "translate"
;;! source = "WebAssembly core specification 3.0, execution; bounds checks shared between accesses"
;;! expect = "every access before the one that traps has its effect, and none behind it has one"

;; To check the largest of several ends first would be cheaper and wrong: stores before the trap would be lost.
;;
;; Red when: compiler/src/translate/known.rs: `is_known_within` takes any end of the same origin for known.

(module
  (memory 1)
  (global $step (mut i32) (i32.const 0))
  (func (export "stores") (param $at i32)
    (i32.store8 (local.get $at) (i32.const 1))
    (global.set $step (i32.const 1))
    (i32.store8 offset=1 (local.get $at) (i32.const 2))
    (global.set $step (i32.const 2))
    (i32.store16 (local.get $at) (i32.const 0x0403))
    (global.set $step (i32.const 3))
    (i32.store (local.get $at) (i32.const 0x08070605))
    (global.set $step (i32.const 4)))
  (func (export "overlapping") (param $at i32)
    (i64.store (local.get $at) (i64.const 0x0101010101010101))
    (i32.store8 offset=7 (local.get $at) (i32.const 9))
    (global.set $step (i32.const 5))
    (i32.store8 offset=8 (local.get $at) (i32.const 10)))
  (func (export "step") (result i32) (global.get $step))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))

(assert_trap (invoke "stores" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke "step") (i32.const 0))
(assert_trap (invoke "stores" (i32.const 65535)) "out of bounds memory access")
(assert_return (invoke "step") (i32.const 1))
(assert_return (invoke "load" (i32.const 65532)) (i32.const 0x01000000))
(assert_trap (invoke "stores" (i32.const 65534)) "out of bounds memory access")
(assert_return (invoke "step") (i32.const 3))
(assert_return (invoke "load" (i32.const 65532)) (i32.const 0x04030000))
(assert_return (invoke "stores" (i32.const 65532)))
(assert_return (invoke "step") (i32.const 4))
(assert_return (invoke "load" (i32.const 65532)) (i32.const 0x08070605))
(assert_trap (invoke "overlapping" (i32.const 65528)) "out of bounds memory access")
(assert_return (invoke "step") (i32.const 5))
(assert_return (invoke "load" (i32.const 65532)) (i32.const 0x09010101))
