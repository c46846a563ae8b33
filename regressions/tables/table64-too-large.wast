;;! memory64 = true
;;! [bug]
;;! id = "table64-too-large"
;;! layer = "runtime"
;;! source = "CVE-2026-44216; WebAssembly/wabt#2854"
;;! expect = "growth to more elements than there is address space is refused, and leaves the table as it was"

;; 2^61 elements of eight bytes are 2^64 bytes, which is 0 in 64 bits: the allocation succeeds, of nothing,
;; and the bounds are those of the whole address space. Or the multiplication is checked and the host panics.
;; table.grow has to give -1.
;;
;; Red when: runtime/src/table.rs: `TableData::grow` multiplies in wrapping arithmetic and does not ask for
;; the limit, adds without a check (the host panics), or forgets where the elements are when it fails.

(module
  (table $table i64 2 externref)
  (table $funcs i64 0 funcref)
  (table $narrow 1 externref)
  (elem declare func $f)
  (func $f (result i32) (i32.const 5))
  (func (export "grow") (param $x externref) (param $delta i64) (result i64)
    (table.grow $table (local.get $x) (local.get $delta)))
  (func (export "grow-funcs") (param $delta i64) (result i64)
    (table.grow $funcs (ref.func $f) (local.get $delta)))
  (func (export "grow-null") (param $delta i64) (result i64)
    (table.grow $funcs (ref.null func) (local.get $delta)))
  (func (export "grow-narrow") (param $delta i32) (result i32)
    (table.grow $narrow (ref.null extern) (local.get $delta)))
  (func (export "grow-constant") (result i64)
    (table.grow $table (ref.null extern) (i64.const 0x2000_0000_0000_0000)))
  (func (export "size") (result i64 i64 i32) (table.size $table) (table.size $funcs) (table.size $narrow))
  (func (export "get") (param $at i64) (result externref) (table.get $table (local.get $at)))
  (func (export "set") (param $at i64) (param $x externref) (table.set $table (local.get $at) (local.get $x)))
  (func (export "call") (param $at i64) (result i32) (call_indirect $funcs (result i32) (local.get $at))))

(assert_return (invoke "set" (i64.const 1) (ref.extern 7)))

;; Deltas of which the bytes, eight or sixteen for each element, are 0 modulo 2^64, or the sum with the size is.
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x2000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0x2000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0x2000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0x2000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x1000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0x1000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0x1000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0x1000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x1fff_ffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0x1fff_ffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0x1fff_ffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0x1fff_ffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x2000_0000_0000_0001)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0x2000_0000_0000_0001)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0x2000_0000_0000_0001)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0x2000_0000_0000_0001)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x4000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0x4000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0x4000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0x4000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x8000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0x8000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0x8000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0x8000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0xffff_ffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0xffff_ffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0xffff_ffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0xffff_ffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0xffff_ffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0xffff_ffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0xffff_ffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0xffff_ffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0xe000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0xe000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0xe000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0xe000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x1fff_ffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow" (ref.null extern) (i64.const 0x1fff_ffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow-funcs" (i64.const 0x1fff_ffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow-null" (i64.const 0x1fff_ffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow-constant") (i64.const -1))
(assert_return (invoke "grow-narrow" (i32.const -1)) (i32.const -1))

;; The tables are what they were, and can be used and grown.
(assert_return (invoke "size") (i64.const 2) (i64.const 0) (i32.const 1))
(assert_return (invoke "get" (i64.const 0)) (ref.null extern))
(assert_return (invoke "get" (i64.const 1)) (ref.extern 7))
(assert_trap (invoke "get" (i64.const 2)) "out of bounds table access")
(assert_trap (invoke "get" (i64.const 0x2000_0000_0000_0001)) "out of bounds table access")
(assert_trap (invoke "set" (i64.const 0x2000_0000_0000_0000) (ref.extern 9)) "out of bounds table access")
(assert_trap (invoke "call" (i64.const 0)) "undefined element")
(assert_trap (invoke "call" (i64.const 0x1fff_ffff_ffff_ffff)) "undefined element")
(assert_return (invoke "grow" (ref.extern 8) (i64.const 1)) (i64.const 2))
(assert_return (invoke "get" (i64.const 2)) (ref.extern 8))
(assert_return (invoke "grow-funcs" (i64.const 1)) (i64.const 0))
(assert_return (invoke "call" (i64.const 0)) (i32.const 5))
(assert_trap (invoke "call" (i64.const 1)) "undefined element")
(assert_return (invoke "size") (i64.const 3) (i64.const 1) (i32.const 1))

;; A declaration of that size is valid; a module need not get an instance of it.
(module definition (table i64 0x2000_0000_0000_0000 funcref))
(module definition (table i64 0x2000_0000_0000_0000 0x2000_0000_0000_0000 externref))
(module definition (table i64 0xffff_ffff_ffff_ffff funcref))
(module definition (table 0xffff_ffff funcref))
(assert_invalid (module (table i64 0x2000_0000_0000_0001 0x2000_0000_0000_0000 funcref))
  "size minimum must not be greater than maximum")
(assert_malformed (module quote "(table i64 0x1_0000_0000_0000_0000 funcref)") "i64 constant out of range")

;; As a maximum it promises nothing and costs nothing.
(module
  (table (export "table") i64 1 0x2000_0000_0000_0000 externref)
  (func (export "grow") (param $delta i64) (result i64) (table.grow (ref.null extern) (local.get $delta)))
  (func (export "size") (result i64) (table.size)))
(register "wide")
(assert_return (invoke "grow" (i64.const 0x1fff_ffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0x2000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 3)) (i64.const 1))
(assert_return (invoke "size") (i64.const 4))

;; An import that asks for more than there is does not get it because of a product that wraps.
(assert_unlinkable (module (import "wide" "table" (table i64 0x2000_0000_0000_0000 externref)))
  "incompatible import type")
(assert_unlinkable
  (module (import "wide" "table" (table i64 0x2000_0000_0000_0001 0x2000_0000_0000_0001 externref)))
  "incompatible import type")
