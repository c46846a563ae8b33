;;! [bug]
;;! id = "branch-tables"
;;! layer = "translate"
;;! source = "bytecodealliance/wasmtime#2097 (br-table-fuzzbug), wasm3/wasm3#570, bytecodealliance/wasmtime#5508, bytecodealliance/wasmtime#11282, wasmer `nested-unreachable-blocks`"
;;! expect = "tables of branches go to loops with parameters, to one target only, and by unsigned index; a count that the code cannot hold is malformed"

;; The default target is a loop whose parameters are the operands; the same target comes with different operands on the way.
;; A table without targets has the default alone. An index is unsigned. A count of 2^32 - 1 targets in a code of few bytes
;; must not be believed.
;;
;; Red when: compiler/src/translate/control.rs: `br_table` takes a negative index for 0.

(module
  (func (export "loop-default") (param i32) (result i32) (local $n i32)
    (i32.const 0)
    (loop $l (param i32) (result i32)
      (local.set $n (i32.add (i32.const 1)))
      (block $out (result i32)
        (br_table $out $out $out $l (local.get $n) (select (i32.const 7) (i32.const 1) (i32.lt_u (local.get $n) (local.get 0)))))
      (i32.add (i32.const 100))))
  (func (export "default-only") (param i32) (result i32)
    (block $b (result i32) (br_table $b (i32.const 5) (local.get 0))))
  (func (export "unsigned") (param i32) (result i32)
    (block $default
      (block $one
        (block $zero (br_table $zero $one $default (local.get 0)))
        (return (i32.const 0)))
      (return (i32.const 1)))
    (i32.const 2))
  (func (export "same-target") (param i32 i32) (result i32)
    (block $a (result i32)
      (i32.add (i32.const 1000)
        (block $b (result i32) (br_table $a $b $a $b (local.get 1) (local.get 0))))))
  (func (export "nested-unreachable") (param i32) (result i32)
    (block $outer (result i32)
      (block $inner (param) (result i32)
        (if (local.get 0) (then (br $outer (i32.const 3))))
        (unreachable)
        (block (result i32) (br_table $inner $outer (i32.const 4) (i32.const 0))))
      (drop)
      (unreachable))))

(assert_return (invoke "loop-default" (i32.const 0)) (i32.const 101))
(assert_return (invoke "loop-default" (i32.const 10)) (i32.const 110))
(assert_return (invoke "default-only" (i32.const 0)) (i32.const 5))
(assert_return (invoke "default-only" (i32.const -1)) (i32.const 5))
(assert_return (invoke "unsigned" (i32.const 0)) (i32.const 0))
(assert_return (invoke "unsigned" (i32.const 1)) (i32.const 1))
(assert_return (invoke "unsigned" (i32.const 2)) (i32.const 2))
(assert_return (invoke "unsigned" (i32.const -1)) (i32.const 2))
(assert_return (invoke "unsigned" (i32.const 0x80000000)) (i32.const 2))
(assert_return (invoke "same-target" (i32.const 0) (i32.const 7)) (i32.const 7))
(assert_return (invoke "same-target" (i32.const 1) (i32.const 7)) (i32.const 1007))
(assert_return (invoke "same-target" (i32.const 2) (i32.const 7)) (i32.const 7))
(assert_return (invoke "same-target" (i32.const 3) (i32.const 7)) (i32.const 1007))
(assert_return (invoke "nested-unreachable" (i32.const 1)) (i32.const 3))
(assert_trap (invoke "nested-unreachable" (i32.const 0)) "unreachable")

;; br_table with 2^32 - 1 targets, in a body of 10 bytes.
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\0c\01" "\0a\00" "\41\00" "\0e\ff\ff\ff\ff\0f" "\0b")
  "unexpected end")
