;;! [bug]
;;! id = "shared-check-other-path"
;;! layer = "translate"
;;! source = "WebAssembly core specification 3.0, control instructions; bounds checks shared between accesses"
;;! expect = "a check counts only for what is executed after it, with the same address"

;; Red when: compiler/src/translate/known.rs: `PassedChecks::at` keeps what it knows from one block to the
;; next. A load in the branch not taken then stands for the check of the one behind it.

(module
  (memory 1)
  (func (export "if") (param $at i32) (param $c i32) (result i32)
    (if (local.get $c) (then (drop (i32.load offset=8 (local.get $at)))))
    (i32.load (local.get $at)))
  (func (export "else") (param $at i32) (param $c i32) (result i32)
    (if (result i32) (local.get $c)
      (then (drop (i32.load offset=8 (local.get $at))) (i32.const 1))
      (else (i32.load (local.get $at)))))
  (func (export "br_if") (param $at i32) (param $c i32) (result i32)
    (block (br_if 0 (local.get $c)) (drop (i32.load offset=8 (local.get $at))))
    (i32.load (local.get $at)))
  (func (export "far") (param $c i32) (result i32)
    (if (local.get $c) (then (drop (i32.load (i32.const 70000)))))
    (i32.load (i32.const 70000)))
  ;; The address goes up in every round.
  (func (export "loop") (param $at i32) (param $end i32) (result i32)
    (local $sum i32)
    (loop
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u offset=3 (local.get $at))))
      (br_if 0 (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (local.get $end))))
    (local.get $sum))
  ;; The same local variable, another address.
  (func (export "set") (param $at i32) (param $to i32) (result i32)
    (drop (i32.load offset=8 (local.get $at)))
    (local.set $at (local.get $to))
    (i32.load (local.get $at)))
  ;; A smaller offset to a larger address, whose sum wraps.
  (func (export "wraps") (param $at i32) (result i32)
    (drop (i32.load offset=8 (local.get $at)))
    (i32.load (i32.sub (local.get $at) (i32.const 4)))))

(assert_return (invoke "if" (i32.const 65524) (i32.const 1)) (i32.const 0))
(assert_return (invoke "if" (i32.const 65532) (i32.const 0)) (i32.const 0))
(assert_trap (invoke "if" (i32.const 65533) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "if" (i32.const 65525) (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "else" (i32.const 65532) (i32.const 0)) (i32.const 0))
(assert_trap (invoke "else" (i32.const 65533) (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "br_if" (i32.const 65532) (i32.const 1)) (i32.const 0))
(assert_trap (invoke "br_if" (i32.const 65533) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "far" (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "loop" (i32.const 0) (i32.const 65536)) (i32.const 0))
(assert_trap (invoke "loop" (i32.const 0) (i32.const 65537)) "out of bounds memory access")
(assert_return (invoke "set" (i32.const 65520) (i32.const 65532)) (i32.const 0))
(assert_trap (invoke "set" (i32.const 65520) (i32.const 65533)) "out of bounds memory access")
(assert_return (invoke "wraps" (i32.const 4)) (i32.const 0))
(assert_trap (invoke "wraps" (i32.const 0)) "out of bounds memory access")
