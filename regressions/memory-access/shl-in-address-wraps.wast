;;! [bug]
;;! id = "shl-in-address-wraps"
;;! layer = "lowering"
;;! source = "CVE-2023-26489, fixed in wasmtime by 63fb30e4b4"
;;! expect = "an address that is shifted left by 1, 2 or 3 is taken modulo 2^32 before it is extended to 64 bits"

;; The scaled index of an x86-64 addressing mode shifts with 64 bits: folding an i32.shl into one keeps up to
;; three bits that should be gone, and the access goes up to 34 GiB beyond the memory's start, far behind
;; every guard.
;;
;; Red when: compiler/src/translate/mod.rs: `widen_index` extends the operand of a shift by 1, 2 or 3 and
;; shifts with 64 bits.

(module
  (memory 1)
  ;; The word at address a is 0x1111_0000 + a.
  (data (i32.const 0)
    "\00\00\11\11" "\04\00\11\11" "\08\00\11\11" "\0c\00\11\11" "\10\00\11\11" "\14\00\11\11")

  (func (export "by-1") (param $x i32) (result i32) (i32.load (i32.shl (local.get $x) (i32.const 1))))
  (func (export "by-2") (param $x i32) (result i32) (i32.load (i32.shl (local.get $x) (i32.const 2))))
  (func (export "by-3") (param $x i32) (result i32) (i32.load (i32.shl (local.get $x) (i32.const 3))))
  ;; The amount counts modulo 32.
  (func (export "by-35") (param $x i32) (result i32) (i32.load (i32.shl (local.get $x) (i32.const 35))))
  (func (export "by-any") (param $x i32) (param $by i32) (result i32)
    (i32.load (i32.shl (local.get $x) (local.get $by))))

  (func (export "by-3-offset") (param $x i32) (result i32)
    (i32.load offset=8 (i32.shl (local.get $x) (i32.const 3))))
  (func (export "sum-by-3") (param $x i32) (param $y i32) (result i32)
    (i32.load (i32.shl (i32.add (local.get $x) (local.get $y)) (i32.const 3))))
  (func (export "by-3-plus") (param $x i32) (param $y i32) (result i32)
    (i32.load (i32.add (i32.shl (local.get $x) (i32.const 3)) (local.get $y))))
  (func (export "plus-by-2-offset") (param $x i32) (param $y i32) (result i32)
    (i32.load offset=4 (i32.add (local.get $y) (i32.shl (local.get $x) (i32.const 2)))))

  (func (export "byte-by-1") (param $x i32) (result i32)
    (i32.load8_u (i32.shl (local.get $x) (i32.const 1))))
  (func (export "doubleword-by-3") (param $x i32) (result i64)
    (i64.load (i32.shl (local.get $x) (i32.const 3))))
  (func (export "double-by-3") (param $x i32) (result f64)
    (f64.load (i32.shl (local.get $x) (i32.const 3))))
  (func (export "store-by-2") (param $x i32) (param $value i32)
    (i32.store (i32.shl (local.get $x) (i32.const 2)) (local.get $value)))
  (func (export "store-byte-by-3") (param $x i32) (param $value i32)
    (i32.store8 (i32.shl (local.get $x) (i32.const 3)) (local.get $value)))

  ;; Without anything variable, and in a loop that strides.
  (func (export "constant-by-1") (result i32) (i32.load (i32.shl (i32.const 0x8000_0004) (i32.const 1))))
  (func (export "constant-by-2") (result i32) (i32.load (i32.shl (i32.const 0x4000_0002) (i32.const 2))))
  (func (export "constant-by-3") (result i32) (i32.load (i32.shl (i32.const 0x2000_0001) (i32.const 3))))
  (func (export "stride") (param $from i32) (param $count i32) (result i32)
    (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load (i32.shl (local.get $from) (i32.const 2)))))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (local.get $sum)))

;; Nothing is shifted out.
(assert_return (invoke "by-1" (i32.const 4)) (i32.const 0x1111_0008))
(assert_return (invoke "by-2" (i32.const 2)) (i32.const 0x1111_0008))
(assert_return (invoke "by-3" (i32.const 1)) (i32.const 0x1111_0008))

;; All that is left is 0, or 8.
(assert_return (invoke "by-1" (i32.const 0x8000_0000)) (i32.const 0x1111_0000))
(assert_return (invoke "by-1" (i32.const 0x8000_0004)) (i32.const 0x1111_0008))
(assert_return (invoke "by-2" (i32.const 0x4000_0000)) (i32.const 0x1111_0000))
(assert_return (invoke "by-2" (i32.const 0x8000_0000)) (i32.const 0x1111_0000))
(assert_return (invoke "by-2" (i32.const 0xc000_0002)) (i32.const 0x1111_0008))
(assert_return (invoke "by-3" (i32.const 0x2000_0000)) (i32.const 0x1111_0000))
(assert_return (invoke "by-3" (i32.const 0xe000_0000)) (i32.const 0x1111_0000))
(assert_return (invoke "by-3" (i32.const 0x2000_0001)) (i32.const 0x1111_0008))
(assert_return (invoke "by-3" (i32.const 0xe000_0002)) (i32.const 0x1111_0010))
(assert_return (invoke "by-35" (i32.const 0x2000_0001)) (i32.const 0x1111_0008))
(assert_return (invoke "by-any" (i32.const 0x2000_0001) (i32.const 3)) (i32.const 0x1111_0008))
(assert_return (invoke "by-any" (i32.const 0x4000_0002) (i32.const 34)) (i32.const 0x1111_0008))
(assert_return (invoke "by-any" (i32.const 0x0001_0000) (i32.const 16)) (i32.const 0x1111_0000))

(assert_return (invoke "by-3-offset" (i32.const 0x2000_0000)) (i32.const 0x1111_0008))
(assert_return (invoke "by-3-offset" (i32.const 0xe000_0001)) (i32.const 0x1111_0010))
(assert_return (invoke "sum-by-3" (i32.const 0x1fff_ffff) (i32.const 2)) (i32.const 0x1111_0008))
(assert_return (invoke "sum-by-3" (i32.const 0xffff_ffff) (i32.const 3)) (i32.const 0x1111_0010))
(assert_return (invoke "by-3-plus" (i32.const 0x2000_0000) (i32.const 16)) (i32.const 0x1111_0010))
(assert_return (invoke "by-3-plus" (i32.const 0x1fff_ffff) (i32.const 16)) (i32.const 0x1111_0008))
(assert_return (invoke "plus-by-2-offset" (i32.const 0x4000_0001) (i32.const 8)) (i32.const 0x1111_0010))
(assert_return (invoke "byte-by-1" (i32.const 0x8000_0004)) (i32.const 0x08))
(assert_return (invoke "doubleword-by-3" (i32.const 0xe000_0001)) (i64.const 0x1111_000c_1111_0008))
(assert_return (invoke "double-by-3" (i32.const 0x2000_0001)) (f64.const 0x1.1000c11110008p-750))

(assert_return (invoke "constant-by-1") (i32.const 0x1111_0008))
(assert_return (invoke "constant-by-2") (i32.const 0x1111_0008))
(assert_return (invoke "constant-by-3") (i32.const 0x1111_0008))
(assert_return (invoke "stride" (i32.const 0x4000_0000) (i32.const 3)) (i32.const 0x3333_000c))

(assert_return (invoke "store-by-2" (i32.const 0x8000_0005) (i32.const 0x2222_2222)))
(assert_return (invoke "by-2" (i32.const 5)) (i32.const 0x2222_2222))
(assert_return (invoke "store-byte-by-3" (i32.const 0x2000_0000) (i32.const 0x77)))
(assert_return (invoke "by-1" (i32.const 0)) (i32.const 0x1111_0077))

;; What is left is beyond the end.
(assert_return (invoke "by-2" (i32.const 0x3fff)) (i32.const 0))
(assert_trap (invoke "by-2" (i32.const 0x4000)) "out of bounds memory access")
(assert_trap (invoke "by-1" (i32.const 0x8000_8000)) "out of bounds memory access")
(assert_trap (invoke "by-3" (i32.const 0x2000_2000)) "out of bounds memory access")
(assert_trap (invoke "by-3" (i32.const 0x1fff_ffff)) "out of bounds memory access")
(assert_trap (invoke "by-3" (i32.const 0xffff_ffff)) "out of bounds memory access")
(assert_trap (invoke "by-3-offset" (i32.const 0x1fff_ffff)) "out of bounds memory access")
(assert_trap (invoke "store-by-2" (i32.const 0x4000) (i32.const 1)) "out of bounds memory access")
