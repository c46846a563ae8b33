;;! [bug]
;;! id = "data-count-mismatch"
;;! layer = "validation"
;;! source = "bytecodealliance/wasm-micro-runtime#2726, #3336, #3337, #3468, #3491, #3130, #3137, #3346 (tests/regression/ba-issues)"
;;! expect = "malformed: the number of data segments that the module announces is not the number that it has"

;; The number is said before the code so that bodies can be compiled before the segments are read. An engine that makes room
;; for as many as were announced writes beyond it if there are more, and if there are fewer, bodies name segments that were
;; never read.
;;
;; Red when: compiler/src/parse/mod.rs: `refusal` counts what does not decode as invalid.

;; There is no data section, or an empty one.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\01")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\01" "\0b\01\00")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\05\ff\ff\ff\ff\0f")
  "data count and data section have inconsistent lengths")
;; More segments than were announced, and fewer.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\00" "\0b\04\01\01\01\61")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\01" "\0b\07\02\01\01\61\01\01\61")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\03" "\0b\07\02\01\01\61\01\01\61")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\02" "\0b\04\01\01\01\61")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\05\ff\ff\ff\ff\0f" "\0b\04\01\01\01\61")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\02\81\02" "\0b\04\01\01\01\61")
  "data count and data section have inconsistent lengths")
;; Active segments count as well.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\00" "\0b\07\01\00\41\00\0b\01\61")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\02" "\0b\07\01\00\41\00\0b\01\61")
  "data count and data section have inconsistent lengths")
;; A body believes the number, and names a segment that then is not there.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01" "\0c\01\02" "\0a\0e\01\0c\00\41\00\41\00\41\00\fc\08\01\00\0b" "\0b\04\01\01\01\61")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01" "\0c\01\02" "\0a\07\01\05\00\fc\09\01\0b" "\0b\04\01\01\01\61")
  "data count and data section have inconsistent lengths")
;; The number comes once, and before the code.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\01" "\0c\01\01" "\0b\04\01\01\01\61")
  "unexpected content after last section")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0b\04\01\01\01\61" "\0c\01\01")
  "unexpected content after last section")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01" "\0a\04\01\02\00\0b" "\0c\01\01" "\0b\04\01\01\01\61")
  "unexpected content after last section")
;; It is all that its section has, and ends within it.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\02\01\00" "\0b\04\01\01\01\61")
  "section size mismatch")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\00" "\0b\04\01\01\01\61")
  "unexpected end")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\06\81\80\80\80\80\00" "\0b\04\01\01\01\61")
  "integer representation too long")

;; Numbers that are right, none and zero among them.
(module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\00")
(module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0c\01\00" "\0b\01\00")
(module binary "\00asm" "\01\00\00\00" "\05\03\01\00\01" "\0b\07\02\01\01\61\01\01\61")
(module binary "\00asm" "\01\00\00\00"
  "\01\05\01\60\00\01\7f" "\03\02\01\00" "\05\03\01\00\01" "\07\05\01\01f\00\00" "\0c\01\02"
  "\0a\13\01\11\00\41\00\41\00\41\01\fc\08\01\00\41\00\2d\00\00\0b"
  "\0b\06\02\01\00\01\01\62")
(assert_return (invoke "f") (i32.const 0x62))
