;;! [bug]
;;! id = "table-grown-by-call"
;;! layer = "translate"
;;! source = "wasmi's changelog, #1837; bytecodealliance/wasm-micro-runtime#3872"
;;! expect = "after a call that has grown a table, its elements and its size are the new ones"

;; A table that is cached across a call misses the new elements, and with a stale base calls through memory
;; that has been given back.
;;
;; Red when: compiler/src/translate/bounds.rs: `table_slot` loads the number of elements as if it never
;; changed (`--opt speed`).

(module $Other
  (type $number (func (result i32)))
  (table $t (export "table") 1 1000 funcref)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (elem (i32.const 0) $one)
  (elem declare func $two)
  (func (export "grow") (param i32) (result i32) (table.grow $t (ref.func $two) (local.get 0)))
  (func (export "set-null") (param i32) (table.set $t (local.get 0) (ref.null func))))
(register "other" $Other)

(module
  (type $number (func (result i32)))
  (type $grower (func (param i32) (result i32)))
  (table $imported (import "other" "table") 1 1000 funcref)
  (func $grow-imported (import "other" "grow") (param i32) (result i32))
  (func $set-null (import "other" "set-null") (param i32))
  (table $own 2 funcref)
  (table $references 1 externref)
  (elem (table $own) (i32.const 0) func $three $grow-own)
  (func $three (type $number) (i32.const 3))
  (func $four (type $number) (i32.const 4))
  (elem declare func $four)
  (func $grow-own (param i32) (result i32) (table.grow $own (ref.func $four) (local.get 0)))
  (func $grow-references (param externref i32) (result i32)
    (table.grow $references (local.get 0) (local.get 1)))

  ;; An element called before the growth, one of the new ones after it.
  (func (export "imported") (param $by i32) (param $at i32) (result i32 i32 i32)
    (call_indirect $imported (type $number) (i32.const 0))
    (call $grow-imported (local.get $by))
    (call_indirect $imported (type $number) (local.get $at)))
  (func (export "own") (param $by i32) (param $at i32) (result i32 i32 i32)
    (call_indirect $own (type $number) (i32.const 0))
    (call $grow-own (local.get $by))
    (call_indirect $own (type $number) (local.get $at)))
  ;; The call that grows the table goes through the table.
  (func (export "through-itself") (param $by i32) (param $at i32) (result i32 i32)
    (call_indirect $own (type $grower) (local.get $by) (i32.const 1))
    (call_indirect $own (type $number) (local.get $at)))
  (func (export "instruction") (param $by i32) (param $at i32) (result i32 i32)
    (drop (table.get $own (i32.const 0)))
    (table.grow $own (ref.func $three) (local.get $by))
    (call_indirect $own (type $number) (local.get $at)))
  (func (export "reference") (param $value externref) (param $by i32) (param $at i32)
    (result externref externref)
    (table.set $references (i32.const 0) (local.get $value))
    (drop (call $grow-references (local.get $value) (local.get $by)))
    (table.get $references (i32.const 0))
    (table.get $references (local.get $at)))
  (func (export "set-after") (param $by i32) (param $at i32) (result i32)
    (drop (table.get $own (i32.const 0)))
    (drop (call $grow-own (local.get $by)))
    (table.set $own (local.get $at) (ref.func $three))
    (call_indirect $own (type $number) (local.get $at)))
  ;; What the other instance has changed, without growth.
  (func (export "nulled") (param $at i32) (result i32)
    (drop (call_indirect $imported (type $number) (local.get $at)))
    (call $set-null (local.get $at))
    (call_indirect $imported (type $number) (local.get $at)))
  (func (export "loop") (param $n i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum)
        (call_indirect $own (type $number) (i32.sub (table.size $own) (i32.const 1)))))
      (drop (call $grow-own (i32.const 10)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "sizes") (result i32 i32 i32)
    (table.size $imported) (table.size $own) (table.size $references)))

(assert_trap (invoke "imported" (i32.const 0) (i32.const 1)) "undefined element")
(assert_return (invoke "imported" (i32.const 3) (i32.const 3)) (i32.const 1) (i32.const 1) (i32.const 2))
(assert_return (invoke "imported" (i32.const 500) (i32.const 503)) (i32.const 1) (i32.const 4) (i32.const 2))
(assert_trap (invoke "imported" (i32.const 1) (i32.const 505)) "undefined element")
(assert_return (invoke "own" (i32.const 2) (i32.const 3)) (i32.const 3) (i32.const 2) (i32.const 4))
(assert_return (invoke "through-itself" (i32.const 5000) (i32.const 5003)) (i32.const 4) (i32.const 4))
(assert_return (invoke "instruction" (i32.const 1) (i32.const 5004)) (i32.const 5004) (i32.const 3))
(assert_return (invoke "set-after" (i32.const 1) (i32.const 5005)) (i32.const 3))
(assert_trap (invoke "set-after" (i32.const 1) (i32.const 5007)) "out of bounds table access")
(assert_return (invoke "reference" (ref.extern 7) (i32.const 3000) (i32.const 3000))
  (ref.extern 7) (ref.extern 7))
(assert_trap (invoke "reference" (ref.extern 8) (i32.const 1) (i32.const 3002)) "out of bounds table access")
(assert_trap (invoke "nulled" (i32.const 2)) "uninitialized element")
(assert_return (invoke "sizes") (i32.const 505) (i32.const 5007) (i32.const 3002))
(assert_return (invoke "loop" (i32.const 100)) (i32.const 400))
(assert_return (invoke "sizes") (i32.const 505) (i32.const 6007) (i32.const 3002))
;; Between two calls of the host.
(assert_return (invoke $Other "grow" (i32.const 5)) (i32.const 505))
(assert_return (invoke "imported" (i32.const 0) (i32.const 509)) (i32.const 1) (i32.const 510) (i32.const 2))
