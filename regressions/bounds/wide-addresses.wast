;;! memory64 = true
;;! [bug]
;;! id = "wide-addresses"
;;! layer = "translate"
;;! source = "memory64 proposal; elided and shared bounds checks"
;;! expect = "sums of 64-bit address, offset and size do not wrap, neither at compile time nor at run time"

;; A constant near 2^64 plus an offset wraps to a small number in 64-bit arithmetic.
;;
;; Red when: compiler/src/translate/bounds.rs: `memory_address` adds a constant index and the offset, or the
;; access size to them, with wrapping; or `check_memory` adds a 64-bit index and the end with wrapping.

(module
  (memory i64 1 2)
  (data (i64.const 65528) "abcdefgh")
  (func (export "last") (result i64) (i64.load (i64.const 65528)))
  (func (export "last-both") (result i64) (i64.load offset=28 (i64.const 65500)))
  (func (export "last-extended") (result i64) (i64.load (i64.extend_i32_u (i32.const 65528))))
  (func (export "beyond") (result i64) (i64.load (i64.const 65529)))
  (func (export "extended-signed") (result i64) (i64.load offset=16 (i64.extend_i32_s (i32.const -8))))
  (func (export "wraps-to-zero") (result i32) (i32.load offset=8 (i64.const -8)))
  (func (export "wraps-inside") (result i32) (i32.load offset=16 (i64.const -8)))
  (func (export "wraps-by-size") (result i64) (i64.load (i64.const -8)))
  (func (export "wraps-by-size-1") (result i64) (i64.load (i64.const -7)))
  (func (export "largest-offset") (result i32) (i32.load8_u offset=0xffffffffffffffff (i64.const 0)))
  (func (export "largest-offset-1") (result i32) (i32.load8_u offset=0xffffffffffffffff (i64.const 1)))
  (func (export "beyond-32") (result i32) (i32.load (i64.const 0x1_0000_0000)))
  (func (export "load") (param i64) (result i32)
    (i32.load8_u offset=16 (local.get 0)))
  (func (export "pair") (param i64) (result i32)
    (drop (i64.load offset=16 (local.get 0)))
    (i32.load8_u (local.get 0)))
  (func (export "grow") (result i64) (memory.grow (i64.const 1))))

(assert_return (invoke "last") (i64.const 0x6867666564636261))
(assert_return (invoke "last-both") (i64.const 0x6867666564636261))
(assert_return (invoke "last-extended") (i64.const 0x6867666564636261))
(assert_trap (invoke "beyond") "out of bounds memory access")
(assert_trap (invoke "extended-signed") "out of bounds memory access")
(assert_trap (invoke "wraps-to-zero") "out of bounds memory access")
(assert_trap (invoke "wraps-inside") "out of bounds memory access")
(assert_trap (invoke "wraps-by-size") "out of bounds memory access")
(assert_trap (invoke "wraps-by-size-1") "out of bounds memory access")
(assert_trap (invoke "largest-offset") "out of bounds memory access")
(assert_trap (invoke "largest-offset-1") "out of bounds memory access")
(assert_trap (invoke "beyond-32") "out of bounds memory access")
(assert_return (invoke "load" (i64.const 65519)) (i32.const 0x68))
(assert_trap (invoke "load" (i64.const 65520)) "out of bounds memory access")
(assert_trap (invoke "load" (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "load" (i64.const -16)) "out of bounds memory access")
(assert_trap (invoke "load" (i64.const -17)) "out of bounds memory access")
(assert_return (invoke "pair" (i64.const 65512)) (i32.const 0))
(assert_trap (invoke "pair" (i64.const 65513)) "out of bounds memory access")
(assert_trap (invoke "pair" (i64.const -24)) "out of bounds memory access")
(assert_trap (invoke "pair" (i64.const -16)) "out of bounds memory access")
(assert_return (invoke "grow") (i64.const 1))
(assert_return (invoke "beyond") (i64.const 0x0068676665646362))
(assert_trap (invoke "wraps-to-zero") "out of bounds memory access")
(assert_trap (invoke "wraps-inside") "out of bounds memory access")
