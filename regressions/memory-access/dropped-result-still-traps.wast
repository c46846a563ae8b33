;;! [bug]
;;! id = "dropped-result-still-traps"
;;! layer = "mid-end"
;;! source = "bytecodealliance/wasm-micro-runtime#4783, bytecodealliance/wasm-micro-runtime#3170"
;;! expect = "an instruction traps whether or not its result is used"

;; An instruction whose result is unused is dead, unless it may trap: a load out of bounds, a division by
;; zero, a conversion of what no integer can hold.
;;
;; Red when: compiler/src/translate/mod.rs: `drop` removes the load, division, remainder or truncation that
;; its operand comes from.

(module
  (memory 0 0)
  (table 0 0 funcref)
  (type $void (func))

  (func (export "f64-load-constant") (drop (f64.load offset=4 (i32.const 7))))
  (func (export "i32-load-constant") (drop (i32.load (i32.const 0))))
  (func (export "i32-load") (param i32) (drop (i32.load (local.get 0))))
  (func (export "i64-load") (param i32) (drop (i64.load (local.get 0))))
  (func (export "f32-load") (param i32) (drop (f32.load (local.get 0))))
  (func (export "f64-load") (param i32) (drop (f64.load offset=4 (local.get 0))))
  (func (export "i32-load8_u") (param i32) (drop (i32.load8_u (local.get 0))))
  (func (export "i32-load16_s") (param i32) (drop (i32.load16_s (local.get 0))))
  (func (export "i64-load32_u") (param i32) (drop (i64.load32_u (local.get 0))))
  (func (export "v128-load") (param i32) (drop (v128.load (local.get 0))))
  (func (export "v128-load8_splat") (param i32) (drop (v128.load8_splat (local.get 0))))
  (func (export "unused-local") (param i32) (local $v i32) (local.set $v (i32.load (local.get 0))))
  (func (export "overwritten-local") (param i32) (result i32)
    (local $v i32)
    (local.set $v (i32.load (local.get 0)))
    (local.set $v (i32.const 1))
    (local.get $v))
  ;; The value is used, and what uses it does not depend on it.
  (func (export "times-zero") (param i32) (result i32) (i32.mul (i32.load (local.get 0)) (i32.const 0)))
  (func (export "and-zero") (param i32) (result i32) (i32.and (i32.const 0) (i32.load (local.get 0))))
  (func (export "minus-itself") (param i32) (result i32)
    (i32.sub (i32.load (local.get 0)) (i32.load (local.get 0))))
  (func (export "not-selected") (param i32) (result i32)
    (select (i32.const 1) (i32.load (local.get 0)) (i32.const 1)))

  (func (export "div_s") (param i32 i32) (drop (i32.div_s (local.get 0) (local.get 1))))
  (func (export "div_u") (param i32 i32) (drop (i32.div_u (local.get 0) (local.get 1))))
  (func (export "rem_s") (param i32 i32) (drop (i32.rem_s (local.get 0) (local.get 1))))
  (func (export "rem_u") (param i64 i64) (drop (i64.rem_u (local.get 0) (local.get 1))))
  (func (export "i64-div_s") (param i64 i64) (drop (i64.div_s (local.get 0) (local.get 1))))
  (func (export "div-by-constant-zero") (param i32) (drop (i32.div_u (local.get 0) (i32.const 0))))
  (func (export "div-of-constants") (drop (i32.div_s (i32.const 0x8000_0000) (i32.const -1))))
  (func (export "rem-of-constants") (drop (i64.rem_s (i64.const 1) (i64.const 0))))
  (func (export "zero-by-zero") (param i32) (drop (i32.div_u (i32.const 0) (local.get 0))))

  (func (export "i32-trunc-f32") (param f32) (drop (i32.trunc_f32_s (local.get 0))))
  (func (export "i32-trunc-f64") (param f64) (drop (i32.trunc_f64_u (local.get 0))))
  (func (export "i64-trunc-f32") (param f32) (drop (i64.trunc_f32_u (local.get 0))))
  (func (export "i64-trunc-f64") (param f64) (drop (i64.trunc_f64_s (local.get 0))))
  (func (export "trunc-constant") (drop (i32.trunc_f64_s (f64.const nan))))

  (func (export "table-get") (param i32) (drop (table.get 0 (local.get 0))))
  (func $inner (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "called") (param i32) (drop (call $inner (local.get 0))))
  ;; In a loop that would otherwise be empty.
  (func (export "loop") (param $n i32)
    (loop $again
      (drop (i32.load (local.get $n)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))

(assert_trap (invoke "f64-load-constant") "out of bounds memory access")
(assert_trap (invoke "i32-load-constant") "out of bounds memory access")
(assert_trap (invoke "i32-load" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "i64-load" (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "f32-load" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "f64-load" (i32.const 7)) "out of bounds memory access")
(assert_trap (invoke "i32-load8_u" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "i32-load16_s" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "i64-load32_u" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "v128-load" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "v128-load8_splat" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "unused-local" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "overwritten-local" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "times-zero" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "and-zero" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "minus-itself" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "not-selected" (i32.const 0)) "out of bounds memory access")

(assert_trap (invoke "div_s" (i32.const 1) (i32.const 0)) "integer divide by zero")
(assert_trap (invoke "div_s" (i32.const 0x8000_0000) (i32.const -1)) "integer overflow")
(assert_return (invoke "div_s" (i32.const 7) (i32.const -1)))
(assert_trap (invoke "div_u" (i32.const 1) (i32.const 0)) "integer divide by zero")
(assert_return (invoke "div_u" (i32.const 0x8000_0000) (i32.const -1)))
(assert_trap (invoke "rem_s" (i32.const 0) (i32.const 0)) "integer divide by zero")
(assert_return (invoke "rem_s" (i32.const 0x8000_0000) (i32.const -1)))
(assert_trap (invoke "rem_u" (i64.const 1) (i64.const 0)) "integer divide by zero")
(assert_trap (invoke "i64-div_s" (i64.const 1) (i64.const 0)) "integer divide by zero")
(assert_trap (invoke "i64-div_s" (i64.const 0x8000_0000_0000_0000) (i64.const -1)) "integer overflow")
(assert_trap (invoke "div-by-constant-zero" (i32.const 1)) "integer divide by zero")
(assert_trap (invoke "div-of-constants") "integer overflow")
(assert_trap (invoke "rem-of-constants") "integer divide by zero")
(assert_trap (invoke "zero-by-zero" (i32.const 0)) "integer divide by zero")
(assert_return (invoke "zero-by-zero" (i32.const 1)))

(assert_trap (invoke "i32-trunc-f32" (f32.const 0x1p31)) "integer overflow")
(assert_return (invoke "i32-trunc-f32" (f32.const -0x1p31)))
(assert_trap (invoke "i32-trunc-f64" (f64.const -1)) "integer overflow")
(assert_return (invoke "i32-trunc-f64" (f64.const -0.9)))
(assert_trap (invoke "i64-trunc-f32" (f32.const nan)) "invalid conversion to integer")
(assert_trap (invoke "i64-trunc-f64" (f64.const -inf)) "integer overflow")
(assert_trap (invoke "trunc-constant") "invalid conversion to integer")

(assert_trap (invoke "table-get" (i32.const 0)) "out of bounds table access")
(assert_trap (invoke "called" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "loop" (i32.const 3)) "out of bounds memory access")
