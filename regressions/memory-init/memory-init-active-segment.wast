;;! [bug]
;;! id = "memory-init-active-segment"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#7779"
;;! expect = "trap: instantiation has dropped the active segment, and src 9 lies beyond its 0 bytes"

;; An engine that keeps an active segment after instantiation finds src=9 len=0 within its bytes and does not
;; trap. The report held the missing trap for right; the trap is right.
;;
;; Red when: runtime/src/init.rs: `segments` does not mark active data segments as dropped.

(module
  (memory 1)
  (data "never written")
  (data (i32.const 16) "written first")
  (data (i32.const 32) "nine byte")
  (data (i32.const 48) "ten bytes!")

  (func (export "reported") (memory.init 2 (i32.const 0) (i32.const 9) (i32.const 0)))
  (func (export "nine") (param $dst i32) (param $src i32) (param $len i32)
    (memory.init 2 (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "ten") (param $dst i32) (param $src i32) (param $len i32)
    (memory.init 3 (local.get $dst) (local.get $src) (local.get $len))))

(assert_trap (invoke "reported") "out of bounds memory access")
(assert_trap (invoke "nine" (i32.const 0) (i32.const 9) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "ten" (i32.const 0) (i32.const 9) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "ten" (i32.const 0) (i32.const 1) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "ten" (i32.const 0) (i32.const 0) (i32.const 1)) "out of bounds memory access")
