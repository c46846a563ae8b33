;;! [bug]
;;! id = "table-imported-twice"
;;! layer = "optimizer"
;;! source = "bytecodealliance/wasmtime#13538, its test alias-region-imported-tables"
;;! expect = "two imports of one table are one table"

;; An optimiser that takes tables of different index for different tables forwards an element over a table.set
;; of the other one. Two imports can be the same table, and a function of the module that owns it can set it
;; during any call.
;;
;; Red when: cranelift-codegen, src/alias_analysis.rs: calls are not fences; or
;; compiler/src/translate/bounds.rs: `table_slot` says that a table's elements never move.

(module $owner
  (type $nothing-to-i32 (func (result i32)))
  (table $table (export "table") 4 8 funcref)
  (table $externs (export "externs") 4 8 externref)
  (elem declare func $one $two)
  (func $one (export "one") (result i32) (i32.const 1))
  (func $two (export "two") (result i32) (i32.const 2))
  (func (export "set-two") (param $at i32) (table.set $table (local.get $at) (ref.func $two)))
  (func (export "call") (param $at i32) (result i32)
    (call_indirect $table (type $nothing-to-i32) (local.get $at)))
  (func (export "set-extern") (param $at i32) (param $x externref)
    (table.set $externs (local.get $at) (local.get $x))))
(register "owner" $owner)

(module
  (type $nothing-to-i32 (func (result i32)))
  (import "owner" "table" (table $one 4 funcref))
  (import "owner" "table" (table $two 2 8 funcref))
  (import "owner" "externs" (table $externs-one 4 externref))
  (import "owner" "externs" (table $externs-two 4 externref))
  (import "owner" "one" (func $f-one (result i32)))
  (import "owner" "two" (func $f-two (result i32)))
  (import "owner" "set-two" (func $set-two (param i32)))
  (import "owner" "set-extern" (func $set-extern (param i32 externref)))
  (elem declare func $f-one $f-two)
  (elem $nulls externref (ref.null extern) (ref.null extern))

  ;; Set by one name, called by the other.
  (func (export "call") (param $at i32) (result i32 i32)
    (table.set $one (local.get $at) (ref.func $f-one))
    (call_indirect $two (type $nothing-to-i32) (local.get $at))
    (table.set $two (local.get $at) (ref.func $f-two))
    (call_indirect $one (type $nothing-to-i32) (local.get $at)))
  (func (export "call-constant") (result i32 i32)
    (table.set $one (i32.const 0) (ref.func $f-one))
    (call_indirect $two (type $nothing-to-i32) (i32.const 0))
    (table.set $two (i32.const 0) (ref.func $f-two))
    (call_indirect $one (type $nothing-to-i32) (i32.const 0)))
  (func (export "owner-sets") (param $at i32) (result i32 i32)
    (table.set $one (local.get $at) (ref.func $f-one))
    (call_indirect $one (type $nothing-to-i32) (local.get $at))
    (call $set-two (local.get $at))
    (call_indirect $one (type $nothing-to-i32) (local.get $at)))
  (func (export "null") (param $at i32) (result i32)
    (table.set $one (local.get $at) (ref.func $f-one))
    (table.set $two (local.get $at) (ref.null func))
    (call_indirect $one (type $nothing-to-i32) (local.get $at)))

  (func (export "externs") (param $at i32) (param $x externref) (param $y externref) (param $z externref)
    (result externref externref externref externref)
    (table.set $externs-one (local.get $at) (local.get $x))
    (table.get $externs-two (local.get $at))
    (table.set $externs-two (local.get $at) (local.get $y))
    (table.get $externs-one (local.get $at))
    (call $set-extern (local.get $at) (local.get $z))
    (table.get $externs-one (local.get $at))
    (table.get $externs-two (local.get $at)))
  (func (export "fill") (param $x externref) (param $y externref) (result externref externref)
    (table.set $externs-one (i32.const 1) (local.get $x))
    (table.get $externs-one (i32.const 1))
    (table.fill $externs-two (i32.const 0) (local.get $y) (i32.const 2))
    (table.get $externs-one (i32.const 1)))
  (func (export "init") (param $x externref) (result externref)
    (table.set $externs-one (i32.const 1) (local.get $x))
    (table.init $externs-two $nulls (i32.const 0) (i32.const 0) (i32.const 2))
    (table.get $externs-one (i32.const 1)))

  ;; A copy between the two names overlaps as within one table.
  (func (export "set-up") (param externref externref externref externref)
    (table.set $externs-one (i32.const 0) (local.get 0))
    (table.set $externs-one (i32.const 1) (local.get 1))
    (table.set $externs-one (i32.const 2) (local.get 2))
    (table.set $externs-one (i32.const 3) (local.get 3)))
  (func (export "copy-up") (table.copy $externs-two $externs-one (i32.const 1) (i32.const 0) (i32.const 3)))
  (func (export "copy-down") (table.copy $externs-two $externs-one (i32.const 0) (i32.const 1) (i32.const 3)))
  (func (export "get") (param $at i32) (result externref) (table.get $externs-two (local.get $at)))

  ;; Growth by one name is growth of the other: of its size, its bounds and the place where it is.
  (func (export "grow") (param $x externref) (result i32 i32 i32 externref externref)
    (table.set $externs-two (i32.const 0) (local.get $x))
    (table.size $externs-two)
    (table.grow $externs-one (local.get $x) (i32.const 3))
    (table.size $externs-two)
    (table.get $externs-two (i32.const 6))
    (table.get $externs-two (i32.const 0))))

(assert_return (invoke "call" (i32.const 0)) (i32.const 1) (i32.const 2))
(assert_return (invoke "call" (i32.const 3)) (i32.const 1) (i32.const 2))
(assert_trap (invoke "call" (i32.const 4)) "out of bounds table access")
(assert_return (invoke "call-constant") (i32.const 1) (i32.const 2))
(assert_return (invoke "owner-sets" (i32.const 1)) (i32.const 1) (i32.const 2))
(assert_return (invoke $owner "call" (i32.const 1)) (i32.const 2))
(assert_trap (invoke "null" (i32.const 1)) "uninitialized element")
(assert_trap (invoke $owner "call" (i32.const 1)) "uninitialized element")

(assert_return (invoke "externs" (i32.const 2) (ref.extern 1) (ref.extern 2) (ref.extern 3))
  (ref.extern 1) (ref.extern 2) (ref.extern 3) (ref.extern 3))
(assert_return (invoke "fill" (ref.extern 4) (ref.extern 5)) (ref.extern 4) (ref.extern 5))
(assert_return (invoke "init" (ref.extern 4)) (ref.null extern))

(invoke "set-up" (ref.extern 1) (ref.extern 2) (ref.extern 3) (ref.extern 4))
(assert_return (invoke "copy-up"))
(assert_return (invoke "get" (i32.const 0)) (ref.extern 1))
(assert_return (invoke "get" (i32.const 1)) (ref.extern 1))
(assert_return (invoke "get" (i32.const 2)) (ref.extern 2))
(assert_return (invoke "get" (i32.const 3)) (ref.extern 3))
(invoke "set-up" (ref.extern 1) (ref.extern 2) (ref.extern 3) (ref.extern 4))
(assert_return (invoke "copy-down"))
(assert_return (invoke "get" (i32.const 0)) (ref.extern 2))
(assert_return (invoke "get" (i32.const 1)) (ref.extern 3))
(assert_return (invoke "get" (i32.const 2)) (ref.extern 4))
(assert_return (invoke "get" (i32.const 3)) (ref.extern 4))

(assert_trap (invoke "get" (i32.const 4)) "out of bounds table access")
(assert_return (invoke "grow" (ref.extern 9))
  (i32.const 4) (i32.const 4) (i32.const 7) (ref.extern 9) (ref.extern 9))
(assert_return (invoke "get" (i32.const 6)) (ref.extern 9))
(assert_trap (invoke "get" (i32.const 7)) "out of bounds table access")
