;;! gc = true
;;! function_references = true

(module
  (type $point (struct (field $x (mut i32)) (field $y i32)))
  (type $bytes (array (mut i8)))
  (type $callee (func))
  (func (export "new-x") (result i32)
    (struct.get $point $x (struct.new $point (i32.const 3) (i32.const 4))))
  (func (export "null-struct") (drop (struct.get $point $y (ref.null $point))))
  (func (export "null-array") (drop (array.len (ref.null $bytes))))
  (func (export "null-i31") (drop (i31.get_s (ref.null i31))))
  (func (export "null-call") (call_ref $callee (ref.null $callee)))
  (func (export "non-null") (drop (ref.as_non_null (ref.null any))))
  (func (export "element") (param i32) (result i32)
    (array.get_u $bytes (array.new $bytes (i32.const 9) (i32.const 2)) (local.get 0)))
  (func (export "cast") (drop (ref.cast (ref $point) (ref.i31 (i32.const 1))))))

(assert_return (invoke "new-x") (i32.const 3))
(assert_trap (invoke "null-struct") "null reference")
(assert_trap (invoke "null-array") "null reference")
(assert_trap (invoke "null-array") "null array reference")
(assert_trap (invoke "null-i31") "null reference")
(assert_trap (invoke "null-call") "null reference")
(assert_trap (invoke "non-null") "wasm trap: null reference")
(assert_return (invoke "element" (i32.const 1)) (i32.const 9))
(assert_trap (invoke "element" (i32.const 2)) "out of bounds array access")
(assert_trap (invoke "cast") "cast failure")
