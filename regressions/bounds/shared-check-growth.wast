;;! [bug]
;;! id = "shared-check-growth"
;;! layer = "translate"
;;! source = "WebAssembly core specification 3.0, memory instructions; bounds checks shared between accesses"
;;! expect = "a check that was passed holds after growth, and the bytes are found where the memory is then"

;; Growth may move a memory that has no guard. A check that is not repeated must not bring the old place with
;; it.
;;
;; Red when: compiler/src/translate/bounds.rs: `memory_base` reads the base of a memory without guard as if
;; it never changed.

(module
  (memory 1 100)
  (func (export "across") (param $at i32) (param $pages i32) (result i32)
    (i32.store offset=4 (local.get $at) (i32.const 0x1111))
    (i32.store (local.get $at) (i32.const 0x2222))
    (drop (memory.grow (local.get $pages)))
    (i32.store offset=4 (local.get $at) (i32.add (i32.load offset=4 (local.get $at)) (i32.const 1)))
    (i32.add (i32.load (local.get $at)) (i32.load offset=4 (local.get $at))))
  ;; The growth comes too late for the first access.
  (func (export "late") (param $at i32) (result i32)
    (drop (i32.load (local.get $at)))
    (memory.grow (i32.const 1)))
  ;; Only the growth makes the second access one within bounds.
  (func (export "needed") (param $at i32) (result i32)
    (drop (i32.load (local.get $at)))
    (drop (memory.grow (i32.const 1)))
    (i32.load offset=4 (local.get $at)))
  (func (export "size") (result i32) (memory.size))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))

(assert_return (invoke "across" (i32.const 65528) (i32.const 0)) (i32.const 0x3334))
(assert_return (invoke "across" (i32.const 65528) (i32.const 40)) (i32.const 0x3334))
(assert_return (invoke "size") (i32.const 41))
(assert_return (invoke "load" (i32.const 65532)) (i32.const 0x1112))
(assert_trap (invoke "across" (i32.const 2686969) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "late" (i32.const 2686973)) "out of bounds memory access")
(assert_return (invoke "size") (i32.const 41))
(assert_return (invoke "needed" (i32.const 2686972)) (i32.const 0))
(assert_return (invoke "size") (i32.const 42))
(assert_return (invoke "across" (i32.const 2752504) (i32.const 58)) (i32.const 0x3334))
;; At its maximum it does not grow, and the third access has its own check.
(assert_trap (invoke "needed" (i32.const 6553596)) "out of bounds memory access")
