;;! [bug]
;;! id = "data-segment-index-space"
;;! layer = "loader"
;;! source = "bytecodealliance/wasmtime#11876"
;;! expect = "segments keep their indices ahead of time; active ones are empty after instantiation"

;; A compiler that folds active segments into a memory image and leaves them out of the list of segments gives
;; memory.init the bytes of another segment.
;;
;; Red when: runtime/src/instance.rs: `data_bytes` counts passive segments only. Also runtime/src/init.rs:
;; `segments` does not mark active data segments as dropped.

(module
  (memory 1)
  (data (i32.const 100) "active0")
  (data "passive1")
  (data (i32.const 200) "active2")
  (data "passive3")
  (func (export "init0") (param $len i32) (memory.init 0 (i32.const 0) (i32.const 0) (local.get $len)))
  (func (export "init1") (param $len i32) (memory.init 1 (i32.const 0) (i32.const 0) (local.get $len)))
  (func (export "init2") (param $len i32) (memory.init 2 (i32.const 0) (i32.const 0) (local.get $len)))
  (func (export "init3") (param $len i32) (memory.init 3 (i32.const 0) (i32.const 0) (local.get $len)))
  (func (export "byte") (param $at i32) (result i32) (i32.load8_u (local.get $at))))

(assert_trap (invoke "init0" (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "init2" (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "init0" (i32.const 0)))
(assert_return (invoke "init2" (i32.const 0)))
(assert_return (invoke "byte" (i32.const 0)) (i32.const 0))

(assert_return (invoke "init1" (i32.const 8)))
(assert_return (invoke "byte" (i32.const 7)) (i32.const 0x31))
(assert_return (invoke "init3" (i32.const 8)))
(assert_return (invoke "byte" (i32.const 7)) (i32.const 0x33))

(assert_return (invoke "byte" (i32.const 106)) (i32.const 0x30))
(assert_return (invoke "byte" (i32.const 206)) (i32.const 0x32))
