;;! [bug]
;;! id = "memory-init-after-grow"
;;! layer = "runtime"
;;! source = "wasmi-labs/wasmi#1837"
;;! expect = "bounds are those of the memory as it is now, not as it was declared"

;; A bound taken from the memory's declaration, or cached before memory.grow, refuses the new pages.
;;
;; Red when: runtime/src/builtins/memory.rs: `memory_init` compares with the size that the memory's type
;; declares.

(module
  (memory 1 2)
  (data "abcd")
  (func (export "grow-then-init") (result i32)
    (memory.init 0 (i32.const 65532) (i32.const 0) (i32.const 4))
    (drop (memory.grow (i32.const 1)))
    (memory.init 0 (i32.const 131068) (i32.const 0) (i32.const 4))
    (i32.load (i32.const 131068)))
  (func (export "init") (param $dst i32)
    (memory.init 0 (local.get $dst) (i32.const 0) (i32.const 4))))

(assert_trap (invoke "init" (i32.const 65533)) "out of bounds memory access")
(assert_return (invoke "grow-then-init") (i32.const 0x6463_6261))
(assert_return (invoke "init" (i32.const 65533)))
(assert_trap (invoke "init" (i32.const 131069)) "out of bounds memory access")
