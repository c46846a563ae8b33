;;! multi_memory = true
;;! [bug]
;;! id = "callee-of-other-module"
;;! layer = "optimizer"
;;! source = "bytecodealliance/wasmtime#13538"
;;! expect = "a function of another module uses that module's state, which may be imported under other indices"

;; An engine that inlines a function of another module has two modules' indices in one body: memory 0 of the
;; callee is not memory 0 of the caller, but may be memory 1 of it.
;;
;; Red when: cranelift-codegen, src/alias_analysis.rs: calls are not fences, or a store leaves what is known
;; about other addresses alone.

(module $library
  (memory (export "memory") 1)
  (global $counter (export "counter") (mut i32) (i32.const 0))
  (table (export "table") 2 externref)
  (func (export "store") (param $at i32) (param $value i32) (i32.store (local.get $at) (local.get $value)))
  (func (export "load") (param $at i32) (result i32) (i32.load (local.get $at)))
  (func (export "next") (result i32)
    (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
    (global.get $counter))
  (func (export "put") (param $at i32) (param $x externref) (table.set (local.get $at) (local.get $x)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1))))
(register "library" $library)

;; The importer's own memory, global and table have the same indices as the library's.
(module
  (import "library" "store" (func $store (param i32 i32)))
  (import "library" "load" (func $load (param i32) (result i32)))
  (import "library" "next" (func $next (result i32)))
  (import "library" "put" (func $put (param i32 externref)))
  (import "library" "grow" (func $grow (result i32)))
  (memory 1)
  (global $counter (mut i32) (i32.const 100))
  (table 2 externref)
  (func (export "apart") (param $at i32) (param $value i32) (result i32 i32)
    (i32.store (local.get $at) (i32.const 1))
    (call $store (local.get $at) (local.get $value))
    (i32.load (local.get $at))
    (call $load (local.get $at)))
  (func (export "apart-globals") (result i32 i32 i32)
    (global.set $counter (i32.const 100))
    (call $next)
    (call $next)
    (global.get $counter))
  (func (export "apart-tables") (param $x externref) (param $y externref) (result externref)
    (table.set (i32.const 0) (local.get $x))
    (call $put (i32.const 0) (local.get $y))
    (table.get (i32.const 0)))
  (func (export "grow") (result i32 i32) (call $grow) (memory.size)))

(assert_return (invoke "apart" (i32.const 0) (i32.const 7)) (i32.const 1) (i32.const 7))
(assert_return (invoke "apart-globals") (i32.const 1) (i32.const 2) (i32.const 100))
(assert_return (invoke "apart-globals") (i32.const 3) (i32.const 4) (i32.const 100))
(assert_return (invoke "apart-tables" (ref.extern 1) (ref.extern 2)) (ref.extern 1))
(assert_return (invoke "grow") (i32.const 1) (i32.const 1))

;; The importer imports them too, behind ones of its own that come before.
(module
  (import "library" "store" (func $store (param i32 i32)))
  (import "library" "load" (func $load (param i32) (result i32)))
  (import "library" "next" (func $next (result i32)))
  (import "library" "put" (func $put (param i32 externref)))
  (import "library" "grow" (func $grow (result i32)))
  (import "spectest" "global_i32" (global i32))
  (import "library" "counter" (global $counter (mut i32)))
  (import "spectest" "memory" (memory 1))
  (import "library" "memory" (memory $memory 1))
  (import "spectest" "table" (table 1 funcref))
  (import "library" "table" (table $table 2 externref))
  (func (export "together") (param $at i32) (param $value i32) (result i32 i32 i32)
    (i32.store $memory (local.get $at) (i32.const 1))
    (call $load (local.get $at))
    (call $store (local.get $at) (local.get $value))
    (i32.load $memory (local.get $at))
    (i32.store $memory (local.get $at) (i32.const 3))
    (call $load (local.get $at)))
  (func (export "together-globals") (result i32 i32 i32 i32)
    (global.set $counter (i32.const 20))
    (call $next)
    (global.get $counter)
    (global.set $counter (i32.const 30))
    (call $next)
    (global.get $counter))
  (func (export "together-tables") (param $x externref) (param $y externref) (result externref externref)
    (table.set $table (i32.const 0) (local.get $x))
    (table.get $table (i32.const 0))
    (call $put (i32.const 0) (local.get $y))
    (table.get $table (i32.const 0)))
  (func (export "grow") (param $at i32) (result i32 i32 i32 i32)
    (memory.size $memory)
    (call $grow)
    (memory.size $memory)
    (i32.store $memory (local.get $at) (i32.const 11))
    (call $load (local.get $at)))
  (func (export "loop") (param $turns i32) (result i32)
    (global.set $counter (i32.const 0))
    (loop $again
      (global.set $counter (i32.add (global.get $counter) (call $next)))
      (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
      (br_if $again (local.get $turns)))
    (global.get $counter)))

(assert_return (invoke "together" (i32.const 0) (i32.const 7)) (i32.const 1) (i32.const 7) (i32.const 3))
(assert_return (invoke "together" (i32.const 65532) (i32.const 7)) (i32.const 1) (i32.const 7) (i32.const 3))
(assert_return (invoke "together-globals") (i32.const 21) (i32.const 21) (i32.const 31) (i32.const 31))
(assert_return (invoke "together-tables" (ref.extern 3) (ref.extern 4)) (ref.extern 3) (ref.extern 4))
(assert_return (invoke "grow" (i32.const 131072)) (i32.const 2) (i32.const 2) (i32.const 3) (i32.const 11))
;; 0 + 1, 1 + 2, 3 + 4: the sum is read before the call counts on.
(assert_return (invoke "loop" (i32.const 1)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 3)) (i32.const 7))
