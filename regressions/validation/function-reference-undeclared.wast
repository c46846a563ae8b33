;;! [bug]
;;! id = "function-reference-undeclared"
;;! layer = "validation"
;;! source = "bytecodealliance/wasm-micro-runtime#2726, #3336, #3337, #3468, #3491, #3130, #3137, #3346 (tests/regression/ba-issues)"
;;! expect = "invalid: ref.func of a function that nothing outside of bodies refers to"

;; What `ref.func` may refer to is known before the first body is compiled: functions in element segments, exports, globals
;; and initialisers of tables. An engine that makes references only for those finds none for another, and one that takes
;; the body itself for a declaration depends on the order of the bodies.
;;
;; Red when: compiler/src/parse/mod.rs: `refusal` counts what is invalid as malformed.

;; Of another function, of the function itself, of one that is imported.
(assert_invalid (module (func $f) (func (drop (ref.func $f)))) "undeclared function reference")
(assert_invalid (module (func $f (drop (ref.func $f)))) "undeclared function reference")
(assert_invalid
  (module (import "spectest" "print" (func $f)) (func (drop (ref.func $f))))
  "undeclared function reference")
;; Where it is not reached, and where nothing is called.
(assert_invalid (module (func $f) (func (unreachable) (drop (ref.func $f)))) "undeclared function reference")
(assert_invalid (module (func $f) (func (export "g") (return) (drop (ref.func $f)))) "undeclared function reference")
;; A start function, a function that is called, and one that another body refers to are not declared by it.
(assert_invalid (module (func $f) (start $f) (func (drop (ref.func $f)))) "undeclared function reference")
(assert_invalid (module (func $f) (func (call $f)) (func (drop (ref.func $f)))) "undeclared function reference")
(assert_invalid (module (func $f) (func (return_call $f)) (func (drop (ref.func $f)))) "undeclared function reference")
;; The declaration of one is not that of its neighbour.
(assert_invalid
  (module (func $f) (func $g) (elem declare func $g) (func (drop (ref.func $g)) (drop (ref.func $f))))
  "undeclared function reference")
(assert_invalid
  (module (func $f) (func $g) (export "g" (func $g)) (func (drop (ref.func $f))))
  "undeclared function reference")
(assert_invalid
  (module (func $f) (func $g) (global funcref (ref.func $g)) (func (drop (ref.func $f))))
  "undeclared function reference")
;; The reference is an operand.
(assert_invalid
  (module (type $t (func)) (table 1 funcref) (func $f (type $t)) (func (call_ref $t (ref.func $f))))
  "undeclared function reference")
(assert_invalid
  (module (table 1 funcref) (func $f) (func (table.set 0 (i32.const 0) (ref.func $f))))
  "undeclared function reference")
(assert_invalid
  (module (table 1 funcref) (elem (i32.const 0) func) (func $f) (func (table.fill 0 (i32.const 0) (ref.func $f) (i32.const 1))))
  "undeclared function reference")
(assert_invalid (module (func $f) (func (result funcref) (ref.func $f))) "undeclared function reference")
;; No function at all.
(assert_invalid (module (func $f) (elem declare func $f) (func (drop (ref.func 7)))) "unknown function 7")
(assert_invalid (module (func $f) (elem declare func 2)) "unknown function 2")
(assert_invalid (module (func $f) (elem declare funcref (ref.func 3))) "unknown function 3")
(assert_invalid (module (global funcref (ref.func 1)) (func $f)) "unknown function 1")

;; Each of the ways to declare, before and after the body that refers to the function.
(module
  (elem declare func $a)
  (func (export "test") (result i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (call_ref $t (ref.func $a)) (call_ref $t (ref.func $b)) (call_ref $t (ref.func $c)) (call_ref $t (ref.func $d))
    (call_ref $t (ref.func $e)) (call_ref $t (ref.func $f)) (call_ref $t (ref.func $g)) (call_ref $t (ref.func $h))
    (call_ref $t (ref.func $i)))
  (type $t (func (result i32)))
  (func $a (type $t) (i32.const 1))
  (func $b (type $t) (i32.const 2))
  (func $c (type $t) (i32.const 3))
  (func $d (type $t) (i32.const 4))
  (func $e (type $t) (i32.const 5))
  (func $f (type $t) (i32.const 6))
  (func $g (type $t) (i32.const 7))
  (func $h (type $t) (i32.const 8))
  (func $i (type $t) (i32.const 9))
  (table $table 1 (ref $t) (ref.func $h))
  (elem func $b)
  (elem (i32.const 0) (ref $t) (ref.func $c))
  (elem declare funcref (ref.func $d) (ref.null func))
  (export "e" (func $e))
  (global (ref $t) (ref.func $f))
  (global funcref (ref.func $g))
  (elem (table $table) (i32.const 0) (ref $t) (item ref.func $i))
  (func (export "in-table") (result i32) (call_ref $t (table.get $table (i32.const 0)))))
(assert_return (invoke "test")
  (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const 6) (i32.const 7) (i32.const 8)
  (i32.const 9))
(assert_return (invoke "in-table") (i32.const 9))
;; An imported function is declared as any other.
(module
  (import "spectest" "print" (func $print))
  (export "print" (func $print))
  (func (export "test") (call_ref $v (ref.func $print)))
  (type $v (func)))
(assert_return (invoke "test"))
