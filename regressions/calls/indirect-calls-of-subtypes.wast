;;! [bug]
;;! id = "indirect-calls-of-subtypes"
;;! layer = "codegen"
;;! source = "CVE-2024-2887, bytecodealliance/wasmtime#13095, GHSA-qw58-7h65-crq2"
;;! expect = "call_indirect takes functions of subtypes, at every depth and from any module, and traps at all others"

;; A type is told by its whole recursion group. The check compares the wanted type with the supertype at its own depth:
;; types of the same depth in other chains, of the same shape in other groups, and supertypes themselves are refused.
;;
;; Red when: compiler/src/translate/call.rs: `check_type` compares only the types themselves.

(module $types
  (type $a (sub (func (result i32))))
  (type $b (sub $a (func (result i32))))
  (type $c (sub $b (func (result i32))))
  (type $other (sub $a (func (result i32))))
  (rec (type $b2 (sub $a (func (result i32)))) (type (func)))
  (type $final (sub final $b (func (result i32))))
  (func (export "a") (type $a) (i32.const 1))
  (func (export "b") (type $b) (i32.const 2))
  (func (export "c") (type $c) (i32.const 3))
  (func (export "b2") (type $b2) (i32.const 4))
  (func (export "final") (type $final) (i32.const 5))
  (type $plain (func (result i32)))
  (func (export "plain") (type $plain) (i32.const 6)))
(register "types" $types)

;; The same types under other indices.
(module
  (type (func (param i64)))
  (type $a (sub (func (result i32))))
  (rec (type $b2 (sub $a (func (result i32)))) (type (func)))
  (type $b (sub $a (func (result i32))))
  (type $final (sub final $b (func (result i32))))
  (type $c (sub $b (func (result i32))))
  (import "types" "a" (func $fa (type $a)))
  (import "types" "b" (func $fb (type $b)))
  (import "types" "c" (func $fc (type $c)))
  (import "types" "c" (func $fc-as-a (type $a)))
  (import "types" "b2" (func $fb2 (type $b2)))
  (import "types" "final" (func $ffinal (type $final)))
  (type $plain (func (result i32)))
  (import "types" "plain" (func $fplain (type $plain)))
  (table funcref (elem $fa $fb $fc $fc-as-a $fb2 $ffinal $fplain))
  (func (export "as-a") (param i32) (result i32) (call_indirect (type $a) (local.get 0)))
  (func (export "as-b") (param i32) (result i32) (call_indirect (type $b) (local.get 0)))
  (func (export "as-c") (param i32) (result i32) (call_indirect (type $c) (local.get 0)))
  (func (export "as-b2") (param i32) (result i32) (call_indirect (type $b2) (local.get 0)))
  (func (export "as-final") (param i32) (result i32) (return_call_indirect (type $final) (local.get 0)))
  (func (export "as-plain") (param i32) (result i32) (call_indirect (type $plain) (local.get 0))))

(assert_return (invoke "as-a" (i32.const 0)) (i32.const 1))
(assert_return (invoke "as-a" (i32.const 1)) (i32.const 2))
(assert_return (invoke "as-a" (i32.const 2)) (i32.const 3))
(assert_return (invoke "as-a" (i32.const 3)) (i32.const 3))
(assert_return (invoke "as-a" (i32.const 4)) (i32.const 4))
(assert_return (invoke "as-a" (i32.const 5)) (i32.const 5))
(assert_trap (invoke "as-a" (i32.const 6)) "indirect call type mismatch")
(assert_trap (invoke "as-b" (i32.const 0)) "indirect call type mismatch")
(assert_return (invoke "as-b" (i32.const 1)) (i32.const 2))
(assert_return (invoke "as-b" (i32.const 2)) (i32.const 3))
(assert_return (invoke "as-b" (i32.const 3)) (i32.const 3))
(assert_trap (invoke "as-b" (i32.const 4)) "indirect call type mismatch")
(assert_return (invoke "as-b" (i32.const 5)) (i32.const 5))
(assert_trap (invoke "as-b" (i32.const 6)) "indirect call type mismatch")
(assert_trap (invoke "as-c" (i32.const 0)) "indirect call type mismatch")
(assert_trap (invoke "as-c" (i32.const 1)) "indirect call type mismatch")
(assert_return (invoke "as-c" (i32.const 2)) (i32.const 3))
(assert_return (invoke "as-c" (i32.const 3)) (i32.const 3))
(assert_trap (invoke "as-c" (i32.const 5)) "indirect call type mismatch")
(assert_return (invoke "as-b2" (i32.const 4)) (i32.const 4))
(assert_trap (invoke "as-b2" (i32.const 1)) "indirect call type mismatch")
(assert_return (invoke "as-final" (i32.const 5)) (i32.const 5))
(assert_trap (invoke "as-final" (i32.const 2)) "indirect call type mismatch")
(assert_return (invoke "as-plain" (i32.const 6)) (i32.const 6))
(assert_trap (invoke "as-plain" (i32.const 0)) "indirect call type mismatch")

(assert_unlinkable
  (module (type $a (sub (func (result i32)))) (type $b (sub $a (func (result i32))))
    (import "types" "a" (func (type $b))))
  "incompatible import type")
(assert_unlinkable
  (module (type $a (sub (func (result i32)))) (type $b (sub $a (func (result i32))))
    (import "types" "b2" (func (type $b))))
  "incompatible import type")
