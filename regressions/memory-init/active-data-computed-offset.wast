;;! extended_const = true
;;! [bug]
;;! id = "active-data-computed-offset"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 3.0, extended constant expressions"
;;! expect = "the offset is computed modulo 2^32, then taken as unsigned"

;; An engine that computes offsets with more than 32 bits, or with checked arithmetic, traps or panics where
;; the sum comes round; one that takes them as signed writes in front of the memory.
;;
;; Red when: runtime/src/init.rs: `eval` adds and multiplies with 64 bits.

(module
  (global $base (import "spectest" "global_i32") i32)
  (memory 1)
  (data (i32.add (global.get $base) (i32.const 334)) "abcd")
  (data (i32.add (i32.const -1) (i32.const 5)) "efgh")
  (data (i32.mul (i32.const 0x4000_0001) (i32.const 8)) "ijkl")
  (data (i32.sub (i32.const 0) (i32.sub (i32.const 0) (i32.const 12))) "mnop")
  (func (export "word") (param $at i32) (result i32) (i32.load (local.get $at))))

(assert_return (invoke "word" (i32.const 1000)) (i32.const 0x6463_6261))
(assert_return (invoke "word" (i32.const 4)) (i32.const 0x6867_6665))
(assert_return (invoke "word" (i32.const 8)) (i32.const 0x6c6b_6a69))
(assert_return (invoke "word" (i32.const 12)) (i32.const 0x706f_6e6d))

(assert_trap
  (module
    (memory 1)
    (data (i32.sub (i32.const 0) (i32.const 1)) "abcd"))
  "out of bounds memory access")
