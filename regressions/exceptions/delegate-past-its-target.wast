;;! [bug]
;;! id = "delegate-past-its-target"
;;! layer = "codegen"
;;! source = "WebAssembly/exception-handling legacy proposal, delegate and rethrow; WebAssembly/binaryen#3624 (delegate targets)"
;;! expect = "a delegated exception is handled where the label says and not by what lies between, and a rethrow names the exception of its own clause"

;; Handlers of `try` blocks are lowered to those of `try_table`. The target of a `delegate` may be a block that is no `try`, a
;; clause, or the function: then what lies around that is next.
;;
;; Red when: compiler/src/translate/handlers.rs: `visit` goes on with `height - 1` at a delegation;
;; compiler/src/translate/control.rs: `caught` takes the innermost clause whatever the depth.

(module
  (tag $a (param i32))
  (tag $b (param i32))
  (func $throw-a (param i32) (throw $a (local.get 0)))
  (func $throw-b (param i32) (throw $b (local.get 0)))

  ;; The block in between would have caught it.
  (func (export "past-a-catch") (result i32)
    (try $outer (result i32)
      (do
        (try (result i32)
          (do
            (try (result i32)
              (do (call $throw-a (i32.const 1)) (i32.const 0))
              (delegate $outer)))
          (catch_all (i32.const 10))))
      (catch $a (i32.add (i32.const 100)))))

  ;; The label is that of a block; the innermost try around the block is next.
  (func (export "to-a-block") (result i32)
    (try (result i32)
      (do
        (block $plain (result i32)
          (try (result i32)
            (do
              (try (result i32)
                (do (call $throw-a (i32.const 2)) (i32.const 0))
                (delegate $plain)))
            (catch_all (i32.const 20)))))
      (catch $a (i32.add (i32.const 200)))))

  ;; A clause is not within its own block: what it throws goes further out.
  (func (export "from-a-clause") (result i32)
    (try (result i32)
      (do
        (try $inner (result i32)
          (do (call $throw-a (i32.const 3)) (i32.const 0))
          (catch $a
            (drop)
            (try (result i32)
              (do (call $throw-b (i32.const 4)) (i32.const 0))
              (delegate $inner)))
          (catch_all (i32.const 30))))
      (catch $b (i32.add (i32.const 300)))))

  ;; Out of the function.
  (func $out (param i32)
    (try
      (do
        (try (do (call $throw-a (local.get 0))) (delegate 1)))
      (catch_all)))
  (func (export "out-of-the-function") (result i32)
    (try (result i32)
      (do (call $out (i32.const 5)) (i32.const 0))
      (catch $a (i32.add (i32.const 400)))))
  (func (export "nobody") (try (do (call $throw-a (i32.const 6))) (delegate 0)))

  ;; The exception of the outer clause, from within the inner one, and the inner one from within a loop.
  (func (export "rethrow-outer") (result i32)
    (try (result i32)
      (do
        (try $outer (result i32)
          (do (call $throw-a (i32.const 7)) (i32.const 0))
          (catch $a
            (drop)
            (try $inner (result i32)
              (do (call $throw-b (i32.const 8)) (i32.const 0))
              (catch $b (drop) (rethrow $outer))))))
      (catch $a (i32.add (i32.const 500)))
      (catch $b (i32.add (i32.const 600)))))
  (func (export "rethrow-inner") (param i32) (result i32)
    (try (result i32)
      (do
        (try (result i32)
          (do (call $throw-a (i32.const 9)) (i32.const 0))
          (catch $a
            (drop)
            (try $inner (result i32)
              (do (call $throw-b (i32.const 11)) (i32.const 0))
              (catch_all
                (loop $again
                  (if (i32.eqz (local.get 0)) (then (rethrow $inner)))
                  (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
                  (br $again))
                (i32.const 40))))))
      (catch $a (i32.add (i32.const 700)))
      (catch $b (i32.add (i32.const 800)))))

  ;; No clause at all.
  (func (export "bare") (result i32) (try (result i32) (do (i32.const 12)))))

(assert_return (invoke "past-a-catch") (i32.const 101))
(assert_return (invoke "to-a-block") (i32.const 202))
(assert_return (invoke "from-a-clause") (i32.const 304))
(assert_return (invoke "out-of-the-function") (i32.const 405))
(assert_exception (invoke "nobody"))
(assert_return (invoke "rethrow-outer") (i32.const 507))
(assert_return (invoke "rethrow-inner" (i32.const 3)) (i32.const 811))
(assert_return (invoke "bare") (i32.const 12))
