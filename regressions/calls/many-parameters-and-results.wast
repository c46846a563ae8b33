;;! [bug]
;;! id = "many-parameters-and-results"
;;! layer = "runtime"
;;! source = "CVE-2024-28123 (wasmi); wasmtime, func-400-params, many-results and many-return-values"
;;! expect = "calls with up to 400 parameters and as many results, from the host, between functions and between modules, pass each value whole"

;; An engine that has room for so many values and no more, or counts them with too few bits, writes beyond its own stack when
;; the host calls, or gives one argument for another. The sum that checks them weighs each by its place.
;;
;; Red when: compiler/src/translate/mod.rs: `local.get` of the 300th local and those behind it gives the fourth one
;; before.

(module $callee
  ;; The results are the parameters; the weight of each argument in the sum is another.
  (type $t129 (func (param
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32)
    (result
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32)))
  (func $same129 (export "same-129") (type $t129)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7)
    (local.get 8) (local.get 9) (local.get 10) (local.get 11) (local.get 12) (local.get 13) (local.get 14)
    (local.get 15) (local.get 16) (local.get 17) (local.get 18) (local.get 19) (local.get 20) (local.get 21)
    (local.get 22) (local.get 23) (local.get 24) (local.get 25) (local.get 26) (local.get 27) (local.get 28)
    (local.get 29) (local.get 30) (local.get 31) (local.get 32) (local.get 33) (local.get 34) (local.get 35)
    (local.get 36) (local.get 37) (local.get 38) (local.get 39) (local.get 40) (local.get 41) (local.get 42)
    (local.get 43) (local.get 44) (local.get 45) (local.get 46) (local.get 47) (local.get 48) (local.get 49)
    (local.get 50) (local.get 51) (local.get 52) (local.get 53) (local.get 54) (local.get 55) (local.get 56)
    (local.get 57) (local.get 58) (local.get 59) (local.get 60) (local.get 61) (local.get 62) (local.get 63)
    (local.get 64) (local.get 65) (local.get 66) (local.get 67) (local.get 68) (local.get 69) (local.get 70)
    (local.get 71) (local.get 72) (local.get 73) (local.get 74) (local.get 75) (local.get 76) (local.get 77)
    (local.get 78) (local.get 79) (local.get 80) (local.get 81) (local.get 82) (local.get 83) (local.get 84)
    (local.get 85) (local.get 86) (local.get 87) (local.get 88) (local.get 89) (local.get 90) (local.get 91)
    (local.get 92) (local.get 93) (local.get 94) (local.get 95) (local.get 96) (local.get 97) (local.get 98)
    (local.get 99) (local.get 100) (local.get 101) (local.get 102) (local.get 103) (local.get 104) (local.get 105)
    (local.get 106) (local.get 107) (local.get 108) (local.get 109) (local.get 110) (local.get 111) (local.get 112)
    (local.get 113) (local.get 114) (local.get 115) (local.get 116) (local.get 117) (local.get 118) (local.get 119)
    (local.get 120) (local.get 121) (local.get 122) (local.get 123) (local.get 124) (local.get 125) (local.get 126)
    (local.get 127) (local.get 128))
  (func $sum129 (export "sum-129") (param
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32)
    (result i64)
    (i64.const 0) (i64.const 3) i64.mul (i64.extend_i32_s (local.get 0)) i64.add
    (i64.const 3) i64.mul (local.get 1) i64.add (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 2)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 3)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 4)) i64.add (i64.const 3) i64.mul (local.get 5) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 6)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 7)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 8)) i64.add (i64.const 3) i64.mul (local.get 9) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 10)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 11)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 12)) i64.add (i64.const 3) i64.mul (local.get 13) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 14)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 15)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 16)) i64.add (i64.const 3) i64.mul (local.get 17) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 18)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 19)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 20)) i64.add (i64.const 3) i64.mul (local.get 21) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 22)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 23)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 24)) i64.add (i64.const 3) i64.mul (local.get 25) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 26)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 27)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 28)) i64.add (i64.const 3) i64.mul (local.get 29) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 30)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 31)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 32)) i64.add (i64.const 3) i64.mul (local.get 33) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 34)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 35)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 36)) i64.add (i64.const 3) i64.mul (local.get 37) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 38)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 39)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 40)) i64.add (i64.const 3) i64.mul (local.get 41) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 42)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 43)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 44)) i64.add (i64.const 3) i64.mul (local.get 45) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 46)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 47)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 48)) i64.add (i64.const 3) i64.mul (local.get 49) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 50)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 51)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 52)) i64.add (i64.const 3) i64.mul (local.get 53) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 54)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 55)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 56)) i64.add (i64.const 3) i64.mul (local.get 57) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 58)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 59)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 60)) i64.add (i64.const 3) i64.mul (local.get 61) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 62)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 63)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 64)) i64.add (i64.const 3) i64.mul (local.get 65) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 66)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 67)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 68)) i64.add (i64.const 3) i64.mul (local.get 69) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 70)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 71)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 72)) i64.add (i64.const 3) i64.mul (local.get 73) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 74)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 75)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 76)) i64.add (i64.const 3) i64.mul (local.get 77) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 78)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 79)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 80)) i64.add (i64.const 3) i64.mul (local.get 81) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 82)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 83)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 84)) i64.add (i64.const 3) i64.mul (local.get 85) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 86)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 87)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 88)) i64.add (i64.const 3) i64.mul (local.get 89) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 90)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 91)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 92)) i64.add (i64.const 3) i64.mul (local.get 93) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 94)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 95)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 96)) i64.add (i64.const 3) i64.mul (local.get 97) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 98)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 99)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 100)) i64.add (i64.const 3) i64.mul (local.get 101) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 102)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 103)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 104)) i64.add (i64.const 3) i64.mul (local.get 105) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 106)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 107)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 108)) i64.add (i64.const 3) i64.mul (local.get 109) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 110)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 111)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 112)) i64.add (i64.const 3) i64.mul (local.get 113) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 114)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 115)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 116)) i64.add (i64.const 3) i64.mul (local.get 117) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 118)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 119)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 120)) i64.add (i64.const 3) i64.mul (local.get 121) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 122)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 123)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 124)) i64.add (i64.const 3) i64.mul (local.get 125) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 126)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 127)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 128)) i64.add)
  (func (export "through-129") (param
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32)
    (result i64)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7)
    (local.get 8) (local.get 9) (local.get 10) (local.get 11) (local.get 12) (local.get 13) (local.get 14)
    (local.get 15) (local.get 16) (local.get 17) (local.get 18) (local.get 19) (local.get 20) (local.get 21)
    (local.get 22) (local.get 23) (local.get 24) (local.get 25) (local.get 26) (local.get 27) (local.get 28)
    (local.get 29) (local.get 30) (local.get 31) (local.get 32) (local.get 33) (local.get 34) (local.get 35)
    (local.get 36) (local.get 37) (local.get 38) (local.get 39) (local.get 40) (local.get 41) (local.get 42)
    (local.get 43) (local.get 44) (local.get 45) (local.get 46) (local.get 47) (local.get 48) (local.get 49)
    (local.get 50) (local.get 51) (local.get 52) (local.get 53) (local.get 54) (local.get 55) (local.get 56)
    (local.get 57) (local.get 58) (local.get 59) (local.get 60) (local.get 61) (local.get 62) (local.get 63)
    (local.get 64) (local.get 65) (local.get 66) (local.get 67) (local.get 68) (local.get 69) (local.get 70)
    (local.get 71) (local.get 72) (local.get 73) (local.get 74) (local.get 75) (local.get 76) (local.get 77)
    (local.get 78) (local.get 79) (local.get 80) (local.get 81) (local.get 82) (local.get 83) (local.get 84)
    (local.get 85) (local.get 86) (local.get 87) (local.get 88) (local.get 89) (local.get 90) (local.get 91)
    (local.get 92) (local.get 93) (local.get 94) (local.get 95) (local.get 96) (local.get 97) (local.get 98)
    (local.get 99) (local.get 100) (local.get 101) (local.get 102) (local.get 103) (local.get 104) (local.get 105)
    (local.get 106) (local.get 107) (local.get 108) (local.get 109) (local.get 110) (local.get 111) (local.get 112)
    (local.get 113) (local.get 114) (local.get 115) (local.get 116) (local.get 117) (local.get 118) (local.get 119)
    (local.get 120) (local.get 121) (local.get 122) (local.get 123) (local.get 124) (local.get 125) (local.get 126)
    (local.get 127) (local.get 128)
    (call $same129)
    (call_indirect (type $t129) (i32.const 0))
    (return_call $sum129))
  (func (export "constant-129") (result i64)
    (call $sum129
      (i32.const -50) (i64.const -43) (f32.const -36) (f64.const -29) (i32.const -22) (i64.const -15) (f32.const -8)
      (f64.const -1) (i32.const 6) (i64.const 13) (f32.const 20) (f64.const 27) (i32.const 34) (i64.const 41)
      (f32.const 48) (f64.const 55) (i32.const 62) (i64.const -44) (f32.const -37) (f64.const -30) (i32.const -23)
      (i64.const -16) (f32.const -9) (f64.const -2) (i32.const 5) (i64.const 12) (f32.const 19) (f64.const 26)
      (i32.const 33) (i64.const 40) (f32.const 47) (f64.const 54) (i32.const 61) (i64.const -45) (f32.const -38)
      (f64.const -31) (i32.const -24) (i64.const -17) (f32.const -10) (f64.const -3) (i32.const 4) (i64.const 11)
      (f32.const 18) (f64.const 25) (i32.const 32) (i64.const 39) (f32.const 46) (f64.const 53) (i32.const 60)
      (i64.const -46) (f32.const -39) (f64.const -32) (i32.const -25) (i64.const -18) (f32.const -11) (f64.const -4)
      (i32.const 3) (i64.const 10) (f32.const 17) (f64.const 24) (i32.const 31) (i64.const 38) (f32.const 45)
      (f64.const 52) (i32.const 59) (i64.const -47) (f32.const -40) (f64.const -33) (i32.const -26) (i64.const -19)
      (f32.const -12) (f64.const -5) (i32.const 2) (i64.const 9) (f32.const 16) (f64.const 23) (i32.const 30)
      (i64.const 37) (f32.const 44) (f64.const 51) (i32.const 58) (i64.const -48) (f32.const -41) (f64.const -34)
      (i32.const -27) (i64.const -20) (f32.const -13) (f64.const -6) (i32.const 1) (i64.const 8) (f32.const 15)
      (f64.const 22) (i32.const 29) (i64.const 36) (f32.const 43) (f64.const 50) (i32.const 57) (i64.const -49)
      (f32.const -42) (f64.const -35) (i32.const -28) (i64.const -21) (f32.const -14) (f64.const -7) (i32.const 0)
      (i64.const 7) (f32.const 14) (f64.const 21) (i32.const 28) (i64.const 35) (f32.const 42) (f64.const 49)
      (i32.const 56) (i64.const -50) (f32.const -43) (f64.const -36) (i32.const -29) (i64.const -22) (f32.const -15)
      (f64.const -8) (i32.const -1) (i64.const 6) (f32.const 13) (f64.const 20) (i32.const 27) (i64.const 34)
      (f32.const 41) (f64.const 48) (i32.const 55)))
  (type $t400 (func (param
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64)
    (result
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64)))
  (func $same400 (export "same-400") (type $t400)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7)
    (local.get 8) (local.get 9) (local.get 10) (local.get 11) (local.get 12) (local.get 13) (local.get 14)
    (local.get 15) (local.get 16) (local.get 17) (local.get 18) (local.get 19) (local.get 20) (local.get 21)
    (local.get 22) (local.get 23) (local.get 24) (local.get 25) (local.get 26) (local.get 27) (local.get 28)
    (local.get 29) (local.get 30) (local.get 31) (local.get 32) (local.get 33) (local.get 34) (local.get 35)
    (local.get 36) (local.get 37) (local.get 38) (local.get 39) (local.get 40) (local.get 41) (local.get 42)
    (local.get 43) (local.get 44) (local.get 45) (local.get 46) (local.get 47) (local.get 48) (local.get 49)
    (local.get 50) (local.get 51) (local.get 52) (local.get 53) (local.get 54) (local.get 55) (local.get 56)
    (local.get 57) (local.get 58) (local.get 59) (local.get 60) (local.get 61) (local.get 62) (local.get 63)
    (local.get 64) (local.get 65) (local.get 66) (local.get 67) (local.get 68) (local.get 69) (local.get 70)
    (local.get 71) (local.get 72) (local.get 73) (local.get 74) (local.get 75) (local.get 76) (local.get 77)
    (local.get 78) (local.get 79) (local.get 80) (local.get 81) (local.get 82) (local.get 83) (local.get 84)
    (local.get 85) (local.get 86) (local.get 87) (local.get 88) (local.get 89) (local.get 90) (local.get 91)
    (local.get 92) (local.get 93) (local.get 94) (local.get 95) (local.get 96) (local.get 97) (local.get 98)
    (local.get 99) (local.get 100) (local.get 101) (local.get 102) (local.get 103) (local.get 104) (local.get 105)
    (local.get 106) (local.get 107) (local.get 108) (local.get 109) (local.get 110) (local.get 111) (local.get 112)
    (local.get 113) (local.get 114) (local.get 115) (local.get 116) (local.get 117) (local.get 118) (local.get 119)
    (local.get 120) (local.get 121) (local.get 122) (local.get 123) (local.get 124) (local.get 125) (local.get 126)
    (local.get 127) (local.get 128) (local.get 129) (local.get 130) (local.get 131) (local.get 132) (local.get 133)
    (local.get 134) (local.get 135) (local.get 136) (local.get 137) (local.get 138) (local.get 139) (local.get 140)
    (local.get 141) (local.get 142) (local.get 143) (local.get 144) (local.get 145) (local.get 146) (local.get 147)
    (local.get 148) (local.get 149) (local.get 150) (local.get 151) (local.get 152) (local.get 153) (local.get 154)
    (local.get 155) (local.get 156) (local.get 157) (local.get 158) (local.get 159) (local.get 160) (local.get 161)
    (local.get 162) (local.get 163) (local.get 164) (local.get 165) (local.get 166) (local.get 167) (local.get 168)
    (local.get 169) (local.get 170) (local.get 171) (local.get 172) (local.get 173) (local.get 174) (local.get 175)
    (local.get 176) (local.get 177) (local.get 178) (local.get 179) (local.get 180) (local.get 181) (local.get 182)
    (local.get 183) (local.get 184) (local.get 185) (local.get 186) (local.get 187) (local.get 188) (local.get 189)
    (local.get 190) (local.get 191) (local.get 192) (local.get 193) (local.get 194) (local.get 195) (local.get 196)
    (local.get 197) (local.get 198) (local.get 199) (local.get 200) (local.get 201) (local.get 202) (local.get 203)
    (local.get 204) (local.get 205) (local.get 206) (local.get 207) (local.get 208) (local.get 209) (local.get 210)
    (local.get 211) (local.get 212) (local.get 213) (local.get 214) (local.get 215) (local.get 216) (local.get 217)
    (local.get 218) (local.get 219) (local.get 220) (local.get 221) (local.get 222) (local.get 223) (local.get 224)
    (local.get 225) (local.get 226) (local.get 227) (local.get 228) (local.get 229) (local.get 230) (local.get 231)
    (local.get 232) (local.get 233) (local.get 234) (local.get 235) (local.get 236) (local.get 237) (local.get 238)
    (local.get 239) (local.get 240) (local.get 241) (local.get 242) (local.get 243) (local.get 244) (local.get 245)
    (local.get 246) (local.get 247) (local.get 248) (local.get 249) (local.get 250) (local.get 251) (local.get 252)
    (local.get 253) (local.get 254) (local.get 255) (local.get 256) (local.get 257) (local.get 258) (local.get 259)
    (local.get 260) (local.get 261) (local.get 262) (local.get 263) (local.get 264) (local.get 265) (local.get 266)
    (local.get 267) (local.get 268) (local.get 269) (local.get 270) (local.get 271) (local.get 272) (local.get 273)
    (local.get 274) (local.get 275) (local.get 276) (local.get 277) (local.get 278) (local.get 279) (local.get 280)
    (local.get 281) (local.get 282) (local.get 283) (local.get 284) (local.get 285) (local.get 286) (local.get 287)
    (local.get 288) (local.get 289) (local.get 290) (local.get 291) (local.get 292) (local.get 293) (local.get 294)
    (local.get 295) (local.get 296) (local.get 297) (local.get 298) (local.get 299) (local.get 300) (local.get 301)
    (local.get 302) (local.get 303) (local.get 304) (local.get 305) (local.get 306) (local.get 307) (local.get 308)
    (local.get 309) (local.get 310) (local.get 311) (local.get 312) (local.get 313) (local.get 314) (local.get 315)
    (local.get 316) (local.get 317) (local.get 318) (local.get 319) (local.get 320) (local.get 321) (local.get 322)
    (local.get 323) (local.get 324) (local.get 325) (local.get 326) (local.get 327) (local.get 328) (local.get 329)
    (local.get 330) (local.get 331) (local.get 332) (local.get 333) (local.get 334) (local.get 335) (local.get 336)
    (local.get 337) (local.get 338) (local.get 339) (local.get 340) (local.get 341) (local.get 342) (local.get 343)
    (local.get 344) (local.get 345) (local.get 346) (local.get 347) (local.get 348) (local.get 349) (local.get 350)
    (local.get 351) (local.get 352) (local.get 353) (local.get 354) (local.get 355) (local.get 356) (local.get 357)
    (local.get 358) (local.get 359) (local.get 360) (local.get 361) (local.get 362) (local.get 363) (local.get 364)
    (local.get 365) (local.get 366) (local.get 367) (local.get 368) (local.get 369) (local.get 370) (local.get 371)
    (local.get 372) (local.get 373) (local.get 374) (local.get 375) (local.get 376) (local.get 377) (local.get 378)
    (local.get 379) (local.get 380) (local.get 381) (local.get 382) (local.get 383) (local.get 384) (local.get 385)
    (local.get 386) (local.get 387) (local.get 388) (local.get 389) (local.get 390) (local.get 391) (local.get 392)
    (local.get 393) (local.get 394) (local.get 395) (local.get 396) (local.get 397) (local.get 398) (local.get 399))
  (func $sum400 (export "sum-400") (param
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64)
    (result i64)
    (i64.const 0) (i64.const 3) i64.mul (i64.extend_i32_s (local.get 0)) i64.add
    (i64.const 3) i64.mul (local.get 1) i64.add (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 2)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 3)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 4)) i64.add (i64.const 3) i64.mul (local.get 5) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 6)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 7)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 8)) i64.add (i64.const 3) i64.mul (local.get 9) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 10)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 11)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 12)) i64.add (i64.const 3) i64.mul (local.get 13) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 14)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 15)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 16)) i64.add (i64.const 3) i64.mul (local.get 17) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 18)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 19)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 20)) i64.add (i64.const 3) i64.mul (local.get 21) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 22)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 23)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 24)) i64.add (i64.const 3) i64.mul (local.get 25) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 26)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 27)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 28)) i64.add (i64.const 3) i64.mul (local.get 29) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 30)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 31)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 32)) i64.add (i64.const 3) i64.mul (local.get 33) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 34)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 35)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 36)) i64.add (i64.const 3) i64.mul (local.get 37) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 38)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 39)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 40)) i64.add (i64.const 3) i64.mul (local.get 41) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 42)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 43)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 44)) i64.add (i64.const 3) i64.mul (local.get 45) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 46)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 47)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 48)) i64.add (i64.const 3) i64.mul (local.get 49) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 50)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 51)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 52)) i64.add (i64.const 3) i64.mul (local.get 53) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 54)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 55)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 56)) i64.add (i64.const 3) i64.mul (local.get 57) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 58)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 59)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 60)) i64.add (i64.const 3) i64.mul (local.get 61) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 62)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 63)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 64)) i64.add (i64.const 3) i64.mul (local.get 65) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 66)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 67)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 68)) i64.add (i64.const 3) i64.mul (local.get 69) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 70)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 71)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 72)) i64.add (i64.const 3) i64.mul (local.get 73) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 74)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 75)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 76)) i64.add (i64.const 3) i64.mul (local.get 77) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 78)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 79)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 80)) i64.add (i64.const 3) i64.mul (local.get 81) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 82)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 83)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 84)) i64.add (i64.const 3) i64.mul (local.get 85) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 86)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 87)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 88)) i64.add (i64.const 3) i64.mul (local.get 89) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 90)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 91)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 92)) i64.add (i64.const 3) i64.mul (local.get 93) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 94)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 95)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 96)) i64.add (i64.const 3) i64.mul (local.get 97) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 98)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 99)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 100)) i64.add (i64.const 3) i64.mul (local.get 101) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 102)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 103)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 104)) i64.add (i64.const 3) i64.mul (local.get 105) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 106)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 107)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 108)) i64.add (i64.const 3) i64.mul (local.get 109) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 110)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 111)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 112)) i64.add (i64.const 3) i64.mul (local.get 113) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 114)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 115)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 116)) i64.add (i64.const 3) i64.mul (local.get 117) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 118)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 119)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 120)) i64.add (i64.const 3) i64.mul (local.get 121) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 122)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 123)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 124)) i64.add (i64.const 3) i64.mul (local.get 125) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 126)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 127)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 128)) i64.add (i64.const 3) i64.mul (local.get 129) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 130)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 131)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 132)) i64.add (i64.const 3) i64.mul (local.get 133) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 134)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 135)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 136)) i64.add (i64.const 3) i64.mul (local.get 137) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 138)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 139)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 140)) i64.add (i64.const 3) i64.mul (local.get 141) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 142)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 143)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 144)) i64.add (i64.const 3) i64.mul (local.get 145) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 146)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 147)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 148)) i64.add (i64.const 3) i64.mul (local.get 149) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 150)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 151)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 152)) i64.add (i64.const 3) i64.mul (local.get 153) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 154)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 155)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 156)) i64.add (i64.const 3) i64.mul (local.get 157) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 158)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 159)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 160)) i64.add (i64.const 3) i64.mul (local.get 161) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 162)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 163)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 164)) i64.add (i64.const 3) i64.mul (local.get 165) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 166)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 167)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 168)) i64.add (i64.const 3) i64.mul (local.get 169) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 170)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 171)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 172)) i64.add (i64.const 3) i64.mul (local.get 173) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 174)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 175)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 176)) i64.add (i64.const 3) i64.mul (local.get 177) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 178)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 179)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 180)) i64.add (i64.const 3) i64.mul (local.get 181) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 182)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 183)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 184)) i64.add (i64.const 3) i64.mul (local.get 185) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 186)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 187)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 188)) i64.add (i64.const 3) i64.mul (local.get 189) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 190)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 191)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 192)) i64.add (i64.const 3) i64.mul (local.get 193) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 194)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 195)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 196)) i64.add (i64.const 3) i64.mul (local.get 197) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 198)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 199)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 200)) i64.add (i64.const 3) i64.mul (local.get 201) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 202)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 203)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 204)) i64.add (i64.const 3) i64.mul (local.get 205) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 206)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 207)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 208)) i64.add (i64.const 3) i64.mul (local.get 209) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 210)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 211)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 212)) i64.add (i64.const 3) i64.mul (local.get 213) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 214)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 215)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 216)) i64.add (i64.const 3) i64.mul (local.get 217) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 218)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 219)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 220)) i64.add (i64.const 3) i64.mul (local.get 221) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 222)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 223)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 224)) i64.add (i64.const 3) i64.mul (local.get 225) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 226)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 227)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 228)) i64.add (i64.const 3) i64.mul (local.get 229) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 230)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 231)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 232)) i64.add (i64.const 3) i64.mul (local.get 233) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 234)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 235)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 236)) i64.add (i64.const 3) i64.mul (local.get 237) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 238)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 239)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 240)) i64.add (i64.const 3) i64.mul (local.get 241) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 242)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 243)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 244)) i64.add (i64.const 3) i64.mul (local.get 245) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 246)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 247)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 248)) i64.add (i64.const 3) i64.mul (local.get 249) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 250)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 251)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 252)) i64.add (i64.const 3) i64.mul (local.get 253) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 254)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 255)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 256)) i64.add (i64.const 3) i64.mul (local.get 257) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 258)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 259)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 260)) i64.add (i64.const 3) i64.mul (local.get 261) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 262)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 263)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 264)) i64.add (i64.const 3) i64.mul (local.get 265) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 266)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 267)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 268)) i64.add (i64.const 3) i64.mul (local.get 269) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 270)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 271)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 272)) i64.add (i64.const 3) i64.mul (local.get 273) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 274)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 275)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 276)) i64.add (i64.const 3) i64.mul (local.get 277) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 278)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 279)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 280)) i64.add (i64.const 3) i64.mul (local.get 281) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 282)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 283)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 284)) i64.add (i64.const 3) i64.mul (local.get 285) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 286)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 287)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 288)) i64.add (i64.const 3) i64.mul (local.get 289) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 290)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 291)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 292)) i64.add (i64.const 3) i64.mul (local.get 293) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 294)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 295)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 296)) i64.add (i64.const 3) i64.mul (local.get 297) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 298)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 299)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 300)) i64.add (i64.const 3) i64.mul (local.get 301) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 302)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 303)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 304)) i64.add (i64.const 3) i64.mul (local.get 305) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 306)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 307)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 308)) i64.add (i64.const 3) i64.mul (local.get 309) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 310)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 311)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 312)) i64.add (i64.const 3) i64.mul (local.get 313) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 314)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 315)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 316)) i64.add (i64.const 3) i64.mul (local.get 317) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 318)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 319)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 320)) i64.add (i64.const 3) i64.mul (local.get 321) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 322)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 323)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 324)) i64.add (i64.const 3) i64.mul (local.get 325) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 326)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 327)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 328)) i64.add (i64.const 3) i64.mul (local.get 329) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 330)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 331)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 332)) i64.add (i64.const 3) i64.mul (local.get 333) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 334)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 335)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 336)) i64.add (i64.const 3) i64.mul (local.get 337) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 338)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 339)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 340)) i64.add (i64.const 3) i64.mul (local.get 341) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 342)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 343)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 344)) i64.add (i64.const 3) i64.mul (local.get 345) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 346)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 347)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 348)) i64.add (i64.const 3) i64.mul (local.get 349) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 350)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 351)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 352)) i64.add (i64.const 3) i64.mul (local.get 353) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 354)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 355)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 356)) i64.add (i64.const 3) i64.mul (local.get 357) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 358)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 359)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 360)) i64.add (i64.const 3) i64.mul (local.get 361) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 362)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 363)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 364)) i64.add (i64.const 3) i64.mul (local.get 365) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 366)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 367)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 368)) i64.add (i64.const 3) i64.mul (local.get 369) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 370)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 371)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 372)) i64.add (i64.const 3) i64.mul (local.get 373) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 374)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 375)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 376)) i64.add (i64.const 3) i64.mul (local.get 377) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 378)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 379)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 380)) i64.add (i64.const 3) i64.mul (local.get 381) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 382)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 383)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 384)) i64.add (i64.const 3) i64.mul (local.get 385) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 386)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 387)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 388)) i64.add (i64.const 3) i64.mul (local.get 389) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 390)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 391)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 392)) i64.add (i64.const 3) i64.mul (local.get 393) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 394)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 395)) i64.add
    (i64.const 3) i64.mul (i64.extend_i32_s (local.get 396)) i64.add (i64.const 3) i64.mul (local.get 397) i64.add
    (i64.const 3) i64.mul (i64.trunc_f32_s (local.get 398)) i64.add
    (i64.const 3) i64.mul (i64.trunc_f64_s (local.get 399)) i64.add)
  (func (export "through-constant-400") (result i64)
    (i32.const -45) (i64.const -38) (f32.const -31) (f64.const -24) (i32.const -17) (i64.const -10) (f32.const -3)
    (f64.const 4) (i32.const 11) (i64.const 18) (f32.const 25) (f64.const 32) (i32.const 39) (i64.const 46)
    (f32.const 53) (f64.const 60) (i32.const -46) (i64.const -39) (f32.const -32) (f64.const -25) (i32.const -18)
    (i64.const -11) (f32.const -4) (f64.const 3) (i32.const 10) (i64.const 17) (f32.const 24) (f64.const 31)
    (i32.const 38) (i64.const 45) (f32.const 52) (f64.const 59) (i32.const -47) (i64.const -40) (f32.const -33)
    (f64.const -26) (i32.const -19) (i64.const -12) (f32.const -5) (f64.const 2) (i32.const 9) (i64.const 16)
    (f32.const 23) (f64.const 30) (i32.const 37) (i64.const 44) (f32.const 51) (f64.const 58) (i32.const -48)
    (i64.const -41) (f32.const -34) (f64.const -27) (i32.const -20) (i64.const -13) (f32.const -6) (f64.const 1)
    (i32.const 8) (i64.const 15) (f32.const 22) (f64.const 29) (i32.const 36) (i64.const 43) (f32.const 50)
    (f64.const 57) (i32.const -49) (i64.const -42) (f32.const -35) (f64.const -28) (i32.const -21) (i64.const -14)
    (f32.const -7) (f64.const 0) (i32.const 7) (i64.const 14) (f32.const 21) (f64.const 28) (i32.const 35)
    (i64.const 42) (f32.const 49) (f64.const 56) (i32.const -50) (i64.const -43) (f32.const -36) (f64.const -29)
    (i32.const -22) (i64.const -15) (f32.const -8) (f64.const -1) (i32.const 6) (i64.const 13) (f32.const 20)
    (f64.const 27) (i32.const 34) (i64.const 41) (f32.const 48) (f64.const 55) (i32.const 62) (i64.const -44)
    (f32.const -37) (f64.const -30) (i32.const -23) (i64.const -16) (f32.const -9) (f64.const -2) (i32.const 5)
    (i64.const 12) (f32.const 19) (f64.const 26) (i32.const 33) (i64.const 40) (f32.const 47) (f64.const 54)
    (i32.const 61) (i64.const -45) (f32.const -38) (f64.const -31) (i32.const -24) (i64.const -17) (f32.const -10)
    (f64.const -3) (i32.const 4) (i64.const 11) (f32.const 18) (f64.const 25) (i32.const 32) (i64.const 39)
    (f32.const 46) (f64.const 53) (i32.const 60) (i64.const -46) (f32.const -39) (f64.const -32) (i32.const -25)
    (i64.const -18) (f32.const -11) (f64.const -4) (i32.const 3) (i64.const 10) (f32.const 17) (f64.const 24)
    (i32.const 31) (i64.const 38) (f32.const 45) (f64.const 52) (i32.const 59) (i64.const -47) (f32.const -40)
    (f64.const -33) (i32.const -26) (i64.const -19) (f32.const -12) (f64.const -5) (i32.const 2) (i64.const 9)
    (f32.const 16) (f64.const 23) (i32.const 30) (i64.const 37) (f32.const 44) (f64.const 51) (i32.const 58)
    (i64.const -48) (f32.const -41) (f64.const -34) (i32.const -27) (i64.const -20) (f32.const -13) (f64.const -6)
    (i32.const 1) (i64.const 8) (f32.const 15) (f64.const 22) (i32.const 29) (i64.const 36) (f32.const 43)
    (f64.const 50) (i32.const 57) (i64.const -49) (f32.const -42) (f64.const -35) (i32.const -28) (i64.const -21)
    (f32.const -14) (f64.const -7) (i32.const 0) (i64.const 7) (f32.const 14) (f64.const 21) (i32.const 28)
    (i64.const 35) (f32.const 42) (f64.const 49) (i32.const 56) (i64.const -50) (f32.const -43) (f64.const -36)
    (i32.const -29) (i64.const -22) (f32.const -15) (f64.const -8) (i32.const -1) (i64.const 6) (f32.const 13)
    (f64.const 20) (i32.const 27) (i64.const 34) (f32.const 41) (f64.const 48) (i32.const 55) (i64.const 62)
    (f32.const -44) (f64.const -37) (i32.const -30) (i64.const -23) (f32.const -16) (f64.const -9) (i32.const -2)
    (i64.const 5) (f32.const 12) (f64.const 19) (i32.const 26) (i64.const 33) (f32.const 40) (f64.const 47)
    (i32.const 54) (i64.const 61) (f32.const -45) (f64.const -38) (i32.const -31) (i64.const -24) (f32.const -17)
    (f64.const -10) (i32.const -3) (i64.const 4) (f32.const 11) (f64.const 18) (i32.const 25) (i64.const 32)
    (f32.const 39) (f64.const 46) (i32.const 53) (i64.const 60) (f32.const -46) (f64.const -39) (i32.const -32)
    (i64.const -25) (f32.const -18) (f64.const -11) (i32.const -4) (i64.const 3) (f32.const 10) (f64.const 17)
    (i32.const 24) (i64.const 31) (f32.const 38) (f64.const 45) (i32.const 52) (i64.const 59) (f32.const -47)
    (f64.const -40) (i32.const -33) (i64.const -26) (f32.const -19) (f64.const -12) (i32.const -5) (i64.const 2)
    (f32.const 9) (f64.const 16) (i32.const 23) (i64.const 30) (f32.const 37) (f64.const 44) (i32.const 51)
    (i64.const 58) (f32.const -48) (f64.const -41) (i32.const -34) (i64.const -27) (f32.const -20) (f64.const -13)
    (i32.const -6) (i64.const 1) (f32.const 8) (f64.const 15) (i32.const 22) (i64.const 29) (f32.const 36)
    (f64.const 43) (i32.const 50) (i64.const 57) (f32.const -49) (f64.const -42) (i32.const -35) (i64.const -28)
    (f32.const -21) (f64.const -14) (i32.const -7) (i64.const 0) (f32.const 7) (f64.const 14) (i32.const 21)
    (i64.const 28) (f32.const 35) (f64.const 42) (i32.const 49) (i64.const 56) (f32.const -50) (f64.const -43)
    (i32.const -36) (i64.const -29) (f32.const -22) (f64.const -15) (i32.const -8) (i64.const -1) (f32.const 6)
    (f64.const 13) (i32.const 20) (i64.const 27) (f32.const 34) (f64.const 41) (i32.const 48) (i64.const 55)
    (f32.const 62) (f64.const -44) (i32.const -37) (i64.const -30) (f32.const -23) (f64.const -16) (i32.const -9)
    (i64.const -2) (f32.const 5) (f64.const 12) (i32.const 19) (i64.const 26) (f32.const 33) (f64.const 40)
    (i32.const 47) (i64.const 54) (f32.const 61) (f64.const -45) (i32.const -38) (i64.const -31) (f32.const -24)
    (f64.const -17) (i32.const -10) (i64.const -3) (f32.const 4) (f64.const 11) (i32.const 18) (i64.const 25)
    (f32.const 32) (f64.const 39) (i32.const 46) (i64.const 53) (f32.const 60) (f64.const -46) (i32.const -39)
    (i64.const -32) (f32.const -25) (f64.const -18) (i32.const -11) (i64.const -4) (f32.const 3) (f64.const 10)
    (i32.const 17) (i64.const 24) (f32.const 31) (f64.const 38) (i32.const 45) (i64.const 52) (f32.const 59)
    (f64.const -47) (i32.const -40) (i64.const -33) (f32.const -26) (f64.const -19) (i32.const -12) (i64.const -5)
    (f32.const 2) (f64.const 9) (i32.const 16) (i64.const 23) (f32.const 30) (f64.const 37) (i32.const 44)
    (i64.const 51) (f32.const 58) (f64.const -48) (i32.const -41) (i64.const -34) (f32.const -27) (f64.const -20)
    (i32.const -13) (i64.const -6) (f32.const 1) (f64.const 8) (i32.const 15) (i64.const 22) (f32.const 29)
    (f64.const 36)
    (call $same400)
    (call_indirect (type $t400) (i32.const 1))
    (return_call $sum400))
  (func (export "constant-400") (result i64)
    (call $sum400
      (i32.const -50) (i64.const -43) (f32.const -36) (f64.const -29) (i32.const -22) (i64.const -15) (f32.const -8)
      (f64.const -1) (i32.const 6) (i64.const 13) (f32.const 20) (f64.const 27) (i32.const 34) (i64.const 41)
      (f32.const 48) (f64.const 55) (i32.const 62) (i64.const -44) (f32.const -37) (f64.const -30) (i32.const -23)
      (i64.const -16) (f32.const -9) (f64.const -2) (i32.const 5) (i64.const 12) (f32.const 19) (f64.const 26)
      (i32.const 33) (i64.const 40) (f32.const 47) (f64.const 54) (i32.const 61) (i64.const -45) (f32.const -38)
      (f64.const -31) (i32.const -24) (i64.const -17) (f32.const -10) (f64.const -3) (i32.const 4) (i64.const 11)
      (f32.const 18) (f64.const 25) (i32.const 32) (i64.const 39) (f32.const 46) (f64.const 53) (i32.const 60)
      (i64.const -46) (f32.const -39) (f64.const -32) (i32.const -25) (i64.const -18) (f32.const -11) (f64.const -4)
      (i32.const 3) (i64.const 10) (f32.const 17) (f64.const 24) (i32.const 31) (i64.const 38) (f32.const 45)
      (f64.const 52) (i32.const 59) (i64.const -47) (f32.const -40) (f64.const -33) (i32.const -26) (i64.const -19)
      (f32.const -12) (f64.const -5) (i32.const 2) (i64.const 9) (f32.const 16) (f64.const 23) (i32.const 30)
      (i64.const 37) (f32.const 44) (f64.const 51) (i32.const 58) (i64.const -48) (f32.const -41) (f64.const -34)
      (i32.const -27) (i64.const -20) (f32.const -13) (f64.const -6) (i32.const 1) (i64.const 8) (f32.const 15)
      (f64.const 22) (i32.const 29) (i64.const 36) (f32.const 43) (f64.const 50) (i32.const 57) (i64.const -49)
      (f32.const -42) (f64.const -35) (i32.const -28) (i64.const -21) (f32.const -14) (f64.const -7) (i32.const 0)
      (i64.const 7) (f32.const 14) (f64.const 21) (i32.const 28) (i64.const 35) (f32.const 42) (f64.const 49)
      (i32.const 56) (i64.const -50) (f32.const -43) (f64.const -36) (i32.const -29) (i64.const -22) (f32.const -15)
      (f64.const -8) (i32.const -1) (i64.const 6) (f32.const 13) (f64.const 20) (i32.const 27) (i64.const 34)
      (f32.const 41) (f64.const 48) (i32.const 55) (i64.const 62) (f32.const -44) (f64.const -37) (i32.const -30)
      (i64.const -23) (f32.const -16) (f64.const -9) (i32.const -2) (i64.const 5) (f32.const 12) (f64.const 19)
      (i32.const 26) (i64.const 33) (f32.const 40) (f64.const 47) (i32.const 54) (i64.const 61) (f32.const -45)
      (f64.const -38) (i32.const -31) (i64.const -24) (f32.const -17) (f64.const -10) (i32.const -3) (i64.const 4)
      (f32.const 11) (f64.const 18) (i32.const 25) (i64.const 32) (f32.const 39) (f64.const 46) (i32.const 53)
      (i64.const 60) (f32.const -46) (f64.const -39) (i32.const -32) (i64.const -25) (f32.const -18) (f64.const -11)
      (i32.const -4) (i64.const 3) (f32.const 10) (f64.const 17) (i32.const 24) (i64.const 31) (f32.const 38)
      (f64.const 45) (i32.const 52) (i64.const 59) (f32.const -47) (f64.const -40) (i32.const -33) (i64.const -26)
      (f32.const -19) (f64.const -12) (i32.const -5) (i64.const 2) (f32.const 9) (f64.const 16) (i32.const 23)
      (i64.const 30) (f32.const 37) (f64.const 44) (i32.const 51) (i64.const 58) (f32.const -48) (f64.const -41)
      (i32.const -34) (i64.const -27) (f32.const -20) (f64.const -13) (i32.const -6) (i64.const 1) (f32.const 8)
      (f64.const 15) (i32.const 22) (i64.const 29) (f32.const 36) (f64.const 43) (i32.const 50) (i64.const 57)
      (f32.const -49) (f64.const -42) (i32.const -35) (i64.const -28) (f32.const -21) (f64.const -14) (i32.const -7)
      (i64.const 0) (f32.const 7) (f64.const 14) (i32.const 21) (i64.const 28) (f32.const 35) (f64.const 42)
      (i32.const 49) (i64.const 56) (f32.const -50) (f64.const -43) (i32.const -36) (i64.const -29) (f32.const -22)
      (f64.const -15) (i32.const -8) (i64.const -1) (f32.const 6) (f64.const 13) (i32.const 20) (i64.const 27)
      (f32.const 34) (f64.const 41) (i32.const 48) (i64.const 55) (f32.const 62) (f64.const -44) (i32.const -37)
      (i64.const -30) (f32.const -23) (f64.const -16) (i32.const -9) (i64.const -2) (f32.const 5) (f64.const 12)
      (i32.const 19) (i64.const 26) (f32.const 33) (f64.const 40) (i32.const 47) (i64.const 54) (f32.const 61)
      (f64.const -45) (i32.const -38) (i64.const -31) (f32.const -24) (f64.const -17) (i32.const -10) (i64.const -3)
      (f32.const 4) (f64.const 11) (i32.const 18) (i64.const 25) (f32.const 32) (f64.const 39) (i32.const 46)
      (i64.const 53) (f32.const 60) (f64.const -46) (i32.const -39) (i64.const -32) (f32.const -25) (f64.const -18)
      (i32.const -11) (i64.const -4) (f32.const 3) (f64.const 10) (i32.const 17) (i64.const 24) (f32.const 31)
      (f64.const 38) (i32.const 45) (i64.const 52) (f32.const 59) (f64.const -47) (i32.const -40) (i64.const -33)
      (f32.const -26) (f64.const -19) (i32.const -12) (i64.const -5) (f32.const 2) (f64.const 9) (i32.const 16)
      (i64.const 23) (f32.const 30) (f64.const 37) (i32.const 44) (i64.const 51) (f32.const 58) (f64.const -48)
      (i32.const -41) (i64.const -34) (f32.const -27) (f64.const -20) (i32.const -13) (i64.const -6) (f32.const 1)
      (f64.const 8) (i32.const 15) (i64.const 22) (f32.const 29) (f64.const 36) (i32.const 43) (i64.const 50)
      (f32.const 57) (f64.const -49) (i32.const -42) (i64.const -35) (f32.const -28) (f64.const -21) (i32.const -14)
      (i64.const -7) (f32.const 0) (f64.const 7) (i32.const 14) (i64.const 21) (f32.const 28) (f64.const 35)
      (i32.const 42) (i64.const 49) (f32.const 56) (f64.const -50) (i32.const -43) (i64.const -36) (f32.const -29)
      (f64.const -22) (i32.const -15) (i64.const -8) (f32.const -1) (f64.const 6) (i32.const 13) (i64.const 20)
      (f32.const 27) (f64.const 34) (i32.const 41) (i64.const 48) (f32.const 55) (f64.const 62) (i32.const -44)
      (i64.const -37) (f32.const -30) (f64.const -23) (i32.const -16) (i64.const -9) (f32.const -2) (f64.const 5)
      (i32.const 12) (i64.const 19) (f32.const 26) (f64.const 33) (i32.const 40) (i64.const 47) (f32.const 54)
      (f64.const 61) (i32.const -45) (i64.const -38) (f32.const -31) (f64.const -24) (i32.const -17) (i64.const -10)
      (f32.const -3) (f64.const 4) (i32.const 11) (i64.const 18) (f32.const 25) (f64.const 32) (i32.const 39)
      (i64.const 46) (f32.const 53) (f64.const 60) (i32.const -46) (i64.const -39) (f32.const -32) (f64.const -25)
      (i32.const -18) (i64.const -11) (f32.const -4) (f64.const 3) (i32.const 10) (i64.const 17) (f32.const 24)
      (f64.const 31)))
  (table funcref (elem $same129 $same400)))
(register "callee" $callee)

;; Through another module, where all are imports.
(module $caller
  (type $t129 (func (param
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32)
    (result
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32)))
  (import "callee" "same-129" (func $same129 (type $t129)))
  (import "callee" "sum-129" (func $sum129 (param
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32)
    (result i64)))
  (type $t400 (func (param
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64)
    (result
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64)))
  (import "callee" "same-400" (func $same400 (type $t400)))
  (import "callee" "sum-400" (func $sum400 (param
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64
      i32 i64 f32 f64 i32 i64 f32 f64)
    (result i64)))
  (func (export "imported-129") (result i64)
    (i32.const -45) (i64.const -38) (f32.const -31) (f64.const -24) (i32.const -17) (i64.const -10) (f32.const -3)
    (f64.const 4) (i32.const 11) (i64.const 18) (f32.const 25) (f64.const 32) (i32.const 39) (i64.const 46)
    (f32.const 53) (f64.const 60) (i32.const -46) (i64.const -39) (f32.const -32) (f64.const -25) (i32.const -18)
    (i64.const -11) (f32.const -4) (f64.const 3) (i32.const 10) (i64.const 17) (f32.const 24) (f64.const 31)
    (i32.const 38) (i64.const 45) (f32.const 52) (f64.const 59) (i32.const -47) (i64.const -40) (f32.const -33)
    (f64.const -26) (i32.const -19) (i64.const -12) (f32.const -5) (f64.const 2) (i32.const 9) (i64.const 16)
    (f32.const 23) (f64.const 30) (i32.const 37) (i64.const 44) (f32.const 51) (f64.const 58) (i32.const -48)
    (i64.const -41) (f32.const -34) (f64.const -27) (i32.const -20) (i64.const -13) (f32.const -6) (f64.const 1)
    (i32.const 8) (i64.const 15) (f32.const 22) (f64.const 29) (i32.const 36) (i64.const 43) (f32.const 50)
    (f64.const 57) (i32.const -49) (i64.const -42) (f32.const -35) (f64.const -28) (i32.const -21) (i64.const -14)
    (f32.const -7) (f64.const 0) (i32.const 7) (i64.const 14) (f32.const 21) (f64.const 28) (i32.const 35)
    (i64.const 42) (f32.const 49) (f64.const 56) (i32.const -50) (i64.const -43) (f32.const -36) (f64.const -29)
    (i32.const -22) (i64.const -15) (f32.const -8) (f64.const -1) (i32.const 6) (i64.const 13) (f32.const 20)
    (f64.const 27) (i32.const 34) (i64.const 41) (f32.const 48) (f64.const 55) (i32.const 62) (i64.const -44)
    (f32.const -37) (f64.const -30) (i32.const -23) (i64.const -16) (f32.const -9) (f64.const -2) (i32.const 5)
    (i64.const 12) (f32.const 19) (f64.const 26) (i32.const 33) (i64.const 40) (f32.const 47) (f64.const 54)
    (i32.const 61) (i64.const -45) (f32.const -38) (f64.const -31) (i32.const -24) (i64.const -17) (f32.const -10)
    (f64.const -3) (i32.const 4) (i64.const 11) (f32.const 18) (f64.const 25) (i32.const 32) (i64.const 39)
    (f32.const 46) (f64.const 53) (i32.const 60)
    (call $same129)
    (call $sum129))
  (func (export "tail-129") (type $t129)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (local.get 7)
    (local.get 8) (local.get 9) (local.get 10) (local.get 11) (local.get 12) (local.get 13) (local.get 14)
    (local.get 15) (local.get 16) (local.get 17) (local.get 18) (local.get 19) (local.get 20) (local.get 21)
    (local.get 22) (local.get 23) (local.get 24) (local.get 25) (local.get 26) (local.get 27) (local.get 28)
    (local.get 29) (local.get 30) (local.get 31) (local.get 32) (local.get 33) (local.get 34) (local.get 35)
    (local.get 36) (local.get 37) (local.get 38) (local.get 39) (local.get 40) (local.get 41) (local.get 42)
    (local.get 43) (local.get 44) (local.get 45) (local.get 46) (local.get 47) (local.get 48) (local.get 49)
    (local.get 50) (local.get 51) (local.get 52) (local.get 53) (local.get 54) (local.get 55) (local.get 56)
    (local.get 57) (local.get 58) (local.get 59) (local.get 60) (local.get 61) (local.get 62) (local.get 63)
    (local.get 64) (local.get 65) (local.get 66) (local.get 67) (local.get 68) (local.get 69) (local.get 70)
    (local.get 71) (local.get 72) (local.get 73) (local.get 74) (local.get 75) (local.get 76) (local.get 77)
    (local.get 78) (local.get 79) (local.get 80) (local.get 81) (local.get 82) (local.get 83) (local.get 84)
    (local.get 85) (local.get 86) (local.get 87) (local.get 88) (local.get 89) (local.get 90) (local.get 91)
    (local.get 92) (local.get 93) (local.get 94) (local.get 95) (local.get 96) (local.get 97) (local.get 98)
    (local.get 99) (local.get 100) (local.get 101) (local.get 102) (local.get 103) (local.get 104) (local.get 105)
    (local.get 106) (local.get 107) (local.get 108) (local.get 109) (local.get 110) (local.get 111) (local.get 112)
    (local.get 113) (local.get 114) (local.get 115) (local.get 116) (local.get 117) (local.get 118) (local.get 119)
    (local.get 120) (local.get 121) (local.get 122) (local.get 123) (local.get 124) (local.get 125) (local.get 126)
    (local.get 127) (local.get 128)
    (return_call $same129))
  (func (export "imported-400") (result i64)
    (i32.const -45) (i64.const -38) (f32.const -31) (f64.const -24) (i32.const -17) (i64.const -10) (f32.const -3)
    (f64.const 4) (i32.const 11) (i64.const 18) (f32.const 25) (f64.const 32) (i32.const 39) (i64.const 46)
    (f32.const 53) (f64.const 60) (i32.const -46) (i64.const -39) (f32.const -32) (f64.const -25) (i32.const -18)
    (i64.const -11) (f32.const -4) (f64.const 3) (i32.const 10) (i64.const 17) (f32.const 24) (f64.const 31)
    (i32.const 38) (i64.const 45) (f32.const 52) (f64.const 59) (i32.const -47) (i64.const -40) (f32.const -33)
    (f64.const -26) (i32.const -19) (i64.const -12) (f32.const -5) (f64.const 2) (i32.const 9) (i64.const 16)
    (f32.const 23) (f64.const 30) (i32.const 37) (i64.const 44) (f32.const 51) (f64.const 58) (i32.const -48)
    (i64.const -41) (f32.const -34) (f64.const -27) (i32.const -20) (i64.const -13) (f32.const -6) (f64.const 1)
    (i32.const 8) (i64.const 15) (f32.const 22) (f64.const 29) (i32.const 36) (i64.const 43) (f32.const 50)
    (f64.const 57) (i32.const -49) (i64.const -42) (f32.const -35) (f64.const -28) (i32.const -21) (i64.const -14)
    (f32.const -7) (f64.const 0) (i32.const 7) (i64.const 14) (f32.const 21) (f64.const 28) (i32.const 35)
    (i64.const 42) (f32.const 49) (f64.const 56) (i32.const -50) (i64.const -43) (f32.const -36) (f64.const -29)
    (i32.const -22) (i64.const -15) (f32.const -8) (f64.const -1) (i32.const 6) (i64.const 13) (f32.const 20)
    (f64.const 27) (i32.const 34) (i64.const 41) (f32.const 48) (f64.const 55) (i32.const 62) (i64.const -44)
    (f32.const -37) (f64.const -30) (i32.const -23) (i64.const -16) (f32.const -9) (f64.const -2) (i32.const 5)
    (i64.const 12) (f32.const 19) (f64.const 26) (i32.const 33) (i64.const 40) (f32.const 47) (f64.const 54)
    (i32.const 61) (i64.const -45) (f32.const -38) (f64.const -31) (i32.const -24) (i64.const -17) (f32.const -10)
    (f64.const -3) (i32.const 4) (i64.const 11) (f32.const 18) (f64.const 25) (i32.const 32) (i64.const 39)
    (f32.const 46) (f64.const 53) (i32.const 60) (i64.const -46) (f32.const -39) (f64.const -32) (i32.const -25)
    (i64.const -18) (f32.const -11) (f64.const -4) (i32.const 3) (i64.const 10) (f32.const 17) (f64.const 24)
    (i32.const 31) (i64.const 38) (f32.const 45) (f64.const 52) (i32.const 59) (i64.const -47) (f32.const -40)
    (f64.const -33) (i32.const -26) (i64.const -19) (f32.const -12) (f64.const -5) (i32.const 2) (i64.const 9)
    (f32.const 16) (f64.const 23) (i32.const 30) (i64.const 37) (f32.const 44) (f64.const 51) (i32.const 58)
    (i64.const -48) (f32.const -41) (f64.const -34) (i32.const -27) (i64.const -20) (f32.const -13) (f64.const -6)
    (i32.const 1) (i64.const 8) (f32.const 15) (f64.const 22) (i32.const 29) (i64.const 36) (f32.const 43)
    (f64.const 50) (i32.const 57) (i64.const -49) (f32.const -42) (f64.const -35) (i32.const -28) (i64.const -21)
    (f32.const -14) (f64.const -7) (i32.const 0) (i64.const 7) (f32.const 14) (f64.const 21) (i32.const 28)
    (i64.const 35) (f32.const 42) (f64.const 49) (i32.const 56) (i64.const -50) (f32.const -43) (f64.const -36)
    (i32.const -29) (i64.const -22) (f32.const -15) (f64.const -8) (i32.const -1) (i64.const 6) (f32.const 13)
    (f64.const 20) (i32.const 27) (i64.const 34) (f32.const 41) (f64.const 48) (i32.const 55) (i64.const 62)
    (f32.const -44) (f64.const -37) (i32.const -30) (i64.const -23) (f32.const -16) (f64.const -9) (i32.const -2)
    (i64.const 5) (f32.const 12) (f64.const 19) (i32.const 26) (i64.const 33) (f32.const 40) (f64.const 47)
    (i32.const 54) (i64.const 61) (f32.const -45) (f64.const -38) (i32.const -31) (i64.const -24) (f32.const -17)
    (f64.const -10) (i32.const -3) (i64.const 4) (f32.const 11) (f64.const 18) (i32.const 25) (i64.const 32)
    (f32.const 39) (f64.const 46) (i32.const 53) (i64.const 60) (f32.const -46) (f64.const -39) (i32.const -32)
    (i64.const -25) (f32.const -18) (f64.const -11) (i32.const -4) (i64.const 3) (f32.const 10) (f64.const 17)
    (i32.const 24) (i64.const 31) (f32.const 38) (f64.const 45) (i32.const 52) (i64.const 59) (f32.const -47)
    (f64.const -40) (i32.const -33) (i64.const -26) (f32.const -19) (f64.const -12) (i32.const -5) (i64.const 2)
    (f32.const 9) (f64.const 16) (i32.const 23) (i64.const 30) (f32.const 37) (f64.const 44) (i32.const 51)
    (i64.const 58) (f32.const -48) (f64.const -41) (i32.const -34) (i64.const -27) (f32.const -20) (f64.const -13)
    (i32.const -6) (i64.const 1) (f32.const 8) (f64.const 15) (i32.const 22) (i64.const 29) (f32.const 36)
    (f64.const 43) (i32.const 50) (i64.const 57) (f32.const -49) (f64.const -42) (i32.const -35) (i64.const -28)
    (f32.const -21) (f64.const -14) (i32.const -7) (i64.const 0) (f32.const 7) (f64.const 14) (i32.const 21)
    (i64.const 28) (f32.const 35) (f64.const 42) (i32.const 49) (i64.const 56) (f32.const -50) (f64.const -43)
    (i32.const -36) (i64.const -29) (f32.const -22) (f64.const -15) (i32.const -8) (i64.const -1) (f32.const 6)
    (f64.const 13) (i32.const 20) (i64.const 27) (f32.const 34) (f64.const 41) (i32.const 48) (i64.const 55)
    (f32.const 62) (f64.const -44) (i32.const -37) (i64.const -30) (f32.const -23) (f64.const -16) (i32.const -9)
    (i64.const -2) (f32.const 5) (f64.const 12) (i32.const 19) (i64.const 26) (f32.const 33) (f64.const 40)
    (i32.const 47) (i64.const 54) (f32.const 61) (f64.const -45) (i32.const -38) (i64.const -31) (f32.const -24)
    (f64.const -17) (i32.const -10) (i64.const -3) (f32.const 4) (f64.const 11) (i32.const 18) (i64.const 25)
    (f32.const 32) (f64.const 39) (i32.const 46) (i64.const 53) (f32.const 60) (f64.const -46) (i32.const -39)
    (i64.const -32) (f32.const -25) (f64.const -18) (i32.const -11) (i64.const -4) (f32.const 3) (f64.const 10)
    (i32.const 17) (i64.const 24) (f32.const 31) (f64.const 38) (i32.const 45) (i64.const 52) (f32.const 59)
    (f64.const -47) (i32.const -40) (i64.const -33) (f32.const -26) (f64.const -19) (i32.const -12) (i64.const -5)
    (f32.const 2) (f64.const 9) (i32.const 16) (i64.const 23) (f32.const 30) (f64.const 37) (i32.const 44)
    (i64.const 51) (f32.const 58) (f64.const -48) (i32.const -41) (i64.const -34) (f32.const -27) (f64.const -20)
    (i32.const -13) (i64.const -6) (f32.const 1) (f64.const 8) (i32.const 15) (i64.const 22) (f32.const 29)
    (f64.const 36)
    (call $same400)
    (call $sum400))
)

(assert_return
  (invoke $caller "tail-129"
    (i32.const -47) (i64.const -40) (f32.const -33) (f64.const -26) (i32.const -19) (i64.const -12) (f32.const -5)
    (f64.const 2) (i32.const 9) (i64.const 16) (f32.const 23) (f64.const 30) (i32.const 37) (i64.const 44)
    (f32.const 51) (f64.const 58) (i32.const -48) (i64.const -41) (f32.const -34) (f64.const -27) (i32.const -20)
    (i64.const -13) (f32.const -6) (f64.const 1) (i32.const 8) (i64.const 15) (f32.const 22) (f64.const 29)
    (i32.const 36) (i64.const 43) (f32.const 50) (f64.const 57) (i32.const -49) (i64.const -42) (f32.const -35)
    (f64.const -28) (i32.const -21) (i64.const -14) (f32.const -7) (f64.const 0) (i32.const 7) (i64.const 14)
    (f32.const 21) (f64.const 28) (i32.const 35) (i64.const 42) (f32.const 49) (f64.const 56) (i32.const -50)
    (i64.const -43) (f32.const -36) (f64.const -29) (i32.const -22) (i64.const -15) (f32.const -8) (f64.const -1)
    (i32.const 6) (i64.const 13) (f32.const 20) (f64.const 27) (i32.const 34) (i64.const 41) (f32.const 48)
    (f64.const 55) (i32.const 62) (i64.const -44) (f32.const -37) (f64.const -30) (i32.const -23) (i64.const -16)
    (f32.const -9) (f64.const -2) (i32.const 5) (i64.const 12) (f32.const 19) (f64.const 26) (i32.const 33)
    (i64.const 40) (f32.const 47) (f64.const 54) (i32.const 61) (i64.const -45) (f32.const -38) (f64.const -31)
    (i32.const -24) (i64.const -17) (f32.const -10) (f64.const -3) (i32.const 4) (i64.const 11) (f32.const 18)
    (f64.const 25) (i32.const 32) (i64.const 39) (f32.const 46) (f64.const 53) (i32.const 60) (i64.const -46)
    (f32.const -39) (f64.const -32) (i32.const -25) (i64.const -18) (f32.const -11) (f64.const -4) (i32.const 3)
    (i64.const 10) (f32.const 17) (f64.const 24) (i32.const 31) (i64.const 38) (f32.const 45) (f64.const 52)
    (i32.const 59) (i64.const -47) (f32.const -40) (f64.const -33) (i32.const -26) (i64.const -19) (f32.const -12)
    (f64.const -5) (i32.const 2) (i64.const 9) (f32.const 16) (f64.const 23) (i32.const 30) (i64.const 37)
    (f32.const 44) (f64.const 51) (i32.const 58))
  (i32.const -47) (i64.const -40) (f32.const -33) (f64.const -26) (i32.const -19) (i64.const -12) (f32.const -5)
  (f64.const 2) (i32.const 9) (i64.const 16) (f32.const 23) (f64.const 30) (i32.const 37) (i64.const 44)
  (f32.const 51) (f64.const 58) (i32.const -48) (i64.const -41) (f32.const -34) (f64.const -27) (i32.const -20)
  (i64.const -13) (f32.const -6) (f64.const 1) (i32.const 8) (i64.const 15) (f32.const 22) (f64.const 29)
  (i32.const 36) (i64.const 43) (f32.const 50) (f64.const 57) (i32.const -49) (i64.const -42) (f32.const -35)
  (f64.const -28) (i32.const -21) (i64.const -14) (f32.const -7) (f64.const 0) (i32.const 7) (i64.const 14)
  (f32.const 21) (f64.const 28) (i32.const 35) (i64.const 42) (f32.const 49) (f64.const 56) (i32.const -50)
  (i64.const -43) (f32.const -36) (f64.const -29) (i32.const -22) (i64.const -15) (f32.const -8) (f64.const -1)
  (i32.const 6) (i64.const 13) (f32.const 20) (f64.const 27) (i32.const 34) (i64.const 41) (f32.const 48)
  (f64.const 55) (i32.const 62) (i64.const -44) (f32.const -37) (f64.const -30) (i32.const -23) (i64.const -16)
  (f32.const -9) (f64.const -2) (i32.const 5) (i64.const 12) (f32.const 19) (f64.const 26) (i32.const 33)
  (i64.const 40) (f32.const 47) (f64.const 54) (i32.const 61) (i64.const -45) (f32.const -38) (f64.const -31)
  (i32.const -24) (i64.const -17) (f32.const -10) (f64.const -3) (i32.const 4) (i64.const 11) (f32.const 18)
  (f64.const 25) (i32.const 32) (i64.const 39) (f32.const 46) (f64.const 53) (i32.const 60) (i64.const -46)
  (f32.const -39) (f64.const -32) (i32.const -25) (i64.const -18) (f32.const -11) (f64.const -4) (i32.const 3)
  (i64.const 10) (f32.const 17) (f64.const 24) (i32.const 31) (i64.const 38) (f32.const 45) (f64.const 52)
  (i32.const 59) (i64.const -47) (f32.const -40) (f64.const -33) (i32.const -26) (i64.const -19) (f32.const -12)
  (f64.const -5) (i32.const 2) (i64.const 9) (f32.const 16) (f64.const 23) (i32.const 30) (i64.const 37)
  (f32.const 44) (f64.const 51) (i32.const 58))
(assert_return
  (invoke $callee "sum-129"
    (i32.const -41) (i64.const -34) (f32.const -27) (f64.const -20) (i32.const -13) (i64.const -6) (f32.const 1)
    (f64.const 8) (i32.const 15) (i64.const 22) (f32.const 29) (f64.const 36) (i32.const 43) (i64.const 50)
    (f32.const 57) (f64.const -49) (i32.const -42) (i64.const -35) (f32.const -28) (f64.const -21) (i32.const -14)
    (i64.const -7) (f32.const 0) (f64.const 7) (i32.const 14) (i64.const 21) (f32.const 28) (f64.const 35)
    (i32.const 42) (i64.const 49) (f32.const 56) (f64.const -50) (i32.const -43) (i64.const -36) (f32.const -29)
    (f64.const -22) (i32.const -15) (i64.const -8) (f32.const -1) (f64.const 6) (i32.const 13) (i64.const 20)
    (f32.const 27) (f64.const 34) (i32.const 41) (i64.const 48) (f32.const 55) (f64.const 62) (i32.const -44)
    (i64.const -37) (f32.const -30) (f64.const -23) (i32.const -16) (i64.const -9) (f32.const -2) (f64.const 5)
    (i32.const 12) (i64.const 19) (f32.const 26) (f64.const 33) (i32.const 40) (i64.const 47) (f32.const 54)
    (f64.const 61) (i32.const -45) (i64.const -38) (f32.const -31) (f64.const -24) (i32.const -17) (i64.const -10)
    (f32.const -3) (f64.const 4) (i32.const 11) (i64.const 18) (f32.const 25) (f64.const 32) (i32.const 39)
    (i64.const 46) (f32.const 53) (f64.const 60) (i32.const -46) (i64.const -39) (f32.const -32) (f64.const -25)
    (i32.const -18) (i64.const -11) (f32.const -4) (f64.const 3) (i32.const 10) (i64.const 17) (f32.const 24)
    (f64.const 31) (i32.const 38) (i64.const 45) (f32.const 52) (f64.const 59) (i32.const -47) (i64.const -40)
    (f32.const -33) (f64.const -26) (i32.const -19) (i64.const -12) (f32.const -5) (f64.const 2) (i32.const 9)
    (i64.const 16) (f32.const 23) (f64.const 30) (i32.const 37) (i64.const 44) (f32.const 51) (f64.const 58)
    (i32.const -48) (i64.const -41) (f32.const -34) (f64.const -27) (i32.const -20) (i64.const -13) (f32.const -6)
    (f64.const 1) (i32.const 8) (i64.const 15) (f32.const 22) (f64.const 29) (i32.const 36) (i64.const 43)
    (f32.const 50) (f64.const 57) (i32.const -49))
  (i64.const 7345116772943503913))
(assert_return
  (invoke $callee "through-129"
    (i32.const -41) (i64.const -34) (f32.const -27) (f64.const -20) (i32.const -13) (i64.const -6) (f32.const 1)
    (f64.const 8) (i32.const 15) (i64.const 22) (f32.const 29) (f64.const 36) (i32.const 43) (i64.const 50)
    (f32.const 57) (f64.const -49) (i32.const -42) (i64.const -35) (f32.const -28) (f64.const -21) (i32.const -14)
    (i64.const -7) (f32.const 0) (f64.const 7) (i32.const 14) (i64.const 21) (f32.const 28) (f64.const 35)
    (i32.const 42) (i64.const 49) (f32.const 56) (f64.const -50) (i32.const -43) (i64.const -36) (f32.const -29)
    (f64.const -22) (i32.const -15) (i64.const -8) (f32.const -1) (f64.const 6) (i32.const 13) (i64.const 20)
    (f32.const 27) (f64.const 34) (i32.const 41) (i64.const 48) (f32.const 55) (f64.const 62) (i32.const -44)
    (i64.const -37) (f32.const -30) (f64.const -23) (i32.const -16) (i64.const -9) (f32.const -2) (f64.const 5)
    (i32.const 12) (i64.const 19) (f32.const 26) (f64.const 33) (i32.const 40) (i64.const 47) (f32.const 54)
    (f64.const 61) (i32.const -45) (i64.const -38) (f32.const -31) (f64.const -24) (i32.const -17) (i64.const -10)
    (f32.const -3) (f64.const 4) (i32.const 11) (i64.const 18) (f32.const 25) (f64.const 32) (i32.const 39)
    (i64.const 46) (f32.const 53) (f64.const 60) (i32.const -46) (i64.const -39) (f32.const -32) (f64.const -25)
    (i32.const -18) (i64.const -11) (f32.const -4) (f64.const 3) (i32.const 10) (i64.const 17) (f32.const 24)
    (f64.const 31) (i32.const 38) (i64.const 45) (f32.const 52) (f64.const 59) (i32.const -47) (i64.const -40)
    (f32.const -33) (f64.const -26) (i32.const -19) (i64.const -12) (f32.const -5) (f64.const 2) (i32.const 9)
    (i64.const 16) (f32.const 23) (f64.const 30) (i32.const 37) (i64.const 44) (f32.const 51) (f64.const 58)
    (i32.const -48) (i64.const -41) (f32.const -34) (f64.const -27) (i32.const -20) (i64.const -13) (f32.const -6)
    (f64.const 1) (i32.const 8) (i64.const 15) (f32.const 22) (f64.const 29) (i32.const 36) (i64.const 43)
    (f32.const 50) (f64.const 57) (i32.const -49))
  (i64.const 7345116772943503913))
(assert_return (invoke $callee "constant-129") (i64.const 3823165027943863054))
(assert_return (invoke $caller "imported-129") (i64.const 5189698908516754078))
(assert_return
  (invoke $callee "sum-400"
    (i32.const -41) (i64.const -34) (f32.const -27) (f64.const -20) (i32.const -13) (i64.const -6) (f32.const 1)
    (f64.const 8) (i32.const 15) (i64.const 22) (f32.const 29) (f64.const 36) (i32.const 43) (i64.const 50)
    (f32.const 57) (f64.const -49) (i32.const -42) (i64.const -35) (f32.const -28) (f64.const -21) (i32.const -14)
    (i64.const -7) (f32.const 0) (f64.const 7) (i32.const 14) (i64.const 21) (f32.const 28) (f64.const 35)
    (i32.const 42) (i64.const 49) (f32.const 56) (f64.const -50) (i32.const -43) (i64.const -36) (f32.const -29)
    (f64.const -22) (i32.const -15) (i64.const -8) (f32.const -1) (f64.const 6) (i32.const 13) (i64.const 20)
    (f32.const 27) (f64.const 34) (i32.const 41) (i64.const 48) (f32.const 55) (f64.const 62) (i32.const -44)
    (i64.const -37) (f32.const -30) (f64.const -23) (i32.const -16) (i64.const -9) (f32.const -2) (f64.const 5)
    (i32.const 12) (i64.const 19) (f32.const 26) (f64.const 33) (i32.const 40) (i64.const 47) (f32.const 54)
    (f64.const 61) (i32.const -45) (i64.const -38) (f32.const -31) (f64.const -24) (i32.const -17) (i64.const -10)
    (f32.const -3) (f64.const 4) (i32.const 11) (i64.const 18) (f32.const 25) (f64.const 32) (i32.const 39)
    (i64.const 46) (f32.const 53) (f64.const 60) (i32.const -46) (i64.const -39) (f32.const -32) (f64.const -25)
    (i32.const -18) (i64.const -11) (f32.const -4) (f64.const 3) (i32.const 10) (i64.const 17) (f32.const 24)
    (f64.const 31) (i32.const 38) (i64.const 45) (f32.const 52) (f64.const 59) (i32.const -47) (i64.const -40)
    (f32.const -33) (f64.const -26) (i32.const -19) (i64.const -12) (f32.const -5) (f64.const 2) (i32.const 9)
    (i64.const 16) (f32.const 23) (f64.const 30) (i32.const 37) (i64.const 44) (f32.const 51) (f64.const 58)
    (i32.const -48) (i64.const -41) (f32.const -34) (f64.const -27) (i32.const -20) (i64.const -13) (f32.const -6)
    (f64.const 1) (i32.const 8) (i64.const 15) (f32.const 22) (f64.const 29) (i32.const 36) (i64.const 43)
    (f32.const 50) (f64.const 57) (i32.const -49) (i64.const -42) (f32.const -35) (f64.const -28) (i32.const -21)
    (i64.const -14) (f32.const -7) (f64.const 0) (i32.const 7) (i64.const 14) (f32.const 21) (f64.const 28)
    (i32.const 35) (i64.const 42) (f32.const 49) (f64.const 56) (i32.const -50) (i64.const -43) (f32.const -36)
    (f64.const -29) (i32.const -22) (i64.const -15) (f32.const -8) (f64.const -1) (i32.const 6) (i64.const 13)
    (f32.const 20) (f64.const 27) (i32.const 34) (i64.const 41) (f32.const 48) (f64.const 55) (i32.const 62)
    (i64.const -44) (f32.const -37) (f64.const -30) (i32.const -23) (i64.const -16) (f32.const -9) (f64.const -2)
    (i32.const 5) (i64.const 12) (f32.const 19) (f64.const 26) (i32.const 33) (i64.const 40) (f32.const 47)
    (f64.const 54) (i32.const 61) (i64.const -45) (f32.const -38) (f64.const -31) (i32.const -24) (i64.const -17)
    (f32.const -10) (f64.const -3) (i32.const 4) (i64.const 11) (f32.const 18) (f64.const 25) (i32.const 32)
    (i64.const 39) (f32.const 46) (f64.const 53) (i32.const 60) (i64.const -46) (f32.const -39) (f64.const -32)
    (i32.const -25) (i64.const -18) (f32.const -11) (f64.const -4) (i32.const 3) (i64.const 10) (f32.const 17)
    (f64.const 24) (i32.const 31) (i64.const 38) (f32.const 45) (f64.const 52) (i32.const 59) (i64.const -47)
    (f32.const -40) (f64.const -33) (i32.const -26) (i64.const -19) (f32.const -12) (f64.const -5) (i32.const 2)
    (i64.const 9) (f32.const 16) (f64.const 23) (i32.const 30) (i64.const 37) (f32.const 44) (f64.const 51)
    (i32.const 58) (i64.const -48) (f32.const -41) (f64.const -34) (i32.const -27) (i64.const -20) (f32.const -13)
    (f64.const -6) (i32.const 1) (i64.const 8) (f32.const 15) (f64.const 22) (i32.const 29) (i64.const 36)
    (f32.const 43) (f64.const 50) (i32.const 57) (i64.const -49) (f32.const -42) (f64.const -35) (i32.const -28)
    (i64.const -21) (f32.const -14) (f64.const -7) (i32.const 0) (i64.const 7) (f32.const 14) (f64.const 21)
    (i32.const 28) (i64.const 35) (f32.const 42) (f64.const 49) (i32.const 56) (i64.const -50) (f32.const -43)
    (f64.const -36) (i32.const -29) (i64.const -22) (f32.const -15) (f64.const -8) (i32.const -1) (i64.const 6)
    (f32.const 13) (f64.const 20) (i32.const 27) (i64.const 34) (f32.const 41) (f64.const 48) (i32.const 55)
    (i64.const 62) (f32.const -44) (f64.const -37) (i32.const -30) (i64.const -23) (f32.const -16) (f64.const -9)
    (i32.const -2) (i64.const 5) (f32.const 12) (f64.const 19) (i32.const 26) (i64.const 33) (f32.const 40)
    (f64.const 47) (i32.const 54) (i64.const 61) (f32.const -45) (f64.const -38) (i32.const -31) (i64.const -24)
    (f32.const -17) (f64.const -10) (i32.const -3) (i64.const 4) (f32.const 11) (f64.const 18) (i32.const 25)
    (i64.const 32) (f32.const 39) (f64.const 46) (i32.const 53) (i64.const 60) (f32.const -46) (f64.const -39)
    (i32.const -32) (i64.const -25) (f32.const -18) (f64.const -11) (i32.const -4) (i64.const 3) (f32.const 10)
    (f64.const 17) (i32.const 24) (i64.const 31) (f32.const 38) (f64.const 45) (i32.const 52) (i64.const 59)
    (f32.const -47) (f64.const -40) (i32.const -33) (i64.const -26) (f32.const -19) (f64.const -12) (i32.const -5)
    (i64.const 2) (f32.const 9) (f64.const 16) (i32.const 23) (i64.const 30) (f32.const 37) (f64.const 44)
    (i32.const 51) (i64.const 58) (f32.const -48) (f64.const -41) (i32.const -34) (i64.const -27) (f32.const -20)
    (f64.const -13) (i32.const -6) (i64.const 1) (f32.const 8) (f64.const 15) (i32.const 22) (i64.const 29)
    (f32.const 36) (f64.const 43) (i32.const 50) (i64.const 57) (f32.const -49) (f64.const -42) (i32.const -35)
    (i64.const -28) (f32.const -21) (f64.const -14) (i32.const -7) (i64.const 0) (f32.const 7) (f64.const 14)
    (i32.const 21) (i64.const 28) (f32.const 35) (f64.const 42) (i32.const 49) (i64.const 56) (f32.const -50)
    (f64.const -43) (i32.const -36) (i64.const -29) (f32.const -22) (f64.const -15) (i32.const -8) (i64.const -1)
    (f32.const 6) (f64.const 13) (i32.const 20) (i64.const 27) (f32.const 34) (f64.const 41) (i32.const 48)
    (i64.const 55) (f32.const 62) (f64.const -44) (i32.const -37) (i64.const -30) (f32.const -23) (f64.const -16)
    (i32.const -9) (i64.const -2) (f32.const 5) (f64.const 12) (i32.const 19) (i64.const 26) (f32.const 33)
    (f64.const 40))
  (i64.const 247530497471472022))
(assert_return (invoke $callee "through-constant-400") (i64.const -6363574278094137260))
(assert_return (invoke $callee "constant-400") (i64.const -4290515284656272262))
(assert_return (invoke $caller "imported-400") (i64.const -6363574278094137260))
