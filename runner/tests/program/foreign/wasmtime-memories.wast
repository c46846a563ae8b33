;;! memory64 = true
;;! multi_memory = true
;;! custom_page_sizes = true
;;! hogs_memory = true

(module $big
  (memory $m (export "m") i64 1 2)
  (memory $small 8 (pagesize 1))
  (func (export "grow") (param i64) (result i64) (memory.grow $m (local.get 0)))
  (func (export "load") (param i64) (result i64) (i64.load $m (local.get 0)))
  (func (export "tiny") (param i32) (result i32) (i32.load8_u $small (local.get 0)))
  (func (export "copy") (param i64)
    (memory.copy $m $m (i64.const 0) (local.get 0) (i64.const 16))))
(assert_return (invoke "grow" (i64.const 1)) (i64.const 1))
(assert_return (invoke "grow" (i64.const 1)) (i64.const -1))
(assert_return (invoke "load" (i64.const 131064)) (i64.const 0))
(assert_trap (invoke "load" (i64.const 131065)) "out of bounds memory access")
(assert_trap (invoke "load" (i64.const -8)) "out of bounds")
(assert_return (invoke "tiny" (i32.const 7)) (i32.const 0))
(assert_trap (invoke "tiny" (i32.const 8)) "memory access")
(assert_trap (invoke "copy" (i64.const 131071)) "out of bounds memory access")

(module
  (import "big" "m" (memory i64 1))
  (func (export "size") (result i64) (memory.size)))
(assert_return (invoke "size") (i64.const 2))
