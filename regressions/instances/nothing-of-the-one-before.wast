;;! [bug]
;;! id = "nothing-of-the-one-before"
;;! layer = "runtime"
;;! source = "CVE-2022-39393, CVE-2026-34988, CVE-2022-39392, CVE-2022-23636, CVE-2023-30624"
;;! expect = "a new instance has zeros and its own bounds, whatever instances before it wrote, grew or failed to become"

;; An engine that uses an instance's room again must clear what the last one wrote, and take the new one's sizes; memories of
;; no pages have no room at all. What a failed instantiation has made must not be taken apart by what it has not. Growth and
;; drops of segments are read back: what changes behind the compiler's back must not be taken for unchanged.
;;
;; Red when: runtime/src/builtins/memory.rs: `data_drop` leaves the segment as it is.

(module $first
  (memory (export "m") 1 20)
  (data (i32.const 0) "all of this was the first instance's")
  (func (export "fill") (drop (memory.grow (i32.const 19))) (memory.fill (i32.const 36) (i32.const 0xff) (i32.const 1310684)))
  (func (export "last") (result i32) (i32.load (i32.const 1310716))))
(assert_return (invoke "fill"))
(assert_return (invoke "last") (i32.const -1))

(module
  (memory 5 20)
  (func (export "load") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "or") (result i64) (local i32 i64)
    (loop $l
      (local.set 1 (i64.or (local.get 1) (i64.load (local.get 0))))
      (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 8))) (i32.const 327680))))
    (local.get 1))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
(assert_return (invoke "or") (i64.const 0))
(assert_trap (invoke "load" (i32.const 983040)) "out of bounds memory access")
(assert_trap (invoke "load" (i32.const 327673)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 15)) (i32.const 5))
(assert_return (invoke "load" (i32.const 983040)) (i64.const 0))
(assert_return (invoke "load" (i32.const 1310712)) (i64.const 0))

(module
  (memory 0)
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32) (i32.store8 (local.get 0) (i32.const 1)))
  (func (export "offset") (result i32) (i32.load8_u offset=0xffffffff (i32.const 0))))
(assert_trap (invoke "load" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "load" (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "store" (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "offset") "out of bounds memory access")

;; Instantiation fails after globals of references were made.
(assert_trap
  (module
    (global externref (ref.null extern)) (global (mut funcref) (ref.func $f)) (global exnref (ref.null exn))
    (table 1 externref)
    (func $f)
    (memory 1)
    (data (i32.const 65536) "x"))
  "out of bounds memory access")

(module
  (memory 1 4) (table $t 1 6 funcref) (data $d "abc")
  (func (export "sizes") (result i32 i32 i32 i32 i32 i32)
    (memory.size) (memory.grow (i32.const 1)) (memory.size)
    (table.size $t) (table.grow $t (ref.null func) (i32.const 2)) (table.size $t))
  (func (export "drop") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop $d) (data.drop $d))
  (func (export "init") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))))
(assert_return (invoke "sizes") (i32.const 1) (i32.const 1) (i32.const 2) (i32.const 1) (i32.const 1) (i32.const 3))
(assert_return (invoke "sizes") (i32.const 2) (i32.const 2) (i32.const 3) (i32.const 3) (i32.const 3) (i32.const 5))
(assert_return (invoke "sizes") (i32.const 3) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const -1) (i32.const 5))
(assert_return (invoke "sizes") (i32.const 4) (i32.const -1) (i32.const 4) (i32.const 5) (i32.const -1) (i32.const 5))
(assert_return (invoke "drop"))
(assert_trap (invoke "init") "out of bounds memory access")
