;;! multi_memory = true
;;! [bug]
;;! id = "memory-copy-wrong-memory"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 3.0, memory.copy between memories"
;;! expect = "from the second named memory to the first, each with its own bound"

;; An engine that swaps the two memories, or takes one of them for both, copies the wrong bytes and checks
;; against the wrong size.
;;
;; Red when: runtime/src/builtins/memory.rs: `memory_copy` swaps its two memories, or takes the first for
;; both.

(module
  (memory $small 1)
  (memory $large 2)
  (data (memory $small) (i32.const 0) "smal")
  (data (memory $large) (i32.const 0) "larg")
  (data (memory $large) (i32.const 131068) "tail")
  (func (export "large-to-small") (param $dst i32) (param $src i32)
    (memory.copy $small $large (local.get $dst) (local.get $src) (i32.const 4)))
  (func (export "small-to-large") (param $dst i32) (param $src i32)
    (memory.copy $large $small (local.get $dst) (local.get $src) (i32.const 4)))
  (func (export "small") (param $at i32) (result i32) (i32.load $small (local.get $at)))
  (func (export "large") (param $at i32) (result i32) (i32.load $large (local.get $at))))

(assert_return (invoke "large-to-small" (i32.const 8) (i32.const 0)))
(assert_return (invoke "small" (i32.const 8)) (i32.const 0x6772_616c))
(assert_return (invoke "large" (i32.const 8)) (i32.const 0))
(assert_return (invoke "small-to-large" (i32.const 16) (i32.const 0)))
(assert_return (invoke "large" (i32.const 16)) (i32.const 0x6c61_6d73))
(assert_return (invoke "small" (i32.const 16)) (i32.const 0))

;; 131068 is within the large memory only.
(assert_return (invoke "large-to-small" (i32.const 24) (i32.const 131068)))
(assert_return (invoke "small" (i32.const 24)) (i32.const 0x6c69_6174))
(assert_trap (invoke "small-to-large" (i32.const 24) (i32.const 131068)) "out of bounds memory access")
(assert_trap (invoke "large-to-small" (i32.const 131068) (i32.const 0)) "out of bounds memory access")
(assert_return (invoke "small-to-large" (i32.const 131068) (i32.const 0)))
(assert_return (invoke "large" (i32.const 131068)) (i32.const 0x6c61_6d73))
