;;! [bug]
;;! id = "active-data-earlier-persists"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 2.0, instantiation; wasmtime, partial-init-memory-segment"
;;! expect = "trap at the second segment; what the first wrote to the imported memory stays"

;; An engine that checks all active segments before it writes any, as WebAssembly 1.0 had it, or that takes
;; the writes back, leaves the imported memory as it was.
;;
;; Red when: runtime/src/init.rs: `segments` checks all active segments before it writes any.

(module $owner
  (memory (export "memory") 1)
  (func (export "word") (param $at i32) (result i32) (i32.load (local.get $at))))
(register "owner" $owner)

(assert_trap
  (module
    (memory (import "owner" "memory") 1)
    (data (i32.const 16) "abcd")
    (data (i32.const 65536) "e")
    (data (i32.const 32) "efgh"))
  "out of bounds memory access")

(assert_return (invoke $owner "word" (i32.const 16)) (i32.const 0x6463_6261))
;; The third segment's turn never came.
(assert_return (invoke $owner "word" (i32.const 32)) (i32.const 0))
