;;! [bug]
;;! id = "narrow-signed-load-as-address"
;;! layer = "lowering"
;;! source = "CVE-2026-34987 of Winch, wasmtime's baseline compiler"
;;! expect = "a negative i32 as an address is 2^32 minus something, wherever its sign has come from"

;; i32.load8_s gives 0xffff_ffff for -1. If the byte is extended to the whole 64-bit register and the register
;; then taken for an address, index and offset give 99: in bounds.
;;
;; Red when: compiler/src/translate/mod.rs: `widen_index` extends what a signed narrow load gave with its
;; sign; or extends everything so.

(module
  (memory 1)
  (data (i32.const 0) "\ff\fe\f0\9c" "\ff\ff\fe\ff" "\f0\ff\00\80")
  (data (i32.const 90) "\5a\5b\5c\5d\5e\5f\60\61\62\63\64\65\66\67\68\69")
  (func (export "doubleword") (param $at i32) (result i64) (i64.load (local.get $at)))

  (func (export "byte-s") (param $at i32) (result i32)
    (i32.load offset=100 (i32.load8_s (local.get $at))))
  (func (export "byte-u") (param $at i32) (result i32)
    (i32.load8_u (i32.load8_u (local.get $at))))
  (func (export "half-s") (param $at i32) (result i32)
    (i32.load8_u offset=100 (i32.load16_s (local.get $at))))
  (func (export "word") (param $at i32) (result i32)
    (i32.load8_u offset=100 (i32.load (local.get $at))))
  ;; The sign from elsewhere.
  (func (export "extend8") (param $x i32) (result i32)
    (i32.load8_u offset=100 (i32.extend8_s (local.get $x))))
  (func (export "extend16") (param $x i32) (result i64)
    (i64.load offset=100 (i32.extend16_s (local.get $x))))
  (func (export "shr_s") (param $x i32) (result i32)
    (i32.load offset=100 (i32.shr_s (local.get $x) (i32.const 24))))
  (func (export "sub") (param $x i32) (result i32)
    (i32.load offset=100 (i32.sub (i32.const 0) (local.get $x))))
  (func (export "wrap") (param $x i64) (result i32)
    (i32.load offset=100 (i32.wrap_i64 (local.get $x))))
  (func (export "trunc") (param $x f64) (result i32)
    (i32.load offset=100 (i32.trunc_f64_s (local.get $x))))
  (func (export "lane") (param $x v128) (result i32)
    (i32.load offset=100 (i8x16.extract_lane_s 3 (local.get $x))))
  (func (export "reinterpret") (param $x f32) (result i32)
    (i32.load offset=100 (i32.reinterpret_f32 (local.get $x))))
  (func (export "div_s") (param $x i32) (result i32)
    (i32.load offset=100 (i32.div_s (local.get $x) (i32.const 3))))
  (func (export "constant") (result i32) (i32.load offset=100 (i32.const -1)))
  (func (export "folded") (result i32) (i32.load offset=100 (i32.load8_s (i32.const 0))))
  ;; Other accesses and instructions that take an address.
  (func (export "store") (param $at i32)
    (i32.store8 offset=100 (i32.load8_s (local.get $at)) (i32.const 0)))
  (func (export "store-value") (param $at i32)
    (i64.store offset=100 (i32.load8_s (local.get $at)) (i64.const 0)))
  (func (export "fill") (param $at i32)
    (memory.fill (i32.load8_s (local.get $at)) (i32.const 0) (i32.const 1)))
  (func (export "copy") (param $at i32)
    (memory.copy (i32.const 0) (i32.load8_s (local.get $at)) (i32.const 1)))
  (func (export "length") (param $at i32)
    (memory.fill (i32.const 100) (i32.const 0) (i32.load8_s (local.get $at)))))

(assert_trap (invoke "byte-s" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "byte-s" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "byte-s" (i32.const 3)) "out of bounds memory access")
(assert_trap (invoke "half-s" (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "half-s" (i32.const 6)) "out of bounds memory access")
(assert_trap (invoke "half-s" (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "word" (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "extend8" (i32.const 0xff)) "out of bounds memory access")
(assert_trap (invoke "extend8" (i32.const 0x1234_5680)) "out of bounds memory access")
(assert_trap (invoke "extend16" (i32.const 0xffff)) "out of bounds memory access")
(assert_trap (invoke "shr_s" (i32.const 0xff00_0000)) "out of bounds memory access")
(assert_trap (invoke "sub" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "sub" (i32.const 100)) "out of bounds memory access")
(assert_trap (invoke "wrap" (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "wrap" (i64.const 0x0000_0000_ffff_ffff)) "out of bounds memory access")
(assert_trap (invoke "trunc" (f64.const -1)) "out of bounds memory access")
(assert_trap (invoke "lane" (v128.const i32x4 0xff00_0000 0 0 0)) "out of bounds memory access")
(assert_trap (invoke "reinterpret" (f32.const -nan:0x7fffff)) "out of bounds memory access")
(assert_trap (invoke "div_s" (i32.const -3)) "out of bounds memory access")
(assert_trap (invoke "constant") "out of bounds memory access")
(assert_trap (invoke "folded") "out of bounds memory access")
(assert_trap (invoke "store" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "store-value" (i32.const 3)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "length" (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "doubleword" (i32.const 0)) (i64.const 0xfffe_ffff_9cf0_feff))
(assert_return (invoke "doubleword" (i32.const 96)) (i64.const 0x6766_6564_6362_6160))

;; Numbers without a sign reach where they should.
(assert_return (invoke "byte-s" (i32.const 10)) (i32.const 0x6766_6564))
(assert_return (invoke "byte-u" (i32.const 3)) (i32.const 0))
(assert_return (invoke "byte-u" (i32.const 90)) (i32.const 0x5a))
(assert_return (invoke "extend8" (i32.const 0x100)) (i32.const 0x64))
(assert_return (invoke "wrap" (i64.const 0xffff_ffff_0000_0001)) (i32.const 0x6867_6665))
(assert_return (invoke "lane" (v128.const i32x4 0x02ff_ffff 0 0 0)) (i32.const 0x6968_6766))
(assert_return (invoke "sub" (i32.const 0)) (i32.const 0x6766_6564))
