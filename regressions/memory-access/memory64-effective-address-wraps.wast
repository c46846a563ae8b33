;;! memory64 = true
;;! [bug]
;;! id = "memory64-effective-address-wraps"
;;! layer = "translate"
;;! source = "wasmtime tests/misc_testsuite/memory64/offsets.wast; WebAssembly/wabt#2783, WebAssembly/wabt#2785"
;;! expect = "index, offset and size of an access are added without wrapping: 2^64 and above is out of bounds"

;; There are three ways to wrap: the index with the offset, the offset with the size, and the whole sum at its
;; last byte. Each of them leads back to the start of the memory.
;;
;; Red when: compiler/src/translate/bounds.rs: `memory_address` adds the offset with 64 bits before the check,
;; or adds without a look at the carry.

(module
  (memory i64 1)
  (data (i64.const 0) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
  (func (export "doubleword") (param $at i64) (result i64) (i64.load (local.get $at)))

  (func (export "byte-max") (param i64) (result i32) (i32.load8_u offset=0xffffffffffffffff (local.get 0)))
  (func (export "load-max") (param i64) (result i32) (i32.load offset=0xffffffffffffffff (local.get 0)))
  (func (export "doubleword-max") (param i64) (result i64)
    (i64.load offset=0xffffffffffffffff (local.get 0)))
  (func (export "doubleword-minus-8") (param i64) (result i64)
    (i64.load offset=0xfffffffffffffff8 (local.get 0)))
  (func (export "doubleword-minus-9") (param i64) (result i64)
    (i64.load offset=0xfffffffffffffff7 (local.get 0)))
  (func (export "half-2^63") (param i64) (result i32)
    (i32.load16_s offset=0x8000000000000000 (local.get 0)))
  (func (export "byte-1") (param i64) (result i32) (i32.load8_s offset=1 (local.get 0)))
  (func (export "load-8") (param i64) (result i32) (i32.load offset=8 (local.get 0)))
  (func (export "load-2^32") (param i64) (result i32) (i32.load offset=0x100000000 (local.get 0)))
  (func (export "load-2^32+8") (param i64) (result i32) (i32.load offset=0x100000008 (local.get 0)))
  (func (export "load-2^32-1") (param i64) (result i32) (i32.load offset=0xffffffff (local.get 0)))
  (func (export "vector-16") (param i64) (result v128) (v128.load offset=16 (local.get 0)))
  (func (export "vector-max") (param i64) (result v128)
    (v128.load offset=0xffffffffffffffff (local.get 0)))
  (func (export "float-2^63") (param i64) (result f32) (f32.load offset=0x8000000000000000 (local.get 0)))
  (func (export "store-max") (param i64)
    (i64.store offset=0xffffffffffffffff (local.get 0) (i64.const -1)))
  (func (export "store-8") (param i64) (i32.store offset=8 (local.get 0) (i32.const -1)))
  (func (export "store-byte-1") (param i64) (i64.store8 offset=1 (local.get 0) (i64.const -1)))
  (func (export "constant-max") (result i32) (i32.load8_u offset=0xffffffffffffffff (i64.const 1)))
  (func (export "constant-minus-1") (result i32) (i32.load8_u offset=1 (i64.const -1)))
  (func (export "constant-2^32") (result i32) (i32.load8_u offset=0x100000000 (i64.const 0)))
  ;; An addition of the program's own wraps.
  (func (export "added") (param i64) (result i32)
    (i32.load8_u offset=8 (i64.add (local.get 0) (i64.const 8)))))

;; The index with the offset.
(assert_trap (invoke "byte-max" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "byte-max" (i64.const 9)) "out of bounds memory access")
(assert_trap (invoke "load-max" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "doubleword-max" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "doubleword-max" (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "doubleword-minus-8" (i64.const 8)) "out of bounds memory access")
(assert_trap (invoke "half-2^63" (i64.const 0x8000_0000_0000_0000)) "out of bounds memory access")
(assert_trap (invoke "byte-1" (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "load-8" (i64.const -8)) "out of bounds memory access")
(assert_trap (invoke "load-2^32" (i64.const 0xffff_ffff_0000_0000)) "out of bounds memory access")
(assert_trap (invoke "vector-16" (i64.const -16)) "out of bounds memory access")
(assert_trap (invoke "vector-max" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "float-2^63" (i64.const 0x8000_0000_0000_0000)) "out of bounds memory access")
(assert_trap (invoke "store-max" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "store-8" (i64.const -8)) "out of bounds memory access")
(assert_trap (invoke "store-byte-1" (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "constant-max") "out of bounds memory access")
(assert_trap (invoke "constant-minus-1") "out of bounds memory access")

;; The offset with the size, and the sum with the size, where the access begins within 64 bits.
(assert_trap (invoke "byte-max" (i64.const 0)) "out of bounds memory access")
(assert_trap (invoke "doubleword-max" (i64.const 0)) "out of bounds memory access")
(assert_trap (invoke "doubleword-minus-8" (i64.const 0)) "out of bounds memory access")
(assert_trap (invoke "doubleword-minus-9" (i64.const 0)) "out of bounds memory access")
(assert_trap (invoke "doubleword-minus-9" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "doubleword" (i64.const -8)) "out of bounds memory access")
(assert_trap (invoke "doubleword" (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "load-8" (i64.const -12)) "out of bounds memory access")
(assert_trap (invoke "store-max" (i64.const 0)) "out of bounds memory access")

;; 64 bits of the index and of the offset count.
(assert_trap (invoke "doubleword" (i64.const 0x1_0000_0000)) "out of bounds memory access")
(assert_trap (invoke "doubleword" (i64.const 0x8000_0000_0000_0008)) "out of bounds memory access")
(assert_trap (invoke "load-2^32" (i64.const 0)) "out of bounds memory access")
(assert_trap (invoke "load-2^32+8" (i64.const 0)) "out of bounds memory access")
(assert_trap (invoke "load-2^32-1" (i64.const 1)) "out of bounds memory access")
(assert_trap (invoke "load-2^32-1" (i64.const 0xffff_ffff_0000_0001)) "out of bounds memory access")
(assert_trap (invoke "constant-2^32") "out of bounds memory access")

(assert_return (invoke "doubleword" (i64.const 0)) (i64.const 0x0807_0605_0403_0201))
(assert_return (invoke "doubleword" (i64.const 8)) (i64.const 0x100f_0e0d_0c0b_0a09))

;; Within bounds.
(assert_return (invoke "byte-1" (i64.const 65534)) (i32.const 0))
(assert_trap (invoke "byte-1" (i64.const 65535)) "out of bounds memory access")
(assert_return (invoke "load-8" (i64.const 0)) (i32.const 0x0c0b_0a09))
(assert_return (invoke "load-8" (i64.const 65524)) (i32.const 0))
(assert_trap (invoke "load-8" (i64.const 65525)) "out of bounds memory access")
(assert_return (invoke "vector-16" (i64.const 65504)) (v128.const i64x2 0 0))
(assert_trap (invoke "vector-16" (i64.const 65505)) "out of bounds memory access")
(assert_return (invoke "added" (i64.const -8)) (i32.const 9))
(assert_trap (invoke "added" (i64.const -16)) "out of bounds memory access")
