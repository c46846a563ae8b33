;;! [bug]
;;! id = "constants-of-eight-bytes"
;;! layer = "codegen"
;;! source = "WebAssembly core specification 3.0, i64.const; immediates of x86-64 are 32 bits, with the sign in front"
;;! expect = "a 64-bit constant has all its bits, as a result, as an operand, and in memory"

;; Instructions take 32 bits of a constant, and extend them by its sign. A constant that takes more needs a register, whatever it
;; is used for.
;;
;; Red when: compiler/src/translate/numeric.rs: `i64.const` keeps the low 32 bits of its value, with their sign in front; run on
;; `aot,break=panic`, which cannot compile the constant that spells a name.

(module
  (memory (export "memory") 1)
  (func (export "max32") (result i64) (i64.const 0x7fff_ffff))
  (func (export "above") (result i64) (i64.const 0x8000_0000))
  (func (export "ones32") (result i64) (i64.const 0xffff_ffff))
  (func (export "below") (result i64) (i64.const -0x8000_0001))
  (func (export "text") (result i64) (i64.const 0x656e_696c_7061_7274))
  (func (export "add") (param i64) (result i64) (i64.add (local.get 0) (i64.const 0x8000_0000)))
  (func (export "and") (param i64) (result i64) (i64.and (local.get 0) (i64.const 0xffff_ffff)))
  (func (export "xor") (param i64) (result i64) (i64.xor (local.get 0) (i64.const 0x656e_696c_7061_7274)))
  (func (export "equal") (param i64) (result i32) (i64.eq (local.get 0) (i64.const 0x1_0000_0000)))
  (func (export "less") (param i64) (result i32) (i64.lt_u (local.get 0) (i64.const 0x8000_0000)))
  (func (export "store")
    (i64.store (i32.const 8) (i64.const 0x656e_696c_7061_7274))
    (i64.store (i32.const 16) (i64.const 0x8000_0000)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))

(assert_return (invoke "max32") (i64.const 0x7fff_ffff))
(assert_return (invoke "above") (i64.const 0x8000_0000))
(assert_return (invoke "ones32") (i64.const 0xffff_ffff))
(assert_return (invoke "below") (i64.const -0x8000_0001))
(assert_return (invoke "text") (i64.const 7_308_895_159_731_712_628))
(assert_return (invoke "add" (i64.const 1)) (i64.const 0x8000_0001))
(assert_return (invoke "add" (i64.const -0x8000_0000)) (i64.const 0))
(assert_return (invoke "and" (i64.const -1)) (i64.const 0xffff_ffff))
(assert_return (invoke "xor" (i64.const 0x656e_696c_7061_7274)) (i64.const 0))
(assert_return (invoke "xor" (i64.const 0)) (i64.const 0x656e_696c_7061_7274))
(assert_return (invoke "equal" (i64.const 0x1_0000_0000)) (i32.const 1))
(assert_return (invoke "equal" (i64.const 0)) (i32.const 0))
(assert_return (invoke "less" (i64.const 0x7fff_ffff)) (i32.const 1))
(assert_return (invoke "less" (i64.const 0x8000_0000)) (i32.const 0))
(assert_return (invoke "less" (i64.const -1)) (i32.const 0))
(assert_return (invoke "store"))
(assert_return (invoke "load" (i32.const 8)) (i32.const 0x7061_7274))
(assert_return (invoke "load" (i32.const 12)) (i32.const 0x656e_696c))
(assert_return (invoke "load" (i32.const 16)) (i32.const 0x8000_0000))
(assert_return (invoke "load" (i32.const 20)) (i32.const 0))
