;;! [bug]
;;! id = "bulk-write-not-forwarded-over"
;;! layer = "optimizer"
;;! source = "bytecodealliance/wasmtime#13610, its tests alias-region-memory-copy and alias-region-table-copy"
;;! expect = "a load after a bulk operation sees what the operation wrote"

;; An optimiser that gives bulk operations a region of memory of their own forwards to a load what was stored
;; before the copy, or drops a store that only the copy reads.
;;
;; Red when: cranelift-codegen, src/alias_analysis.rs: calls are not fences.

(module
  (memory 1)
  (table $table 8 externref)
  (data $data "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
  (elem $elem externref (ref.null extern) (ref.null extern))
  (func (export "reset") (memory.fill (i32.const 0) (i32.const 0) (i32.const 65536)))

  ;; As it was reported: all of it constant.
  (func (export "constant") (param $value i32) (result i32)
    (i32.store (i32.const 16) (local.get $value))
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 4))
    (i32.store (i32.const 0) (i32.const 0x5555_5555))
    (memory.copy (i32.const 8) (i32.const 0) (i32.const 4))
    (i32.load (i32.const 8)))

  ;; What a store wrote is gone after a copy to the same place.
  (func (export "over-store") (result i32)
    (i32.store (i32.const 0) (i32.const 1))
    (i32.store (i32.const 16) (i32.const 2))
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 4))
    (i32.load (i32.const 0)))

  ;; What a load read is gone too.
  (func (export "over-load") (result i32 i32)
    (i32.store (i32.const 16) (i32.const 2))
    (i32.load (i32.const 0))
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 4))
    (i32.load (i32.const 0)))

  ;; A store after the copy does not reach what was copied.
  (func (export "store-after") (result i32 i32)
    (i32.store (i32.const 16) (i32.const 1))
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 4))
    (i32.store (i32.const 16) (i32.const 2))
    (i32.load (i32.const 0))
    (i32.load (i32.const 16)))

  ;; A store that is overwritten after the copy was read by it.
  (func (export "read-by-copy") (result i32)
    (i32.store (i32.const 16) (i32.const 1))
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 4))
    (i32.store (i32.const 16) (i32.const 2))
    (i32.load (i32.const 0)))

  ;; All of it variable.
  (func (export "variable") (param $dst i32) (param $src i32) (param $len i32) (param $at i32) (result i64 i64)
    (i64.store (local.get $src) (i64.const 0x1111_1111_1111_1111))
    (i64.store (local.get $dst) (i64.const 0x2222_2222_2222_2222))
    (i64.load (local.get $at))
    (memory.copy (local.get $dst) (local.get $src) (local.get $len))
    (i64.load (local.get $at)))

  ;; Lengths that an engine may copy with loads and stores of its own.
  (func (export "copy-1") (result i64) (call $prepare)
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 1)) (i64.load (i32.const 0)))
  (func (export "copy-2") (result i64) (call $prepare)
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 2)) (i64.load (i32.const 0)))
  (func (export "copy-3") (result i64) (call $prepare)
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 3)) (i64.load (i32.const 0)))
  (func (export "copy-4") (result i64) (call $prepare)
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 4)) (i64.load (i32.const 0)))
  (func (export "copy-8") (result i64) (call $prepare)
    (memory.copy (i32.const 0) (i32.const 16) (i32.const 8)) (i64.load (i32.const 0)))
  (func $prepare
    (i64.store (i32.const 0) (i64.const 0))
    (i64.store (i32.const 16) (i64.const 0x0807_0605_0403_0201)))

  ;; Two lanes' worth, with a vector before and after.
  (func (export "vector") (result v128)
    (v128.store (i32.const 16) (v128.const i64x2 3 4))
    (v128.store (i32.const 32) (v128.const i64x2 5 6))
    (memory.copy (i32.const 16) (i32.const 32) (i32.const 16))
    (v128.store (i32.const 32) (v128.const i64x2 7 8))
    (v128.load (i32.const 16)))

  ;; The same questions about the other operations that write memory by address.
  (func (export "fill") (result i32 i32)
    (i32.store (i32.const 0) (i32.const 1))
    (i32.load (i32.const 0))
    (memory.fill (i32.const 0) (i32.const 0xab) (i32.const 4))
    (i32.load (i32.const 0)))
  (func (export "init") (result i32 i32)
    (i32.store (i32.const 0) (i32.const -1))
    (i32.load (i32.const 0))
    (memory.init $data (i32.const 0) (i32.const 4) (i32.const 4))
    (i32.load (i32.const 0)))

  ;; A copy and a store in a loop: each turn copies what the turn before stored.
  (func (export "loop") (param $turns i32) (result i32)
    (i32.store (i32.const 16) (i32.const 0))
    (loop $again
      (memory.copy (i32.const 0) (i32.const 16) (i32.const 4))
      (i32.store (i32.const 16) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
      (br_if $again (local.get $turns)))
    (i32.load (i32.const 16)))

  ;; And about tables.
  (func (export "table.copy") (param $x externref) (param $y externref) (result externref externref externref)
    (table.set $table (i32.const 4) (local.get $x))
    (table.set $table (i32.const 0) (local.get $y))
    (table.get $table (i32.const 0))
    (table.copy $table $table (i32.const 0) (i32.const 4) (i32.const 1))
    (table.set $table (i32.const 4) (local.get $y))
    (table.get $table (i32.const 0))
    (table.get $table (i32.const 4)))
  (func (export "table.fill") (param $x externref) (param $y externref) (result externref externref)
    (table.set $table (i32.const 0) (local.get $x))
    (table.get $table (i32.const 0))
    (table.fill $table (i32.const 0) (local.get $y) (i32.const 1))
    (table.get $table (i32.const 0)))
  (func (export "table.init") (param $x externref) (result externref externref)
    (table.set $table (i32.const 0) (local.get $x))
    (table.get $table (i32.const 0))
    (table.init $table $elem (i32.const 0) (i32.const 0) (i32.const 1))
    (table.get $table (i32.const 0))))

(assert_return (invoke "constant" (i32.const 0x1234_5678)) (i32.const 0x5555_5555))
(assert_return (invoke "over-store") (i32.const 2))
(invoke "reset")
(assert_return (invoke "over-load") (i32.const 0) (i32.const 2))
(assert_return (invoke "store-after") (i32.const 1) (i32.const 2))
(invoke "reset")
(assert_return (invoke "read-by-copy") (i32.const 1))

(assert_return (invoke "variable" (i32.const 0) (i32.const 64) (i32.const 4) (i32.const 0))
  (i64.const 0x2222_2222_2222_2222) (i64.const 0x2222_2222_1111_1111))
(assert_return (invoke "variable" (i32.const 0) (i32.const 64) (i32.const 8) (i32.const 0))
  (i64.const 0x2222_2222_2222_2222) (i64.const 0x1111_1111_1111_1111))
(assert_return (invoke "variable" (i32.const 0) (i32.const 64) (i32.const 8) (i32.const 64))
  (i64.const 0x1111_1111_1111_1111) (i64.const 0x1111_1111_1111_1111))
;; Overlapping, with the load across the border of the two.
(assert_return (invoke "variable" (i32.const 4) (i32.const 0) (i32.const 8) (i32.const 2))
  (i64.const 0x2222_2222_2222_1111) (i64.const 0x2222_1111_1111_1111))
(assert_trap (invoke "variable" (i32.const 65528) (i32.const 0) (i32.const 9) (i32.const 0))
  "out of bounds memory access")

(assert_return (invoke "copy-1") (i64.const 0x01))
(assert_return (invoke "copy-2") (i64.const 0x0201))
(assert_return (invoke "copy-3") (i64.const 0x03_0201))
(assert_return (invoke "copy-4") (i64.const 0x0403_0201))
(assert_return (invoke "copy-8") (i64.const 0x0807_0605_0403_0201))
(assert_return (invoke "vector") (v128.const i64x2 5 6))
(assert_return (invoke "fill") (i32.const 1) (i32.const 0xabab_abab))
(assert_return (invoke "init") (i32.const -1) (i32.const 0x0807_0605))
(assert_return (invoke "loop" (i32.const 1)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 9)) (i32.const 9))

(assert_return (invoke "table.copy" (ref.extern 1) (ref.extern 2))
  (ref.extern 2) (ref.extern 1) (ref.extern 2))
(assert_return (invoke "table.fill" (ref.extern 1) (ref.extern 2)) (ref.extern 1) (ref.extern 2))
(assert_return (invoke "table.init" (ref.extern 1)) (ref.extern 1) (ref.null extern))
