;;! exceptions = true
;;! tail_call = true
;;! simd = true
;;! relaxed_simd = false
;;! wide_arithmetic = true
;;! extended_const = true

(module $m
  (tag $e (export "e") (param i32))
  (global $g i32 (i32.add (i32.const 20) (i32.const 22)))
  (func (export "throw") (throw $e (i32.const 1)))
  (func (export "catch") (result i32)
    (block $h (result i32)
      (try_table (result i32) (catch $e $h) (throw $e (global.get $g)))))
  (func $count (export "count") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 0))
      (else (return_call $count (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "lane") (result i32)
    (i32x4.extract_lane 2 (v128.const i32x4 1 2 3 4)))
  (func (export "wide") (result i64 i64)
    (i64.add128 (i64.const -1) (i64.const 0) (i64.const 1) (i64.const 0))))
(assert_exception (invoke "throw"))
(assert_return (invoke "catch") (i32.const 42))
(assert_return (invoke "count" (i32.const 1000000)) (i32.const 0))
(assert_return (invoke "lane") (i32.const 3))
(assert_return (invoke "wide") (i64.const 0) (i64.const 1))

(module (import "m" "e" (tag (param i32))))
(assert_invalid (module (func (result i32) (i64.const 0))) "type mismatch")
(assert_malformed (module quote "(func (nope))") "unknown operator")
(assert_invalid
  (module (func (result v128)
    (i32x4.relaxed_trunc_f32x4_s (v128.const f32x4 0 0 0 0))))
  "relaxed SIMD support is not enabled")
