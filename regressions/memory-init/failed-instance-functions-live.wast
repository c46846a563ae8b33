;;! [bug]
;;! id = "failed-instance-functions-live"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 2.0, instantiation"
;;! expect = "a function that a failed instantiation left in a table works, with its globals and memory"

;; An engine that frees an instance because its instantiation trapped, or never completes it, leaves a
;; function in the table that runs on memory that is gone.
;;
;; Red when: runtime/src/init.rs: `Store::instantiate` frees the instance when its segments trap, instead of
;; keeping it in the store.

(module $owner
  (table (export "table") 4 funcref)
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at))))
(register "owner" $owner)

(assert_trap
  (module
    (table (import "owner" "table") 4 funcref)
    (memory 1)
    (global $calls (mut i32) (i32.const 0))
    (func $count (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (i32.store8 (i32.const 100) (global.get $calls))
      (i32.load (i32.const 100)))
    (elem (i32.const 0) func $count)
    (elem (i32.const 4) func $count)
    (data (i32.const 101) "\ff"))
  "out of bounds table access")

;; The data segment's turn never came, so byte 101 is 0.
(assert_return (invoke $owner "call" (i32.const 0)) (i32.const 1))
(assert_return (invoke $owner "call" (i32.const 0)) (i32.const 2))

;; The same after other modules have come and gone.
(module (memory 1) (data (i32.const 0) "something else") (func (export "f")))
(assert_return (invoke "f"))
(assert_return (invoke $owner "call" (i32.const 0)) (i32.const 3))
