;;! threads = true
;;! [bug]
;;! id = "constant-address-at-minimum"
;;! layer = "translate"
;;! source = "WebAssembly core specification 3.0, memory instructions; elided bounds checks"
;;! expect = "a constant address is within bounds up to the memory's size, whatever part of it is offset"

;; An access at a constant address within the declared minimum needs no check. One byte beyond it needs one,
;; which the memory's growth may satisfy later.
;;
;; Red when: compiler/src/translate/known.rs: `is_known_within` takes an end one beyond the minimum for known
;; (a guarded memory's fault is then a crash, a checked one reads what lies behind).

(module
  (memory 1 2)
  (data (i32.const 65528) "abcdefgh")
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "last8") (result i32) (i32.load8_u (i32.const 65535)))
  (func (export "last32") (result i32) (i32.load (i32.const 65532)))
  (func (export "last32-offset") (result i32) (i32.load offset=65532 (i32.const 0)))
  (func (export "last32-both") (result i32) (i32.load offset=65000 (i32.const 532)))
  (func (export "last64") (result i64) (i64.load (i32.const 65528)))
  (func (export "last128") (result i32) (i8x16.extract_lane_u 15 (v128.load (i32.const 65520))))
  (func (export "store8") (i32.store8 (i32.const 65535) (i32.const 0x68)))
  (func (export "rmw") (result i32) (i32.atomic.rmw.or (i32.const 65532) (i32.const 0)))
  (func (export "beyond8") (result i32) (i32.load8_u (i32.const 65536)))
  (func (export "beyond32") (result i32) (i32.load (i32.const 65533)))
  (func (export "beyond32-offset") (result i32) (i32.load offset=65533 (i32.const 0)))
  (func (export "beyond32-both") (result i32) (i32.load offset=65001 (i32.const 532)))
  (func (export "beyond64") (result i64) (i64.load (i32.const 65529)))
  (func (export "beyond128") (result i32) (i8x16.extract_lane_u 14 (v128.load (i32.const 65521))))
  (func (export "beyond-store8") (i32.store8 (i32.const 65536) (i32.const 1)))
  (func (export "beyond-rmw") (result i32) (i32.atomic.rmw.or (i32.const 65536) (i32.const 0)))
  (func (export "wraps") (result i32) (i32.load offset=0xffffffff (i32.const 1)))
  (func (export "negative") (result i32) (i32.load (i32.const -4))))

(assert_return (invoke "last8") (i32.const 0x68))
(assert_return (invoke "last32") (i32.const 0x68676665))
(assert_return (invoke "last32-offset") (i32.const 0x68676665))
(assert_return (invoke "last32-both") (i32.const 0x68676665))
(assert_return (invoke "last64") (i64.const 0x6867666564636261))
(assert_return (invoke "last128") (i32.const 0x68))
(assert_return (invoke "store8"))
(assert_return (invoke "rmw") (i32.const 0x68676665))
(assert_trap (invoke "beyond8") "out of bounds memory access")
(assert_trap (invoke "beyond32") "out of bounds memory access")
(assert_trap (invoke "beyond32-offset") "out of bounds memory access")
(assert_trap (invoke "beyond32-both") "out of bounds memory access")
(assert_trap (invoke "beyond64") "out of bounds memory access")
(assert_trap (invoke "beyond128") "out of bounds memory access")
(assert_trap (invoke "beyond-store8") "out of bounds memory access")
(assert_trap (invoke "beyond-rmw") "out of bounds memory access")
(assert_trap (invoke "wraps") "out of bounds memory access")
(assert_trap (invoke "negative") "out of bounds memory access")

;; What was beyond the minimum is within the memory now.
(assert_return (invoke "grow") (i32.const 1))
(assert_return (invoke "beyond8") (i32.const 0))
(assert_return (invoke "beyond32") (i32.const 0x00686766))
(assert_return (invoke "beyond64") (i64.const 0x0068676665646362))
(assert_return (invoke "beyond128") (i32.const 0x68))
(assert_return (invoke "beyond-store8"))
(assert_return (invoke "beyond-rmw") (i32.const 1))
(assert_return (invoke "last8") (i32.const 0x68))
(assert_trap (invoke "wraps") "out of bounds memory access")
(assert_trap (invoke "negative") "out of bounds memory access")
