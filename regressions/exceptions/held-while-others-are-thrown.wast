;;! [bug]
;;! id = "held-while-others-are-thrown"
;;! layer = "runtime"
;;! source = "wazero/wazero#2522, bytecodealliance/wasmtime#14209"
;;! expect = "an exception that a global, a table or another exception holds stays itself, with what it carries, however many others come and go"

;; Exceptions live in the store, and most are over when they are caught. An engine that frees one too early, or uses its
;; place again while it is held, throws another exception the next time, or one whose values are gone.
;;
;; Red when: runtime/src/exceptions.rs: `caught` frees an exception whatever `kept` says, or `keep_only` marks only the roots.

(module
  (tag $pair (param i32 i64))
  (tag $wrapper (param exnref))
  (tag $other (param f64 v128))
  (global $held (mut exnref) (ref.null exn))
  (table $table 4 exnref)

  (func $drop2 (param i32 i64 exnref) (result exnref) (local.get 2))

  (func (export "hold") (param i32)
    (global.set $held (call $make (local.get 0))))
  (func $make (param i32) (result exnref)
    (block $h (result i32 i64 exnref)
      (try_table (catch_ref $pair $h)
        (throw $pair (local.get 0) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const 3)))))
      (unreachable))
    (call $drop2))
  (func (export "hold-in-table") (param i32 i32)
    (table.set $table (local.get 0) (call $make (local.get 1))))
  ;; The global holds an exception that holds another one.
  (func (export "hold-wrapped") (param i32)
    (global.set $held
      (block $h (result exnref)
        (try_table (catch_all_ref $h) (throw $wrapper (call $make (local.get 0))))
        (unreachable))))

  (func $churn (export "churn") (param i32)
    (loop $again
      (block $h (result f64 v128)
        (try_table (catch $other $h) (throw $other (f64.const 1) (v128.const i64x2 1 2)))
        (unreachable))
      (drop) (drop)
      (drop (call $make (i32.const -1)))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $again (local.get 0))))

  (func $open (param exnref) (result i32 i64)
    (block $h (result i32 i64)
      (try_table (catch $pair $h) (throw_ref (local.get 0)))
      (unreachable)))
  (func (export "open") (result i32 i64) (call $open (global.get $held)))
  (func (export "open-from-table") (param i32) (result i32 i64) (call $open (table.get $table (local.get 0))))
  (func (export "open-wrapped") (result i32 i64)
    (call $open
      (block $h (result exnref)
        (try_table (catch $wrapper $h) (throw_ref (global.get $held)))
        (unreachable))))
  (func (export "is-null") (result i32) (ref.is_null (global.get $held))))

(assert_return (invoke "is-null") (i32.const 1))
(assert_trap (invoke "open") "null exception reference")
(invoke "hold" (i32.const 7))
(invoke "hold-in-table" (i32.const 0) (i32.const 100))
(invoke "hold-in-table" (i32.const 3) (i32.const 103))
(invoke "churn" (i32.const 10000))
(assert_return (invoke "open") (i32.const 7) (i64.const 21))
(assert_return (invoke "open-from-table" (i32.const 0)) (i32.const 100) (i64.const 300))
(invoke "churn" (i32.const 10000))
(assert_return (invoke "open-from-table" (i32.const 3)) (i32.const 103) (i64.const 309))
;; Twice: it has been caught without its reference, and is still held.
(assert_return (invoke "open") (i32.const 7) (i64.const 21))
(invoke "hold-wrapped" (i32.const 9))
(invoke "churn" (i32.const 10000))
(assert_return (invoke "open-wrapped") (i32.const 9) (i64.const 27))
(invoke "churn" (i32.const 10000))
(assert_return (invoke "open-wrapped") (i32.const 9) (i64.const 27))
(assert_exception (invoke "open"))
(assert_return (invoke "open-from-table" (i32.const 0)) (i32.const 100) (i64.const 300))
