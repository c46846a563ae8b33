;;! [bug]
;;! id = "exhaustion-and-handlers"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#11717, bytecodealliance/wasmtime `traps-skip-catch-all`, WebAssembly core specification 3.0, exceptions"
;;! expect = "no handler catches the end of the stack or a trap, wherever it happens, and exceptions are caught afterwards as before"

;; The end of the stack comes while handlers are in force, in a handler, or where an exception is made. An engine that unwinds
;; to a handler for it goes on with no stack; one that leaves its lists of handlers as they were catches by the wrong one next.
;;
;; Red when: compiler/src/translate/mod.rs: `set_stack_limit` is not called.

(module
  (tag $e (export "e") (param i32))
  (global $caught (export "caught") (mut i32) (i32.const 0))
  (func $note (global.set $caught (i32.add (global.get $caught) (i32.const 1))))

  ;; Every frame has a handler for everything.
  (func $handlers (export "handlers") (param i32) (result i32)
    (block $h
      (try_table (catch_all $h)
        (drop (call $handlers (i32.add (local.get 0) (i32.const 1))))
        (return (i32.const 1)))
      (unreachable))
    (call $note)
    (i32.const 2))

  ;; Every frame catches an exception and goes on from its handler.
  (func $in-handler (export "in-handler") (param i32)
    (block $h (result i32)
      (try_table (catch $e $h) (throw $e (local.get 0)))
      (unreachable))
    (call $in-handler))

  ;; Every frame is that of a function that was called from a handler within another handler's reach.
  (func $between (export "between") (param i32)
    (block $outer
      (try_table (catch_all $outer)
        (block $inner (result i32)
          (try_table (catch $e $inner) (throw $e (local.get 0)))
          (unreachable))
        (call $between)
        (return)))
    (call $note))

  ;; The stack ends somewhere around a throw.
  (func $throwing (export "throwing") (param i32)
    (block $h
      (try_table (catch_all $h)
        (call $throw-at-bottom (local.get 0))))
    (call $throwing (local.get 0)))
  (func $throw-at-bottom (param i32) (throw $e (local.get 0)))

  (func (export "trap-within") (param i32) (result i32)
    (block $h
      (try_table (catch_all $h) (drop (i32.div_u (i32.const 1) (local.get 0)))
        (drop (i32.trunc_f32_s (f32.div (f32.const 0) (f32.const 0))))))
    (call $note)
    (i32.const 0))
  (func (export "trap-in-handler") (result i32)
    (block $outer
      (try_table (catch_all $outer)
        (return
          (i32.div_u (i32.const 1)
            (block $inner (result i32)
              (try_table (catch $e $inner) (throw $e (i32.const 0)))
              (unreachable))))))
    (unreachable))

  (func (export "nothing-catches") (param i32) (throw $e (local.get 0)))
  (func (export "works") (param i32) (result i32)
    (block $h (result i32)
      (try_table (catch $e $h) (call $throw-at-bottom (local.get 0)))
      (unreachable))))

(assert_return (invoke "works" (i32.const 1)) (i32.const 1))
(assert_exhaustion (invoke "handlers" (i32.const 0)) "call stack exhausted")
(assert_return (invoke "works" (i32.const 2)) (i32.const 2))
(assert_exhaustion (invoke "in-handler" (i32.const 0)) "call stack exhausted")
(assert_return (invoke "works" (i32.const 3)) (i32.const 3))
(assert_exhaustion (invoke "between" (i32.const 0)) "call stack exhausted")
(assert_return (invoke "works" (i32.const 4)) (i32.const 4))
(assert_exhaustion (invoke "throwing" (i32.const 0)) "call stack exhausted")
(assert_return (invoke "works" (i32.const 5)) (i32.const 5))
(assert_exhaustion (invoke "handlers" (i32.const 0)) "call stack exhausted")
(assert_trap (invoke "trap-within" (i32.const 0)) "integer divide by zero")
(assert_trap (invoke "trap-within" (i32.const 1)) "invalid conversion to integer")
(assert_trap (invoke "trap-in-handler") "integer divide by zero")
(assert_exception (invoke "nothing-catches" (i32.const 6)))
(assert_return (get "caught") (i32.const 0))
(assert_return (invoke "works" (i32.const 7)) (i32.const 7))

;; A start function that throws, one that traps in its handler, and one that catches what it throws.
(assert_exception (module (tag $e) (func $start (throw $e)) (start $start)))
(assert_trap
  (module (tag $e)
    (func $start (block $h (try_table (catch_all $h) (throw $e))) (unreachable))
    (start $start))
  "unreachable")
(module (tag $e)
  (global $after (export "after") (mut i32) (i32.const 0))
  (func $start (block $h (try_table (catch_all $h) (throw $e))) (global.set $after (i32.const 1)))
  (start $start))
(assert_return (get "after") (i32.const 1))
