;; Merge sort of a singly linked list: pointers are followed and set, and nothing is allocated once the list is there. The
;; argument is the number of nodes; the result is a hash of the keys in order.
(module
  (type $node (struct (field $key i32) (field $next (mut (ref null $node)))))

  (func $make (param $n i32) (result (ref null $node)) (local $seed i32) (local $list (ref null $node))
    (local.set $seed (i32.const 12345))
    (loop $l
      (local.set $seed (i32.add (i32.mul (local.get $seed) (i32.const 1664525)) (i32.const 1013904223)))
      (local.set $list (struct.new $node (i32.shr_u (local.get $seed) (i32.const 4)) (local.get $list)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $list))

  ;; Sorts the first nodes of a list, and returns the sorted ones; `$n` is at least 1. What comes behind them is in `$rest`.
  (global $rest (mut (ref null $node)) (ref.null $node))
  (func $sort (param $list (ref null $node)) (param $n i32) (result (ref null $node))
    (local $left (ref null $node))
    (if (i32.eq (local.get $n) (i32.const 1))
      (then
        (global.set $rest (struct.get $node $next (local.get $list)))
        (struct.set $node $next (local.get $list) (ref.null $node))
        (return (local.get $list))))
    (local.set $left (call $sort (local.get $list) (i32.shr_u (local.get $n) (i32.const 1))))
    (call $merge
      (local.get $left)
      (call $sort (global.get $rest) (i32.sub (local.get $n) (i32.shr_u (local.get $n) (i32.const 1))))))

  (func $merge (param $a (ref null $node)) (param $b (ref null $node)) (result (ref null $node))
    (local $head (ref $node)) (local $last (ref $node)) (local $x (ref $node)) (local $y (ref $node))
    (local.set $head (struct.new $node (i32.const 0) (ref.null $node)))
    (local.set $last (local.get $head))
    (block $b-ends
      (block $a-ends
        (loop $l
          (local.set $x (br_on_null $a-ends (local.get $a)))
          (local.set $y (br_on_null $b-ends (local.get $b)))
          (if (i32.le_s (struct.get $node $key (local.get $x)) (struct.get $node $key (local.get $y)))
            (then
              (struct.set $node $next (local.get $last) (local.get $x))
              (local.set $last (local.get $x))
              (local.set $a (struct.get $node $next (local.get $x))))
            (else
              (struct.set $node $next (local.get $last) (local.get $y))
              (local.set $last (local.get $y))
              (local.set $b (struct.get $node $next (local.get $y)))))
          (br $l)))
      (struct.set $node $next (local.get $last) (local.get $b))
      (return (struct.get $node $next (local.get $head))))
    (struct.set $node $next (local.get $last) (local.get $a))
    (struct.get $node $next (local.get $head)))

  (func (export "list_sort") (param $n i32) (result i32) (local $at (ref null $node)) (local $hash i32) (local $key i32)
    (local.set $at (call $sort (call $make (local.get $n)) (local.get $n)))
    (loop $l
      (if (i32.lt_s (struct.get $node $key (local.get $at)) (local.get $key)) (then (unreachable)))
      (local.set $key (struct.get $node $key (local.get $at)))
      (local.set $hash (i32.add (i32.mul (local.get $hash) (i32.const 31)) (local.get $key)))
      (br_if $l (i32.eqz (ref.is_null (local.tee $at (struct.get $node $next (local.get $at)))))))
    (local.get $hash)))
