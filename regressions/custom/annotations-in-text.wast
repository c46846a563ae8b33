;;! [bug]
;;! id = "annotations-in-text"
;;! layer = "decode"
;;! source = "WebAssembly core specification 3.0, appendix, Custom Sections and Annotations; WebAssembly/branch-hinting"
;;! expect = "an annotation that is malformed or misplaced is refused for the rule that it breaks, and only if nothing else is wrong"

;; Parsers that know an annotation refuse it with whatever they expected in its place, and those that do not know it skip it.
;; A script that asks for a malformed custom section is then satisfied by any refusal of the text, or by none.
;;
;; Red when: runner/src/script/annotations/context.rs: `pass` keeps `nameable` behind other tokens; `check` does not look at
;; the annotation before.

;; Where they belong.
(module quote
  "(module $m (@name \"M\")"
  "  (@custom \"a\" \"1\" \"2\") (@custom \"b\" (before first) \"3\") (@custom \"c\" (after last)) (@custom \"d\" (before code))"
  "  (type $t (@name \"T\") (func (param i32) (result i32)))"
  "  (import \"spectest\" \"print_i32\" (func $p (@name \"P\") (param i32)))"
  "  (memory $mem (@name \"Mem\") 1) (table $tab (@name \"Tab\") 1 funcref) (global $g (@name \"G\") i32 (i32.const 0))"
  "  (tag $e (@name \"E\")) (elem $el (@name \"El\") func) (data $d (@name \"D\") \"x\")"
  "  (@unknown (@custom) (@name) (unbalanced \"(\"))"
  "  (func $f (@name \"F\") (export \"f\") (param $x (@name \"X\") i32) (result i32) (local $l (@name \"L\") i32)"
  "    (block $b (@name \"B\")"
  "      (@metadata.code.branch_hint \"\\00\") (br_if $b (local.get $x))"
  "      local.get $x (@unknown) (@metadata.code.branch_hint \"\\01\") (;hint;) if $c (@name \"C\") end)"
  "    (@metadata.code.branch_hint \"\\01\")"
  "    (if (result i32) (local.get $x) (then (i32.const 1)) (else (i32.const 2)))))")
(assert_return (invoke "f" (i32.const 0)) (i32.const 2))
(assert_return (invoke "f" (i32.const 5)) (i32.const 1))

;; Custom sections.
(assert_malformed_custom (module quote "(module (@custom))") "@custom annotation: missing section name")
(assert_malformed_custom (module quote "(@custom (before code) \"a\")") "@custom annotation: missing section name")
(assert_malformed_custom (module quote "(@custom \"a\\c0\")") "@custom annotation: malformed UTF-8 encoding")
(assert_malformed_custom (module quote "(@custom \"a\" \"b\" (before code))") "@custom annotation: unexpected token")
(assert_malformed_custom (module quote "(@custom \"a\" (before code) 1)") "@custom annotation: unexpected token")
(assert_malformed_custom (module quote "(@custom \"a\" (before code code))") "@custom annotation: unexpected token")
(assert_malformed_custom (module quote "(@custom \"a\" $id)") "@custom annotation: unexpected token")
(assert_malformed_custom (module quote "(@custom \"a\" ())") "@custom annotation: malformed placement")
(assert_malformed_custom (module quote "(@custom \"a\" (\"before\" code))") "@custom annotation: malformed placement")
(assert_malformed_custom (module quote "(@custom \"a\" (before))") "@custom annotation: malformed section kind")
(assert_malformed_custom (module quote "(@custom \"a\" (before last))") "@custom annotation: malformed section kind")
(assert_malformed_custom (module quote "(@custom \"a\" (after first))") "@custom annotation: malformed section kind")
(assert_malformed_custom (module quote "(module (memory (@custom \"a\") 1))") "misplaced @custom annotation")
(assert_malformed_custom (module quote "(func (result i32) (i32.const (@custom \"a\") 1))") "misplaced @custom annotation")
(assert_malformed_custom (module quote "(module (func (block) (@custom \"a\")))") "misplaced @custom annotation")

;; Names.
(assert_malformed_custom (module quote "(module (@name))") "@name annotation: missing name")
(assert_malformed_custom (module quote "(module (@name x))") "@name annotation: missing name")
(assert_malformed_custom (module quote "(module (@name \"a\" \"b\"))") "@name annotation: unexpected token")
(assert_malformed_custom (module quote "(func (@name \"\\80\"))") "@name annotation: malformed UTF-8 encoding")
(assert_malformed_custom (module quote "(module $m (@name \"a\") (@name \"b\"))") "@name annotation: multiple module")
(assert_malformed_custom (module quote "(func $f (@name \"a\") (@name \"b\"))") "@name annotation: multiple function")
(assert_malformed_custom (module quote "(memory (@name \"a\") (@name \"b\") 1)") "@name annotation: multiple memory")
(assert_malformed_custom (module quote "(func (nop) (@name \"a\"))") "misplaced @name annotation")
(assert_malformed_custom (module quote "(func (export \"f\") (@name \"a\"))") "misplaced @name annotation")
(assert_malformed_custom (module quote "(memory 1 (@name \"a\"))") "misplaced @name annotation")
(assert_malformed_custom (module quote "(func $f) (export \"f\" (@name \"a\") (func $f))") "misplaced @name annotation")

;; Branch hints.
(assert_malformed_custom
  (module quote "(func (param i32) (@metadata.code.branch_hint) (if (local.get 0) (then)))")
  "@metadata.code.branch_hint annotation: missing value")
(assert_malformed_custom
  (module quote "(func (param i32) (@metadata.code.branch_hint \"\\02\") (if (local.get 0) (then)))")
  "@metadata.code.branch_hint annotation: malformed value")
(assert_malformed_custom
  (module quote "(func (param i32) (@metadata.code.branch_hint \"1\") (if (local.get 0) (then)))")
  "@metadata.code.branch_hint annotation: malformed value")
(assert_malformed_custom
  (module quote "(func (param i32) (@metadata.code.branch_hint \"\\01\\01\") (if (local.get 0) (then)))")
  "@metadata.code.branch_hint annotation: malformed value")
(assert_malformed_custom
  (module quote "(func (param i32) (@metadata.code.branch_hint \"\\01\" 1) (if (local.get 0) (then)))")
  "@metadata.code.branch_hint annotation: unexpected token")
(assert_malformed_custom
  (module quote "(module (func (param i32) (local.get 0)"
    "(@metadata.code.branch_hint \"\\01\") (@metadata.code.branch_hint \"\\00\") if end))")
  "@metadata.code.branch_hint annotation: duplicate annotation")
(assert_malformed_custom
  (module quote "(@metadata.code.branch_hint \"\\01\") (func)")
  "@metadata.code.branch_hint annotation: not in a function")
(assert_malformed_custom
  (module quote "(module (global i32 (@metadata.code.branch_hint \"\\01\") (i32.const 1)))")
  "@metadata.code.branch_hint annotation: not in a function")
(assert_malformed_custom
  (module quote "(module (type (func (@metadata.code.branch_hint \"\\01\") (param i32))))")
  "@metadata.code.branch_hint annotation: not in a function")
(assert_malformed_custom
  (module quote "(module (func (nop) (@metadata.code.branch_hint \"\\01\")))")
  "misplaced @metadata.code.branch_hint annotation")
(assert_malformed_custom
  (module quote "(func (param i32) (if (local.get 0) (@metadata.code.branch_hint \"\\01\") (then)))")
  "misplaced @metadata.code.branch_hint annotation")

;; A hint in the right place before the wrong instruction is one that does not validate, and so is a wrong target of a hint
;; in a valid function only.
(assert_invalid_custom
  (module quote "(func (param i32) (@metadata.code.branch_hint \"\\01\") (drop (local.get 0)))")
  "@metadata.code.branch_hint annotation: invalid target")
(assert_invalid_custom
  (module quote "(func (param i32) (@metadata.code.branch_hint \"\\01\") (block (br_if 0 (local.get 0))))")
  "@metadata.code.branch_hint annotation: invalid target")
(assert_invalid_custom
  (module quote "(func (param i32) (block (@metadata.code.branch_hint \"\\00\") (br_table 0 1 (local.get 0))))")
  "@metadata.code.branch_hint annotation: invalid target")
(assert_invalid_custom
  (module (func (param i32) (result i32) (@metadata.code.branch_hint "\00") (if (result i32) (local.get 0)
    (then (i32.const 1)) (else (i32.const 2))) (@metadata.code.branch_hint "\00") (return)))
  "@metadata.code.branch_hint annotation: invalid target")
