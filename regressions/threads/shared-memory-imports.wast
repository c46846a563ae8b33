;;! threads = true
;;! multi_memory = true
;;! memory64 = true
;;! [bug]
;;! id = "shared-memory-imports"
;;! layer = "instantiation"
;;! source = "threads proposal, import matching"
;;! expect = "shared memories stand for shared ones only, and their current size counts"

;; An engine that keeps shared memories apart from others easily forgets one of the checks for one of the
;; two.
;;
;; Red when: runtime/src/linker.rs: `matches` does not compare `shared`.

(module $M
  (memory (export "shared") 1 3 shared)
  (memory (export "unshared") 1 3)
  (func (export "grow") (result i32) (memory.grow 0 (i32.const 1))))
(register "M" $M)

(module (import "M" "shared" (memory 1 3 shared)))
(module (import "M" "shared" (memory 0 4 shared)))
(assert_unlinkable (module (import "M" "shared" (memory 1 3))) "incompatible import type")
(assert_unlinkable (module (import "M" "unshared" (memory 1 3 shared))) "incompatible import type")
(assert_unlinkable (module (import "M" "shared" (memory 2 3 shared))) "incompatible import type")
(assert_unlinkable (module (import "M" "shared" (memory 1 2 shared))) "incompatible import type")
(assert_unlinkable (module (import "M" "shared" (memory i64 1 3 shared))) "incompatible import type")
;; The current size counts for the minimum.
(assert_return (invoke $M "grow") (i32.const 1))
(module (import "M" "shared" (memory 2 3 shared)))

(module (import "spectest" "shared_memory" (memory 1 2 shared)))
(assert_unlinkable (module (import "spectest" "shared_memory" (memory 1 2))) "incompatible import type")
(assert_unlinkable (module (import "spectest" "memory" (memory 1 2 shared))) "incompatible import type")

;; An import and its export are one memory.
(module
  (memory (import "M" "shared") 1 3 shared)
  (func (export "store") (i32.atomic.store (i32.const 4) (i32.const 7)))
  (func (export "size") (result i32) (memory.size)))
(assert_return (invoke "store"))
(assert_return (invoke "size") (i32.const 2))
(module
  (memory (import "M" "shared") 1 3 shared)
  (func (export "load") (result i32) (i32.atomic.load (i32.const 4))))
(assert_return (invoke "load") (i32.const 7))
(assert_invalid (module (memory 1 shared)) "shared memory must have maximum")
