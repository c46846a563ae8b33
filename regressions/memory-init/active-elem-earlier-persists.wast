;;! [bug]
;;! id = "active-elem-earlier-persists"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 2.0, instantiation; wasmtime, partial-init-table-segment"
;;! expect = "trap at the second segment; what the first wrote to the imported table stays"

;; An engine that checks all active segments before it writes any, as WebAssembly 1.0 had it, or that takes
;; the writes back, leaves the imported table as it was.
;;
;; Red when: runtime/src/init.rs: `segments` checks all active segments before it writes any.

(module $owner
  (table (export "table") 4 funcref)
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at))))
(register "owner" $owner)

(assert_trap
  (module
    (table (import "owner" "table") 4 funcref)
    (func $one (result i32) (i32.const 1))
    (elem (i32.const 0) func $one)
    (elem (i32.const 4) func $one)
    (elem (i32.const 1) func $one))
  "out of bounds table access")

(assert_return (invoke $owner "call" (i32.const 0)) (i32.const 1))
;; The third segment's turn never came.
(assert_trap (invoke $owner "call" (i32.const 1)) "uninitialized element")
