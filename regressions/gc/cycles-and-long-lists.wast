;;! [bug]
;;! id = "cycles-and-long-lists"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#11141 (cycles are never freed by counting), #13403; the published notes on recursive collectors"
;;! expect = "a ring stays a ring of the same objects, unreachable rings are freed, and long lists are collected without recursion"

;; Red when: runtime/src/heap/mover.rs: `forward` leaves no trace of where an object went.

(module
  (type $node (struct (field $next (mut (ref null $node))) (field $v (mut i64))))
  (global $head (mut (ref null $node)) (ref.null $node))
  (func (export "cycles") (param i32) (local $a (ref null $node)) (local $b (ref null $node))
    (loop $l
      (local.set $a (struct.new $node (ref.null $node) (i64.const 1)))
      (local.set $b (struct.new $node (local.get $a) (i64.const 2)))
      (struct.set $node $next (local.get $a) (local.get $b))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $l (local.get 0))))
  (func (export "grow") (param i32)
    (loop $l
      (global.set $head (struct.new $node (global.get $head) (i64.extend_i32_u (local.get 0))))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $l (local.get 0))))
  (func (export "sum") (result i64) (local $at (ref null $node)) (local $sum i64)
    (local.set $at (global.get $head))
    (block $end
      (loop $l
        (br_if $end (ref.is_null (local.get $at)))
        (local.set $sum (i64.add (local.get $sum) (struct.get $node $v (local.get $at))))
        (local.set $at (struct.get $node $next (local.get $at)))
        (br $l)))
    (local.get $sum))
  ;; Three nodes in a ring; the third one is reached through the others only.
  (func (export "ring") (local $a (ref null $node)) (local $c (ref null $node))
    (local.set $a (struct.new $node (ref.null $node) (i64.const 1)))
    (local.set $c (struct.new $node (local.get $a) (i64.const 3)))
    (struct.set $node $next (local.get $a) (struct.new $node (local.get $c) (i64.const 2)))
    (global.set $head (local.get $a)))
  (func (export "is-ring") (result i32 i64)
    (ref.eq
      (global.get $head)
      (struct.get $node $next (struct.get $node $next (struct.get $node $next (global.get $head)))))
    (struct.get $node $v (struct.get $node $next (struct.get $node $next (global.get $head)))))
  (func (export "drop") (global.set $head (ref.null $node))))

(invoke "grow" (i32.const 5000))
(invoke "cycles" (i32.const 5000))
(assert_return (invoke "sum") (i64.const 12502500))
(invoke "drop")
(invoke "cycles" (i32.const 5000))
(assert_return (invoke "sum") (i64.const 0))
(invoke "ring")
(assert_return (invoke "is-ring") (i32.const 1) (i64.const 3))
(invoke "cycles" (i32.const 20000))
(assert_return (invoke "is-ring") (i32.const 1) (i64.const 3))
