;;! multi_memory = true
;;! [bug]
;;! id = "memory-imported-twice"
;;! layer = "optimizer"
;;! source = "bytecodealliance/wasmtime#13538, its test alias-region-imported-memories"
;;! expect = "two imports of one memory are one memory"

;; An optimiser that takes memories of different index for different memories forwards loads over stores to
;; the other one. Two imports can be the same memory, and a function of the module that owns it can write to
;; it during any call.
;;
;; Red when: cranelift-codegen, src/alias_analysis.rs: `LastStores::update` lets a store leave alone what is
;; known about addresses of which it is not known that they are the same, or calls are not fences.

(module $owner
  (memory (export "memory") 1 4)
  (func (export "load") (param $at i32) (result i32) (i32.load (local.get $at)))
  (func (export "store") (param $at i32) (param $value i32) (i32.store (local.get $at) (local.get $value)))
  (func (export "fill") (param $at i32) (param $value i32) (param $len i32)
    (memory.fill (local.get $at) (local.get $value) (local.get $len))))
(register "owner" $owner)

(module
  (import "owner" "memory" (memory $one 1))
  (import "owner" "memory" (memory $two 1 4))
  (import "owner" "load" (func $load (param i32) (result i32)))
  (import "owner" "store" (func $store (param i32 i32)))
  (import "owner" "fill" (func $fill (param i32 i32 i32)))
  (memory $other 1)

  ;; Written by one name, read by the other, before and after.
  (func (export "one-two") (param $at i32) (param $value i32) (result i32 i32)
    (i32.load $two (local.get $at))
    (i32.store $one (local.get $at) (local.get $value))
    (i32.load $two (local.get $at)))
  (func (export "two-one") (param $at i32) (param $value i32) (result i32 i32)
    (i32.load $one (local.get $at))
    (i32.store $two (local.get $at) (local.get $value))
    (i32.load $one (local.get $at)))
  (func (export "constant") (result i32 i32)
    (i32.store $one (i32.const 16) (i32.const 1))
    (i32.store $two (i32.const 16) (i32.const 2))
    (i32.load $one (i32.const 16))
    (i32.store $one (i32.const 16) (i32.const 3))
    (i32.load $two (i32.const 16)))

  ;; The store in the middle is read by the other name; the last one is not the same as the first.
  (func (export "sandwich") (param $at i32) (result i32 i32)
    (i32.store $one (local.get $at) (i32.const 1))
    (i32.store $two (local.get $at) (i32.const 2))
    (i32.load $one (local.get $at))
    (i32.store $one (local.get $at) (i32.const 1))
    (i32.load $two (local.get $at)))

  ;; Part of a wide value by the other name.
  (func (export "part") (param $at i32) (result i64)
    (i64.store $one (local.get $at) (i64.const -1))
    (i32.store8 $two offset=3 (local.get $at) (i32.const 0))
    (i64.load $one (local.get $at)))

  ;; One address may be that of the other.
  (func (export "may-alias") (param $p i32) (param $q i32) (result i32)
    (i32.store $one (local.get $p) (i32.const 1))
    (i32.store $two (local.get $q) (i32.const 2))
    (i32.load $one (local.get $p)))

  ;; A third memory is another one.
  (func (export "apart") (param $at i32) (result i32 i32 i32)
    (i32.store $one (local.get $at) (i32.const 1))
    (i32.store $other (local.get $at) (i32.const 2))
    (i32.load $one (local.get $at))
    (i32.load $other (local.get $at))
    (i32.load $two (local.get $at)))

  ;; By the functions of the module that owns it.
  (func (export "owner-stores") (param $at i32) (param $value i32) (result i32 i32 i32)
    (i32.load $one (local.get $at))
    (call $store (local.get $at) (local.get $value))
    (i32.load $one (local.get $at))
    (i32.load $two (local.get $at)))
  (func (export "owner-loads") (param $at i32) (param $value i32) (result i32 i32)
    (i32.store $one (local.get $at) (local.get $value))
    (call $load (local.get $at))
    (i32.store $two (local.get $at) (i32.const 9))
    (call $load (local.get $at)))
  (func (export "owner-fills") (param $at i32) (result i32)
    (i32.store $one (local.get $at) (i32.const 1))
    (call $fill (local.get $at) (i32.const 0xcd) (i32.const 4))
    (i32.load $one (local.get $at)))

  ;; A loop that waits for a store by the other name.
  (func (export "loop") (param $at i32) (result i32)
    (local $i i32)
    (i32.store $one (local.get $at) (i32.const 0))
    (loop $again
      (i32.store $two (local.get $at) (i32.add (i32.load $one (local.get $at)) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (i32.load $one (local.get $at)) (i32.const 5))))
    (local.get $i))

  ;; Bulk operations between the two names overlap as within one memory.
  (func (export "set-up")
    (i64.store $one (i32.const 0) (i64.const 0x0706_0504_0302_0100)))
  (func (export "copy-up") (result i64)
    (memory.copy $two $one (i32.const 2) (i32.const 0) (i32.const 6))
    (i64.load $one (i32.const 0)))
  (func (export "copy-down") (result i64)
    (memory.copy $two $one (i32.const 0) (i32.const 2) (i32.const 6))
    (i64.load $one (i32.const 0)))
  (func (export "fill") (result i32 i32)
    (i32.load $one (i32.const 32))
    (memory.fill $two (i32.const 32) (i32.const 0xab) (i32.const 4))
    (i32.load $one (i32.const 32)))

  ;; Growth by one name is growth of the other: of its size, its bounds and the place where it is.
  (func (export "grow") (param $at i32) (param $value i32) (result i32 i32 i32 i32 i32)
    (i32.store $two (i32.const 0) (local.get $value))
    (memory.size $two)
    (memory.grow $one (i32.const 1))
    (memory.size $two)
    (i32.store $two (local.get $at) (local.get $value))
    (i32.load $one (local.get $at))
    (i32.load $two (i32.const 0)))
  (func (export "load-one") (param $at i32) (result i32) (i32.load $one (local.get $at)))
  (func (export "load-two") (param $at i32) (result i32) (i32.load $two (local.get $at))))

(assert_return (invoke "one-two" (i32.const 0) (i32.const 7)) (i32.const 0) (i32.const 7))
(assert_return (invoke "two-one" (i32.const 0) (i32.const 8)) (i32.const 7) (i32.const 8))
(assert_return (invoke $owner "load" (i32.const 0)) (i32.const 8))
(assert_return (invoke "one-two" (i32.const 65532) (i32.const 7)) (i32.const 0) (i32.const 7))
(assert_trap (invoke "one-two" (i32.const 65533) (i32.const 7)) "out of bounds memory access")
(assert_return (invoke "constant") (i32.const 2) (i32.const 3))
(assert_return (invoke "sandwich" (i32.const 0)) (i32.const 2) (i32.const 1))
(assert_return (invoke "part" (i32.const 0)) (i64.const 0xffff_ffff_00ff_ffff))
(assert_return (invoke "may-alias" (i32.const 0) (i32.const 0)) (i32.const 2))
(assert_return (invoke "may-alias" (i32.const 0) (i32.const 4)) (i32.const 1))
(assert_return (invoke "may-alias" (i32.const 0) (i32.const 2)) (i32.const 0x0002_0001))
(assert_return (invoke "apart" (i32.const 8)) (i32.const 1) (i32.const 2) (i32.const 1))
(assert_return (invoke "owner-stores" (i32.const 8) (i32.const 5)) (i32.const 1) (i32.const 5) (i32.const 5))
(assert_return (invoke "owner-loads" (i32.const 8) (i32.const 6)) (i32.const 6) (i32.const 9))
(assert_return (invoke "owner-fills" (i32.const 8)) (i32.const 0xcdcd_cdcd))
(assert_return (invoke "loop" (i32.const 0)) (i32.const 5))
(invoke "set-up")
(assert_return (invoke "copy-up") (i64.const 0x0504_0302_0100_0100))
(invoke "set-up")
(assert_return (invoke "copy-down") (i64.const 0x0706_0706_0504_0302))
(assert_return (invoke "fill") (i32.const 0) (i32.const 0xabab_abab))
(assert_trap (invoke "load-two" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 65536) (i32.const 3))
  (i32.const 1) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 3))
(assert_return (invoke "load-two" (i32.const 131068)) (i32.const 0))
(assert_trap (invoke "load-two" (i32.const 131069)) "out of bounds memory access")
(assert_trap (invoke "load-one" (i32.const 131069)) "out of bounds memory access")
(assert_return (invoke $owner "load" (i32.const 65536)) (i32.const 3))
