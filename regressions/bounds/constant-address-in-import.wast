;;! [bug]
;;! id = "constant-address-in-import"
;;! layer = "translate"
;;! source = "WebAssembly core specification 3.0, import matching; elided bounds checks"
;;! expect = "an imported memory has at least the declared minimum and may have more; only the former is known"

;; The declared minimum of an import is what is known of it, and not the size that the exporter declares.
;;
;; Red when: compiler/src/translate/known.rs: `is_known_within` looks at the first memory's minimum, or takes the
;; declared maximum.

(module $exporter
  (memory (export "one") 1 3)
  (memory (export "three") 3)
  (func (export "grow") (result i32) (memory.grow 0 (i32.const 1))))
(register "exporter" $exporter)

(module $importer
  (import "exporter" "three" (memory $three 3))
  (import "exporter" "one" (memory $one 1 3))
  (func (export "three-last") (result i32) (i32.load $three (i32.const 196604)))
  (func (export "three-beyond") (result i32) (i32.load $three (i32.const 196605)))
  (func (export "one-last") (result i32) (i32.load $one (i32.const 65532)))
  (func (export "one-beyond") (result i32) (i32.load $one (i32.const 65533)))
  (func (export "one-far") (result i32) (i32.load $one (i32.const 131068))))

(assert_return (invoke "three-last") (i32.const 0))
(assert_trap (invoke "three-beyond") "out of bounds memory access")
(assert_return (invoke "one-last") (i32.const 0))
(assert_trap (invoke "one-beyond") "out of bounds memory access")
(assert_trap (invoke "one-far") "out of bounds memory access")
(assert_return (invoke $exporter "grow") (i32.const 1))
(assert_return (invoke "one-beyond") (i32.const 0))
(assert_return (invoke "one-far") (i32.const 0))

;; What is smaller than the minimum is not an import at all.
(assert_unlinkable
  (module (import "exporter" "one" (memory 3)) (func (drop (i32.load (i32.const 196604)))))
  "incompatible import type")
