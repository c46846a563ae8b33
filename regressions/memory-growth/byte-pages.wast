;;! custom_page_sizes = true
;;! [bug]
;;! id = "byte-pages"
;;! layer = "runtime"
;;! source = "custom-page-sizes proposal, memory.size; a memory of 2^32 one-byte pages said that its size is 0"
;;! expect = "a 32-bit memory has at most 2^32 - 1 pages of one byte, since its size must fit an i32"

;; 2^32 bytes are within what 32-bit addresses reach, but the number of pages is not an i32 any more.
;;
;; Red when: abi/src/types.rs: `max_addressable_pages` gives 1 << 32 for pages of one byte.

(module
  (memory 1 (pagesize 1))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "size") (result i32) (memory.size)))
(assert_return (invoke "grow" (i32.const -1)) (i32.const -1))
(assert_return (invoke "size") (i32.const 1))

;; A memory with 64-bit addresses counts further.
(module
  (memory i64 1 (pagesize 1))
  (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
  (func (export "size") (result i64) (memory.size)))
(assert_return (invoke "grow" (i64.const -1)) (i64.const -1))
(assert_return (invoke "size") (i64.const 1))

(module (memory 0 0xffff_ffff (pagesize 1)))
