;;! [bug]
;;! id = "hinted-branches"
;;! layer = "codegen"
;;! source = "WebAssembly/branch-hinting; bytecodealliance/wasmtime, cold blocks by branch hints"
;;! expect = "hints, right or wrong, change no result, no trap and no order of effects"

;; A hint moves blocks. Code that is moved has to keep its branches, its arguments, its loops and the sites of its traps;
;; and a block that is unlikely by one branch and likely by another has to be reached from both.
;;
;; Red when: compiler/src/translate/control.rs: `br_if` exchanges the targets of a branch that has a hint.

(module
  (global $trace (mut i32) (i32.const 0))
  (memory 1)
  (func $note (param i32)
    (global.set $trace (i32.add (i32.mul (global.get $trace) (i32.const 10)) (local.get 0))))
  (func (export "trace") (result i32) (global.get $trace) (global.set $trace (i32.const 0)))

  (func (export "unlikely") (param i32) (result i32)
    (@metadata.code.branch_hint "\00")
    (if (result i32) (local.get 0)
      (then (call $note (i32.const 1)) (i32.const 10))
      (else (call $note (i32.const 2)) (i32.const 20))))
  (func (export "likely") (param i32) (result i32)
    (@metadata.code.branch_hint "\01")
    (if (result i32) (local.get 0)
      (then (call $note (i32.const 1)) (i32.const 10))
      (else (call $note (i32.const 2)) (i32.const 20))))

  ;; One block, reached by an unlikely branch, a likely one and by falling through.
  (func (export "joined") (param i32 i32) (result i32)
    (block $out (result i32)
      (i32.const 1)
      (@metadata.code.branch_hint "\00")
      (br_if $out (local.get 0))
      (drop)
      (i32.const 2)
      (@metadata.code.branch_hint "\01")
      (br_if $out (local.get 1))
      (i32.const 30)
      (i32.add))
    (call $note (i32.const 3)))

  ;; All of a loop is unlikely, with its exit and its trap.
  (func (export "sum") (param $n i32) (result i32) (local $s i32)
    (@metadata.code.branch_hint "\00")
    (if (local.get $n)
      (then
        (loop $again
          (local.set $s (i32.add (local.get $s) (i32.div_u (i32.const 100) (i32.sub (i32.const 5) (local.get $n)))))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (@metadata.code.branch_hint "\01")
          (br_if $again (local.get $n)))))
    (local.get $s))

  ;; Nested: the likely way of an unlikely way.
  (func (export "nested") (param i32 i32) (result i32)
    (block $cold
      (@metadata.code.branch_hint "\00")
      (br_if $cold (local.get 0))
      (return (i32.const 1)))
    (@metadata.code.branch_hint "\01")
    (if (result i32) (local.get 1)
      (then (i32.load (i32.const 65533)))
      (else (call $note (i32.const 4)) (i32.const 2))))

  ;; Branches to the function's own end, and back to the start of a loop, hinted against what happens.
  (func (export "count") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (@metadata.code.branch_hint "\00")
      (br_if $again (i32.lt_u (local.get $i) (local.get $n)))
      (local.get $i)
      (@metadata.code.branch_hint "\00")
      (br_if 1 (i32.const 1))
      (drop))
    (unreachable)))

(assert_return (invoke "unlikely" (i32.const 0)) (i32.const 20))
(assert_return (invoke "unlikely" (i32.const 1)) (i32.const 10))
(assert_return (invoke "likely" (i32.const 0)) (i32.const 20))
(assert_return (invoke "likely" (i32.const 1)) (i32.const 10))
(assert_return (invoke "trace") (i32.const 2121))
(assert_return (invoke "joined" (i32.const 0) (i32.const 0)) (i32.const 32))
(assert_return (invoke "joined" (i32.const 1) (i32.const 0)) (i32.const 1))
(assert_return (invoke "joined" (i32.const 0) (i32.const 1)) (i32.const 2))
(assert_return (invoke "trace") (i32.const 333))
(assert_return (invoke "sum" (i32.const 0)) (i32.const 0))
(assert_return (invoke "sum" (i32.const 4)) (i32.const 208))
(assert_trap (invoke "sum" (i32.const 5)) "integer divide by zero")
(assert_return (invoke "nested" (i32.const 0) (i32.const 1)) (i32.const 1))
(assert_return (invoke "nested" (i32.const 1) (i32.const 0)) (i32.const 2))
(assert_trap (invoke "nested" (i32.const 1) (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "trace") (i32.const 4))
(assert_return (invoke "count" (i32.const 0)) (i32.const 1))
(assert_return (invoke "count" (i32.const 1000)) (i32.const 1000))
