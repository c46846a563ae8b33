;;! [bug]
;;! id = "active-elem-before-data"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 2.0, instantiation"
;;! expect = "all element segments first, then all data segments, then the start function"

;; An engine with another order leaves other traces when one of the steps traps.
;;
;; Red when: runtime/src/init.rs: `segments` writes data segments before element segments.

(module $owner
  (table (export "table") 4 funcref)
  (memory (export "memory") 1)
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at)))
  (func (export "byte") (param $at i32) (result i32) (i32.load8_u (local.get $at))))
(register "owner" $owner)

;; A data segment does not fit: the elements are there.
(assert_trap
  (module
    (table (import "owner" "table") 4 funcref)
    (memory (import "owner" "memory") 1)
    (func $one (result i32) (i32.const 1))
    (data (i32.const 65536) "a")
    (elem (i32.const 0) func $one))
  "out of bounds memory access")
(assert_return (invoke $owner "call" (i32.const 0)) (i32.const 1))

;; An element segment does not fit: the data is not there.
(assert_trap
  (module
    (table (import "owner" "table") 4 funcref)
    (memory (import "owner" "memory") 1)
    (func $two (result i32) (i32.const 2))
    (data (i32.const 0) "b")
    (elem (i32.const 4) func $two))
  "out of bounds table access")
(assert_return (invoke $owner "byte" (i32.const 0)) (i32.const 0))

;; Neither fits: the table's trap is the one.
(assert_trap
  (module
    (table (import "owner" "table") 4 funcref)
    (memory (import "owner" "memory") 1)
    (func $three (result i32) (i32.const 3))
    (data (i32.const 65536) "c")
    (elem (i32.const 4) func $three))
  "out of bounds table access")

;; The start function traps: both are there.
(assert_trap
  (module
    (table (import "owner" "table") 4 funcref)
    (memory (import "owner" "memory") 1)
    (func $four (result i32) (i32.const 4))
    (func $start (unreachable))
    (start $start)
    (data (i32.const 1) "d")
    (elem (i32.const 1) func $four))
  "unreachable")
(assert_return (invoke $owner "call" (i32.const 1)) (i32.const 4))
(assert_return (invoke $owner "byte" (i32.const 1)) (i32.const 0x64))
