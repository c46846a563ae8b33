;;! [bug]
;;! id = "store-straddling-end"
;;! layer = "runtime"
;;! source = "WebAssembly core specification, store; official suite, memory_trap"
;;! expect = "trap, and no byte of the memory has changed"

;; A store over the end of the memory that is done in pieces, by bytes or by halves, writes those that fit
;; before it meets the guard. Processors may do so by themselves: a store that crosses from a writable page to
;; a forbidden one is only sure to write nothing where the architecture says so.
;;
;; Red when: compiler/src/translate/memory.rs: `store` writes byte by byte (guarded memories);
;; compiler/src/translate/bounds.rs: the check forgets the width of the access (checked ones).

(module
  (memory 1)
  (data (i32.const 65520) "\00\01\02\03\04\05\06\07" "\08\09\0a\0b\0c\0d\0e\0f")
  (func (export "tail") (result i64 i64) (i64.load (i32.const 65520)) (i64.load (i32.const 65528)))
  (func (export "tail-vector") (result v128) (v128.load (i32.const 65520)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "after") (result i64) (i64.load (i32.const 65536)))

  (func (export "i32.store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "i32.store16") (param i32 i32) (i32.store16 (local.get 0) (local.get 1)))
  (func (export "i64.store") (param i32 i64) (i64.store (local.get 0) (local.get 1)))
  (func (export "i64.store16") (param i32 i64) (i64.store16 (local.get 0) (local.get 1)))
  (func (export "i64.store32") (param i32 i64) (i64.store32 (local.get 0) (local.get 1)))
  (func (export "f32.store") (param i32 f32) (f32.store (local.get 0) (local.get 1)))
  (func (export "f64.store") (param i32 f64) (f64.store (local.get 0) (local.get 1)))
  (func (export "v128.store") (param i32 v128) (v128.store (local.get 0) (local.get 1)))
  (func (export "v128.store64_lane") (param i32 v128) (v128.store64_lane 1 (local.get 0) (local.get 1)))
  (func (export "v128.store32_lane") (param i32 v128) (v128.store32_lane 1 (local.get 0) (local.get 1)))
  (func (export "v128.store16_lane") (param i32 v128) (v128.store16_lane 1 (local.get 0) (local.get 1)))
  (func (export "i64.store+65529") (param i32 i64) (i64.store offset=65529 (local.get 0) (local.get 1)))
  (func (export "v128.store+1") (param i32 v128) (v128.store offset=1 (local.get 0) (local.get 1)))
  (func (export "constant") (i64.store (i32.const 65532) (i64.const -1)))
  (func (export "constant-vector") (v128.store (i32.const 65521) (v128.const i64x2 -1 -1)))
  ;; A store that fits comes first: it stays, and the other writes nothing.
  (func (export "first-fits") (param i32 i64)
    (i64.store (local.get 0) (local.get 1))
    (i64.store offset=4 (local.get 0) (i64.const -1)))
  ;; Neighbouring stores that could be joined to a wider one: the first of them happens, the second traps.
  (func (export "joined") (param i32)
    (i32.store (local.get 0) (i32.const 0x1111_1111))
    (i32.store offset=4 (local.get 0) (i32.const 0x2222_2222)))
  (func (export "joined-downwards") (param i32)
    (i32.store offset=4 (local.get 0) (i32.const 0x2222_2222))
    (i32.store (local.get 0) (i32.const 0x1111_1111))))

(assert_trap (invoke "i32.store" (i32.const 65533) (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "i32.store" (i32.const 65534) (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "i32.store" (i32.const 65535) (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "i32.store16" (i32.const 65535) (i32.const -1)) "out of bounds memory access")
(assert_trap (invoke "i64.store" (i32.const 65529) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "i64.store" (i32.const 65532) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "i64.store" (i32.const 65535) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "i64.store16" (i32.const 65535) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "i64.store32" (i32.const 65533) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "i64.store32" (i32.const 65534) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "i64.store32" (i32.const 65535) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "f32.store" (i32.const 65533) (f32.const -nan:0x7fffff)) "out of bounds memory access")
(assert_trap (invoke "f32.store" (i32.const 65534) (f32.const -nan:0x7fffff)) "out of bounds memory access")
(assert_trap (invoke "f32.store" (i32.const 65535) (f32.const -nan:0x7fffff)) "out of bounds memory access")
(assert_trap (invoke "f64.store" (i32.const 65529) (f64.const -nan:0xfffffffffffff))
  "out of bounds memory access")
(assert_trap (invoke "f64.store" (i32.const 65532) (f64.const -nan:0xfffffffffffff))
  "out of bounds memory access")
(assert_trap (invoke "f64.store" (i32.const 65535) (f64.const -nan:0xfffffffffffff))
  "out of bounds memory access")
(assert_trap (invoke "v128.store" (i32.const 65521) (v128.const i64x2 -1 -1)) "out of bounds memory access")
(assert_trap (invoke "v128.store" (i32.const 65528) (v128.const i64x2 -1 -1)) "out of bounds memory access")
(assert_trap (invoke "v128.store" (i32.const 65535) (v128.const i64x2 -1 -1)) "out of bounds memory access")
(assert_trap (invoke "v128.store64_lane" (i32.const 65529) (v128.const i64x2 -1 -1))
  "out of bounds memory access")
(assert_trap (invoke "v128.store64_lane" (i32.const 65532) (v128.const i64x2 -1 -1))
  "out of bounds memory access")
(assert_trap (invoke "v128.store64_lane" (i32.const 65535) (v128.const i64x2 -1 -1))
  "out of bounds memory access")
(assert_trap (invoke "v128.store32_lane" (i32.const 65533) (v128.const i64x2 -1 -1))
  "out of bounds memory access")
(assert_trap (invoke "v128.store32_lane" (i32.const 65534) (v128.const i64x2 -1 -1))
  "out of bounds memory access")
(assert_trap (invoke "v128.store32_lane" (i32.const 65535) (v128.const i64x2 -1 -1))
  "out of bounds memory access")
(assert_trap (invoke "v128.store16_lane" (i32.const 65535) (v128.const i64x2 -1 -1))
  "out of bounds memory access")
(assert_return (invoke "tail") (i64.const 0x0706_0504_0302_0100) (i64.const 0x0f0e_0d0c_0b0a_0908))
(assert_trap (invoke "i64.store+65529" (i32.const 0) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "i64.store+65529" (i32.const 6) (i64.const -1)) "out of bounds memory access")
(assert_trap (invoke "v128.store+1" (i32.const 65520) (v128.const i64x2 -1 -1)) "out of bounds memory access")
(assert_trap (invoke "constant") "out of bounds memory access")
(assert_trap (invoke "constant-vector") "out of bounds memory access")
(assert_return (invoke "tail") (i64.const 0x0706_0504_0302_0100) (i64.const 0x0f0e_0d0c_0b0a_0908))
(assert_return (invoke "tail-vector") (v128.const i64x2 0x0706_0504_0302_0100 0x0f0e_0d0c_0b0a_0908))

(assert_trap (invoke "first-fits" (i32.const 65528) (i64.const 0x4242_4242_4242_4242))
  "out of bounds memory access")
(assert_return (invoke "tail") (i64.const 0x0706_0504_0302_0100) (i64.const 0x4242_4242_4242_4242))
(assert_trap (invoke "joined" (i32.const 65532)) "out of bounds memory access")
(assert_return (invoke "tail") (i64.const 0x0706_0504_0302_0100) (i64.const 0x1111_1111_4242_4242))
(assert_trap (invoke "joined-downwards" (i32.const 65530)) "out of bounds memory access")
(assert_trap (invoke "joined-downwards" (i32.const 65532)) "out of bounds memory access")
(assert_return (invoke "tail") (i64.const 0x0706_0504_0302_0100) (i64.const 0x1111_1111_4242_4242))

;; What fits is written to the last byte.
(assert_return (invoke "v128.store" (i32.const 65520) (v128.const i64x2 1 2)))
(assert_return (invoke "tail") (i64.const 1) (i64.const 2))
(assert_return (invoke "joined" (i32.const 65528)))
(assert_return (invoke "tail") (i64.const 1) (i64.const 0x2222_2222_1111_1111))

;; Nor has anything been written beyond the end, where it would show after growth.
(assert_trap (invoke "i64.store" (i32.const 65532) (i64.const -1)) "out of bounds memory access")
(assert_return (invoke "grow") (i32.const 1))
(assert_return (invoke "after") (i64.const 0))
(assert_return (invoke "tail") (i64.const 1) (i64.const 0x2222_2222_1111_1111))
(assert_return (invoke "i64.store" (i32.const 65532) (i64.const -1)))
(assert_return (invoke "after") (i64.const 0xffff_ffff))
