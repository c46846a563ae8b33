;;! custom_page_sizes = true
;;! [bug]
;;! id = "byte-pages"
;;! layer = "translate"
;;! source = "custom-page-sizes proposal; elided bounds checks"
;;! expect = "a memory of N one-byte pages has N bytes, for constant addresses too"

;; The size of a page is part of the minimum. Bounds are exact to the byte: no guard starts there.
;;
;; Red when: compiler/src/translate/known.rs: `minimum_bytes` counts pages of 64 KiB.

(module
  (memory 10 20 (pagesize 1))
  (func (export "last") (result i32) (i32.load (i32.const 6)))
  (func (export "beyond") (result i32) (i32.load (i32.const 7)))
  (func (export "byte-last") (result i32) (i32.load8_u offset=4 (i32.const 5)))
  (func (export "byte-beyond") (result i32) (i32.load8_u offset=5 (i32.const 5)))
  (func (export "store-beyond") (i64.store (i32.const 3) (i64.const -1)))
  (func (export "pair") (param i32) (result i32)
    (i32.store8 offset=1 (local.get 0) (i32.const 7))
    (i32.load8_u (local.get 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))

(assert_return (invoke "last") (i32.const 0))
(assert_trap (invoke "beyond") "out of bounds memory access")
(assert_return (invoke "byte-last") (i32.const 0))
(assert_trap (invoke "byte-beyond") "out of bounds memory access")
(assert_trap (invoke "store-beyond") "out of bounds memory access")
(assert_return (invoke "pair" (i32.const 8)) (i32.const 0))
(assert_trap (invoke "pair" (i32.const 9)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 1)) (i32.const 10))
(assert_return (invoke "beyond") (i32.const 0x00070000))
(assert_return (invoke "byte-beyond") (i32.const 0))
(assert_return (invoke "store-beyond"))
(assert_return (invoke "pair" (i32.const 9)) (i32.const 255))
(assert_return (invoke "grow" (i32.const 10)) (i32.const -1))
(assert_trap (invoke "pair" (i32.const 10)) "out of bounds memory access")

;; A memory without a byte has no address.
(module
  (memory 0 (pagesize 1))
  (func (export "zero") (result i32) (i32.load8_u (i32.const 0))))
(assert_trap (invoke "zero") "out of bounds memory access")
