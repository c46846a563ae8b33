;;! [bug]
;;! id = "null-only-elements"
;;! layer = "translate"
;;! source = "bytecodealliance/wasmtime#10353"
;;! expect = "an access beyond a table of nothing but null traps, although only null could come of it"

;; The type of the elements says that each is null, so an engine that folds the access into a constant loses its bounds
;; check with it. The same for what is called, and for tables whose length is 0.
;;
;; Red when: compiler/src/translate/table.rs: `table.get` of elements below a bottom type is a constant null.

(module
  (type $f (func))
  (table $t (export "t") 2 10 (ref null nofunc))
  (table $x 2 (ref null noextern))
  (table $e 2 (ref null noexn))
  (table $empty 0 (ref null nofunc))
  (func (export "get") (param i32) (result funcref) (table.get $t (local.get 0)))
  (func (export "get-extern") (param i32) (result externref) (table.get $x (local.get 0)))
  (func (export "get-exn") (param i32) (result i32) (ref.is_null (table.get $e (local.get 0))))
  (func (export "get-empty") (result funcref) (table.get $empty (i32.const 0)))
  (func (export "dropped") (param i32) (drop (table.get $t (local.get 0))))
  (func (export "constant") (drop (table.get $t (i32.const 2))))
  (func (export "is-null") (param i32) (result i32) (ref.is_null (table.get $t (local.get 0))))
  (func (export "set") (param i32) (table.set $t (local.get 0) (ref.null nofunc)))
  (func (export "call") (param i32) (call_ref $f (table.get $t (local.get 0))))
  (func (export "grow") (result i32) (table.grow $t (ref.null nofunc) (i32.const 1))))

(assert_return (invoke "get" (i32.const 1)) (ref.null func))
(assert_trap (invoke "get" (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "get" (i32.const -1)) "out of bounds table access")
(assert_return (invoke "get-extern" (i32.const 1)) (ref.null extern))
(assert_trap (invoke "get-extern" (i32.const 2)) "out of bounds table access")
(assert_return (invoke "get-exn" (i32.const 1)) (i32.const 1))
(assert_trap (invoke "get-exn" (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "get-empty") "out of bounds table access")
(assert_return (invoke "dropped" (i32.const 1)))
(assert_trap (invoke "dropped" (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "constant") "out of bounds table access")
(assert_return (invoke "is-null" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "is-null" (i32.const 2)) "out of bounds table access")
(assert_return (invoke "set" (i32.const 1)))
(assert_trap (invoke "set" (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "call" (i32.const 1)) "null function reference")
(assert_trap (invoke "call" (i32.const 2)) "out of bounds table access")
(assert_return (invoke "grow") (i32.const 2))
(assert_return (invoke "get" (i32.const 2)) (ref.null func))
(assert_return (invoke "constant"))
