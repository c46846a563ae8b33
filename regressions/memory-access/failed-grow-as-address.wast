;;! [bug]
;;! id = "failed-grow-as-address"
;;! layer = "translate"
;;! source = "CVE-2026-35186 of Winch, wasmtime's baseline compiler"
;;! expect = "the -1 of a growth that failed is an i32: as an address it is 0xffff_ffff"

;; The host returns the old size, or -1, in a whole register. If the register goes on as an i32 without being
;; cut down, an address made of it is -1 with 64 bits, and an offset of 1 brings it back to the start of the
;; memory.
;;
;; Red when: compiler/src/translate/mod.rs: `widen_index`, and `i64.extend_i32_u`, extend what `memory.grow`
;; and `table.grow` gave with its sign.

(module
  (memory 1 2)
  (table 2 3 funcref)
  (data (i32.const 0) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
  (func (export "doubleword") (result i64) (i64.load (i32.const 0)))

  (func (export "table-store") (param $by i32)
    (i32.store offset=1 (table.grow 0 (ref.null func) (local.get $by)) (i32.const -1)))
  (func (export "table-load") (param $by i32) (result i32)
    (i32.load8_u offset=1 (table.grow 0 (ref.null func) (local.get $by))))
  (func (export "memory-store") (param $by i32)
    (i32.store offset=1 (memory.grow (local.get $by)) (i32.const -1)))
  (func (export "memory-load") (param $by i32) (result i32)
    (i32.load8_u offset=1 (memory.grow (local.get $by))))
  (func (export "memory-load-vector") (param $by i32) (result v128)
    (v128.load offset=1 (memory.grow (local.get $by))))
  (func (export "constant-store")
    (i64.store offset=9 (table.grow 0 (ref.null func) (i32.const -1)) (i64.const -1)))
  (func (export "constant-load") (result i64) (i64.load offset=1 (memory.grow (i32.const -1))))
  ;; Kept in a local across a call, and added to.
  (func $nothing)
  (func (export "kept") (param $by i32) (result i32)
    (local $was i32)
    (local.set $was (table.grow 0 (ref.null func) (local.get $by)))
    (call $nothing)
    (i32.load8_u offset=2 (local.get $was)))
  (func (export "added") (param $by i32) (result i32)
    (i32.load8_u (i32.add (memory.grow (local.get $by)) (i32.const 3))))

  ;; As a number, and as the index of a table.
  (func (export "table-extend_u") (param $by i32) (result i64)
    (i64.extend_i32_u (table.grow 0 (ref.null func) (local.get $by))))
  (func (export "memory-extend_u") (param $by i32) (result i64)
    (i64.extend_i32_u (memory.grow (local.get $by))))
  (func (export "memory-extend_s") (param $by i32) (result i64)
    (i64.extend_i32_s (memory.grow (local.get $by))))
  (func (export "table-shr") (param $by i32) (result i32)
    (i32.shr_u (table.grow 0 (ref.null func) (local.get $by)) (i32.const 31)))
  (func (export "memory-compare") (param $by i32) (result i32)
    (i32.eq (memory.grow (local.get $by)) (i32.const -1)))
  (func (export "table-get") (param $by i32) (result funcref)
    (table.get 0 (table.grow 0 (ref.null func) (local.get $by))))
  (func (export "fill") (param $by i32)
    (memory.fill (memory.grow (local.get $by)) (i32.const 0xee) (i32.const 1)))
  (func (export "memory-size") (result i64) (i64.extend_i32_u (memory.size)))
  (func (export "table-size") (result i64) (i64.extend_i32_u (table.size 0))))

(assert_trap (invoke "table-store" (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "table-store" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "table-load" (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "memory-store" (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "memory-store" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "memory-load" (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "memory-load-vector" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "constant-store") "out of bounds memory access")
(assert_trap (invoke "constant-load") "out of bounds memory access")
(assert_trap (invoke "kept" (i32.const 2)) "out of bounds memory access")
(assert_return (invoke "doubleword") (i64.const 0x0807_0605_0403_0201))

;; The addition wraps, as additions do: -1 + 3.
(assert_return (invoke "added" (i32.const 2)) (i32.const 3))
(assert_return (invoke "table-extend_u" (i32.const 2)) (i64.const 0xffff_ffff))
(assert_return (invoke "memory-extend_u" (i32.const 2)) (i64.const 0xffff_ffff))
(assert_return (invoke "memory-extend_s" (i32.const 2)) (i64.const -1))
(assert_return (invoke "table-shr" (i32.const 2)) (i32.const 1))
(assert_return (invoke "memory-compare" (i32.const 2)) (i32.const 1))
(assert_trap (invoke "table-get" (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "fill" (i32.const 2)) "out of bounds memory access")
(assert_return (invoke "memory-size") (i64.const 1))
(assert_return (invoke "table-size") (i64.const 2))

;; Growth that succeeds gives the old size, which is an address like others: 2 and 1, then 3 and 2.
(assert_return (invoke "table-load" (i32.const 1)) (i32.const 4))
(assert_return (invoke "memory-load" (i32.const 1)) (i32.const 3))
(assert_return (invoke "table-load" (i32.const 0)) (i32.const 5))
(assert_return (invoke "memory-load" (i32.const 0)) (i32.const 4))
(assert_return (invoke "memory-size") (i64.const 2))
(assert_return (invoke "table-size") (i64.const 3))
