;;! relaxed_simd = true
;;! [bug]
;;! id = "relaxed-floats-choose-once"
;;! layer = "lowering"
;;! source = "bytecodealliance/wasmtime#13702; WebAssembly core specification 3.0, relaxed operations"
;;! expect = "one of the permitted results, and always the same one: the choice is the engine's, made once"

;; A relaxed operator leaves a choice, which must not depend on what the compiler knows of the operands, or on
;; the lane. Folding with one choice and emitting instructions of another is the bug to look for. Operands
;; within the agreed range leave no choice.
;;
;; Red when: compiler/src/translate/simd/relaxed.rs: `nmadd` is fused and `madd` is not.

(module
  (memory 1)
  (func (export "f32x4.relaxed_madd") (param v128 v128 v128) (result v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "f32x4.relaxed_nmadd") (param v128 v128 v128) (result v128)
    (f32x4.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "f64x2.relaxed_madd") (param v128 v128 v128) (result v128)
    (f64x2.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "f64x2.relaxed_nmadd") (param v128 v128 v128) (result v128)
    (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "f32x4.relaxed_min") (param v128 v128) (result v128)
    (f32x4.relaxed_min (local.get 0) (local.get 1)))
  (func (export "f32x4.relaxed_max") (param v128 v128) (result v128)
    (f32x4.relaxed_max (local.get 0) (local.get 1)))
  (func (export "f64x2.relaxed_min") (param v128 v128) (result v128)
    (f64x2.relaxed_min (local.get 0) (local.get 1)))
  (func (export "f64x2.relaxed_max") (param v128 v128) (result v128)
    (f64x2.relaxed_max (local.get 0) (local.get 1)))
  (func (export "same 1") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f32x4.relaxed_madd (v128.const i64x2 0x400000003f800000 0xc080000040400000)
            (v128.const i64x2 0x40c0000040a00000 0x4100000040e00000)
            (v128.const i64x2 0x3f8000003f800000 0x3f8000003f800000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_madd (v128.const i64x2 0x400000003f800000 0xc080000040400000)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_madd (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 2") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f32x4.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f32x4.relaxed_nmadd (v128.const i64x2 0x400000003f800000 0xc080000040400000)
            (v128.const i64x2 0x40c0000040a00000 0x4100000040e00000)
            (v128.const i64x2 0x3f8000003f800000 0x3f8000003f800000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_nmadd (v128.const i64x2 0x400000003f800000 0xc080000040400000)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_nmadd (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 3") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f32x4.relaxed_madd (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
            (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
            (v128.const i64x2 0xbf801000bf801000 0xbf801000bf801000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_madd (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_madd (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 4") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f32x4.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f32x4.relaxed_nmadd (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
            (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
            (v128.const i64x2 0x3f8010003f801000 0x3f8010003f801000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_nmadd (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_nmadd (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 5") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f64x2.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f64x2.relaxed_madd (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
            (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
            (v128.const i64x2 0xbff0000004000000 0xbff0000004000000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f64x2.relaxed_madd (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f64x2.relaxed_madd (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 6") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f64x2.relaxed_nmadd (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
            (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
            (v128.const i64x2 0x3ff0000004000000 0x3ff0000004000000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f64x2.relaxed_nmadd (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 7") (param v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f32x4.relaxed_min (local.get 0) (local.get 1)))
    (v128.store (i32.const 1) (local.get 1))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f32x4.relaxed_min (v128.const i64x2 0xbf8000003f800000 0x800000007f800000)
            (v128.const i64x2 0xc000000040000000 0x80000000ff800000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_min (v128.const i64x2 0xbf8000003f800000 0x800000007f800000) (local.get 1))))
        (i8x16.all_true
          (i8x16.eq (local.get $r) (f32x4.relaxed_min (local.get 0) (v128.load (i32.const 1))))))))
  (func (export "same 8") (param v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f32x4.relaxed_max (local.get 0) (local.get 1)))
    (v128.store (i32.const 1) (local.get 1))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f32x4.relaxed_max (v128.const i64x2 0xbf8000003f800000 0x800000007f800000)
            (v128.const i64x2 0xc000000040000000 0x80000000ff800000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f32x4.relaxed_max (v128.const i64x2 0xbf8000003f800000 0x800000007f800000) (local.get 1))))
        (i8x16.all_true
          (i8x16.eq (local.get $r) (f32x4.relaxed_max (local.get 0) (v128.load (i32.const 1))))))))
  (func (export "same 9") (param v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f64x2.relaxed_min (local.get 0) (local.get 1)))
    (v128.store (i32.const 1) (local.get 1))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f64x2.relaxed_min (v128.const i64x2 0x3ff0000000000000 0xbff0000000000000)
            (v128.const i64x2 0x4000000000000000 0xc000000000000000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f64x2.relaxed_min (v128.const i64x2 0x3ff0000000000000 0xbff0000000000000) (local.get 1))))
        (i8x16.all_true
          (i8x16.eq (local.get $r) (f64x2.relaxed_min (local.get 0) (v128.load (i32.const 1))))))))
  (func (export "same 10") (param v128 v128) (result i32)
    (local $r v128)
    (local.set $r (f64x2.relaxed_max (local.get 0) (local.get 1)))
    (v128.store (i32.const 1) (local.get 1))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (f64x2.relaxed_max (v128.const i64x2 0x3ff0000000000000 0xbff0000000000000)
            (v128.const i64x2 0x4000000000000000 0xc000000000000000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (f64x2.relaxed_max (v128.const i64x2 0x3ff0000000000000 0xbff0000000000000) (local.get 1))))
        (i8x16.all_true
          (i8x16.eq (local.get $r) (f64x2.relaxed_max (local.get 0) (v128.load (i32.const 1))))))))

  ;; A negated product is the product of the negated operand: both are fused, or neither is.
  (func (export "f32x4 nmadd is madd") (param v128 v128 v128) (result i32)
    (i32x4.all_true (i32x4.eq
      (f32x4.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2))
      (f32x4.relaxed_madd (f32x4.neg (local.get 0)) (local.get 1) (local.get 2)))))
  (func (export "f64x2 nmadd is madd") (param v128 v128 v128) (result i32)
    (i64x2.all_true (i64x2.eq
      (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2))
      (f64x2.relaxed_madd (local.get 0) (f64x2.neg (local.get 1)) (local.get 2)))))
  ;; Equal lanes give equal lanes.
  (func (export "f32x4 madd lanes") (param f32 f32 f32) (result i32)
    (local $r v128)
    (local.set $r (f32x4.relaxed_madd
      (f32x4.splat (local.get 0)) (f32x4.splat (local.get 1)) (f32x4.splat (local.get 2))))
    (i32x4.all_true (i32x4.eq (local.get $r)
      (i8x16.shuffle 12 13 14 15 8 9 10 11 4 5 6 7 0 1 2 3 (local.get $r) (local.get $r))))))

(assert_return (invoke "f32x4.relaxed_madd" (v128.const i64x2 0x400000003f800000 0xc080000040400000)
    (v128.const i64x2 0x40c0000040a00000 0x4100000040e00000)
    (v128.const i64x2 0x3f8000003f800000 0x3f8000003f800000))
  (v128.const i64x2 0x4150000040c00000 0xc1f8000041b00000))
(assert_return (invoke "same 1" (v128.const i64x2 0x400000003f800000 0xc080000040400000)
    (v128.const i64x2 0x40c0000040a00000 0x4100000040e00000)
    (v128.const i64x2 0x3f8000003f800000 0x3f8000003f800000))
  (i32.const 1))
(assert_return (invoke "f32x4.relaxed_nmadd" (v128.const i64x2 0x400000003f800000 0xc080000040400000)
    (v128.const i64x2 0x40c0000040a00000 0x4100000040e00000)
    (v128.const i64x2 0x3f8000003f800000 0x3f8000003f800000))
  (v128.const i64x2 0xc1300000c0800000 0x42040000c1a00000))
(assert_return (invoke "same 2" (v128.const i64x2 0x400000003f800000 0xc080000040400000)
    (v128.const i64x2 0x40c0000040a00000 0x4100000040e00000)
    (v128.const i64x2 0x3f8000003f800000 0x3f8000003f800000))
  (i32.const 1))
(assert_return (invoke "f32x4.relaxed_madd" (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0xbf801000bf801000 0xbf801000bf801000))
  (either (v128.const i64x2 0x0000000000000000 0x0000000000000000)
    (v128.const i64x2 0x3380000033800000 0x3380000033800000)))
(assert_return (invoke "same 3" (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0xbf801000bf801000 0xbf801000bf801000))
  (i32.const 1))
(assert_return (invoke "f32x4.relaxed_nmadd" (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0x3f8010003f801000 0x3f8010003f801000))
  (either (v128.const i64x2 0x0000000000000000 0x0000000000000000)
    (v128.const i64x2 0xb3800000b3800000 0xb3800000b3800000)))
(assert_return (invoke "same 4" (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0x3f8010003f801000 0x3f8010003f801000))
  (i32.const 1))
(assert_return (invoke "f64x2.relaxed_madd" (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0xbff0000004000000 0xbff0000004000000))
  (either (v128.const i64x2 0x0000000000000000 0x0000000000000000)
    (v128.const i64x2 0x3c90000000000000 0x3c90000000000000)))
(assert_return (invoke "same 5" (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0xbff0000004000000 0xbff0000004000000))
  (i32.const 1))
(assert_return (invoke "f64x2.relaxed_nmadd" (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0x3ff0000004000000 0x3ff0000004000000))
  (either (v128.const i64x2 0x0000000000000000 0x0000000000000000)
    (v128.const i64x2 0xbc90000000000000 0xbc90000000000000)))
(assert_return (invoke "same 6" (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0x3ff0000004000000 0x3ff0000004000000))
  (i32.const 1))
(assert_return (invoke "f32x4.relaxed_min" (v128.const i64x2 0xbf8000003f800000 0x800000007f800000)
    (v128.const i64x2 0xc000000040000000 0x80000000ff800000))
  (v128.const i64x2 0xc00000003f800000 0x80000000ff800000))
(assert_return (invoke "same 7" (v128.const i64x2 0xbf8000003f800000 0x800000007f800000)
    (v128.const i64x2 0xc000000040000000 0x80000000ff800000))
  (i32.const 1))
(assert_return (invoke "f32x4.relaxed_max" (v128.const i64x2 0xbf8000003f800000 0x800000007f800000)
    (v128.const i64x2 0xc000000040000000 0x80000000ff800000))
  (v128.const i64x2 0xbf80000040000000 0x800000007f800000))
(assert_return (invoke "same 8" (v128.const i64x2 0xbf8000003f800000 0x800000007f800000)
    (v128.const i64x2 0xc000000040000000 0x80000000ff800000))
  (i32.const 1))
(assert_return (invoke "f64x2.relaxed_min" (v128.const i64x2 0x3ff0000000000000 0xbff0000000000000)
    (v128.const i64x2 0x4000000000000000 0xc000000000000000))
  (v128.const i64x2 0x3ff0000000000000 0xc000000000000000))
(assert_return (invoke "same 9" (v128.const i64x2 0x3ff0000000000000 0xbff0000000000000)
    (v128.const i64x2 0x4000000000000000 0xc000000000000000))
  (i32.const 1))
(assert_return (invoke "f64x2.relaxed_max" (v128.const i64x2 0x3ff0000000000000 0xbff0000000000000)
    (v128.const i64x2 0x4000000000000000 0xc000000000000000))
  (v128.const i64x2 0x4000000000000000 0xbff0000000000000))
(assert_return (invoke "same 10" (v128.const i64x2 0x3ff0000000000000 0xbff0000000000000)
    (v128.const i64x2 0x4000000000000000 0xc000000000000000))
  (i32.const 1))
(assert_return (invoke "f32x4 nmadd is madd" (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0x3f8008003f800800 0x3f8008003f800800)
    (v128.const i64x2 0x3f8010003f801000 0x3f8010003f801000))
  (i32.const 1))
(assert_return (invoke "f32x4 nmadd is madd" (v128.const i64x2 0x400ccccd3f8ccccd 0x408ccccd40533333)
    (v128.const i64x2 0x40d3333340b00000 0x410ccccd40f66666)
    (v128.const i64x2 0x402000003fc00000 0x4090000040600000))
  (i32.const 1))
(assert_return (invoke "f64x2 nmadd is madd" (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0x3ff0000002000000 0x3ff0000002000000)
    (v128.const i64x2 0x3ff0000004000000 0x3ff0000004000000))
  (i32.const 1))
(assert_return (invoke "f64x2 nmadd is madd" (v128.const i64x2 0x3ff199999999999a 0x400199999999999a)
    (v128.const i64x2 0x400a666666666666 0x401199999999999a)
    (v128.const i64x2 0x4016000000000000 0x401a666666666666))
  (i32.const 1))
(assert_return (invoke "f32x4 madd lanes" (f32.const 0x1.001p0) (f32.const 0x1.001p0) (f32.const -0x1.002p0))
  (i32.const 1))

;; Minimum and maximum of NaNs and of zeros of both signs.
(assert_return (invoke "f32x4.relaxed_min" (v128.const f32x4 nan 1 nan 1) (v128.const f32x4 1 nan 1 nan))
  (either
    (v128.const f32x4 nan:canonical nan:canonical nan:canonical nan:canonical)
    (v128.const f32x4 1 nan:canonical 1 nan:canonical)
    (v128.const f32x4 nan:canonical 1 nan:canonical 1)
    (v128.const f32x4 1 1 1 1)))
(assert_return (invoke "f32x4.relaxed_max" (v128.const f32x4 nan 1 nan 1) (v128.const f32x4 1 nan 1 nan))
  (either
    (v128.const f32x4 nan:canonical nan:canonical nan:canonical nan:canonical)
    (v128.const f32x4 1 nan:canonical 1 nan:canonical)
    (v128.const f32x4 nan:canonical 1 nan:canonical 1)
    (v128.const f32x4 1 1 1 1)))
(assert_return (invoke "f32x4.relaxed_min" (v128.const f32x4 0 -0 0 -0) (v128.const f32x4 -0 0 -0 0))
  (either
    (v128.const f32x4 -0 -0 -0 -0)
    (v128.const f32x4 0 -0 0 -0)
    (v128.const f32x4 -0 0 -0 0)))
(assert_return (invoke "f32x4.relaxed_max" (v128.const f32x4 0 -0 0 -0) (v128.const f32x4 -0 0 -0 0))
  (either
    (v128.const f32x4 0 0 0 0)
    (v128.const f32x4 0 -0 0 -0)
    (v128.const f32x4 -0 0 -0 0)))
(assert_return (invoke "f64x2.relaxed_min" (v128.const f64x2 nan 1) (v128.const f64x2 1 nan))
  (either
    (v128.const f64x2 nan:canonical nan:canonical)
    (v128.const f64x2 1 nan:canonical)
    (v128.const f64x2 nan:canonical 1)
    (v128.const f64x2 1 1)))
(assert_return (invoke "f64x2.relaxed_max" (v128.const f64x2 0 -0) (v128.const f64x2 -0 0))
  (either
    (v128.const f64x2 0 0)
    (v128.const f64x2 0 -0)
    (v128.const f64x2 -0 0)))
