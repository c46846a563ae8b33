;; Virtual dispatch by casts: objects of three types below one, called through a function in a field.
(module
  (rec
    (type $shape (sub (struct (field $area (ref $method)) (field $n i32))))
    (type $method (func (param (ref $shape)) (result i32))))
  (type $square (sub $shape (struct (field $area (ref $method)) (field $n i32))))
  (type $box (sub final $shape (struct (field $area (ref $method)) (field $n i32) (field $m i32))))
  (type $shapes (array (mut (ref null $shape))))
  (elem declare func $of-square $of-box)
  (func $of-square (type $method) (struct.get $square $n (ref.cast (ref $square) (local.get 0))))
  (func $of-box (type $method)
    (i32.add
      (struct.get $box $n (ref.cast (ref $box) (local.get 0)))
      (struct.get $box $m (ref.cast (ref $box) (local.get 0)))))
  (func (export "run") (param $n i32) (result i32)
    (local $all (ref $shapes)) (local $i i32) (local $sum i32) (local $shape (ref $shape))
    (local.set $all (array.new_default $shapes (i32.const 64)))
    (loop $l
      (array.set $shapes (local.get $all) (local.get $i) (struct.new $square (ref.func $of-square) (i32.const 1)))
      (array.set $shapes (local.get $all) (i32.add (local.get $i) (i32.const 1))
        (struct.new $box (ref.func $of-box) (i32.const 1) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 2)))
      (br_if $l (i32.lt_u (local.get $i) (i32.const 64))))
    (loop $l
      (local.set $shape (ref.as_non_null (array.get $shapes (local.get $all) (i32.and (local.get $n) (i32.const 63)))))
      (local.set $sum (i32.add (local.get $sum)
        (call_ref $method (local.get $shape) (struct.get $shape $area (local.get $shape)))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $l (local.get $n)))
    (local.get $sum)))
