;;! [bug]
;;! id = "extend-of-shifted-selection"
;;! layer = "lowering"
;;! source = "bytecodealliance/wasmtime#8233"
;;! expect = "a shift without sign stays one when its result is extended with sign"

;; The lowering of a sign extension that takes a shift into the same instruction has to know which bits come
;; in from above: after shr_u they are zeros. -1 >> 28 is 15, also as i8; -1 >> 24 is 255, and -1 as i8.
;;
;; Red when: compiler/src/translate/numeric.rs: `sign_extend` makes a shift with sign of a shift without.

(module
  ;; All ones or zero, shifted so that some ones are left, and extended from the lowest of them.
  (func (export "i32.extend8_s shr_u") (param $a i32) (param $b i32) (result i32 i32 i32 i32 i32 i32)
    (i32.extend8_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 28)))
    (i32.extend8_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 24)))
    (i32.extend8_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 25)))
    (i32.extend8_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 23)))
    (i32.extend8_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 31)))
    (i32.extend8_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 0))))
  (func (export "i32.extend8_s shr_u by") (param $a i32) (param $b i32) (param $k i32) (result i32)
    (i32.extend8_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))
  (func (export "i32.extend8_s shr_s") (param $a i32) (param $b i32) (result i32 i32 i32 i32 i32 i32)
    (i32.extend8_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 28)))
    (i32.extend8_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 24)))
    (i32.extend8_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 25)))
    (i32.extend8_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 23)))
    (i32.extend8_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 31)))
    (i32.extend8_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 0))))
  (func (export "i32.extend8_s shr_s by") (param $a i32) (param $b i32) (param $k i32) (result i32)
    (i32.extend8_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))
  (func (export "i32.extend16_s shr_u") (param $a i32) (param $b i32) (result i32 i32 i32 i32 i32 i32)
    (i32.extend16_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 28)))
    (i32.extend16_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 16)))
    (i32.extend16_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 17)))
    (i32.extend16_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 15)))
    (i32.extend16_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 31)))
    (i32.extend16_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 0))))
  (func (export "i32.extend16_s shr_u by") (param $a i32) (param $b i32) (param $k i32) (result i32)
    (i32.extend16_s
      (i32.shr_u (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))
  (func (export "i32.extend16_s shr_s") (param $a i32) (param $b i32) (result i32 i32 i32 i32 i32 i32)
    (i32.extend16_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 28)))
    (i32.extend16_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 16)))
    (i32.extend16_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 17)))
    (i32.extend16_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 15)))
    (i32.extend16_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 31)))
    (i32.extend16_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b))) (i32.const 0))))
  (func (export "i32.extend16_s shr_s by") (param $a i32) (param $b i32) (param $k i32) (result i32)
    (i32.extend16_s
      (i32.shr_s (select (i32.const -1) (i32.const 0) (i32.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))
  (func (export "i64.extend8_s shr_u") (param $a i64) (param $b i64) (result i64 i64 i64 i64 i64 i64)
    (i64.extend8_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 60)))
    (i64.extend8_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 56)))
    (i64.extend8_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 57)))
    (i64.extend8_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 55)))
    (i64.extend8_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 63)))
    (i64.extend8_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 0))))
  (func (export "i64.extend8_s shr_u by") (param $a i64) (param $b i64) (param $k i64) (result i64)
    (i64.extend8_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))
  (func (export "i64.extend8_s shr_s") (param $a i64) (param $b i64) (result i64 i64 i64 i64 i64 i64)
    (i64.extend8_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 60)))
    (i64.extend8_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 56)))
    (i64.extend8_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 57)))
    (i64.extend8_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 55)))
    (i64.extend8_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 63)))
    (i64.extend8_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 0))))
  (func (export "i64.extend8_s shr_s by") (param $a i64) (param $b i64) (param $k i64) (result i64)
    (i64.extend8_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))
  (func (export "i64.extend16_s shr_u") (param $a i64) (param $b i64) (result i64 i64 i64 i64 i64 i64)
    (i64.extend16_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 60)))
    (i64.extend16_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 48)))
    (i64.extend16_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 49)))
    (i64.extend16_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 47)))
    (i64.extend16_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 63)))
    (i64.extend16_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 0))))
  (func (export "i64.extend16_s shr_u by") (param $a i64) (param $b i64) (param $k i64) (result i64)
    (i64.extend16_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))
  (func (export "i64.extend16_s shr_s") (param $a i64) (param $b i64) (result i64 i64 i64 i64 i64 i64)
    (i64.extend16_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 60)))
    (i64.extend16_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 48)))
    (i64.extend16_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 49)))
    (i64.extend16_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 47)))
    (i64.extend16_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 63)))
    (i64.extend16_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 0))))
  (func (export "i64.extend16_s shr_s by") (param $a i64) (param $b i64) (param $k i64) (result i64)
    (i64.extend16_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))
  (func (export "i64.extend32_s shr_u") (param $a i64) (param $b i64) (result i64 i64 i64 i64 i64 i64)
    (i64.extend32_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 60)))
    (i64.extend32_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 32)))
    (i64.extend32_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 33)))
    (i64.extend32_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 31)))
    (i64.extend32_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 63)))
    (i64.extend32_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 0))))
  (func (export "i64.extend32_s shr_u by") (param $a i64) (param $b i64) (param $k i64) (result i64)
    (i64.extend32_s
      (i64.shr_u (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))
  (func (export "i64.extend32_s shr_s") (param $a i64) (param $b i64) (result i64 i64 i64 i64 i64 i64)
    (i64.extend32_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 60)))
    (i64.extend32_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 32)))
    (i64.extend32_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 33)))
    (i64.extend32_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 31)))
    (i64.extend32_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 63)))
    (i64.extend32_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b))) (i64.const 0))))
  (func (export "i64.extend32_s shr_s by") (param $a i64) (param $b i64) (param $k i64) (result i64)
    (i64.extend32_s
      (i64.shr_s (select (i64.const -1) (i64.const 0) (i64.lt_s (local.get $a) (local.get $b)))
        (local.get $k))))

  ;; The same of any value: shift, then extend.
  (func (export "i32.extend8_s of shifted") (param $x i32) (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i32.extend8_s (i32.shr_u (local.get $x) (i32.const 1)))
    (i32.extend8_s (i32.shr_u (local.get $x) (i32.const 7)))
    (i32.extend8_s (i32.shr_u (local.get $x) (i32.const 8)))
    (i32.extend8_s (i32.shr_u (local.get $x) (i32.const 24)))
    (i32.extend8_s (i32.shr_u (local.get $x) (i32.const 31)))
    (i32.extend8_s (i32.shr_s (local.get $x) (i32.const 1)))
    (i32.extend8_s (i32.shr_s (local.get $x) (i32.const 7)))
    (i32.extend8_s (i32.shr_s (local.get $x) (i32.const 8)))
    (i32.extend8_s (i32.shr_s (local.get $x) (i32.const 24)))
    (i32.extend8_s (i32.shr_s (local.get $x) (i32.const 31))))
  (func (export "i32.extend16_s of shifted") (param $x i32) (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i32.extend16_s (i32.shr_u (local.get $x) (i32.const 1)))
    (i32.extend16_s (i32.shr_u (local.get $x) (i32.const 15)))
    (i32.extend16_s (i32.shr_u (local.get $x) (i32.const 16)))
    (i32.extend16_s (i32.shr_u (local.get $x) (i32.const 16)))
    (i32.extend16_s (i32.shr_u (local.get $x) (i32.const 31)))
    (i32.extend16_s (i32.shr_s (local.get $x) (i32.const 1)))
    (i32.extend16_s (i32.shr_s (local.get $x) (i32.const 15)))
    (i32.extend16_s (i32.shr_s (local.get $x) (i32.const 16)))
    (i32.extend16_s (i32.shr_s (local.get $x) (i32.const 16)))
    (i32.extend16_s (i32.shr_s (local.get $x) (i32.const 31))))
  (func (export "i64.extend8_s of shifted") (param $x i64) (result i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (i64.extend8_s (i64.shr_u (local.get $x) (i64.const 1)))
    (i64.extend8_s (i64.shr_u (local.get $x) (i64.const 7)))
    (i64.extend8_s (i64.shr_u (local.get $x) (i64.const 8)))
    (i64.extend8_s (i64.shr_u (local.get $x) (i64.const 56)))
    (i64.extend8_s (i64.shr_u (local.get $x) (i64.const 63)))
    (i64.extend8_s (i64.shr_s (local.get $x) (i64.const 1)))
    (i64.extend8_s (i64.shr_s (local.get $x) (i64.const 7)))
    (i64.extend8_s (i64.shr_s (local.get $x) (i64.const 8)))
    (i64.extend8_s (i64.shr_s (local.get $x) (i64.const 56)))
    (i64.extend8_s (i64.shr_s (local.get $x) (i64.const 63))))
  (func (export "i64.extend16_s of shifted") (param $x i64) (result i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (i64.extend16_s (i64.shr_u (local.get $x) (i64.const 1)))
    (i64.extend16_s (i64.shr_u (local.get $x) (i64.const 15)))
    (i64.extend16_s (i64.shr_u (local.get $x) (i64.const 16)))
    (i64.extend16_s (i64.shr_u (local.get $x) (i64.const 48)))
    (i64.extend16_s (i64.shr_u (local.get $x) (i64.const 63)))
    (i64.extend16_s (i64.shr_s (local.get $x) (i64.const 1)))
    (i64.extend16_s (i64.shr_s (local.get $x) (i64.const 15)))
    (i64.extend16_s (i64.shr_s (local.get $x) (i64.const 16)))
    (i64.extend16_s (i64.shr_s (local.get $x) (i64.const 48)))
    (i64.extend16_s (i64.shr_s (local.get $x) (i64.const 63))))
  (func (export "i64.extend32_s of shifted") (param $x i64) (result i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (i64.extend32_s (i64.shr_u (local.get $x) (i64.const 1)))
    (i64.extend32_s (i64.shr_u (local.get $x) (i64.const 31)))
    (i64.extend32_s (i64.shr_u (local.get $x) (i64.const 32)))
    (i64.extend32_s (i64.shr_u (local.get $x) (i64.const 32)))
    (i64.extend32_s (i64.shr_u (local.get $x) (i64.const 63)))
    (i64.extend32_s (i64.shr_s (local.get $x) (i64.const 1)))
    (i64.extend32_s (i64.shr_s (local.get $x) (i64.const 31)))
    (i64.extend32_s (i64.shr_s (local.get $x) (i64.const 32)))
    (i64.extend32_s (i64.shr_s (local.get $x) (i64.const 32)))
    (i64.extend32_s (i64.shr_s (local.get $x) (i64.const 63)))))

(assert_return (invoke "i32.extend8_s shr_u" (i32.const -3) (i32.const 2))
  (i32.const 15) (i32.const -1) (i32.const 127) (i32.const -1) (i32.const 1) (i32.const -1))
(assert_return (invoke "i32.extend8_s shr_u" (i32.const 2) (i32.const -3))
  (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
(assert_return (invoke "i32.extend8_s shr_u by" (i32.const -3) (i32.const 2) (i32.const 28)) (i32.const 15))
(assert_return (invoke "i32.extend8_s shr_u by" (i32.const -3) (i32.const 2) (i32.const 24)) (i32.const -1))
(assert_return (invoke "i32.extend8_s shr_u by" (i32.const -3) (i32.const 2) (i32.const 25)) (i32.const 127))

(assert_return (invoke "i32.extend8_s shr_s" (i32.const -3) (i32.const 2))
  (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1))
(assert_return (invoke "i32.extend8_s shr_s" (i32.const 2) (i32.const -3))
  (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
(assert_return (invoke "i32.extend8_s shr_s by" (i32.const -3) (i32.const 2) (i32.const 28)) (i32.const -1))
(assert_return (invoke "i32.extend8_s shr_s by" (i32.const -3) (i32.const 2) (i32.const 24)) (i32.const -1))
(assert_return (invoke "i32.extend8_s shr_s by" (i32.const -3) (i32.const 2) (i32.const 25)) (i32.const -1))

(assert_return (invoke "i32.extend16_s shr_u" (i32.const -3) (i32.const 2))
  (i32.const 15) (i32.const -1) (i32.const 32767) (i32.const -1) (i32.const 1) (i32.const -1))
(assert_return (invoke "i32.extend16_s shr_u" (i32.const 2) (i32.const -3))
  (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
(assert_return (invoke "i32.extend16_s shr_u by" (i32.const -3) (i32.const 2) (i32.const 28)) (i32.const 15))
(assert_return (invoke "i32.extend16_s shr_u by" (i32.const -3) (i32.const 2) (i32.const 16)) (i32.const -1))
(assert_return (invoke "i32.extend16_s shr_u by" (i32.const -3) (i32.const 2) (i32.const 17)) (i32.const 32767))

(assert_return (invoke "i32.extend16_s shr_s" (i32.const -3) (i32.const 2))
  (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1))
(assert_return (invoke "i32.extend16_s shr_s" (i32.const 2) (i32.const -3))
  (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
(assert_return (invoke "i32.extend16_s shr_s by" (i32.const -3) (i32.const 2) (i32.const 28)) (i32.const -1))
(assert_return (invoke "i32.extend16_s shr_s by" (i32.const -3) (i32.const 2) (i32.const 16)) (i32.const -1))
(assert_return (invoke "i32.extend16_s shr_s by" (i32.const -3) (i32.const 2) (i32.const 17)) (i32.const -1))

(assert_return (invoke "i64.extend8_s shr_u" (i64.const -3) (i64.const 2))
  (i64.const 15) (i64.const -1) (i64.const 127) (i64.const -1) (i64.const 1) (i64.const -1))
(assert_return (invoke "i64.extend8_s shr_u" (i64.const 2) (i64.const -3))
  (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))
(assert_return (invoke "i64.extend8_s shr_u by" (i64.const -3) (i64.const 2) (i64.const 60)) (i64.const 15))
(assert_return (invoke "i64.extend8_s shr_u by" (i64.const -3) (i64.const 2) (i64.const 56)) (i64.const -1))
(assert_return (invoke "i64.extend8_s shr_u by" (i64.const -3) (i64.const 2) (i64.const 57)) (i64.const 127))

(assert_return (invoke "i64.extend8_s shr_s" (i64.const -3) (i64.const 2))
  (i64.const -1) (i64.const -1) (i64.const -1) (i64.const -1) (i64.const -1) (i64.const -1))
(assert_return (invoke "i64.extend8_s shr_s" (i64.const 2) (i64.const -3))
  (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))
(assert_return (invoke "i64.extend8_s shr_s by" (i64.const -3) (i64.const 2) (i64.const 60)) (i64.const -1))
(assert_return (invoke "i64.extend8_s shr_s by" (i64.const -3) (i64.const 2) (i64.const 56)) (i64.const -1))
(assert_return (invoke "i64.extend8_s shr_s by" (i64.const -3) (i64.const 2) (i64.const 57)) (i64.const -1))

(assert_return (invoke "i64.extend16_s shr_u" (i64.const -3) (i64.const 2))
  (i64.const 15) (i64.const -1) (i64.const 32767) (i64.const -1) (i64.const 1) (i64.const -1))
(assert_return (invoke "i64.extend16_s shr_u" (i64.const 2) (i64.const -3))
  (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))
(assert_return (invoke "i64.extend16_s shr_u by" (i64.const -3) (i64.const 2) (i64.const 60)) (i64.const 15))
(assert_return (invoke "i64.extend16_s shr_u by" (i64.const -3) (i64.const 2) (i64.const 48)) (i64.const -1))
(assert_return (invoke "i64.extend16_s shr_u by" (i64.const -3) (i64.const 2) (i64.const 49)) (i64.const 32767))

(assert_return (invoke "i64.extend16_s shr_s" (i64.const -3) (i64.const 2))
  (i64.const -1) (i64.const -1) (i64.const -1) (i64.const -1) (i64.const -1) (i64.const -1))
(assert_return (invoke "i64.extend16_s shr_s" (i64.const 2) (i64.const -3))
  (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))
(assert_return (invoke "i64.extend16_s shr_s by" (i64.const -3) (i64.const 2) (i64.const 60)) (i64.const -1))
(assert_return (invoke "i64.extend16_s shr_s by" (i64.const -3) (i64.const 2) (i64.const 48)) (i64.const -1))
(assert_return (invoke "i64.extend16_s shr_s by" (i64.const -3) (i64.const 2) (i64.const 49)) (i64.const -1))

(assert_return (invoke "i64.extend32_s shr_u" (i64.const -3) (i64.const 2))
  (i64.const 15) (i64.const -1) (i64.const 2147483647) (i64.const -1) (i64.const 1) (i64.const -1))
(assert_return (invoke "i64.extend32_s shr_u" (i64.const 2) (i64.const -3))
  (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))
(assert_return (invoke "i64.extend32_s shr_u by" (i64.const -3) (i64.const 2) (i64.const 60)) (i64.const 15))
(assert_return (invoke "i64.extend32_s shr_u by" (i64.const -3) (i64.const 2) (i64.const 32)) (i64.const -1))
(assert_return (invoke "i64.extend32_s shr_u by" (i64.const -3) (i64.const 2) (i64.const 33))
  (i64.const 2147483647))

(assert_return (invoke "i64.extend32_s shr_s" (i64.const -3) (i64.const 2))
  (i64.const -1) (i64.const -1) (i64.const -1) (i64.const -1) (i64.const -1) (i64.const -1))
(assert_return (invoke "i64.extend32_s shr_s" (i64.const 2) (i64.const -3))
  (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))
(assert_return (invoke "i64.extend32_s shr_s by" (i64.const -3) (i64.const 2) (i64.const 60)) (i64.const -1))
(assert_return (invoke "i64.extend32_s shr_s by" (i64.const -3) (i64.const 2) (i64.const 32)) (i64.const -1))
(assert_return (invoke "i64.extend32_s shr_s by" (i64.const -3) (i64.const 2) (i64.const 33)) (i64.const -1))

(assert_return (invoke "i32.extend8_s of shifted" (i32.const 0x8f7e80ff))
  (i32.const 127) (i32.const 1) (i32.const -128) (i32.const -113) (i32.const 1) (i32.const 127) (i32.const 1)
    (i32.const -128) (i32.const -113) (i32.const -1))
(assert_return (invoke "i32.extend16_s of shifted" (i32.const 0x8f7e80ff))
  (i32.const 16511) (i32.const 7933) (i32.const -28802) (i32.const -28802) (i32.const 1) (i32.const 16511)
    (i32.const 7933) (i32.const -28802) (i32.const -28802) (i32.const -1))
(assert_return (invoke "i64.extend8_s of shifted" (i64.const 0x8f7e80ff7f808180))
  (i64.const -64) (i64.const 3) (i64.const -127) (i64.const -113) (i64.const 1) (i64.const -64) (i64.const 3)
    (i64.const -127) (i64.const -113) (i64.const -1))
(assert_return (invoke "i64.extend16_s of shifted" (i64.const 0x8f7e80ff7f808180))
  (i64.const 16576) (i64.const -255) (i64.const 32640) (i64.const -28802) (i64.const 1) (i64.const 16576)
    (i64.const -255) (i64.const 32640) (i64.const -28802) (i64.const -1))
(assert_return (invoke "i64.extend32_s of shifted" (i64.const 0x8f7e80ff7f808180))
  (i64.const -1077919552) (i64.const 519897598) (i64.const -1887534849) (i64.const -1887534849) (i64.const 1)
    (i64.const -1077919552) (i64.const 519897598) (i64.const -1887534849) (i64.const -1887534849)
    (i64.const -1))
