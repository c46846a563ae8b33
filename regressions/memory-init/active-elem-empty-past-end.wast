;;! [bug]
;;! id = "active-elem-empty-past-end"
;;! layer = "instantiation"
;;! source = "WebAssembly core specification 2.0, instantiation"
;;! expect = "an empty active segment may lie at the table's end, and traps beyond it"

;; An engine that skips empty segments, or leaves them out of the artefact, misses the trap.
;;
;; Red when: runtime/src/init.rs: `segments` passes over empty element segments.

(module
  (table 4 funcref)
  (elem (i32.const 4) func))

(assert_trap
  (module
    (table 4 funcref)
    (elem (i32.const 5) func))
  "out of bounds table access")

(assert_trap
  (module
    (table 0 funcref)
    (elem (i32.const 1) func))
  "out of bounds table access")

(assert_trap
  (module
    (table 4 funcref)
    (elem (i32.const -1) func))
  "out of bounds table access")
