;;! [bug]
;;! id = "splat-load-at-end"
;;! layer = "lowering"
;;! source = "CVE-2026-34944, fixed in wasmtime by 4e303032ed"
;;! expect = "a splat of a loaded scalar reads the scalar's bytes and no more"

;; Without SSE3 there is no instruction that loads a double into both lanes; one that reads a whole vector and
;; copies its lower half reads 8 bytes beyond the end of the memory.
;;
;; Red when: compiler/src/translate/simd/lanes.rs: `splat` loads an operand that comes from memory as a vector
;; and takes its first lane (guarded memories).

(module
  (memory 1)
  (data (i32.const 65520) "\10\11\12\13\14\15\16\17" "\18\19\1a\1b\1c\1d\1e\1f")

  (func (export "f64x2") (param $at i32) (result v128) (f64x2.splat (f64.load (local.get $at))))
  (func (export "f32x4") (param $at i32) (result v128) (f32x4.splat (f32.load (local.get $at))))
  (func (export "i64x2") (param $at i32) (result v128) (i64x2.splat (i64.load (local.get $at))))
  (func (export "i32x4") (param $at i32) (result v128) (i32x4.splat (i32.load (local.get $at))))
  (func (export "i16x8") (param $at i32) (result v128) (i16x8.splat (i32.load16_u (local.get $at))))
  (func (export "i8x16") (param $at i32) (result v128) (i8x16.splat (i32.load8_s (local.get $at))))
  (func (export "f64x2-constant") (result v128) (f64x2.splat (f64.load (i32.const 65528))))
  (func (export "f64x2-offset") (param $at i32) (result v128)
    (f64x2.splat (f64.load offset=65000 (local.get $at))))
  ;; As the operand of what takes a memory operand itself.
  (func (export "f64x2-and") (param $at i32) (param $with v128) (result v128)
    (v128.and (local.get $with) (f64x2.splat (f64.load (local.get $at)))))

  ;; The instructions for it, and their relatives.
  (func (export "load64_splat") (param $at i32) (result v128) (v128.load64_splat (local.get $at)))
  (func (export "load32_splat") (param $at i32) (result v128) (v128.load32_splat (local.get $at)))
  (func (export "load16_splat") (param $at i32) (result v128) (v128.load16_splat (local.get $at)))
  (func (export "load8_splat") (param $at i32) (result v128) (v128.load8_splat (local.get $at)))
  (func (export "load64_zero") (param $at i32) (result v128) (v128.load64_zero (local.get $at)))
  (func (export "load32_zero") (param $at i32) (result v128) (v128.load32_zero (local.get $at)))
  (func (export "load8x8_u") (param $at i32) (result v128) (v128.load8x8_u (local.get $at)))
  (func (export "load16x4_s") (param $at i32) (result v128) (v128.load16x4_s (local.get $at)))
  (func (export "load32x2_u") (param $at i32) (result v128) (v128.load32x2_u (local.get $at)))
  (func (export "load64_lane") (param $at i32) (param $v v128) (result v128)
    (v128.load64_lane 1 (local.get $at) (local.get $v)))
  (func (export "load32_lane") (param $at i32) (param $v v128) (result v128)
    (v128.load32_lane 2 (local.get $at) (local.get $v)))
  (func (export "replace-f64") (param $at i32) (param $v v128) (result v128)
    (f64x2.replace_lane 1 (local.get $v) (f64.load (local.get $at))))
  (func (export "replace-f32") (param $at i32) (param $v v128) (result v128)
    (f32x4.replace_lane 3 (local.get $v) (f32.load (local.get $at)))))

(assert_return (invoke "f64x2" (i32.const 65528))
  (v128.const i64x2 0x1f1e_1d1c_1b1a_1918 0x1f1e_1d1c_1b1a_1918))
(assert_return (invoke "f64x2" (i32.const 65527))
  (v128.const i64x2 0x1e1d_1c1b_1a19_1817 0x1e1d_1c1b_1a19_1817))
(assert_return (invoke "f32x4" (i32.const 65532))
  (v128.const i32x4 0x1f1e_1d1c 0x1f1e_1d1c 0x1f1e_1d1c 0x1f1e_1d1c))
(assert_return (invoke "i64x2" (i32.const 65528))
  (v128.const i64x2 0x1f1e_1d1c_1b1a_1918 0x1f1e_1d1c_1b1a_1918))
(assert_return (invoke "i32x4" (i32.const 65532))
  (v128.const i32x4 0x1f1e_1d1c 0x1f1e_1d1c 0x1f1e_1d1c 0x1f1e_1d1c))
(assert_return (invoke "i16x8" (i32.const 65534))
  (v128.const i16x8 0x1f1e 0x1f1e 0x1f1e 0x1f1e 0x1f1e 0x1f1e 0x1f1e 0x1f1e))
(assert_return (invoke "i8x16" (i32.const 65535))
  (v128.const i8x16 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f))
(assert_return (invoke "f64x2-constant") (v128.const i64x2 0x1f1e_1d1c_1b1a_1918 0x1f1e_1d1c_1b1a_1918))
(assert_return (invoke "f64x2-offset" (i32.const 528))
  (v128.const i64x2 0x1f1e_1d1c_1b1a_1918 0x1f1e_1d1c_1b1a_1918))
(assert_return (invoke "f64x2-and" (i32.const 65528) (v128.const i64x2 -1 0xff))
  (v128.const i64x2 0x1f1e_1d1c_1b1a_1918 0x18))
(assert_return (invoke "load64_splat" (i32.const 65528))
  (v128.const i64x2 0x1f1e_1d1c_1b1a_1918 0x1f1e_1d1c_1b1a_1918))
(assert_return (invoke "load32_splat" (i32.const 65532))
  (v128.const i32x4 0x1f1e_1d1c 0x1f1e_1d1c 0x1f1e_1d1c 0x1f1e_1d1c))
(assert_return (invoke "load16_splat" (i32.const 65534))
  (v128.const i16x8 0x1f1e 0x1f1e 0x1f1e 0x1f1e 0x1f1e 0x1f1e 0x1f1e 0x1f1e))
(assert_return (invoke "load8_splat" (i32.const 65535))
  (v128.const i8x16 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f 0x1f))
(assert_return (invoke "load64_zero" (i32.const 65528)) (v128.const i64x2 0x1f1e_1d1c_1b1a_1918 0))
(assert_return (invoke "load32_zero" (i32.const 65532)) (v128.const i32x4 0x1f1e_1d1c 0 0 0))
(assert_return (invoke "load8x8_u" (i32.const 65528))
  (v128.const i16x8 0x18 0x19 0x1a 0x1b 0x1c 0x1d 0x1e 0x1f))
(assert_return (invoke "load16x4_s" (i32.const 65528)) (v128.const i32x4 0x1918 0x1b1a 0x1d1c 0x1f1e))
(assert_return (invoke "load32x2_u" (i32.const 65528)) (v128.const i64x2 0x1b1a_1918 0x1f1e_1d1c))
(assert_return (invoke "load64_lane" (i32.const 65528) (v128.const i64x2 1 2))
  (v128.const i64x2 1 0x1f1e_1d1c_1b1a_1918))
(assert_return (invoke "load32_lane" (i32.const 65532) (v128.const i32x4 1 2 3 4))
  (v128.const i32x4 1 2 0x1f1e_1d1c 4))
(assert_return (invoke "replace-f64" (i32.const 65528) (v128.const i64x2 1 2))
  (v128.const i64x2 1 0x1f1e_1d1c_1b1a_1918))
(assert_return (invoke "replace-f32" (i32.const 65532) (v128.const i32x4 1 2 3 4))
  (v128.const i32x4 1 2 3 0x1f1e_1d1c))

(assert_trap (invoke "f64x2" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "f32x4" (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "i64x2" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "i8x16" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "f64x2-offset" (i32.const 529)) "out of bounds memory access")
(assert_trap (invoke "load64_splat" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "load32_zero" (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "load8x8_u" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "load64_lane" (i32.const 65529) (v128.const i64x2 1 2)) "out of bounds memory access")
