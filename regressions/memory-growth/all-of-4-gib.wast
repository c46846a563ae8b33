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
  (memory (export "memory") 65535)
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param $delta i32) (result i32) (memory.grow (local.get $delta)))
  (func (export "grow-one") (result i32) (memory.grow (i32.const 1)))
  (func (export "grow-minus-one") (result i32) (memory.grow (i32.const -1)))
  (func (export "grow-65536") (result i32) (memory.grow (i32.const 65536)))
  (func (export "grow-and-size") (param $delta i32) (result i32 i32 i32)
    (memory.size) (memory.grow (local.get $delta)) (memory.size))
  (func (export "load8") (param $at i32) (result i32) (i32.load8_u (local.get $at)))
  (func (export "store8") (param $at i32) (param $value i32) (i32.store8 (local.get $at) (local.get $value)))
  (func (export "load") (param $at i32) (result i32) (i32.load (local.get $at)))
  (func (export "load64") (param $at i32) (result i64) (i64.load (local.get $at)))
  (func (export "store64") (param $at i32) (param $value i64) (i64.store (local.get $at) (local.get $value)))
  (func (export "load-offset") (param $at i32) (result i32) (i32.load8_u offset=0xffff_ffff (local.get $at)))
  (func (export "load-constant") (result i32) (i32.load8_u (i32.const -1)))
  (func (export "fill") (param $at i32) (param $len i32)
    (memory.fill (local.get $at) (i32.const 5) (local.get $len)))
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy (local.get $dst) (local.get $src) (local.get $len))))

(assert_return (invoke "size") (i32.const 65535))
(assert_return (invoke "store8" (i32.const 0xfffe_ffff) (i32.const 1)))
(assert_trap (invoke "store8" (i32.const 0xffff_0000) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "load" (i32.const 0xfffe_fffd)) "out of bounds memory access")
(assert_return (invoke "load" (i32.const 0xfffe_fffc)) (i32.const 0x0100_0000))

;; What does not fit, one page short of the end.
(assert_return (invoke "grow" (i32.const 2)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 65535)) (i32.const -1))
(assert_return (invoke "grow-65536") (i32.const -1))
(assert_return (invoke "grow" (i32.const 65537)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 0x7fff_ffff)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 0x8000_0000)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 0xffff_0001)) (i32.const -1))
(assert_return (invoke "grow-minus-one") (i32.const -1))
(assert_return (invoke "grow" (i32.const 0)) (i32.const 65535))
(assert_return (invoke "grow-and-size" (i32.const 2)) (i32.const 65535) (i32.const -1) (i32.const 65535))
(assert_trap (invoke "load8" (i32.const 0xffff_0000)) "out of bounds memory access")

;; The last page.
(assert_return (invoke "grow-one") (i32.const 65535))
(assert_return (invoke "size") (i32.const 65536))
(assert_return (invoke "grow-one") (i32.const -1))
(assert_return (invoke "grow" (i32.const 0)) (i32.const 65536))
(assert_return (invoke "grow-minus-one") (i32.const -1))
(assert_return (invoke "grow-65536") (i32.const -1))
(assert_return (invoke "grow" (i32.const 0xffff_0000)) (i32.const -1))
(assert_return (invoke "grow-and-size" (i32.const 1)) (i32.const 65536) (i32.const -1) (i32.const 65536))
(assert_return (invoke "size") (i32.const 65536))

;; All addresses but those of which the end is beyond 2^32.
(assert_return (invoke "load8" (i32.const 0xfffe_ffff)) (i32.const 1))
(assert_return (invoke "load8" (i32.const 0xffff_0000)) (i32.const 0))
(assert_return (invoke "store8" (i32.const 0xffff_ffff) (i32.const 0x80)))
(assert_return (invoke "load8" (i32.const 0xffff_ffff)) (i32.const 0x80))
(assert_return (invoke "load-constant") (i32.const 0x80))
(assert_return (invoke "load-offset" (i32.const 0)) (i32.const 0x80))
(assert_trap (invoke "load-offset" (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "load" (i32.const 0xffff_fffc)) (i32.const 0x8000_0000))
(assert_trap (invoke "load" (i32.const 0xffff_fffd)) "out of bounds memory access")
(assert_trap (invoke "load" (i32.const 0xffff_ffff)) "out of bounds memory access")
(assert_return (invoke "store64" (i32.const 0xffff_fff8) (i64.const 0x0123_4567_89ab_cdef)))
(assert_return (invoke "load64" (i32.const 0xffff_fff8)) (i64.const 0x0123_4567_89ab_cdef))
(assert_trap (invoke "store64" (i32.const 0xffff_fff9) (i64.const -1)) "out of bounds memory access")
(assert_return (invoke "load64" (i32.const 0xffff_fff8)) (i64.const 0x0123_4567_89ab_cdef))
(assert_return (invoke "load64" (i32.const 0)) (i64.const 0))

;; Bulk operations up to the last byte, and one further.
(assert_return (invoke "fill" (i32.const 0xffff_fffe) (i32.const 2)))
(assert_return (invoke "load" (i32.const 0xffff_fffc)) (i32.const 0x0505_4567))
(assert_trap (invoke "fill" (i32.const 0xffff_fffe) (i32.const 3)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 2) (i32.const -1)) "out of bounds memory access")
(assert_return (invoke "copy" (i32.const 0) (i32.const 0xffff_fffc) (i32.const 4)))
(assert_return (invoke "load" (i32.const 0)) (i32.const 0x0505_4567))
(assert_trap (invoke "copy" (i32.const 0) (i32.const 0xffff_fffd) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "copy" (i32.const 0xffff_fffd) (i32.const 0) (i32.const 4)) "out of bounds memory access")
(assert_return (invoke "load" (i32.const 0xffff_fffc)) (i32.const 0x0505_4567))

;; Declared at its full size, with and without a maximum, and with one that is in the way.
(module
  (memory 65536)
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param $delta i32) (result i32) (memory.grow (local.get $delta)))
  (func (export "load8") (param $at i32) (result i32) (i32.load8_u (local.get $at))))
(assert_return (invoke "size") (i32.const 65536))
(assert_return (invoke "grow" (i32.const 0)) (i32.const 65536))
(assert_return (invoke "grow" (i32.const 1)) (i32.const -1))
(assert_return (invoke "grow" (i32.const -1)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 0xffff_0000)) (i32.const -1))
(assert_return (invoke "size") (i32.const 65536))
(assert_return (invoke "load8" (i32.const 0xffff_ffff)) (i32.const 0))

(module
  (memory 0 65536)
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param $delta i32) (result i32) (memory.grow (local.get $delta)))
  (func (export "load8") (param $at i32) (result i32) (i32.load8_u (local.get $at))))
(assert_trap (invoke "load8" (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 65537)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 65536)) (i32.const 0))
(assert_return (invoke "size") (i32.const 65536))
(assert_return (invoke "load8" (i32.const 0xffff_ffff)) (i32.const 0))

(module
  (memory 1 3)
  (func (export "grow-and-size") (param $delta i32) (result i32 i32)
    (memory.grow (local.get $delta)) (memory.size))
  (func (export "load8") (param $at i32) (result i32) (i32.load8_u (local.get $at))))
(assert_return (invoke "grow-and-size" (i32.const 3)) (i32.const -1) (i32.const 1))
(assert_return (invoke "grow-and-size" (i32.const -1)) (i32.const -1) (i32.const 1))
(assert_return (invoke "grow-and-size" (i32.const 0x1_0002)) (i32.const -1) (i32.const 1))
(assert_trap (invoke "load8" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke "grow-and-size" (i32.const 2)) (i32.const 1) (i32.const 3))
(assert_return (invoke "grow-and-size" (i32.const 1)) (i32.const -1) (i32.const 3))
(assert_return (invoke "load8" (i32.const 196607)) (i32.const 0))
(assert_trap (invoke "load8" (i32.const 196608)) "out of bounds memory access")

;; One page more than there are cannot even be declared.
(assert_invalid (module (memory 65537)) "memory size must be at most 65536 pages (4GiB)")
(assert_invalid (module (memory 0 65537)) "memory size must be at most 65536 pages (4GiB)")
(assert_invalid (module (memory 2 1)) "size minimum must not be greater than maximum")
