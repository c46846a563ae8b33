;;! [bug]
;;! id = "data-count-section-missing"
;;! layer = "validation"
;;! source = "WebAssembly/wabt#2310, WebAssembly/wabt#2311"
;;! expect = "malformed: memory.init and data.drop need a DataCount section"

;; Both modules have the segment but no DataCount section: an engine that accepts them, or looks the segment
;; up in a list that is not there yet, reads behind that list.
;;
;; Red when: compiler/src/parse/decode.rs: `Decoder::end` does not ask for the section; the modules are
;; refused as invalid then, not as malformed.

;; memory.init 0
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\04\01\60\00\00"                      ;; type 0: [] -> []
    "\03\02\01\00"                            ;; function 0: type 0
    "\05\03\01\00\01"                         ;; memory 0: 1 page
    "\0a\0e\01\0c\00"                         ;; code of function 0, no locals
    "\41\00\41\00\41\00\fc\08\00\00\0b"       ;;   memory.init 0 (0, 0, 0)
    "\0b\04\01\01\01\61")                     ;; data segment 0: passive, "a"
  "data count section required")

;; data.drop 0
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\04\01\60\00\00"
    "\03\02\01\00"
    "\05\03\01\00\01"
    "\0a\07\01\05\00"
    "\fc\09\00\0b"
    "\0b\04\01\01\01\61")
  "data count section required")

;; The first of them with a DataCount section is fine.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"
  "\03\02\01\00"
  "\05\03\01\00\01"
  "\0c\01\01"                                 ;; one data segment
  "\0a\0e\01\0c\00"
  "\41\00\41\00\41\00\fc\08\00\00\0b"
  "\0b\04\01\01\01\61")
