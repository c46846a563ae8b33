;;! [bug]
;;! id = "active-data-empty-past-end"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 2.0, instantiation"
;;! expect = "an empty active segment may lie at the memory's end, and traps beyond it"

;; An engine that skips empty segments, or leaves them out of the artefact, misses the trap.
;;
;; Red when: runtime/src/init.rs: `segments` passes over empty data segments.

(module
  (memory 1)
  (data (i32.const 65536) ""))

(module
  (memory 0)
  (data (i32.const 0) ""))

(assert_trap
  (module
    (memory 1)
    (data (i32.const 65537) ""))
  "out of bounds memory access")

(assert_trap
  (module
    (memory 0)
    (data (i32.const 1) ""))
  "out of bounds memory access")

(assert_trap
  (module
    (memory 1)
    (data (i32.const -1) ""))
  "out of bounds memory access")
