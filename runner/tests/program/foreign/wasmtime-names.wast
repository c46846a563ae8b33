;;! bulk_memory = true

;; Instances are importable under the names of their modules.
(module $math
  (func (export "double") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))
  (global (export "limit") i32 (i32.const 7))
  (memory (export "mem") 1)
  (table (export "tab") 2 funcref))

(module $user
  (import "math" "double" (func $double (param i32) (result i32)))
  (import "math" "limit" (global $limit i32))
  (import "math" "mem" (memory 1))
  (import "math" "tab" (table 2 funcref))
  (func (export "run") (result i32) (call $double (global.get $limit)))
  (func (export "poke") (i32.store (i32.const 0) (i32.const 41))))
(assert_return (invoke "run") (i32.const 14))
(invoke "poke")

;; A name that is used again means what was last called so.
(module $math (func (export "double") (param i32) (result i32) (local.get 0)))
(module
  (import "math" "double" (func $double (param i32) (result i32)))
  (func (export "run") (result i32) (call $double (i32.const 3))))
(assert_return (invoke "run") (i32.const 3))

;; An instance of a definition is importable too.
(module definition $def (func (export "one") (result i32) (i32.const 1)))
(module instance $inst $def)
(module (import "inst" "one" (func (result i32))))

(assert_unlinkable (module (import "math" "limit" (global i32))) "unknown import")
(assert_unlinkable (module (import "nothing" "at-all" (func))) "has not been defined")
(assert_unlinkable
  (module (import "math" "double" (func)))
  "incompatible import type for `math::double`")
