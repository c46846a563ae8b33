;;! [bug]
;;! id = "tail-call-out-of-the-instance"
;;! layer = "codegen"
;;! source = "CVE-2024-47763, CVE-2026-90648 (WebAssembly/wabt#2831), bytecodealliance/wasm-micro-runtime#4916"
;;! expect = "a tail call of the host's functions, of other instances' and of functions with larger frames ends as a call would"

;; A trap in the callee walks over frames of which the caller's is gone. An engine that expects it there aborts; one that
;; keeps the caller's instance for the callee reads another module's memory.
;;
;; Red when: compiler/src/translate/call.rs: `call_import` passes `self.vmctx` as the callee's context.

(module $other
  (memory 1)
  (data (i32.const 0) "\07")
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "trap") (result i32) (unreachable))
  (func (export "large-frame") (param i32) (result i32)
    (local v128 v128 v128 v128 v128 v128 v128 v128)
    (local.set 1 (i32x4.splat (local.get 0)))
    (local.set 2 (i32x4.add (local.get 1) (local.get 1)))
    (local.set 3 (i32x4.add (local.get 2) (local.get 1)))
    (local.set 4 (i32x4.add (local.get 3) (local.get 1)))
    (local.set 5 (i32x4.add (local.get 4) (local.get 1)))
    (local.set 6 (i32x4.add (local.get 5) (local.get 1)))
    (drop (call $id (i32.const 0)))
    (i32x4.extract_lane 0
      (i32x4.add (i32x4.add (local.get 1) (local.get 2))
        (i32x4.add (i32x4.add (local.get 3) (local.get 4)) (i32x4.add (local.get 5) (local.get 6))))))
  (func $id (param i32) (result i32) (local.get 0)))
(register "other" $other)

(module
  (type $i32 (func (result i32)))
  (import "other" "load" (func $load (param i32) (result i32)))
  (import "other" "trap" (func $trap (result i32)))
  (import "other" "large-frame" (func $large-frame (param i32) (result i32)))
  (import "spectest" "print_i32" (func $print (param i32)))
  (import "spectest" "print_f64_f64" (func $print2 (param f64 f64)))
  (memory 1)
  (data (i32.const 0) "\09")
  (table funcref (elem $trap))
  (elem declare func $trap $load $print)

  (func (export "load") (result i32) (return_call $load (i32.const 0)))
  (func (export "load-by-reference") (result i32) (return_call_ref $unary (i32.const 0) (ref.func $load)))
  (type $unary (func (param i32) (result i32)))
  (type $sink (func (param i32)))
  (func (export "own") (result i32) (drop (call $wrapped)) (i32.load8_u (i32.const 0)))
  (func $wrapped (result i32) (return_call $load (i32.const 0)))
  (func (export "trap") (result i32) (return_call $trap))
  (func (export "trap-by-table") (result i32) (return_call_indirect (type $i32) (i32.const 0)))
  (func (export "trap-by-reference") (result i32) (return_call_ref $i32 (ref.func $trap)))
  (func (export "load-beyond") (result i32) (return_call $load (i32.const -1)))
  (func (export "print") (return_call $print (i32.const 1)))
  (func (export "print2") (return_call $print2 (f64.const 1) (f64.const 2)))
  (func (export "print-by-reference") (return_call_ref $sink (i32.const 1) (ref.func $print)))
  (func (export "large-frame") (param i32) (result i32) (return_call $large-frame (local.get 0))))

(assert_return (invoke "load") (i32.const 7))
(assert_return (invoke "load-by-reference") (i32.const 7))
(assert_return (invoke "own") (i32.const 9))
(assert_trap (invoke "trap") "unreachable")
(assert_trap (invoke "trap-by-table") "unreachable")
(assert_trap (invoke "trap-by-reference") "unreachable")
(assert_trap (invoke "load-beyond") "out of bounds memory access")
(assert_return (invoke "print"))
(assert_return (invoke "print2"))
(assert_return (invoke "print-by-reference"))
(assert_return (invoke "large-frame" (i32.const 2)) (i32.const 42))
(assert_return (invoke "load") (i32.const 7))
