;; A splay tree of 8,000 nodes, each with a payload of 64 bytes: every turn puts a new node in and takes another one out,
;; so that live objects change all the time. The argument is the number of turns; the result is made of the keys that are
;; left, in order, and of their payloads.
(module
  (type $bytes (array (mut i8)))
  (type $node
    (struct
      (field $key i32)
      (field $left (mut (ref null $node)))
      (field $right (mut (ref null $node)))
      (field $payload (ref $bytes))))
  (global $root (mut (ref null $node)) (ref.null $node))
  (global $seed (mut i32) (i32.const 49734321))
  (global $order (mut i32) (i32.const 0))
  (global $hash (mut i32) (i32.const 0))

  (func $random (result i32)
    (global.set $seed (i32.add (i32.mul (global.get $seed) (i32.const 1664525)) (i32.const 1013904223)))
    (i32.shr_u (global.get $seed) (i32.const 2)))

  ;; Brings the node with the key, or a neighbour, to the root (D. Sleator, R. Tarjan, "Self-adjusting binary search trees",
  ;; 1985, top-down). The tree is not empty.
  (func $splay (param $key i32)
    (local $head (ref $node)) (local $l (ref $node)) (local $r (ref $node)) (local $t (ref $node)) (local $c (ref $node))
    (local.set $head (struct.new $node (i32.const 0) (ref.null $node) (ref.null $node) (array.new_fixed $bytes 0)))
    (local.set $l (local.get $head))
    (local.set $r (local.get $head))
    (local.set $t (ref.as_non_null (global.get $root)))
    (block $end
      (loop $down
        (if (i32.lt_s (local.get $key) (struct.get $node $key (local.get $t)))
          (then
            (local.set $c (br_on_null $end (struct.get $node $left (local.get $t))))
            (if (i32.lt_s (local.get $key) (struct.get $node $key (local.get $c)))
              (then
                (struct.set $node $left (local.get $t) (struct.get $node $right (local.get $c)))
                (struct.set $node $right (local.get $c) (local.get $t))
                (local.set $t (local.get $c))))
            (local.set $c (br_on_null $end (struct.get $node $left (local.get $t))))
            (struct.set $node $left (local.get $r) (local.get $t))
            (local.set $r (local.get $t))
            (local.set $t (local.get $c))
            (br $down)))
        (if (i32.gt_s (local.get $key) (struct.get $node $key (local.get $t)))
          (then
            (local.set $c (br_on_null $end (struct.get $node $right (local.get $t))))
            (if (i32.gt_s (local.get $key) (struct.get $node $key (local.get $c)))
              (then
                (struct.set $node $right (local.get $t) (struct.get $node $left (local.get $c)))
                (struct.set $node $left (local.get $c) (local.get $t))
                (local.set $t (local.get $c))))
            (local.set $c (br_on_null $end (struct.get $node $right (local.get $t))))
            (struct.set $node $right (local.get $l) (local.get $t))
            (local.set $l (local.get $t))
            (local.set $t (local.get $c))
            (br $down)))))
    (struct.set $node $right (local.get $l) (struct.get $node $left (local.get $t)))
    (struct.set $node $left (local.get $r) (struct.get $node $right (local.get $t)))
    (struct.set $node $left (local.get $t) (struct.get $node $right (local.get $head)))
    (struct.set $node $right (local.get $t) (struct.get $node $left (local.get $head)))
    (global.set $root (local.get $t)))

  ;; Whether the key was not there.
  (func $insert (param $key i32) (result i32) (local $t (ref $node)) (local $new (ref $node))
    (if (ref.is_null (global.get $root))
      (then
        (global.set $root (call $node (local.get $key)))
        (return (i32.const 1))))
    (call $splay (local.get $key))
    (local.set $t (ref.as_non_null (global.get $root)))
    (if (i32.eq (local.get $key) (struct.get $node $key (local.get $t))) (then (return (i32.const 0))))
    (local.set $new (call $node (local.get $key)))
    (local.set $t (ref.as_non_null (global.get $root)))
    (if (i32.gt_s (local.get $key) (struct.get $node $key (local.get $t)))
      (then
        (struct.set $node $left (local.get $new) (local.get $t))
        (struct.set $node $right (local.get $new) (struct.get $node $right (local.get $t)))
        (struct.set $node $right (local.get $t) (ref.null $node)))
      (else
        (struct.set $node $right (local.get $new) (local.get $t))
        (struct.set $node $left (local.get $new) (struct.get $node $left (local.get $t)))
        (struct.set $node $left (local.get $t) (ref.null $node))))
    (global.set $root (local.get $new))
    (i32.const 1))
  (func $node (param $key i32) (result (ref $node))
    (struct.new $node (local.get $key) (ref.null $node) (ref.null $node)
      (array.new $bytes (local.get $key) (i32.const 64))))

  ;; Takes the root out.
  (func $remove-root (local $right (ref null $node)) (local $key i32)
    (local.set $key (struct.get $node $key (global.get $root)))
    (local.set $right (struct.get $node $right (global.get $root)))
    (if (ref.is_null (struct.get $node $left (global.get $root)))
      (then (global.set $root (local.get $right)))
      (else
        (global.set $root (struct.get $node $left (global.get $root)))
        (call $splay (local.get $key))
        (struct.set $node $right (global.get $root) (local.get $right)))))

  (func $walk (param $t (ref null $node))
    (block $null
      (call $walk (struct.get $node $left (br_on_null $null (local.get $t))))
      (if (i32.le_s (struct.get $node $key (local.get $t)) (global.get $order)) (then (unreachable)))
      (global.set $order (struct.get $node $key (local.get $t)))
      (global.set $hash
        (i32.add
          (i32.mul (global.get $hash) (i32.const 31))
          (i32.add
            (struct.get $node $key (local.get $t))
            (array.get_u $bytes (struct.get $node $payload (local.get $t)) (i32.const 63)))))
      (call $walk (struct.get $node $right (local.get $t)))))

  (func (export "splay") (param $turns i32) (result i32) (local $size i32)
    (global.set $root (ref.null $node))
    (global.set $seed (i32.const 49734321))
    (loop $fill
      (local.set $size (i32.add (local.get $size) (call $insert (call $random))))
      (br_if $fill (i32.lt_u (local.get $size) (i32.const 8000))))
    (loop $turn
      (loop $again (br_if $again (i32.eqz (call $insert (call $random)))))
      (call $splay (call $random))
      (call $remove-root)
      (br_if $turn (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
    (global.set $order (i32.const -1))
    (global.set $hash (i32.const 0))
    (call $walk (global.get $root))
    (global.get $hash)))
