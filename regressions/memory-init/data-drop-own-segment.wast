;;! [bug]
;;! id = "data-drop-own-segment"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, data.drop"
;;! expect = "data.drop empties the segment it names in the instance that runs it, and no other"

;; A drop that hits another segment, or the segment of every instance of the module, lets later memory.init
;; trap or read what should be gone.
;;
;; Red when: runtime/src/builtins/memory.rs: `data_drop` drops all segments of the instance, or the segment of
;; this index in all instances.

(module definition $segments
  (memory 1)
  (data "ab")
  (data "cd")
  (data "ef")
  (func (export "drop-middle") (data.drop 1))
  (func (export "init0") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 2)))
  (func (export "init1") (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 2)))
  (func (export "init2") (memory.init 2 (i32.const 0) (i32.const 0) (i32.const 2)))
  (func (export "halfword") (result i32) (i32.load16_u (i32.const 0))))

(module instance $one $segments)
(module instance $other $segments)

(assert_return (invoke $one "drop-middle"))
(assert_return (invoke $one "init0"))
(assert_return (invoke $one "halfword") (i32.const 0x6261))
(assert_trap (invoke $one "init1") "out of bounds memory access")
(assert_return (invoke $one "init2"))
(assert_return (invoke $one "halfword") (i32.const 0x6665))

(assert_return (invoke $other "init1"))
(assert_return (invoke $other "halfword") (i32.const 0x6463))
