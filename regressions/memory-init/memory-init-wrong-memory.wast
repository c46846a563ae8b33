;;! multi_memory = true
;;! [bug]
;;! id = "memory-init-wrong-memory"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 3.0, memory.init with a memory index"
;;! expect = "the named memory is written and its size is the bound"

;; An engine that always uses memory 0 writes to the wrong memory, and traps or fails to trap by the wrong
;; size.
;;
;; Red when: runtime/src/builtins/memory.rs: `memory_init` always takes memory 0.

(module
  (memory $one 1)
  (memory $two 2)
  (memory $none 0)
  (data $abcd "abcd")
  (func (export "init-one") (param $dst i32)
    (memory.init $one $abcd (local.get $dst) (i32.const 0) (i32.const 4)))
  (func (export "init-two") (param $dst i32)
    (memory.init $two $abcd (local.get $dst) (i32.const 0) (i32.const 4)))
  (func (export "init-none") (param $len i32)
    (memory.init $none $abcd (i32.const 0) (i32.const 0) (local.get $len)))
  (func (export "word-one") (param $at i32) (result i32) (i32.load $one (local.get $at)))
  (func (export "word-two") (param $at i32) (result i32) (i32.load $two (local.get $at))))

(assert_return (invoke "init-two" (i32.const 16)))
(assert_return (invoke "word-one" (i32.const 16)) (i32.const 0))
(assert_return (invoke "word-two" (i32.const 16)) (i32.const 0x6463_6261))

(assert_return (invoke "init-two" (i32.const 131068)))
(assert_return (invoke "word-two" (i32.const 131068)) (i32.const 0x6463_6261))
(assert_trap (invoke "init-one" (i32.const 131068)) "out of bounds memory access")
(assert_trap (invoke "init-two" (i32.const 131069)) "out of bounds memory access")

(assert_return (invoke "init-none" (i32.const 0)))
(assert_trap (invoke "init-none" (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "word-one" (i32.const 0)) (i32.const 0))
(assert_return (invoke "word-two" (i32.const 0)) (i32.const 0))
