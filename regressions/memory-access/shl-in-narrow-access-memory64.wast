;;! memory64 = true
;;! [bug]
;;! id = "shl-in-narrow-access-memory64"
;;! layer = "lowering"
;;! source = "CVE-2026-34971, fixed in wasmtime by 32e92403cb"
;;! expect = "the amount of a shift in an address counts modulo 64, whatever the width of the access"

;; AArch64 folds a shift of the index into a load if its amount is the logarithm of the load's size. An engine
;; that takes the amount modulo the width of what is loaded finds 0 in 56, 1 in 17 and 2 in 34, folds those,
;; and reads near the start of the memory where it should trap.
;;
;; Red when: compiler/src/translate/bounds.rs: `memory_address` takes the constant amount of a shifted index
;; modulo the width of the access.

(module
  (memory i64 1)
  (data (i64.const 0) "\a0\a1\a2\a3\a4\a5\a6\a7\a8\a9\aa\ab\ac\ad\ae\af")

  ;; Bytes: all multiples of 8 are 0 modulo 8.
  (func (export "byte-8") (param $x i64) (result i32)
    (i32.load8_u (i64.shl (local.get $x) (i64.const 8))))
  (func (export "byte-32") (param $x i64) (result i64)
    (i64.load8_u (i64.shl (local.get $x) (i64.const 32))))
  (func (export "byte-56") (param $x i64) (result i32)
    (i32.load8_u (i64.shl (local.get $x) (i64.const 56))))
  (func (export "signed-byte-56") (param $x i64) (result i64)
    (i64.load8_s (i64.shl (local.get $x) (i64.const 56))))
  ;; Halfwords: 1 modulo 16.
  (func (export "half-17") (param $x i64) (result i32)
    (i32.load16_u (i64.shl (local.get $x) (i64.const 17))))
  (func (export "half-33") (param $x i64) (result i64)
    (i64.load16_s (i64.shl (local.get $x) (i64.const 33))))
  (func (export "half-49") (param $x i64) (result i64)
    (i64.load16_u (i64.shl (local.get $x) (i64.const 49))))
  ;; Words: 2 modulo 32.
  (func (export "word-34") (param $x i64) (result i32)
    (i32.load (i64.shl (local.get $x) (i64.const 34))))
  (func (export "long-word-34") (param $x i64) (result i64)
    (i64.load32_u (i64.shl (local.get $x) (i64.const 34))))
  (func (export "float-34") (param $x i64) (result f32)
    (f32.load (i64.shl (local.get $x) (i64.const 34))))
  ;; Where the amount is the right one, and where it is that plus 64.
  (func (export "word-2") (param $x i64) (result i32)
    (i32.load (i64.shl (local.get $x) (i64.const 2))))
  (func (export "word-66") (param $x i64) (result i32)
    (i32.load (i64.shl (local.get $x) (i64.const 66))))
  (func (export "doubleword-67") (param $x i64) (result i64)
    (i64.load (i64.shl (local.get $x) (i64.const 67))))
  (func (export "doubleword-35") (param $x i64) (result i64)
    (i64.load (i64.shl (local.get $x) (i64.const 35))))
  ;; As one summand, with an offset, with a variable amount, and as a store.
  (func (export "byte-56-plus") (param $x i64) (param $y i64) (result i32)
    (i32.load8_u (i64.add (local.get $y) (i64.shl (local.get $x) (i64.const 56)))))
  (func (export "half-17-offset") (param $x i64) (result i32)
    (i32.load16_u offset=2 (i64.shl (local.get $x) (i64.const 17))))
  (func (export "byte-by-any") (param $x i64) (param $by i64) (result i32)
    (i32.load8_u (i64.shl (local.get $x) (local.get $by))))
  (func (export "store-byte-56") (param $x i64)
    (i32.store8 (i64.shl (local.get $x) (i64.const 56)) (i32.const 0)))
  (func (export "store-half-17") (param $x i64)
    (i64.store16 (i64.shl (local.get $x) (i64.const 17)) (i64.const 0)))
  (func (export "store-word-34") (param $x i64)
    (i32.store (i64.shl (local.get $x) (i64.const 34)) (i32.const 0)))
  ;; An i32 that is extended and then shifted.
  (func (export "extended-byte-56") (param $x i32) (result i32)
    (i32.load8_u (i64.shl (i64.extend_i32_u (local.get $x)) (i64.const 56))))
  (func (export "extended-word-34") (param $x i32) (result i32)
    (i32.load (i64.shl (i64.extend_i32_s (local.get $x)) (i64.const 34))))
  (func (export "constant-byte-56") (result i32)
    (i32.load8_u (i64.shl (i64.const 1) (i64.const 56))))
  (func (export "doubleword-at-0") (result i64) (i64.load (i64.const 0))))

;; One bit that the shift keeps is far beyond the end.
(assert_trap (invoke "byte-8" (i64.const 0x100)) "out of bounds memory access")
(assert_trap (invoke "byte-32" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "byte-56" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "byte-56" (i64.const 0xff)) "out of bounds memory access")
(assert_trap (invoke "signed-byte-56" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "half-17" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "half-33" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "half-49" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "word-34" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "long-word-34" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "float-34" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "doubleword-35" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "byte-56-plus" (i64.const 1) (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "half-17-offset" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "byte-by-any" (i64.const 1) (i64.const 56)) "out of bounds memory access")
(assert_trap (invoke "extended-byte-56" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "extended-word-34" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "extended-word-34" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "constant-byte-56") "out of bounds memory access")
(assert_trap (invoke "store-byte-56" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "store-half-17" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "store-word-34" (i64.const 1)) "out of bounds memory access")
(assert_return (invoke "doubleword-at-0") (i64.const 0xa7a6_a5a4_a3a2_a1a0))

;; All bits are shifted out.
(assert_return (invoke "byte-32" (i64.const 0x1_0000_0000)) (i64.const 0xa0))
(assert_return (invoke "byte-56" (i64.const 0x100)) (i32.const 0xa0))
(assert_return (invoke "signed-byte-56" (i64.const 0x100)) (i64.const 0xffff_ffff_ffff_ffa0))
(assert_return (invoke "half-17" (i64.const 0x8000_0000_0000)) (i32.const 0xa1a0))
(assert_return (invoke "half-33" (i64.const 0x8000_0000)) (i64.const 0xffff_ffff_ffff_a1a0))
(assert_return (invoke "half-49" (i64.const 0x8000)) (i64.const 0xa1a0))
(assert_return (invoke "word-34" (i64.const 0x4000_0000)) (i32.const 0xa3a2_a1a0))
(assert_return (invoke "long-word-34" (i64.const 0x4000_0000)) (i64.const 0xa3a2_a1a0))
(assert_return (invoke "doubleword-35" (i64.const 0x2000_0000)) (i64.const 0xa7a6_a5a4_a3a2_a1a0))
(assert_return (invoke "byte-56-plus" (i64.const 0x100) (i64.const 5)) (i32.const 0xa5))
(assert_return (invoke "half-17-offset" (i64.const 0x8000_0000_0000)) (i32.const 0xa3a2))
(assert_return (invoke "byte-by-any" (i64.const 0x100) (i64.const 56)) (i32.const 0xa0))
(assert_return (invoke "byte-by-any" (i64.const 3) (i64.const 64)) (i32.const 0xa3))
(assert_return (invoke "extended-byte-56" (i32.const 0x100)) (i32.const 0xa0))
(assert_return (invoke "extended-word-34" (i32.const 0x4000_0000)) (i32.const 0xa3a2_a1a0))

;; In bounds.
(assert_return (invoke "byte-8" (i64.const 0)) (i32.const 0xa0))
(assert_return (invoke "byte-8" (i64.const 0xff)) (i32.const 0))
(assert_return (invoke "word-2" (i64.const 1)) (i32.const 0xa7a6_a5a4))
(assert_return (invoke "word-66" (i64.const 1)) (i32.const 0xa7a6_a5a4))
(assert_return (invoke "word-66" (i64.const 0x3fff)) (i32.const 0))
(assert_trap (invoke "word-66" (i64.const 0x4000)) "out of bounds memory access")
(assert_return (invoke "doubleword-67" (i64.const 1)) (i64.const 0xafae_adac_abaa_a9a8))
(assert_trap (invoke "doubleword-67" (i64.const 0x2000)) "out of bounds memory access")
