;;! [bug]
;;! id = "memory-copy-longer-than-chunk"
;;! layer = "runtime"
;;! source = "GHSA-2hw9-mc66-jc2q, RUSTSEC-2026-0223, bytecodealliance/wasmtime#13577"
;;! expect = "a long copy is one copy: as if all of it were read first, and nothing is written if it traps"

;; An engine that cuts long copies into chunks of 0x0800_0000 bytes, to be interruptible between them, copies
;; each chunk well and all of them wrongly: upwards, the first chunk overwrites the start of the second one
;; before that is read. And a copy that does not fit has to be refused before the first chunk, not in the
;; middle. Each direction is wrong for one order of the chunks, so both are tried.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_copy` copies chunks of 0x0800_0000 bytes in rising
;; order, in falling order, or checks the bounds of each by itself.

(module
  ;; 2100 pages: 0x834_0000 bytes, a little more than the chunk and its neighbours need.
  (memory 2100)
  (func (export "set") (param $at i32) (param $value i64) (i64.store (local.get $at) (local.get $value)))
  (func (export "get") (param $at i32) (result i64) (i64.load (local.get $at)))
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "copy-constant") (memory.copy (i32.const 0x10_0000) (i32.const 0) (i32.const 0x810_0000)))
  (func (export "fill") (param $dst i32) (param $value i32) (param $len i32)
    (memory.fill (local.get $dst) (local.get $value) (local.get $len))))

;; Marks: at the start, on both sides of the first chunk's end, and at the end of what is copied.
(invoke "set" (i32.const 0) (i64.const 0x0101_0101_0101_0101))
(invoke "set" (i32.const 0x7f0_0000) (i64.const 0x7f7f_7f7f_7f7f_7f7f))
(invoke "set" (i32.const 0x7ff_fff8) (i64.const 0x0202_0202_0202_0202))
(invoke "set" (i32.const 0x800_0000) (i64.const 0x0303_0303_0303_0303))
(invoke "set" (i32.const 0x80f_fff8) (i64.const 0x0404_0404_0404_0404))
(invoke "set" (i32.const 0x810_0000) (i64.const 0x0505_0505_0505_0505))

;; Upwards by a MiB: what lies just behind the chunk is overwritten by the first one, and has to be read before.
(assert_return (invoke "copy-constant"))
(assert_return (invoke "get" (i32.const 0x10_0000)) (i64.const 0x0101_0101_0101_0101))
(assert_return (invoke "get" (i32.const 0x800_0000)) (i64.const 0x7f7f_7f7f_7f7f_7f7f))
(assert_return (invoke "get" (i32.const 0x80f_fff8)) (i64.const 0x0202_0202_0202_0202))
(assert_return (invoke "get" (i32.const 0x810_0000)) (i64.const 0x0303_0303_0303_0303))
(assert_return (invoke "get" (i32.const 0x81f_fff8)) (i64.const 0x0404_0404_0404_0404))
(assert_return (invoke "get" (i32.const 0x820_0000)) (i64.const 0))
(assert_return (invoke "get" (i32.const 0)) (i64.const 0x0101_0101_0101_0101))

;; Downwards, back to where it was: what lies just before the second chunk's target has to be read before.
(assert_return (invoke "copy" (i32.const 0) (i32.const 0x10_0000) (i32.const 0x810_0000)))
(assert_return (invoke "get" (i32.const 0)) (i64.const 0x0101_0101_0101_0101))
(assert_return (invoke "get" (i32.const 0x7f0_0000)) (i64.const 0x7f7f_7f7f_7f7f_7f7f))
(assert_return (invoke "get" (i32.const 0x7ff_fff8)) (i64.const 0x0202_0202_0202_0202))
(assert_return (invoke "get" (i32.const 0x800_0000)) (i64.const 0x0303_0303_0303_0303))
(assert_return (invoke "get" (i32.const 0x80f_fff8)) (i64.const 0x0404_0404_0404_0404))
(assert_return (invoke "get" (i32.const 0x810_0000)) (i64.const 0x0303_0303_0303_0303))

;; Of exactly a chunk and of a byte more, upwards by one byte.
(assert_return (invoke "copy" (i32.const 1) (i32.const 0) (i32.const 0x800_0000)))
(assert_return (invoke "get" (i32.const 0x7ff_fff9)) (i64.const 0x0202_0202_0202_0202))
(assert_return (invoke "get" (i32.const 0x800_0001)) (i64.const 0x0003_0303_0303_0303))
(assert_return (invoke "copy" (i32.const 0) (i32.const 1) (i32.const 0x800_0001)))
(assert_return (invoke "get" (i32.const 0x7ff_fff8)) (i64.const 0x0202_0202_0202_0202))
(assert_return (invoke "get" (i32.const 0x7ff_fffc)) (i64.const 0x0303_0303_0202_0202))

;; A copy that does not fit traps before its first chunk is copied, although that would fit.
(invoke "set" (i32.const 0x10_0000) (i64.const 0x1111_1111_1111_1111))
(assert_trap
  (invoke "copy" (i32.const 0x10_0000) (i32.const 0) (i32.const 0x824_0001)) "out of bounds memory access")
(assert_return (invoke "get" (i32.const 0x10_0000)) (i64.const 0x1111_1111_1111_1111))
(assert_trap
  (invoke "copy" (i32.const 0) (i32.const 0x10_0000) (i32.const 0x824_0001)) "out of bounds memory access")
(assert_return (invoke "get" (i32.const 0)) (i64.const 0x0101_0101_0101_0101))
(assert_trap
  (invoke "fill" (i32.const 0x10_0000) (i32.const 0xff) (i32.const 0x824_0001)) "out of bounds memory access")
(assert_return (invoke "get" (i32.const 0x10_0000)) (i64.const 0x1111_1111_1111_1111))
;; To the last byte it fits.
(assert_return (invoke "copy" (i32.const 0x10_0000) (i32.const 0) (i32.const 0x824_0000)))
(assert_return (invoke "get" (i32.const 0x10_0000)) (i64.const 0x0101_0101_0101_0101))
