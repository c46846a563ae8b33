;;! [bug]
;;! id = "vector-comparisons-combined"
;;! layer = "optimizer"
;;! source = "bytecodealliance/wasmtime#12170, bytecodealliance/wasmtime#12328"
;;! expect = "comparisons of vectors that always or never hold give lanes of ones or zeros"

;; What holds of numbers holds of lanes: a < min(a, b) never does, a > b or a <= b always. Rules for it that
;; were written with scalars in mind made a scalar constant of vector type, at which the compiler panicked, or
;; a vector with a one in each lane instead of all ones.
;;
;; Red when: cranelift-codegen, src/opts/arithmetic.isle: `cmp_true` is 1 in each lane of a vector, and
;; src/opts/icmp.isle: the rule for `bor` of two comparisons holds for vectors too.

(module
  ;; i8x16
  (func (export "i8x16 s") (param $a v128) (param $b v128)
    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i8x16.bitmask
      (v128.and (i8x16.gt_s (local.get $a) (local.get $b)) (i8x16.lt_s (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.and (i8x16.ge_s (local.get $a) (local.get $b)) (i8x16.le_s (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.or (i8x16.gt_s (local.get $a) (local.get $b)) (i8x16.le_s (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.or (i8x16.gt_s (local.get $a) (local.get $b)) (i8x16.lt_s (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.xor (i8x16.ge_s (local.get $a) (local.get $b)) (i8x16.lt_s (local.get $a) (local.get $b))))
    (i8x16.bitmask (v128.not (i8x16.gt_s (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.and (i8x16.gt_s (local.get $a) (local.get $b)) (i8x16.gt_s (local.get $b) (local.get $a))))
    (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $a)))
    (i8x16.bitmask (i8x16.lt_s (local.get $a) (local.get $a)))
    (i8x16.bitmask (i8x16.lt_s (local.get $a) (i8x16.min_s (local.get $a) (local.get $a))))
    (i8x16.bitmask (i8x16.lt_s (local.get $a) (i8x16.min_s (local.get $a) (local.get $b))))
    (i8x16.bitmask (i8x16.lt_s (local.get $a) (i8x16.min_s (local.get $b) (local.get $a))))
    (i8x16.bitmask (i8x16.gt_s (i8x16.max_s (local.get $a) (local.get $b)) (local.get $a)))
    (i8x16.bitmask (i8x16.le_s (local.get $a) (i8x16.max_s (local.get $a) (local.get $b)))))
  (func (export "i8x16 s lanes") (param $a v128) (param $b v128) (result v128 v128)
    (v128.and (i8x16.gt_s (local.get $a) (local.get $b)) (i8x16.lt_s (local.get $a) (local.get $b)))
    (v128.or (i8x16.gt_s (local.get $a) (local.get $b)) (i8x16.le_s (local.get $a) (local.get $b))))
  (func (export "i8x16 u") (param $a v128) (param $b v128)
    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i8x16.bitmask
      (v128.and (i8x16.gt_u (local.get $a) (local.get $b)) (i8x16.lt_u (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.and (i8x16.ge_u (local.get $a) (local.get $b)) (i8x16.le_u (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.or (i8x16.gt_u (local.get $a) (local.get $b)) (i8x16.le_u (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.or (i8x16.gt_u (local.get $a) (local.get $b)) (i8x16.lt_u (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.xor (i8x16.ge_u (local.get $a) (local.get $b)) (i8x16.lt_u (local.get $a) (local.get $b))))
    (i8x16.bitmask (v128.not (i8x16.gt_u (local.get $a) (local.get $b))))
    (i8x16.bitmask
      (v128.and (i8x16.gt_u (local.get $a) (local.get $b)) (i8x16.gt_u (local.get $b) (local.get $a))))
    (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $a)))
    (i8x16.bitmask (i8x16.lt_u (local.get $a) (local.get $a)))
    (i8x16.bitmask (i8x16.lt_u (local.get $a) (i8x16.min_u (local.get $a) (local.get $a))))
    (i8x16.bitmask (i8x16.lt_u (local.get $a) (i8x16.min_u (local.get $a) (local.get $b))))
    (i8x16.bitmask (i8x16.lt_u (local.get $a) (i8x16.min_u (local.get $b) (local.get $a))))
    (i8x16.bitmask (i8x16.gt_u (i8x16.max_u (local.get $a) (local.get $b)) (local.get $a)))
    (i8x16.bitmask (i8x16.le_u (local.get $a) (i8x16.max_u (local.get $a) (local.get $b)))))
  (func (export "i8x16 u lanes") (param $a v128) (param $b v128) (result v128 v128)
    (v128.and (i8x16.gt_u (local.get $a) (local.get $b)) (i8x16.lt_u (local.get $a) (local.get $b)))
    (v128.or (i8x16.gt_u (local.get $a) (local.get $b)) (i8x16.le_u (local.get $a) (local.get $b))))
  ;; i16x8
  (func (export "i16x8 s") (param $a v128) (param $b v128)
    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i16x8.bitmask
      (v128.and (i16x8.gt_s (local.get $a) (local.get $b)) (i16x8.lt_s (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.and (i16x8.ge_s (local.get $a) (local.get $b)) (i16x8.le_s (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.or (i16x8.gt_s (local.get $a) (local.get $b)) (i16x8.le_s (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.or (i16x8.gt_s (local.get $a) (local.get $b)) (i16x8.lt_s (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.xor (i16x8.ge_s (local.get $a) (local.get $b)) (i16x8.lt_s (local.get $a) (local.get $b))))
    (i16x8.bitmask (v128.not (i16x8.gt_s (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.and (i16x8.gt_s (local.get $a) (local.get $b)) (i16x8.gt_s (local.get $b) (local.get $a))))
    (i16x8.bitmask (i16x8.eq (local.get $a) (local.get $a)))
    (i16x8.bitmask (i16x8.lt_s (local.get $a) (local.get $a)))
    (i16x8.bitmask (i16x8.lt_s (local.get $a) (i16x8.min_s (local.get $a) (local.get $a))))
    (i16x8.bitmask (i16x8.lt_s (local.get $a) (i16x8.min_s (local.get $a) (local.get $b))))
    (i16x8.bitmask (i16x8.lt_s (local.get $a) (i16x8.min_s (local.get $b) (local.get $a))))
    (i16x8.bitmask (i16x8.gt_s (i16x8.max_s (local.get $a) (local.get $b)) (local.get $a)))
    (i16x8.bitmask (i16x8.le_s (local.get $a) (i16x8.max_s (local.get $a) (local.get $b)))))
  (func (export "i16x8 s lanes") (param $a v128) (param $b v128) (result v128 v128)
    (v128.and (i16x8.gt_s (local.get $a) (local.get $b)) (i16x8.lt_s (local.get $a) (local.get $b)))
    (v128.or (i16x8.gt_s (local.get $a) (local.get $b)) (i16x8.le_s (local.get $a) (local.get $b))))
  (func (export "i16x8 u") (param $a v128) (param $b v128)
    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i16x8.bitmask
      (v128.and (i16x8.gt_u (local.get $a) (local.get $b)) (i16x8.lt_u (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.and (i16x8.ge_u (local.get $a) (local.get $b)) (i16x8.le_u (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.or (i16x8.gt_u (local.get $a) (local.get $b)) (i16x8.le_u (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.or (i16x8.gt_u (local.get $a) (local.get $b)) (i16x8.lt_u (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.xor (i16x8.ge_u (local.get $a) (local.get $b)) (i16x8.lt_u (local.get $a) (local.get $b))))
    (i16x8.bitmask (v128.not (i16x8.gt_u (local.get $a) (local.get $b))))
    (i16x8.bitmask
      (v128.and (i16x8.gt_u (local.get $a) (local.get $b)) (i16x8.gt_u (local.get $b) (local.get $a))))
    (i16x8.bitmask (i16x8.eq (local.get $a) (local.get $a)))
    (i16x8.bitmask (i16x8.lt_u (local.get $a) (local.get $a)))
    (i16x8.bitmask (i16x8.lt_u (local.get $a) (i16x8.min_u (local.get $a) (local.get $a))))
    (i16x8.bitmask (i16x8.lt_u (local.get $a) (i16x8.min_u (local.get $a) (local.get $b))))
    (i16x8.bitmask (i16x8.lt_u (local.get $a) (i16x8.min_u (local.get $b) (local.get $a))))
    (i16x8.bitmask (i16x8.gt_u (i16x8.max_u (local.get $a) (local.get $b)) (local.get $a)))
    (i16x8.bitmask (i16x8.le_u (local.get $a) (i16x8.max_u (local.get $a) (local.get $b)))))
  (func (export "i16x8 u lanes") (param $a v128) (param $b v128) (result v128 v128)
    (v128.and (i16x8.gt_u (local.get $a) (local.get $b)) (i16x8.lt_u (local.get $a) (local.get $b)))
    (v128.or (i16x8.gt_u (local.get $a) (local.get $b)) (i16x8.le_u (local.get $a) (local.get $b))))
  ;; i32x4
  (func (export "i32x4 s") (param $a v128) (param $b v128)
    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i32x4.bitmask
      (v128.and (i32x4.gt_s (local.get $a) (local.get $b)) (i32x4.lt_s (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.and (i32x4.ge_s (local.get $a) (local.get $b)) (i32x4.le_s (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.or (i32x4.gt_s (local.get $a) (local.get $b)) (i32x4.le_s (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.or (i32x4.gt_s (local.get $a) (local.get $b)) (i32x4.lt_s (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.xor (i32x4.ge_s (local.get $a) (local.get $b)) (i32x4.lt_s (local.get $a) (local.get $b))))
    (i32x4.bitmask (v128.not (i32x4.gt_s (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.and (i32x4.gt_s (local.get $a) (local.get $b)) (i32x4.gt_s (local.get $b) (local.get $a))))
    (i32x4.bitmask (i32x4.eq (local.get $a) (local.get $a)))
    (i32x4.bitmask (i32x4.lt_s (local.get $a) (local.get $a)))
    (i32x4.bitmask (i32x4.lt_s (local.get $a) (i32x4.min_s (local.get $a) (local.get $a))))
    (i32x4.bitmask (i32x4.lt_s (local.get $a) (i32x4.min_s (local.get $a) (local.get $b))))
    (i32x4.bitmask (i32x4.lt_s (local.get $a) (i32x4.min_s (local.get $b) (local.get $a))))
    (i32x4.bitmask (i32x4.gt_s (i32x4.max_s (local.get $a) (local.get $b)) (local.get $a)))
    (i32x4.bitmask (i32x4.le_s (local.get $a) (i32x4.max_s (local.get $a) (local.get $b)))))
  (func (export "i32x4 s lanes") (param $a v128) (param $b v128) (result v128 v128)
    (v128.and (i32x4.gt_s (local.get $a) (local.get $b)) (i32x4.lt_s (local.get $a) (local.get $b)))
    (v128.or (i32x4.gt_s (local.get $a) (local.get $b)) (i32x4.le_s (local.get $a) (local.get $b))))
  (func (export "i32x4 u") (param $a v128) (param $b v128)
    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i32x4.bitmask
      (v128.and (i32x4.gt_u (local.get $a) (local.get $b)) (i32x4.lt_u (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.and (i32x4.ge_u (local.get $a) (local.get $b)) (i32x4.le_u (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.or (i32x4.gt_u (local.get $a) (local.get $b)) (i32x4.le_u (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.or (i32x4.gt_u (local.get $a) (local.get $b)) (i32x4.lt_u (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.xor (i32x4.ge_u (local.get $a) (local.get $b)) (i32x4.lt_u (local.get $a) (local.get $b))))
    (i32x4.bitmask (v128.not (i32x4.gt_u (local.get $a) (local.get $b))))
    (i32x4.bitmask
      (v128.and (i32x4.gt_u (local.get $a) (local.get $b)) (i32x4.gt_u (local.get $b) (local.get $a))))
    (i32x4.bitmask (i32x4.eq (local.get $a) (local.get $a)))
    (i32x4.bitmask (i32x4.lt_u (local.get $a) (local.get $a)))
    (i32x4.bitmask (i32x4.lt_u (local.get $a) (i32x4.min_u (local.get $a) (local.get $a))))
    (i32x4.bitmask (i32x4.lt_u (local.get $a) (i32x4.min_u (local.get $a) (local.get $b))))
    (i32x4.bitmask (i32x4.lt_u (local.get $a) (i32x4.min_u (local.get $b) (local.get $a))))
    (i32x4.bitmask (i32x4.gt_u (i32x4.max_u (local.get $a) (local.get $b)) (local.get $a)))
    (i32x4.bitmask (i32x4.le_u (local.get $a) (i32x4.max_u (local.get $a) (local.get $b)))))
  (func (export "i32x4 u lanes") (param $a v128) (param $b v128) (result v128 v128)
    (v128.and (i32x4.gt_u (local.get $a) (local.get $b)) (i32x4.lt_u (local.get $a) (local.get $b)))
    (v128.or (i32x4.gt_u (local.get $a) (local.get $b)) (i32x4.le_u (local.get $a) (local.get $b))))
  ;; i64x2
  (func (export "i64x2 s") (param $a v128) (param $b v128) (result i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i64x2.bitmask
      (v128.and (i64x2.gt_s (local.get $a) (local.get $b)) (i64x2.lt_s (local.get $a) (local.get $b))))
    (i64x2.bitmask
      (v128.and (i64x2.ge_s (local.get $a) (local.get $b)) (i64x2.le_s (local.get $a) (local.get $b))))
    (i64x2.bitmask
      (v128.or (i64x2.gt_s (local.get $a) (local.get $b)) (i64x2.le_s (local.get $a) (local.get $b))))
    (i64x2.bitmask
      (v128.or (i64x2.gt_s (local.get $a) (local.get $b)) (i64x2.lt_s (local.get $a) (local.get $b))))
    (i64x2.bitmask
      (v128.xor (i64x2.ge_s (local.get $a) (local.get $b)) (i64x2.lt_s (local.get $a) (local.get $b))))
    (i64x2.bitmask (v128.not (i64x2.gt_s (local.get $a) (local.get $b))))
    (i64x2.bitmask
      (v128.and (i64x2.gt_s (local.get $a) (local.get $b)) (i64x2.gt_s (local.get $b) (local.get $a))))
    (i64x2.bitmask (i64x2.eq (local.get $a) (local.get $a)))
    (i64x2.bitmask (i64x2.lt_s (local.get $a) (local.get $a))))
  (func (export "i64x2 s lanes") (param $a v128) (param $b v128) (result v128 v128)
    (v128.and (i64x2.gt_s (local.get $a) (local.get $b)) (i64x2.lt_s (local.get $a) (local.get $b)))
    (v128.or (i64x2.gt_s (local.get $a) (local.get $b)) (i64x2.le_s (local.get $a) (local.get $b))))
  ;; Floats: neither of two opposite comparisons holds of a NaN.
  (func (export "f32x4") (param $a v128) (param $b v128) (result i32 i32 i32 i32 i32 i32)
    (i32x4.bitmask (v128.or (f32x4.ge (local.get $a) (local.get $b)) (f32x4.lt (local.get $a) (local.get $b))))
    (i32x4.bitmask (v128.and (f32x4.gt (local.get $a) (local.get $b)) (f32x4.lt (local.get $a) (local.get $b))))
    (i32x4.bitmask (v128.not (f32x4.ge (local.get $a) (local.get $b))))
    (i32x4.bitmask (f32x4.lt (local.get $a) (local.get $b)))
    (i32x4.bitmask (f32x4.eq (local.get $a) (local.get $a)))
    (i32x4.bitmask (f32x4.lt (local.get $a) (f32x4.min (local.get $a) (local.get $a)))))
  (func (export "f64x2") (param $a v128) (param $b v128) (result i32 i32 i32 i32 i32 i32)
    (i64x2.bitmask (v128.or (f64x2.ge (local.get $a) (local.get $b)) (f64x2.lt (local.get $a) (local.get $b))))
    (i64x2.bitmask (v128.and (f64x2.gt (local.get $a) (local.get $b)) (f64x2.lt (local.get $a) (local.get $b))))
    (i64x2.bitmask (v128.not (f64x2.ge (local.get $a) (local.get $b))))
    (i64x2.bitmask (f64x2.lt (local.get $a) (local.get $b)))
    (i64x2.bitmask (f64x2.eq (local.get $a) (local.get $a)))
    (i64x2.bitmask (f64x2.lt (local.get $a) (f64x2.min (local.get $a) (local.get $a)))))

  ;; Constants, of which the compiler may know everything.
  (func (export "constants") (result v128 v128 v128)
    (v128.and
      (i32x4.gt_s (v128.const i32x4 1 2 3 4) (v128.const i32x4 4 3 2 1))
      (i32x4.lt_s (v128.const i32x4 1 2 3 4) (v128.const i32x4 4 3 2 1)))
    (v128.or
      (i8x16.gt_u (i8x16.splat (i32.const 200)) (i8x16.splat (i32.const 100)))
      (i8x16.le_u (i8x16.splat (i32.const 200)) (i8x16.splat (i32.const 100))))
    (i32x4.lt_s (v128.const i32x4 1 2 3 4)
      (i32x4.min_s (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 2 3 4)))))

(assert_return (invoke "i8x16 s"
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0)
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0))
  (i32.const 0) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0) (i32.const 0xffff) (i32.const 0xffff)
    (i32.const 0) (i32.const 0xffff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
    (i32.const 0xffff))
(assert_return (invoke "i8x16 s"
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0)
    (v128.const i8x16 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1))
  (i32.const 0) (i32.const 0) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0xa529)
    (i32.const 0) (i32.const 0xffff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0xa529)
    (i32.const 0xffff))
(assert_return (invoke "i8x16 s"
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0)
    (v128.const i8x16 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff))
  (i32.const 0) (i32.const 0) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0x318c)
    (i32.const 0) (i32.const 0xffff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x318c)
    (i32.const 0xffff))
(assert_return (invoke "i8x16 s lanes"
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0)
    (v128.const i8x16 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff))
  (v128.const i8x16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)
  (v128.const i8x16 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff))

(assert_return (invoke "i8x16 u"
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0)
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0))
  (i32.const 0) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0) (i32.const 0xffff) (i32.const 0xffff)
    (i32.const 0) (i32.const 0xffff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
    (i32.const 0xffff))
(assert_return (invoke "i8x16 u"
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0)
    (v128.const i8x16 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1))
  (i32.const 0) (i32.const 0) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0x8c63)
    (i32.const 0) (i32.const 0xffff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x8c63)
    (i32.const 0xffff))
(assert_return (invoke "i8x16 u"
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0)
    (v128.const i8x16 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff))
  (i32.const 0) (i32.const 0) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0xffff) (i32.const 0x8c63)
    (i32.const 0) (i32.const 0xffff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x8c63)
    (i32.const 0xffff))
(assert_return (invoke "i8x16 u lanes"
    (v128.const i8x16 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0)
    (v128.const i8x16 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff 0x80 0x7f 0 1 0xff))
  (v128.const i8x16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)
  (v128.const i8x16 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff))

(assert_return (invoke "i16x8 s"
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff)
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff))
  (i32.const 0) (i32.const 0xff) (i32.const 0xff) (i32.const 0) (i32.const 0xff) (i32.const 0xff) (i32.const 0)
    (i32.const 0xff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0xff))
(assert_return (invoke "i16x8 s"
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff)
    (v128.const i16x8 1 0xffff 0x8000 0x7fff 0 1 0xffff 0x8000))
  (i32.const 0) (i32.const 0) (i32.const 0xff) (i32.const 0xff) (i32.const 0xff) (i32.const 0x29) (i32.const 0)
    (i32.const 0xff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x29) (i32.const 0xff))
(assert_return (invoke "i16x8 s"
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff)
    (v128.const i16x8 0xffff 0x8000 0x7fff 0 1 0xffff 0x8000 0x7fff))
  (i32.const 0) (i32.const 0) (i32.const 0xff) (i32.const 0xff) (i32.const 0xff) (i32.const 0x8c) (i32.const 0)
    (i32.const 0xff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x8c) (i32.const 0xff))
(assert_return (invoke "i16x8 s lanes"
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff)
    (v128.const i16x8 0xffff 0x8000 0x7fff 0 1 0xffff 0x8000 0x7fff))
  (v128.const i16x8 0 0 0 0 0 0 0 0)
  (v128.const i16x8 0xffff 0xffff 0xffff 0xffff 0xffff 0xffff 0xffff 0xffff))

(assert_return (invoke "i16x8 u"
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff)
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff))
  (i32.const 0) (i32.const 0xff) (i32.const 0xff) (i32.const 0) (i32.const 0xff) (i32.const 0xff) (i32.const 0)
    (i32.const 0xff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0xff))
(assert_return (invoke "i16x8 u"
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff)
    (v128.const i16x8 1 0xffff 0x8000 0x7fff 0 1 0xffff 0x8000))
  (i32.const 0) (i32.const 0) (i32.const 0xff) (i32.const 0xff) (i32.const 0xff) (i32.const 0x63) (i32.const 0)
    (i32.const 0xff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x63) (i32.const 0xff))
(assert_return (invoke "i16x8 u"
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff)
    (v128.const i16x8 0xffff 0x8000 0x7fff 0 1 0xffff 0x8000 0x7fff))
  (i32.const 0) (i32.const 0) (i32.const 0xff) (i32.const 0xff) (i32.const 0xff) (i32.const 0x63) (i32.const 0)
    (i32.const 0xff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x63) (i32.const 0xff))
(assert_return (invoke "i16x8 u lanes"
    (v128.const i16x8 0 1 0xffff 0x8000 0x7fff 0 1 0xffff)
    (v128.const i16x8 0xffff 0x8000 0x7fff 0 1 0xffff 0x8000 0x7fff))
  (v128.const i16x8 0 0 0 0 0 0 0 0)
  (v128.const i16x8 0xffff 0xffff 0xffff 0xffff 0xffff 0xffff 0xffff 0xffff))

(assert_return (invoke "i32x4 s"
    (v128.const i32x4 0 1 0xffffffff 0x80000000)
    (v128.const i32x4 0 1 0xffffffff 0x80000000))
  (i32.const 0) (i32.const 0xf) (i32.const 0xf) (i32.const 0) (i32.const 0xf) (i32.const 0xf) (i32.const 0)
    (i32.const 0xf) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0xf))
(assert_return (invoke "i32x4 s"
    (v128.const i32x4 0 1 0xffffffff 0x80000000)
    (v128.const i32x4 1 0xffffffff 0x80000000 0x7fffffff))
  (i32.const 0) (i32.const 0) (i32.const 0xf) (i32.const 0xf) (i32.const 0xf) (i32.const 9) (i32.const 0)
    (i32.const 0xf) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 9) (i32.const 0xf))
(assert_return (invoke "i32x4 s"
    (v128.const i32x4 0 1 0xffffffff 0x80000000)
    (v128.const i32x4 0xffffffff 0x80000000 0x7fffffff 0))
  (i32.const 0) (i32.const 0) (i32.const 0xf) (i32.const 0xf) (i32.const 0xf) (i32.const 0xc) (i32.const 0)
    (i32.const 0xf) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0xc) (i32.const 0xf))
(assert_return (invoke "i32x4 s lanes"
    (v128.const i32x4 0 1 0xffffffff 0x80000000)
    (v128.const i32x4 0xffffffff 0x80000000 0x7fffffff 0))
  (v128.const i32x4 0 0 0 0)
  (v128.const i32x4 0xffffffff 0xffffffff 0xffffffff 0xffffffff))

(assert_return (invoke "i32x4 u"
    (v128.const i32x4 0 1 0xffffffff 0x80000000)
    (v128.const i32x4 0 1 0xffffffff 0x80000000))
  (i32.const 0) (i32.const 0xf) (i32.const 0xf) (i32.const 0) (i32.const 0xf) (i32.const 0xf) (i32.const 0)
    (i32.const 0xf) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0xf))
(assert_return (invoke "i32x4 u"
    (v128.const i32x4 0 1 0xffffffff 0x80000000)
    (v128.const i32x4 1 0xffffffff 0x80000000 0x7fffffff))
  (i32.const 0) (i32.const 0) (i32.const 0xf) (i32.const 0xf) (i32.const 0xf) (i32.const 3) (i32.const 0)
    (i32.const 0xf) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 0xf))
(assert_return (invoke "i32x4 u"
    (v128.const i32x4 0 1 0xffffffff 0x80000000)
    (v128.const i32x4 0xffffffff 0x80000000 0x7fffffff 0))
  (i32.const 0) (i32.const 0) (i32.const 0xf) (i32.const 0xf) (i32.const 0xf) (i32.const 3) (i32.const 0)
    (i32.const 0xf) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 0xf))
(assert_return (invoke "i32x4 u lanes"
    (v128.const i32x4 0 1 0xffffffff 0x80000000)
    (v128.const i32x4 0xffffffff 0x80000000 0x7fffffff 0))
  (v128.const i32x4 0 0 0 0)
  (v128.const i32x4 0xffffffff 0xffffffff 0xffffffff 0xffffffff))

(assert_return (invoke "i64x2 s"
    (v128.const i64x2 0 1)
    (v128.const i64x2 0 1))
  (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 0)
    (i32.const 3) (i32.const 0))
(assert_return (invoke "i64x2 s"
    (v128.const i64x2 0 1)
    (v128.const i64x2 1 0xffffffffffffffff))
  (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 3) (i32.const 1) (i32.const 0)
    (i32.const 3) (i32.const 0))
(assert_return (invoke "i64x2 s"
    (v128.const i64x2 0 1)
    (v128.const i64x2 0xffffffffffffffff 0x8000000000000000))
  (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 3) (i32.const 3) (i32.const 0) (i32.const 0)
    (i32.const 3) (i32.const 0))
(assert_return (invoke "i64x2 s lanes"
    (v128.const i64x2 0 1)
    (v128.const i64x2 0xffffffffffffffff 0x8000000000000000))
  (v128.const i64x2 0 0)
  (v128.const i64x2 0xffffffffffffffff 0xffffffffffffffff))

(assert_return (invoke "f32x4" (v128.const f32x4 nan 1 -0 2) (v128.const f32x4 1 nan 0 1))
  (i32.const 12) (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 14) (i32.const 0))
(assert_return (invoke "f32x4" (v128.const f32x4 1 nan 0 1) (v128.const f32x4 nan 1 -0 2))
  (i32.const 12) (i32.const 0) (i32.const 11) (i32.const 8) (i32.const 13) (i32.const 0))
(assert_return (invoke "f64x2" (v128.const f64x2 nan 1) (v128.const f64x2 1 nan))
  (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 2) (i32.const 0))
(assert_return (invoke "f64x2" (v128.const f64x2 1 nan) (v128.const f64x2 nan 1))
  (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 0))
(assert_return (invoke "constants")
  (v128.const i32x4 0 0 0 0) (v128.const i32x4 -1 -1 -1 -1) (v128.const i32x4 0 0 0 0))
