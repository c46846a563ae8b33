;;! [bug]
;;! id = "table-over-a-moving-heap"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#13134, #13480, #10397; WebAssembly core specification 3.0, table instructions"
;;! expect = "objects that only a table refers to stay themselves, with what they refer to, while the table is changed, grown and copied and the heap moves under it"

;; A table lives longer than all calls, and most of what it refers to is older than any frame. Every object knows its
;; place and refers to its neighbours, so that one that was moved twice, not at all, or into the wrong place is noticed.
;;
;; Red when: runtime/src/heap/mover.rs: `finish_fixed` leaves out the last reference of an object.

(module $owner
  (type $entry (struct (field $at i32) (field $next (mut (ref null $entry))) (field $box (mut anyref))))
  (type $bytes (array (mut i8)))
  (table $t (export "t") 300 2000 (ref null $entry))
  (table $other 300 anyref)

  (func $churn (export "churn") (param $n i32)
    (loop $l
      (drop (array.new_default $bytes (i32.const 20000)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))

  ;; New entries in a range, each of which refers to the one before it and to a box that says where it is.
  (func $fill (export "fill") (param $at i32) (param $end i32) (local $e (ref null $entry))
    (loop $l
      (local.set $e
        (struct.new $entry (local.get $at) (local.get $e)
          (array.new $bytes (local.get $at) (i32.add (i32.and (local.get $at) (i32.const 7)) (i32.const 1)))))
      (table.set $t (local.get $at) (local.get $e))
      (br_if $l (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (local.get $end)))))

  ;; How many entries of a range are what they have to be.
  (func $check (export "check") (param $at i32) (param $end i32) (result i32)
    (local $first i32) (local $good i32) (local $e (ref null $entry)) (local $box (ref $bytes))
    (local.set $first (local.get $at))
    (loop $l
      (block $bad
        (local.set $e (table.get $t (local.get $at)))
        (br_if $bad (ref.is_null (local.get $e)))
        (br_if $bad (i32.ne (struct.get $entry $at (local.get $e)) (local.get $at)))
        (if (i32.ne (local.get $at) (local.get $first))
          (then
            (br_if $bad
              (i32.eqz
                (ref.eq
                  (struct.get $entry $next (local.get $e))
                  (table.get $t (i32.sub (local.get $at) (i32.const 1))))))))
        (local.set $box (ref.cast (ref $bytes) (struct.get $entry $box (local.get $e))))
        (br_if $bad
          (i32.ne (array.len (local.get $box)) (i32.add (i32.and (local.get $at) (i32.const 7)) (i32.const 1))))
        (br_if $bad
          (i32.ne
            (array.get_u $bytes (local.get $box) (i32.sub (array.len (local.get $box)) (i32.const 1)))
            (i32.and (local.get $at) (i32.const 255))))
        (local.set $good (i32.add (local.get $good) (i32.const 1))))
      (br_if $l (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (local.get $end))))
    (local.get $good))

  (func (export "grow") (param i32) (result i32)
    (table.grow $t (struct.new $entry (local.get 0) (ref.null $entry) (ref.null any)) (local.get 0)))
  (func (export "at") (param i32) (result i32) (struct.get $entry $at (table.get $t (local.get 0))))
  (func (export "same") (param i32 i32) (result i32)
    (ref.eq (table.get $t (local.get 0)) (table.get $t (local.get 1))))
  ;; Out and back, with the heap moving while the copies are the only ones.
  (func (export "round-trip")
    (table.copy $other $t (i32.const 0) (i32.const 0) (i32.const 300))
    (table.fill $t (i32.const 0) (ref.null $entry) (i32.const 300))
    (call $churn (i32.const 50))
    (call $back (i32.const 0)))
  (func $back (param i32)
    (loop $l
      (table.set $t (local.get 0) (ref.cast (ref $entry) (table.get $other (local.get 0))))
      (table.set $other (local.get 0) (ref.null any))
      (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 300))))))
(register "owner" $owner)

;; Another instance allocates and puts entries of its own into the table.
(module $user
  (type $entry (struct (field $at i32) (field $next (mut (ref null $entry))) (field $box (mut anyref))))
  (import "owner" "t" (table $t 300 2000 (ref null $entry)))
  (import "owner" "churn" (func $churn (param i32)))
  (func (export "put") (param i32 i32)
    (table.set $t (local.get 0) (struct.new $entry (local.get 1) (ref.null $entry) (ref.null any)))
    (call $churn (i32.const 30))))

(invoke $owner "fill" (i32.const 0) (i32.const 300))
(assert_return (invoke $owner "check" (i32.const 0) (i32.const 300)) (i32.const 300))
(invoke $owner "churn" (i32.const 100))
(assert_return (invoke $owner "check" (i32.const 0) (i32.const 300)) (i32.const 300))
(invoke $owner "round-trip")
(assert_return (invoke $owner "check" (i32.const 0) (i32.const 300)) (i32.const 300))
(invoke $user "put" (i32.const 7) (i32.const 1234))
(assert_return (invoke $owner "at" (i32.const 7)) (i32.const 1234))
(assert_return (invoke $owner "at" (i32.const 8)) (i32.const 8))
(assert_return (invoke $owner "check" (i32.const 8) (i32.const 300)) (i32.const 292))
(assert_return (invoke $owner "grow" (i32.const 500)) (i32.const 300))
(invoke $owner "churn" (i32.const 100))
(assert_return (invoke $owner "at" (i32.const 300)) (i32.const 500))
(assert_return (invoke $owner "same" (i32.const 300) (i32.const 799)) (i32.const 1))
(assert_return (invoke $owner "same" (i32.const 299) (i32.const 300)) (i32.const 0))
(invoke $owner "fill" (i32.const 300) (i32.const 800))
(invoke $owner "churn" (i32.const 100))
(assert_return (invoke $owner "check" (i32.const 300) (i32.const 800)) (i32.const 500))
(assert_return (invoke $owner "check" (i32.const 8) (i32.const 300)) (i32.const 292))
