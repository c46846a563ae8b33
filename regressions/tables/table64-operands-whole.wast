;;! memory64 = true
;;! [bug]
;;! id = "table64-operands-whole"
;;! layer = "translate"
;;! source = "CVE-2026-34945; WebAssembly/wabt#2731, WebAssembly/wabt#2732, WebAssembly/wabt#2760"
;;! expect = "all 64 bits of indices and lengths count, and the size is an i64"

;; An engine that passes the operands of a table with 64-bit indices on as 32 bits finds element 3 at
;; 0x1_0000_0003, and fills one element where 0x1_0000_0001 were asked for. One that has the size of such a
;; table in 32 bits leaves what was in the upper half of the register.
;;
;; Red when: compiler/src/translate/bounds.rs: `table_slot` cuts indices to 32 bits;
;; compiler/src/translate/table.rs: `table_fill` or `table_copy` cuts lengths, `table_grow` cuts the delta, or
;; `table_size` leaves something in the upper half.

(module
  (table $table i64 10 externref)
  (table $funcs i64 10 funcref)
  (table $narrow 10 externref)
  (elem (table $funcs) (i64.const 0) func $f $f $f $f $f $f $f $f $f $f)
  (elem $some externref (ref.null extern) (ref.null extern))
  (func $f (result i32) (i32.const 77))

  (func (export "get") (param $at i64) (result externref) (table.get $table (local.get $at)))
  (func (export "set") (param $at i64) (param $x externref) (table.set $table (local.get $at) (local.get $x)))
  (func (export "fill") (param $at i64) (param $x externref) (param $len i64)
    (table.fill $table (local.get $at) (local.get $x) (local.get $len)))
  (func (export "copy") (param $dst i64) (param $src i64) (param $len i64)
    (table.copy $table $table (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "copy-from-narrow") (param $dst i64) (param $src i32) (param $len i32)
    (table.copy $table $narrow (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "copy-to-narrow") (param $dst i32) (param $src i64) (param $len i32)
    (table.copy $narrow $table (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "init") (param $dst i64) (param $src i32) (param $len i32)
    (table.init $table $some (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "grow") (param $x externref) (param $delta i64) (result i64)
    (table.grow $table (local.get $x) (local.get $delta)))
  (func (export "call") (param $at i64) (result i32) (call_indirect $funcs (result i32) (local.get $at)))
  (func (export "get-func") (param $at i64) (result i32) (ref.is_null (table.get $funcs (local.get $at))))

  ;; The size as an i64, twice in one function, and as part of other sums.
  (func (export "size") (result i64) (table.size $table))
  (func (export "size-twice") (result i64 i64) (table.size $table) (table.size $table))
  (func (export "size-sum") (result i64) (i64.add (table.size $table) (table.size $table)))
  (func (export "size-shifted") (result i64) (i64.shl (table.size $table) (i64.const 32)))
  (func (export "size-compared") (result i32) (i64.lt_u (table.size $table) (i64.const 0x1_0000_0000)))
  (func (export "size-mixed") (result i64 i32) (table.size $table) (table.size $narrow))

  ;; Constants.
  (func (export "get-constant") (result externref) (table.get $table (i64.const 0x1_0000_0003)))
  (func (export "set-constant") (param $x externref)
    (table.set $table (i64.const 0x1_0000_0003) (local.get $x)))
  (func (export "fill-constant") (param $x externref)
    (table.fill $table (i64.const 3) (local.get $x) (i64.const 0x1_0000_0001)))
  (func (export "call-constant") (result i32) (call_indirect $funcs (result i32) (i64.const 0x1_0000_0003)))
  (func (export "computed") (param $at i32) (result externref)
    (table.get $table (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)))))

(assert_return (invoke "fill" (i64.const 0) (ref.extern 1) (i64.const 10)))
(assert_return (invoke "get" (i64.const 9)) (ref.extern 1))
(assert_trap (invoke "get" (i64.const 10)) "out of bounds table access")

(assert_trap (invoke "get" (i64.const 0x1_0000_0000)) "out of bounds table access")
(assert_trap (invoke "set" (i64.const 0x1_0000_0000) (ref.extern 9)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0x1_0000_0000) (ref.extern 9) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0x1_0000_0000) (ref.extern 9) (i64.const 0)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 3) (ref.extern 9) (i64.const 0x1_0000_0000)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const 0x1_0000_0000) (i64.const 3) (i64.const 1)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const 3) (i64.const 0x1_0000_0000) (i64.const 1)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const 3) (i64.const 4) (i64.const 0x1_0000_0000)) "out of bounds table access")
(assert_trap
  (invoke "copy-from-narrow" (i64.const 0x1_0000_0000) (i32.const 3)
  (i32.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy-to-narrow" (i32.const 3) (i64.const 0x1_0000_0000) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init" (i64.const 0x1_0000_0000) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "call" (i64.const 0x1_0000_0000)) "undefined element")
(assert_trap (invoke "get-func" (i64.const 0x1_0000_0000)) "out of bounds table access")
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x1_0000_0000)) (i64.const -1))
(assert_trap (invoke "get" (i64.const 0x1_0000_0003)) "out of bounds table access")
(assert_trap (invoke "set" (i64.const 0x1_0000_0003) (ref.extern 9)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0x1_0000_0003) (ref.extern 9) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0x1_0000_0003) (ref.extern 9) (i64.const 0)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 3) (ref.extern 9) (i64.const 0x1_0000_0003)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const 0x1_0000_0003) (i64.const 3) (i64.const 1)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const 3) (i64.const 0x1_0000_0003) (i64.const 1)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const 3) (i64.const 4) (i64.const 0x1_0000_0003)) "out of bounds table access")
(assert_trap
  (invoke "copy-from-narrow" (i64.const 0x1_0000_0003) (i32.const 3)
  (i32.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy-to-narrow" (i32.const 3) (i64.const 0x1_0000_0003) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init" (i64.const 0x1_0000_0003) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "call" (i64.const 0x1_0000_0003)) "undefined element")
(assert_trap (invoke "get-func" (i64.const 0x1_0000_0003)) "out of bounds table access")
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x1_0000_0003)) (i64.const -1))
(assert_trap (invoke "get" (i64.const 0x8000_0000_0000_0003)) "out of bounds table access")
(assert_trap (invoke "set" (i64.const 0x8000_0000_0000_0003) (ref.extern 9)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0x8000_0000_0000_0003) (ref.extern 9) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0x8000_0000_0000_0003) (ref.extern 9) (i64.const 0)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 3) (ref.extern 9) (i64.const 0x8000_0000_0000_0003)) "out of bounds table access")
(assert_trap
  (invoke "copy" (i64.const 0x8000_0000_0000_0003) (i64.const 3) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy" (i64.const 3) (i64.const 0x8000_0000_0000_0003) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy" (i64.const 3) (i64.const 4) (i64.const 0x8000_0000_0000_0003)) "out of bounds table access")
(assert_trap
  (invoke "copy-from-narrow" (i64.const 0x8000_0000_0000_0003) (i32.const 3)
  (i32.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy-to-narrow" (i32.const 3) (i64.const 0x8000_0000_0000_0003)
  (i32.const 1)) "out of bounds table access")
(assert_trap
  (invoke "init" (i64.const 0x8000_0000_0000_0003) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "call" (i64.const 0x8000_0000_0000_0003)) "undefined element")
(assert_trap (invoke "get-func" (i64.const 0x8000_0000_0000_0003)) "out of bounds table access")
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x8000_0000_0000_0003)) (i64.const -1))
(assert_trap (invoke "get" (i64.const 0xffff_ffff_0000_0003)) "out of bounds table access")
(assert_trap (invoke "set" (i64.const 0xffff_ffff_0000_0003) (ref.extern 9)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0xffff_ffff_0000_0003) (ref.extern 9) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0xffff_ffff_0000_0003) (ref.extern 9) (i64.const 0)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 3) (ref.extern 9) (i64.const 0xffff_ffff_0000_0003)) "out of bounds table access")
(assert_trap
  (invoke "copy" (i64.const 0xffff_ffff_0000_0003) (i64.const 3) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy" (i64.const 3) (i64.const 0xffff_ffff_0000_0003) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy" (i64.const 3) (i64.const 4) (i64.const 0xffff_ffff_0000_0003)) "out of bounds table access")
(assert_trap
  (invoke "copy-from-narrow" (i64.const 0xffff_ffff_0000_0003) (i32.const 3)
  (i32.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy-to-narrow" (i32.const 3) (i64.const 0xffff_ffff_0000_0003)
  (i32.const 1)) "out of bounds table access")
(assert_trap
  (invoke "init" (i64.const 0xffff_ffff_0000_0003) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "call" (i64.const 0xffff_ffff_0000_0003)) "undefined element")
(assert_trap (invoke "get-func" (i64.const 0xffff_ffff_0000_0003)) "out of bounds table access")
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0xffff_ffff_0000_0003)) (i64.const -1))
(assert_trap (invoke "get" (i64.const 0x2000_0000_0000_0003)) "out of bounds table access")
(assert_trap (invoke "set" (i64.const 0x2000_0000_0000_0003) (ref.extern 9)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0x2000_0000_0000_0003) (ref.extern 9) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 0x2000_0000_0000_0003) (ref.extern 9) (i64.const 0)) "out of bounds table access")
(assert_trap
  (invoke "fill" (i64.const 3) (ref.extern 9) (i64.const 0x2000_0000_0000_0003)) "out of bounds table access")
(assert_trap
  (invoke "copy" (i64.const 0x2000_0000_0000_0003) (i64.const 3) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy" (i64.const 3) (i64.const 0x2000_0000_0000_0003) (i64.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy" (i64.const 3) (i64.const 4) (i64.const 0x2000_0000_0000_0003)) "out of bounds table access")
(assert_trap
  (invoke "copy-from-narrow" (i64.const 0x2000_0000_0000_0003) (i32.const 3)
  (i32.const 1)) "out of bounds table access")
(assert_trap
  (invoke "copy-to-narrow" (i32.const 3) (i64.const 0x2000_0000_0000_0003)
  (i32.const 1)) "out of bounds table access")
(assert_trap
  (invoke "init" (i64.const 0x2000_0000_0000_0003) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "call" (i64.const 0x2000_0000_0000_0003)) "undefined element")
(assert_trap (invoke "get-func" (i64.const 0x2000_0000_0000_0003)) "out of bounds table access")
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x2000_0000_0000_0003)) (i64.const -1))
(assert_trap (invoke "get" (i64.const -1)) "out of bounds table access")
(assert_trap (invoke "set" (i64.const -1) (ref.extern 9)) "out of bounds table access")
(assert_trap (invoke "fill" (i64.const -1) (ref.extern 9) (i64.const 1)) "out of bounds table access")
(assert_trap (invoke "fill" (i64.const -1) (ref.extern 9) (i64.const 0)) "out of bounds table access")
(assert_trap (invoke "fill" (i64.const 3) (ref.extern 9) (i64.const -1)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const -1) (i64.const 3) (i64.const 1)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const 3) (i64.const -1) (i64.const 1)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const 3) (i64.const 4) (i64.const -1)) "out of bounds table access")
(assert_trap
  (invoke "copy-from-narrow" (i64.const -1) (i32.const 3) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "copy-to-narrow" (i32.const 3) (i64.const -1) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "init" (i64.const -1) (i32.const 0) (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "call" (i64.const -1)) "undefined element")
(assert_trap (invoke "get-func" (i64.const -1)) "out of bounds table access")
(assert_return (invoke "grow" (ref.extern 9) (i64.const -1)) (i64.const -1))

;; The lengths 0x1_0000_0001 and 0x1_0000_0000, of which the lower half would fit.
(assert_trap
  (invoke "fill" (i64.const 3) (ref.extern 9) (i64.const 0x1_0000_0001)) "out of bounds table access")
(assert_trap (invoke "copy" (i64.const 0) (i64.const 1) (i64.const 0x1_0000_0001)) "out of bounds table access")
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x1_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (ref.extern 9) (i64.const 0x1_0000_0001)) (i64.const -1))

(assert_trap (invoke "get-constant") "out of bounds table access")
(assert_trap (invoke "set-constant" (ref.extern 9)) "out of bounds table access")
(assert_trap (invoke "fill-constant" (ref.extern 9)) "out of bounds table access")
(assert_trap (invoke "call-constant") "undefined element")
(assert_return (invoke "computed" (i32.const 0)) (ref.extern 1))
(assert_trap (invoke "computed" (i32.const 1)) "out of bounds table access")
(assert_trap (invoke "computed" (i32.const 0x8000_0000)) "out of bounds table access")

;; Nothing of all that has written or grown anything.
(assert_return (invoke "get" (i64.const 0)) (ref.extern 1))
(assert_return (invoke "get" (i64.const 1)) (ref.extern 1))
(assert_return (invoke "get" (i64.const 2)) (ref.extern 1))
(assert_return (invoke "get" (i64.const 3)) (ref.extern 1))
(assert_return (invoke "get" (i64.const 4)) (ref.extern 1))
(assert_return (invoke "get" (i64.const 5)) (ref.extern 1))
(assert_return (invoke "get" (i64.const 6)) (ref.extern 1))
(assert_return (invoke "get" (i64.const 7)) (ref.extern 1))
(assert_return (invoke "get" (i64.const 8)) (ref.extern 1))
(assert_return (invoke "get" (i64.const 9)) (ref.extern 1))
(assert_return (invoke "call" (i64.const 3)) (i32.const 77))
(assert_return (invoke "call" (i64.const 9)) (i32.const 77))
(assert_trap (invoke "call" (i64.const 10)) "undefined element")
(assert_return (invoke "get-func" (i64.const 9)) (i32.const 0))
(assert_return (invoke "size") (i64.const 10))
(assert_return (invoke "size-twice") (i64.const 10) (i64.const 10))
(assert_return (invoke "size-sum") (i64.const 20))
(assert_return (invoke "size-shifted") (i64.const 0xa_0000_0000))
(assert_return (invoke "size-compared") (i32.const 1))
(assert_return (invoke "size-mixed") (i64.const 10) (i32.const 10))
(assert_return (invoke "grow" (ref.extern 2) (i64.const 2)) (i64.const 10))
(assert_return (invoke "size-twice") (i64.const 12) (i64.const 12))
(assert_return (invoke "get" (i64.const 11)) (ref.extern 2))
(assert_return (invoke "copy-from-narrow" (i64.const 0) (i32.const 0) (i32.const 10)))
(assert_return (invoke "get" (i64.const 9)) (ref.null extern))
