;;! [bug]
;;! id = "memory-init-trap-writes-nothing"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, memory.init"
;;! expect = "trap, and no byte of the memory has changed"

;; An engine that copies as much as fits, or copies byte by byte and traps on the way, leaves a part of the
;; segment behind.
;;
;; Red when: runtime/src/memory.rs: `StoreInner::memory_init` copies what fits before it reports that not all
;; does.

(module
  (memory 1)
  (data "abcdefgh")
  (func (export "init") (param $dst i32) (param $src i32) (param $len i32)
    (memory.init 0 (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "nonzero-bytes") (result i32)
    (local $at i32) (local $count i32)
    (loop $next
      (if (i32.load8_u (local.get $at))
        (then (local.set $count (i32.add (local.get $count) (i32.const 1)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 65536))))
    (local.get $count)))

;; Beyond the memory, beyond the segment, beyond both.
(assert_trap (invoke "init" (i32.const 65530) (i32.const 0) (i32.const 8)) "out of bounds memory access")
(assert_return (invoke "nonzero-bytes") (i32.const 0))
(assert_trap (invoke "init" (i32.const 0) (i32.const 4) (i32.const 5)) "out of bounds memory access")
(assert_return (invoke "nonzero-bytes") (i32.const 0))
(assert_trap (invoke "init" (i32.const 65530) (i32.const 4) (i32.const 9)) "out of bounds memory access")
(assert_return (invoke "nonzero-bytes") (i32.const 0))

;; The same function does write when all is within bounds.
(assert_return (invoke "init" (i32.const 65528) (i32.const 0) (i32.const 8)))
(assert_return (invoke "nonzero-bytes") (i32.const 8))
