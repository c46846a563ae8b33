;;! multi_memory = true
;;! [bug]
;;! id = "active-data-wrong-memory"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 3.0, instantiation"
;;! expect = "each active segment goes to the memory it names, within that memory's bounds"

;; An engine that writes all active segments to memory 0 puts the bytes in the wrong memory, or traps at an
;; offset that only the named memory has.
;;
;; Red when: runtime/src/init.rs: `segments` writes all data segments to memory 0.

(module
  (memory $empty 0)
  (memory $one 1)
  (memory $two 2)
  (data (memory $one) (i32.const 4) "1111")
  (data (memory $two) (i32.const 4) "2222")
  (data (memory $two) (i32.const 131068) "tail")
  (func (export "one") (param $at i32) (result i32) (i32.load $one (local.get $at)))
  (func (export "two") (param $at i32) (result i32) (i32.load $two (local.get $at))))

(assert_return (invoke "one" (i32.const 4)) (i32.const 0x3131_3131))
(assert_return (invoke "two" (i32.const 4)) (i32.const 0x3232_3232))
(assert_return (invoke "two" (i32.const 131068)) (i32.const 0x6c69_6174))

(assert_trap
  (module
    (memory $two 2)
    (memory $one 1)
    (data (memory $one) (i32.const 65536) "a"))
  "out of bounds memory access")
