;;! [bug]
;;! id = "store-in-loop"
;;! layer = "optimizer"
;;! source = "bytecodealliance/wasmtime#13990"
;;! expect = "a store in a loop is visible to the next iteration, after a trap, and after the loop"

;; A store in a loop is overwritten in the next turn or after the loop, and looks superfluous; but the path
;; back to the head of the loop, or a way out of it, leads past a load, a trap or the end of the function.
;;
;; Red when: cranelift-codegen, src/alias_analysis.rs: readonly loads observe nothing, as is true, and neither
;; do instructions that can trap, or a store to another address leaves the last store what it is.

(module
  (memory 1)
  (func (export "read") (param $at i32) (result i32) (i32.load (local.get $at)))
  (func (export "write") (param $at i32) (param $value i32) (i32.store (local.get $at) (local.get $value)))

  ;; Each turn loads what the turn before stored; a store after the loop overwrites the last one.
  (func (export "sum") (param $at i32) (param $turns i32) (result i32)
    (local $i i32) (local $sum i32)
    (i32.store (local.get $at) (i32.const 1000))
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
      (i32.store (local.get $at) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $turns))))
    (i32.store (local.get $at) (i32.const -1))
    (local.get $sum))

  ;; The same with the load through a second address, which may be the same one.
  (func (export "sum-alias") (param $at i32) (param $alias i32) (param $turns i32) (result i32)
    (local $i i32) (local $sum i32)
    (i32.store (local.get $at) (i32.const 1000))
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $alias))))
      (i32.store (local.get $at) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $turns))))
    (i32.store (local.get $at) (i32.const -1))
    (local.get $sum))

  ;; The store of each turn is overwritten in the same turn, unless the loop is left between the two.
  (func (export "leave") (param $at i32) (param $turn i32)
    (local $i i32)
    (block $out
      (loop $again
        (i32.store (local.get $at) (local.get $i))
        (br_if $out (i32.eq (local.get $i) (local.get $turn)))
        (i32.store (local.get $at) (i32.const -1))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $again))))

  ;; The store of each turn is overwritten by the next turn, which may not come.
  (func (export "last-turn") (param $at i32) (param $turns i32)
    (local $i i32)
    (loop $again
      (i32.store (local.get $at) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $turns)))))

  ;; The loop may make no turn: what was stored before it is there then. A store after it comes only sometimes.
  (func (export "no-turn") (param $at i32) (param $turns i32) (param $after i32) (result i32)
    (i32.store (local.get $at) (i32.const 77))
    (block $out
      (loop $again
        (br_if $out (i32.eqz (local.get $turns)))
        (i32.store (local.get $at) (local.get $turns))
        (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
        (br $again)))
    (if (local.get $after) (then (i32.store (local.get $at) (i32.const -1))))
    (i32.load (local.get $at)))

  ;; A division in the middle of a turn: the store before it is what is left when it traps.
  (func (export "trap") (param $at i32) (param $turn i32)
    (local $i i32)
    (loop $again
      (i32.store (local.get $at) (local.get $i))
      (drop (i32.div_u (i32.const 100) (i32.sub (local.get $turn) (local.get $i))))
      (i32.store (local.get $at) (i32.const -1))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $again)))

  ;; The walk stores the same counter and a byte that moves towards the end of memory.
  (func (export "walk-off") (param $at i32) (param $walk i32)
    (local $i i32)
    (loop $again
      (i32.store (local.get $at) (local.get $i))
      (i32.store8 (local.get $walk) (i32.const 0))
      (i32.store (local.get $at) (i32.const -1))
      (local.set $walk (i32.add (local.get $walk) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $again)))

  ;; An inner loop, whose store the outer loop overwrites, and which returns from the middle of everything.
  (func (export "nested") (param $at i32) (param $outer i32) (param $inner i32)
    (local $i i32) (local $j i32)
    (loop $outer-again
      (local.set $j (i32.const 0))
      (loop $inner-again
        (i32.store (local.get $at) (i32.add (i32.mul (local.get $i) (i32.const 100)) (local.get $j)))
        (if (i32.and (i32.eq (local.get $i) (local.get $outer)) (i32.eq (local.get $j) (local.get $inner)))
          (then (return)))
        (local.set $j (i32.add (local.get $j) (i32.const 1)))
        (br_if $inner-again (i32.lt_u (local.get $j) (i32.const 5))))
      (i32.store (local.get $at) (i32.const -1))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $outer-again (i32.lt_u (local.get $i) (i32.const 5)))))

  ;; Every other turn overwrites; the others look at what the turn before them stored.
  (func (export "every-other") (param $at i32) (param $turns i32) (result i32)
    (local $i i32) (local $sum i32)
    (loop $again
      (if (i32.and (local.get $i) (i32.const 1))
        (then (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at)))))
        (else (i32.store (local.get $at) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $turns))))
    (i32.store (local.get $at) (i32.const -1))
    (local.get $sum))

  ;; A narrow store does not overwrite the wide one of the turn before.
  (func (export "narrow") (param $at i32) (param $turns i32) (result i32)
    (local $i i32)
    (loop $again
      (i32.store (local.get $at) (i32.const 0x0403_0201))
      (i32.store8 (local.get $at) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $turns))))
    (i32.load (local.get $at)))

  ;; The length of a memory that the loop grows is not that of the turn before.
  (func (export "grow-until") (param $pages i32) (result i32)
    (local $turns i32)
    (loop $again
      (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
      (drop (memory.grow (i32.const 1)))
      (br_if $again (i32.lt_u (memory.size) (local.get $pages))))
    (local.get $turns)))

(assert_return (invoke "sum" (i32.const 0) (i32.const 1)) (i32.const 1000))
(assert_return (invoke "sum" (i32.const 0) (i32.const 5)) (i32.const 1006))
(assert_return (invoke "read" (i32.const 0)) (i32.const -1))
(assert_return (invoke "sum" (i32.const 65532) (i32.const 5)) (i32.const 1006))
(assert_trap (invoke "sum" (i32.const 65533) (i32.const 5)) "out of bounds memory access")
(assert_return (invoke "sum-alias" (i32.const 0) (i32.const 0) (i32.const 5)) (i32.const 1006))
(invoke "write" (i32.const 8) (i32.const 3))
(assert_return (invoke "sum-alias" (i32.const 0) (i32.const 8) (i32.const 5)) (i32.const 15))
(assert_return (invoke "read" (i32.const 8)) (i32.const 3))
(invoke "write" (i32.const 4) (i32.const 0))
;; One byte on: 1000 is 0x3e8.
(assert_return (invoke "sum-alias" (i32.const 0) (i32.const 1) (i32.const 5)) (i32.const 3))

(assert_return (invoke "leave" (i32.const 0) (i32.const 0)))
(assert_return (invoke "read" (i32.const 0)) (i32.const 0))
(assert_return (invoke "leave" (i32.const 0) (i32.const 6)))
(assert_return (invoke "read" (i32.const 0)) (i32.const 6))
(assert_return (invoke "last-turn" (i32.const 0) (i32.const 0)))
(assert_return (invoke "read" (i32.const 0)) (i32.const 0))
(assert_return (invoke "last-turn" (i32.const 0) (i32.const 7)))
(assert_return (invoke "read" (i32.const 0)) (i32.const 6))

(assert_return (invoke "no-turn" (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 77))
(assert_return (invoke "no-turn" (i32.const 0) (i32.const 0) (i32.const 1)) (i32.const -1))
(assert_return (invoke "no-turn" (i32.const 0) (i32.const 9) (i32.const 0)) (i32.const 1))
(assert_return (invoke "no-turn" (i32.const 0) (i32.const 9) (i32.const 1)) (i32.const -1))
(assert_return (invoke "read" (i32.const 0)) (i32.const -1))

(assert_trap (invoke "trap" (i32.const 0) (i32.const 0)) "integer divide by zero")
(assert_return (invoke "read" (i32.const 0)) (i32.const 0))
(assert_trap (invoke "trap" (i32.const 0) (i32.const 4)) "integer divide by zero")
(assert_return (invoke "read" (i32.const 0)) (i32.const 4))
(assert_trap (invoke "walk-off" (i32.const 0) (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke "read" (i32.const 0)) (i32.const 0))
(assert_trap (invoke "walk-off" (i32.const 0) (i32.const 65530)) "out of bounds memory access")
(assert_return (invoke "read" (i32.const 0)) (i32.const 6))

(assert_return (invoke "nested" (i32.const 0) (i32.const 0) (i32.const 0)))
(assert_return (invoke "read" (i32.const 0)) (i32.const 0))
(assert_return (invoke "nested" (i32.const 0) (i32.const 3) (i32.const 2)))
(assert_return (invoke "read" (i32.const 0)) (i32.const 302))
(assert_return (invoke "nested" (i32.const 0) (i32.const 9) (i32.const 9)))
(assert_return (invoke "read" (i32.const 0)) (i32.const -1))

(assert_return (invoke "every-other" (i32.const 0) (i32.const 6)) (i32.const 6))
(assert_return (invoke "read" (i32.const 0)) (i32.const -1))
(assert_return (invoke "narrow" (i32.const 0) (i32.const 1)) (i32.const 0x0403_0200))
(assert_return (invoke "narrow" (i32.const 0) (i32.const 0xff)) (i32.const 0x0403_02fe))
(assert_return (invoke "grow-until" (i32.const 2)) (i32.const 1))
(assert_return (invoke "grow-until" (i32.const 5)) (i32.const 3))
