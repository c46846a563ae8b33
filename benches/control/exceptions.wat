;; Exceptions: each export does one thing as often as it is told.
(module
  (tag $e (param i32))

  ;; Throws and catches in one frame.
  (func (export "one_frame") (param $n i64) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum
        (i32.add (local.get $sum)
          (block $h (result i32)
            (try_table (catch $e $h) (throw $e (i32.const 1)))
            (unreachable))))
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum))

  ;; Throws so many frames below the handler. The addition keeps each call from being a tail call.
  (func $below (param $frames i32) (result i32)
    (if (result i32) (i32.eqz (local.get $frames))
      (then (throw $e (i32.const 1)))
      (else (i32.add (call $below (i32.sub (local.get $frames) (i32.const 1))) (i32.const 1)))))
  (func $through (param $n i64) (param $frames i32) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum
        (i32.add (local.get $sum)
          (block $h (result i32)
            (try_table (result i32) (catch $e $h) (call $below (local.get $frames))))))
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum))
  (func (export "frames_1") (param i64) (result i32) (call $through (local.get 0) (i32.const 0)))
  (func (export "frames_10") (param i64) (result i32) (call $through (local.get 0) (i32.const 9)))
  (func (export "frames_100") (param i64) (result i32) (call $through (local.get 0) (i32.const 99)))

  ;; The same frames, without a throw and without a handler.
  (func $return (param $frames i32) (result i32)
    (if (result i32) (i32.eqz (local.get $frames))
      (then (i32.const 1))
      (else (i32.add (call $return (i32.sub (local.get $frames) (i32.const 1))) (i32.const 1)))))
  (func (export "frames_100_returned") (param $n i64) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum (i32.add (local.get $sum) (call $return (i32.const 99))))
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum))

  ;; A block that catches exceptions around a call that throws none, and the same call alone.
  (func $add (param i32) (result i32) (i32.add (local.get 0) (i32.const 3)))
  (func (export "guarded") (param $n i64) (result i32) (local $sum i32)
    (loop $l
      (block $h (result i32)
        (try_table (catch $e $h) (local.set $sum (call $add (local.get $sum))))
        (i32.const 0))
      (drop)
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum))
  (func (export "unguarded") (param $n i64) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum (call $add (local.get $sum)))
      (br_if $l (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
    (local.get $sum)))
