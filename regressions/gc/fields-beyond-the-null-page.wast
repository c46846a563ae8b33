;;! [bug]
;;! id = "fields-beyond-the-null-page"
;;! layer = "codegen"
;;! source = "WebAssembly core specification 3.0, struct.get and struct.set"
;;! expect = "a null reference traps at every field, wherever the field lies, and fields at all offsets hold what was stored"

;; Where an access to null is left to fault, this works as far as the protected range goes. An engine that forgets to
;; check fields behind it reads or writes the start of the heap, and one that reserves the range for the field's start
;; only is wrong about the one that straddles its end.
;;
;; Red when: compiler/src/translate/gc/heap.rs: `field_address` leaves null to fault at every offset.

(module
  (type $wide (struct
    (field $f0 (mut v128)) (field $f1 (mut v128)) (field $f2 (mut v128)) (field $f3 (mut v128)) (field $f4 (mut
    v128)) (field $f5 (mut v128)) (field $f6 (mut v128)) (field $f7 (mut v128)) (field $f8 (mut v128)) (field $f9
    (mut v128)) (field $f10 (mut v128)) (field $f11 (mut v128)) (field $f12 (mut v128)) (field $f13 (mut v128))
    (field $f14 (mut v128)) (field $f15 (mut v128)) (field $f16 (mut v128)) (field $f17 (mut v128)) (field $f18 (mut
    v128)) (field $f19 (mut v128)) (field $f20 (mut v128)) (field $f21 (mut v128)) (field $f22 (mut v128)) (field
    $f23 (mut v128)) (field $f24 (mut v128)) (field $f25 (mut v128)) (field $f26 (mut v128)) (field $f27 (mut v128))
    (field $f28 (mut v128)) (field $f29 (mut v128)) (field $f30 (mut v128)) (field $f31 (mut v128)) (field $f32 (mut
    v128)) (field $f33 (mut v128)) (field $f34 (mut v128)) (field $f35 (mut v128)) (field $f36 (mut v128)) (field
    $f37 (mut v128)) (field $f38 (mut v128)) (field $f39 (mut v128)) (field $f40 (mut v128)) (field $f41 (mut v128))
    (field $f42 (mut v128)) (field $f43 (mut v128)) (field $f44 (mut v128)) (field $f45 (mut v128)) (field $f46 (mut
    v128)) (field $f47 (mut v128)) (field $f48 (mut v128)) (field $f49 (mut v128)) (field $f50 (mut v128)) (field
    $f51 (mut v128)) (field $f52 (mut v128)) (field $f53 (mut v128)) (field $f54 (mut v128)) (field $f55 (mut v128))
    (field $f56 (mut v128)) (field $f57 (mut v128)) (field $f58 (mut v128)) (field $f59 (mut v128)) (field $f60 (mut
    v128)) (field $f61 (mut v128)) (field $f62 (mut v128)) (field $f63 (mut v128)) (field $f64 (mut v128)) (field
    $f65 (mut v128)) (field $f66 (mut v128)) (field $f67 (mut v128)) (field $f68 (mut v128)) (field $f69 (mut v128))
    (field $f70 (mut v128)) (field $f71 (mut v128)) (field $f72 (mut v128)) (field $f73 (mut v128)) (field $f74 (mut
    v128)) (field $f75 (mut v128)) (field $f76 (mut v128)) (field $f77 (mut v128)) (field $f78 (mut v128)) (field
    $f79 (mut v128)) (field $f80 (mut v128)) (field $f81 (mut v128)) (field $f82 (mut v128)) (field $f83 (mut v128))
    (field $f84 (mut v128)) (field $f85 (mut v128)) (field $f86 (mut v128)) (field $f87 (mut v128)) (field $f88 (mut
    v128)) (field $f89 (mut v128)) (field $f90 (mut v128)) (field $f91 (mut v128)) (field $f92 (mut v128)) (field
    $f93 (mut v128)) (field $f94 (mut v128)) (field $f95 (mut v128)) (field $f96 (mut v128)) (field $f97 (mut v128))
    (field $f98 (mut v128)) (field $f99 (mut v128)) (field $f100 (mut v128)) (field $f101 (mut v128)) (field $f102
    (mut v128)) (field $f103 (mut v128)) (field $f104 (mut v128)) (field $f105 (mut v128)) (field $f106 (mut v128))
    (field $f107 (mut v128)) (field $f108 (mut v128)) (field $f109 (mut v128)) (field $f110 (mut v128)) (field $f111
    (mut v128)) (field $f112 (mut v128)) (field $f113 (mut v128)) (field $f114 (mut v128)) (field $f115 (mut v128))
    (field $f116 (mut v128)) (field $f117 (mut v128)) (field $f118 (mut v128)) (field $f119 (mut v128)) (field $f120
    (mut v128)) (field $f121 (mut v128)) (field $f122 (mut v128)) (field $f123 (mut v128)) (field $f124 (mut v128))
    (field $f125 (mut v128)) (field $f126 (mut v128)) (field $f127 (mut v128)) (field $f128 (mut v128)) (field $f129
    (mut v128)) (field $f130 (mut v128)) (field $f131 (mut v128)) (field $f132 (mut v128)) (field $f133 (mut v128))
    (field $f134 (mut v128)) (field $f135 (mut v128)) (field $f136 (mut v128)) (field $f137 (mut v128)) (field $f138
    (mut v128)) (field $f139 (mut v128)) (field $f140 (mut v128)) (field $f141 (mut v128)) (field $f142 (mut v128))
    (field $f143 (mut v128)) (field $f144 (mut v128)) (field $f145 (mut v128)) (field $f146 (mut v128)) (field $f147
    (mut v128)) (field $f148 (mut v128)) (field $f149 (mut v128)) (field $f150 (mut v128)) (field $f151 (mut v128))
    (field $f152 (mut v128)) (field $f153 (mut v128)) (field $f154 (mut v128)) (field $f155 (mut v128)) (field $f156
    (mut v128)) (field $f157 (mut v128)) (field $f158 (mut v128)) (field $f159 (mut v128)) (field $f160 (mut v128))
    (field $f161 (mut v128)) (field $f162 (mut v128)) (field $f163 (mut v128)) (field $f164 (mut v128)) (field $f165
    (mut v128)) (field $f166 (mut v128)) (field $f167 (mut v128)) (field $f168 (mut v128)) (field $f169 (mut v128))
    (field $f170 (mut v128)) (field $f171 (mut v128)) (field $f172 (mut v128)) (field $f173 (mut v128)) (field $f174
    (mut v128)) (field $f175 (mut v128)) (field $f176 (mut v128)) (field $f177 (mut v128)) (field $f178 (mut v128))
    (field $f179 (mut v128)) (field $f180 (mut v128)) (field $f181 (mut v128)) (field $f182 (mut v128)) (field $f183
    (mut v128)) (field $f184 (mut v128)) (field $f185 (mut v128)) (field $f186 (mut v128)) (field $f187 (mut v128))
    (field $f188 (mut v128)) (field $f189 (mut v128)) (field $f190 (mut v128)) (field $f191 (mut v128)) (field $f192
    (mut v128)) (field $f193 (mut v128)) (field $f194 (mut v128)) (field $f195 (mut v128)) (field $f196 (mut v128))
    (field $f197 (mut v128)) (field $f198 (mut v128)) (field $f199 (mut v128)) (field $f200 (mut v128)) (field $f201
    (mut v128)) (field $f202 (mut v128)) (field $f203 (mut v128)) (field $f204 (mut v128)) (field $f205 (mut v128))
    (field $f206 (mut v128)) (field $f207 (mut v128)) (field $f208 (mut v128)) (field $f209 (mut v128)) (field $f210
    (mut v128)) (field $f211 (mut v128)) (field $f212 (mut v128)) (field $f213 (mut v128)) (field $f214 (mut v128))
    (field $f215 (mut v128)) (field $f216 (mut v128)) (field $f217 (mut v128)) (field $f218 (mut v128)) (field $f219
    (mut v128)) (field $f220 (mut v128)) (field $f221 (mut v128)) (field $f222 (mut v128)) (field $f223 (mut v128))
    (field $f224 (mut v128)) (field $f225 (mut v128)) (field $f226 (mut v128)) (field $f227 (mut v128)) (field $f228
    (mut v128)) (field $f229 (mut v128)) (field $f230 (mut v128)) (field $f231 (mut v128)) (field $f232 (mut v128))
    (field $f233 (mut v128)) (field $f234 (mut v128)) (field $f235 (mut v128)) (field $f236 (mut v128)) (field $f237
    (mut v128)) (field $f238 (mut v128)) (field $f239 (mut v128)) (field $f240 (mut v128)) (field $f241 (mut v128))
    (field $f242 (mut v128)) (field $f243 (mut v128)) (field $f244 (mut v128)) (field $f245 (mut v128)) (field $f246
    (mut v128)) (field $f247 (mut v128)) (field $f248 (mut v128)) (field $f249 (mut v128)) (field $f250 (mut v128))
    (field $f251 (mut v128)) (field $f252 (mut v128)) (field $f253 (mut v128)) (field $f254 (mut v128)) (field $f255
    (mut v128)) (field $f256 (mut v128)) (field $f257 (mut v128)) (field $f258 (mut v128)) (field $f259 (mut v128))
    (field $f260 (mut v128)) (field $f261 (mut v128)) (field $f262 (mut v128)) (field $f263 (mut v128)) (field $f264
    (mut v128)) (field $f265 (mut v128)) (field $f266 (mut v128)) (field $f267 (mut v128)) (field $f268 (mut v128))
    (field $f269 (mut v128))
    (field $byte (mut i8)) (field $half (mut i16)) (field $long (mut i64)) (field $ref (mut anyref))))
  (global $o (mut (ref null $wide)) (ref.null $wide))
  (func (export "new") (global.set $o (struct.new_default $wide)))
  (func (export "drop") (global.set $o (ref.null $wide)))
  (func (export "get-0") (result v128) (struct.get $wide $f0 (global.get $o)))
  (func (export "set-0") (param i64) (struct.set $wide $f0 (global.get $o) (i64x2.splat (local.get 0))))
  (func (export "get-1") (result v128) (struct.get $wide $f1 (global.get $o)))
  (func (export "set-1") (param i64) (struct.set $wide $f1 (global.get $o) (i64x2.splat (local.get 0))))
  (func (export "get-253") (result v128) (struct.get $wide $f253 (global.get $o)))
  (func (export "set-253") (param i64) (struct.set $wide $f253 (global.get $o) (i64x2.splat (local.get 0))))
  (func (export "get-254") (result v128) (struct.get $wide $f254 (global.get $o)))
  (func (export "set-254") (param i64) (struct.set $wide $f254 (global.get $o) (i64x2.splat (local.get 0))))
  (func (export "get-255") (result v128) (struct.get $wide $f255 (global.get $o)))
  (func (export "set-255") (param i64) (struct.set $wide $f255 (global.get $o) (i64x2.splat (local.get 0))))
  (func (export "get-256") (result v128) (struct.get $wide $f256 (global.get $o)))
  (func (export "set-256") (param i64) (struct.set $wide $f256 (global.get $o) (i64x2.splat (local.get 0))))
  (func (export "get-257") (result v128) (struct.get $wide $f257 (global.get $o)))
  (func (export "set-257") (param i64) (struct.set $wide $f257 (global.get $o) (i64x2.splat (local.get 0))))
  (func (export "get-269") (result v128) (struct.get $wide $f269 (global.get $o)))
  (func (export "set-269") (param i64) (struct.set $wide $f269 (global.get $o) (i64x2.splat (local.get 0))))
  (func (export "get-last") (result i32 i32 i64 anyref)
    (struct.get_s $wide $byte (global.get $o)) (struct.get_u $wide $half (global.get $o))
    (struct.get $wide $long (global.get $o)) (struct.get $wide $ref (global.get $o)))
  (func (export "set-last") (param i32)
    (struct.set $wide $byte (global.get $o) (local.get 0)) (struct.set $wide $half (global.get $o) (local.get 0))
    (struct.set $wide $long (global.get $o) (i64.extend_i32_s (local.get 0)))
    (struct.set $wide $ref (global.get $o) (ref.i31 (local.get 0))))
  (func (export "set-byte") (struct.set $wide $byte (global.get $o) (i32.const 1)))
  (func (export "get-ref") (result anyref) (struct.get $wide $ref (global.get $o))))

(assert_trap (invoke "get-0") "null structure reference")
(assert_trap (invoke "set-0" (i64.const 1)) "null structure reference")
(assert_trap (invoke "get-1") "null structure reference")
(assert_trap (invoke "set-1" (i64.const 1)) "null structure reference")
(assert_trap (invoke "get-253") "null structure reference")
(assert_trap (invoke "set-253" (i64.const 1)) "null structure reference")
(assert_trap (invoke "get-254") "null structure reference")
(assert_trap (invoke "set-254" (i64.const 1)) "null structure reference")
(assert_trap (invoke "get-255") "null structure reference")
(assert_trap (invoke "set-255" (i64.const 1)) "null structure reference")
(assert_trap (invoke "get-256") "null structure reference")
(assert_trap (invoke "set-256" (i64.const 1)) "null structure reference")
(assert_trap (invoke "get-257") "null structure reference")
(assert_trap (invoke "set-257" (i64.const 1)) "null structure reference")
(assert_trap (invoke "get-269") "null structure reference")
(assert_trap (invoke "set-269" (i64.const 1)) "null structure reference")
(assert_trap (invoke "get-last") "null structure reference")
(assert_trap (invoke "set-byte") "null structure reference")
(assert_trap (invoke "get-ref") "null structure reference")
(invoke "new")
(invoke "set-0" (i64.const 1))
(invoke "set-1" (i64.const 2))
(invoke "set-253" (i64.const 254))
(invoke "set-254" (i64.const 255))
(invoke "set-255" (i64.const 256))
(invoke "set-256" (i64.const 257))
(invoke "set-257" (i64.const 258))
(invoke "set-269" (i64.const 270))
(invoke "set-last" (i32.const -2))
(assert_return (invoke "get-0") (v128.const i64x2 1 1))
(assert_return (invoke "get-1") (v128.const i64x2 2 2))
(assert_return (invoke "get-253") (v128.const i64x2 254 254))
(assert_return (invoke "get-254") (v128.const i64x2 255 255))
(assert_return (invoke "get-255") (v128.const i64x2 256 256))
(assert_return (invoke "get-256") (v128.const i64x2 257 257))
(assert_return (invoke "get-257") (v128.const i64x2 258 258))
(assert_return (invoke "get-269") (v128.const i64x2 270 270))
(assert_return (invoke "get-last") (i32.const -2) (i32.const 65534) (i64.const -2) (ref.i31))
(invoke "drop")
(assert_trap (invoke "get-0") "null structure reference")
(assert_trap (invoke "get-255") "null structure reference")
(assert_trap (invoke "get-256") "null structure reference")
(assert_trap (invoke "get-269") "null structure reference")
