;;! [bug]
;;! id = "heap-exhausted"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#13034, #10467 (length overflow); WebAssembly core specification 3.0, instantiation, resource exhaustion"
;;! expect = "an object that is too large is a trap wherever it is made, the instance that was to be is none, and the store goes on"

;; Arrays that no heap has room for are made by functions, by a start function and by constant expressions: of globals,
;; of tables and of segments. An engine that multiplies with 32 bits makes a small array of a great length; one that
;; fails in the middle of an instantiation leaves halves of it behind.
;;
;; Red when: runtime/src/layout.rs: `size_of_array` multiplies with 32 bits.

(module $m
  (type $longs (array (mut i64)))
  (type $vectors (array (mut v128)))
  (type $bytes (array (mut i8)))
  (type $refs (array (mut anyref)))
  (global $kept (mut (ref null $bytes)) (ref.null $bytes))
  (table (export "t") 2 anyref)
  (func (export "i8") (param i32) (result i32) (array.len (array.new_default $bytes (local.get 0))))
  (func (export "i8-value") (param i32) (result i32) (array.len (array.new $bytes (i32.const 1) (local.get 0))))
  (func (export "i64") (param i32) (result i32) (array.len (array.new_default $longs (local.get 0))))
  (func (export "v128") (param i32) (result i32) (array.len (array.new_default $vectors (local.get 0))))
  (func (export "refs") (param i32) (result i32) (array.len (array.new $refs (ref.i31 (i32.const 1)) (local.get 0))))
  (func (export "known") (result i32) (array.len (array.new_default $longs (i32.const 0x20000000))))
  (func (export "keep") (global.set $kept (array.new $bytes (i32.const 42) (i32.const 1000))))
  (func (export "kept") (result i32) (array.get_u $bytes (global.get $kept) (i32.const 999)))
  (func (export "set") (param i32 i32) (table.set 0 (local.get 0) (ref.i31 (local.get 1))))
  (func (export "get") (param i32) (result i32) (i31.get_u (ref.cast (ref i31) (table.get 0 (local.get 0)))))
  ;; A handler does not catch it.
  (func (export "handled") (param i32) (result i32)
    (block $h
      (try_table (catch_all $h) (drop (array.new_default $longs (local.get 0))))
      (return (i32.const 1)))
    (i32.const 2)))
(register "m" $m)

(invoke "keep")
(invoke "set" (i32.const 0) (i32.const 7))
(assert_trap (invoke "i8" (i32.const 0x7fffffff)) "heap exhausted")
(assert_trap (invoke "i8" (i32.const 0x80000000)) "heap exhausted")
(assert_trap (invoke "i8" (i32.const -1)) "heap exhausted")
(assert_trap (invoke "i8" (i32.const -8)) "heap exhausted")
(assert_trap (invoke "i8-value" (i32.const -1)) "heap exhausted")
(assert_trap (invoke "i8-value" (i32.const 0x80000000)) "heap exhausted")
(assert_trap (invoke "i64" (i32.const 0x20000000)) "heap exhausted")
(assert_trap (invoke "i64" (i32.const 0x1fffffff)) "heap exhausted")
(assert_trap (invoke "i64" (i32.const 0x10000000)) "heap exhausted")
(assert_trap (invoke "i64" (i32.const 0x80000000)) "heap exhausted")
(assert_trap (invoke "i64" (i32.const -1)) "heap exhausted")
(assert_trap (invoke "v128" (i32.const 0x10000000)) "heap exhausted")
(assert_trap (invoke "v128" (i32.const 0x10000001)) "heap exhausted")
(assert_trap (invoke "v128" (i32.const 0x08000000)) "heap exhausted")
(assert_trap (invoke "v128" (i32.const -1)) "heap exhausted")
(assert_trap (invoke "refs" (i32.const 0x40000000)) "heap exhausted")
(assert_trap (invoke "refs" (i32.const -1)) "heap exhausted")
(assert_trap (invoke "handled" (i32.const 0x20000001)) "heap exhausted")
(assert_trap (invoke "known") "heap exhausted")
(assert_return (invoke "kept") (i32.const 42))
(assert_return (invoke "i64" (i32.const 100000)) (i32.const 100000))
(assert_return (invoke "handled" (i32.const 10)) (i32.const 1))

;; A start function, after it has written to a table that lives on.
(assert_trap
  (module
    (type $longs (array (mut i64)))
    (import "m" "t" (table 2 anyref))
    (func $start
      (table.set (i32.const 0) (ref.i31 (i32.const 8)))
      (drop (array.new_default $longs (i32.const 0x20000000))))
    (start $start))
  "heap exhausted")
(assert_return (invoke $m "get" (i32.const 0)) (i32.const 8))

;; A global, behind one that fits.
(assert_trap
  (module
    (type $longs (array (mut i64)))
    (global (ref $longs) (array.new_default $longs (i32.const 10)))
    (global (ref $longs) (array.new $longs (i64.const 1) (i32.const 0x20000000))))
  "heap exhausted")
;; The value of a table, and an element segment: the table of the other module is as it was.
(assert_trap
  (module
    (type $longs (array (mut i64)))
    (table 3 (ref $longs) (array.new_default $longs (i32.const 0x20000000))))
  "heap exhausted")
(assert_trap
  (module
    (type $longs (array (mut i64)))
    (import "m" "t" (table 2 anyref))
    (elem (i32.const 0) anyref
      (item (ref.i31 (i32.const 9)))
      (item (array.new_default $longs (i32.const 0x20000000)))))
  "heap exhausted")
(assert_return (invoke $m "get" (i32.const 0)) (i32.const 8))
(assert_return (invoke $m "kept") (i32.const 42))
(invoke $m "set" (i32.const 0) (i32.const 10))
(assert_return (invoke $m "get" (i32.const 0)) (i32.const 10))
(assert_return (invoke $m "i8" (i32.const 1000000)) (i32.const 1000000))
