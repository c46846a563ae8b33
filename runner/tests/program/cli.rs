//! The program from outside: what it prints, what it refuses, and how it ends.

use super::place::{Place, Run};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;

const GOOD: &str = r#"(module (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 1))
"#;

const BAD: &str = r#"(module (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 2))
(assert_return (invoke "f") (i32.const 1))
"#;

const DIVIDE: &str = r#"(module
  (func $divide (export "divide") (param i32 i32) (result i32)
    (i32.div_s (local.get 0) (local.get 1)))
  (func (export "two") (result i32 f64) (i32.const -1) (f64.const 0.5))
  (memory (export "memory") 1))
"#;

#[test]
fn a_green_run() {
    let place = Place::new(&[("a.wast", GOOD), ("sub/b.wast", GOOD)]);
    let run = place.run(&["wast", "."]);
    run.expect(0, &["aot: 4 directives in 2 files: 4 pass, 0 fail\n", "ok in "]);
}

#[test]
fn a_red_run_says_what_and_how_to_repeat_it() {
    let place = Place::new(&[("bad one.wast", BAD)]);
    let run = place.run(&["wast", "bad one.wast", "--opt", "none", "-W", "-simd"]);
    run.expect(
        1,
        &[
            "fail bad one.wast:2:1 assert_return\n",
            "    (assert_return (invoke \"f\") (i32.const 2))\n",
            "expected: i32 2 (0x00000002)\n",
            "got:      i32 1 (0x00000001)\n",
            "rerun:    trapline wast --opt none -W -simd 'bad one.wast' --only 'bad one.wast:2'\n",
            "aot-none: 3 directives in 1 file: 2 pass, 1 fail\n",
            "FAILED in ",
        ],
    );
}

#[test]
fn the_standard_input_is_a_script() {
    let place = Place::empty();
    let mut child = place
        .command(&["wast", "-", "--format", "terse"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("a pipe").write_all(BAD.as_bytes()).expect("it reads");
    let run = Run::from(child.wait_with_output().expect("it ends"));
    run.expect(
        1,
        &["F\n<stdin>:2:1 assert_return fail: expected i32 2 (0x00000002), got i32 1 (0x00000001)\n"],
    );
}

#[test]
fn scripts_that_are_none() {
    let place = Place::new(&[
        ("syntax.wast", ";; Prose.\n   prose\n"),
        ("empty.wast", ""),
        ("header.wast", "(module)\n;;! simd = true\n"),
        ("key.wast", ";;! smid = true\n(module)"),
    ]);
    place.write("latin.wast", b"(func)\n;; caf\xe9\n");
    place.run(&["wast", "syntax.wast"]).expect(1, &["error: failed to read syntax.wast:2:4: "]);
    place.run(&["wast", "latin.wast"]).expect(1, &["error: failed to read latin.wast:2:7: not UTF-8"]);
    place.run(&["wast", "empty.wast"]).expect(1, &["error: failed to read empty.wast"]);
    place.run(&["wast", "header.wast"]).expect(1, &["error: failed to read header.wast:2:1: "]);
    place.run(&["wast", "key.wast"]).expect(1, &["error: failed to read key.wast:1:5: unknown key `smid`"]);
    // One bad file does not keep the others from running.
    place.run(&["wast", "."]).expect(1, &["syntax.wast", "latin.wast", "5 files could not be parsed"]);
}

#[test]
fn paths_that_lead_to_no_script() {
    let place = Place::new(&[("empty/readme.txt", "")]);
    place
        .run(&["wast", "none.wast"])
        .expect(2, &["error: failed to find scripts: none.wast: no such file or folder"]);
    place.run(&["wast", "empty"]).expect(4, &["error: failed to find scripts: empty: holds no .wast file"]);
    place.run(&["wast", "--suite", "empty"]).expect(4, &["empty: holds no .wast file"]);
    place.run(&["wast", "--suite", "none"]).expect(2, &["none: not a folder"]);
    place.run(&["wast", "--spec", "v2", "--filter", "no such name"]).expect(4, &["--filter"]);
}

#[test]
fn usage_errors() {
    let place = Place::empty();
    place.run(&[]).expect(2, &["Usage: trapline"]);
    place.run(&["wast", "--spec", "v9"]).expect(2, &["v9"]);
    place.run(&["wast", "-W", "smid", "a.wast"]).expect(2, &["no feature is called `smid`", "simd"]);
    place.run(&["wast", "--spec", "v2", "--suite", "."]).expect(2, &["cannot be used with"]);
    place.run(&["wast", "-j", "0"]).expect(2, &["0"]);
    place.run(&["--help"]).expect(0, &["wast", "validate", "compile", "run", "objdump"]);
    let mut command = place.command(&["wast", "--list"]);
    Run::from(command.env("TRAPLINE_LOG", "=nonsense=").output().expect("it starts"))
        .expect(2, &["TRAPLINE_LOG"]);
}

#[test]
fn lists_and_filters() {
    let place = Place::empty();
    let list = place.run(&["wast", "--spec", "v2", "--list"]);
    list.expect(0, &["core/memory_init.wast\n"]);
    assert_eq!(list.out.lines().count(), 90);
    let run = place.run(&["wast", "--spec", "v2", "--list", "--filter", "memory_", "--skip", "init"]);
    assert!(run.out.lines().all(|name| name.contains("memory_") && !name.contains("init")), "{run:?}");
    let run = place.run(&["wast", "--spec", "v2", "--list", "--exact", "--filter", "core/nop.wast"]);
    assert_eq!(run.out, "core/nop.wast\n");
}

#[test]
fn json_adds_up() {
    let place = Place::new(&[("a.wast", BAD)]);
    let run = place.run(&["wast", "a.wast", "--format", "json"]);
    run.expect(1, &[]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[2].contains(r#""line":2,"col":1,"directive":"assert_return","outcome":"fail""#), "{run:?}");
    assert!(
        lines[4].starts_with(
            r#"{"type":"summary","schema":2,"engines":{"aot":{"files":1,"directives":3,"pass":2,"#
        )
    );
}

#[test]
fn reports_go_to_files() {
    let place = Place::new(&[("a.wast", GOOD)]);
    let run = place.run(&["wast", "a.wast", "-o", "report.txt"]);
    run.expect(0, &[]);
    assert_eq!(run.out, "");
    let report = place.read("report.txt");
    assert!(report.contains("2 directives in 1 file"), "{report}");
    place
        .run(&["wast", "a.wast", "-o", "none/report.txt"])
        .expect(70, &["error: failed to create the report none/report.txt: "]);
    if Path::new("/dev/full").exists() {
        let run = place.run(&["wast", "a.wast", "-o", "/dev/full"]);
        run.expect(70, &["error: failed to write the report to /dev/full: "]);
    }
}

#[test]
fn a_reader_who_leaves_ends_the_run_quietly() {
    let place = Place::empty();
    for arguments in [&["wast", "--spec", "v2", "--format", "json"][..], &["wast", "--spec", "v2", "--list"]]
    {
        let mut command = place.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut first = [0; 1];
        let mut out = child.stdout.take().expect("a pipe");
        out.read_exact(&mut first).expect("it writes");
        drop(out);
        let run = Run::from(child.wait_with_output().expect("it ends"));
        assert_eq!(run.err, "", "{arguments:?}");
        assert!(matches!(run.code, Some(0 | 1)), "{run:?}");
    }
}

#[test]
fn modules_are_validated() {
    let place = Place::new(&[
        ("good.wat", DIVIDE),
        ("invalid.wat", "(module (func (result i32)))"),
        ("syntax.wat", "(module\n  (func (resul i32)))"),
        ("malformed.wasm", "\0asm\x02\0\0\0"),
        ("simd.wat", "(module (func (param v128)))"),
        ("named.wat", "(module (@custom \"name\" \"\\01\\02\\01\\00\"))"),
    ]);
    place.run(&["validate", "good.wat"]).expect(0, &["good.wat: valid"]);
    let note =
        "named.wat: note: malformed custom section at offset 0x13: @name section: unexpected end-of-file";
    place.run(&["validate", "named.wat"]).expect(0, &["named.wat: valid", note]);
    place
        .run(&["validate", "invalid.wat"])
        .expect(1, &["error: failed to validate invalid.wat: invalid module"]);
    place.run(&["validate", "syntax.wat"]).expect(1, &["error: failed to parse syntax.wat:2:10: "]);
    place.run(&["validate", "malformed.wasm"]).expect(1, &["malformed module"]);
    place.run(&["validate", "none.wasm"]).expect(2, &["error: failed to read none.wasm: "]);
    place.run(&["validate", "simd.wat"]).expect(0, &[]);
    place.run(&["validate", "-W", "-simd,-relaxed-simd", "simd.wat"]).expect(1, &["invalid module"]);
}

#[test]
fn modules_are_compiled_loaded_and_shown() {
    let place = Place::new(&[("divide.wat", DIVIDE), ("notes.o", "\x7fELFnot")]);
    place.run(&["compile", "divide.wat", "-o", "a.o"]).expect(0, &[]);
    place.run(&["compile", "divide.wat", "-o", "b.o"]).expect(0, &[]);
    let read = |name: &str| fs::read(place.path(name)).expect("an object");
    assert_eq!(read("a.o"), read("b.o"));
    place.run(&["run", "a.o", "--invoke", "divide", "-7", "2"]).expect(0, &["i32 -3 "]);
    place.run(&["objdump", "a.o"]).expect(
        0,
        &[
            "with debug information",
            "wasm[0]::function[0]::divide  [i32 i32] -> [i32]\n",
            "trap: integer divide by zero  wasm 0x",
        ],
    );
    place.run(&["objdump", "notes.o"]).expect(1, &["error: failed to read notes.o: "]);
    place.run(&["run", "notes.o"]).expect(3, &["error: failed to load notes.o: "]);
    let mut damaged = read("a.o");
    // The text follows the header of the file.
    damaged[64] ^= 0x40;
    place.write("damaged.o", damaged);
    place
        .run(&["run", "damaged.o", "--invoke", "divide", "7", "2"])
        .expect(3, &["error: failed to load damaged.o: "]);
    place.write("short.o", &read("a.o")[..100]);
    place.run(&["run", "short.o"]).expect(3, &["error: failed to load short.o: "]);
}

/// What a module calls its functions breaks no line and changes no colour.
#[test]
fn names_do_not_act_on_terminals() {
    let name = r"a\0affff\1b[31mü";
    let script = format!("(module (func (export \"{name}\") unreachable))");
    let place = Place::new(&[("m.wat", &script)]);
    let invoked =
        format!("(assert_return (invoke \"{name}\"))\n(module $\"x\\1b\")\n(invoke $\"y\\1b\" \"f\")");
    place.write("s.wast", format!("{script}\n{invoked}"));
    let shown = r"a\nffff\u{1b}[31mü";
    let check = |arguments: &[&str], code, wanted: &str| {
        let run = place.run(arguments);
        run.expect(code, &[wanted]);
        assert!(!run.out.contains('\x1b') && !run.err.contains('\x1b'), "{run:?}");
    };
    check(&["run", "m.wat", "--invoke", "none"], 2, &format!("exported functions: `{shown}`\n"));
    let trap = format!("`{shown}` trapped: unreachable in function 0 <{shown}> at offset 0x");
    check(&["run", "m.wat", "--invoke", "a\nffff\x1b[31mü"], 6, &trap);
    check(&["run", "m.wat", "--invoke", "a\nffff\x1b[31mü"], 6, &format!("\n  in function 0 <{shown}> at"));
    check(&["wast", "s.wast"], 1, &format!("got:      trap: unreachable in function 0 <{shown}> at"));
    check(&["wast", "s.wast"], 1, r"an instance named $y\u{1b}");
}

#[test]
fn functions_are_called() {
    let place = Place::new(&[
        ("divide.wat", DIVIDE),
        ("import.wat", r#"(module (import "env" "missing" (func)))"#),
        (
            "spectest.wat",
            r#"(module (import "spectest" "print_i32" (func $p (param i32))) (start $s) (func $s (call $p (i32.const 1))))"#,
        ),
        ("start.wat", "(module (start $s) (func $s unreachable))"),
        ("deep.wat", r#"(module (func $f (export "f") (call $f)))"#),
        ("huge.wat", "(module (memory 65536 65536))"),
    ]);
    place.run(&["run", "divide.wat", "--invoke", "divide", "7", "-2"]).expect(0, &["i32 -3 (0xfffffffd)\n"]);
    place.run(&["run", "divide.wat", "--invoke", "two"]).expect(0, &["i32 -1 (0xffffffff)\nf64 0.5 "]);
    place.run(&["run", "divide.wat"]).expect(0, &[]);
    let trap = place.run(&["run", "divide.wat", "--invoke", "divide", "1", "0"]);
    trap.expect(6, &["error: failed to run divide.wat: `divide` trapped: integer divide by zero in function 0 <divide> at offset 0x"]);
    place
        .run(&["run", "divide.wat", "--invoke", "none"])
        .expect(2, &["no export is called `none`", "`divide`, `two`"]);
    place.run(&["run", "divide.wat", "--invoke", "memory"]).expect(2, &["`memory` is not a function"]);
    place.run(&["run", "divide.wat", "--invoke", "divide", "1"]).expect(2, &["it takes 2 arguments, not 1"]);
    place
        .run(&["run", "divide.wat", "--invoke", "divide", "1", "x"])
        .expect(2, &["`x` is not a value of type i32"]);
    place.run(&["run", "import.wat"]).expect(5, &["error: failed to instantiate import.wat: unknown import"]);
    place.run(&["run", "spectest.wat"]).expect(0, &[]);
    place
        .run(&["run", "start.wat"])
        .expect(6, &["failed to instantiate start.wat: unreachable in function 0"]);
    place.run(&["run", "deep.wat", "--invoke", "f"]).expect(6, &["call stack exhausted"]);
    let huge = place.run(&["run", "huge.wat"]);
    assert!(matches!(huge.code, Some(0 | 1)), "{huge:?}");
    assert!(!huge.err.contains("panicked"), "{huge:?}");
}

#[test]
fn one_directive_of_a_script_needs_no_other_path() {
    let place = Place::new(&[("bad.wast", BAD)]);
    place
        .run(&["wast", "--only", "bad.wast:2"])
        .expect(1, &["fail bad.wast:2:1 assert_return", "1 directive in 1 file"]);
    place
        .run(&["wast", "--only", "none.wast:2"])
        .expect(4, &["failed to find scripts: none is called none.wast"]);
    // What is wrong is said first, and instead of a report.
    let run = place.run(&["wast", ".", "--only", "bed.wast:2"]);
    run.expect(4, &["none is called bed.wast; the nearest name is bad.wast"]);
    let run = place.run(&["wast", "--only", "bad.wast:99"]);
    run.expect(4, &["that begins on line 99 of bad.wast: the nearest is the ", "--only bad.wast:"]);
    assert_eq!(run.out, "");
}

#[test]
fn a_module_is_no_script() {
    let place = Place::new(&[("m.wast", "\0asm\x01\0\0\0")]);
    place.run(&["wast", "m.wast"]).expect(1, &["a module in binary, and no script; `trapline run`"]);
}

/// What fails because an earlier directive could not do its part does not look like a wrong result of its own.
#[test]
fn failures_say_what_they_ran_without() {
    let script = r#"(module (import "trapline-hazard" "segfault" (func $crash)) (func (export "crash") (call $crash))
  (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 3))
(invoke "crash")
(assert_return (invoke "f") (i32.const 2))
"#;
    let place = Place::new(&[("a.wast", script)]);
    let mut command = place.command(&["wast", "a.wast"]);
    command.env("TRAPLINE_HAZARDS", "1");
    let run = Run::of(command);
    let without = "    without:  what line 4 was to do, which did not come to its end\n";
    run.expect(1, &["crash a.wast:4:1 invoke", without]);
    let (before, after) = run.out.split_once("fail a.wast:5:1 assert_return\n").expect("the last directive");
    assert!(!before.contains("without:") && after.contains(without), "{run:#?}");
}

#[test]
fn failures_of_several_engines_say_whose_they_are() {
    let place = Place::new(&[("bad.wast", BAD)]);
    let run = place.run(&["wast", "--engine", "aot,jit", "--format", "terse", "bad.wast"]);
    run.expect(1, &["\naot,jit/bad.wast:2:1 assert_return fail:"]);
    assert_eq!(run.out.matches("bad.wast:2:1").count(), 1, "{run:#?}");
    let run = place.run(&["wast", "--engine", "aot,jit", "--format", "github", "bad.wast"]);
    run.expect(1, &["::error file=bad.wast,line=2,col=1,title=fail assert_return (aot%2C jit)::"]);
    assert_eq!(run.out.matches("::error").count(), 1, "{run:#?}");
    let run = place.run(&["wast", "--format", "terse", "bad.wast"]);
    run.expect(1, &["\nbad.wast:2:1 assert_return fail:"]);
}
