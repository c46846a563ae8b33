;;! [bug]
;;! id = "handlers-in-their-own-instance"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#11543 (tags of the frame's own instance), WebAssembly core specification 3.0, throw_ref"
;;! expect = "a handler catches by the tag that its own instance means, through frames of other instances and by whichever name the tag came"

;; A handler names a tag by its index in its own module. An engine that looks it up in the instance that throws, or compares
;; indices, catches the wrong exception or none. Two instances of one module define different tags.
;;
;; Red when: runtime/src/vm/unwind.rs: `find_handler` compares `own.as_u32()` with the tag of the exception.

(module $thrower
  (tag $padding)
  (tag $t (export "t") (export "t-again") (param i32))
  (tag $u (export "u") (param i32))
  (func (export "throw-t") (param i32) (throw $t (local.get 0)))
  (func (export "throw-u") (param i32) (throw $u (local.get 0))))
(register "thrower" $thrower)

(module definition $catcher
  (import "thrower" "u" (tag $u (param i32)))
  (import "thrower" "t-again" (tag $t (param i32)))
  (import "thrower" "throw-t" (func $throw-t (param i32)))
  (import "thrower" "throw-u" (func $throw-u (param i32)))
  (tag $own (export "own") (param i32))
  (type $f (func (param i32)))
  (table funcref (elem $throw-t $throw-u $throw-own))
  (func $throw-own (export "throw-own") (param i32) (throw $own (local.get 0)))
  ;; 1 t, 2 u, 3 own, 4 anything else; the value is added, times ten.
  (func (export "catch") (param i32 i32) (result i32)
    (block $all
      (block $h3 (result i32)
        (block $h2 (result i32)
          (block $h1 (result i32)
            (try_table (catch $t $h1) (catch $u $h2) (catch $own $h3) (catch_all $all)
              (call_indirect (type $f) (local.get 1) (local.get 0)))
            (return (i32.const 0)))
          (return (i32.add (i32.mul (i32.const 10)) (i32.const 1))))
        (return (i32.add (i32.mul (i32.const 10)) (i32.const 2))))
      (return (i32.add (i32.mul (i32.const 10)) (i32.const 3))))
    (i32.const 4)))
(module instance $first $catcher)
(module instance $second $catcher)
(register "first" $first)

;; Calls the first instance's functions with handlers of the second kind of module, which means other tags by its indices.
(module
  (import "first" "throw-own" (func $throw-first (param i32)))
  (import "first" "own" (tag $first (param i32)))
  (import "thrower" "t" (tag $t (param i32)))
  (import "thrower" "throw-t" (func $throw-t (param i32)))
  (tag $own (param i32))
  (func (export "through") (param i32) (result i32)
    (block $h2 (result i32)
      (block $h1 (result i32)
        (try_table (catch $own $h1)
          (try_table (catch $t $h1) (catch $first $h2)
            (call $throw-first (local.get 0))))
        (return (i32.const 0)))
      (return (i32.const -1))))
  (func (export "past") (param i32) (result i32)
    (block $h (result i32)
      (try_table (catch $t $h)
        (try_table (catch $own $h)
          (call $throw-t (local.get 0))))
      (return (i32.const 0))))
  (func (export "uncaught") (param i32)
    (block $h (result i32)
      (try_table (catch $own $h) (call $throw-first (local.get 0)))
      (return))
    (drop)))

(assert_return (invoke "through" (i32.const 5)) (i32.const 5))
(assert_return (invoke "past" (i32.const 6)) (i32.const 6))
(assert_exception (invoke "uncaught" (i32.const 7)))
(assert_return (invoke $first "catch" (i32.const 0) (i32.const 8)) (i32.const 81))
(assert_return (invoke $first "catch" (i32.const 1) (i32.const 9)) (i32.const 92))
(assert_return (invoke $first "catch" (i32.const 2) (i32.const 10)) (i32.const 103))
(assert_return (invoke $second "catch" (i32.const 0) (i32.const 8)) (i32.const 81))
(assert_return (invoke $second "catch" (i32.const 2) (i32.const 10)) (i32.const 103))
(assert_exception (invoke $first "throw-own" (i32.const 1)))
(assert_return (invoke "through" (i32.const 5)) (i32.const 5))
