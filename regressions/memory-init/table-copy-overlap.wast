;;! [bug]
;;! id = "table-copy-overlap"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 2.0, table.copy"
;;! expect = "as if the source were read completely before the first write, upwards and downwards"

;; An engine that copies in one fixed direction repeats the first elements of a range that it overwrites while
;; it still reads it.
;;
;; Red when: runtime/src/table.rs: `StoreInner::table_copy` copies element by element upwards, or element by
;; element downwards.

(module
  (table $table 4 externref)
  (func (export "set") (param externref externref externref externref)
    (table.set $table (i32.const 0) (local.get 0))
    (table.set $table (i32.const 1) (local.get 1))
    (table.set $table (i32.const 2) (local.get 2))
    (table.set $table (i32.const 3) (local.get 3)))
  (func (export "all") (result externref externref externref externref)
    (table.get $table (i32.const 0))
    (table.get $table (i32.const 1))
    (table.get $table (i32.const 2))
    (table.get $table (i32.const 3)))
  (func (export "copy") (param $dst i32) (param $src i32) (param $len i32)
    (table.copy $table $table (local.get $dst) (local.get $src) (local.get $len))))

(assert_return (invoke "set" (ref.extern 0) (ref.extern 1) (ref.extern 2) (ref.extern 3)))
(assert_return (invoke "copy" (i32.const 1) (i32.const 0) (i32.const 3)))
(assert_return (invoke "all") (ref.extern 0) (ref.extern 0) (ref.extern 1) (ref.extern 2))

(assert_return (invoke "set" (ref.extern 0) (ref.extern 1) (ref.extern 2) (ref.extern 3)))
(assert_return (invoke "copy" (i32.const 0) (i32.const 1) (i32.const 3)))
(assert_return (invoke "all") (ref.extern 1) (ref.extern 2) (ref.extern 3) (ref.extern 3))
