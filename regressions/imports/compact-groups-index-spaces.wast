;;! [bug]
;;! id = "compact-groups-index-spaces"
;;! layer = "decode"
;;! source = "WebAssembly/compact-import-section, phase 4; WebAssembly core specification 3.0, Import Section"
;;! expect = "each item of a group takes the next index of its own kind, empty groups take none, and all are looked up in the group's module"

;; One entry of the import section may be a group: a module name and any number of items, each with a type of its own
;; (encoding 1) or all with the same one (encoding 2). An engine that counts entries where it has to count items gives
;; every later function a wrong index; one that skips empty groups by their bytes loses its place in the section.
;;
;; Red when: compiler/src/parse/mod.rs: `imports` takes only the first import of each entry.

(module
  (func (export "one") (result i32) (i32.const 1))
  (func (export "two") (result i32) (i32.const 2))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "wide") (result i64) (i64.const 0x1_0000_0000))
  (global (export "three") i32 (i32.const 3))
  (global (export "four") i32 (i32.const 4))
  (global (export "count") (mut i32) (i32.const 0))
  (table (export "small") 5 funcref)
  (table (export "large") 6 funcref)
  (memory (export "low") 1 9)
  (memory (export "high") 2 9)
  (tag (export "thrown") (param i32))
  (tag (export "kept") (param i32)))
(register "supplier")
(module
  (func (export "one") (result i32) (i32.const 100)))
(register "other")

;; Kinds in turn within one group of encoding 1; single imports between groups; own definitions after all.
(module
  (import "supplier"
    (item "one" (func $one (result i32)))
    (item "three" (global $three i32))
    (item "small" (table $small 5 funcref))
    (item "two" (func $two (result i32)))
    (item "thrown" (tag $thrown (param i32)))
    (item "count" (global $count (mut i32)))
    (item "low" (memory $low 1 9)))
  (import "other" "one" (func $other (result i32)))
  (import "supplier" (item "kept") (item "thrown") (tag (param i32)))
  (import "supplier" (item "four") (item "three") (item "four") (global i32))
  (func $own (result i32) (i32.const 1000))
  (global $own i32 (i32.const 10))

  (func (export "call") (param i32) (result i32)
    (block $own (block $other (block $two (block $one
      (br_table $one $two $other $own (local.get 0)))
      (return (call 0))) (return (call 1))) (return (call 2)))
    (call 3))
  (func (export "global") (param i32) (result i32)
    (block $own (block $four (block $three (block $again (block $count (block $zero
      (br_table $zero $count $again $three $four $own (local.get 0)))
      (return (global.get 0)))
      (global.set 1 (i32.add (global.get 1) (i32.const 1)))
      (return (global.get 1)))
      (return (global.get 2))) (return (global.get 3))) (return (global.get 4)))
    (global.get 5))
  ;; Tag 0 and tag 2 are one tag, tag 1 is another.
  (func (export "catch") (param i32) (result i32)
    (block $first (result i32)
      (block $second (result i32)
        (try_table (catch 1 $second) (catch 2 $first)
          (if (local.get 0) (then (throw 0 (i32.const 7))) (else (throw 1 (i32.const 8)))))
        (unreachable))
      (return (i32.add (i32.const 20))))
    (i32.add (i32.const 10)))
  (func (export "sizes") (result i32) (i32.add (table.size 0) (memory.size 0))))

(assert_return (invoke "call" (i32.const 0)) (i32.const 1))
(assert_return (invoke "call" (i32.const 1)) (i32.const 2))
(assert_return (invoke "call" (i32.const 2)) (i32.const 100))
(assert_return (invoke "call" (i32.const 3)) (i32.const 1000))
(assert_return (invoke "global" (i32.const 0)) (i32.const 3))
(assert_return (invoke "global" (i32.const 1)) (i32.const 1))
(assert_return (invoke "global" (i32.const 1)) (i32.const 2))
(assert_return (invoke "global" (i32.const 2)) (i32.const 4))
(assert_return (invoke "global" (i32.const 3)) (i32.const 3))
(assert_return (invoke "global" (i32.const 4)) (i32.const 4))
(assert_return (invoke "global" (i32.const 5)) (i32.const 10))
(assert_return (invoke "catch" (i32.const 1)) (i32.const 17))
(assert_return (invoke "catch" (i32.const 0)) (i32.const 28))
(assert_return (invoke "sizes") (i32.const 6))

;; Groups of one type, for each kind that has no use above.
(module
  (import "supplier" (item "small") (item "large") (table 5 funcref))
  (import "supplier" (item "low") (item "high") (memory 1 9))
  (func (export "sizes") (result i32)
    (i32.add
      (i32.mul (i32.const 1000) (i32.add (i32.mul (i32.const 10) (table.size 0)) (table.size 1)))
      (i32.add (i32.mul (i32.const 10) (memory.size 0)) (memory.size 1)))))
(assert_return (invoke "sizes") (i32.const 56012))

;; Empty groups in front, between and behind; a module that does not exist is not missed by an empty group.
(module
  (import "nowhere")
  (import "supplier" (item "two" (func (result i32))))
  (import "nowhere" (func (param i64 i64)))
  (import "supplier" (item "one") (func (result i32)))
  (import "supplier" (memory 70000 70000))
  (func (export "difference") (result i32) (i32.sub (call 0) (call 1)))
  ;; The type that an empty group mentions is defined all the same.
  (func (type 1) (nop)))
(assert_return (invoke "difference") (i32.const 1))

;; The same through the binary: encoding 1, an empty encoding 2, a single import, encoding 2.
(module binary
  "\00asm" "\01\00\00\00"
  "\01\0b\02" "\60\00\01\7f" "\60\02\7f\7f\01\7f"  ;; types: [] -> [i32], [i32 i32] -> [i32]
  "\02\42\04"                                      ;; import section, 4 entries
  "\08supplier" "\00\7f" "\02"                     ;;   encoding 1, 2 items
  "\03add" "\00\01"                                ;;     function 0: type 1
  "\05three" "\03\7f\00"                           ;;     global 0
  "\01x" "\00\7e" "\04\00\00" "\00"                ;;   encoding 2, no item, a tag type
  "\05other" "\03one" "\00\00"                     ;;   function 1: type 0
  "\08supplier" "\00\7e" "\00\00" "\01"            ;;   encoding 2, type 0, 1 item
  "\03two"                                         ;;     function 2
  "\03\02\01\00"                                   ;; function 3: type 0
  "\07\07\01\03sum\00\03"                          ;; export "sum"
  "\0a\0e\01\0c\00"                                ;; code
  "\10\01" "\10\02" "\10\00" "\23\00" "\10\00" "\0b"  ;;   add(add(one, two), global 0)
)
(assert_return (invoke "sum") (i32.const 105))

;; What does not link says which item, and nothing of the group is imported.
(assert_unlinkable
  (module (import "supplier" (item "one") (item "three") (func (result i32))))
  "incompatible import type")
(assert_unlinkable
  (module (import "supplier" (item "one" (func (result i32))) (item "none" (func (result i32)))))
  "unknown import")
(assert_unlinkable
  (module (import "supplier" (item "one") (item "wide") (func (result i32))))
  "incompatible import type")
(assert_unlinkable
  (module (import "supplier" (item "small") (item "large") (table 6 funcref)))
  "incompatible import type")
(assert_unlinkable
  (module (import "nowhere") (import "nowhere" (item "one" (func (result i32)))))
  "unknown import")
