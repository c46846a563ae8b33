;;! [bug]
;;! id = "null-where-no-type-is-declared"
;;! layer = "runtime"
;;! source = "WebAssembly core specification 3.0, ref.cast and array.len"
;;! expect = "casts and lengths of null trap in a module that declares neither structures nor arrays"

;; Such a module looks into the heap all the same, by abstract types alone.
;;
;; Red when: runtime/src/init.rs: the heap is prepared only for modules with types of objects.

(module
  (func (export "cast") (param anyref) (result structref) (ref.cast (ref struct) (local.get 0)))
  (func (export "len") (param arrayref) (result i32) (array.len (local.get 0))))
(assert_trap (invoke "cast" (ref.null any)) "cast failure")
(assert_trap (invoke "cast" (ref.host 1)) "cast failure")
(assert_trap (invoke "len" (ref.null array)) "null array reference")
