;;! [bug]
;;! id = "one-expression-two-traps"
;;! layer = "codegen"
;;! source = "bytecodealliance/wasmtime 40db4de44a, bytecodealliance/wasmtime c643f4f9b0, CVE-2020-35859, wasmer `multiple-traps`"
;;! expect = "a division whose divisor is a load traps as the one or the other, and any number of times in a row"

;; The load may become an operand of the division's instruction, which then traps in two ways at one place. An engine that
;; knows one reason for a place gives the wrong one. After a trap the next must be caught as the first was.
;;
;; Red when: runtime/src/vm/activation.rs: `on_fault` writes down `MemoryOutOfBounds` for a SIGFPE.

(module
  (memory 1)
  (data (i32.const 8) "\02\00\00\00")
  (func (export "div_u") (param i32 i32) (result i32) (i32.div_u (local.get 1) (i32.load (local.get 0))))
  (func (export "div_s") (param i32 i32) (result i32) (i32.div_s (local.get 1) (i32.load (local.get 0))))
  (func (export "rem_u") (param i32 i64) (result i64) (i64.rem_u (local.get 1) (i64.load (local.get 0))))
  (func (export "set") (param i32 i32) (i32.store (local.get 0) (local.get 1))))

(assert_return (invoke "div_u" (i32.const 8) (i32.const 10)) (i32.const 5))
(assert_trap (invoke "div_u" (i32.const 0) (i32.const 10)) "integer divide by zero")
(assert_trap (invoke "div_u" (i32.const 65533) (i32.const 10)) "out of bounds memory access")
(assert_trap (invoke "div_u" (i32.const 0) (i32.const 10)) "integer divide by zero")
(assert_trap (invoke "div_u" (i32.const -1) (i32.const 10)) "out of bounds memory access")
(assert_trap (invoke "div_u" (i32.const 0) (i32.const 10)) "integer divide by zero")
(assert_trap (invoke "rem_u" (i32.const 0) (i64.const 10)) "integer divide by zero")
(assert_trap (invoke "rem_u" (i32.const 65529) (i64.const 10)) "out of bounds memory access")
(assert_return (invoke "set" (i32.const 16) (i32.const -1)))
(assert_trap (invoke "div_s" (i32.const 16) (i32.const 0x80000000)) "integer overflow")
(assert_trap (invoke "div_s" (i32.const 65536) (i32.const 0x80000000)) "out of bounds memory access")
(assert_trap (invoke "div_s" (i32.const 0) (i32.const 0x80000000)) "integer divide by zero")
(assert_return (invoke "div_s" (i32.const 16) (i32.const 7)) (i32.const -7))

;; The same on a thread of its own, whose end the next one must survive.
(thread $first
  (module
    (memory 1)
    (func (export "f") (param i32) (result i32) (i32.div_u (i32.const 1) (i32.load (local.get 0)))))
  (assert_trap (invoke "f" (i32.const 0)) "integer divide by zero")
  (assert_trap (invoke "f" (i32.const 65536)) "out of bounds memory access")
  (assert_trap (invoke "f" (i32.const 0)) "integer divide by zero"))
(wait $first)
(thread $second
  (module (func (export "f") (unreachable)))
  (assert_trap (invoke "f") "unreachable"))
(wait $second)
(assert_trap (invoke "div_u" (i32.const 0) (i32.const 10)) "integer divide by zero")
(assert_return (invoke "div_u" (i32.const 8) (i32.const 10)) (i32.const 5))
