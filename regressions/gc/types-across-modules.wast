;;! [bug]
;;! id = "types-across-modules"
;;! layer = "runtime"
;;! source = "bytecodealliance/wasmtime#13095, #14315, #14334, GHSA-qw58-7h65-crq2, GHSA-3982-jqvv-277m, CVE-2024-6100, CVE-2024-8194"
;;! expect = "a type is what its recursion group says it is, in every module: equal groups are one type, groups that differ in a member or in order are not"

;; Objects and functions go from module to module, where the same types have other indices, or other types the same. An
;; engine that compares indices, takes the importer's for the exporter's, or compares members without their group, lets
;; a cast pass that has to trap, or the other way round.
;;
;; Red when: compiler/src/translate/gc/type_checks.rs: `is_of_func_type` compares with the index of the type in its
;; module.

(module $maker
  (type $padding (func (param f64)))
  (rec (type $a (sub (struct (field i32)))) (type $b (sub $a (struct (field i32) (field (ref null $a))))))
  (type $f (sub (func (result i32))))
  (type $g (sub $f (func (result i32))))
  (type $plain (struct (field i32)))
  (global (export "a") anyref (struct.new $a (i32.const 1)))
  (global (export "b") anyref (struct.new $b (i32.const 2) (struct.new $a (i32.const 3))))
  (global (export "plain") anyref (struct.new $plain (i32.const 4)))
  (global (export "a-extern") externref (extern.convert_any (struct.new $a (i32.const 5))))
  (global (export "null") (ref null $a) (ref.null none))
  (global (export "i31") (ref i31) (ref.i31 (i32.const 0)))
  (func (export "f") (type $f) (i32.const 6))
  (func (export "g") (type $g) (i32.const 7))
  (func (export "take") (param (ref $b)) (result i32) (struct.get $b 0 (local.get 0)))
  (func (export "maybe") (param i32) (result (ref null $a))
    (if (result (ref null $a)) (local.get 0) (then (struct.new $b (i32.const 8) (ref.null $a))) (else (ref.null none))))
  (func (export "small") (param i32) (result i31ref) (ref.i31 (local.get 0))))
(register "maker" $maker)

;; The same groups at other indices, and groups that are like them.
(module $user
  (type $f (sub (func (result i32))))
  (type $g (sub $f (func (result i32))))
  (rec (type $a (sub (struct (field i32)))) (type $b (sub $a (struct (field i32) (field (ref null $a))))))
  ;; Alone, the first member is another type; so it is in a group that goes on in another way.
  (type $alone (sub (struct (field i32))))
  (rec (type $a3 (sub (struct (field i32)))) (type $b3 (sub $a3 (struct (field i32) (field (ref null $b3))))))
  (rec (type $b4 (sub (struct (field i32) (field (ref null $a4))))) (type $a4 (sub (struct (field i32)))))
  (import "maker" "a" (global $a anyref))
  (import "maker" "b" (global $b anyref))
  (import "maker" "plain" (global $plain anyref))
  (import "maker" "a-extern" (global $a-extern externref))
  (import "maker" "null" (global $null (ref null $a)))
  (import "maker" "i31" (global $i31 (ref i31)))
  (import "maker" "f" (func $imported-f (type $f)))
  (import "maker" "g" (func $imported-g (type $g)))
  (import "maker" "take" (func $take (param (ref $b)) (result i32)))
  (import "maker" "maybe" (func $maybe (param i32) (result (ref null $a))))
  (import "maker" "small" (func $small (param i32) (result i31ref)))
  (elem declare func $imported-f $imported-g)
  (table $t funcref (elem $imported-f $imported-g))

  (func $bits (param $o anyref) (result i32)
    (i32.or
      (i32.or
        (i32.or
          (ref.test (ref $a) (local.get $o))
          (i32.shl (ref.test (ref $b) (local.get $o)) (i32.const 1)))
        (i32.or
          (i32.shl (ref.test (ref $alone) (local.get $o)) (i32.const 2))
          (i32.shl (ref.test (ref $a3) (local.get $o)) (i32.const 3))))
      (i32.or
        (i32.shl (ref.test (ref $a4) (local.get $o)) (i32.const 4))
        (i32.or
          (i32.shl (ref.test (ref $b4) (local.get $o)) (i32.const 5))
          (i32.shl (ref.test (ref $b3) (local.get $o)) (i32.const 6))))))
  (func (export "a") (result i32) (call $bits (global.get $a)))
  (func (export "b") (result i32) (call $bits (global.get $b)))
  (func (export "plain") (result i32) (call $bits (global.get $plain)))
  (func (export "a-extern") (result i32) (call $bits (any.convert_extern (global.get $a-extern))))
  (func (export "own") (result i32 i32 i32 i32)
    (call $bits (struct.new $alone (i32.const 1)))
    (call $bits (struct.new $b3 (i32.const 1) (ref.null $b3)))
    (call $bits (struct.new $a4 (i32.const 1)))
    (call $bits (struct.new $b (i32.const 1) (ref.null $a))))
  (func (export "null") (result i32 i32) (ref.is_null (global.get $null)) (ref.test (ref null $b) (global.get $null)))
  (func (export "i31") (result i32 i32) (ref.is_null (global.get $i31)) (i31.get_u (global.get $i31)))
  (func (export "cast-alone") (drop (ref.cast (ref $alone) (global.get $a))))
  (func (export "cast-b") (result i32) (struct.get $a 0 (struct.get $b 1 (ref.cast (ref $b) (global.get $b)))))
  (func (export "cast-a-to-b") (drop (ref.cast (ref $b) (global.get $a))))
  (func (export "take") (result i32) (call $take (struct.new $b (i32.const 9) (ref.null $a))))
  (func (export "maybe") (param i32) (result i32 i32) (local (ref null $a))
    (local.set 1 (call $maybe (local.get 0)))
    (ref.is_null (local.get 1))
    (ref.test (ref $b) (local.get 1)))
  (func (export "small") (param i32) (result i32 i32) (local i31ref)
    (local.set 1 (call $small (local.get 0)))
    (ref.is_null (local.get 1))
    (i31.get_s (local.get 1)))

  ;; Of functions, those that were imported by a supertype included.
  (func (export "functions") (param i32) (result i32 i32) (local funcref)
    (local.set 1 (table.get $t (local.get 0)))
    (ref.test (ref $f) (local.get 1))
    (ref.test (ref $g) (local.get 1)))
  (func (export "by-reference") (result i32 i32 i32)
    (ref.test (ref $g) (ref.func $imported-f))
    (ref.test (ref $g) (ref.func $imported-g))
    (call_ref $g (ref.cast (ref $g) (table.get $t (i32.const 1)))))
  (func (export "cast-f") (drop (ref.cast (ref $g) (table.get $t (i32.const 0)))))

  ;; Tests in the hierarchy of extern, and an if without else whose parameter is the result of a wider type.
  (func (export "extern-tests") (result i32 i32 i32)
    (ref.test (ref extern) (global.get $a-extern))
    (ref.test (ref noextern) (global.get $a-extern))
    (ref.test (ref null noextern) (ref.null extern)))
  (func (export "if-alone") (param i32) (result i32)
    (struct.new $b (i32.const 10) (ref.null $a))
    (if (param (ref $b)) (result anyref) (i32.eqz (local.get 0)) (then (drop) (ref.i31 (i32.const 1))) (else))
    (ref.test (ref $b)))
  (func (export "local-default") (result i32 i32) (local funcref anyref)
    (ref.is_null (local.get 0))
    (ref.is_null (local.get 1))))

(assert_return (invoke "a") (i32.const 1))
(assert_return (invoke "b") (i32.const 3))
(assert_return (invoke "plain") (i32.const 0))
(assert_return (invoke "a-extern") (i32.const 1))
(assert_return (invoke "own") (i32.const 4) (i32.const 0x48) (i32.const 0x10) (i32.const 3))
(assert_return (invoke "null") (i32.const 1) (i32.const 1))
(assert_return (invoke "i31") (i32.const 0) (i32.const 0))
(assert_trap (invoke "cast-alone") "cast failure")
(assert_return (invoke "cast-b") (i32.const 3))
(assert_trap (invoke "cast-a-to-b") "cast failure")
(assert_return (invoke "take") (i32.const 9))
(assert_return (invoke "maybe" (i32.const 0)) (i32.const 1) (i32.const 0))
(assert_return (invoke "maybe" (i32.const 1)) (i32.const 0) (i32.const 1))
(assert_return (invoke "small" (i32.const 0)) (i32.const 0) (i32.const 0))
(assert_return (invoke "small" (i32.const 0x40000000)) (i32.const 0) (i32.const -1073741824))
(assert_return (invoke "functions" (i32.const 0)) (i32.const 1) (i32.const 0))
(assert_return (invoke "functions" (i32.const 1)) (i32.const 1) (i32.const 1))
(assert_return (invoke "by-reference") (i32.const 0) (i32.const 1) (i32.const 7))
(assert_trap (invoke "cast-f") "cast failure")
(assert_return (invoke "extern-tests") (i32.const 1) (i32.const 0) (i32.const 1))
(assert_return (invoke "if-alone" (i32.const 0)) (i32.const 0))
(assert_return (invoke "if-alone" (i32.const 1)) (i32.const 1))
(assert_return (invoke "local-default") (i32.const 1) (i32.const 1))

;; The group in another order, or alone, is no type of the import.
(assert_unlinkable
  (module
    (rec (type $b (sub (struct (field i32) (field (ref null $a))))) (type $a (sub (struct (field i32)))))
    (import "maker" "take" (func (param (ref $b)) (result i32))))
  "incompatible import type")
(assert_unlinkable
  (module
    (type $a (sub (struct (field i32))))
    (import "maker" "null" (global (ref null $a))))
  "incompatible import type")
(assert_unlinkable
  (module
    (type $f (sub (func (result i32))))
    (type $g (sub $f (func (result i32))))
    (import "maker" "f" (func (type $g))))
  "incompatible import type")
