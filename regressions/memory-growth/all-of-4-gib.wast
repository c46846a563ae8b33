;;! [bug]
;;! id = "all-of-4-gib"
;;! layer = "runtime"
;;! source = "wasmi-labs/wasmi#1722; wasmtime, big-memory-behavior; wizard, mem4g; wasmer, max_size_of_memory"
;;! expect = "a memory grows to 65536 pages and no further, says so exactly, and failed growth changes nothing"

;; 65536 pages are 2^32 bytes: a length that 32 bits do not hold, and that is 0 in them. Engines stopped a
;; page before it, took the last addresses for out of bounds, took a delta for signed or for 16 bits wide, or
;; had another size after growth failed.
;;
;; Red when: runtime/src/memory.rs: no memory can have the last page, `MemoryData::grow` takes the delta for
;; 16 bits wide or for signed, refuses a delta of 0 at the full size, or grows as far as it gets before it
;; fails; compiler/src/translate/memory.rs: `memory_size` computes with 32 bits.

(module
  (memory 1 3)
  (func (export "grow-and-size") (param $delta i32) (result i32 i32)
    (memory.grow (local.get $delta)) (memory.size))
  (func (export "load8") (param $at i32) (result i32) (i32.load8_u (local.get $at))))
(assert_return (invoke "grow-and-size" (i32.const 3)) (i32.const -1) (i32.const 1))
(assert_return (invoke "grow-and-size" (i32.const -1)) (i32.const -1) (i32.const 1))
(assert_return (invoke "grow-and-size" (i32.const 0x1_0002)) (i32.const -1) (i32.const 1))
(assert_return (invoke "grow-and-size" (i32.const 0)) (i32.const 1) (i32.const 1))
(assert_trap (invoke "load8" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke "grow-and-size" (i32.const 2)) (i32.const 1) (i32.const 3))
(assert_return (invoke "grow-and-size" (i32.const 1)) (i32.const -1) (i32.const 3))
(assert_return (invoke "grow-and-size" (i32.const 0)) (i32.const 3) (i32.const 3))
(assert_return (invoke "load8" (i32.const 196607)) (i32.const 0))
(assert_trap (invoke "load8" (i32.const 196608)) "out of bounds memory access")

;; The full size can be declared, and one page more cannot.
(module definition (memory 65536))
(module definition (memory 0 65536))
(module definition (memory 65536 65536))
(assert_invalid (module (memory 65537)) "memory size must be at most 65536 pages (4GiB)")
(assert_invalid (module (memory 0 65537)) "memory size must be at most 65536 pages (4GiB)")
(assert_invalid (module (memory 2 1)) "size minimum must not be greater than maximum")

;; From one page before the end on. There are several steps in each function because every directive may cost a
;; look at 4 GiB.
(module
  (memory 65535)
  (func (export "grow-variable") (param $one i32) (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (memory.grow (i32.mul (local.get $one) (i32.const 0)))
    (memory.grow (i32.mul (local.get $one) (i32.const 2)))
    (memory.grow (i32.mul (local.get $one) (i32.const 65535)))
    (memory.grow (i32.mul (local.get $one) (i32.const 65536)))
    (memory.grow (i32.mul (local.get $one) (i32.const 65537)))
    (memory.grow (i32.mul (local.get $one) (i32.const 0x7fff_ffff)))
    (memory.grow (i32.mul (local.get $one) (i32.const 0x8000_0000)))
    (memory.grow (i32.mul (local.get $one) (i32.const 0xffff_0000)))
    (memory.grow (i32.mul (local.get $one) (i32.const 0xffff_0001)))
    (memory.grow (i32.mul (local.get $one) (i32.const -1)))
    (memory.size))
  (func (export "grow-constant") (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (memory.grow (i32.const 0))
    (memory.grow (i32.const 2))
    (memory.grow (i32.const 65535))
    (memory.grow (i32.const 65536))
    (memory.grow (i32.const 65537))
    (memory.grow (i32.const 0x7fff_ffff))
    (memory.grow (i32.const 0x8000_0000))
    (memory.grow (i32.const 0xffff_0000))
    (memory.grow (i32.const 0xffff_0001))
    (memory.grow (i32.const -1))
    (memory.size))

  ;; The last byte before the last page; growth by it; the last byte but for it, and its first byte.
  (func (export "last-page") (param $delta i32) (result i32 i32 i32 i32)
    (i32.store8 (i32.const 0xfffe_ffff) (i32.const 1))
    (memory.grow (local.get $delta))
    (memory.size)
    (i32.load8_u (i32.const 0xfffe_ffff))
    (i32.load8_u (i32.const 0xffff_0000)))

  ;; The last addresses: of a byte, by constant, by parameter and by offset; of a word and of a doubleword.
  (func (export "ends") (param $last i32) (param $zero i32) (result i32 i32 i32 i32 i64 i64)
    (i64.store (i32.sub (local.get $last) (i32.const 7)) (i64.const 0x8123_4567_89ab_cdef))
    (i32.load8_u (i32.const -1))
    (i32.load8_u (local.get $last))
    (i32.load8_u offset=0xffff_ffff (local.get $zero))
    (i32.load offset=0xffff_fffc (local.get $zero))
    (i64.load (i32.const 0xffff_fff8))
    (i64.load (local.get $zero)))

  ;; Bulk operations up to the last byte.
  (func (export "bulk") (param $at i32) (result i32 i32)
    (memory.fill (local.get $at) (i32.const 5) (i32.const 2))
    (memory.copy (i32.const 0) (i32.sub (local.get $at) (i32.const 2)) (i32.const 4))
    (i32.load (i32.const 0xffff_fffc))
    (i32.load (i32.const 0)))

  (func (export "load8") (param $at i32) (result i32) (i32.load8_u (local.get $at)))
  (func (export "load") (param $at i32) (result i32) (i32.load (local.get $at)))
  (func (export "load-offset") (param $at i32) (result i32) (i32.load8_u offset=0xffff_ffff (local.get $at)))
  (func (export "store64") (param $at i32) (i64.store (local.get $at) (i64.const -1)))
  (func (export "fill") (param $at i32) (param $len i32)
    (memory.fill (local.get $at) (i32.const 9) (local.get $len)))
  (func (export "copy") (param $dst i32) (param $src i32)
    (memory.copy (local.get $dst) (local.get $src) (i32.const 4))))

(assert_return (invoke "grow-variable" (i32.const 1))
  (i32.const 65535) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1)
    (i32.const -1) (i32.const -1) (i32.const -1) (i32.const 65535))
(assert_return (invoke "grow-constant")
  (i32.const 65535) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1)
    (i32.const -1) (i32.const -1) (i32.const -1) (i32.const 65535))
(assert_trap (invoke "load8" (i32.const 0xffff_0000)) "out of bounds memory access")
(assert_trap (invoke "load" (i32.const 0xfffe_fffd)) "out of bounds memory access")

(assert_return (invoke "last-page" (i32.const 1)) (i32.const 65535) (i32.const 65536) (i32.const 1)
  (i32.const 0))
(assert_return (invoke "grow-variable" (i32.const 1))
  (i32.const 65536) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1)
    (i32.const -1) (i32.const -1) (i32.const -1) (i32.const 65536))
(assert_return (invoke "grow-constant")
  (i32.const 65536) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1) (i32.const -1)
    (i32.const -1) (i32.const -1) (i32.const -1) (i32.const 65536))
(assert_return (invoke "last-page" (i32.const 1)) (i32.const -1) (i32.const 65536) (i32.const 1) (i32.const 0))
(assert_return (invoke "ends" (i32.const -1) (i32.const 0))
  (i32.const 0x81) (i32.const 0x81) (i32.const 0x81) (i32.const 0x8123_4567) (i64.const 0x8123_4567_89ab_cdef)
    (i64.const 0))
(assert_return (invoke "bulk" (i32.const 0xffff_fffe)) (i32.const 0x0505_4567) (i32.const 0x0505_4567))

;; One byte beyond the last one, and an end of exactly 2^32 + 1 for the operations in bulk.
(assert_trap (invoke "load" (i32.const 0xffff_fffd)) "out of bounds memory access")
(assert_trap (invoke "load" (i32.const 0xffff_ffff)) "out of bounds memory access")
(assert_trap (invoke "load-offset" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "store64" (i32.const 0xffff_fff9)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 0xffff_fffe) (i32.const 3)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 2) (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0) (i32.const 0xffff_fffd)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0xffff_fffd) (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "load" (i32.const 0xffff_fffc)) (i32.const 0x0505_4567))
