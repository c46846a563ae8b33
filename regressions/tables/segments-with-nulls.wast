;;! [bug]
;;! id = "segments-with-nulls"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#4455, bytecodealliance/wasmtime#13230"
;;! expect = "a null in a segment is an element like any other: it is counted, copied and read back"

;; Null comes into element segments as an expression, by way of a global, and in segments of every mode. An
;; engine for which it means "no element" leaves what the table held, gets the length wrong, or panics.
;;
;; Red when: runtime/src/table.rs: `StoreInner::table_init` passes over null elements, or panics at one.

(module
  (table $funcs 6 funcref)
  (table $externs 6 externref)
  (table $filled 4 funcref (ref.func $one))
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (global $null funcref (ref.null func))
  (global $null-extern externref (ref.null extern))
  (elem $passive funcref (ref.null func) (ref.func $one) (ref.null func) (ref.func $two))
  (elem $only-nulls funcref (ref.null func) (ref.null func))
  (elem $from-global funcref (global.get $null) (ref.func $two) (global.get $null))
  (elem $externs-passive externref (ref.null extern) (global.get $null-extern) (ref.null extern))
  (elem $declared declare funcref (ref.func $two) (ref.null func))
  (elem $empty funcref)
  ;; Active, over what the table's initial value put there.
  (elem (table $filled) (i32.const 1) funcref (ref.null func) (ref.func $two))

  (func (export "reset")
    (table.fill $funcs (i32.const 0) (ref.func $one) (i32.const 6)))
  (func (export "reset-externs") (param $x externref)
    (table.fill $externs (i32.const 0) (local.get $x) (i32.const 6)))
  (func (export "init") (param $dst i32) (param $src i32) (param $len i32)
    (table.init $funcs $passive (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "init-nulls") (param $dst i32) (param $src i32) (param $len i32)
    (table.init $funcs $only-nulls (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "init-global") (param $dst i32) (param $src i32) (param $len i32)
    (table.init $funcs $from-global (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "init-externs") (param $dst i32) (param $src i32) (param $len i32)
    (table.init $externs $externs-passive (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "init-declared") (param $len i32)
    (table.init $funcs $declared (i32.const 0) (i32.const 0) (local.get $len)))
  (func (export "init-empty") (param $src i32) (param $len i32)
    (table.init $funcs $empty (i32.const 0) (local.get $src) (local.get $len)))
  (func (export "drop") (elem.drop $passive) (elem.drop $only-nulls) (elem.drop $from-global)
    (elem.drop $externs-passive) (elem.drop $empty))
  (func (export "is-null") (param $at i32) (result i32) (ref.is_null (table.get $funcs (local.get $at))))
  (func (export "call") (param $at i32) (result i32) (call_indirect $funcs (result i32) (local.get $at)))
  (func (export "call-filled") (param $at i32) (result i32)
    (call_indirect $filled (result i32) (local.get $at)))
  (func (export "get-extern") (param $at i32) (result externref) (table.get $externs (local.get $at))))

(assert_return (invoke "call-filled" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "call-filled" (i32.const 1)) "uninitialized element")
(assert_return (invoke "call-filled" (i32.const 2)) (i32.const 2))
(assert_return (invoke "call-filled" (i32.const 3)) (i32.const 1))

;; The whole segment, a null at its start and one inside.
(invoke "reset")
(assert_return (invoke "init" (i32.const 1) (i32.const 0) (i32.const 4)))
(assert_return (invoke "call" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "call" (i32.const 1)) "uninitialized element")
(assert_return (invoke "is-null" (i32.const 1)) (i32.const 1))
(assert_return (invoke "call" (i32.const 2)) (i32.const 1))
(assert_return (invoke "is-null" (i32.const 2)) (i32.const 0))
(assert_trap (invoke "call" (i32.const 3)) "uninitialized element")
(assert_return (invoke "call" (i32.const 4)) (i32.const 2))
(assert_return (invoke "call" (i32.const 5)) (i32.const 1))

;; Parts that begin, end with, or are nothing but a null.
(invoke "reset")
(assert_return (invoke "init" (i32.const 0) (i32.const 1) (i32.const 2)))
(assert_return (invoke "call" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "call" (i32.const 1)) "uninitialized element")
(assert_return (invoke "call" (i32.const 2)) (i32.const 1))
(assert_return (invoke "init" (i32.const 5) (i32.const 2) (i32.const 1)))
(assert_trap (invoke "call" (i32.const 5)) "uninitialized element")
(assert_return (invoke "call" (i32.const 4)) (i32.const 1))
(assert_trap (invoke "init" (i32.const 0) (i32.const 3) (i32.const 2)) "out of bounds table access")
(assert_return (invoke "call" (i32.const 0)) (i32.const 1))

(invoke "reset")
(assert_return (invoke "init-nulls" (i32.const 4) (i32.const 0) (i32.const 2)))
(assert_return (invoke "is-null" (i32.const 3)) (i32.const 0))
(assert_return (invoke "is-null" (i32.const 4)) (i32.const 1))
(assert_return (invoke "is-null" (i32.const 5)) (i32.const 1))
(assert_trap (invoke "init-nulls" (i32.const 5) (i32.const 0) (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "init-nulls" (i32.const 0) (i32.const 1) (i32.const 2)) "out of bounds table access")
(assert_return (invoke "is-null" (i32.const 0)) (i32.const 0))

(invoke "reset")
(assert_return (invoke "init-global" (i32.const 0) (i32.const 0) (i32.const 3)))
(assert_trap (invoke "call" (i32.const 0)) "uninitialized element")
(assert_return (invoke "call" (i32.const 1)) (i32.const 2))
(assert_trap (invoke "call" (i32.const 2)) "uninitialized element")
(assert_return (invoke "call" (i32.const 3)) (i32.const 1))

(invoke "reset-externs" (ref.extern 9))
(assert_return (invoke "init-externs" (i32.const 2) (i32.const 0) (i32.const 3)))
(assert_return (invoke "get-extern" (i32.const 1)) (ref.extern 9))
(assert_return (invoke "get-extern" (i32.const 2)) (ref.null extern))
(assert_return (invoke "get-extern" (i32.const 3)) (ref.null extern))
(assert_return (invoke "get-extern" (i32.const 4)) (ref.null extern))
(assert_return (invoke "get-extern" (i32.const 5)) (ref.extern 9))

;; Declared and empty segments have no elements, dropped ones have none any more.
(assert_return (invoke "init-declared" (i32.const 0)))
(assert_trap (invoke "init-declared" (i32.const 1)) "out of bounds table access")
(assert_return (invoke "init-empty" (i32.const 0) (i32.const 0)))
(assert_trap (invoke "init-empty" (i32.const 1) (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "init-empty" (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_return (invoke "drop"))
(assert_return (invoke "drop"))
(assert_trap (invoke "init-nulls" (i32.const 0) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init-externs" (i32.const 0) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_return (invoke "init-externs" (i32.const 0) (i32.const 0) (i32.const 0)))
(assert_trap (invoke "init" (i32.const 0) (i32.const 1) (i32.const 1)) "out of bounds table access")

;; A null that an imported global holds, and one at the very end of an imported table.
(module $owner
  (table (export "table") 3 funcref (ref.func $f))
  (global (export "null") funcref (ref.null func))
  (func $f (result i32) (i32.const 4))
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at))))
(register "owner" $owner)
(module
  (import "owner" "table" (table 3 funcref))
  (import "owner" "null" (global $null funcref))
  (elem (i32.const 2) funcref (global.get $null))
  (elem (i32.const 0) funcref (ref.null func)))
(assert_trap (invoke $owner "call" (i32.const 0)) "uninitialized element")
(assert_return (invoke $owner "call" (i32.const 1)) (i32.const 4))
(assert_trap (invoke $owner "call" (i32.const 2)) "uninitialized element")
