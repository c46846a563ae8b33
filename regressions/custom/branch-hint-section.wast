;;! [bug]
;;! id = "branch-hint-section"
;;! layer = "decode"
;;! source = "WebAssembly/branch-hinting, Branch Hint section"
;;! expect = "a section of branch hints is refused for the rule that it breaks, and a module that has it is compiled all the same"

;; The section is a list of functions with the offsets of their hinted branches. Engines take offsets from other origins
;; (the code section, the first instruction) or trust them unread; and some have refused the module for what is only a
;; custom section.
;;
;; Red when: compiler/src/parse/custom/hints.rs: `decode` does not compare with the hint before; `check` finds instructions
;; by their offset in the module.

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1
  "\00\23\19metadata.code.branch_hint\01\01\02\07\01\00\0b\01\01"  ;; hints
  "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
)

(module binary
  "\00asm\01\00\00\00"
  "\00\23\19metadata.code.branch_hint\01\01\02\07\01\00\0b\01\01"  ;; hints, in front of the types
  "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1
  "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
)

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1
  "\00\1b\19metadata.code.branch_hint\00"  ;; no function
  "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
)

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1
  "\00\1d\19metadata.code.branch_hint\01\01\00"  ;; no hint
  "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
)

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\01\01\07\01\02"  ;; value 2
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: malformed value of a hint")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\1f\19metadata.code.branch_hint\01\01\01\07\00"  ;; size 0
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: malformed size of a hint")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\21\19metadata.code.branch_hint\01\01\01\07\02\00\00"  ;; size 2
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: malformed size of a hint")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\23\19metadata.code.branch_hint\01\01\02\07\01\00\07\01\00"  ;; two hints for one offset
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: duplicate hint")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\23\19metadata.code.branch_hint\01\01\02\0b\01\00\07\01\00"  ;; descending offsets
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: hints out of order")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\25\19metadata.code.branch_hint\02\01\01\07\01\00\01\01\0b\01\00"  ;; function 1 twice
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: duplicate function")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\22\19metadata.code.branch_hint\02\01\01\07\01\00\00\00"  ;; function 1 before function 0
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: functions out of order")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\01\02\07\01\00"  ;; promises two hints
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: unexpected end")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\1a\19metadata.code.branch_hint"  ;; empty
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: unexpected end")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\21\19metadata.code.branch_hint\01\01\01\07\01\00\00"  ;; a byte too many
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: section size mismatch")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\25\19metadata.code.branch_hint\01\01\01\80\80\80\80\80\00\01\00"  ;; an offset of six bytes
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: invalid var_u32")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
    "\00\23\19metadata.code.branch_hint\01\01\02\07\01\00\0b\01\01"  ;; behind the code
  )
  "@metadata.code.branch_hint section: misplaced behind the code")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\23\19metadata.code.branch_hint\01\01\02\07\01\00\0b\01\01"
    "\00\23\19metadata.code.branch_hint\01\01\02\07\01\00\0b\01\01"  ;; once more
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint section: duplicate section")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\01\01\03\01\01"  ;; a block
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: invalid target")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\01\01\05\01\01"  ;; a local.get
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: invalid target")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\01\01\08\01\01"  ;; within br_if
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: invalid target")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\01\01\00\01\01"  ;; the declaration of locals
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: invalid target")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\01\01\11\01\01"  ;; an end
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: invalid target")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\01\01\19\01\01"  ;; beyond the body
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: invalid target")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\23\19metadata.code.branch_hint\01\01\02\07\01\01\09\01\01"  ;; the second one
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: invalid target")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\00\01\07\01\01"  ;; imported function
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: imported function")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\20\19metadata.code.branch_hint\01\02\01\07\01\01"  ;; no such function
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: unknown function")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1
    "\00\25\19metadata.code.branch_hint\02\01\02\07\01\00\0b\01\01\02\00"  ;; good hints, then no such function
    "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
  )
  "@metadata.code.branch_hint annotation: unknown function")

;; A module that does not decode, or is not valid, is refused for that first; and its custom sections are ignored when it is
;; compiled, whatever they hold.

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1
  "\07\05\01\01\66\00\01"  ;; export "f"
  "\00\20\19metadata.code.branch_hint\01\01\01\07\01\02"  ;; value 2
  "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
)
(assert_return (invoke "f" (i32.const 0)) (i32.const 0))
(assert_return (invoke "f" (i32.const 7)) (i32.const 7))

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1
  "\07\05\01\01\66\00\01"  ;; export "f"
  "\00\20\19metadata.code.branch_hint\01\01\01\01\01\01"  ;; an invalid target
  "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
)
(assert_return (invoke "f" (i32.const 0)) (i32.const 0))
(assert_return (invoke "f" (i32.const 7)) (i32.const 7))

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1
  "\07\05\01\01\66\00\01"  ;; export "f"
  "\00\20\19metadata.code.branch_hint\01\09\01\01\01\01"  ;; no such function
  "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
)
(assert_return (invoke "f" (i32.const 0)) (i32.const 0))
(assert_return (invoke "f" (i32.const 7)) (i32.const 7))

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\01\7f\01\7f\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1
  "\07\05\01\01\66\00\01"  ;; export "f"
  "\00\1c\19metadata.code.branch_hint\01\01"  ;; cut off
  "\0a\14\01\12\01\01\7e\02\40\20\00\0d\00\20\00\04\40\0b\0b\20\00\0b"  ;; br_if at 7, if at 11
)
(assert_return (invoke "f" (i32.const 0)) (i32.const 0))
(assert_return (invoke "f" (i32.const 7)) (i32.const 7))
