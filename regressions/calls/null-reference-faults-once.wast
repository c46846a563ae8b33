;;! [bug]
;;! id = "null-reference-faults-once"
;;! layer = "runtime"
;;! source = "WebAssembly/function-references, the semantics of call_ref; bytecodealliance/wasmtime#5321"
;;! expect = "a call of a null reference is a trap of its own kind, after the arguments and before the callee, whatever optimisation makes of it"

;; No instruction compares the reference with null: the load of the callee's code faults. The fault has to be told from a
;; crash, and an optimiser must not move it before a store or drop it because nothing is used of it.
;;
;; Red when: runtime/src/vm/activation.rs: `on_fault` has no arm for `Trap::NullFuncReference`.

(module
  (type $f (func (param i32) (result i32)))
  (type $void (func))
  (global $steps (mut i32) (i32.const 0))
  (table $table 2 (ref null $f))
  (func $step (param i32) (result i32)
    (global.set $steps (i32.add (global.get $steps) (i32.const 1)))
    (local.get 0))
  (elem declare func $step)

  (func (export "steps") (result i32) (global.get $steps))
  (func (export "call-null") (result i32) (call_ref $f (call $step (i32.const 1)) (ref.null $f)))
  (func (export "call-bottom") (result i32) (call_ref $f (call $step (i32.const 1)) (ref.null nofunc)))
  (func (export "tail-call-null") (result i32) (return_call_ref $f (call $step (i32.const 1)) (ref.null $f)))
  (func (export "call-element") (param i32) (result i32)
    (call_ref $f (i32.const 5) (table.get $table (local.get 0))))
  (func (export "fill") (table.set $table (i32.const 1) (ref.func $step)))
  (func (export "call-unused") (param $r i32) (local (ref null $f))
    (if (local.get $r) (then (local.set 1 (ref.func $step))))
    (drop (call_ref $f (i32.const 1) (local.get 1))))
  (func (export "call-default") (local (ref null $void))
    (call_ref $void (local.get 0)))
  (func (export "call-in-loop") (param i32) (result i32) (local $r (ref null $f))
    (local.set $r (ref.func $step))
    (loop $again
      (drop (call_ref $f (i32.const 1) (local.get $r)))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (if (i32.eqz (local.get 0)) (then (local.set $r (ref.null $f))))
      (br $again))
    (i32.const 0))
  (func (export "as-non-null") (param i32) (result i32)
    (drop (ref.as_non_null (table.get $table (local.get 0))))
    (i32.const 1)))

(assert_trap (invoke "call-null") "null function reference")
(assert_trap (invoke "call-bottom") "null function reference")
(assert_trap (invoke "tail-call-null") "null function reference")
(assert_return (invoke "steps") (i32.const 3))
(assert_trap (invoke "call-element" (i32.const 0)) "null function reference")
(assert_trap (invoke "call-element" (i32.const 1)) "null function reference")
(assert_trap (invoke "as-non-null" (i32.const 1)) "null reference")
(invoke "fill")
(assert_return (invoke "call-element" (i32.const 1)) (i32.const 5))
(assert_return (invoke "as-non-null" (i32.const 1)) (i32.const 1))
(assert_trap (invoke "call-unused" (i32.const 0)) "null function reference")
(assert_return (invoke "call-unused" (i32.const 1)))
(assert_trap (invoke "call-default") "null function reference")
(assert_trap (invoke "call-in-loop" (i32.const 10)) "null function reference")
(assert_return (invoke "steps") (i32.const 15))
