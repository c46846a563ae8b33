(module $nested
  (memory 1)
  (func $leaf (param i32 i32) (result i32)
    (i32.add (i32.const 1) (i32.div_s (local.get 0) (local.get 1))))
  (func $middle (param i32) (result i32)
    (i32.mul (i32.const 3) (call $leaf (i32.const 7) (local.get 0))))
  (func $outer (export "divide") (param i32) (result i32)
    (i32.sub (call $middle (local.get 0)) (i32.const 1))))
