;; Texts as wasmer prints them, with and without the kind of its error.
(module $lib (func (export "f") (param i64) (result i64) (local.get 0)))
(register "lib" $lib)
(module
  (import "lib" "f" (func $f (param i64) (result i64)))
  (type $none (func))
  (memory 1)
  (table 4 funcref)
  (elem (i32.const 0) func $f)
  (func (export "stop") unreachable)
  (func (export "store") (i32.store8 (i32.const 65536) (i32.const 0)))
  (func (export "call") (param i32) (call_indirect (type $none) (local.get 0)))
  (func (export "div") (result i32) (i32.div_u (i32.const 1) (i32.const 0))))

(assert_trap (invoke "stop") "RuntimeError: unreachable")
(assert_trap (invoke "stop") "unreachable")
(assert_trap (invoke "store") "RuntimeError: out of bounds memory access")
(assert_trap (invoke "call" (i32.const 4)) "undefined element: out of bounds table access")
(assert_trap (invoke "call" (i32.const 3)) "RuntimeError: uninitialized element")
(assert_trap (invoke "call" (i32.const 0)) "indirect call type mismatch")
(assert_trap (invoke "div") "integer divide by zero")
(assert_unlinkable
  (module (import "lib" "g" (func)))
  "Error while importing \"lib\".\"g\": unknown import. Expected Function(FunctionType { params: [], results: [] })")
(assert_unlinkable
  (module (import "lib" "f" (func)))
  "Error while importing \"lib\".\"f\": incompatible import type. Expected Function received Function")
