;;! [bug]
;;! id = "active-elem-trap-writes-nothing"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 2.0, instantiation"
;;! expect = "trap, and nothing of the segment that does not fit is written"

;; An engine that writes an active segment as far as it fits leaves a part of it in the imported table.
;;
;; Red when: runtime/src/table.rs: `StoreInner::table_init` copies what fits before it reports that not all
;; does.

(module $owner
  (table (export "table") 4 funcref)
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at))))
(register "owner" $owner)

(assert_trap
  (module
    (table (import "owner" "table") 4 funcref)
    (func $one (result i32) (i32.const 1))
    (elem (i32.const 2) func $one $one $one))
  "out of bounds table access")
(assert_trap (invoke $owner "call" (i32.const 2)) "uninitialized element")
(assert_trap (invoke $owner "call" (i32.const 3)) "uninitialized element")

;; The offset is unsigned, and the sum of offset and length does not wrap.
(assert_trap
  (module
    (table (import "owner" "table") 4 funcref)
    (func $one (result i32) (i32.const 1))
    (elem (i32.const -1) func $one $one))
  "out of bounds table access")
(assert_trap (invoke $owner "call" (i32.const 0)) "uninitialized element")

;; One element less fits.
(module
  (table (import "owner" "table") 4 funcref)
  (func $one (result i32) (i32.const 1))
  (elem (i32.const 2) func $one $one))
(assert_return (invoke $owner "call" (i32.const 3)) (i32.const 1))
