;;! [bug]
;;! id = "type-unknown"
;;! layer = "validation"
;;! source = "bytecodealliance/wasm-micro-runtime#2726, #3336, #3337, #3468, #3491, #3130, #3137, #3346 (tests/regression/ba-issues)"
;;! expect = "invalid: the index of a type that the module does not have, that comes later, or that is of another kind"

;; Functions, imports, blocks, calls and references name a type by its index. An engine that looks it up without a check
;; reads beyond its list; for one that knows only functions the index of a structure is a function with whatever lies there.
;;
;; Red when: compiler/src/parse/mod.rs: `refusal` counts what is invalid as malformed.

;; A module of one type, and of none.
(assert_invalid (module (type (func)) (func (type 1))) "unknown type 1")
(assert_invalid (module (type (func)) (import "spectest" "print" (func (type 1)))) "unknown type 1")
(assert_invalid (module (type (func)) (func (block (type 1)))) "unknown type 1")
(assert_invalid (module (type (func)) (func (loop (type 1)))) "unknown type 1")
(assert_invalid (module (type (func)) (func (if (type 1) (i32.const 0) (then)))) "unknown type 1")
(assert_invalid (module (type (func)) (func (try_table (type 1)))) "unknown type 1")
(assert_invalid (module (type (func)) (table 1 funcref) (func (call_indirect (type 1) (i32.const 0)))) "unknown type 1")
(assert_invalid
  (module (type (func)) (table 1 funcref) (func (return_call_indirect (type 1) (i32.const 0))))
  "unknown type 1")
(assert_invalid (module (type (func)) (func (call_ref 1 (unreachable)))) "unknown type 1")
(assert_invalid (module (type (func)) (func (return_call_ref 1 (unreachable)))) "unknown type 1")
(assert_invalid (module (type (func)) (tag (type 1))) "unknown type 1")
(assert_invalid (module (type (func)) (import "m" "t" (tag (type 1)))) "unknown type 1")
(assert_invalid (module (type (func)) (func (local (ref null 1)))) "unknown type 1")
(assert_invalid (module (type (func)) (global (ref null 1) (ref.null 1))) "unknown type 1")
(assert_invalid (module (type (func)) (table 1 (ref null 1))) "unknown type 1")
(assert_invalid (module (type (func)) (elem (ref null 1))) "unknown type 1")
(assert_invalid (module (type (func)) (func (drop (ref.null 1)))) "unknown type 1")
(assert_invalid (module (type (func)) (func (drop (ref.test (ref 1) (ref.null any))))) "unknown type 1")
(assert_invalid (module (type (func)) (func (drop (struct.new 1)))) "unknown type 1")
(assert_invalid (module (type (func)) (func (drop (array.new_default 1 (i32.const 0))))) "unknown type 1")
(assert_invalid (module (type (func)) (func (unreachable) (drop (struct.get 1 0)))) "unknown type 1")
(assert_invalid (module (type (func)) (func (block (result (ref null 1)) (unreachable)) (drop))) "unknown type 1")
(assert_invalid (module (func (type 0))) "unknown type 0")
(assert_invalid (module (import "spectest" "print" (func (type 0)))) "unknown type 0")
(assert_invalid (module (tag (type 0))) "unknown type 0")
(assert_invalid (module (table 1 (ref null 0))) "unknown type 0")
(assert_invalid (module (global (ref null 0) (ref.null func))) "unknown type 0")

;; The largest index there is.
(assert_invalid (module (type (func)) (func (type 0xffff_ffff))) "unknown type 4294967295")
(assert_invalid (module (type (func)) (func (unreachable) (block (type 0xffff_ffff)))) "unknown type 4294967295")

;; A type refers to those before it and to those of its own group, and to none that come later.
(assert_invalid (module (type (struct (field (ref null 1))))) "unknown type 1")
(assert_invalid (module (type (array (ref null 1))) (type (func))) "unknown type 1")
(assert_invalid (module (type (func (param (ref 1)))) (type (func))) "unknown type 1")
(assert_invalid (module (rec (type (sub 1 (struct))) (type (sub (struct))))) "unknown type 1")
(assert_invalid (module (rec (type (struct (field (ref null 2)))) (type (func))) (type (func))) "unknown type 2")
(assert_invalid (module (type (sub 0 (func)))) "unknown type 0")

;; A type that is there and of another kind is not one either.
(assert_invalid (module (type (struct)) (func (type 0))) "unknown type 0")
(assert_invalid (module (type (array i32)) (func (block (type 0)))) "unknown type 0")
(assert_invalid (module (type (struct)) (import "spectest" "print" (func (type 0)))) "unknown type 0")
(assert_invalid (module (type (struct)) (tag (type 0))) "unknown type 0")
(assert_invalid
  (module (type (array i8)) (table 1 funcref) (func (call_indirect (type 0) (i32.const 0))))
  "unknown type 0")
(assert_invalid (module (type (func)) (func (drop (struct.new 0)))) "unknown type 0")
(assert_invalid (module (type (struct)) (func (drop (array.new_default 0 (i32.const 0))))) "unknown type 0")

;; All of them where the type is there.
(module
  (type $v (func))
  (type $f (func (param i32) (result i32)))
  (rec (type $s (struct (field (ref null $a)))) (type $a (array (ref null $s))))
  (tag (type $v))
  (table 1 (ref null $f))
  (elem (i32.const 0) (ref null $f) (ref.func $id))
  (func $id (type $f) (local.get 0))
  (func (export "test") (param i32) (result i32)
    (block (type $v))
    (i32.add
      (call_indirect (type $f) (local.get 0) (i32.const 0))
      (i32.add
        (call_ref $f (local.get 0) (table.get (i32.const 0)))
        (array.len (struct.get $s 0 (struct.new $s (array.new_default $a (i32.const 5)))))))))
(assert_return (invoke "test" (i32.const 10)) (i32.const 25))
