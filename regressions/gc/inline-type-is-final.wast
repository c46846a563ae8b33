;;! [bug]
;;! id = "inline-type-is-final"
;;! layer = "decode"
;;! source = "WebAssembly core specification 3.0, text format, Type Uses; bytecodealliance/wasm-tools (the crate wast, resolution of type uses)"
;;! expect = "a type use without an index is a final type without supertypes in a group of its own, whatever open type has the same parameters and results"

;; A parser that looks for a declared type with the same parameters and results has to look at the rest of the declaration,
;; too: an open type, or one with a supertype, is another type. One that does not gives functions and tags an open type, and
;; then an import that names the plain type does not match, and a test for the open type passes.
;;
;; Red when: runner/src/script/encode.rs: `module` does not call `group_open_types`.

(module $open
  (type $open (sub (func (param i32))))
  (type $below (sub final $open (func (param i32))))
  (func $f (export "f") (param i32))
  (tag (export "t") (param i32))
  (table $t funcref (elem $f))
  (elem declare func $f)
  (func (export "is-open") (result i32) (ref.test (ref $open) (ref.func $f)))
  (func (export "is-below") (result i32) (ref.test (ref $below) (ref.func $f)))
  (func (export "call") (call_indirect $t (param i32) (i32.const 1) (i32.const 0)))
  (func (export "call-open") (call_indirect $t (type $open) (i32.const 1) (i32.const 0))))
(register "open" $open)
(assert_return (invoke "is-open") (i32.const 0))
(assert_return (invoke "is-below") (i32.const 0))
(assert_return (invoke "call"))
(assert_trap (invoke "call-open") "indirect call type mismatch")

(module (type $plain (func (param i32))) (import "open" "f" (func (type $plain))))
(module (type $plain (func (param i32))) (import "open" "t" (tag (type $plain))))
(assert_unlinkable
  (module (type $open (sub (func (param i32)))) (import "open" "f" (func (type $open))))
  "incompatible import type")

;; A final type that is declared behind an open one is the one that is meant, and may be named.
(module
  (type $open (sub (func (param i64) (result i64 i64))))
  (type $plain (func (param i64) (result i64 i64)))
  (func $f (param i64) (result i64 i64)
    (local.get 0)
    (block (param i64) (result i64 i64) (i64.const 7)))
  (elem declare func $f)
  (func (export "is-plain") (result i32) (ref.test (ref $plain) (ref.func $f)))
  (func (export "f") (param i64) (result i64 i64) (call $f (local.get 0))))
(assert_return (invoke "is-plain") (i32.const 1))
(assert_return (invoke "f" (i64.const 5)) (i64.const 5) (i64.const 7))
