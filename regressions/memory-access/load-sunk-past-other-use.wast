;;! [bug]
;;! id = "load-sunk-past-other-use"
;;! layer = "lowering"
;;! source = "wasmtime commit 3e516e784b (2020)"
;;! expect = "a load with several uses, one of them in an address, happens once and in its place"

;; A load may be merged into the instruction that uses it if that is its only use. Counting the uses wrongly,
;; or forgetting that an address is one, moves the load behind a store or doubles it.
;;
;; Red when: compiler/src/translate/bounds.rs: `memory_address` repeats the load that the index, or a summand
;; of it, comes from.

(module
  (memory 1)
  (func (export "set") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "get") (param i32) (result i32) (i32.load (local.get 0)))
  (func $same (param i32) (result i32) (local.get 0))

  ;; The sum of a loaded value is both used and an address.
  (func (export "sum-as-address") (param $p i32) (param $k i32) (result i32 i32)
    (local $a i32)
    (local.set $a (i32.add (i32.load (local.get $p)) (local.get $k)))
    (local.get $a)
    (i32.load (local.get $a)))
  (func (export "constant-sum-as-address") (param $p i32) (result i32 i32 i32)
    (local $v i32) (local $a i32)
    (local.set $v (i32.load (local.get $p)))
    (local.set $a (i32.add (local.get $v) (i32.const 4)))
    (local.get $v)
    (i32.load (local.get $a))
    (i32.load (local.get $v)))

  ;; The pointer is overwritten before it is followed.
  (func (export "overwritten-pointer") (param $p i32) (result i32)
    (local $v i32)
    (local.set $v (i32.load (local.get $p)))
    (i32.store (local.get $p) (i32.const 0xffff_fff0))
    (i32.load (local.get $v)))
  (func (export "overwritten-sum") (param $p i32) (param $k i32) (result i32)
    (local $a i32)
    (local.set $a (i32.add (i32.load (local.get $p)) (local.get $k)))
    (i32.store (local.get $p) (i32.const 0xffff_fff0))
    (i32.load (local.get $a)))
  (func (export "overwritten-by-itself") (param $p i32) (result i32)
    (local $v i32)
    (local.set $v (i32.load (local.get $p)))
    ;; Stores to where the pointer was loaded from, through what was loaded.
    (i32.store (local.get $v) (i32.add (local.get $v) (i32.const 8)))
    (i32.load (local.get $v)))
  (func (export "stored-through") (param $p i32) (param $x i32)
    (local $v i32)
    (local.set $v (i32.load (local.get $p)))
    (i32.store (local.get $p) (i32.const 4))
    (i32.store (local.get $v) (local.get $x)))
  ;; A call between: it cannot be crossed either.
  (func (export "call-between") (param $p i32) (result i32)
    (local $v i32)
    (local.set $v (i32.load (local.get $p)))
    (i32.store (local.get $p) (call $same (i32.const 0xffff_fff0)))
    (i32.add (local.get $v) (i32.load (local.get $v))))
  ;; Three links of a chain, the first of which is cut while it is followed.
  (func (export "chain") (param $p i32) (result i32)
    (local $a i32) (local $b i32)
    (local.set $a (i32.load (local.get $p)))
    (i32.store (local.get $p) (i32.const 0))
    (local.set $b (i32.load (local.get $a)))
    (i32.store (local.get $a) (i32.const 0))
    (i32.load (local.get $b)))
  ;; A narrow load as an index, and an offset on top.
  (func (export "byte-index") (param $p i32) (result i32)
    (local $v i32)
    (local.set $v (i32.load8_u (local.get $p)))
    (i32.store8 (local.get $p) (i32.const 0))
    (i32.load8_u offset=256 (local.get $v)))
  ;; The same value in a comparison.
  (func (export "compared-later") (param $p i32) (param $k i32) (result i32)
    (local $v i32)
    (local.set $v (i32.load (local.get $p)))
    (i32.store (local.get $p) (local.get $k))
    (i32.eq (local.get $v) (local.get $k))))

(invoke "set" (i32.const 0) (i32.const 64))
(invoke "set" (i32.const 64) (i32.const 128))
(invoke "set" (i32.const 68) (i32.const 0x6868_6868))
(invoke "set" (i32.const 72) (i32.const 0x7272_7272))
(invoke "set" (i32.const 128) (i32.const 0x2828_2828))
(assert_return (invoke "sum-as-address" (i32.const 0) (i32.const 8)) (i32.const 72) (i32.const 0x7272_7272))
(assert_return (invoke "sum-as-address" (i32.const 0) (i32.const 0)) (i32.const 64) (i32.const 128))
(assert_return (invoke "constant-sum-as-address" (i32.const 0))
  (i32.const 64) (i32.const 0x6868_6868) (i32.const 128))

(assert_return (invoke "overwritten-pointer" (i32.const 0)) (i32.const 128))
(assert_return (invoke "get" (i32.const 0)) (i32.const 0xffff_fff0))
(assert_trap (invoke "overwritten-pointer" (i32.const 0)) "out of bounds memory access")

(invoke "set" (i32.const 0) (i32.const 64))
(assert_return (invoke "overwritten-sum" (i32.const 0) (i32.const 4)) (i32.const 0x6868_6868))
(assert_trap (invoke "overwritten-sum" (i32.const 0) (i32.const 4)) "out of bounds memory access")

(invoke "set" (i32.const 32) (i32.const 32))
(assert_return (invoke "overwritten-by-itself" (i32.const 32)) (i32.const 40))
(assert_return (invoke "get" (i32.const 32)) (i32.const 40))
(assert_return (invoke "get" (i32.const 40)) (i32.const 0))

(invoke "set" (i32.const 0) (i32.const 200))
(assert_return (invoke "stored-through" (i32.const 0) (i32.const 77)))
(assert_return (invoke "get" (i32.const 200)) (i32.const 77))
(assert_return (invoke "get" (i32.const 0)) (i32.const 4))
(assert_return (invoke "get" (i32.const 4)) (i32.const 0))

(invoke "set" (i32.const 0) (i32.const 64))
(assert_return (invoke "call-between" (i32.const 0)) (i32.const 192))

(invoke "set" (i32.const 0) (i32.const 64))
(assert_return (invoke "chain" (i32.const 0)) (i32.const 0x2828_2828))
(assert_return (invoke "get" (i32.const 64)) (i32.const 0))

(invoke "set" (i32.const 256) (i32.const 0x0403_02_01))
(invoke "set" (i32.const 100) (i32.const 2))
(assert_return (invoke "byte-index" (i32.const 100)) (i32.const 3))
(assert_return (invoke "byte-index" (i32.const 100)) (i32.const 1))

(invoke "set" (i32.const 100) (i32.const 9))
(assert_return (invoke "compared-later" (i32.const 100) (i32.const 8)) (i32.const 0))
(assert_return (invoke "compared-later" (i32.const 100) (i32.const 8)) (i32.const 1))
