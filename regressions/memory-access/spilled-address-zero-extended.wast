;;! [bug]
;;! id = "spilled-address-zero-extended"
;;! layer = "register allocation"
;;! source = "CVE-2021-32629, fixed in wasmtime by a1c9b06cea"
;;! expect = "an i32 that lives across a call comes back as the same 32 bits, and is extended with zeros"

;; A compiler that knows that an instruction has cleared the upper half of its register leaves out the
;; extension to 64 bits. If the value is spilled across a call and reloaded with the sign in its upper half,
;; what follows takes 0xffff_fff0 for -16: an address then lies below the memory's start.
;;
;; Red when: compiler/src/translate/mod.rs: `widen_index`, and `i64.extend_i32_u`, extend what was alive
;; across a call with its sign.

(module
  (memory 1)
  (data (i32.const 0) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
  (global $calls (mut i32) (i32.const 0))
  (func $call (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
  (export "calls" (global $calls))

  ;; Twelve values that a 32-bit addition has made, all alive across a call.
  (func (export "extended") (param $x i32) (result i64)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32) (local $f i32)
    (local $g i32) (local $h i32) (local $i i32) (local $j i32) (local $k i32) (local $l i32)
    (local.set $a (i32.add (local.get $x) (i32.const 0)))
    (local.set $b (i32.add (local.get $x) (i32.const 1)))
    (local.set $c (i32.add (local.get $x) (i32.const 2)))
    (local.set $d (i32.add (local.get $x) (i32.const 3)))
    (local.set $e (i32.add (local.get $x) (i32.const 4)))
    (local.set $f (i32.add (local.get $x) (i32.const 5)))
    (local.set $g (i32.add (local.get $x) (i32.const 6)))
    (local.set $h (i32.add (local.get $x) (i32.const 7)))
    (local.set $i (i32.add (local.get $x) (i32.const 8)))
    (local.set $j (i32.add (local.get $x) (i32.const 9)))
    (local.set $k (i32.add (local.get $x) (i32.const 10)))
    (local.set $l (i32.add (local.get $x) (i32.const 11)))
    (call $call)
    (i64.extend_i32_u (local.get $a))
    (i64.add (i64.extend_i32_u (local.get $b)))
    (i64.add (i64.extend_i32_u (local.get $c)))
    (i64.add (i64.extend_i32_u (local.get $d)))
    (i64.add (i64.extend_i32_u (local.get $e)))
    (i64.add (i64.extend_i32_u (local.get $f)))
    (i64.add (i64.extend_i32_u (local.get $g)))
    (i64.add (i64.extend_i32_u (local.get $h)))
    (i64.add (i64.extend_i32_u (local.get $i)))
    (i64.add (i64.extend_i32_u (local.get $j)))
    (i64.add (i64.extend_i32_u (local.get $k)))
    (i64.add (i64.extend_i32_u (local.get $l))))

  ;; Ten parameters, each with its own upper bits.
  (func (export "parameters")
    (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (result i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (call $call)
    (i64.extend_i32_u (local.get 0)) (i64.extend_i32_u (local.get 1)) (i64.extend_i32_u (local.get 2))
    (i64.extend_i32_u (local.get 3)) (i64.extend_i32_u (local.get 4)) (i64.extend_i32_u (local.get 5))
    (i64.extend_i32_u (local.get 6)) (i64.extend_i32_u (local.get 7)) (i64.extend_i32_u (local.get 8))
    (i64.extend_i32_u (local.get 9)))

  ;; The same number extended both ways.
  (func (export "both") (param $x i32) (result i64 i64)
    (local $sum i32)
    (local.set $sum (i32.add (local.get $x) (i32.const 1)))
    (call $call)
    (i64.extend_i32_u (local.get $sum))
    (i64.extend_i32_s (local.get $sum)))

  ;; Eight addresses alive across a call. One of them, chosen by $which, is used; the others must not be
  ;; dropped.
  (func (export "address") (param $x i32) (param $which i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (local $e i32) (local $f i32) (local $g i32) (local $h i32)
    (local.set $a (i32.add (local.get $x) (i32.const 0)))
    (local.set $b (i32.add (local.get $x) (i32.const 1)))
    (local.set $c (i32.add (local.get $x) (i32.const 2)))
    (local.set $d (i32.add (local.get $x) (i32.const 3)))
    (local.set $e (i32.add (local.get $x) (i32.const 4)))
    (local.set $f (i32.add (local.get $x) (i32.const 5)))
    (local.set $g (i32.add (local.get $x) (i32.const 6)))
    (local.set $h (i32.add (local.get $x) (i32.const 7)))
    (call $call)
    (block $8 (block $7 (block $6 (block $5 (block $4 (block $3 (block $2 (block $1
      (br_table $1 $2 $3 $4 $5 $6 $7 $8 (local.get $which)))
      (return (i32.load8_u offset=16 (local.get $a))))
      (return (i32.load8_u offset=16 (local.get $b))))
      (return (i32.load8_u offset=16 (local.get $c))))
      (return (i32.load8_u offset=16 (local.get $d))))
      (return (i32.load8_u offset=16 (local.get $e))))
      (return (i32.load8_u offset=16 (local.get $f))))
      (return (i32.load8_u offset=16 (local.get $g))))
    (i32.load8_u offset=16 (local.get $h)))

  (func (export "store") (param $x i32)
    (local $a i32) (local $b i32)
    (local.set $a (i32.add (local.get $x) (i32.const 1)))
    (local.set $b (i32.sub (local.get $x) (i32.const 1)))
    (call $call)
    (i32.store8 offset=16 (local.get $a) (i32.const 0xee))
    (i32.store8 offset=16 (local.get $b) (i32.const 0xee)))

  ;; A call that grows the memory takes the way through the host.
  (func (export "grown") (param $x i32) (result i32)
    (local $a i32)
    (local.set $a (i32.add (local.get $x) (i32.const 1)))
    (drop (memory.grow (i32.const 0)))
    (i32.load offset=20 (local.get $a)))

  (func (export "doubleword") (param $at i32) (result i64) (i64.load (local.get $at))))

;; 12 * 0x8000_0000 + 66, 12 * 0xffff_fff0 + 66, and with nothing in the sign.
(assert_return (invoke "extended" (i32.const 0x8000_0000)) (i64.const 0x6_0000_0042))
(assert_return (invoke "extended" (i32.const 0xffff_fff0)) (i64.const 0xb_ffff_ff82))
(assert_return (invoke "extended" (i32.const 0x7fff_0000)) (i64.const 0x5_fff4_0042))
;; The sums wrap to 0 in the middle: 0xffff_fffa .. 0xffff_ffff, 0 .. 5.
(assert_return (invoke "extended" (i32.const 0xffff_fffa)) (i64.const 0x5_ffff_fffa))

(assert_return (invoke "parameters"
    (i32.const 0x8000_0000) (i32.const 0x8000_0001) (i32.const 0xffff_ffff) (i32.const 0xdead_beef)
    (i32.const 0x7fff_ffff) (i32.const 0xc000_0000) (i32.const 0xfedc_ba98) (i32.const 0x8888_8888)
    (i32.const 0x9999_9999) (i32.const 0xaaaa_aaaa))
  (i64.const 0x8000_0000) (i64.const 0x8000_0001) (i64.const 0xffff_ffff) (i64.const 0xdead_beef)
  (i64.const 0x7fff_ffff) (i64.const 0xc000_0000) (i64.const 0xfedc_ba98) (i64.const 0x8888_8888)
  (i64.const 0x9999_9999) (i64.const 0xaaaa_aaaa))

(assert_return (invoke "both" (i32.const 0x7fff_ffff))
  (i64.const 0x8000_0000) (i64.const 0xffff_ffff_8000_0000))
(assert_return (invoke "both" (i32.const 0x7fff_fffe)) (i64.const 0x7fff_ffff) (i64.const 0x7fff_ffff))

;; With the sign in the upper half, -16 + 16 would be the memory's start.
(assert_trap (invoke "address" (i32.const 0xffff_fff0) (i32.const 0)) "out of bounds memory access")
(assert_trap (invoke "address" (i32.const 0xffff_fff0) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "address" (i32.const 0xffff_fff0) (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "address" (i32.const 0xffff_fff0) (i32.const 3)) "out of bounds memory access")
(assert_trap (invoke "address" (i32.const 0xffff_fff0) (i32.const 4)) "out of bounds memory access")
(assert_trap (invoke "address" (i32.const 0xffff_fff0) (i32.const 5)) "out of bounds memory access")
(assert_trap (invoke "address" (i32.const 0xffff_fff0) (i32.const 6)) "out of bounds memory access")
(assert_trap (invoke "address" (i32.const 0xffff_fff0) (i32.const 7)) "out of bounds memory access")
(assert_trap (invoke "address" (i32.const 0x8000_0000) (i32.const 3)) "out of bounds memory access")
;; The addition itself wraps, which is right: 0xffff_fffc + 4 is 0.
(assert_return (invoke "address" (i32.const 0xffff_fffc) (i32.const 4)) (i32.const 0))
(assert_trap (invoke "address" (i32.const 0xffff_fffc) (i32.const 3)) "out of bounds memory access")

(assert_trap (invoke "store" (i32.const 0xffff_fff0)) "out of bounds memory access")
(assert_trap (invoke "grown" (i32.const 0xffff_ffeb)) "out of bounds memory access")
(assert_return (invoke "doubleword" (i32.const 0)) (i64.const 0x0807_0605_0403_0201))
(assert_return (invoke "doubleword" (i32.const 8)) (i64.const 0x100f_0e0d_0c0b_0a09))
(assert_return (get "calls") (i32.const 19))
