;;! [bug]
;;! id = "thrown-by-millions"
;;! layer = "runtime"
;;! source = "wazero/wazero#2522, WebAssembly core specification 3.0, exceptions"
;;! expect = "one call may throw and catch a million exceptions, by every kind of handler, and keep the one that it holds"

;; What is caught without its reference is over at once; what is caught with it lives at least as long as somebody can reach
;; it. An engine that uses a number again too early gives the one that is held another's values; one that counts with too few
;; bits comes round to it.
;;
;; Red when: runtime/src/exceptions.rs: `add` takes the first slot when there are 65536.

(module
  (tag $e (param i32))
  (func $caught (param i32) (result exnref)
    (block $h (result exnref)
      (try_table (catch_all_ref $h) (throw $e (local.get 0)))
      (unreachable)))
  (func $value (param exnref) (result i32)
    (block $h (result i32)
      (try_table (catch $e $h) (throw_ref (local.get 0)))
      (unreachable)))
  (func (export "without-reference") (param i32) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum (i32.add (local.get $sum)
        (block $h (result i32)
          (try_table (catch $e $h) (throw $e (local.get 0)))
          (unreachable))))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get $sum))
  (func (export "with-reference") (param i32) (result i32) (local $first exnref)
    (local.set $first (call $caught (i32.const -5)))
    (loop $l
      (drop (call $caught (local.get 0)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (call $value (local.get $first))))

(assert_return (invoke "without-reference" (i32.const 1000000)) (i32.const 1784293664))
(assert_return (invoke "with-reference" (i32.const 1000000)) (i32.const -5))
(assert_return (invoke "with-reference" (i32.const 1000000)) (i32.const -5))
(assert_return (invoke "without-reference" (i32.const 10)) (i32.const 55))
