;;! [bug]
;;! id = "popcnt-load-at-end"
;;! layer = "lowering"
;;! source = "wasmtime commit 6632c45c01 (2020)"
;;! expect = "counting bits of a loaded word reads the word's bytes, and counts only its bits"

;; Instructions on 32 bits were selected as those on 64 where the operand was a load: 4 bytes beyond the end
;; of the memory are read, and within it the bits of the neighbour are counted.
;;
;; Red when: compiler/src/translate/numeric.rs: `i32.popcnt` loads an operand that comes from memory as 64
;; bits and cuts it down (guarded memories).

(module
  (memory 1)
  (data (i32.const 65520) "\ff\ff\ff\ff" "\01\00\00\00" "\00\00\00\80" "\00\0f\f0\00")

  (func (export "popcnt") (param $at i32) (result i32) (i32.popcnt (i32.load (local.get $at))))
  (func (export "clz") (param $at i32) (result i32) (i32.clz (i32.load (local.get $at))))
  (func (export "ctz") (param $at i32) (result i32) (i32.ctz (i32.load (local.get $at))))
  (func (export "popcnt-constant") (result i32) (i32.popcnt (i32.load (i32.const 65532))))
  (func (export "clz-constant") (result i32) (i32.clz (i32.load (i32.const 65532))))
  (func (export "ctz-constant") (result i32) (i32.ctz (i32.load offset=65532 (i32.const 0))))
  (func (export "popcnt-byte") (param $at i32) (result i32) (i32.popcnt (i32.load8_u (local.get $at))))
  (func (export "popcnt-signed-byte") (param $at i32) (result i32) (i32.popcnt (i32.load8_s (local.get $at))))
  (func (export "clz-half") (param $at i32) (result i32) (i32.clz (i32.load16_u (local.get $at))))
  (func (export "ctz-half") (param $at i32) (result i32) (i32.ctz (i32.load16_s (local.get $at))))
  (func (export "popcnt-word") (param $at i32) (result i64) (i64.popcnt (i64.load32_u (local.get $at))))
  (func (export "popcnt-signed-word") (param $at i32) (result i64)
    (i64.popcnt (i64.load32_s (local.get $at))))
  (func (export "popcnt-long") (param $at i32) (result i64) (i64.popcnt (i64.load (local.get $at))))
  (func (export "clz-long") (param $at i32) (result i64) (i64.clz (i64.load (local.get $at))))
  ;; Other operations on 32 bits with a loaded operand.
  (func (export "and") (param $at i32) (param $x i32) (result i32)
    (i32.and (local.get $x) (i32.load (local.get $at))))
  (func (export "mul") (param $at i32) (param $x i32) (result i32)
    (i32.mul (local.get $x) (i32.load (local.get $at))))
  (func (export "eqz") (param $at i32) (result i32) (i32.eqz (i32.load (local.get $at))))
  (func (export "lt") (param $at i32) (param $x i32) (result i32)
    (i32.lt_s (local.get $x) (i32.load (local.get $at))))
  (func (export "byte-eqz") (param $at i32) (result i32) (i32.eqz (i32.load8_u (local.get $at))))
  (func (export "byte-add") (param $at i32) (param $x i32) (result i32)
    (i32.add (local.get $x) (i32.load8_u (local.get $at))))
  (func (export "half-or") (param $at i32) (param $x i32) (result i32)
    (i32.or (local.get $x) (i32.load16_u (local.get $at))))
  (func (export "wrap") (param $at i32) (result i32) (i32.wrap_i64 (i64.load (local.get $at))))
  (func (export "extend") (param $at i32) (result i64) (i64.extend_i32_s (i32.load (local.get $at)))))

(assert_return (invoke "popcnt" (i32.const 65520)) (i32.const 32))
(assert_return (invoke "popcnt" (i32.const 65524)) (i32.const 1))
(assert_return (invoke "popcnt" (i32.const 65532)) (i32.const 8))
(assert_return (invoke "clz" (i32.const 65528)) (i32.const 0))
(assert_return (invoke "clz" (i32.const 65524)) (i32.const 31))
(assert_return (invoke "clz" (i32.const 65532)) (i32.const 8))
(assert_return (invoke "clz" (i32.const 0)) (i32.const 32))
(assert_return (invoke "ctz" (i32.const 65528)) (i32.const 31))
(assert_return (invoke "ctz" (i32.const 65532)) (i32.const 8))
(assert_return (invoke "ctz" (i32.const 65516)) (i32.const 32))
(assert_return (invoke "popcnt-constant") (i32.const 8))
(assert_return (invoke "clz-constant") (i32.const 8))
(assert_return (invoke "ctz-constant") (i32.const 8))
(assert_return (invoke "popcnt-byte" (i32.const 65534)) (i32.const 4))
(assert_return (invoke "popcnt-byte" (i32.const 65535)) (i32.const 0))
(assert_return (invoke "popcnt-signed-byte" (i32.const 65534)) (i32.const 28))
(assert_return (invoke "clz-half" (i32.const 65534)) (i32.const 24))
(assert_return (invoke "ctz-half" (i32.const 65532)) (i32.const 8))
(assert_return (invoke "ctz-half" (i32.const 65526)) (i32.const 32))
(assert_return (invoke "popcnt-word" (i32.const 65532)) (i64.const 8))
(assert_return (invoke "popcnt-word" (i32.const 65528)) (i64.const 1))
(assert_return (invoke "popcnt-signed-word" (i32.const 65528)) (i64.const 33))
(assert_return (invoke "popcnt-long" (i32.const 65528)) (i64.const 9))
(assert_return (invoke "clz-long" (i32.const 65528)) (i64.const 8))
(assert_return (invoke "and" (i32.const 65532) (i32.const -1)) (i32.const 0x00f0_0f00))
(assert_return (invoke "mul" (i32.const 65532) (i32.const 3)) (i32.const 0x02d0_2d00))
(assert_return (invoke "eqz" (i32.const 65532)) (i32.const 0))
(assert_return (invoke "eqz" (i32.const 65516)) (i32.const 1))
(assert_return (invoke "lt" (i32.const 65532) (i32.const 0)) (i32.const 1))
(assert_return (invoke "lt" (i32.const 65528) (i32.const 0)) (i32.const 0))
(assert_return (invoke "byte-eqz" (i32.const 65535)) (i32.const 1))
(assert_return (invoke "byte-eqz" (i32.const 65530)) (i32.const 1))
(assert_return (invoke "byte-add" (i32.const 65534) (i32.const 0x100)) (i32.const 0x1f0))
(assert_return (invoke "half-or" (i32.const 65534) (i32.const 0x1_0000)) (i32.const 0x1_00f0))
(assert_return (invoke "wrap" (i32.const 65528)) (i32.const 0x8000_0000))
(assert_return (invoke "extend" (i32.const 65528)) (i64.const 0xffff_ffff_8000_0000))

(assert_trap (invoke "popcnt" (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "clz" (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "ctz" (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "popcnt-byte" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "clz-half" (i32.const 65535)) "out of bounds memory access")
(assert_trap (invoke "popcnt-word" (i32.const 65533)) "out of bounds memory access")
(assert_trap (invoke "popcnt-long" (i32.const 65529)) "out of bounds memory access")
(assert_trap (invoke "and" (i32.const 65533) (i32.const 0)) "out of bounds memory access")
;; All eight bytes are loaded, although only four of them count.
(assert_trap (invoke "wrap" (i32.const 65532)) "out of bounds memory access")
