;;! relaxed_simd = true
;;! [bug]
;;! id = "negations-in-a-fused-product"
;;! layer = "lowering"
;;! source = "bytecodealliance/wasmtime#12369"
;;! expect = "operands of a fused multiplication that are negated hundreds of times have the sign that is left, and compile"

;; A multiplication that adds takes the sign of an operand with it: a negated operand becomes another instruction. An engine
;; that does so for the negation of a negation, and again, recurs as deep as they are, or does not end.
;;
;; Red when: compiler/src/translate/simd/relaxed.rs: the negated product that adds is the product that adds.

(module
  (func (export "f32x4-first-200") (param v128 v128 v128) (result v128)
    local.get 0
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg
    local.get 1
    local.get 2
    f32x4.relaxed_madd)
  (func (export "f32x4-first-201") (param v128 v128 v128) (result v128)
    local.get 0
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg
    local.get 1
    local.get 2
    f32x4.relaxed_nmadd)
  (func (export "f32x4-second-200") (param v128 v128 v128) (result v128)
    local.get 0
    local.get 1
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg
    local.get 2
    f32x4.relaxed_madd)
  (func (export "f32x4-second-201") (param v128 v128 v128) (result v128)
    local.get 0
    local.get 1
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg
    local.get 2
    f32x4.relaxed_nmadd)
  (func (export "f32x4-third-200") (param v128 v128 v128) (result v128)
    local.get 0
    local.get 1
    local.get 2
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg
    f32x4.relaxed_madd)
  (func (export "f32x4-third-201") (param v128 v128 v128) (result v128)
    local.get 0
    local.get 1
    local.get 2
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg f32x4.neg
      f32x4.neg f32x4.neg f32x4.neg
    f32x4.relaxed_nmadd)
  (func (export "f64x2-first-200") (param v128 v128 v128) (result v128)
    local.get 0
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg
    local.get 1
    local.get 2
    f64x2.relaxed_madd)
  (func (export "f64x2-first-201") (param v128 v128 v128) (result v128)
    local.get 0
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg
    local.get 1
    local.get 2
    f64x2.relaxed_nmadd)
  (func (export "f64x2-second-200") (param v128 v128 v128) (result v128)
    local.get 0
    local.get 1
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg
    local.get 2
    f64x2.relaxed_madd)
  (func (export "f64x2-second-201") (param v128 v128 v128) (result v128)
    local.get 0
    local.get 1
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg
    local.get 2
    f64x2.relaxed_nmadd)
  (func (export "f64x2-third-200") (param v128 v128 v128) (result v128)
    local.get 0
    local.get 1
    local.get 2
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg
    f64x2.relaxed_madd)
  (func (export "f64x2-third-201") (param v128 v128 v128) (result v128)
    local.get 0
    local.get 1
    local.get 2
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg
    f64x2.relaxed_nmadd)

  ;; Of all operands, in a chain of products, and of products that are not fused.
  (func (export "all") (param v128 v128 v128) (result v128)
    local.get 0
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
    local.get 1
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
    local.get 2
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
      f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg f64x2.neg
    f64x2.relaxed_madd)
  (func (export "products") (param v128 v128 v128) (result v128)
    local.get 2
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd
    f32x4.neg local.set 2 local.get 0 f32x4.neg local.get 1 f32x4.neg f32x4.neg local.get 2 f32x4.relaxed_madd)
  (func (export "scalar") (param f64 f64 f64) (result f64)
    local.get 0
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg
    local.get 1
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg
    f64.mul
    local.get 2
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg f64.neg
      f64.neg f64.neg f64.neg f64.neg f64.neg
    f64.add))

(assert_return
  (invoke "f32x4-first-200" (v128.const f32x4 3 3 3 3) (v128.const f32x4 5 5 5 5) (v128.const f32x4 7 7 7 7))
  (v128.const f32x4 22 22 22 22))
(assert_return
  (invoke "f32x4-first-201" (v128.const f32x4 3 3 3 3) (v128.const f32x4 5 5 5 5) (v128.const f32x4 7 7 7 7))
  (v128.const f32x4 22 22 22 22))
(assert_return
  (invoke "f32x4-second-200" (v128.const f32x4 3 3 3 3) (v128.const f32x4 5 5 5 5) (v128.const f32x4 7 7 7 7))
  (v128.const f32x4 22 22 22 22))
(assert_return
  (invoke "f32x4-second-201" (v128.const f32x4 3 3 3 3) (v128.const f32x4 5 5 5 5) (v128.const f32x4 7 7 7 7))
  (v128.const f32x4 22 22 22 22))
(assert_return
  (invoke "f32x4-third-200" (v128.const f32x4 3 3 3 3) (v128.const f32x4 5 5 5 5) (v128.const f32x4 7 7 7 7))
  (v128.const f32x4 22 22 22 22))
(assert_return
  (invoke "f32x4-third-201" (v128.const f32x4 3 3 3 3) (v128.const f32x4 5 5 5 5) (v128.const f32x4 7 7 7 7))
  (v128.const f32x4 -22 -22 -22 -22))
(assert_return
  (invoke "f64x2-first-200" (v128.const f64x2 3 3) (v128.const f64x2 5 5) (v128.const f64x2 7 7))
  (v128.const f64x2 22 22))
(assert_return
  (invoke "f64x2-first-201" (v128.const f64x2 3 3) (v128.const f64x2 5 5) (v128.const f64x2 7 7))
  (v128.const f64x2 22 22))
(assert_return
  (invoke "f64x2-second-200" (v128.const f64x2 3 3) (v128.const f64x2 5 5) (v128.const f64x2 7 7))
  (v128.const f64x2 22 22))
(assert_return
  (invoke "f64x2-second-201" (v128.const f64x2 3 3) (v128.const f64x2 5 5) (v128.const f64x2 7 7))
  (v128.const f64x2 22 22))
(assert_return
  (invoke "f64x2-third-200" (v128.const f64x2 3 3) (v128.const f64x2 5 5) (v128.const f64x2 7 7))
  (v128.const f64x2 22 22))
(assert_return
  (invoke "f64x2-third-201" (v128.const f64x2 3 3) (v128.const f64x2 5 5) (v128.const f64x2 7 7))
  (v128.const f64x2 -22 -22))
(assert_return (invoke "all" (v128.const f64x2 3 3) (v128.const f64x2 5 5) (v128.const f64x2 7 7)) (v128.const f64x2 8 8))
(assert_return
  (invoke "products" (v128.const f32x4 2 2 2 2) (v128.const f32x4 3 3 3 3) (v128.const f32x4 7 7 7 7))
  (v128.const f32x4 7 7 7 7))
(assert_return (invoke "scalar" (f64.const 3) (f64.const 5) (f64.const 7)) (f64.const -22))
(assert_return (invoke "scalar" (f64.const -3) (f64.const 5) (f64.const 7)) (f64.const 8))
