;;! [bug]
;;! id = "memory-copy-of-imports"
;;! layer = "runtime"
;;! source = "wasmtime tests/misc_testsuite/imported-memory-copy.wast; WebAssembly core specification 3.0, memory.copy"
;;! expect = "copies within, into and out of an imported memory are bounded by its size as it is, and two names of one memory overlap"

;; The memory is another instance's: its size is not the declared one, and may have grown since the import. A memory that is
;; imported twice is two memories in the code and one in fact: a copy from the one to the other can overlap, and must not be
;; done as if it could not.
;;
;; Red when: a copy writes what fits before it traps (`break=late-check`), or every memory is memory 0 (`break=memory-
;; zero`).

(module $owner
  (memory (export "memory") 1 4)
  (data (i32.const 0) "abcdefghijklmnop")
  (func (export "word") (param $at i32) (result i64) (i64.load (local.get $at)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "reset")
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 65536))
    (i64.store (i32.const 0) (i64.const 0x6867666564636261))
    (i64.store (i32.const 8) (i64.const 0x706f6e6d6c6b6a69))))
(register "owner" $owner)

;; Of one imported memory.
(module $one
  (memory (import "owner" "memory") 1 4)
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "constant") (memory.copy (i32.const 65530) (i32.const 0) (i32.const 8)))
  (func (export "last") (memory.copy (i32.const 65528) (i32.const 0) (i32.const 8)))
  (func (export "size") (result i32) (memory.size)))

(assert_return (invoke $one "copy" (i32.const 20) (i32.const 0) (i32.const 8)))
(assert_return (invoke $owner "word" (i32.const 20)) (i64.const 0x6867666564636261))
(assert_return (invoke $one "copy" (i32.const 2) (i32.const 0) (i32.const 8)))
(assert_return (invoke $owner "word" (i32.const 0)) (i64.const 0x6665646362616261))
(assert_return (invoke $owner "reset"))
(assert_return (invoke $one "copy" (i32.const 0) (i32.const 2) (i32.const 8)))
(assert_return (invoke $owner "word" (i32.const 0)) (i64.const 0x6a69686766656463))
(assert_return (invoke $owner "word" (i32.const 8)) (i64.const 0x706f6e6d6c6b6a69))
(assert_return (invoke $owner "reset"))
(assert_return (invoke $one "last"))
(assert_return (invoke $owner "word" (i32.const 65528)) (i64.const 0x6867666564636261))
(assert_trap (invoke $one "constant") "out of bounds memory access")
(assert_trap (invoke $one "copy" (i32.const 65529) (i32.const 8) (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke $one "copy" (i32.const 0) (i32.const 65529) (i32.const 8)) "out of bounds memory access")
(assert_return (invoke $one "copy" (i32.const 65536) (i32.const 0) (i32.const 0)))
(assert_trap (invoke $one "copy" (i32.const 65537) (i32.const 0) (i32.const 0)) "out of bounds memory access")
(assert_return (invoke $owner "word" (i32.const 65528)) (i64.const 0x6867666564636261))
(assert_return (invoke $owner "word" (i32.const 0)) (i64.const 0x6867666564636261))

;; Its owner has it grow: what did not fit does now, for the instance that was there before and by constants too.
(assert_return (invoke $owner "grow") (i32.const 1))
(assert_return (invoke $one "size") (i32.const 2))
(assert_return (invoke $one "constant"))
(assert_return (invoke $owner "word" (i32.const 65530)) (i64.const 0x6867666564636261))
(assert_return (invoke $one "copy" (i32.const 131064) (i32.const 8) (i32.const 8)))
(assert_trap (invoke $one "copy" (i32.const 131065) (i32.const 0) (i32.const 8)) "out of bounds memory access")
(assert_return (invoke $owner "word" (i32.const 131064)) (i64.const 0x706f6e6d6c6b6a69))

;; Of two names of it, and of a memory of the importer's own, which is smaller.
(module $two
  (memory $a (import "owner" "memory") 1 4)
  (memory $b (import "owner" "memory") 1 4)
  (memory $own 1 1)
  (data (memory $own) (i32.const 0) "ABCDEFGHIJKLMNOP")
  (func (export "a-b") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy $a $b (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "b-a") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy $b $a (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "b-a constant") (memory.copy $b $a (i32.const 1) (i32.const 0) (i32.const 15)))
  (func (export "a-b constant") (memory.copy $a $b (i32.const 0) (i32.const 1) (i32.const 15)))
  (func (export "a-own") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy $a $own (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "own-b") (param $dst i32) (param $src i32) (param $len i32)
    (memory.copy $own $b (local.get $dst) (local.get $src) (local.get $len)))
  (func (export "own") (param $at i32) (result i64) (i64.load $own (local.get $at)))
  ;; A store by one name, a copy by both, and a load by the other.
  (func (export "between") (param $value i32) (result i32 i32)
    (i32.store $a (i32.const 64) (local.get $value))
    (i32.load $b (i32.const 72))
    (memory.copy $b $a (i32.const 72) (i32.const 64) (i32.const 4))
    (i32.store $b (i32.const 64) (i32.const 0))
    (i32.load $a (i32.const 72)))
  ;; Long enough for an engine that copies in blocks.
  (func (export "shift") (param $by i32) (result i32) (local $i i32)
    (loop $l
      (i32.store $a (local.get $i) (local.get $i))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 32768))))
    (memory.copy $b $a (local.get $by) (i32.const 0) (i32.const 32768))
    (local.set $i (i32.const 0))
    (loop $l
      (if (i32.ne (i32.load $a (i32.add (local.get $i) (local.get $by))) (local.get $i))
        (then (return (local.get $i))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 32768))))
    (i32.const -1)))

(assert_return (invoke $owner "reset"))
(assert_return (invoke $two "b-a" (i32.const 2) (i32.const 0) (i32.const 8)))
(assert_return (invoke $owner "word" (i32.const 2)) (i64.const 0x6867666564636261))
(assert_return (invoke $owner "reset"))
(assert_return (invoke $two "a-b" (i32.const 0) (i32.const 2) (i32.const 8)))
(assert_return (invoke $owner "word" (i32.const 0)) (i64.const 0x6a69686766656463))
(assert_return (invoke $owner "reset"))
(assert_return (invoke $two "b-a constant"))
(assert_return (invoke $owner "word" (i32.const 1)) (i64.const 0x6867666564636261))
(assert_return (invoke $owner "word" (i32.const 8)) (i64.const 0x6f6e6d6c6b6a6968))
(assert_return (invoke $owner "reset"))
(assert_return (invoke $two "a-b constant"))
(assert_return (invoke $owner "word" (i32.const 8)) (i64.const 0x70706f6e6d6c6b6a))
(assert_return (invoke $two "between" (i32.const 0x1234_5678)) (i32.const 0) (i32.const 0x1234_5678))
(assert_return (invoke $two "shift" (i32.const 1)) (i32.const -1))
(assert_return (invoke $two "shift" (i32.const 4)) (i32.const -1))
(assert_return (invoke $two "shift" (i32.const 4097)) (i32.const -1))
(assert_return (invoke $two "shift" (i32.const 32768)) (i32.const -1))

;; Each of the two memories has its own bound: two pages here, and one there.
(assert_return (invoke $owner "reset"))
(assert_return (invoke $two "a-own" (i32.const 131064) (i32.const 0) (i32.const 8)))
(assert_return (invoke $owner "word" (i32.const 131064)) (i64.const 0x4847464544434241))
(assert_trap (invoke $two "a-own" (i32.const 131065) (i32.const 0) (i32.const 8)) "out of bounds memory access")
(assert_trap (invoke $two "a-own" (i32.const 0) (i32.const 65529) (i32.const 8)) "out of bounds memory access")
(assert_return (invoke $two "own-b" (i32.const 65528) (i32.const 0) (i32.const 8)))
(assert_return (invoke $two "own" (i32.const 65528)) (i64.const 0x6867666564636261))
(assert_trap (invoke $two "own-b" (i32.const 65529) (i32.const 8) (i32.const 8)) "out of bounds memory access")
(assert_return (invoke $two "own-b" (i32.const 0) (i32.const 131064) (i32.const 8)))
(assert_return (invoke $two "own" (i32.const 0)) (i64.const 0x4847464544434241))
(assert_return (invoke $two "own" (i32.const 65528)) (i64.const 0x6867666564636261))
(assert_return (invoke $owner "word" (i32.const 0)) (i64.const 0x6867666564636261))
