;; Calls: each export makes one kind of call as often as it is told. The callee adds 3.
(module
  (type $final (func (param i32) (result i32)))
  (type $open (sub (func (param i32) (result i32))))
  (type $below (sub $open (func (param i32) (result i32))))
  (type $lowest (sub $below (func (param i32) (result i32))))
  (table $finals funcref (elem $add $add))
  (table $opens funcref (elem $add_open $add_lowest))
  (global $callee (mut (ref $final)) (ref.func $add))
  (func $add (type $final) (i32.add (local.get 0) (i32.const 3)))
  (func $add_open (type $open) (i32.add (local.get 0) (i32.const 3)))
  (func $add_lowest (type $lowest) (i32.add (local.get 0) (i32.const 3)))

  (func (export "direct") (param $n i64) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum (call $add (local.get $sum)))
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum))
  (func (export "by_reference") (param $n i64) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum (call_ref $final (local.get $sum) (global.get $callee)))
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum))
  ;; The type is final: it is compared.
  (func (export "indirect_final") (param $n i64) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum
        (call_indirect $finals (type $final) (local.get $sum) (i32.and (local.get $sum) (i32.const 1))))
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum))
  ;; The function is of the very type, and of one two levels below, by turns.
  (func (export "indirect_subtype") (param $n i64) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum
        (call_indirect $opens (type $open) (local.get $sum) (i32.and (local.get $sum) (i32.const 1))))
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum))

  (func $count (export "tail") (param $n i64) (result i32)
    (if (i64.eqz (local.get $n)) (then (return (i32.const 0))))
    (return_call $count (i64.sub (local.get $n) (i64.const 1)))))
