;; A report said that this must not trap, since no byte is copied. The segment is active, and has none left.
(module
  (memory (export "memory") 1)
  (data (i32.const 16) "dropped when the module is instantiated")
  (func (export "reported")
    (memory.init 0 (i32.const 0) (i32.const 9) (i32.const 0))))
