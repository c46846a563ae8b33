;; Arrays of 16 MiB of bytes, beside a linear memory: filled, copied and copied within.
(module
  (type $bytes (array (mut i8)))
  (memory 512)
  (global $a (mut (ref null $bytes)) (ref.null $bytes))
  (global $b (mut (ref null $bytes)) (ref.null $bytes))
  (func $start
    (global.set $a (array.new_default $bytes (i32.const 0x1000000)))
    (global.set $b (array.new_default $bytes (i32.const 0x1000000)))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x2000000)))
  (start $start)
  (func (export "array.fill") (param $n i32) (result i32)
    (loop $l
      (array.fill $bytes (global.get $a) (i32.const 0) (local.get $n) (i32.const 0x1000000))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $l (local.get $n)))
    (array.get_u $bytes (global.get $a) (i32.const 0xffffff)))
  (func (export "array.copy") (param $n i32) (result i32)
    (loop $l
      (array.copy $bytes $bytes (global.get $b) (i32.const 0) (global.get $a) (i32.const 0) (i32.const 0x1000000))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $l (local.get $n)))
    (array.get_u $bytes (global.get $b) (i32.const 0xffffff)))
  (func (export "memory.fill") (param $n i32) (result i32)
    (loop $l
      (memory.fill (i32.const 0) (local.get $n) (i32.const 0x1000000))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $l (local.get $n)))
    (i32.load8_u (i32.const 0xffffff)))
  (func (export "memory.copy") (param $n i32) (result i32)
    (loop $l
      (memory.copy (i32.const 0x1000000) (i32.const 0) (i32.const 0x1000000))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $l (local.get $n)))
    (i32.load8_u (i32.const 0x1ffffff))))
