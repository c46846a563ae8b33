;;! [bug]
;;! id = "table-init-zero-len-dropped"
;;! layer = "runtime"
;;! source = "CVE-2024-30266, bytecodealliance/wasmtime#8281"
;;! expect = "no trap: declared, dropped and active segments have 0 elements, and an empty range fits"

;; An engine that expects a segment's elements to be there even for len 0 panics, or traps where it must not.
;;
;; Red when: runtime/src/builtins/table.rs: `table_init` traps whenever the segment has been dropped.

(module
  (table $externs 2 externref)
  (table $funcs 2 funcref)
  (elem $declared declare externref (ref.null extern) (ref.null extern))
  (elem $active (table $externs) (i32.const 0) externref (ref.null extern))
  (elem $passive externref (ref.null extern))
  (elem $declared-funcs declare funcref (ref.null func))
  (func (export "drop") (elem.drop $passive))
  (func (export "init")
    (table.init $externs $declared (i32.const 0) (i32.const 0) (i32.const 0))
    (table.init $externs $active (i32.const 0) (i32.const 0) (i32.const 0))
    (table.init $externs $passive (i32.const 0) (i32.const 0) (i32.const 0))
    (table.init $funcs $declared-funcs (i32.const 2) (i32.const 0) (i32.const 0))))

(assert_return (invoke "init"))
(assert_return (invoke "drop"))
(assert_return (invoke "init"))
(assert_return (invoke "drop"))
