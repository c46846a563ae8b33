;;! [bug]
;;! id = "tail-call-of-a-computed-callee"
;;! layer = "codegen"
;;! source = "bytecodealliance/wasmtime#8406"
;;! expect = "a tail call goes to the callee that was computed for it, however many registers its arguments and the caller need"

;; A tail call restores the registers that the caller has saved, and moves its arguments to where the callee wants them,
;; before it jumps. An engine that holds the address of the callee in one of those registers jumps to an argument, or to what
;; the caller's caller had there.
;;
;; Red when: the bound of a table is one element too large (`break=table-bounds`), or a call reaches another function of
;; the same type (`break=relocation`).

(module
  (type $eight (func (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (type $five (func (param i32 i32 i32 i32 i32) (result i64)))
  (type $mixed (func (param f64 i64 f64 i64 v128 i64 f64 i64 i32 i64 i64 v128) (result i64)))
  (type $two (func (result i64)))

  ;; Two functions of each type: the address of the callee is not known before the call.
  (func $sum (type $eight)
    (i64.add
      (i64.add (i64.add (local.get 0) (i64.shl (local.get 1) (i64.const 4)))
        (i64.add (i64.shl (local.get 2) (i64.const 8)) (i64.shl (local.get 3) (i64.const 12))))
      (i64.add (i64.add (i64.shl (local.get 4) (i64.const 16)) (i64.shl (local.get 5) (i64.const 20)))
        (i64.add (i64.shl (local.get 6) (i64.const 24)) (i64.shl (local.get 7) (i64.const 28))))))
  (func $first (type $eight) (local.get 0))
  (func $packed (type $five)
    (i64.extend_i32_u
      (i32.or
        (i32.or (local.get 0) (i32.or (i32.shl (local.get 1) (i32.const 4)) (i32.shl (local.get 2) (i32.const 8))))
        (i32.or (i32.shl (local.get 3) (i32.const 12)) (i32.shl (local.get 4) (i32.const 16))))))
  (func $last (type $five) (i64.extend_i32_u (local.get 4)))
  (func $of-mixed (type $mixed)
    (i64.add
      (i64.add
        (i64.add (i64.trunc_f64_s (f64.add (local.get 0) (f64.add (local.get 2) (local.get 6))))
          (i64.mul (i64.add (local.get 1) (local.get 3)) (i64.const 1000)))
        (i64.mul (i64.add (local.get 5) (local.get 7)) (i64.const 1000000)))
      (i64.add
        (i64.mul (i64.extend_i32_u (local.get 8)) (i64.const 100000000))
        (i64.mul
          (i64.add (i64.add (local.get 9) (local.get 10))
            (i64.add (i64x2.extract_lane 1 (local.get 4)) (i64x2.extract_lane 0 (local.get 11))))
          (i64.const 10000000000)))))
  (func $of-mixed-2 (type $mixed) (local.get 10))
  (table $t funcref (elem $sum $first $packed $last $of-mixed $of-mixed-2 $one $two))
  (func $one (type $two) (i64.const 1))
  (func $two (type $two) (i64.const 2))
  (memory 1)

  ;; Nine values live across a call: all registers that a callee preserves have been saved and are restored before the
  ;; tail call.
  (func $busy (param i64) (result i64) (i64.store (i32.const 0) (local.get 0)) (i64.load (i32.const 0)))
  (func (export "after-call") (param $index i32) (param $x i64) (result i64)
    (local $a i64) (local $b i64) (local $c i64) (local $d i64) (local $e i64) (local $f i64) (local $g i64) (local $h i64)
    (local.set $a (i64.and (local.get $x) (i64.const 15)))
    (local.set $b (i64.add (local.get $a) (i64.const 1)))
    (local.set $c (i64.add (local.get $a) (i64.const 2)))
    (local.set $d (i64.add (local.get $a) (i64.const 3)))
    (local.set $e (i64.add (local.get $a) (i64.const 4)))
    (local.set $f (i64.add (local.get $a) (i64.const 5)))
    (local.set $g (i64.add (local.get $a) (i64.const 6)))
    (local.set $h (i64.add (local.get $a) (i64.const 7)))
    (local.set $index (i32.add (local.get $index) (i32.wrap_i64 (call $busy (i64.const 0)))))
    (local.set $b (call $busy (local.get $b)))
    (return_call_indirect $t (type $eight)
      (local.get $a) (local.get $b) (local.get $c) (local.get $d) (local.get $e) (local.get $f) (local.get $g)
      (local.get $h) (local.get $index)))

  ;; The index is computed from every argument, after the last of them.
  (func (export "computed") (param i32 i32 i32 i32 i32) (result i64)
    (return_call_indirect $t (type $five)
      (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0)
      (i32.add (i32.const 2)
        (i32.and (i32.const 1)
          (i32.xor (local.get 0)
            (i32.xor (i32.xor (local.get 1) (local.get 2)) (i32.xor (local.get 3) (local.get 4))))))))

  ;; The index comes from memory, and from a load that a preserved register holds the address of.
  (func (export "loaded") (param $at i32) (result i64)
    (drop (call $busy (i64.const 6)))
    (i32.store (i32.const 64) (i32.const 7))
    (i32.store (i32.const 68) (i32.const 6))
    (return_call_indirect $t (type $two) (i32.load offset=64 (local.get $at))))

  ;; More arguments than registers, of all kinds.
  (func (export "mixed") (param $index i32) (param $x i64) (result i64) (local $f f64)
    (local.set $f (f64.convert_i64_s (local.get $x)))
    (local.set $x (call $busy (local.get $x)))
    (return_call_indirect $t (type $mixed)
      (local.get $f) (local.get $x) (f64.add (local.get $f) (f64.const 1)) (i64.add (local.get $x) (i64.const 1))
      (i64x2.splat (local.get $x)) (i64.add (local.get $x) (i64.const 2)) (f64.const 5) (local.get $x)
      (i32.wrap_i64 (local.get $x)) (local.get $x) (i64.const 9) (i64x2.splat (i64.add (local.get $x) (i64.const 3)))
      (i32.add (local.get $index) (i32.const 4))))

  ;; A million times to one of two that both go on so, with values that live across a call before each.
  (type $turn (func (param i32 i64 i64 i64) (result i64)))
  (table $turns funcref (elem $even $odd))
  (func $even (type $turn)
    (if (i32.eqz (local.get 0)) (then (return (i64.add (local.get 1) (i64.add (local.get 2) (local.get 3))))))
    (local.set 1 (call $busy (i64.add (local.get 1) (i64.const 1))))
    (return_call_indirect $turns (type $turn)
      (i32.sub (local.get 0) (i32.const 1)) (local.get 2) (local.get 3) (local.get 1)
      (i32.rem_u (local.get 0) (i32.const 2))))
  (func $odd (type $turn)
    (if (i32.eqz (local.get 0)) (then (return (i64.sub (i64.const 0) (i64.add (local.get 1) (local.get 2))))))
    (local.set 3 (call $busy (i64.add (local.get 3) (i64.const 2))))
    (return_call_indirect $turns (type $turn)
      (i32.sub (local.get 0) (i32.const 1)) (local.get 1) (local.get 3) (local.get 2)
      (i32.rem_u (i32.sub (local.get 0) (i32.const 1)) (i32.const 2))))
  (func (export "turns") (param i32) (result i64)
    (call $even (local.get 0) (i64.const 0) (i64.const 0) (i64.const 0)))

  ;; What is not there, or of another type, traps as it does for a call.
  (func (export "checked") (param i32) (result i64)
    (drop (call $busy (i64.const 1)))
    (return_call_indirect $t (type $two) (local.get 0))))

(assert_return (invoke "after-call" (i32.const 0) (i64.const 1)) (i64.const 0x87654321))
(assert_return (invoke "after-call" (i32.const 1) (i64.const 1)) (i64.const 1))
(assert_return (invoke "after-call" (i32.const 0) (i64.const 8)) (i64.const 0xfedcba98))
(assert_trap (invoke "after-call" (i32.const 2) (i64.const 1)) "indirect call type mismatch")
(assert_return (invoke "computed" (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5)) (i64.const 1))
(assert_return (invoke "computed" (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 4)) (i64.const 0x12344))
(assert_return (invoke "loaded" (i32.const 0)) (i64.const 2))
(assert_return (invoke "loaded" (i32.const 4)) (i64.const 1))
(assert_trap (invoke "loaded" (i32.const 65469)) "out of bounds memory access")
(assert_return (invoke "mixed" (i32.const 0) (i64.const 3)) (i64.const 210308007012))
(assert_return (invoke "mixed" (i32.const 1) (i64.const 3)) (i64.const 9))
(assert_return (invoke "turns" (i32.const 0)) (i64.const 0))
(assert_return (invoke "turns" (i32.const 1)) (i64.const 0))
(assert_return (invoke "turns" (i32.const 3)) (i64.const 5))
(assert_return (invoke "turns" (i32.const 1000000)) (i64.const 1500000))
(assert_trap (invoke "checked" (i32.const 0)) "indirect call type mismatch")
(assert_trap (invoke "checked" (i32.const 8)) "undefined element")
(assert_return (invoke "checked" (i32.const 6)) (i64.const 1))

(module
  (type $eight (func (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))
  (func $sum (type $eight)
    (i64.add
      (i64.add (i64.add (local.get 0) (i64.shl (local.get 1) (i64.const 4)))
        (i64.add (i64.shl (local.get 2) (i64.const 8)) (i64.shl (local.get 3) (i64.const 12))))
      (i64.add (i64.add (i64.shl (local.get 4) (i64.const 16)) (i64.shl (local.get 5) (i64.const 20)))
        (i64.add (i64.shl (local.get 6) (i64.const 24)) (i64.shl (local.get 7) (i64.const 28))))))
  (func $first (type $eight) (local.get 0))
  (table $typed 2 (ref null $eight) (ref.func $sum))
  (elem (table $typed) (i32.const 1) (ref null $eight) (ref.func $first))
  (elem declare func $sum $first)
  (memory 1)
  (func $busy (param i64) (result i64) (i64.store (i32.const 0) (local.get 0)) (i64.load (i32.const 0)))

  ;; By reference: the reference is one of many values, chosen late, and from a table of such references.
  (func (export "by-reference") (param $which i32) (param $x i64) (result i64) (local $r (ref null $eight))
    (local.set $r (select (result (ref $eight)) (ref.func $sum) (ref.func $first) (local.get $which)))
    (local.set $x (call $busy (local.get $x)))
    (return_call_ref $eight
      (local.get $x) (i64.const 2) (i64.const 3) (local.get $x) (i64.const 5) (i64.const 6) (i64.const 7) (local.get $x)
      (local.get $r)))
  (func (export "from-table") (param $which i32) (param $x i64) (result i64)
    (local.set $x (call $busy (local.get $x)))
    (return_call_ref $eight
      (i64.const 1) (local.get $x) (i64.const 3) (local.get $x) (i64.const 5) (local.get $x) (i64.const 7) (local.get $x)
      (table.get $typed (local.get $which)))))
(assert_return (invoke "by-reference" (i32.const 1) (i64.const 9)) (i64.const 0x97659329))
(assert_return (invoke "by-reference" (i32.const 0) (i64.const 9)) (i64.const 9))
(assert_return (invoke "from-table" (i32.const 0) (i64.const 4)) (i64.const 0x47454341))
(assert_return (invoke "from-table" (i32.const 1) (i64.const 4)) (i64.const 1))
(assert_trap (invoke "from-table" (i32.const 2) (i64.const 4)) "out of bounds table access")
