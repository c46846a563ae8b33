//! `trapline run` as a user meets it.

use super::place::Place;

const MODULE: &str = r#"(module
  (func (export "f32") (param f32) (result f32) local.get 0)
  (func (export "f64") (param f64) (result f64) local.get 0)
  (func (export "i64") (param i64) (result i64) local.get 0)
  (func (export "v128") (param v128) (result v128) local.get 0)
  (func (export "-x") (param i32 i64) (result i64 i32) local.get 1 local.get 0)
  (func (export "extern") (param externref) (result externref) local.get 0)
  (func (export "func") (param funcref) (result i32) (ref.is_null (local.get 0)))
  (func (export "") (result i32) i32.const 3)
  (func (export "a b") (result i32) i32.const 4)
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (tag $t (param i32))
  (func (export "throw") (throw $t (i32.const 5)))
  (func $deep (export "deep") (call $deep))
  (func (export "spin") (loop $l (br $l)))
  (memory (export "memory") 1))"#;

fn calls(words: &[&str], out: &str) {
    let place = Place::new(&[("m.wat", MODULE)]);
    let run = place.run(&[&["run", "m.wat"], words].concat());
    run.expect(0, &[]);
    assert_eq!(run.out, out, "{words:?}");
}

#[test]
fn arguments_need_no_tricks() {
    calls(&["--invoke", "f32", "-inf"], "f32 -inf (0xff800000)\n");
    calls(&["--invoke", "f32", "nan:0x200000", "--opt", "none"], "f32 nan:0x200000 (0x7fa00000)\n");
    calls(&["--invoke", "f64", "0x10"], "f64 16.0 (0x4030000000000000)\n");
    calls(&["--invoke", "i64", "-9223372036854775808"], "i64 -9223372036854775808 (0x8000000000000000)\n");
    calls(&["--invoke=-x", "-1", "-0x2"], "i64 -2 (0xfffffffffffffffe)\ni32 -1 (0xffffffff)\n");
    calls(&["--invoke", "-x", "-1", "-0x2"], "i64 -2 (0xfffffffffffffffe)\ni32 -1 (0xffffffff)\n");
    calls(&["--invoke", ""], "i32 3 (0x00000003)\n");
    calls(&["--invoke", "a b"], "i32 4 (0x00000004)\n");
    calls(&["--invoke", "extern", "7"], "ref.extern 7 (0x7)\n");
    calls(&["--invoke", "func", "ref.null", "func"], "i32 1 (0x00000001)\n");
    let vector = "v128 i32x4 1 -2 3 4 (0x00000001 0xfffffffe 0x00000003 0x00000004)\n";
    calls(&["--invoke", "v128", "i32x4", "1", "-2", "0x3", "4"], vector);
    // What was printed is taken again, as one word or as several.
    calls(&["--invoke", "v128", vector.trim_end()], vector);
    let words: Vec<&str> = ["--invoke", "v128"].into_iter().chain(vector.split_whitespace()).collect();
    calls(&words, vector);
}

#[test]
fn the_exit_code_tells_ends_apart() {
    let place = Place::new(&[
        ("m.wat", MODULE),
        ("invalid.wat", "(module (func (result i32)))"),
        (
            "needs.wat",
            r#"(module (import "a" "f" (func (param i32))) (import "a" "g" (global i64)) (import "b" "m" (memory 1)))"#,
        ),
        ("wrong.wat", r#"(module (import "spectest" "global_i32" (global i64)))"#),
        ("start.wat", "(module (func $s unreachable) (start $s))"),
    ]);
    let ends = |words: &[&str], code: i32, said: &str| {
        let run = place.run(&[&["run"], words].concat());
        run.expect(code, &[said]);
        // As JSON it ends the same way, and nothing else is said.
        let json = place.run(&[&["run", "--format", "json"], words].concat());
        assert_eq!(json.code, Some(code), "{json:?}");
        let line: serde_json::Value =
            serde_json::from_str(&json.out).unwrap_or_else(|error| panic!("{error}: {json:?}"));
        assert_eq!((&line["type"], &line["exit"]), (&"run".into(), &code.into()));
        line
    };
    let line = ends(&["m.wat", "--invoke", "divide", "7", "2"], 0, "i32 3 (0x00000003)");
    assert_eq!((&line["outcome"], &line["results"][0]["bits"]), (&"returned".into(), &"0x00000003".into()));
    ends(&["m.wat", "--invoke", "dvide", "7", "2"], 2, "no export is called `dvide`, did you mean `divide`?");
    ends(&["m.wat", "--invoke", "memory"], 2, "`memory` is not a function");
    ends(&["m.wat", "--invoke", "divide", "7"], 2, "it takes 2 arguments, not 1");
    ends(&["m.wat", "--invoke", "f32", "1e400"], 2, "`1e400` is out of range: f32 is from");
    ends(&["none.wat"], 2, "failed to read none.wat");
    ends(&["invalid.wat"], 3, "type mismatch");
    let line = ends(
        &["needs.wat"],
        5,
        "nothing provides 3 imports (--preload NAME=FILE does, or --imports stub|zero|trap)\n  `a` `f`: func [i32] -> []\n  `a` `g`: global i64\n  `b` `m`: memory i32 1\n",
    );
    assert_eq!(line["outcome"], "unlinked");
    ends(&["wrong.wat"], 5, "incompatible import type");
    let line = ends(&["m.wat", "--invoke", "divide", "7", "0"], 6, "integer divide by zero");
    assert_eq!((&line["trap"]["kind"], &line["trap"]["line"]), (&"IntegerDivideByZero".into(), &11.into()));
    ends(&["start.wat"], 6, "unreachable");
    ends(&["m.wat", "--invoke", "deep"], 6, "call stack exhausted");
    let line = ends(&["m.wat", "--invoke", "throw"], 7, "threw an exception of tag 0");
    assert_eq!(line["exception"]["payload"][0]["text"], "i32 5 (0x00000005)");
    let line = ends(&["m.wat", "--timeout", "1", "--invoke", "spin"], 8, "it takes longer than 1 s");
    assert_eq!(line["outcome"], "limited");
}

#[test]
fn modules_are_loaded_before_others_that_import_from_them() {
    let place = Place::new(&[
        ("one.wat", r#"(module (func (export "f") (result i32) (i32.const 20)) (memory (export "m") 1))"#),
        (
            "two.wat",
            r#"(module (import "one" "f" (func $f (result i32))) (func (export "g") (result i32) (i32.add (call $f) (i32.const 1))))"#,
        ),
        (
            "main.wat",
            r#"(module (import "one" "m" (memory 1)) (import "two" "g" (func $g (result i32)))
                (func (export "f") (result i32) (i32.mul (i32.const 2) (call $g))))"#,
        ),
        ("trap.wat", "(module (func $s unreachable) (start $s))"),
    ]);
    place.run(&["compile", "two.wat", "-o", "two.o"]).expect(0, &[]);
    for two in ["two=two.wat", "two=two.o"] {
        let words = ["run", "main.wat", "--preload", "one=one.wat", "--preload", two, "--invoke", "f"];
        place.run(&words).expect(0, &["i32 42 (0x0000002a)\n"]);
    }
    // In the other order, the first has nothing to import from.
    let words = ["run", "main.wat", "--preload", "two=two.wat", "--preload", "one=one.wat"];
    place
        .run(&words)
        .expect(5, &["failed to instantiate two.wat", "nothing provides 1 import ", "`one` `f`"]);
    place.run(&["run", "main.wat", "--preload", "x=trap.wat"]).expect(6, &["failed to instantiate trap.wat"]);
    place.run(&["run", "main.wat", "--preload", "one.wat"]).expect(2, &["it is a name, `=` and a file"]);
}

#[test]
fn a_command_is_started_and_others_say_what_they_export() {
    let place = Place::new(&[
        ("command.wat", r#"(module (func (export "_start") unreachable))"#),
        ("library.wat", r#"(module (func (export "a")) (func (export "b")))"#),
        ("empty.wat", "(module)"),
    ]);
    place.run(&["run", "command.wat"]).expect(6, &["`_start` trapped: unreachable"]);
    let run = place.run(&["run", "library.wat"]);
    run.expect(0, &["note: nothing was called; `--invoke NAME` calls one of `a`, `b`"]);
    assert_eq!(run.out, "");
    let run = place.run(&["run", "empty.wat"]);
    run.expect(0, &[]);
    assert_eq!(run.err, "");
}

/// What is wrong with a text, or traps in it, is shown with a caret.
#[test]
fn the_line_of_a_text_is_shown() {
    let place = Place::new(&[
        ("syntax.wat", "(module\n  (func i32.cnst 1))"),
        ("invalid.wat", "(module\n  (func (result i32)\n    i64.const 1))"),
        ("trap.wat", "(module\n  (func (export \"f\")\n    nop unreachable))"),
    ]);
    let shown = "\n    2 |   (func i32.cnst 1))\n      |         ^\n";
    for (command, code) in [("validate", 1), ("run", 3)] {
        place.run(&[command, "syntax.wat"]).expect(code, &["failed to parse syntax.wat:2:9: ", shown]);
    }
    place.run(&["validate", "invalid.wat"]).expect(1, &["type mismatch", "\n    2 |   (func (result i32)\n"]);
    let shown = "\n  in function 0 <f> at offset 0x1f (line 3, column 9)\n    3 |     nop unreachable))\n      |         ^\n";
    place.run(&["run", "trap.wat", "--invoke", "f"]).expect(6, &["unreachable", shown]);
}
