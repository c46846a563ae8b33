;;! [bug]
;;! id = "vector-chain"
;;! layer = "optimizer and lowering"
;;! source = "bytecodealliance/wasmtime#3336"
;;! expect = "every step of a chain of vector operations gives the same at every level of optimisation"

;; Abs, bitmask, splat, ge_s, floor, not and extadd_pairwise, one on the other: each has lanes of another
;; shape, and an engine that folds or merges some of them got another result than one that does not. All lanes
;; have to be 0x01fe, which is 255 + 255.
;;
;; Red when: compiler/src/translate/simd/convert.rs: `extended_pairwise_add` sign-extends the lanes always.

(module
  ;; The chain, with each step of it as a result: |x|; its sign bits; those in every lane; whether they are at
  ;; least the bytes of |x| rounded down as floats; the opposite; and the sums of neighbours.
  (func (export "chain") (param $x v128) (result v128 i32 v128 v128 v128 v128)
    (local $abs v128) (local $splat v128) (local $ge v128)
    (local.tee $abs (i8x16.abs (local.get $x)))
    (i8x16.bitmask (local.get $abs))
    (local.tee $splat (i8x16.splat (i8x16.bitmask (local.get $abs))))
    (local.tee $ge (i8x16.ge_s (local.get $splat) (f32x4.floor (local.get $abs))))
    (v128.not (local.get $ge))
    (i16x8.extadd_pairwise_i8x16_u (v128.not (local.get $ge))))

  ;; Only the last step, so that the others exist nowhere else.
  (func (export "last") (param $x v128) (result v128)
    (i16x8.extadd_pairwise_i8x16_u
      (v128.not
        (i8x16.ge_s
          (i8x16.splat (i8x16.bitmask (i8x16.abs (local.get $x))))
          (f32x4.floor (i8x16.abs (local.get $x)))))))
  (func (export "last signed") (param $x v128) (result v128)
    (i16x8.extadd_pairwise_i8x16_s
      (v128.not
        (i8x16.ge_s
          (i8x16.splat (i8x16.bitmask (i8x16.abs (local.get $x))))
          (f32x4.floor (i8x16.abs (local.get $x)))))))
  (func (export "constant") (result v128)
    (i16x8.extadd_pairwise_i8x16_u
      (v128.not
        (i8x16.ge_s
          (i8x16.splat
            (i8x16.bitmask (i8x16.abs (v128.const i32x4 0x4f4f4f4f 0x4f4f4f4f 0x4f4f4f4f 0x4f4f4f4f))))
          (f32x4.floor (i8x16.abs (v128.const i32x4 0x4f4f4f4f 0x4f4f4f4f 0x4f4f4f4f 0x4f4f4f4f)))))))

  ;; All ones by other ways, summed by neighbours: 255 + 255, -1 + -1, and as 16-bit lanes.
  (func (export "ones") (param $x v128) (result v128 v128 v128 v128)
    (i16x8.extadd_pairwise_i8x16_u (i8x16.eq (local.get $x) (local.get $x)))
    (i16x8.extadd_pairwise_i8x16_s (i8x16.eq (local.get $x) (local.get $x)))
    (i32x4.extadd_pairwise_i16x8_u (v128.not (v128.xor (local.get $x) (local.get $x))))
    (i32x4.extadd_pairwise_i16x8_s (v128.not (v128.xor (local.get $x) (local.get $x)))))

  ;; The neighbours of lanes that differ.
  (func (export "sums") (param $x v128) (result v128 v128 v128 v128)
    (i16x8.extadd_pairwise_i8x16_u (local.get $x))
    (i16x8.extadd_pairwise_i8x16_s (local.get $x))
    (i32x4.extadd_pairwise_i16x8_u (local.get $x))
    (i32x4.extadd_pairwise_i16x8_s (local.get $x)))

  ;; Masks, and what is left of them when they are turned round.
  (func (export "masks") (param $x v128) (result i32 i32 i32 i32)
    (i8x16.bitmask (local.get $x))
    (i8x16.bitmask (v128.not (local.get $x)))
    (i8x16.bitmask (i8x16.abs (local.get $x)))
    (i8x16.bitmask (i8x16.ge_s (local.get $x) (i8x16.abs (local.get $x))))))

(assert_return (invoke "chain"
    (v128.const i8x16 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79))
  (v128.const i8x16 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79) (i32.const 0x0)
  (v128.const i8x16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)
  (v128.const i8x16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)
  (v128.const i8x16 255 255 255 255 255 255 255 255 255 255 255 255 255 255 255 255)
  (v128.const i16x8 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe))
(assert_return (invoke "last"
    (v128.const i8x16 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79))
  (v128.const i16x8 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe))
(assert_return (invoke "last signed"
    (v128.const i8x16 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79))
  (v128.const i16x8 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe))

(assert_return (invoke "chain"
    (v128.const i8x16 177 177 177 177 177 177 177 177 177 177 177 177 177 177 177 177))
  (v128.const i8x16 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79 79) (i32.const 0x0)
  (v128.const i8x16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)
  (v128.const i8x16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)
  (v128.const i8x16 255 255 255 255 255 255 255 255 255 255 255 255 255 255 255 255)
  (v128.const i16x8 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe))
(assert_return (invoke "last"
    (v128.const i8x16 177 177 177 177 177 177 177 177 177 177 177 177 177 177 177 177))
  (v128.const i16x8 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe))
(assert_return (invoke "last signed"
    (v128.const i8x16 177 177 177 177 177 177 177 177 177 177 177 177 177 177 177 177))
  (v128.const i16x8 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe))

(assert_return (invoke "chain"
    (v128.const i8x16 63 65 194 128 63 65 194 128 1 2 127 64 1 2 127 64))
  (v128.const i8x16 63 65 62 128 63 65 62 128 1 2 127 64 1 2 127 64) (i32.const 0x88)
  (v128.const i8x16 136 136 136 136 136 136 136 136 136 136 136 136 136 136 136 136)
  (v128.const i8x16 0 0 255 0 0 0 255 0 0 0 0 0 0 0 0 0)
  (v128.const i8x16 255 255 0 255 255 255 0 255 255 255 255 255 255 255 255 255)
  (v128.const i16x8 0x1fe 0xff 0x1fe 0xff 0x1fe 0x1fe 0x1fe 0x1fe))
(assert_return (invoke "last"
    (v128.const i8x16 63 65 194 128 63 65 194 128 1 2 127 64 1 2 127 64))
  (v128.const i16x8 0x1fe 0xff 0x1fe 0xff 0x1fe 0x1fe 0x1fe 0x1fe))
(assert_return (invoke "last signed"
    (v128.const i8x16 63 65 194 128 63 65 194 128 1 2 127 64 1 2 127 64))
  (v128.const i16x8 0xfffe 0xffff 0xfffe 0xffff 0xfffe 0xfffe 0xfffe 0xfffe))

(assert_return (invoke "constant") (v128.const i16x8 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe))
(assert_return (invoke "ones" (v128.const i32x4 0x1 0x2 0x3 0x4))
  (v128.const i16x8 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe 0x1fe)
  (v128.const i16x8 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe 0xfffe)
  (v128.const i32x4 0x1fffe 0x1fffe 0x1fffe 0x1fffe)
  (v128.const i32x4 0xfffffffe 0xfffffffe 0xfffffffe 0xfffffffe))
(assert_return (invoke "sums"
    (v128.const i8x16 0 255 128 127 255 255 1 0 128 128 127 127 254 3 16 240))
  (v128.const i16x8 0xff 0xff 0x1fe 0x1 0x100 0xfe 0x101 0x100)
  (v128.const i16x8 0xffff 0xffff 0xfffe 0x1 0xff00 0xfe 0x1 0x0)
  (v128.const i32x4 0x17e80 0x10000 0xffff 0xf40e)
  (v128.const i32x4 0x7e80 0x0 0xffffffff 0xfffff40e))
(assert_return (invoke "masks"
    (v128.const i8x16 0 255 128 127 255 255 1 0 128 128 127 127 254 3 16 240))
  (i32.const 0x9336) (i32.const 0x6cc9)
  (i32.const 0x304) (i32.const 0x6fcd))
