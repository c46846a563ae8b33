;;! [bug]
;;! id = "memory-init-zero-len-at-end"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#7779, bytecodealliance/wasm-micro-runtime#3020"
;;! expect = "no trap: src = segment length and dst = memory size are in bounds for len 0"

;; A check that wants src below the segment's length (or dst below the memory's) refuses the empty range at
;; the very end.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_init` wants src below the segment's length, or `range`
;; wants the end below the memory's size.

(module
  (memory 1)
  (data "nine byte")
  (data "ten bytes!")
  (func (export "nine") (param $dst i32) (param $src i32)
    (memory.init 0 (local.get $dst) (local.get $src) (i32.const 0)))
  (func (export "ten") (param $dst i32) (param $src i32)
    (memory.init 1 (local.get $dst) (local.get $src) (i32.const 0))))

(assert_return (invoke "nine" (i32.const 0) (i32.const 9)))
(assert_return (invoke "ten" (i32.const 0) (i32.const 9)))
(assert_return (invoke "ten" (i32.const 0) (i32.const 10)))
(assert_return (invoke "ten" (i32.const 65536) (i32.const 0)))
(assert_return (invoke "ten" (i32.const 65536) (i32.const 10)))

;; The end of an empty memory is its start.
(module
  (memory 0)
  (data "")
  (func (export "init") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0))))

(assert_return (invoke "init"))
