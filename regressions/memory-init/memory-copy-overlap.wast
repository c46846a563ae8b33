;;! [bug]
;;! id = "memory-copy-overlap"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.copy"
;;! expect = "as if the source were read completely before the first write, upwards and downwards"

;; An engine that copies in one fixed direction repeats the first bytes of a range that it overwrites while it
;; still reads it.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_copy` copies byte by byte upwards, or byte by byte
;; downwards.

(module
  (memory 1)
  (func (export "reset") (i64.store (i32.const 0) (i64.const 0x0706_0504_0302_0100)))
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "up-by-one") (memory.copy (i32.const 1) (i32.const 0) (i32.const 7)))
  (func (export "down-by-one") (memory.copy (i32.const 0) (i32.const 1) (i32.const 7)))
  (func (export "doubleword") (result i64) (i64.load (i32.const 0))))

(assert_return (invoke "reset"))
(assert_return (invoke "copy" (i32.const 2) (i32.const 0) (i32.const 6)))
(assert_return (invoke "doubleword") (i64.const 0x0504_0302_0100_0100))
(assert_return (invoke "reset"))
(assert_return (invoke "copy" (i32.const 0) (i32.const 2) (i32.const 6)))
(assert_return (invoke "doubleword") (i64.const 0x0706_0706_0504_0302))

(assert_return (invoke "reset"))
(assert_return (invoke "up-by-one"))
(assert_return (invoke "doubleword") (i64.const 0x0605_0403_0201_0000))
(assert_return (invoke "reset"))
(assert_return (invoke "down-by-one"))
(assert_return (invoke "doubleword") (i64.const 0x0707_0605_0403_0201))
