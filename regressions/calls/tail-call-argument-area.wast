;;! [bug]
;;! id = "tail-call-argument-area"
;;! layer = "codegen"
;;! source = "bytecodealliance/wasmtime#6581, bytecodealliance/wasmtime#6582, bytecodealliance/wasmtime#8275"
;;! expect = "a tail call whose callee takes more or fewer stack arguments than the caller runs in constant stack, and all arguments arrive"

;; The arguments of a tail call lie where the caller's own lay, and the two areas may be of different size. An engine
;; that does not move the return address along loses a few bytes of stack with each call, or overwrites arguments
;; that it has not copied yet.
;;
;; Red when: compiler/src/translate/call.rs: `emit_call` emits a call and a return for `Ending::Replaces`.

(module
  (type $few (func (param i32 i64) (result i64)))
  (type $many (func (param i32 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)
    (result i64)))
  (table funcref (elem $few $many $swap))

  (func $few (type $few)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $many (i32.sub (local.get 0) (i32.const 1))
      (i64.add (local.get 1) (i64.const 1))
      (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8)
      (i64.const 9) (i64.const 10) (i64.const 11) (i64.const 12)
      (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5) (f64.const 6) (f64.const 7)
      (f64.const 8) (f64.const 9) (f64.const 10)))

  ;; Every argument counts: the result is wrong if any of them is.
  (func $many (type $many)
    (if (i64.ne
          (i64.add
            (i64.add
              (i64.add (i64.add (local.get 2) (local.get 3)) (i64.add (local.get 4) (local.get 5)))
              (i64.add (i64.add (local.get 6) (local.get 7)) (i64.add (local.get 8) (local.get 9))))
            (i64.add (local.get 10) (i64.add (local.get 11) (local.get 12))))
          (i64.const 77))
      (then unreachable))
    (if (f64.ne
          (f64.add
            (f64.add
              (f64.add (f64.add (local.get 13) (local.get 14)) (f64.add (local.get 15) (local.get 16)))
              (f64.add (f64.add (local.get 17) (local.get 18)) (f64.add (local.get 19) (local.get 20))))
            (f64.add (local.get 21) (local.get 22)))
          (f64.const 55))
      (then unreachable))
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_indirect (type $few) (i32.sub (local.get 0) (i32.const 1))
      (i64.add (local.get 1) (i64.const 1)) (i32.const 0)))

  ;; Arguments that trade places, on the stack too.
  (func $swap (type $many)
    (if (i32.eqz (local.get 0))
      (then (return (i64.add (i64.mul (local.get 11) (i64.const 100)) (local.get 12)))))
    (return_call_indirect (type $many) (i32.sub (local.get 0) (i32.const 1))
      (local.get 2) (local.get 1) (local.get 4) (local.get 3) (local.get 6) (local.get 5) (local.get 8) (local.get 7)
      (local.get 10) (local.get 9) (local.get 12) (local.get 11)
      (local.get 14) (local.get 13) (local.get 16) (local.get 15) (local.get 18) (local.get 17) (local.get 20)
      (local.get 19) (local.get 22) (local.get 21) (i32.const 2)))

  (func (export "back-and-forth") (param i32) (result i64) (call $few (local.get 0) (i64.const 0)))
  (func (export "swap") (param i32) (result i64)
    (call $swap (local.get 0) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)
      (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10) (i64.const 11) (i64.const 12)
      (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5) (f64.const 6) (f64.const 7)
      (f64.const 8) (f64.const 9) (f64.const 10))))

(assert_return (invoke "back-and-forth" (i32.const 0)) (i64.const 0))
(assert_return (invoke "back-and-forth" (i32.const 1)) (i64.const 1))
(assert_return (invoke "back-and-forth" (i32.const 1000000)) (i64.const 1000000))
(assert_return (invoke "swap" (i32.const 0)) (i64.const 1112))
(assert_return (invoke "swap" (i32.const 1)) (i64.const 1211))
(assert_return (invoke "swap" (i32.const 1000001)) (i64.const 1211))
