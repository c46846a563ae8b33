;;! threads = true
;;! memory64 = true
;;! [bug]
;;! id = "wait-notify-address-overflow"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#12909"
;;! expect = "a sum of address and offset that wraps is out of bounds"

;; The operators that become calls of the runtime have to add the offset to the address as carefully as
;; those that become machine instructions. A sum that wraps lands at the start of the memory.
;;
;; Red when: runtime/src/memory.rs: `MemoryData::atomic_address` adds with `wrapping_add`, or the compiler
;; passes the sum in 32 bits.

(module
  (memory 1 1 shared)
  (func (export "notify") (param i32) (result i32)
    (memory.atomic.notify offset=0xffff_fffc (local.get 0) (i32.const 0)))
  (func (export "wait32") (param i32) (result i32)
    (memory.atomic.wait32 offset=0xffff_fffc (local.get 0) (i32.const 1) (i64.const 0)))
  (func (export "wait64") (param i32) (result i32)
    (memory.atomic.wait64 offset=0xffff_fff8 (local.get 0) (i64.const 1) (i64.const 0))))

;; 4 + 0xffff_fffc is 0 in 32 bits, and 8 + 0xffff_fff8 too.
(assert_trap (invoke "notify" (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "wait32" (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "wait64" (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "notify" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "wait32" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "wait64" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "notify" (i32.const -4)) "out of bounds memory access")
(assert_trap (invoke "wait32" (i32.const -4)) "out of bounds memory access")
(assert_trap (invoke "wait64" (i32.const -8)) "out of bounds memory access")

(module
  (memory i64 1 1 shared)
  (func (export "notify") (param i64) (result i32)
    (memory.atomic.notify offset=0xffff_ffff_ffff_fffc (local.get 0) (i32.const 0)))
  (func (export "wait32") (param i64) (result i32)
    (memory.atomic.wait32 offset=0xffff_ffff_ffff_fffc (local.get 0) (i32.const 1) (i64.const 0)))
  (func (export "wait64") (param i64) (result i32)
    (memory.atomic.wait64 offset=8 (local.get 0) (i64.const 1) (i64.const 0)))
  (func (export "load") (param i64) (result i64) (i64.atomic.load offset=8 (local.get 0)))
  (func (export "add") (param i64) (result i32)
    (i32.atomic.rmw.add offset=0xffff_ffff_ffff_fffc (local.get 0) (i32.const 1))))

;; The same in 64 bits, where the address and the offset may wrap the sum of both.
(assert_trap (invoke "notify" (i64.const 4)) "out of bounds memory access")
(assert_trap (invoke "wait32" (i64.const 4)) "out of bounds memory access")
(assert_trap (invoke "wait64" (i64.const -8)) "out of bounds memory access")
(assert_trap (invoke "load" (i64.const -8)) "out of bounds memory access")
(assert_trap (invoke "add" (i64.const 4)) "out of bounds memory access")
(assert_trap (invoke "notify" (i64.const 0)) "out of bounds memory access")
(assert_trap (invoke "wait64" (i64.const 65528)) "out of bounds memory access")
(assert_return (invoke "wait64" (i64.const 65520)) (i32.const 1))
(assert_return (invoke "load" (i64.const 65520)) (i64.const 0))
