;;! [bug]
;;! id = "roots-through-calls"
;;! layer = "codegen"
;;! source = "bytecodealliance/wasmtime#11753, #12862, #14452, #10171, CVE-2021-39216, CVE-2021-39218, CVE-2022-24791"
;;! expect = "references in parameters, in arguments of all kinds of calls, in results and in handlers are the same objects after what was called has moved them"

;; What a call does moves every object, while the caller, the callee and all frames above hold references: in registers,
;; in the frame, or in the part of the stack that arguments and results take. An engine that does not know one of these
;; places goes on with a reference to where the object was.
;;
;; Red when: compiler/src/translate/references.rs: `track` declares no value.

(module
  (type $c (sub (struct (field (mut i32)))))
  (type $many (func (param
    (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c)
    (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c)
    (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c))
    (result i32)))
  (type $garbage (array (mut anyref)))
  (tag $e (param (ref null $c) i64 funcref (ref null $c)))
  (table $functions funcref (elem $many $many-tail))
  (elem declare func $many $many-tail)

  ;; More than the two halves of a small heap, so that what was left behind is overwritten.
  (func $garbage (local $n i32)
    (loop $l
      (drop (array.new_default $garbage (i32.const 20000)))
      (drop (struct.new $c (i32.const 9)))
      (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 20)))))
  (func $times (param (ref null $c) i32) (result i32)
    (call $garbage)
    (i32.mul (struct.get $c 0 (local.get 0)) (local.get 1)))

  ;; Some of the parameters come in registers, the others on the stack, and all live across the calls.
  (func $many (type $many)
    (call $garbage)
    (i32.const 0)
    (call $times (local.get 0) (i32.const 1)) (i32.add)
    (call $times (local.get 1) (i32.const 2)) (i32.add)
    (call $times (local.get 2) (i32.const 3)) (i32.add)
    (call $times (local.get 3) (i32.const 4)) (i32.add)
    (call $times (local.get 4) (i32.const 5)) (i32.add)
    (call $times (local.get 5) (i32.const 6)) (i32.add)
    (call $times (local.get 6) (i32.const 7)) (i32.add)
    (call $times (local.get 7) (i32.const 8)) (i32.add)
    (call $times (local.get 8) (i32.const 9)) (i32.add)
    (call $times (local.get 9) (i32.const 10)) (i32.add)
    (call $times (local.get 10) (i32.const 11)) (i32.add)
    (call $times (local.get 11) (i32.const 12)) (i32.add)
    (call $times (local.get 12) (i32.const 13)) (i32.add)
    (call $times (local.get 13) (i32.const 14)) (i32.add)
    (call $times (local.get 14) (i32.const 15)) (i32.add)
    (call $times (local.get 15) (i32.const 16)) (i32.add)
    (call $times (local.get 16) (i32.const 17)) (i32.add)
    (call $times (local.get 17) (i32.const 18)) (i32.add)
    (call $times (local.get 18) (i32.const 19)) (i32.add)
    (call $times (local.get 19) (i32.const 20)) (i32.add)
    (call $times (local.get 20) (i32.const 21)) (i32.add)
    (call $times (local.get 21) (i32.const 22)) (i32.add)
    (call $times (local.get 22) (i32.const 23)) (i32.add)
    (call $times (local.get 23) (i32.const 24)) (i32.add))
  ;; The arguments are written to where its own parameters came.
  (func $many-tail (type $many)
    (call $garbage)
    (return_call $many
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7)
    (local.get 8) (local.get 9) (local.get 10) (local.get 11) (local.get 12) (local.get 13) (local.get 14) (local.get
    15) (local.get 16) (local.get 17) (local.get 18) (local.get 19) (local.get 20) (local.get 21) (local.get 22)
    (local.get 23)))
  (func $results (result
    (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c)
    (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c)
    (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c) (ref null $c))
    (struct.new $c (i32.const 0)) (struct.new $c (i32.const 1)) (struct.new $c (i32.const 2)) (struct.new $c
    (i32.const 3)) (struct.new $c (i32.const 4)) (struct.new $c (i32.const 5)) (struct.new $c (i32.const 6))
    (struct.new $c (i32.const 7)) (struct.new $c (i32.const 8)) (struct.new $c (i32.const 9)) (struct.new $c
    (i32.const 10)) (struct.new $c (i32.const 11)) (struct.new $c (i32.const 12)) (struct.new $c (i32.const 13))
    (struct.new $c (i32.const 14)) (struct.new $c (i32.const 15)) (struct.new $c (i32.const 16)) (struct.new $c
    (i32.const 17)) (struct.new $c (i32.const 18)) (struct.new $c (i32.const 19)) (struct.new $c (i32.const 20))
    (struct.new $c (i32.const 21)) (struct.new $c (i32.const 22)) (struct.new $c (i32.const 23))
    (call $garbage))

  (func (export "direct") (result i32)
    (call $many
    (struct.new $c (i32.const 0)) (struct.new $c (i32.const 1)) (struct.new $c (i32.const 2)) (struct.new $c
    (i32.const 3)) (struct.new $c (i32.const 4)) (struct.new $c (i32.const 5)) (struct.new $c (i32.const 6))
    (struct.new $c (i32.const 7)) (struct.new $c (i32.const 8)) (struct.new $c (i32.const 9)) (struct.new $c
    (i32.const 10)) (struct.new $c (i32.const 11)) (struct.new $c (i32.const 12)) (struct.new $c (i32.const 13))
    (struct.new $c (i32.const 14)) (struct.new $c (i32.const 15)) (struct.new $c (i32.const 16)) (struct.new $c
    (i32.const 17)) (struct.new $c (i32.const 18)) (struct.new $c (i32.const 19)) (struct.new $c (i32.const 20))
    (struct.new $c (i32.const 21)) (struct.new $c (i32.const 22)) (struct.new $c (i32.const 23))))
  (func (export "tail") (result i32)
    (struct.new $c (i32.const 0)) (struct.new $c (i32.const 1)) (struct.new $c (i32.const 2)) (struct.new $c
    (i32.const 3)) (struct.new $c (i32.const 4)) (struct.new $c (i32.const 5)) (struct.new $c (i32.const 6))
    (struct.new $c (i32.const 7)) (struct.new $c (i32.const 8)) (struct.new $c (i32.const 9)) (struct.new $c
    (i32.const 10)) (struct.new $c (i32.const 11)) (struct.new $c (i32.const 12)) (struct.new $c (i32.const 13))
    (struct.new $c (i32.const 14)) (struct.new $c (i32.const 15)) (struct.new $c (i32.const 16)) (struct.new $c
    (i32.const 17)) (struct.new $c (i32.const 18)) (struct.new $c (i32.const 19)) (struct.new $c (i32.const 20))
    (struct.new $c (i32.const 21)) (struct.new $c (i32.const 22)) (struct.new $c (i32.const 23))
    (call $garbage)
    (return_call $many-tail))
  (func (export "indirect") (param i32) (result i32)
    (struct.new $c (i32.const 0)) (struct.new $c (i32.const 1)) (struct.new $c (i32.const 2)) (struct.new $c
    (i32.const 3)) (struct.new $c (i32.const 4)) (struct.new $c (i32.const 5)) (struct.new $c (i32.const 6))
    (struct.new $c (i32.const 7)) (struct.new $c (i32.const 8)) (struct.new $c (i32.const 9)) (struct.new $c
    (i32.const 10)) (struct.new $c (i32.const 11)) (struct.new $c (i32.const 12)) (struct.new $c (i32.const 13))
    (struct.new $c (i32.const 14)) (struct.new $c (i32.const 15)) (struct.new $c (i32.const 16)) (struct.new $c
    (i32.const 17)) (struct.new $c (i32.const 18)) (struct.new $c (i32.const 19)) (struct.new $c (i32.const 20))
    (struct.new $c (i32.const 21)) (struct.new $c (i32.const 22)) (struct.new $c (i32.const 23))
    (call_indirect $functions (type $many) (local.get 0)))
  (func (export "by-reference") (result i32)
    (struct.new $c (i32.const 0)) (struct.new $c (i32.const 1)) (struct.new $c (i32.const 2)) (struct.new $c
    (i32.const 3)) (struct.new $c (i32.const 4)) (struct.new $c (i32.const 5)) (struct.new $c (i32.const 6))
    (struct.new $c (i32.const 7)) (struct.new $c (i32.const 8)) (struct.new $c (i32.const 9)) (struct.new $c
    (i32.const 10)) (struct.new $c (i32.const 11)) (struct.new $c (i32.const 12)) (struct.new $c (i32.const 13))
    (struct.new $c (i32.const 14)) (struct.new $c (i32.const 15)) (struct.new $c (i32.const 16)) (struct.new $c
    (i32.const 17)) (struct.new $c (i32.const 18)) (struct.new $c (i32.const 19)) (struct.new $c (i32.const 20))
    (struct.new $c (i32.const 21)) (struct.new $c (i32.const 22)) (struct.new $c (i32.const 23))
    (ref.func $many-tail)
    (call_ref $many))
  (func (export "results") (result i32) (call $many (call $results)))

  (func $throw (param $x (ref null $c)) (param $odd i32)
    (call $garbage)
    (if (i32.and (local.get $odd) (i32.const 1))
      (then (throw $e (local.get $x) (i64.const 77) (ref.func $many) (struct.new $c (i32.const 5))))))
  ;; Two references that every turn replaces, before or after a call that throws.
  (func (export "handlers") (param $n i32) (result i32)
    (local $x (ref null $c)) (local $y (ref null $c)) (local $i i32) (local $sum i32)
    (local.set $x (struct.new $c (i32.const 1000)))
    (local.set $y (struct.new $c (i32.const 1)))
    (loop $l
      (block $out
        (block $h (result (ref null $c) i64 funcref (ref null $c))
          (try_table (catch $e $h)
            (local.set $x (struct.new $c (i32.add (struct.get $c 0 (local.get $x)) (i32.const 1))))
            (call $throw (local.get $x) (local.get $i))
            (local.set $y (struct.new $c (i32.add (struct.get $c 0 (local.get $y)) (i32.const 3))))
            (call $throw (local.get $y) (i32.shr_u (local.get $i) (i32.const 1)))
            (local.set $x (struct.new $c (i32.add (struct.get $c 0 (local.get $x)) (i32.const 10000)))))
          (br $out))
        (call $garbage)
        (local.set $sum (i32.add (struct.get $c 0) (local.get $sum)))
        (if (ref.is_null) (then (unreachable)))
        (if (i64.ne (i64.const 77)) (then (unreachable)))
        (local.set $sum (i32.add (struct.get $c 0) (local.get $sum))))
      (call $garbage)
      (local.set $sum
        (i32.add (local.get $sum) (i32.sub (struct.get $c 0 (local.get $x)) (struct.get $c 0 (local.get $y)))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $sum))

  ;; A reference that only one of several ways out of nested blocks carries, or a branch by a table.
  (func (export "branches") (param $k i32) (result i32) (local $r anyref)
    (local.set $r
      (block $0 (result anyref)
        (block $1 (result anyref)
          (block $2 (result anyref)
            (struct.new $c (i32.const 11))
            (call $garbage)
            (br_table $0 $1 $2 (local.get $k)))
          (call $garbage)
          (drop)
          (struct.new $c (i32.const 22)))
        (call $garbage)))
    (call $garbage)
    (block $no (result anyref)
      (br_on_cast_fail $no anyref (ref $c) (local.get $r))
      (call $garbage)
      (struct.get $c 0)
      (return))
    (drop)
    (i32.const -1))

  ;; In cold code, and twice under different static types.
  (func (export "cold") (param $k i32) (result i32) (local $a (ref $c)) (local $b anyref)
    (local.set $a (struct.new $c (i32.const 3)))
    (local.set $b (local.get $a))
    (if (local.get $k)
      (then
        (call $garbage)
        (if (i32.eqz (ref.eq (local.get $a) (ref.cast (ref $c) (local.get $b)))) (then (unreachable)))
        (call $throw (local.get $a) (i32.const 0))))
    (call $garbage)
    (struct.set $c 0 (local.get $a) (i32.const 8))
    (struct.get $c 0 (ref.cast (ref $c) (local.get $b))))

  ;; Frames of all depths hold one, and what the innermost allocates moves them all.
  (func $frames (export "frames") (param $n i32) (result i32) (local $x (ref $c))
    (if (i32.eqz (local.get $n)) (then (call $garbage) (return (i32.const 0))))
    (local.set $x (struct.new $c (local.get $n)))
    (call $frames (i32.sub (local.get $n) (i32.const 1)))
    (i32.add (struct.get $c 0 (local.get $x)))))

(assert_return (invoke "direct") (i32.const 4600))
(assert_return (invoke "tail") (i32.const 4600))
(assert_return (invoke "indirect" (i32.const 0)) (i32.const 4600))
(assert_return (invoke "indirect" (i32.const 1)) (i32.const 4600))
(assert_return (invoke "by-reference") (i32.const 4600))
(assert_return (invoke "results") (i32.const 4600))
(assert_return (invoke "handlers" (i32.const 50)) (i32.const 5145590))
(assert_return (invoke "branches" (i32.const 0)) (i32.const 11))
(assert_return (invoke "branches" (i32.const 1)) (i32.const 11))
(assert_return (invoke "branches" (i32.const 2)) (i32.const 22))
(assert_return (invoke "cold" (i32.const 0)) (i32.const 8))
(assert_return (invoke "cold" (i32.const 1)) (i32.const 8))
(assert_return (invoke "frames" (i32.const 300)) (i32.const 45150))
