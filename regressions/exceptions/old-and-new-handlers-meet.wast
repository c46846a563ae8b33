;;! [bug]
;;! id = "old-and-new-handlers-meet"
;;! layer = "runtime"
;;! source = "WebAssembly/exception-handling legacy proposal; bytecodealliance/wasmtime#11632 (registers across try_call), `traps-skip-catch-all`"
;;! expect = "what one module throws by legacy instructions another catches by try_table and the reverse, locals are whole after a legacy catch, and no catch_all catches a trap"

;; Both kinds of handlers are one mechanism. Locals that were changed before the throw have their new values in the clause, also
;; references, which the collector may have moved meanwhile.
;;
;; Red when: compiler/src/translate/exceptions.rs: `enter_clause` does not track the exception (with --gc-stress);
;; compiler/src/translate/legacy.rs: clauses are entered in reverse.

(module $old
  (tag $e (export "e") (param i64 f32))
  (func (export "throw") (param i64 f32) (throw $e (local.get 0) (local.get 1)))
  (func $catch (export "catch") (param $f funcref) (result i64)
    (try (result i64)
      (do (call_indirect $t (param i64 f32) (i64.const 20) (f32.const 1.5) (i32.const 0)) (i64.const 0))
      (catch $e (i64.trunc_f32_s) (i64.add))
      (catch_all (i64.const -1))))
  (table $t 1 funcref)
  (func (export "set") (param funcref) (table.set $t (i32.const 0) (local.get 0)))
  (func (export "catch-set") (param funcref) (result i64)
    (table.set $t (i32.const 0) (local.get 0)) (call $catch (local.get 0)))

  (func $raise (param i32) (if (local.get 0) (then (throw $e (i64.const 1) (f32.const 2)))))
  (func (export "locals") (param i32 externref) (result i32 i64 externref)
    (local i64 externref)
    (try
      (do
        (local.set 2 (i64.const 30))
        (local.set 3 (local.get 1))
        (call $raise (local.get 0))
        (local.set 2 (i64.const 31)))
      (catch $e
        (drop) (drop)
        (local.set 0 (i32.const 9))))
    (local.get 0) (local.get 2) (local.get 3))
  (func (export "order") (param i32) (result i32)
    (try (result i32)
      (do (call $raise (local.get 0)) (i32.const 0))
      (catch $e (drop) (drop) (i32.const 1))
      (catch_all (i32.const 2))))
  (func (export "trap") (param i32) (result i32)
    (try (result i32) (do (i32.div_u (i32.const 1) (local.get 0))) (catch_all (i32.const 2))))
  (func $deep (export "deep") (try (do (call $deep)) (catch_all (throw $e (i64.const 0) (f32.const 0)))))
  ;; The exception waits in a clause while others come and go.
  (func (export "kept") (param i32) (result i64)
    (try (result i64)
      (do
        (try (result i64)
          (do (throw $e (i64.const 41) (f32.const 1)) )
          (catch $e
            (drop) (drop)
            (loop $more
              (try (do (call $raise (i32.const 1))) (catch $e (drop) (drop)))
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              (br_if $more (local.get 0)))
            (rethrow 0))))
      (catch $e (i64.trunc_f32_s) (i64.add)))))
(register "old" $old)

(module $new
  (tag $e (import "old" "e") (param i64 f32))
  (func $throw (import "old" "throw") (param i64 f32))
  (func $catch (import "old" "catch-set") (param funcref) (result i64))
  (func (export "catch") (result i64 f32)
    (block $h (result i64 f32)
      (try_table (catch $e $h) (call $throw (i64.const 5) (f32.const 6)))
      (unreachable)))
  (func $raise (param i64 f32) (throw $e (local.get 0) (local.get 1)))
  (elem declare func $raise)
  (func (export "throw") (result i64) (call $catch (ref.func $raise)))
  ;; Both in one function.
  (func (export "both") (result i64)
    (try (result i64)
      (do
        (block $h (result exnref)
          (try_table (catch_all_ref $h) (call $throw (i64.const 7) (f32.const 8)))
          (unreachable))
        (throw_ref))
      (catch $e (i64.trunc_f32_s) (i64.add)))))

(assert_return (invoke "catch") (i64.const 5) (f32.const 6))
(assert_return (invoke "throw") (i64.const 21))
(assert_return (invoke "both") (i64.const 15))
(assert_return (invoke $old "locals" (i32.const 0) (ref.extern 3)) (i32.const 0) (i64.const 31) (ref.extern 3))
(assert_return (invoke $old "locals" (i32.const 1) (ref.extern 4)) (i32.const 9) (i64.const 30) (ref.extern 4))
(assert_return (invoke $old "order" (i32.const 1)) (i32.const 1))
(assert_trap (invoke $old "trap" (i32.const 0)) "integer divide by zero")
(assert_exhaustion (invoke $old "deep") "call stack exhausted")
(assert_return (invoke $old "kept" (i32.const 1000)) (i64.const 42))
