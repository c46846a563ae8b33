;;! [bug]
;;! id = "v128-global-operand"
;;! layer = "lowering"
;;! source = "bytecodealliance/wasmtime#4807, bytecodealliance/wasmtime#4736"
;;! expect = "instructions on vectors take a global as they take any operand"

;; A global lies in memory, but not in a linear one: a pattern that folds loads into tests and extensions of
;; vectors met a load it did not expect, and the compiler panicked. Mutable globals, imported ones and
;; constants are read in different ways. The lower half of $high is zero, so that its upper half must have
;; been read.
;;
;; Red when: compiler/src/translate/global.rs: `global_get` reads the lower half of a vector. The panic itself
;; has not been reproduced.

(module $Globals
  (global (export "imported") v128 (v128.const i64x2 0x3210fe007fff0180 0x81234567fedcba98))
  (global (export "imported-mutable") (mut v128) (v128.const i64x2 0x3210fe007fff0180 0x81234567fedcba98)))
(register "globals" $Globals)

(module
  (global $imported (import "globals" "imported") v128)
  (global $imported-mutable (import "globals" "imported-mutable") (mut v128))
  (global $constant v128 (v128.const i64x2 0x3210fe007fff0180 0x81234567fedcba98))
  (global $before (mut i32) (i32.const 0x1234_5678))
  (global $mutable (mut v128) (v128.const i64x2 0x3210fe007fff0180 0x81234567fedcba98))
  (global $after (mut i32) (i32.const 0x8765_4321))
  (global $high (mut v128) (v128.const i64x2 0x0000000000000000 0x0001000000000000))
  (global $zero (mut v128) (v128.const i64x2 0 0))

  (func (export "any_true") (result i32) (v128.any_true (global.get $mutable)))
  (func (export "i8x16.all_true") (result i32) (i8x16.all_true (global.get $mutable)))
  (func (export "i64x2.all_true") (result i32) (i64x2.all_true (global.get $mutable)))
  (func (export "i8x16.bitmask") (result i32) (i8x16.bitmask (global.get $mutable)))
  (func (export "i32x4.bitmask") (result i32) (i32x4.bitmask (global.get $mutable)))
  (func (export "extend_high_i8x16_s") (result v128) (i16x8.extend_high_i8x16_s (global.get $mutable)))
  (func (export "extend_high_i8x16_u") (result v128) (i16x8.extend_high_i8x16_u (global.get $mutable)))
  (func (export "extend_low_i8x16_s") (result v128) (i16x8.extend_low_i8x16_s (global.get $mutable)))
  (func (export "extend_high_i16x8_s") (result v128) (i32x4.extend_high_i16x8_s (global.get $mutable)))
  (func (export "extend_low_i16x8_u") (result v128) (i32x4.extend_low_i16x8_u (global.get $mutable)))
  (func (export "extend_high_i32x4_s") (result v128) (i64x2.extend_high_i32x4_s (global.get $mutable)))
  (func (export "extend_high_i32x4_u") (result v128) (i64x2.extend_high_i32x4_u (global.get $mutable)))
  (func (export "extend_low_i32x4_s") (result v128) (i64x2.extend_low_i32x4_s (global.get $mutable)))
  (func (export "not") (result v128) (v128.not (global.get $mutable)))

  (func (export "any_true-imported") (result i32) (v128.any_true (global.get $imported)))
  (func (export "extend_high_i32x4_s-imported") (result v128)
    (i64x2.extend_high_i32x4_s (global.get $imported)))
  (func (export "any_true-imported-mutable") (result i32) (v128.any_true (global.get $imported-mutable)))
  (func (export "extend_high_i32x4_s-imported-mutable") (result v128)
    (i64x2.extend_high_i32x4_s (global.get $imported-mutable)))
  (func (export "any_true-constant") (result i32) (v128.any_true (global.get $constant)))
  (func (export "extend_high_i32x4_s-constant") (result v128)
    (i64x2.extend_high_i32x4_s (global.get $constant)))

  (func (export "any_true-high") (result i32) (v128.any_true (global.get $high)))
  (func (export "any_true-zero") (result i32) (v128.any_true (global.get $zero)))
  (func (export "branch-high") (result i32)
    (if (result i32) (v128.any_true (global.get $high)) (then (i32.const 1)) (else (i32.const 2))))
  (func (export "branch-all") (result i32)
    (if (result i32) (i8x16.all_true (global.get $high)) (then (i32.const 1)) (else (i32.const 2))))
  (func (export "select-any") (result i32)
    (select (i32.const 1) (i32.const 2) (v128.any_true (global.get $zero))))
  (func (export "add") (param v128) (result v128) (i32x4.add (local.get 0) (global.get $mutable)))
  (func (export "andnot") (param v128) (result v128) (v128.andnot (local.get 0) (global.get $mutable)))
  (func (export "twice") (result v128) (i64x2.add (global.get $high) (global.get $high)))
  (func (export "set") (param v128) (global.set $mutable (local.get 0)))
  ;; The test is on what was there before.
  (func (export "test-then-set") (result i32 i32)
    (v128.any_true (global.get $zero))
    (global.set $zero (v128.const i64x2 0 1))
    (v128.any_true (global.get $zero)))
  (func (export "neighbours") (result i32 i32) (global.get $before) (global.get $after)))

(assert_return (invoke "any_true") (i32.const 0x1))
(assert_return (invoke "i8x16.all_true") (i32.const 0x0))
(assert_return (invoke "i64x2.all_true") (i32.const 0x1))
(assert_return (invoke "i8x16.bitmask") (i32.const 0x8f25))
(assert_return (invoke "i32x4.bitmask") (i32.const 0xc))
(assert_return (invoke "extend_high_i8x16_s") (v128.const i64x2 0xfffeffdcffbaff98 0xff81002300450067))
(assert_return (invoke "extend_high_i8x16_u") (v128.const i64x2 0x00fe00dc00ba0098 0x0081002300450067))
(assert_return (invoke "extend_low_i8x16_s") (v128.const i64x2 0x007fffff0001ff80 0x00320010fffe0000))
(assert_return (invoke "extend_high_i16x8_s") (v128.const i64x2 0xfffffedcffffba98 0xffff812300004567))
(assert_return (invoke "extend_low_i16x8_u") (v128.const i64x2 0x00007fff00000180 0x000032100000fe00))
(assert_return (invoke "extend_high_i32x4_s") (v128.const i64x2 0xfffffffffedcba98 0xffffffff81234567))
(assert_return (invoke "extend_high_i32x4_u") (v128.const i64x2 0x00000000fedcba98 0x0000000081234567))
(assert_return (invoke "extend_low_i32x4_s") (v128.const i64x2 0x000000007fff0180 0x000000003210fe00))
(assert_return (invoke "not") (v128.const i64x2 0xcdef01ff8000fe7f 0x7edcba9801234567))
(assert_return (invoke "any_true-imported") (i32.const 1))
(assert_return (invoke "extend_high_i32x4_s-imported")
  (v128.const i64x2 0xfffffffffedcba98 0xffffffff81234567))
(assert_return (invoke "any_true-imported-mutable") (i32.const 1))
(assert_return (invoke "extend_high_i32x4_s-imported-mutable")
  (v128.const i64x2 0xfffffffffedcba98 0xffffffff81234567))
(assert_return (invoke "any_true-constant") (i32.const 1))
(assert_return (invoke "extend_high_i32x4_s-constant")
  (v128.const i64x2 0xfffffffffedcba98 0xffffffff81234567))
(assert_return (invoke "any_true-high") (i32.const 1))
(assert_return (invoke "any_true-zero") (i32.const 0))
(assert_return (invoke "branch-high") (i32.const 1))
(assert_return (invoke "branch-all") (i32.const 2))
(assert_return (invoke "select-any") (i32.const 2))
(assert_return (invoke "add" (v128.const i64x2 0x0000000100000001 0x0000000100000001))
  (v128.const i64x2 0x3210fe017fff0181 0x81234568fedcba99))
(assert_return (invoke "andnot" (v128.const i64x2 0xaa5500ff7e810ff3 0xfe017f8023222120))
  (v128.const i64x2 0x884500ff00000e73 0x7e003a8001220120))
(assert_return (invoke "twice") (v128.const i64x2 0x0000000000000000 0x0002000000000000))
(assert_return (invoke "test-then-set") (i32.const 0) (i32.const 1))

;; A write to all 16 bytes leaves the neighbours alone.
(assert_return (invoke "set" (v128.const i64x2 0 0)))
(assert_return (invoke "any_true") (i32.const 0))
(assert_return (invoke "extend_high_i32x4_s") (v128.const i64x2 0 0))
(assert_return (invoke "set" (v128.const i64x2 0 -1)))
(assert_return (invoke "any_true") (i32.const 1))
(assert_return (invoke "extend_high_i32x4_u") (v128.const i64x2 0xffff_ffff 0xffff_ffff))
(assert_return (invoke "neighbours") (i32.const 0x1234_5678) (i32.const 0x8765_4321))
