;;! threads = true
;;! multi_memory = true
;;! [bug]
;;! id = "bulk-operations-on-shared"
;;! layer = "runtime"
;;! source = "threads proposal, bulk memory operators"
;;! expect = "bulk operations on shared memories check and copy as on others, also between the two"

;; Shared memories have a representation of their own, so each operation of the runtime can forget it.
;;
;; Red when: runtime/src/memory/shared.rs: `grow_with` does not store the new length.

(module
  (memory $s 1 2 shared)
  (memory $u 1 2)
  (data $d "abcdefgh")
  (func (export "init") (param i32 i32 i32) (memory.init $s $d (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill") (param i32 i32 i32) (memory.fill $s (local.get 0) (local.get 1) (local.get 2)))
  (func (export "within") (param i32 i32 i32) (memory.copy $s $s (local.get 0) (local.get 1) (local.get 2)))
  (func (export "out") (param i32 i32 i32) (memory.copy $u $s (local.get 0) (local.get 1) (local.get 2)))
  (func (export "in") (param i32 i32 i32) (memory.copy $s $u (local.get 0) (local.get 1) (local.get 2)))
  (func (export "grow") (result i32) (memory.grow $s (i32.const 1)))
  (func (export "shared") (param i32) (result i64) (i64.load $s (local.get 0)))
  (func (export "unshared") (param i32) (result i64) (i64.load $u (local.get 0))))

(assert_return (invoke "init" (i32.const 0) (i32.const 0) (i32.const 8)))
(assert_return (invoke "shared" (i32.const 0)) (i64.const 0x68_67_66_65_64_63_62_61))
(assert_return (invoke "within" (i32.const 1) (i32.const 0) (i32.const 7)))
(assert_return (invoke "shared" (i32.const 0)) (i64.const 0x67_66_65_64_63_62_61_61))
(assert_return (invoke "out" (i32.const 65528) (i32.const 0) (i32.const 8)))
(assert_return (invoke "unshared" (i32.const 65528)) (i64.const 0x67_66_65_64_63_62_61_61))
(assert_trap (invoke "in" (i32.const 65529) (i32.const 65528) (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "out" (i32.const 65529) (i32.const 0) (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke "fill" (i32.const 65530) (i32.const 1) (i32.const 7)) "out of bounds memory access")
(assert_trap (invoke "init" (i32.const 65530) (i32.const 0) (i32.const 7)) "out of bounds memory access")
(assert_return (invoke "shared" (i32.const 65528)) (i64.const 0))

;; The same addresses after growth, and what was there before it.
(assert_return (invoke "grow") (i32.const 1))
(assert_return (invoke "in" (i32.const 65532) (i32.const 65528) (i32.const 8)))
(assert_return (invoke "shared" (i32.const 65532)) (i64.const 0x67_66_65_64_63_62_61_61))
(assert_return (invoke "fill" (i32.const 131071) (i32.const 0x1ff) (i32.const 1)))
(assert_return (invoke "shared" (i32.const 131064)) (i64.const 0xff00_0000_0000_0000))
(assert_trap (invoke "fill" (i32.const 131071) (i32.const 1) (i32.const 2)) "out of bounds memory access")
(assert_return (invoke "shared" (i32.const 0)) (i64.const 0x67_66_65_64_63_62_61_61))
