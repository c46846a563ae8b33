;;! relaxed_simd = true
;;! [bug]
;;! id = "relaxed-truncations-choose-once"
;;! layer = "lowering"
;;! source = "bytecodealliance/wasmtime#13702; WebAssembly core specification 3.0, relaxed operations"
;;! expect = "one of the permitted results, and always the same one: the choice is the engine's, made once"

;; A relaxed operator leaves a choice, which must not depend on what the compiler knows of the operands, or on
;; the lane. Folding with one choice and emitting instructions of another is the bug to look for. Operands
;; within the agreed range leave no choice.
;;
;; Red when: compiler/src/translate/simd/relaxed.rs: `relaxed_truncate` takes the machine's own conversion for
;; constants, and the saturating one for everything else.

(module
  (memory 1)
  (func (export "i32x4.relaxed_trunc_f32x4_s") (param v128) (result v128)
    (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
  (func (export "i32x4.relaxed_trunc_f32x4_u") (param v128) (result v128)
    (i32x4.relaxed_trunc_f32x4_u (local.get 0)))
  (func (export "i32x4.relaxed_trunc_f64x2_s_zero") (param v128) (result v128)
    (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0)))
  (func (export "i32x4.relaxed_trunc_f64x2_u_zero") (param v128) (result v128)
    (i32x4.relaxed_trunc_f64x2_u_zero (local.get 0)))
  (func (export "same 1") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f32x4_s (v128.const i64x2 0xbff333333ff33333 0xcf0000004effffff))))
      (i8x16.all_true (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f32x4_s (v128.load (i32.const 1)))))))
  (func (export "same 2") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f32x4_s (v128.const i64x2 0x4f32d05e4f000000 0xbf0000007f800000))))
      (i8x16.all_true (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f32x4_s (v128.load (i32.const 1)))))))
  (func (export "same 3") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f32x4_s (v128.const i64x2 0x7fc000007fc00000 0x7fc00000c0a00000))))
      (i8x16.all_true (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f32x4_s (v128.load (i32.const 1)))))))
  (func (export "same 4") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f32x4_u (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f32x4_u (v128.const i64x2 0xbf6666663ff33333 0x4f7fffff4f000000))))
      (i8x16.all_true (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f32x4_u (v128.load (i32.const 1)))))))
  (func (export "same 5") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f32x4_u (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f32x4_u (v128.const i64x2 0x7fc000007fc00000 0x7fc0000040e00000))))
      (i8x16.all_true (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f32x4_u (v128.load (i32.const 1)))))))
  (func (export "same 6") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f64x2_s_zero (v128.const i64x2 0x41dffffffff9999a 0xc1e00000001ccccd))))
      (i8x16.all_true
        (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f64x2_s_zero (v128.load (i32.const 1)))))))
  (func (export "same 7") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f64x2_s_zero (v128.const i64x2 0x41e0000000000000 0x7e37e43c8800759c))))
      (i8x16.all_true
        (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f64x2_s_zero (v128.load (i32.const 1)))))))
  (func (export "same 8") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f64x2_s_zero (v128.const i64x2 0x7ff8000000000000 0x3ff8000000000000))))
      (i8x16.all_true
        (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f64x2_s_zero (v128.load (i32.const 1)))))))
  (func (export "same 9") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f64x2_u_zero (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f64x2_u_zero (v128.const i64x2 0x41effffffffccccd 0x3feccccccccccccd))))
      (i8x16.all_true
        (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f64x2_u_zero (v128.load (i32.const 1)))))))
  (func (export "same 10") (param v128) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f64x2_u_zero (local.get 0)))
    (v128.store (i32.const 1) (local.get 0))
    (i32.and
      (i8x16.all_true
        (i8x16.eq (local.get $r)
          (i32x4.relaxed_trunc_f64x2_u_zero (v128.const i64x2 0x7ff8000000000000 0x4022000000000000))))
      (i8x16.all_true
        (i8x16.eq (local.get $r) (i32x4.relaxed_trunc_f64x2_u_zero (v128.load (i32.const 1)))))))
  ;; Equal lanes give equal lanes.
  (func (export "trunc lanes") (param f32) (result i32)
    (local $r v128)
    (local.set $r (i32x4.relaxed_trunc_f32x4_s (f32x4.splat (local.get 0))))
    (i32x4.all_true (i32x4.eq (local.get $r)
      (i8x16.shuffle 12 13 14 15 8 9 10 11 4 5 6 7 0 1 2 3 (local.get $r) (local.get $r))))))

(assert_return (invoke "i32x4.relaxed_trunc_f32x4_s" (v128.const i64x2 0xbff333333ff33333 0xcf0000004effffff))
  (v128.const i64x2 0xffffffff00000001 0x800000007fffff80))
(assert_return (invoke "same 1" (v128.const i64x2 0xbff333333ff33333 0xcf0000004effffff)) (i32.const 1))
(assert_return (invoke "i32x4.relaxed_trunc_f32x4_s" (v128.const i64x2 0x4f32d05e4f000000 0xbf0000007f800000))
  (either (v128.const i64x2 0x7fffffff7fffffff 0x000000007fffffff)
    (v128.const i64x2 0x8000000080000000 0x0000000080000000)))
(assert_return (invoke "same 2" (v128.const i64x2 0x4f32d05e4f000000 0xbf0000007f800000)) (i32.const 1))
(assert_return (invoke "i32x4.relaxed_trunc_f32x4_s" (v128.const i64x2 0x7fc000007fc00000 0x7fc00000c0a00000))
  (either (v128.const i64x2 0x0000000000000000 0x00000000fffffffb)
    (v128.const i64x2 0x8000000080000000 0x80000000fffffffb)))
(assert_return (invoke "same 3" (v128.const i64x2 0x7fc000007fc00000 0x7fc00000c0a00000)) (i32.const 1))
(assert_return (invoke "i32x4.relaxed_trunc_f32x4_u" (v128.const i64x2 0xbf6666663ff33333 0x4f7fffff4f000000))
  (v128.const i64x2 0x0000000000000001 0xffffff0080000000))
(assert_return (invoke "same 4" (v128.const i64x2 0xbf6666663ff33333 0x4f7fffff4f000000)) (i32.const 1))
(assert_return (invoke "i32x4.relaxed_trunc_f32x4_u" (v128.const i64x2 0x7fc000007fc00000 0x7fc0000040e00000))
  (either (v128.const i64x2 0x0000000000000000 0x0000000000000007)
    (v128.const i64x2 0xffffffffffffffff 0xffffffff00000007)))
(assert_return (invoke "same 5" (v128.const i64x2 0x7fc000007fc00000 0x7fc0000040e00000)) (i32.const 1))
(assert_return (invoke "i32x4.relaxed_trunc_f64x2_s_zero"
    (v128.const i64x2 0x41dffffffff9999a 0xc1e00000001ccccd))
  (v128.const i64x2 0x800000007fffffff 0x0000000000000000))
(assert_return (invoke "same 6" (v128.const i64x2 0x41dffffffff9999a 0xc1e00000001ccccd)) (i32.const 1))
(assert_return (invoke "i32x4.relaxed_trunc_f64x2_s_zero"
    (v128.const i64x2 0x41e0000000000000 0x7e37e43c8800759c))
  (either (v128.const i64x2 0x7fffffff7fffffff 0x0000000000000000)
    (v128.const i64x2 0x8000000080000000 0x0000000000000000)))
(assert_return (invoke "same 7" (v128.const i64x2 0x41e0000000000000 0x7e37e43c8800759c)) (i32.const 1))
(assert_return (invoke "i32x4.relaxed_trunc_f64x2_s_zero"
    (v128.const i64x2 0x7ff8000000000000 0x3ff8000000000000))
  (either (v128.const i64x2 0x0000000100000000 0x0000000000000000)
    (v128.const i64x2 0x0000000180000000 0x0000000000000000)))
(assert_return (invoke "same 8" (v128.const i64x2 0x7ff8000000000000 0x3ff8000000000000)) (i32.const 1))
(assert_return (invoke "i32x4.relaxed_trunc_f64x2_u_zero"
    (v128.const i64x2 0x41effffffffccccd 0x3feccccccccccccd))
  (v128.const i64x2 0x00000000ffffffff 0x0000000000000000))
(assert_return (invoke "same 9" (v128.const i64x2 0x41effffffffccccd 0x3feccccccccccccd)) (i32.const 1))
(assert_return (invoke "i32x4.relaxed_trunc_f64x2_u_zero"
    (v128.const i64x2 0x7ff8000000000000 0x4022000000000000))
  (either (v128.const i64x2 0x0000000900000000 0x0000000000000000)
    (v128.const i64x2 0x00000009ffffffff 0x0000000000000000)))
(assert_return (invoke "same 10" (v128.const i64x2 0x7ff8000000000000 0x4022000000000000)) (i32.const 1))
(assert_return (invoke "trunc lanes" (f32.const nan)) (i32.const 1))
(assert_return (invoke "trunc lanes" (f32.const 0x1p31)) (i32.const 1))
(assert_return (invoke "trunc lanes" (f32.const -0x1p40)) (i32.const 1))
