;;! [bug]
;;! id = "else-without-if"
;;! layer = "validation"
;;! source = "bytecodealliance/wasm-micro-runtime#2726, #3336, #3337, #3468, #3491, #3130, #3137, #3346 (tests/regression/ba-issues)"
;;! expect = "malformed: an else that does not belong to an if"

;; An engine that takes the innermost block for the `if` of an `else` looks for the place of a condition that was never
;; compiled, and writes the jump over the else somewhere else.
;;
;; Red when: compiler/src/parse/mod.rs: `refusal` counts what does not decode as invalid.

;; In the body itself, in a block, in a loop and in a try_table.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\05\0b")
  "else is where no if is")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\08\01\06\00\02\40\05\0b\0b")
  "else is where no if is")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\08\01\06\00\03\40\05\0b\0b")
  "else is where no if is")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\09\01\07\00\1f\40\00\05\0b\0b")
  "else is where no if is")
;; A second else.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0b\01\09\00\41\00\04\40\05\05\0b\0b")
  "else is where no if is")
;; After the end of the if.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0b\01\09\00\41\00\04\40\0b\05\0b\0b")
  "else is where no if is")
;; In a block within an if, in either arm.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0d\01\0b\00\41\00\04\40\02\40\05\0b\0b\0b")
  "else is where no if is")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0e\01\0c\00\41\00\04\40\05\03\40\05\0b\0b\0b")
  "else is where no if is")
;; Where it is not reached.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\06\01\04\00\00\05\0b")
  "else is where no if is")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\09\01\07\00\00\02\40\05\0b\0b")
  "else is where no if is")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\08\01\06\00\0f\05\41\00\0b")
  "else is where no if is")
;; In place of the end.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\04\01\02\00\05")
  "else is where no if is")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\0b\05")
  "else is where no if is")
;; In a constant expression.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\06\07\01\7f\00\41\00\05\0b")
  "else is where no if is")
(assert_malformed (module quote "(func else end)") "unexpected token")
(assert_malformed (module quote "(func block else end end)") "unexpected token")
(assert_malformed (module quote "(func i32.const 0 if else else end)") "unexpected token")
(assert_malformed (module quote "(func (block (else)))") "unexpected token")
(assert_malformed (module quote "(func (i32.const 0) (if (else) (then)))") "unexpected token")

;; An else that has its if, alone and within the other's arms.
(module
  (func (export "f") (param i32 i32) (result i32)
    local.get 0
    if (result i32)
      local.get 1
      if (result i32) i32.const 1 else i32.const 2 end
    else
      block (result i32) local.get 1 if (result i32) i32.const 3 else i32.const 4 end end
    end))
(assert_return (invoke "f" (i32.const 1) (i32.const 1)) (i32.const 1))
(assert_return (invoke "f" (i32.const 1) (i32.const 0)) (i32.const 2))
(assert_return (invoke "f" (i32.const 0) (i32.const 1)) (i32.const 3))
(assert_return (invoke "f" (i32.const 0) (i32.const 0)) (i32.const 4))
