;;! memory64 = true
;;! [bug]
;;! id = "memory-grow-product-wraps"
;;! layer = "runtime"
;;! source = "WebAssembly/wabt#2785, WebAssembly/wabt#2783"
;;! expect = "growth whose size in bytes is 2^64 or more, or beyond the limit, gives -1 and changes nothing"

;; 2^48 pages are 2^64 bytes. If the number of pages is multiplied without a look at the result, growth of one
;; page by 2^48 - 1 succeeds and leaves a memory of no bytes; by 2^48 + 1, one of two pages.
;;
;; Red when: runtime/src/memory.rs: `grown` adds and shifts with 64 bits.

(module
  (memory i64 1)
  (data (i64.const 65528) "\01\02\03\04\05\06\07\08")
  (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
  (func (export "grow-2^48") (result i64) (memory.grow (i64.const 0x1_0000_0000_0000)))
  (func (export "size") (result i64) (memory.size))
  (func (export "get") (param i64) (result i64) (i64.load (local.get 0)))
  (func (export "set") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
  ;; The failure is tested for as programs do.
  (func (export "failed") (param i64) (result i32) (i64.eq (memory.grow (local.get 0)) (i64.const -1))))

;; The size in bytes would be 2^64 - 65536, 2^64, 2^64 + 65536, 2^64 + 131072.
(assert_return (invoke "grow" (i64.const 0xffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0xffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0x1_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0x1_0000_0000_0001)) (i64.const -1))
(assert_return (invoke "grow-2^48") (i64.const -1))
(assert_return (invoke "failed" (i64.const 0x1_0000_0000_0001)) (i32.const 1))
;; The same higher up, where the number of pages wraps too.
(assert_return (invoke "grow" (i64.const 0x8000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0x8000_0000_0000_0001)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0xffff_0000_0000_0001)) (i64.const -1))
(assert_return (invoke "grow" (i64.const -1)) (i64.const -1))
(assert_return (invoke "grow" (i64.const -2)) (i64.const -1))

;; It is still the old memory, and it still grows.
(assert_return (invoke "size") (i64.const 1))
(assert_return (invoke "get" (i64.const 65528)) (i64.const 0x0807_0605_0403_0201))
(assert_trap (invoke "get" (i64.const 65529)) "out of bounds memory access")
(assert_return (invoke "set" (i64.const 0) (i64.const 77)))
(assert_return (invoke "get" (i64.const 0)) (i64.const 77))
(assert_return (invoke "grow" (i64.const 1)) (i64.const 1))
(assert_return (invoke "size") (i64.const 2))
(assert_return (invoke "get" (i64.const 0)) (i64.const 77))
(assert_return (invoke "get" (i64.const 65528)) (i64.const 0x0807_0605_0403_0201))
(assert_return (invoke "get" (i64.const 131064)) (i64.const 0))
(assert_trap (invoke "get" (i64.const 131065)) "out of bounds memory access")
;; From two pages on, 2^48 - 2 more are 2^64 bytes.
(assert_return (invoke "grow" (i64.const 0xffff_ffff_fffe)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0xffff_ffff_ffff)) (i64.const -1))
(assert_return (invoke "size") (i64.const 2))

;; With 32-bit addresses the same happens at 2^16 pages, which are 2^32 bytes.
(module
  (memory 1)
  (data (i32.const 65528) "\01\02\03\04\05\06\07\08")
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "grow-2^16") (result i32) (memory.grow (i32.const 0x1_0000)))
  (func (export "size") (result i32) (memory.size))
  (func (export "get") (param i32) (result i64) (i64.load (local.get 0))))

(assert_return (invoke "grow" (i32.const 0x1_0000)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 0x1_0001)) (i32.const -1))
(assert_return (invoke "grow-2^16") (i32.const -1))
(assert_return (invoke "grow" (i32.const 0x8000_0000)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 0xffff_0001)) (i32.const -1))
(assert_return (invoke "grow" (i32.const -1)) (i32.const -1))
(assert_return (invoke "size") (i32.const 1))
(assert_return (invoke "get" (i32.const 65528)) (i64.const 0x0807_0605_0403_0201))
(assert_trap (invoke "get" (i32.const 65529)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 1)) (i32.const 1))
(assert_return (invoke "get" (i32.const 65528)) (i64.const 0x0807_0605_0403_0201))
(assert_return (invoke "get" (i32.const 131064)) (i64.const 0))
(assert_trap (invoke "get" (i32.const 131065)) "out of bounds memory access")

;; A declared limit holds, also for a sum of pages that wraps below it.
(module
  (memory i64 2 3)
  (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
  (func (export "size") (result i64) (memory.size)))

(assert_return (invoke "grow" (i64.const 2)) (i64.const -1))
(assert_return (invoke "grow" (i64.const -1)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0x1_0000_0000_0001)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0)) (i64.const 2))
(assert_return (invoke "grow" (i64.const 1)) (i64.const 2))
(assert_return (invoke "grow" (i64.const 1)) (i64.const -1))
(assert_return (invoke "size") (i64.const 3))
