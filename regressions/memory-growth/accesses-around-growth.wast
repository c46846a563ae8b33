;;! [bug]
;;! id = "accesses-around-growth"
;;! layer = "translate"
;;! source = "CVE-2025-66627 (wasmi, use of a memory after it has grown)"
;;! expect = "every access after memory.grow reaches the memory as it is then, also where only an operand of the access makes it grow"

;; Growth may move a memory. The operands of an access come first, and one of them may be the growth; an engine that takes
;; base or length before it reads the operands, or keeps them over the growth, writes to what has been freed. Growth that
;; fails, or is by nothing, leaves all where it is.
;;
;; Red when: every memory is memory 0 (`break=memory-zero`), or the comparison of addresses leaves out the size of the
;; access (`break=bounds`, with checked memories).

(module
  (memory $m 1 80)
  (memory $other 1 80)
  (data $d "12345678")

  ;; The growth is the value that is stored, an address, a length, or an operand of an operation on either.
  (func (export "stored") (param $at i32) (result i32 i32)
    (i32.store (local.get $at) (memory.grow (i32.const 1)))
    (i32.load (local.get $at)) (memory.size))
  (func (export "stored constant") (result i32)
    (i32.store (i32.const 16) (memory.grow (i32.const 1)))
    (i32.load (i32.const 16)))
  (func (export "stored wide") (param $at i32) (result v128)
    (v128.store (local.get $at) (i32x4.splat (memory.grow (i32.const 1))))
    (v128.load (local.get $at)))
  (func (export "stored byte") (param $at i32) (result i64)
    (i64.store8 (local.get $at) (i64.extend_i32_u (memory.grow (i32.const 1))))
    (i64.load8_u (local.get $at)))
  (func (export "address") (result i32)
    (i32.store (i32.shl (memory.grow (i32.const 1)) (i32.const 16)) (i32.const 0x1111))
    (i32.load (i32.shl (i32.sub (memory.size) (i32.const 1)) (i32.const 16))))
  (func (export "loaded") (param $at i32) (result f64)
    (f64.store (local.get $at) (f64.const 2.5))
    (f64.load (i32.add (local.get $at) (i32.mul (memory.grow (i32.const 1)) (i32.const 0)))))
  (func (export "lane") (param $at i32) (result v128)
    (i32.store (local.get $at) (i32.const 5))
    (v128.load32_lane 2 (local.get $at) (i32x4.splat (memory.grow (i32.const 1)))))
  (func (export "first load kept") (param $at i32) (result i32)
    (i32.store (local.get $at) (i32.const 100))
    (i32.sub (i32.load (local.get $at))
      (i32.add (memory.grow (i32.const 1)) (i32.load (local.get $at)))))
  (func (export "fill") (param $at i32) (result i64)
    (memory.fill (local.get $at) (memory.grow (i32.const 1)) (i32.const 8))
    (i64.load (local.get $at)))
  (func (export "fill up to") (result i32)
    (memory.fill (i32.const 32) (i32.const 7) (i32.shl (memory.grow (i32.const 1)) (i32.const 16)))
    (i32.load8_u (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 65505))))
  (func (export "copy") (param $dst i32) (result i64)
    (i64.store (i32.const 8) (i64.const 0x0807060504030201))
    (memory.copy (local.get $dst) (i32.const 8) (i32.add (i32.const 8) (i32.mul (memory.grow (i32.const 1)) (i32.const 0))))
    (i64.load (local.get $dst)))
  (func (export "init") (param $dst i32) (result i64)
    (memory.init $d (local.get $dst) (i32.const 0) (i32.add (i32.const 8) (i32.mul (memory.grow (i32.const 1)) (i32.const 0))))
    (i64.load (local.get $dst)))

  ;; Growth of one memory between accesses of another.
  (func (export "other") (param $at i32) (result i32 i32 i32)
    (i32.store $other (local.get $at) (memory.grow $m (i32.const 1)))
    (i32.store $m (local.get $at) (memory.grow $other (i32.const 1)))
    (i32.load $other (local.get $at)) (i32.load $m (local.get $at)) (memory.size $other))

  ;; Page by page, to the maximum and on: the last word of each page is written right after it came, and all are read.
  (func (export "pages") (param $n i32) (result i32 i32) (local $i i32) (local $wrong i32)
    (loop $l
      (drop (memory.grow (i32.const 1)))
      (i32.store offset=65532 (i32.shl (i32.sub (memory.size) (i32.const 1)) (i32.const 16)) (memory.size))
      (local.set $i (i32.sub (memory.size) (i32.const 1)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (loop $l
      (local.set $wrong (i32.add (local.get $wrong)
        (i32.ne (i32.load offset=65532 (i32.shl (local.get $i) (i32.const 16))) (i32.add (local.get $i) (i32.const 1)))))
      (br_if $l (i32.gt_u (local.tee $i (i32.sub (local.get $i) (i32.const 1))) (i32.const 21))))
    (local.get $wrong) (memory.size))
  (func (export "failed") (param $by i32) (result i32 i32 i32)
    (i32.store (i32.const 40) (i32.const 9))
    (i32.store (i32.const 44) (memory.grow (local.get $by)))
    (i32.load (i32.const 40)) (i32.load (i32.const 44)) (memory.size))
  (func (export "load") (param $at i32) (result i32) (i32.load (local.get $at))))

(assert_return (invoke "stored" (i32.const 0)) (i32.const 1) (i32.const 2))
(assert_return (invoke "stored constant") (i32.const 2))
(assert_return (invoke "stored wide" (i32.const 1)) (v128.const i32x4 3 3 3 3))
(assert_return (invoke "stored byte" (i32.const 65535)) (i64.const 4))
;; The address that is beyond the end when the operands begin is within when the access happens.
(assert_return (invoke "stored" (i32.const 327680)) (i32.const 5) (i32.const 6))
(assert_return (invoke "stored wide" (i32.const 393216)) (v128.const i32x4 6 6 6 6))
(assert_return (invoke "stored byte" (i32.const 524287)) (i64.const 7))
(assert_trap (invoke "stored byte" (i32.const 589824)) "out of bounds memory access")
(assert_return (invoke "address") (i32.const 0x1111))
(assert_return (invoke "loaded" (i32.const 8)) (f64.const 2.5))
(assert_return (invoke "lane" (i32.const 8)) (v128.const i32x4 11 11 5 11))
(assert_return (invoke "first load kept" (i32.const 8)) (i32.const -12))
(assert_return (invoke "fill" (i32.const 851968)) (i64.const 0x0d0d0d0d0d0d0d0d))
(assert_return (invoke "fill up to") (i32.const 7))
(assert_return (invoke "copy" (i32.const 983040)) (i64.const 0x0807060504030201))
(assert_return (invoke "init" (i32.const 1048576)) (i64.const 0x3837363534333231))
(assert_return (invoke "other" (i32.const 65532)) (i32.const 17) (i32.const 1) (i32.const 2))
(assert_return (invoke "other" (i32.const 131068)) (i32.const 18) (i32.const 2) (i32.const 3))
(assert_trap (invoke "other" (i32.const 262144)) "out of bounds memory access")
(assert_return (invoke "failed" (i32.const 0)) (i32.const 9) (i32.const 20) (i32.const 20))
(assert_return (invoke "failed" (i32.const 61)) (i32.const 9) (i32.const -1) (i32.const 20))
(assert_return (invoke "failed" (i32.const -1)) (i32.const 9) (i32.const -1) (i32.const 20))
(assert_return (invoke "pages" (i32.const 59)) (i32.const 0) (i32.const 79))
(assert_return (invoke "pages" (i32.const 3)) (i32.const 0) (i32.const 80))
(assert_return (invoke "failed" (i32.const 1)) (i32.const 9) (i32.const -1) (i32.const 80))
(assert_return (invoke "load" (i32.const 5242876)) (i32.const 80))
(assert_trap (invoke "load" (i32.const 5242877)) "out of bounds memory access")

;; From no pages at all, where there is no base before the growth.
(module
  (memory 0 2)
  (func (export "first") (param $at i32) (result i32)
    (i32.store (local.get $at) (memory.grow (i32.const 1)))
    (i32.load (local.get $at)))
  (func (export "load") (param $at i32) (result i32) (i32.load (local.get $at))))
(assert_trap (invoke "load" (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "first" (i32.const 65532)) (i32.const 0))
(assert_return (invoke "first" (i32.const 65533)) (i32.const 1))
(assert_return (invoke "load" (i32.const 131068)) (i32.const 0))
(assert_trap (invoke "first" (i32.const 131069)) "out of bounds memory access")
(assert_return (invoke "first" (i32.const 131068)) (i32.const -1))
