;;! [bug]
;;! id = "imported-tags-of-equal-types"
;;! layer = "linking"
;;! source = "CVE-2024-9122 (V8); WebAssembly core specification 3.0, import matching"
;;! expect = "a tag is imported by its own type only, neither by a supertype nor by a subtype, and its values come back as they were thrown"

;; Who throws writes the values of a tag and who catches reads them, so that its type is neither wider nor narrower for an
;; importer. An engine that asks for a subtype only, as it does for functions, lets one module throw what the other takes for
;; another type.
;;
;; Red when: the first handler that an exception meets catches it, whatever its tag (`break=tag`).

(module $owner
  (type $s (sub (struct (field i32))))
  (type $t (sub $s (struct (field i32) (field i64))))
  ;; Functions that take less take more: the one of $s is below the one of $t.
  (type $of-t (sub (func (param (ref $t)))))
  (type $of-s (sub $of-t (func (param (ref $s)))))
  (type $base (sub (func (param i32))))
  (type $derived (sub $base (func (param i32))))
  (type $last (sub final $derived (func (param i32))))
  (type $nullable (func (param (ref null $s))))
  (type $whole (func (param (ref $s))))
  (tag $t (export "of-t") (type $of-t))
  (tag $s (export "of-s") (type $of-s))
  (tag (export "base") (type $base))
  (tag $derived (export "derived") (type $derived))
  (tag (export "last") (type $last))
  (tag (export "nullable") (type $nullable))
  (tag (export "whole") (type $whole))
  (tag (export "any") (param anyref))
  (tag (export "eq") (param eqref))
  (type $plain (func (param i32)))
  (tag (export "plain") (type $plain))
  (func (export "throw-t") (param i32 i64) (throw $t (struct.new $t (local.get 0) (local.get 1))))
  (func (export "throw-s") (param i32) (throw $s (struct.new $s (local.get 0))))
  (func (export "throw-derived") (param i32) (throw $derived (local.get 0))))
(register "owner" $owner)

;; The same types at other indices: all of the tags link, and what is thrown there is caught here.
(module $user
  (type (func (param f32)))
  (type $base (sub (func (param i32))))
  (type $derived (sub $base (func (param i32))))
  (type $s (sub (struct (field i32))))
  (type $t (sub $s (struct (field i32) (field i64))))
  (type $of-t (sub (func (param (ref $t)))))
  (type $of-s (sub $of-t (func (param (ref $s)))))
  (type $last (sub final $derived (func (param i32))))
  (import "owner" "derived" (tag $derived (type $derived)))
  (import "owner" "base" (tag $base (type $base)))
  (import "owner" "last" (tag $last (type $last)))
  (import "owner" "of-s" (tag $of-s (type $of-s)))
  (import "owner" "of-t" (tag $of-t (type $of-t)))
  (type $nullable (func (param (ref null $s))))
  (type $whole (func (param (ref $s))))
  (type $plain (func (param i32)))
  (import "owner" "nullable" (tag (type $nullable)))
  (import "owner" "whole" (tag (type $whole)))
  (import "owner" "any" (tag (param anyref)))
  (import "owner" "plain" (tag $plain (type $plain)))
  (import "owner" "throw-t" (func $throw-t (param i32 i64)))
  (import "owner" "throw-s" (func $throw-s (param i32)))
  (import "owner" "throw-derived" (func $throw-derived (param i32)))
  (func (export "catch-t") (param i32 i64) (result i32 i64) (local (ref null $t))
    (block $h (result (ref $t))
      (try_table (catch $of-t $h) (call $throw-t (local.get 0) (local.get 1)))
      (unreachable))
    (local.set 2)
    (struct.get $t 0 (local.get 2))
    (struct.get $t 1 (local.get 2)))
  (func (export "catch-s") (param i32) (result i32)
    (block $s (result (ref $s))
      (block $t (result (ref $t))
        (try_table (catch $of-t $t) (catch $of-s $s) (call $throw-s (local.get 0)))
        (unreachable))
      (return (i32.wrap_i64 (struct.get $t 1))))
    (struct.get $s 0))
  ;; Tags of the same values, and of types above and below, are other tags.
  (func (export "catch-derived") (param i32) (result i32 i32)
    (block $d (result i32)
      (block $b (result i32)
        (block $l (result i32)
          (block $p (result i32)
            (try_table (catch $base $b) (catch $last $l) (catch $plain $p) (catch $derived $d)
              (call $throw-derived (local.get 0)))
            (unreachable))
          (return (i32.const 1)))
        (return (i32.const 2)))
      (return (i32.const 3)))
    (i32.const 4)))
(assert_return (invoke $user "catch-t" (i32.const 5) (i64.const 6)) (i32.const 5) (i64.const 6))
(assert_return (invoke $user "catch-s" (i32.const 7)) (i32.const 7))
(assert_return (invoke $user "catch-derived" (i32.const 8)) (i32.const 8) (i32.const 4))

;; The subtype by its supertype, and the reverse.
(assert_unlinkable
  (module
    (type $base (sub (func (param i32))))
    (import "owner" "derived" (tag (type $base))))
  "incompatible import type")
;; The subtype is asked for, and the supertype is there.
(assert_unlinkable
  (module
    (type $base (sub (func (param i32)))) (type $derived (sub $base (func (param i32))))
    (import "owner" "base" (tag (type $derived))))
  "incompatible import type")
;; One below the other, two steps apart.
(assert_unlinkable
  (module
    (type $base (sub (func (param i32))))
    (import "owner" "last" (tag (type $base))))
  "incompatible import type")
;; The final type by the one above it, and the reverse.
(assert_unlinkable
  (module
    (type $base (sub (func (param i32)))) (type $derived (sub $base (func (param i32))))
    (import "owner" "last" (tag (type $derived))))
  "incompatible import type")
;; The final type is asked for.
(assert_unlinkable
  (module
    (type $base (sub (func (param i32)))) (type $derived (sub $base (func (param i32)))) (type $last (sub final $derived (func (param i32))))
    (import "owner" "derived" (tag (type $last))))
  "incompatible import type")
;; A type of the same values that is not declared above or below.
(assert_unlinkable
  (module
    (import "owner" "derived" (tag (param i32))))
  "incompatible import type")
;; The same the other way round.
(assert_unlinkable
  (module
    (type $base (sub (func (param i32))))
    (import "owner" "plain" (tag (type $base))))
  "incompatible import type")
;; By parameters: a smaller structure where a larger one is thrown.
(assert_unlinkable
  (module
    (type $s (sub (struct (field i32)))) (type $t (sub $s (struct (field i32) (field i64)))) (type $of-t (sub (func (param (ref $t))))) (type $of-s (sub $of-t (func (param (ref $s)))))
    (import "owner" "of-t" (tag (type $of-s))))
  "incompatible import type")
;; A larger structure where a smaller one is thrown: a field would be read that is not there.
(assert_unlinkable
  (module
    (type $s (sub (struct (field i32)))) (type $t (sub $s (struct (field i32) (field i64)))) (type $of-t (sub (func (param (ref $t)))))
    (import "owner" "of-s" (tag (type $of-t))))
  "incompatible import type")
;; Null where none is thrown, and none where null may be.
(assert_unlinkable
  (module
    (type $s (sub (struct (field i32))))
    (import "owner" "whole" (tag (param (ref null $s)))))
  "incompatible import type")
;; A reference that is not null is asked for.
(assert_unlinkable
  (module
    (type $s (sub (struct (field i32))))
    (import "owner" "nullable" (tag (param (ref $s)))))
  "incompatible import type")
;; A wider and a narrower heap type.
(assert_unlinkable
  (module
    (import "owner" "any" (tag (param eqref))))
  "incompatible import type")
;; The narrower is there.
(assert_unlinkable
  (module
    (import "owner" "eq" (tag (param anyref))))
  "incompatible import type")
;; Other numbers of values, and values of other types.
(assert_unlinkable
  (module
    (import "owner" "plain" (tag (param i64))))
  "incompatible import type")
;; One too many.
(assert_unlinkable
  (module
    (import "owner" "plain" (tag (param i32 i32))))
  "incompatible import type")
;; None.
(assert_unlinkable
  (module
    (import "owner" "plain" (tag)))
  "incompatible import type")
;; What cannot be linked has not hurt what was.
(assert_return (invoke $user "catch-s" (i32.const 9)) (i32.const 9))
