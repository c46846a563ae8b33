;; Casts and calls by a table of methods, over 1,024 objects of four classes in three levels. The argument says how often
;; all objects are visited; the result is a sum over what they say.
(module
  (rec
    (type $base (sub (struct (field $methods (ref $methods)) (field $v i32))))
    (type $methods (sub (struct (field $area (ref $area)))))
    (type $area (func (param (ref $base)) (result i32))))
  (type $mid0 (sub $base (struct (field $methods (ref $methods)) (field $v i32) (field $a i32))))
  (type $mid1 (sub $base (struct (field $methods (ref $methods)) (field $v i32) (field $a i64))))
  (type $leaf0 (sub final $mid0 (struct (field $methods (ref $methods)) (field $v i32) (field $a i32) (field $b i32))))
  (type $leaf1 (sub final $mid0 (struct (field $methods (ref $methods)) (field $v i32) (field $a i32) (field $b i64))))
  (type $leaf2 (sub final $mid1 (struct (field $methods (ref $methods)) (field $v i32) (field $a i64) (field $b i32))))
  (type $leaf3 (sub final $mid1 (struct (field $methods (ref $methods)) (field $v i32) (field $a i64) (field $b i64))))
  (type $all (array (mut (ref null any))))
  (elem declare func $area0 $area1 $area2 $area3)
  (global $m0 (ref $methods) (struct.new $methods (ref.func $area0)))
  (global $m1 (ref $methods) (struct.new $methods (ref.func $area1)))
  (global $m2 (ref $methods) (struct.new $methods (ref.func $area2)))
  (global $m3 (ref $methods) (struct.new $methods (ref.func $area3)))
  (global $objects (mut (ref null $all)) (ref.null $all))

  (func $area0 (type $area) (struct.get $leaf0 $b (ref.cast (ref $leaf0) (local.get 0))))
  (func $area1 (type $area) (i32.wrap_i64 (struct.get $leaf1 $b (ref.cast (ref $leaf1) (local.get 0)))))
  (func $area2 (type $area) (struct.get $leaf2 $b (ref.cast (ref $leaf2) (local.get 0))))
  (func $area3 (type $area) (i32.wrap_i64 (struct.get $leaf3 $b (ref.cast (ref $leaf3) (local.get 0)))))

  (func $new (param $i i32) (result (ref $base))
    (block $3 (block $2 (block $1 (block $0
      (br_table $0 $1 $2 $3 (i32.and (local.get $i) (i32.const 3))))
      (return (struct.new $leaf0 (global.get $m0) (local.get $i) (i32.const 1) (i32.const 10))))
      (return (struct.new $leaf1 (global.get $m1) (local.get $i) (i32.const 2) (i64.const 20))))
      (return (struct.new $leaf2 (global.get $m2) (local.get $i) (i64.const 3) (i32.const 30))))
    (struct.new $leaf3 (global.get $m3) (local.get $i) (i64.const 4) (i64.const 40)))
  (func $start (local $i i32)
    (global.set $objects (array.new_default $all (i32.const 1024)))
    (loop $l
      (array.set $all (global.get $objects) (local.get $i) (call $new (local.get $i)))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1024)))))
  (start $start)

  ;; A cast to the base, and a call of the method, which casts to its own class.
  (func (export "virtual") (param $n i32) (result i32) (local $i i32) (local $sum i32) (local $o (ref $base))
    (loop $turns
      (local.set $i (i32.const 0))
      (loop $l
        (local.set $o (ref.cast (ref $base) (array.get $all (global.get $objects) (local.get $i))))
        (local.set $sum
          (i32.add (local.get $sum)
            (call_ref $area (local.get $o) (struct.get $methods $area (struct.get $base $methods (local.get $o))))))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1024))))
      (br_if $turns (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; A cast to a type with subtypes.
  (func (export "cast") (param $n i32) (result i32) (local $i i32) (local $sum i32)
    (loop $turns
      (local.set $i (i32.const 0))
      (loop $l
        (local.set $sum
          (i32.add (local.get $sum)
            (struct.get $base $v (ref.cast (ref $base) (array.get $all (global.get $objects) (local.get $i))))))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1024))))
      (br_if $turns (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; Branches by type: one of four leaves, and one of two classes above them.
  (func (export "branches") (param $n i32) (result i32)
    (local $i i32) (local $sum i32) (local $o anyref)
    (loop $turns
      (local.set $i (i32.const 0))
      (loop $l
        (local.set $o (array.get $all (global.get $objects) (local.get $i)))
        (local.set $sum
          (i32.add (local.get $sum)
            (block $got (result i32)
              (block $l3 (result (ref $leaf3))
                (block $l2 (result (ref $leaf2))
                  (block $m0 (result (ref $mid0))
                    (br_on_cast $m0 anyref (ref $mid0) (local.get $o))
                    (br_on_cast $l2 anyref (ref $leaf2))
                    (br_on_cast $l3 anyref (ref $leaf3))
                    (unreachable))
                  (br $got (struct.get $mid0 $a)))
                (br $got (struct.get $leaf2 $b)))
              (i32.wrap_i64 (struct.get $leaf3 $b)))))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1024))))
      (br_if $turns (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
