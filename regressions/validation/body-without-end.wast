;;! [bug]
;;! id = "body-without-end"
;;! layer = "validation"
;;! source = "bytecodealliance/wasm-micro-runtime#2726, #3336, #3337, #3468, #3491, #3130, #3137, #3346 (tests/regression/ba-issues)"
;;! expect = "malformed: a body or a constant expression that does not end where its bytes do"

;; The `end` of a body is an instruction of its own, and the number of bytes is said before. An engine that goes by one of
;; the two reads on in the next body, or compiles a body of which a block is still open.
;;
;; Red when: compiler/src/parse/mod.rs: `refusal` counts what does not decode as invalid.

;; A body of no instruction, not even an end.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\03\01\01\00")
  "unexpected end")
;; A nop and no end.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\04\01\02\00\01")
  "unexpected end")
;; The last end is the immediate of a constant.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\06\01\04\00\41\0b\1a")
  "unexpected end")
;; The end is that of the block, of the loop, of the if, of the else, of the try_table.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\06\01\04\00\02\40\0b")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\06\01\04\00\03\40\0b")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\08\01\06\00\41\00\04\40\0b")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\09\01\07\00\41\00\04\40\05\0b")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\07\01\05\00\1f\40\00\0b")
  "unexpected end")
;; One too few of four.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0c\01\0a\00\02\40\03\40\02\40\0b\0b\0b")
  "unexpected end")
;; No end after what does not return.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\04\01\02\00\00")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\04\01\02\00\0f")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\0c\00")
  "unexpected end")
;; The end of the next body is not that of this one.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\03\02\00\00" "\0a\07\02\02\00\01\02\00\0b")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\03\02\00\00" "\0a\09\02\03\00\02\40\03\00\0b\0b")
  "unexpected end")
;; An end too many, and other instructions after the last.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\0b\0b")
  "operators remaining after end of function")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\08\01\06\00\02\40\0b\0b\0b")
  "operators remaining after end of function")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\0b\01")
  "operators remaining after end of function")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\09\01\07\00\00\0b\41\00\1a\0b")
  "operators remaining after end of function")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\03\02\00\00" "\0a\08\02\03\00\0b\0b\02\00\0b")
  "operators remaining after end of function")
;; The code is shorter than its body says, which is all there is or reaches into the next section.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\02\01\02")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\04\00\01\0b")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\05\00\01\0b" "\00\02\01\61")
  "unexpected end")
;; The code goes on after its last body.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\02\00\0b\0b")
  "section size mismatch")
;; A body of no bytes has no locals either.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\02\01\00")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\03\01\01\00")
  "unexpected end")
;; Constant expressions end too: of a global, of an element, of a segment and of a table.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\06\05\01\7f\00\41\0b")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\04\04\01\70\00\01" "\09\04\01\00\41\00")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0b\04\01\00\41\00")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\04\08\01\40\00\70\00\01\d0\70")
  "unexpected end")

;; With all their ends they are modules.
(module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\04\01\02\00\0b")
(module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\07\01\05\00\41\0b\1a\0b")
(module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\08\01\06\00\1f\40\00\0b\0b")
(module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\03\02\00\00" "\0a\0a\02\05\00\02\40\0b\0b\02\00\0b")
(module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0a\01\08\00\41\00\04\40\05\0b\0b")
(module binary "\00asm" "\01\00\00\00" "\06\06\01\7f\00\41\0b\0b")
(module binary "\00asm" "\01\00\00\00" "\04\09\01\40\00\70\00\01\d0\70\0b")
