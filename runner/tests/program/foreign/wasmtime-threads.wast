;;! threads = true

(module $shared (memory (export "mem") 1 1 shared))

(thread $T (shared (module $shared))
  (register "shared" $shared)
  (module
    (import "shared" "mem" (memory 1 1 shared))
    (func (export "set") (i32.atomic.store (i32.const 8) (i32.const 42))))
  (invoke "set"))
(wait $T)

(module
  (import "shared" "mem" (memory 1 1 shared))
  (func (export "get") (result i32) (i32.atomic.load (i32.const 8)))
  (func (export "odd") (drop (i32.atomic.load (i32.const 3)))))
(assert_return (invoke "get") (i32.const 42))
(assert_trap (invoke "odd") "unaligned atomic")

(module
  (memory 1)
  (func (export "wait") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))))
(assert_trap (invoke "wait") "atomic wait on non-shared memory")
