;;! [bug]
;;! id = "compact-groups-encoding"
;;! layer = "decode"
;;! source = "WebAssembly/compact-import-section, phase 4: binary and text format"
;;! expect = "a group is what an empty item name and the byte 0x7f or 0x7e announce, and nothing else is; groups that end early or mix their forms are malformed"

;; The discriminator stands where the kind of an import stands and is one byte, not a LEB128 number. It is read only after
;; an empty name: imports of an empty name are as good as any other, and 0x7f after a name is no kind.
;;
;; Red when: runner/src/run/features.rs: `PROPOSALS` is without compact imports; compiler/src/parse/mod.rs: `validate` does
;; not call `check_empty_groups`.

(module
  (func (export "") (result i32) (i32.const 1))
  (func (export "f") (result i32) (i32.const 2)))
(register "")

;; An empty name, on its own and within groups of both encodings.
(module binary
  "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
  "\02\13\03"
  "\00\00" "\00\00"
  "\00\00" "\7f" "\01" "\00" "\00\00"
  "\00\00" "\7e" "\00\00" "\01" "\00"
  "\03\02\01\00" "\07\05\01\01s\00\03"
  "\0a\0c\01\0a\00" "\10\00\10\01\6a\10\02\6a\0b")
(assert_return (invoke "s") (i32.const 3))

;; The length of the empty name may be written in more bytes than it needs.
(module binary
  "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
  "\02\0d\01" "\00" "\80\80\80\80\00" "\7f" "\01" "\01f" "\00\00")
(module binary
  "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
  "\02\0d\01" "\00" "\80\80\80\80\00" "\7e" "\00\00" "\01" "\01f")

;; The discriminator after a name, and as a longer LEB128 number.
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\0a\01" "\00" "\01f" "\7f" "\01" "\01f" "\00\00")
  "malformed import kind")
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\0a\01" "\00" "\01f" "\7e" "\00\00" "\01" "\01f")
  "malformed import kind")
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\0a\01" "\00\00" "\ff\00" "\01" "\01f" "\00\00")
  "malformed import kind")
;; Its neighbour below.
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\09\01" "\00\00" "\7d" "\01" "\01f" "\00\00")
  "malformed import kind")

;; Groups that promise more than they hold, and hold more than they promise.
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\09\01" "\00\00" "\7f" "\02" "\01f" "\00\00")
  "unexpected end")
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\09\01" "\00\00" "\7e" "\00\00" "\02" "\01f")
  "unexpected end")
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\04\01" "\00\00" "\7f")
  "unexpected end")
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\09\01" "\00\00" "\7f" "\00" "\01f" "\00\00")
  "section size mismatch")
;; The type of a group without items is read like any other.
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\08\01" "\00\00" "\7e" "\03\7f\02" "\00")
  "malformed mutability")
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\08\01" "\00\00" "\7e" "\03\7f\04" "\00")
  "malformed mutability")
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\07\01" "\00\00" "\7e" "\20\00" "\00")
  "malformed import kind")
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\07\01" "\00\00" "\7e" "\7f\00" "\00")
  "malformed import kind")
(module binary
  "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
  "\02\08\01" "\00\00" "\7e" "\03\7f\01" "\00")
;; No group within a group.
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\0c\01" "\00\00" "\7f" "\01" "\00\7f" "\01" "\01f" "\00\00")
  "malformed import kind")

;; Each item has to be valid, whichever encoding it comes in.
(assert_invalid
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\0d\01" "\00\00" "\7f" "\02" "\01f" "\00\00" "\01g" "\00\01")
  "unknown type")
(assert_invalid
  (module binary
    "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f"
    "\02\09\01" "\00\00" "\7e" "\00\01" "\01" "\01f")
  "unknown type")

;; Text: the items of a group all have types of their own or none has, and only the former have names for the module.
(assert_malformed
  (module quote "(import \"\" (item \"f\" (func (result i32))) (item \"f\"))")
  "unexpected token")
(assert_malformed
  (module quote "(import \"\" (item \"f\") (item \"f\" (func (result i32))))")
  "unexpected token")
(assert_malformed
  (module quote "(import \"\" (item \"f\" (func (result i32))) (func (result i32)))")
  "unexpected token")
(assert_malformed
  (module quote "(import \"\" (item \"f\") (item \"f\"))")
  "unexpected token")
(assert_malformed
  (module quote "(import \"\" (item \"f\") (func $name (result i32)))")
  "identifier not allowed")
(assert_malformed
  (module quote "(import \"\" (global $name i32))")
  "identifier not allowed")
