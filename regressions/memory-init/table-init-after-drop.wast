;;! [bug]
;;! id = "table-init-after-drop"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, elem.drop"
;;! expect = "trap: after elem.drop the segment has 0 elements; other segments keep theirs"

;; An elem.drop without effect lets table.init go on reading the segment.
;;
;; Red when: runtime/src/builtins/table.rs: `elem_drop` does nothing, or drops all segments of the instance.

(module
  (table 4 funcref)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (elem $first func $one $one)
  (elem $second func $two $two)
  (func (export "drop-first") (elem.drop $first))
  (func (export "init-first") (param $src i32) (param $len i32)
    (table.init $first (i32.const 0) (local.get $src) (local.get $len)))
  (func (export "init-second") (table.init $second (i32.const 2) (i32.const 0) (i32.const 2)))
  (func (export "call") (param $at i32) (result i32) (call_indirect (result i32) (local.get $at))))

(assert_return (invoke "init-first" (i32.const 0) (i32.const 1)))
(assert_return (invoke "drop-first"))
(assert_trap (invoke "init-first" (i32.const 0) (i32.const 2)) "out of bounds table access")
(assert_trap (invoke "init-first" (i32.const 1) (i32.const 0)) "out of bounds table access")
(assert_return (invoke "init-second"))
(assert_return (invoke "call" (i32.const 0)) (i32.const 1))
(assert_trap (invoke "call" (i32.const 1)) "uninitialized element")
(assert_return (invoke "call" (i32.const 2)) (i32.const 2))
