;; What a report looks like: the last directive expects too little.
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "active")
  (data "passive")
  (data (i32.const 16) "dropped when the module is instantiated")
  (func (export "reported")
    ;; The start of what is copied is beyond the end, whatever the length.
    (memory.init 2 (i32.const 0) (i32.const 9) (i32.const 0)))
  (func (export "init") (param i32 i32 i32)
    (memory.init 1 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "load") (param i32) (result i32)
    (i32.load8_u (local.get 0))))

(assert_return (invoke "load" (i32.const 0)) (i32.const 0x61))
(assert_return (invoke "init" (i32.const 0) (i32.const 0) (i32.const 1)))
(assert_return (invoke "load" (i32.const 0)) (i32.const 0x70))
(assert_trap (invoke "init" (i32.const 0) (i32.const 0) (i32.const 8)) "out of bounds memory access")

;; Wrong on purpose: a trap is what the specification demands.
(assert_return (invoke "reported"))
