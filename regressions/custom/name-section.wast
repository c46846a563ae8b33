;;! [bug]
;;! id = "name-section"
;;! layer = "decode"
;;! source = "WebAssembly core specification 3.0, appendix, Name Section; WebAssembly/extended-name-section"
;;! expect = "a name section is refused for the rule that it breaks, and a module that has it is compiled all the same"

;; Names are read by nearly every engine, for traces, and checked by nearly none.
;;
;; Red when: compiler/src/parse/custom/names.rs: `index` does not compare with the index before; compiler/src/parse/custom/
;; spaces.rs: `locals` leaves out the parameters.

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1 has two parameters
  "\04\04\01\70\00\01"  ;; a table
  "\05\03\01\00\01"  ;; a memory
  "\0d\03\01\00\00"  ;; a tag
  "\06\06\01\7f\00\41\00\0b"  ;; a global
  "\09\04\01\01\00\00"  ;; an element segment
  "\0c\01\01"  ;; one data segment
  "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
  "\0b\03\01\01\00"  ;; a data segment
  "\00\83\01\04name\00\07\06module\01\07\02\00\01\66\01\01\67\02\0f\01\01\03\00\01\70\01\01\71\04\04last\03\11\01\01\02\00\05outer\01\05inner\04\07\02\00\01\74\01\01\75\05\08\01\00\05table\06\09\01\00\06memory\07\09\01\00\06global\08\07\01\00\04elem\09\07\01\00\04data\0b\06\01\00\03tagd\03\01\02\03"  ;; all names
)

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1 has two parameters
  "\04\04\01\70\00\01"  ;; a table
  "\05\03\01\00\01"  ;; a memory
  "\0d\03\01\00\00"  ;; a tag
  "\06\06\01\7f\00\41\00\0b"  ;; a global
  "\09\04\01\01\00\00"  ;; an element segment
  "\0c\01\01"  ;; one data segment
  "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
  "\0b\03\01\01\00"  ;; a data segment
  "\00\05\04name"  ;; no names
)

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1 has two parameters
  "\04\04\01\70\00\01"  ;; a table
  "\05\03\01\00\01"  ;; a memory
  "\0d\03\01\00\00"  ;; a tag
  "\06\06\01\7f\00\41\00\0b"  ;; a global
  "\09\04\01\01\00\00"  ;; an element segment
  "\0c\01\01"  ;; one data segment
  "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
  "\0b\03\01\01\00"  ;; a data segment
  "\00\08\04name\01\01\00"  ;; an empty map
)

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1 has two parameters
  "\04\04\01\70\00\01"  ;; a table
  "\05\03\01\00\01"  ;; a memory
  "\0d\03\01\00\00"  ;; a tag
  "\06\06\01\7f\00\41\00\0b"  ;; a global
  "\09\04\01\01\00\00"  ;; an element segment
  "\0c\01\01"  ;; one data segment
  "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
  "\0b\03\01\01\00"  ;; a data segment
  "\00\17\04name\01\07\01\01\04same\05\07\01\00\04same"  ;; one name twice
  "\00\07\05other\01"  ;; another section behind it
)

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0d\04name\00\02\01\61\00\02\01\62"  ;; module twice
  )
  "@name section: duplicate subsection")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0c\04name\01\01\00\00\02\01\62"  ;; functions before the module
  )
  "@name section: subsections out of order")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0e\04name\01\07\02\01\01\61\01\01\62"  ;; function 1 twice
  )
  "@name section: duplicate name")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0e\04name\01\07\02\01\01\61\00\01\62"  ;; function 1 before function 0
  )
  "@name section: names out of order")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0c\04name\02\05\02\01\00\01\00"  ;; locals of function 1 twice
  )
  "@name section: duplicate name")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\10\04name\02\09\01\01\02\01\01\61\00\01\62"  ;; local 1 before local 0
  )
  "@name section: names out of order")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\09\04name\00\02\01\ff"  ;; not UTF-8
  )
  "@name section: malformed UTF-8 encoding")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0c\04name\07\05\01\00\02\c0\80"  ;; not UTF-8, in a map
  )
  "@name section: malformed UTF-8 encoding")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\00\04\05abc"  ;; a name that is cut off
  )
  "@name section: unexpected end")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\08\04name\01\09\01"  ;; a subsection that is cut off
  )
  "@name section: unexpected end")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\01\04\02\00\01\61"  ;; two names promised
  )
  "@name section: unexpected end")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0c\04name\01\05\01\00\01\61\00"  ;; a byte too many
  )
  "@name section: subsection size mismatch")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\09\04name\00\02\01\61"
    "\00\09\04name\00\02\01\62"  ;; once more
  )
  "@name section: duplicate section")

(assert_malformed_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\00\09\04name\00\02\01\61"  ;; in front of the data
    "\0b\03\01\01\00"  ;; a data segment
  )
  "@name section: misplaced")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\01\04\01\02\01\61"
  )
  "@name annotation: unknown function")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\04\04\01\02\01\61"
  )
  "@name annotation: unknown type")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\05\04\01\01\01\61"
  )
  "@name annotation: unknown table")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\06\04\01\01\01\61"
  )
  "@name annotation: unknown memory")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\07\04\01\01\01\61"
  )
  "@name annotation: unknown global")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\08\04\01\01\01\61"
  )
  "@name annotation: unknown elem segment")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\09\04\01\01\01\61"
  )
  "@name annotation: unknown data segment")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0b\04name\0b\04\01\01\01\61"
  )
  "@name annotation: unknown tag")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0d\04name\02\06\01\00\01\00\01\61"  ;; of an imported function without parameters
  )
  "@name annotation: unknown local")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0d\04name\02\06\01\01\01\05\01\61"  ;; behind the last local
  )
  "@name annotation: unknown local")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0a\04name\02\03\01\02\00"
  )
  "@name annotation: unknown function")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0d\04name\03\06\01\01\01\02\01\61"
  )
  "@name annotation: unknown label")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\1e\04name\02\11\02\00\00\01\03\00\01\70\01\01\71\04\04last\04\04\01\02\01\61"  ;; good locals, then no such type
  )
  "@name annotation: unknown type")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\81\01\04name\00\07\06module\01\07\02\00\01\66\01\01\67\02\0f\01\01\03\00\01\70\01\01\71\04\04last\03\11\01\01\02\00\05outer\01\05inner\04\07\02\00\01\74\01\01\75\05\08\01\00\05table\06\09\01\00\06memory\07\09\01\00\06global\08\07\01\00\04elem\09\07\01\00\04data\0b\09\02\00\03tag\01\01\61"  ;; all good names, then no such tag
  )
  "@name annotation: unknown tag")

(assert_invalid_custom
  (module binary
    "\00asm\01\00\00\00"
    "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
    "\03\02\01\01"  ;; function 1 has two parameters
    "\04\04\01\70\00\01"  ;; a table
    "\05\03\01\00\01"  ;; a memory
    "\0d\03\01\00\00"  ;; a tag
    "\06\06\01\7f\00\41\00\0b"  ;; a global
    "\09\04\01\01\00\00"  ;; an element segment
    "\0c\01\01"  ;; one data segment
    "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
    "\0b\03\01\01\00"  ;; a data segment
    "\00\0d\04name\0a\06\01\01\01\00\01\61"  ;; of a function type
  )
  "@name annotation: unknown field")

;; Compiled, such a module is as good as any other.

(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1 has two parameters
  "\04\04\01\70\00\01"  ;; a table
  "\05\03\01\00\01"  ;; a memory
  "\0d\03\01\00\00"  ;; a tag
  "\06\06\01\7f\00\41\00\0b"  ;; a global
  "\09\04\01\01\00\00"  ;; an element segment
  "\0c\01\01"  ;; one data segment
  "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
  "\0b\03\01\01\00"  ;; a data segment
  "\00\0b\04name\01\04\01\09\01\61"  ;; no such function
)
(module binary
  "\00asm\01\00\00\00"
  "\01\09\02\60\00\00\60\02\7f\7f\00\02\12\01\08spectest\05print\00\00"  ;; types, function 0 is imported
  "\03\02\01\01"  ;; function 1 has two parameters
  "\04\04\01\70\00\01"  ;; a table
  "\05\03\01\00\01"  ;; a memory
  "\0d\03\01\00\00"  ;; a tag
  "\06\06\01\7f\00\41\00\0b"  ;; a global
  "\09\04\01\01\00\00"  ;; an element segment
  "\0c\01\01"  ;; one data segment
  "\0a\0c\01\0a\01\03\7f\02\40\03\40\0b\0b\0b"  ;; three locals, two blocks
  "\0b\03\01\01\00"  ;; a data segment
  "\00\08\04name\01\09\01"  ;; cut off
)
