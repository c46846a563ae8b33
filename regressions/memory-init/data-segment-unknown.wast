;;! [bug]
;;! id = "data-segment-unknown"
;;! layer = "validation"
;;! source = "WebAssembly/wabt#1297, WebAssembly/wabt#2310"
;;! expect = "invalid: memory.init and data.drop of a segment that does not exist"

;; An engine that does not check the index in the module's code looks up a segment that is not there when the
;; code runs.
;;
;; Red when: compiler/src/parse/mod.rs: `validate` leaves out the function bodies.

(assert_invalid
  (module
    (memory 1)
    (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown data segment")

(assert_invalid
  (module
    (memory 1)
    (data "a")
    (func (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 0))))
  "unknown data segment")

(assert_invalid
  (module
    (memory 1)
    (func (data.drop 0)))
  "unknown data segment")

;; This function is never called: the module is invalid all the same.
(assert_invalid
  (module
    (memory 1)
    (data "a")
    (func (unreachable) (data.drop 0x7fff_ffff)))
  "unknown data segment")
