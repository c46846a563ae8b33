;;! threads = true
;;! multi_memory = true
;;! memory64 = true
;;! custom_page_sizes = true
;;! [bug]
;;! id = "atomics-without-shared-memory"
;;! layer = "translate"
;;! source = "threads, memory64 and custom-page-sizes proposals together"
;;! expect = "atomic operators are checked alike on memories of every kind"

;; Memories that have no guard are checked by comparison, and the check of an atomic access is of its whole
;; width.
;;
;; Red when: compiler/src/translate/atomics.rs: `atomic_address` calls `memory_address` with one byte for
;; the size of the access.

;; The fence needs no memory at all.
(module (func (export "fence") (result i32) (atomic.fence) (i32.const 1)))
(assert_return (invoke "fence") (i32.const 1))

;; Atomic operators work on memories of any kind: 64-bit addresses, pages of a byte, not shared.
(module
  (memory $wide i64 1 1)
  (memory $bytes 10 12 shared (pagesize 1))
  (func (export "wide") (param i64) (result i32)
    (drop (i32.atomic.rmw.add $wide (local.get 0) (i32.const 5)))
    (i32.atomic.load $wide (local.get 0)))
  (func (export "bytes") (param i32) (result i32)
    (drop (i32.atomic.rmw.add $bytes (local.get 0) (i32.const 5)))
    (i32.atomic.load $bytes (local.get 0)))
  (func (export "wait") (param i32) (result i32)
    (memory.atomic.wait32 $bytes (local.get 0) (i32.const 1) (i64.const 0)))
  (func (export "grow") (result i32) (memory.grow $bytes (i32.const 2))))

(assert_return (invoke "wide" (i64.const 65532)) (i32.const 5))
(assert_trap (invoke "wide" (i64.const 65536)) "out of bounds memory access")
(assert_trap (invoke "wide" (i64.const 0x1_0000_0000)) "out of bounds memory access")
(assert_trap (invoke "wide" (i64.const 65534)) "unaligned atomic")
(assert_return (invoke "bytes" (i32.const 4)) (i32.const 5))
(assert_trap (invoke "bytes" (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "wait" (i32.const 8)) "out of bounds memory access")
(assert_return (invoke "grow") (i32.const 10))
(assert_return (invoke "bytes" (i32.const 8)) (i32.const 5))
(assert_return (invoke "wait" (i32.const 8)) (i32.const 1))
(assert_trap (invoke "bytes" (i32.const 12)) "out of bounds memory access")
