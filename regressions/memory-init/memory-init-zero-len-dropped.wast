;;! [bug]
;;! id = "memory-init-zero-len-dropped"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#7779"
;;! expect = "no trap: a dropped segment has 0 bytes, and an empty range at 0 is within them"

;; An engine that treats any use of a dropped segment as an error traps where the specification has an
;; ordinary, empty segment.
;;
;; Red when: runtime/src/builtins/memory.rs: `memory_init` traps whenever the segment has been dropped.

(module
  (memory 1)
  (data (i32.const 0) "active")
  (data "passive")
  (func (export "drop-active") (data.drop 0))
  (func (export "drop-passive") (data.drop 1))
  (func (export "active") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0)))
  (func (export "passive") (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 0))))

(assert_return (invoke "active"))
(assert_return (invoke "passive"))
(assert_return (invoke "drop-passive"))
(assert_return (invoke "passive"))

;; Dropping again changes nothing, after an earlier drop as after instantiation.
(assert_return (invoke "drop-passive"))
(assert_return (invoke "drop-active"))
(assert_return (invoke "passive"))
(assert_return (invoke "active"))
