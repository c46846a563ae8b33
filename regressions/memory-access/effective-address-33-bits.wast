;;! [bug]
;;! id = "effective-address-33-bits"
;;! layer = "translate"
;;! source = "CVE-2025-69261 of WasmEdge; wasmer, memory-load-offset-overflow"
;;! expect = "index and offset are added without wrapping: 2^32 and above is out of bounds"

;; With a sum of 32 bits, 0x8000_0000 and an offset of 0x8000_0000 meet at the start of the memory.
;;
;; Red when: compiler/src/translate/bounds.rs: `memory_address` adds the offset with 32 bits.

(module
  (memory 1)
  (data (i32.const 0) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
  (func (export "doubleword") (param $at i32) (result i64) (i64.load (local.get $at)))

  (func (export "load-80000000") (param i32) (result i32) (i32.load offset=0x80000000 (local.get 0)))
  (func (export "load-ffffffff") (param i32) (result i32) (i32.load offset=0xffffffff (local.get 0)))
  (func (export "load-16") (param i32) (result i32) (i32.load offset=16 (local.get 0)))
  (func (export "byte-1") (param i32) (result i32) (i32.load8_u offset=1 (local.get 0)))
  (func (export "byte-ffffffff") (param i32) (result i32) (i32.load8_s offset=0xffffffff (local.get 0)))
  (func (export "half-2") (param i32) (result i32) (i32.load16_u offset=2 (local.get 0)))
  (func (export "half-80000000") (param i32) (result i64) (i64.load16_s offset=0x80000000 (local.get 0)))
  (func (export "word-fffffffc") (param i32) (result i64) (i64.load32_u offset=0xfffffffc (local.get 0)))
  (func (export "doubleword-8") (param i32) (result i64) (i64.load offset=8 (local.get 0)))
  (func (export "doubleword-fffffff0") (param i32) (result i64) (i64.load offset=0xfffffff0 (local.get 0)))
  (func (export "float-4") (param i32) (result f32) (f32.load offset=4 (local.get 0)))
  (func (export "double-80000000") (param i32) (result f64) (f64.load offset=0x80000000 (local.get 0)))
  (func (export "vector-16") (param i32) (result v128) (v128.load offset=16 (local.get 0)))
  (func (export "vector-ffffffff") (param i32) (result v128) (v128.load offset=0xffffffff (local.get 0)))
  (func (export "store-80000000") (param i32) (i32.store offset=0x80000000 (local.get 0) (i32.const -1)))
  (func (export "store-ffffffff") (param i32) (i64.store offset=0xffffffff (local.get 0) (i64.const -1)))
  (func (export "store-16") (param i32) (i64.store offset=16 (local.get 0) (i64.const -1)))
  (func (export "store-byte-1") (param i32) (i32.store8 offset=1 (local.get 0) (i32.const -1)))
  (func (export "store-vector-16") (param i32)
    (v128.store offset=16 (local.get 0) (v128.const i64x2 -1 -1)))

  ;; The index as a constant: the sum may be made by the compiler.
  (func (export "constant-80000000") (result i32) (i32.load offset=0x80000000 (i32.const 0x8000_0000)))
  (func (export "constant-ffffffff") (result i32) (i32.load8_u offset=0xffffffff (i32.const 1)))
  (func (export "constant-both") (result i32) (i32.load8_u offset=0xffffffff (i32.const 0xffff_ffff)))
  (func (export "constant-16") (result i32) (i32.load offset=16 (i32.const -16)))
  ;; An addition of the program's own does wrap, and must not be merged with the offset.
  (func (export "added") (param i32) (result i32)
    (i32.load8_u offset=8 (i32.add (local.get 0) (i32.const 8))))
  (func (export "added-minus") (param i32) (result i32)
    (i32.load8_u offset=8 (i32.add (local.get 0) (i32.const -8))))
  (func (export "subtracted") (param i32) (result i32)
    (i32.load8_u offset=8 (i32.sub (local.get 0) (i32.const 8)))))

(assert_trap (invoke "load-80000000" (i32.const 0x8000_0000)) "out of bounds memory access")
(assert_trap (invoke "load-80000000" (i32.const 0x8000_0004)) "out of bounds memory access")
(assert_trap (invoke "load-80000000" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "load-80000000" (i32.const 0xffff_ffff)) "out of bounds memory access")
(assert_trap (invoke "load-ffffffff" (i32.const 0xffff_ffff)) "out of bounds memory access")
(assert_trap (invoke "load-ffffffff" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "load-ffffffff" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "load-16" (i32.const -16)) "out of bounds memory access")
(assert_trap (invoke "load-16" (i32.const -12)) "out of bounds memory access")
(assert_trap (invoke "byte-1" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "byte-ffffffff" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "byte-ffffffff" (i32.const 0xffff_ffff)) "out of bounds memory access")
(assert_trap (invoke "half-2" (i32.const -2)) "out of bounds memory access")
(assert_trap (invoke "half-80000000" (i32.const 0x8000_0000)) "out of bounds memory access")
(assert_trap (invoke "word-fffffffc" (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "doubleword-8" (i32.const -8)) "out of bounds memory access")
(assert_trap (invoke "doubleword-8" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "doubleword-fffffff0" (i32.const 16)) "out of bounds memory access")
(assert_trap (invoke "float-4" (i32.const -4)) "out of bounds memory access")
(assert_trap (invoke "double-80000000" (i32.const 0x8000_0000)) "out of bounds memory access")
(assert_trap (invoke "vector-16" (i32.const -16)) "out of bounds memory access")
(assert_trap (invoke "vector-ffffffff" (i32.const 0xffff_ffff)) "out of bounds memory access")
(assert_trap (invoke "store-80000000" (i32.const 0x8000_0000)) "out of bounds memory access")
(assert_trap (invoke "store-ffffffff" (i32.const 0xffff_ffff)) "out of bounds memory access")
(assert_trap (invoke "store-ffffffff" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "store-16" (i32.const -16)) "out of bounds memory access")
(assert_trap (invoke "store-byte-1" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "store-vector-16" (i32.const -16)) "out of bounds memory access")
(assert_trap (invoke "constant-80000000") "out of bounds memory access")
(assert_trap (invoke "constant-ffffffff") "out of bounds memory access")
(assert_trap (invoke "constant-both") "out of bounds memory access")
(assert_trap (invoke "constant-16") "out of bounds memory access")

;; Nothing was written where the sums come round to.
(assert_return (invoke "doubleword" (i32.const 0)) (i64.const 0x0807_0605_0403_0201))
(assert_return (invoke "doubleword" (i32.const 8)) (i64.const 0x100f_0e0d_0c0b_0a09))

;; The same offsets within bounds.
(assert_return (invoke "byte-1" (i32.const 65534)) (i32.const 0))
(assert_trap (invoke "byte-1" (i32.const 65535)) "out of bounds memory access")
(assert_return (invoke "load-16" (i32.const 65516)) (i32.const 0))
(assert_trap (invoke "load-16" (i32.const 65517)) "out of bounds memory access")
(assert_return (invoke "doubleword-8" (i32.const 0)) (i64.const 0x100f_0e0d_0c0b_0a09))

;; -8 + 8 wraps to 0, then comes the offset of 8. -16 + 8 does not come round.
(assert_return (invoke "added" (i32.const -8)) (i32.const 9))
(assert_trap (invoke "added" (i32.const -16)) "out of bounds memory access")
(assert_return (invoke "added-minus" (i32.const 8)) (i32.const 9))
(assert_trap (invoke "added-minus" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "added-minus" (i32.const 7)) "out of bounds memory access")
(assert_return (invoke "subtracted" (i32.const 9)) (i32.const 10))
(assert_trap (invoke "subtracted" (i32.const 0)) "out of bounds memory access")
