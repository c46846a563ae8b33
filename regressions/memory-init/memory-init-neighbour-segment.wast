;;! [bug]
;;! id = "memory-init-neighbour-segment"
;;! layer = "runtime"
;;! source = "fluentlabs-xyz/rwasm#194"
;;! expect = "trap: the bytes of the next segment are out of bounds"

;; An engine that keeps the bytes of all segments in one piece and checks only against its end gives out the
;; bytes of a neighbour.
;;
;; Red when: runtime/src/instance.rs: `data_bytes` ends where the bytes of all segments end, not where its own
;; do.

(module
  (memory 1)
  (data "")
  (data "ABCD")
  (data "EF")
  (func (export "empty") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 4)))
  (func (export "middle") (memory.init 1 (i32.const 0) (i32.const 2) (i32.const 4)))
  (func (export "last") (memory.init 2 (i32.const 8) (i32.const 0) (i32.const 2)))
  (func (export "word") (param $at i32) (result i32) (i32.load (local.get $at))))

(assert_trap (invoke "empty") "out of bounds memory access")
(assert_trap (invoke "middle") "out of bounds memory access")
(assert_return (invoke "word" (i32.const 0)) (i32.const 0))
(assert_return (invoke "last"))
(assert_return (invoke "word" (i32.const 8)) (i32.const 0x4645))
