;;! multi_memory = true
;;! [bug]
;;! id = "memory-fill-wrong-memory"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 3.0, memory.fill with a memory index"
;;! expect = "the named memory is filled and its size is the bound"

;; An engine that always uses memory 0 fills the wrong memory, and traps or fails to trap by the wrong size.
;;
;; Red when: runtime/src/builtins/memory.rs: `memory_fill` always takes memory 0.

(module
  (memory $one 1)
  (memory $two 2)
  (func (export "fill-one") (param $dst i32)
    (memory.fill $one (local.get $dst) (i32.const 0x11) (i32.const 4)))
  (func (export "fill-two") (param $dst i32)
    (memory.fill $two (local.get $dst) (i32.const 0x22) (i32.const 4)))
  (func (export "word-one") (param $at i32) (result i32) (i32.load $one (local.get $at)))
  (func (export "word-two") (param $at i32) (result i32) (i32.load $two (local.get $at))))

(assert_return (invoke "fill-two" (i32.const 0)))
(assert_return (invoke "word-one" (i32.const 0)) (i32.const 0))
(assert_return (invoke "word-two" (i32.const 0)) (i32.const 0x2222_2222))
(assert_return (invoke "fill-one" (i32.const 4)))
(assert_return (invoke "word-one" (i32.const 4)) (i32.const 0x1111_1111))
(assert_return (invoke "word-two" (i32.const 4)) (i32.const 0))

(assert_return (invoke "fill-two" (i32.const 131068)))
(assert_trap (invoke "fill-one" (i32.const 131068)) "out of bounds memory access")
(assert_trap (invoke "fill-two" (i32.const 131069)) "out of bounds memory access")
