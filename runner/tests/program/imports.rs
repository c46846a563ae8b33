//! Imports that nothing provides, and the record of calls, as `trapline run` has them.

use super::place::Place;
use serde_json::Value;

const NEEDS: &str = r#"(module
  (import "env" "f" (func $f (param i32) (result i32 i64 externref)))
  (import "env" "m" (memory 2 3))
  (import "env" "t" (table 4 funcref))
  (import "env" "g" (global (mut i64)))
  (import "env" "e" (tag (param i32)))
  (func (export "call") (result i32 i64 externref) (call $f (i32.const 5)))
  (func (export "sizes") (result i32 i32 i64 i32)
    (memory.size) (table.size 0) (global.get 0) (i32.load8_u (i32.const 131071))))"#;

#[test]
fn what_stands_in_is_chosen() {
    let place = Place::new(&[("needs.wat", NEEDS)]);
    let run = |words: &[&str]| place.run(&[&["run", "needs.wat"], words].concat());
    let refused = run(&["--invoke", "call"]);
    refused
        .expect(5, &["nothing provides 5 imports", "--imports stub|zero|trap", "`env` `m`: memory i32 2 3"]);
    for engine in ["aot", "jit", "linked"] {
        for what in ["zero", "stub"] {
            let called = run(&["--imports", what, "--engine", engine, "--invoke", "call"]);
            called.expect(0, &["note: zeros for 5 imports: `env` `f`, `env` `m`"]);
            assert_eq!(called.out, "i32 0 (0x00000000)\ni64 0 (0x0000000000000000)\nref.null extern\n");
        }
        let sizes = run(&["--imports", "trap", "--engine", engine, "--invoke", "sizes"]);
        sizes.expect(0, &["note: a trap for each function of 5 imports"]);
        assert!(sizes.out.starts_with("i32 2 (0x00000002)\ni32 4 (0x00000004)\ni64 0 "), "{sizes:?}");
        let called = run(&["--imports", "trap", "--engine", engine, "--invoke", "call"]);
        called.expect(6, &["the import `env` `f` was called, and nothing provides it"]);
    }
    let json = run(&["--imports", "trap", "--format", "json", "--invoke", "call"]);
    let line: Value = serde_json::from_str(&json.out).expect("one object");
    assert_eq!((&line["outcome"], &line["exit"]), (&"trapped".into(), &6.into()));
}

#[test]
fn what_has_no_zero_is_refused_or_traps() {
    let place = Place::new(&[
        ("global.wat", r#"(module (import "env" "g" (global (ref extern))))"#),
        (
            "func.wat",
            r#"(module (import "env" "f" (func $f (result (ref extern)))) (func (export "_start") (drop (call $f))))"#,
        ),
        (
            "type.wat",
            r#"(module (import "wasi_snapshot_preview1" "fd_close" (func (param i64) (result i32))))"#,
        ),
    ]);
    place.run(&["run", "global.wat", "--imports", "zero"]).expect(5, &["nothing provides 1 import"]);
    place.run(&["run", "func.wat", "--imports", "zero"]).expect(6, &["the import `env` `f` was called"]);
    place.run(&["run", "type.wat"]).expect(5, &["incompatible import type"]);
}

#[test]
fn rules_are_shown() {
    let place = Place::new(&[(
        "rules.wat",
        r#"(module
          (import "env" "emscripten_resize_heap" (func $grow (param i32) (result i32)))
          (import "env" "_emscripten_memcpy_js" (func $copy (param i32 i32 i32)))
          (import "env" "invoke_ii" (func $invoke (param i32 i32) (result i32)))
          (import "env" "__syscall_openat" (func $open (param i32 i32 i32 i32) (result i32)))
          (import "env" "exit" (func $exit (param i32)))
          (import "wbg" "__wbindgen_throw" (func $throw (param i32 i32)))
          (import "wbg" "__wbg_log_1234567890abcdef" (func $log (param i32 i32)))
          (import "wasi_unstable" "sched_yield" (func $yield (result i32)))
          (import "env" "other" (func))
          (memory (export "memory") 1 3)
          (data (i32.const 8) "what went wrong")
          (table 4 funcref)
          (export "__indirect_function_table" (table 0))
          (elem (i32.const 1) $double $pair $float)
          (func $float (param f64) (result i32) (i32.const 0))
          (func $pair (param i32) (result i64) (i64.const 0))
          (func $double (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))
          (func (export "grow") (result i32 i32 i32)
            (call $grow (i32.const 131072)) (call $grow (i32.const 262144)) (memory.size))
          (func (export "copy") (result i32)
            (call $copy (i32.const 100) (i32.const 8) (i32.const 4)) (i32.load (i32.const 100)))
          (func (export "copy_out") (call $copy (i32.const 65535) (i32.const 8) (i32.const 4)))
          (func (export "invoke") (param i32) (result i32) (call $invoke (local.get 0) (i32.const 21)))
          (func (export "open") (result i32 i32)
            (call $open (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) (call $yield))
          (func (export "exit") (call $exit (i32.const 9)))
          (func (export "log") (call $log (i32.const 8) (i32.const 4)))
          (func (export "throw") (call $throw (i32.const 8) (i32.const 15)))) "#,
    )]);
    let run =
        |words: &[&str]| place.run(&[&["run", "rules.wat", "--imports", "stub", "--invoke"], words].concat());
    let grown = run(&["grow"]);
    grown.expect(
        0,
        &[
            "note: import `env` `emscripten_resize_heap`: by rule: grows the memory\n",
            "note: import `wbg` `__wbindgen_throw`: by rule: ends the program",
            "note: import `wasi_unstable` `sched_yield`: by rule: that of wasi_snapshot_preview1\n",
            "note: zeros for 1 import: `env` `other`\n",
        ],
    );
    assert_eq!(grown.out, "i32 1 (0x00000001)\ni32 0 (0x00000000)\ni32 2 (0x00000002)\n");
    assert_eq!(run(&["copy"]).out, "i32 1952540791 (0x74616877)\n");
    run(&["copy_out"]).expect(6, &["access 4 bytes at address 0xffff"]);
    assert_eq!(run(&["invoke", "1"]).out, "i32 42 (0x0000002a)\n");
    run(&["invoke", "0"]).expect(6, &["the table has no function 0"]);
    run(&["invoke", "3"]).expect(6, &["function 3 of the table has type [f64] -> [i32]"]);
    run(&["invoke", "2"]).expect(6, &["function 2 of the table has type [i32] -> [i64]"]);
    assert_eq!(run(&["open"]).out, "i32 -52 (0xffffffcc)\ni32 0 (0x00000000)\n");
    run(&["exit"]).expect(9, &[]);
    run(&["log"]).expect(0, &["\nwhat\n"]);
    run(&["throw"]).expect(6, &["`wbg` `__wbindgen_throw`, which ends it: what went wrong"]);
}

/// What stands in for an import can be more than a run may have.
#[test]
fn a_stand_in_beyond_a_limit_names_the_option() {
    let place = Place::new(&[
        ("m.wat", "(module (import \"e\" \"m\" (memory i64 70000)) (func (export \"b\")))"),
        ("t.wat", "(module (import \"e\" \"t\" (table 20000000 funcref)) (func (export \"b\")))"),
    ]);
    for (file, option) in [("m.wat", "--max-linear-memory MIB"), ("t.wat", "--max-table-elements N")] {
        place
            .run(&["run", file, "--imports", "zero", "--invoke", "b"])
            .expect(8, &["failed to make what", option]);
    }
}

/// What a module without an entry exports is called before anything else, with its memory.
#[test]
fn modules_have_memories_of_their_own() {
    let text = |text: &str| {
        format!(
            r#"(module
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 0) "\10\00\00\00\04\00\00\00")
              (data (i32.const 16) "{text}\n")
              (func $say (export "say") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
              (func (export "_initialize") (call $say)))"#
        )
    };
    let started = text("st1")
        .replace("(export \"_initialize\") (call $say)", "$s (call $say)")
        .replace("(memory", "(start $s) (memory");
    let main = text("two").replacen(
        "(memory",
        "(import \"one\" \"say\" (func $one)) (func (export \"both\") (call $one) (call $say)) (memory",
        1,
    );
    let place = Place::new(&[("one.wat", &text("one")), ("two.wat", &main), ("start.wat", &started)]);
    let run = place.run(&["run", "two.wat", "--preload", "one=one.wat", "--invoke", "both"]);
    run.expect(0, &[]);
    assert_eq!(run.out, "one\ntwo\none\ntwo\n");
    place.run(&["run", "start.wat"]).expect(6, &["`fd_write` was called, and the module has no memory"]);
}

#[test]
fn calls_are_recorded() {
    let place = Place::new(&[(
        "log.wat",
        r#"(module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
          (import "spectest" "print_i32" (func $print (param i32)))
          (import "env" "f" (func $f (param f64)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\20\00\00\00\05\00\00\00\22\00\00\00\64\00\00\00")
          (data (i32.const 32) "text\n")
          (func (export "_start")
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 24)))
            (drop (call $write (i32.const 9) (i32.const 0) (i32.const 2) (i32.const 24)))
            (drop (call $unlink (i32.const 3) (i32.const 32) (i32.const 4)))
            (call $print (i32.const 3))
            (call $f (f64.const 1.5))
            (call $exit (i32.const 4)))
          (func (export "many") (local i32)
            (loop (call $print (i32.const 0))
              (br_if 0 (i32.ne (i32.const 100005) (local.tee 0 (i32.add (local.get 0) (i32.const 1))))))))"#,
    )]);
    for rest in [&[][..], &["--no-isolate"]] {
        let words = ["run", "log.wat", "--imports", "zero", "--log-imports", "log.jsonl"];
        let run = place.run(&[&words, rest].concat());
        run.expect(4, &[]);
        let text = place.read("log.jsonl");
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
        let names: Vec<_> = lines.iter().filter_map(|line| line["name"].as_str()).collect();
        assert_eq!(names, ["fd_write", "fd_write", "path_unlink_file", "print_i32", "f", "proc_exit"]);
        assert!(lines.iter().zip(1..).all(|(line, call)| line["type"] == "call" && line["call"] == call));
        let [written, bad, unlinked, printed, f, exited] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!(written["memory"][0]["text"], "text\n");
        assert_eq!(written["memory"][0]["hex"], "746578740a");
        assert_eq!(
            (&written["memory"][0]["argument"], &written["memory"][0]["bytes"]),
            (&1.into(), &5.into())
        );
        assert_eq!(written["results"][0]["bits"], "0x00000000");
        assert_eq!((&bad["errno"], &bad["memory"][0]["bytes"]), (&"badf".into(), &105.into()));
        assert_eq!(bad["memory"][0]["hex"].as_str().map(str::len), Some(128));
        assert_eq!((&unlinked["errno"], &unlinked["memory"][0]["text"]), (&"badf".into(), &"text".into()));
        assert_eq!(
            (&printed["module"], &printed["arguments"][0]["bits"]),
            (&"spectest".into(), &"0x00000003".into())
        );
        assert_eq!((&f["arguments"][0]["type"], &f["results"]), (&"f64".into(), &Value::Array(Vec::new())));
        assert_eq!(exited["error"], "the program ended itself with code 4");
    }
    let run = place.run(&["run", "log.wat", "--imports", "zero", "--log-imports", "-"]);
    run.expect(
        4,
        &["{\"type\":\"call\",\"call\":1,\"module\":\"wasi_snapshot_preview1\",\"name\":\"fd_write\""],
    );
    place
        .run(&["run", "log.wat", "--imports", "zero", "--log-imports", "many.jsonl", "--invoke", "many"])
        .expect(0, &[]);
    let text = place.read("many.jsonl");
    assert_eq!(text.lines().count(), 100_001);
    assert_eq!(text.lines().last(), Some("{\"type\":\"cut\",\"calls\":100000}"));
    place
        .run(&["run", "log.wat", "--imports", "zero", "--log-imports", "none/x"])
        .expect(2, &["failed to write none/x"]);
    // What cannot be recorded ends the run.
    place
        .run(&["run", "log.wat", "--imports", "zero", "--log-imports", "/dev/full"])
        .expect(1, &["the calls of imports cannot be recorded"]);
}
