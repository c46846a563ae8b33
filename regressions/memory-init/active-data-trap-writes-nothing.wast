;;! [bug]
;;! id = "active-data-trap-writes-nothing"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 2.0, instantiation"
;;! expect = "trap, and nothing of the segment that does not fit is written"

;; An engine that writes an active segment as far as it fits leaves a part of it in the imported memory.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_init` copies what fits before it reports that not all
;; does.

(module $owner
  (memory (export "memory") 1)
  (func (export "word") (param $at i32) (result i32) (i32.load (local.get $at))))
(register "owner" $owner)

(assert_trap
  (module
    (memory (import "owner" "memory") 1)
    (data (i32.const 65533) "abcd"))
  "out of bounds memory access")
(assert_return (invoke $owner "word" (i32.const 65532)) (i32.const 0))

;; The offset is unsigned, and the sum of offset and length does not wrap.
(assert_trap
  (module
    (memory (import "owner" "memory") 1)
    (data (i32.const -2) "abcd"))
  "out of bounds memory access")
(assert_return (invoke $owner "word" (i32.const 0)) (i32.const 0))

;; One byte less fits.
(module
  (memory (import "owner" "memory") 1)
  (data (i32.const 65533) "abc"))
(assert_return (invoke $owner "word" (i32.const 65532)) (i32.const 0x6362_6100))
