//! What traps tell of their operands: the same on every engine, with guarded and checked memories, optimised or not.

use super::place::Place;

const ENGINES: [&str; 3] = ["aot", "jit", "linked"];
const VARIANTS: [[&str; 4]; 5] = [
    ["--opt", "none", "--memory", "guarded"],
    ["--opt", "none", "--memory", "checked"],
    ["--opt", "speed", "--memory", "guarded"],
    ["--opt", "speed", "--memory", "checked"],
    ["--opt", "speed", "--cpu", "baseline"],
];

/// Each function traps. Divisions and conversions are also done where more values live than there are registers.
const MODULE: &str = r#"(module $m
  (type $want (func (param i32) (result i32)))
  (type $open (sub (func (param i32)))) (type $plain (func (param i32)))
  (import "spectest" "print_i32" (func $print (type $plain)))
  (table $t 8 funcref) (table $wide i64 3 funcref)
  (memory $m 1) (memory $other 2 2 shared) (memory $long i64 1)
  (data $d "abc") (elem $e func $have)
  (func $have (param i64 f32) (result f64) (f64.const 0))
  (elem (table $t) (i32.const 3) func $have $print)
  (func (export "mismatch") (param i32) (result i32) (call_indirect $t (type $want) (i32.const 1) (local.get 0)))
  (func (export "open") (param i32) (call_indirect $t (type $open) (i32.const 1) (local.get 0)))
  (func (export "tail") (param i32) (result i32)
    (return_call_indirect $t (type $want) (i32.const 1) (local.get 0)))
  (func (export "wide-table") (param i64) (result i32)
    (call_indirect $wide (type $want) (i32.const 1) (local.get 0)))
  (func (export "get") (param i32) (result funcref) (table.get $t (local.get 0)))
  (func (export "set") (param i64) (table.set $wide (local.get 0) (ref.null func)))
  (func (export "i32.div_s") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "i32.div_u") (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1)))
  (func (export "i32.rem_s") (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1)))
  (func (export "i32.rem_u") (param i32 i32) (result i32) (i32.rem_u (local.get 0) (local.get 1)))
  (func (export "i64.div_s") (param i64 i64) (result i64) (i64.div_s (local.get 0) (local.get 1)))
  (func (export "i64.div_u") (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func (export "i64.rem_s") (param i64 i64) (result i64) (i64.rem_s (local.get 0) (local.get 1)))
  (func (export "i64.rem_u") (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1)))
  (func (export "div-const") (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 0)))
  (func (export "trunc32") (param f32) (result i32) (i32.trunc_f32_s (local.get 0)))
  (func (export "trunc32u") (param f32) (result i64) (i64.trunc_f32_u (local.get 0)))
  (func (export "trunc64") (param f64) (result i64) (i64.trunc_f64_s (local.get 0)))
  (func (export "trunc64u") (param f64) (result i32) (i32.trunc_f64_u (local.get 0)))
  (func (export "load") (param i32) (result i64) (i64.load offset=16 (local.get 0)))
  (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32) (i32.store16 $other offset=3 (local.get 0) (i32.const 1)))
  (func (export "vector") (param i32) (result v128) (v128.load offset=16 (local.get 0)))
  (func (export "lane") (param i32) (v128.store32_lane offset=1 2 (local.get 0) (v128.const i64x2 0 0)))
  (func (export "folded") (param i32 v128) (result v128)
    (i8x16.add (local.get 1) (v128.load offset=2 (local.get 0))))
  (func (export "sum") (param i32) (result i32)
    (i32.add (i32.const 7) (i32.load offset=4 (i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const 8)))))
  (func (export "constant") (result i32) (i32.load offset=65533 (i32.const 1)))
  (func (export "far") (param i32) (result i32) (i32.load offset=0xfffffff0 (local.get 0)))
  (func (export "long") (param i64) (result i32) (i32.load $long offset=8 (local.get 0)))
  (func (export "never") (result i32) (i32.load $long offset=0xffffffffffffffff (i64.const 1)))
  (func (export "atomic") (param i32) (result i32) (i32.atomic.load $other offset=2 (local.get 0)))
  (func (export "rmw") (param i32) (result i64) (i64.atomic.rmw16.add_u $other (local.get 0) (i64.const 1)))
  (func (export "wait") (param i32) (result i32)
    (memory.atomic.wait32 $other offset=4 (local.get 0) (i32.const 0) (i64.const 0)))
  (func (export "unshared") (result i32) (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const 0)))
  (func $gone (export "gone") (data.drop $d) (elem.drop $e))
  (func (export "init") (call $gone) (memory.init $m $d (i32.const 0) (i32.const 1) (i32.const 2)))
  (func (export "table-init") (call $gone) (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)))
  BUSY
)
"#;

/// A function in which twenty integers and twenty floats live across a division and a conversion.
fn busy() -> String {
    let numbers: String = (0..20).map(|i| format!("(local.set {i} (i64.mul (local.get 0) (i64.const {}))) (local.set {} (f64.mul (local.get 20) (f64.const {i}.5)))", i * 2 + 3, i + 21)).collect();
    let uses: String = (0..20)
        .map(|i| {
            format!(
                "(i64.store offset={} (i32.const 0) (local.get {i})) (f64.store offset={} (i32.const 0) (local.get {}))",
                i * 8, 512 + i * 8, i + 21
            )
        })
        .collect();
    let locals = "i64 ".repeat(19);
    let floats = "f64 ".repeat(20);
    let function = |name: &str, body: &str| {
        format!(
            "(func (export \"{name}\") (param i64) (result i64) (local {locals} f64 {floats} i64)
               (local.set 20 (f64.convert_i64_s (local.get 0))) (local.set 41 (i64.sub (local.get 0) (i64.const 5)))
               {numbers} (local.set 41 {body}) {uses} (local.get 41))"
        )
    };
    [
        function("busy-div", "(i64.div_s (i64.xor (local.get 19) (local.get 7)) (local.get 41))"),
        function("busy-rem", "(i64.rem_u (i64.xor (local.get 19) (local.get 7)) (local.get 41))"),
        function(
            "busy-trunc",
            "(i64.extend_i32_u (i32.trunc_f64_u (f64.sub (local.get 40) (local.get 30))))",
        ),
        function("busy-load", "(i64.load offset=40 (i32.wrap_i64 (i64.sub (local.get 19) (local.get 2))))"),
    ]
    .concat()
}

/// What is called, and what the failure says of the trap.
const TRAPS: &[(&str, &str)] = &[
    (
        r#""mismatch" (i32.const 3)"#,
        "call_indirect: index=3; wanted type 0 <want> (func (param i32) (result i32)), found function 1 <have> of type \
         3 (func (param i64 f32) (result f64)), table 0 has 8 elements",
    ),
    (
        r#""open" (i32.const 4)"#,
        "call_indirect: index=4; wanted type 1 <open> (func (param i32)), found a function of the host of type 2 <plain> (func \
         (param i32)), table 0 has 8 elements",
    ),
    (
        r#""tail" (i32.const 3)"#,
        "return_call_indirect: index=3; wanted type 0 <want> (func (param i32) (result i32)), found function 1 <have> \
         of type 3 (func (param i64 f32) (result f64)), table 0 has 8 elements",
    ),
    (
        r#""mismatch" (i32.const 5)"#,
        "call_indirect: index=5; wanted type 0 <want> (func (param i32) (result i32)), found null, table 0 has 8 \
         elements",
    ),
    (
        r#""mismatch" (i32.const -1)"#,
        "call_indirect: index=4294967295; wanted type 0 <want> (func (param i32) (result i32)), table 0 has 8 elements",
    ),
    (
        r#""wide-table" (i64.const 0x100000001)"#,
        "call_indirect: index=4294967297; wanted type 0 <want> (func (param i32) (result i32)), table 1 has 3 elements",
    ),
    (r#""get" (i32.const 8)"#, "table.get: index=8; table 0 has 8 elements"),
    (r#""set" (i64.const -1)"#, "table.set: index=18446744073709551615; table 1 has 3 elements"),
    (r#""i32.div_s" (i32.const 7) (i32.const 0)"#, "i32.div_s: 7 / 0"),
    (r#""i32.div_s" (i32.const -2147483648) (i32.const -1)"#, "i32.div_s: -2147483648 / -1"),
    (r#""i32.div_u" (i32.const -7) (i32.const 0)"#, "i32.div_u: 4294967289 / 0"),
    (r#""i32.rem_s" (i32.const -7) (i32.const 0)"#, "i32.rem_s: -7 % 0"),
    (r#""i32.rem_u" (i32.const -7) (i32.const 0)"#, "i32.rem_u: 4294967289 % 0"),
    (r#""i64.div_s" (i64.const -7) (i64.const 0)"#, "i64.div_s: -7 / 0"),
    (r#""i64.div_s" (i64.const 0x8000000000000000) (i64.const -1)"#, "i64.div_s: -9223372036854775808 / -1"),
    (r#""i64.div_u" (i64.const -1) (i64.const 0)"#, "i64.div_u: 18446744073709551615 / 0"),
    (r#""i64.rem_s" (i64.const 0x123456789) (i64.const 0)"#, "i64.rem_s: 4886718345 % 0"),
    (r#""i64.rem_u" (i64.const -1) (i64.const 0)"#, "i64.rem_u: 18446744073709551615 % 0"),
    (r#""div-const" (i32.const 12)"#, "i32.div_s: 12 / 0"),
    (r#""trunc32" (f32.const 2147483648)"#, "i32.trunc_f32_s: 2147483600.0 (0x4f000000)"),
    (r#""trunc32" (f32.const -nan:0x200001)"#, "i32.trunc_f32_s: -nan:0x200001 (0xffa00001)"),
    (r#""trunc32" (f32.const -3e9)"#, "i32.trunc_f32_s: -3000000000.0 (0xcf32d05e)"),
    (r#""trunc32u" (f32.const -1)"#, "i64.trunc_f32_u: -1.0 (0xbf800000)"),
    (r#""trunc32u" (f32.const nan)"#, "i64.trunc_f32_u: nan (0x7fc00000)"),
    (r#""trunc32u" (f32.const inf)"#, "i64.trunc_f32_u: inf (0x7f800000)"),
    (r#""trunc64" (f64.const 1e20)"#, "i64.trunc_f64_s: 1e20 (0x4415af1d78b58c40)"),
    (r#""trunc64" (f64.const nan:0x1)"#, "i64.trunc_f64_s: nan:0x1 (0x7ff0000000000001)"),
    (r#""trunc64u" (f64.const 4294967296)"#, "i32.trunc_f64_u: 4294967296.0 (0x41f0000000000000)"),
    (r#""trunc64u" (f64.const nan)"#, "i32.trunc_f64_u: nan (0x7ff8000000000000)"),
    (
        r#""load" (i32.const 65520)"#,
        "i64.load: address=65520 offset=16; 8 bytes at 0x10000, memory 0 has 65536 bytes",
    ),
    (
        r#""load" (i32.const 65513)"#,
        "i64.load: address=65513 offset=16; 8 bytes at 0xfff9, memory 0 has 65536 bytes",
    ),
    (
        r#""load" (i32.const -1)"#,
        "i64.load: address=4294967295 offset=16; 8 bytes at 0x10000000f, memory 0 has 65536 bytes",
    ),
    (
        r#""load8" (i32.const 65536)"#,
        "i32.load8_u: address=65536 offset=0; 1 byte at 0x10000, memory 0 has 65536 bytes",
    ),
    (
        r#""store" (i32.const 131068)"#,
        "i32.store16: address=131068 offset=3; 2 bytes at 0x1ffff, memory 1 has 131072 bytes",
    ),
    (
        r#""vector" (i32.const 65520)"#,
        "v128.load: address=65520 offset=16; 16 bytes at 0x10000, memory 0 has 65536 bytes",
    ),
    (
        r#""lane" (i32.const 65532)"#,
        "v128.store32_lane: address=65532 offset=1; 4 bytes at 0xfffd, memory 0 has 65536 bytes",
    ),
    (
        r#""folded" (i32.const 65520) (v128.const i64x2 0 0)"#,
        "v128.load: address=65520 offset=2; 16 bytes at 0xfff2, memory 0 has 65536 bytes",
    ),
    (
        r#""sum" (i32.const 20000)"#,
        "i32.load: address=80008 offset=4; 4 bytes at 0x1388c, memory 0 has 65536 bytes",
    ),
    (r#""constant""#, "i32.load: address=1 offset=65533; 4 bytes at 0xfffe, memory 0 has 65536 bytes"),
    (
        r#""far" (i32.const 5)"#,
        "i32.load: address=5 offset=4294967280; 4 bytes at 0xfffffff5, memory 0 has 65536 bytes",
    ),
    (
        r#""long" (i64.const 65536)"#,
        "i32.load: address=65536 offset=8; 4 bytes at 0x10008, memory 2 has 65536 bytes",
    ),
    (
        r#""long" (i64.const -9)"#,
        "i32.load: address=18446744073709551607 offset=8; 4 bytes at 0xffffffffffffffff, memory 2 has 65536 bytes",
    ),
    (
        r#""never""#,
        "i32.load: address=1 offset=18446744073709551615; 4 bytes at 0x10000000000000000, memory 2 has 65536 bytes",
    ),
    (
        r#""atomic" (i32.const 1)"#,
        "i32.atomic.load: address=1 offset=2; 0x3 is not a multiple of 4, in memory 1",
    ),
    (
        r#""atomic" (i32.const 131070)"#,
        "i32.atomic.load: address=131070 offset=2; 4 bytes at 0x20000, memory 1 has 131072 bytes",
    ),
    (
        r#""rmw" (i32.const -1)"#,
        "i64.atomic.rmw16.add_u: address=4294967295 offset=0; 0xffffffff is not a multiple of 2, in memory 1",
    ),
    (
        r#""rmw" (i32.const -2)"#,
        "i64.atomic.rmw16.add_u: address=4294967294 offset=0; 2 bytes at 0xfffffffe, memory 1 has 131072 bytes",
    ),
    (
        r#""wait" (i32.const 1)"#,
        "memory.atomic.wait32: address=1 offset=4; 0x5 is not a multiple of 4, in memory 1",
    ),
    (
        r#""wait" (i32.const 131068)"#,
        "memory.atomic.wait32: address=131068 offset=4; 4 bytes at 0x20000, memory 1 has 131072 bytes",
    ),
    (r#""unshared""#, "memory.atomic.wait32: address=4 offset=0; 4 bytes at 0x4, memory 0 has 65536 bytes"),
    // Operands are put in for the words in capitals.
    (r#""busy-div" (i64.const 5)"#, "i64.div_s: BUSY-DIV / 0"),
    (r#""busy-rem" (i64.const 5)"#, "i64.rem_u: BUSY-DIV % 0"),
    (r#""busy-trunc" (i64.const -3)"#, "i32.trunc_f64_u: -30.0 (0xc03e000000000000)"),
    (
        r#""busy-load" (i64.const 1000)"#,
        "i64.load: address=BUSY-LOAD offset=40; 8 bytes at 0xBUSY-AT, memory 0 has 65536 bytes",
    ),
];

/// The script, and what its failures say.
fn script() -> (String, Vec<String>) {
    let mut script = MODULE.replace("BUSY", &busy());
    for (call, _) in TRAPS {
        script += &format!("(assert_return (invoke {call}))\n");
    }
    // The first local is the parameter times 3; the others are that times 2i + 3.
    let number = |parameter: i64, i: i64| if i == 0 { parameter * 3 } else { parameter * 3 * (2 * i + 3) };
    let divided = number(5, 19) ^ number(5, 7);
    let address = number(1000, 19) - number(1000, 2);
    let wanted = TRAPS.iter().map(|(_, wanted)| {
        let wanted =
            wanted.replace("BUSY-DIV", &divided.to_string()).replace("BUSY-LOAD", &address.to_string());
        format!(": {}\n", wanted.replace("BUSY-AT", &format!("{:x}", address + 40)))
    });
    (script, wanted.collect())
}

#[test]
fn operands_are_the_same_everywhere() {
    let (script, wanted) = script();
    let place = Place::new(&[("traps.wast", &script)]);
    for engine in ENGINES {
        for variant in VARIANTS {
            let arguments = [&["wast", "traps.wast", "--engine", engine], &variant[..]].concat();
            let run = place.run(&arguments);
            run.expect(1, &wanted.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

/// Segments say who has dropped them, the first time.
#[test]
fn a_dropped_segment_says_who_dropped_it() {
    let script = MODULE.replace("BUSY", "")
        + "(assert_return (invoke \"init\")) (assert_return (invoke \"table-init\"))
           (assert_return (invoke \"gone\")) (assert_return (invoke \"init\"))";
    let place = Place::new(&[("a.wast", &script)]);
    for engine in ENGINES {
        for opt in ["none", "speed"] {
            let run = place.run(&["wast", "a.wast", "--engine", engine, "--opt", opt]);
            let wanted = [
                "memory.init 0: dst=0 src=1 len=2; segment 0 has 0 bytes (dropped by data.drop in function 36 <gone> at offset 0x",
                "table.init 0: dst=0 src=0 len=1; segment 0 has 0 elements (dropped by elem.drop in function 36 <gone> at offset 0x",
            ];
            run.expect(1, &wanted);
        }
    }
}

/// The function that was found, and its type, are of another module than the call.
#[test]
fn a_function_of_another_module_is_named_with_the_module() {
    let script = r#"(module $lib (type (func)) (type $two (func (param i64 i64)))
  (table (export "t") 4 funcref) (func $pair (type $two)) (elem (i32.const 2) $pair))
(register "lib")
(module $user (type $none (func)) (import "lib" "t" (table 4 funcref))
  (func (export "call") (call_indirect (type $none) (i32.const 2))))
(assert_return (invoke "call"))
"#;
    let place = Place::new(&[("a.wast", script)]);
    for engine in ENGINES {
        for opt in ["none", "speed"] {
            let wanted = "call_indirect: index=2; wanted type 0 <none> (func), found function 0 <pair> of module <lib> of \
                          type 1 <two> of module <lib> (func (param i64 i64)), table 0 has 4 elements\n";
            place.run(&["wast", "a.wast", "--engine", engine, "--opt", opt]).expect(1, &[wanted]);
        }
    }
}

/// Recursions of one, two and three functions: each is said once, from the function that was entered first.
const RECURSIONS: &str = r#"(module
  (func $one (export "one") (param i32) (result i32) (i32.add (i32.const 1) (call $one (local.get 0))))
  (func $a (export "two") (param i32) (result i32) (i32.add (i32.const 1) (call $b (local.get 0))))
  (func $b (param i32) (result i32) (i32.mul (i32.const 3) (call $a (local.get 0))))
  (func $x (param i32) (result i32) (i32.add (i32.const 1) (call $y (local.get 0))))
  (func $y (param i32) (result i32) (i32.sub (i32.const 1) (call $z (local.get 0))))
  (func $z (param i32) (result i32) (i32.mul (i32.const 3) (call $x (local.get 0))))
  (func (export "three") (param i32) (result i32) (i32.add (i32.const 1) (call $y (local.get 0)))))
"#;

#[test]
fn a_recursion_is_one_line() {
    let calls: String = ["one", "two", "three"]
        .map(|name| format!("(assert_return (invoke \"{name}\" (i32.const 0)) (i32.const 0))\n"))
        .concat();
    let place = Place::new(&[("a.wast", &(RECURSIONS.to_owned() + &calls)), ("a.wat", RECURSIONS)]);
    for engine in ENGINES {
        for opt in ["none", "speed"] {
            let run = place.run(&["wast", "a.wast", "--engine", engine, "--opt", opt]);
            let wanted = [
                " functions were active; function 0 <one> calls itself ×",
                " functions were active; function 1 <a> → 2 <b> → 1 <a> ×",
                " functions were active; function 4 <y> → 5 <z> → 3 <x> → 4 <y> ×",
            ];
            run.expect(1, &wanted);
        }
    }
    let run = |name: &str| place.run(&["run", "a.wat", "--invoke", name, "0"]);
    run("one")
        .expect(6, &["function 0 <one> calls itself ×", "\n  in function 0 <one> at offset 0x", " ×47\n"]);
    run("two").expect(6, &["\n  these 2 functions ×23\n", "\n  in more functions"]);
    run("three").expect(6, &["\n  these 3 functions ×15\n"]);
}

/// How deep a recursion goes is nothing that engines have to agree about.
#[test]
fn depths_are_not_compared() {
    let calls: String = ["one", "two", "three"]
        .map(|name| {
            format!("(assert_exhaustion (invoke \"{name}\" (i32.const 0)) \"call stack exhausted\")\n")
        })
        .concat();
    let place = Place::new(&[("a.wast", &(RECURSIONS.to_owned() + &calls))]);
    place.run(&["compare", "a.wast", "--engine", "aot,jit,linked"]).expect(0, &[]);
    place
        .run(&["compare", "a.wast", "--engine", "aot", "--variant", "aot,opt=none,memory=checked"])
        .expect(0, &[]);
}

/// JSON has the operands as fields.
#[test]
fn operands_are_fields() {
    let (script, _) = script();
    let place = Place::new(&[("traps.wast", &script)]);
    let run = place.run(&["wast", "traps.wast", "--format", "json"]);
    run.expect(
        1,
        &[
            r#""operands":{"memory_access":{"instruction":"i64.load","memory":{"index":0,"len":65536},"index":65520,"offset":16,"width":8}}"#,
            r#""operands":{"misaligned":{"instruction":"i32.atomic.load","memory":1,"index":1,"offset":2,"width":4}}"#,
            r#""operands":{"division":{"instruction":"i32.div_s","dividend":7,"divisor":0}}"#,
            r#""operands":{"conversion":{"instruction":"i64.trunc_f64_s","operand":4906019910204099648}}"#,
            r#""operands":{"table_element":{"instruction":"table.get","table":{"index":0,"len":8},"index":8,"wanted":null}}"#,
            r#""operands":{"indirect_call":{"instruction":"call_indirect","table":{"index":0,"len":8},"index":3,"wanted":{"ty":{"index":0,"name":"want","module":null},"func":{"params":["I32"],"results":["I32"]}},"found":{"code":{"index":1,"name":"have","module":null}},"found_type":"#,
        ],
    );
}
