;;! relaxed_simd = true
;;! [bug]
;;! id = "relaxed-lanes-choose-once"
;;! layer = "lowering"
;;! source = "bytecodealliance/wasmtime#13702; WebAssembly core specification 3.0, relaxed operations"
;;! expect = "one of the permitted results, and always the same one: the choice is the engine's, made once"

;; A relaxed operator leaves a choice, which must not depend on what the compiler knows of the operands, or on
;; the lane. Folding with one choice and emitting instructions of another is the bug to look for. Operands
;; within the agreed range leave no choice.
;;
;; Red when: compiler/src/translate/simd/relaxed.rs: `relaxed_lane_select` looks at the sign of the mask in
;; lane 1 and at all bits in the others.

(module
  (memory 1)
  (func (export "i8x16.relaxed_swizzle") (param v128 v128) (result v128)
    (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
  (func (export "i8x16.relaxed_laneselect") (param v128 v128 v128) (result v128)
    (i8x16.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (export "i16x8.relaxed_laneselect") (param v128 v128 v128) (result v128)
    (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (export "i32x4.relaxed_laneselect") (param v128 v128 v128) (result v128)
    (i32x4.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (export "i64x2.relaxed_laneselect") (param v128 v128 v128) (result v128)
    (i64x2.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (export "i16x8.relaxed_q15mulr_s") (param v128 v128) (result v128)
    (i16x8.relaxed_q15mulr_s (local.get 0) (local.get 1)))
  (func (export "same 1") (param v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
    (v128.store (i32.const 1) (local.get 1))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i8x16.relaxed_swizzle (v128.const i64x2 0xa7a6a5a4a3a2a1a0 0xafaeadacabaaa9a8)
            (v128.const i64x2 0x08090a0b0c0d0e0f 0x0001020304050607))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i8x16.relaxed_swizzle (v128.const i64x2 0xa7a6a5a4a3a2a1a0 0xafaeadacabaaa9a8) (local.get 1))))
        (i8x16.all_true
          (i8x16.eq (local.get $r) (i8x16.relaxed_swizzle (local.get 0) (v128.load (i32.const 1))))))))
  (func (export "same 2") (param v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
    (v128.store (i32.const 1) (local.get 1))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i8x16.relaxed_swizzle (v128.const i64x2 0xa7a6a5a4a3a2a1a0 0xafaeadacabaaa9a8)
            (v128.const i64x2 0x7f64201f11100f00 0x04030201ffc88180))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i8x16.relaxed_swizzle (v128.const i64x2 0xa7a6a5a4a3a2a1a0 0xafaeadacabaaa9a8) (local.get 1))))
        (i8x16.all_true
          (i8x16.eq (local.get $r) (i8x16.relaxed_swizzle (local.get 0) (v128.load (i32.const 1))))))))
  (func (export "same 3") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i8x16.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i8x16.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
            (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
            (v128.const i64x2 0xff00ffff00ffff00 0x00ffff00ffff00ff))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i8x16.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i8x16.relaxed_laneselect (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 4") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i8x16.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i8x16.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
            (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
            (v128.const i64x2 0xc33cc33cc33cc33c 0xc33cc33cc33cc33c))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i8x16.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i8x16.relaxed_laneselect (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 5") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i16x8.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
            (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
            (v128.const i64x2 0x0000ffffffff0000 0xffff0000ffffffff))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i16x8.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 6") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i16x8.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
            (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
            (v128.const i64x2 0xc37f3c7fc37f3c7f 0xc37f3c7fc37f3c7f))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i16x8.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 7") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
            (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
            (v128.const i64x2 0xffffffff00000000 0x00000000ffffffff))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i32x4.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i32x4.relaxed_laneselect (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 8") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
            (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
            (v128.const i64x2 0xc37f7f7f3c7f7f7f 0xc37f7f7f3c7f7f7f))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i32x4.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i32x4.relaxed_laneselect (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 9") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i64x2.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i64x2.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
            (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
            (v128.const i64x2 0x0000000000000000 0xffffffffffffffff))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i64x2.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i64x2.relaxed_laneselect (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 10") (param v128 v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i64x2.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
    (v128.store (i32.const 1) (local.get 2))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i64x2.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
            (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
            (v128.const i64x2 0x3c7f7f7f7f7f7f7f 0xc37f7f7f7f7f7f7f))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i64x2.relaxed_laneselect (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
              (local.get 1) (local.get 2))))
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i64x2.relaxed_laneselect (local.get 0) (local.get 1) (v128.load (i32.const 1))))))))
  (func (export "same 11") (param v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i16x8.relaxed_q15mulr_s (local.get 0) (local.get 1)))
    (v128.store (i32.const 1) (local.get 1))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i16x8.relaxed_q15mulr_s (v128.const i64x2 0xc0004000ffff0001 0x3039800080007fff)
            (v128.const i64x2 0x400040007fff7fff 0xa46000017fff7fff))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i16x8.relaxed_q15mulr_s (v128.const i64x2 0xc0004000ffff0001 0x3039800080007fff) (local.get 1))))
        (i8x16.all_true
          (i8x16.eq (local.get $r) (i16x8.relaxed_q15mulr_s (local.get 0) (v128.load (i32.const 1))))))))
  (func (export "same 12") (param v128 v128) (result i32)
    (local $r v128)
    (local.set $r (i16x8.relaxed_q15mulr_s (local.get 0) (local.get 1)))
    (v128.store (i32.const 1) (local.get 1))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i16x8.relaxed_q15mulr_s (v128.const i64x2 0x8000800080008000 0x8000800080008000)
            (v128.const i64x2 0x8000800080008000 0x8000800080008000))))
      (i32.and
        (i8x16.all_true
          (i8x16.eq (local.get $r)
            (i16x8.relaxed_q15mulr_s (v128.const i64x2 0x8000800080008000 0x8000800080008000) (local.get 1))))
        (i8x16.all_true
          (i8x16.eq (local.get $r) (i16x8.relaxed_q15mulr_s (local.get 0) (v128.load (i32.const 1))))))))
  ;; Equal lanes give equal lanes.
  (func (export "laneselect lanes") (param v128 v128 i32) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_laneselect (local.get 0) (local.get 1) (i32x4.splat (local.get 2))))
    (i32x4.all_true (i32x4.eq (local.get $r)
      (i8x16.shuffle 12 13 14 15 8 9 10 11 4 5 6 7 0 1 2 3 (local.get $r) (local.get $r))))))

(assert_return (invoke "i8x16.relaxed_swizzle" (v128.const i64x2 0xa7a6a5a4a3a2a1a0 0xafaeadacabaaa9a8)
    (v128.const i64x2 0x08090a0b0c0d0e0f 0x0001020304050607))
  (v128.const i64x2 0xa8a9aaabacadaeaf 0xa0a1a2a3a4a5a6a7))
(assert_return (invoke "same 1" (v128.const i64x2 0xa7a6a5a4a3a2a1a0 0xafaeadacabaaa9a8)
    (v128.const i64x2 0x08090a0b0c0d0e0f 0x0001020304050607))
  (i32.const 1))
(assert_return (invoke "i8x16.relaxed_swizzle" (v128.const i64x2 0xa7a6a5a4a3a2a1a0 0xafaeadacabaaa9a8)
    (v128.const i64x2 0x7f64201f11100f00 0x04030201ffc88180))
  (either (v128.const i64x2 0x000000000000afa0 0xa4a3a2a100000000)
    (v128.const i64x2 0xafa4a0afa1a0afa0 0xa4a3a2a100000000)))
(assert_return (invoke "same 2" (v128.const i64x2 0xa7a6a5a4a3a2a1a0 0xafaeadacabaaa9a8)
    (v128.const i64x2 0x7f64201f11100f00 0x04030201ffc88180))
  (i32.const 1))
(assert_return (invoke "i8x16.relaxed_laneselect" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xff00ffff00ffff00 0x00ffff00ffff00ff))
  (v128.const i64x2 0x17e61514e31211e0 0xef1e1dec1b1ae918))
(assert_return (invoke "same 3" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xff00ffff00ffff00 0x00ffff00ffff00ff))
  (i32.const 1))
(assert_return (invoke "i8x16.relaxed_laneselect" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xc33cc33cc33cc33c 0xc33cc33cc33cc33c))
  (either (v128.const i64x2 0x27d625d423d221d0 0x2fde2ddc2bda29d8)
    (v128.const i64x2 0x17e615e413e211e0 0x1fee1dec1bea19e8)))
(assert_return (invoke "same 4" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xc33cc33cc33cc33c 0xc33cc33cc33cc33c))
  (i32.const 1))
(assert_return (invoke "i16x8.relaxed_laneselect" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0x0000ffffffff0000 0xffff0000ffffffff))
  (v128.const i64x2 0xe7e615141312e1e0 0x1f1eedec1b1a1918))
(assert_return (invoke "same 5" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0x0000ffffffff0000 0xffff0000ffffffff))
  (i32.const 1))
(assert_return (invoke "i16x8.relaxed_laneselect" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xc37f3c7fc37f3c7f 0xc37f3c7fc37f3c7f))
  (either (v128.const i64x2 0x2796d5942392d190 0x2f9edd9c2b9ad998)
    (v128.const i64x2 0x1716e5e41312e1e0 0x1f1eedec1b1ae9e8)
    (v128.const i64x2 0x17e6e5e413e2e1e0 0x1feeedec1beae9e8)))
(assert_return (invoke "same 6" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xc37f3c7fc37f3c7f 0xc37f3c7fc37f3c7f))
  (i32.const 1))
(assert_return (invoke "i32x4.relaxed_laneselect" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xffffffff00000000 0x00000000ffffffff))
  (v128.const i64x2 0x17161514e3e2e1e0 0xefeeedec1b1a1918))
(assert_return (invoke "same 7" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xffffffff00000000 0x00000000ffffffff))
  (i32.const 1))
(assert_return (invoke "i32x4.relaxed_laneselect" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xc37f7f7f3c7f7f7f 0xc37f7f7f3c7f7f7f))
  (either (v128.const i64x2 0x27969594d3929190 0x2f9e9d9cdb9a9998)
    (v128.const i64x2 0x17161514e3e2e1e0 0x1f1e1d1cebeae9e8)))
(assert_return (invoke "same 8" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0xc37f7f7f3c7f7f7f 0xc37f7f7f3c7f7f7f))
  (i32.const 1))
(assert_return (invoke "i64x2.relaxed_laneselect" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0x0000000000000000 0xffffffffffffffff))
  (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0x1f1e1d1c1b1a1918))
(assert_return (invoke "same 9" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0x0000000000000000 0xffffffffffffffff))
  (i32.const 1))
(assert_return (invoke "i64x2.relaxed_laneselect" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0x3c7f7f7f7f7f7f7f 0xc37f7f7f7f7f7f7f))
  (either (v128.const i64x2 0xd796959493929190 0x2f9e9d9c9b9a9998)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0x1f1e1d1c1b1a1918)))
(assert_return (invoke "same 10" (v128.const i64x2 0x1716151413121110 0x1f1e1d1c1b1a1918)
    (v128.const i64x2 0xe7e6e5e4e3e2e1e0 0xefeeedecebeae9e8)
    (v128.const i64x2 0x3c7f7f7f7f7f7f7f 0xc37f7f7f7f7f7f7f))
  (i32.const 1))
(assert_return (invoke "i16x8.relaxed_q15mulr_s" (v128.const i64x2 0xc0004000ffff0001 0x3039800080007fff)
    (v128.const i64x2 0x400040007fff7fff 0xa46000017fff7fff))
  (v128.const i64x2 0xe0002000ffff0001 0xdd7bffff80017ffe))
(assert_return (invoke "same 11" (v128.const i64x2 0xc0004000ffff0001 0x3039800080007fff)
    (v128.const i64x2 0x400040007fff7fff 0xa46000017fff7fff))
  (i32.const 1))
(assert_return (invoke "i16x8.relaxed_q15mulr_s" (v128.const i64x2 0x8000800080008000 0x8000800080008000)
    (v128.const i64x2 0x8000800080008000 0x8000800080008000))
  (either (v128.const i64x2 0x7fff7fff7fff7fff 0x7fff7fff7fff7fff)
    (v128.const i64x2 0x8000800080008000 0x8000800080008000)))
(assert_return (invoke "same 12" (v128.const i64x2 0x8000800080008000 0x8000800080008000)
    (v128.const i64x2 0x8000800080008000 0x8000800080008000))
  (i32.const 1))
(assert_return (invoke "laneselect lanes" (v128.const i64x2 0x1234567812345678 0x1234567812345678)
    (v128.const i64x2 0x9abcdef09abcdef0 0x9abcdef09abcdef0) (i32.const 0x8000_0000))
  (i32.const 1))
(assert_return (invoke "laneselect lanes" (v128.const i64x2 0x1234567812345678 0x1234567812345678)
    (v128.const i64x2 0x9abcdef09abcdef0 0x9abcdef09abcdef0) (i32.const 0x7fff_ffff))
  (i32.const 1))
(assert_return (invoke "laneselect lanes" (v128.const i64x2 0x1234567812345678 0x1234567812345678)
    (v128.const i64x2 0x9abcdef09abcdef0 0x9abcdef09abcdef0) (i32.const 0x8000_ffff))
  (i32.const 1))
