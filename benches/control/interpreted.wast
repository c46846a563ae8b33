;; The two of `calls.wat` that an interpreter without exceptions and typed references runs, too.
(module
  (type $t (func (param i32) (result i32)))
  (table funcref (elem $add $add))
  (func $add (type $t) (i32.add (local.get 0) (i32.const 3)))
  (func (export "indirect") (param $n i64) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum (call_indirect (type $t) (local.get $sum) (i32.and (local.get $sum) (i32.const 1))))
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum))
  (func $count (export "tail") (param $n i64) (result i32)
    (if (i64.eqz (local.get $n)) (then (return (i32.const 0))))
    (return_call $count (i64.sub (local.get $n) (i64.const 1)))))
(assert_return (invoke "indirect" (i64.const 100000000)) (i32.const 300000000))
(assert_return (invoke "tail" (i64.const 100000000)) (i32.const 0))
