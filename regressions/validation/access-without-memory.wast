;;! threads = true
;;! [bug]
;;! id = "access-without-memory"
;;! layer = "validation"
;;! source = "wasm3/wasm3#430"
;;! expect = "invalid: an access, an operation or a segment of a memory that the module does not have"

;; An engine that accepts the module reads the size and the base of a memory that is not there, or those of another
;; instance. Whether there is a memory is a question to the module and not to what runs: dead code and functions that are
;; never called count.
;;
;; Red when: compiler/src/parse/mod.rs: `refusal` counts what is invalid as malformed.

;; Every load and every store, of a module that has no memory at all.
(assert_invalid
  (module (func (drop (i32.load (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i32.load8_s (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i32.load8_u (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i32.load16_s (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i32.load16_u (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i64.load (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i64.load8_s (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i64.load8_u (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i64.load16_s (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i64.load16_u (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i64.load32_s (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i64.load32_u (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (f32.load (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (f64.load (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load8x8_s (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load8x8_u (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load16x4_s (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load16x4_u (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load32x2_s (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load32x2_u (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load8_splat (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load16_splat (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load32_splat (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load64_splat (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load32_zero (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load64_zero (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (i32.store (i32.const 0) (i32.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (i32.store8 (i32.const 0) (i32.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (i32.store16 (i32.const 0) (i32.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (i64.store (i32.const 0) (i64.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (i64.store8 (i32.const 0) (i64.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (i64.store16 (i32.const 0) (i64.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (i64.store32 (i32.const 0) (i64.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (f32.store (i32.const 0) (f32.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (f64.store (i32.const 0) (f64.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (v128.store (i32.const 0) (v128.const i64x2 0 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load8_lane 0 (i32.const 0) (v128.const i64x2 0 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (v128.store8_lane 0 (i32.const 0) (v128.const i64x2 0 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load16_lane 0 (i32.const 0) (v128.const i64x2 0 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (v128.store16_lane 0 (i32.const 0) (v128.const i64x2 0 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load32_lane 0 (i32.const 0) (v128.const i64x2 0 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (v128.store32_lane 0 (i32.const 0) (v128.const i64x2 0 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (v128.load64_lane 0 (i32.const 0) (v128.const i64x2 0 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (v128.store64_lane 0 (i32.const 0) (v128.const i64x2 0 0))))
  "unknown memory 0")

;; The other operations.
(assert_invalid
  (module (func (drop (memory.size))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (memory.grow (i32.const 1)))))
  "unknown memory 0")
(assert_invalid
  (module (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (memory.copy (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (data $d "a") (func (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown memory 0")

;; Atomic operations.
(assert_invalid
  (module (func (drop (i32.atomic.load (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i64.atomic.load32_u (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (i32.atomic.store8 (i32.const 0) (i32.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i64.atomic.rmw.add (i32.const 0) (i64.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (i32.atomic.rmw16.cmpxchg_u (i32.const 0) (i32.const 0) (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (memory.atomic.notify (i32.const 0) (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (drop (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const 0)))))
  "unknown memory 0")

;; What does not run is checked too: dead code, a function that is not called, an operation on nothing.
(assert_invalid
  (module (func (unreachable) (drop (i32.load (i32.const 0)))))
  "unknown memory 0")
(assert_invalid
  (module (func (return) (i32.store (i32.const 0) (i32.const 0))))
  "unknown memory 0")
(assert_invalid
  (module (func (unreachable) (i64.load) (drop)))
  "unknown memory 0")
(assert_invalid
  (module (func (unreachable) (memory.copy)))
  "unknown memory 0")
(assert_invalid
  (module (func (block (br 0) (drop (memory.size)))))
  "unknown memory 0")

;; A memory that is there is not another one: the index is beyond the last, defined or imported.
(assert_invalid
  (module (memory 1) (func (drop (i32.load 1 (i32.const 0)))))
  "unknown memory 1")
(assert_invalid
  (module (memory 1) (func (i64.store8 1 (i32.const 0) (i64.const 0))))
  "unknown memory 1")
(assert_invalid
  (module (memory 1) (func (drop (memory.size 1))))
  "unknown memory 1")
(assert_invalid
  (module (memory 1) (func (memory.fill 1 (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown memory 1")
(assert_invalid
  (module (memory 1) (func (memory.copy 0 1 (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown memory 1")
(assert_invalid
  (module (memory 1) (func (memory.copy 1 0 (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown memory 1")
(assert_invalid
  (module (memory 1) (func (drop (v128.load8_lane 1 0 (i32.const 0) (v128.const i64x2 0 0)))))
  "unknown memory 1")
(assert_invalid
  (module (import "spectest" "memory" (memory 1)) (func (drop (i32.load 1 (i32.const 0)))))
  "unknown memory 1")
(assert_invalid
  (module (import "spectest" "memory" (memory 1)) (func (i64.store8 1 (i32.const 0) (i64.const 0))))
  "unknown memory 1")
(assert_invalid
  (module (import "spectest" "memory" (memory 1)) (func (drop (memory.size 1))))
  "unknown memory 1")
(assert_invalid
  (module (import "spectest" "memory" (memory 1)) (func (memory.fill 1 (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown memory 1")
(assert_invalid
  (module (import "spectest" "memory" (memory 1)) (func (memory.copy 0 1 (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown memory 1")
(assert_invalid
  (module (import "spectest" "memory" (memory 1)) (func (memory.copy 1 0 (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown memory 1")
(assert_invalid
  (module (import "spectest" "memory" (memory 1)) (func (drop (v128.load8_lane 1 0 (i32.const 0) (v128.const i64x2 0 0)))))
  "unknown memory 1")
(assert_invalid
  (module (memory 1) (func (drop (i32.load 0xffff_ffff (i32.const 0)))))
  "unknown memory 4294967295")

;; Segments and exports name a memory as well, and an active segment writes before anything runs.
(assert_invalid
  (module (data (i32.const 0) "a"))
  "unknown memory 0")
(assert_invalid
  (module (data (i32.const 0) ""))
  "unknown memory 0")
(assert_invalid
  (module (memory 1) (data (memory 1) (i32.const 0) "a"))
  "unknown memory 1")
(assert_invalid
  (module (export "m" (memory 0)))
  "unknown memory 0")

;; The same functions where there is a memory: its own, or one that is imported.
(module
  (memory 1)
  (func (export "load") (result i32) (i32.load8_u (i32.const 0)))
  (data (i32.const 0) "a"))
(assert_return (invoke "load") (i32.const 97))
(module
  (import "spectest" "memory" (memory 1))
  (func (export "f") (result i32 i32)
    (i32.store (i32.const 16) (i32.const 3)) (i32.load (i32.const 16)) (memory.size)))
(assert_return (invoke "f") (i32.const 3) (i32.const 1))
