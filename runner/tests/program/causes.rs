//! `trapline triage`: what is no fault of trapline's, which cause it is, and how long it takes to say so.

use crate::place::{Place, Run};
use std::time::{Duration, Instant};

fn field<'r>(run: &'r Run, name: &str) -> &'r str {
    let line = run.out.lines().find_map(|line| line.trim_start().strip_prefix(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name} in {run:#?}")).trim()
}

#[test]
fn limits_of_others_are_legal_differences() {
    let locals = format!(
        "(module (func (export \"f\") (result i32) (local {}) (i32.const 7)))",
        "i32 ".repeat(49_999)
    );
    let place = Place::new(&[("locals.wat", &*locals)]);
    let run = place.run(&["triage", "locals.wat", "--invoke", "f"]);
    run.expect(0, &["locals.wat: legal divergence\n", "a limit of wasmi: "]);
    assert!(field(&run, "engines").starts_with("wasmi; not aot, "), "{run:#?}");
}

/// What the processor's instruction results in is another thing on other machines.
#[cfg(target_arch = "x86_64")]
#[test]
fn relaxed_results_are_legal_differences() {
    let relaxed = r#"(module (memory (export "m") 1)
  (func (export "f") (v128.store (i32.const 0)
    (f64x2.relaxed_max (v128.const f64x2 0 0) (v128.const f64x2 nan 1)))))
(invoke "f")
"#;
    let place = Place::new(&[("relaxed.wast", relaxed)]);
    place
        .run(&["triage", "relaxed.wast", "--variant", "aot,relaxed=native"])
        .expect(0, &["relaxed.wast: legal divergence\n", "differs in what may differ: relaxed SIMD"]);
}

#[test]
fn a_panic_of_the_compiler_in_a_script_is_the_compilers() {
    let script =
        "(module (func (export \"f\") (result i64) (i64.const 0x656e696c70617274)))\n(invoke \"f\")\n";
    let place = Place::new(&[("panic.wast", script)]);
    let run = place.run(&["triage", "panic.wast", "--variant", "aot,break=panic"]);
    assert_eq!(run.code, Some(10), "{run:#?}");
    for said in [
        "panic.wast: fault of the compiler\n",
        "what:      the compiler panicked: an injected fault\n",
        "pass:      translation from WebAssembly to CLIF\n",
        "CLIF of wasm[0]::function[0]",
    ] {
        assert!(run.out.contains(said), "no {said} in {run:#?}");
    }
}

/// The line of a finding is the one that the command has, too, and the command finds the file.
#[test]
fn the_command_shows_the_same_line() {
    let module =
        "(module\n  (func (export \"f\") (param i32)\n    (if (local.get 0) (then (unreachable)))))\n";
    let place = Place::new(&[("-m.wat", module)]);
    let run = place.run(&["triage", "./-m.wat"]);
    run.expect(6, &["spec-legal trap"]);
    let line = field(&run, "where").trim_end_matches(", invoke").to_owned();
    let again: Vec<&str> = field(&run, "again").split(' ').skip(1).collect();
    assert_eq!(again[1], "./-m.wat", "{run:#?}");
    let number = line.strip_prefix("line ").expect("a line");
    place.run(&again).expect(1, &[&format!("-m.wat:{number}")]);
    // The first call has zeros and returns, so that this is the second.
    assert_eq!(number, "5", "{run:#?}");
}

#[test]
fn a_call_of_what_nothing_provides_names_it() {
    let module = r#"(module (import "env" "draw" (func $draw)) (func (export "f") (call $draw)))"#;
    let place = Place::new(&[("m.wat", module)]);
    let run = place.run(&["triage", "m.wat", "--imports", "trap"]);
    run.expect(
        5,
        &[
            "m.wat: imports without a provider\n",
            "what:      the import env draw is called, and nothing provides it",
        ],
    );
    assert!(!run.out.contains("unreachable"), "{run:#?}");
    assert!(field(&run, "engines").starts_with("all: "), "{run:#?}");
}

/// One `unreachable` is not another, and is the same in a module that is renamed and padded.
#[test]
fn buckets_tell_causes_apart() {
    let checks = |padding: &str, name: &str, code: &str| {
        format!(
            "(module {padding} (func ${name} (param i32) {code} (unreachable)) (func (export \"{name}\") (call ${name} (i32.const 1))))"
        )
    };
    let store = "(drop (i32.mul (local.get 0) (i32.const 3)))";
    let files = [
        ("one.wat", checks("", "a", store)),
        ("same.wat", checks("(func $x (result f64) (f64.const 1)) (memory 1)", "b", store)),
        ("other.wat", checks("", "a", "(drop (f32.abs (f32.const 1)))")),
        ("start.wat", "(module (func $f (unreachable)) (start $f))".to_owned()),
        ("deep.wat", "(module (func $f (export \"f\") (call $f)))".to_owned()),
        (
            "deeper.wat",
            "(module (func $f (export \"f\") (param i64) (call $f (i64.add (local.get 0) (i64.const 1)))))"
                .to_owned(),
        ),
    ];
    let place = Place::new(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
    let bucket = |name: &str| field(&place.run(&["triage", name, "--calls", "1"]), "bucket").to_owned();
    let [one, same, other, start] = ["one.wat", "same.wat", "other.wat", "start.wat"].map(bucket);
    assert_eq!(one, same);
    assert!(one != other && one != start && other != start, "{one} {other} {start}");
    assert_ne!(bucket("deep.wat"), bucket("deeper.wat"));
    // An access is not another one either; a part of a segment is what it is.
    place.write("load.wat", "(module (memory 1) (func (export \"f\") (drop (i32.load (i32.const -1)))))");
    place.write(
        "loads.wat",
        "(module (memory 1) (func (export \"f\") (i32.store (i32.const 0) (i32.load offset=8 (i32.const -1)))))",
    );
    assert_ne!(bucket("load.wat"), bucket("loads.wat"));
}

/// Of what does not end, one call is made, and not for all of its time on every engine.
#[test]
fn what_does_not_end_is_waited_for_once() {
    let module = r#"(module
  (func (export "f") (param i32 i32 i32) (loop (br 0)))
  (func (export "g") (param i32) (result i32) (local.get 0)))"#;
    let place = Place::new(&[("endless.wat", module)]);
    let begin = Instant::now();
    let run = place.run(&["triage", "endless.wat", "--timeout", "6"]);
    run.expect(8, &["endless.wat: resource limit\n", "what:      it runs for longer than 6 s\n"]);
    assert_eq!(field(&run, "without"), "11 more calls of `f`: the first takes longer than 1 s");
    // Twelve calls on ten engines, and in five runs, are more than a thousand seconds.
    assert!(begin.elapsed() < Duration::from_secs(200), "{:?}", begin.elapsed());
}

/// A program of WASI runs, on all engines, in a world that is the same for all of them and in every run.
#[test]
fn programs_run() {
    let program = |end: &str| {
        format!(
            r#"(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "\08\00\00\00\10\00\00\00")
  (func (export "_start")
    (if (call $random (i32.const 8) (i32.const 16)) (then (unreachable)))
    (if (call $time (i32.const 0) (i64.const 0) (i32.const 32)) (then (unreachable)))
    (if (call $time (i32.const 1) (i64.const 0) (i32.const 40)) (then (unreachable)))
    (if (call $write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 80)) (then (unreachable)))
    (if (i32.ne (i32.load (i32.const 80)) (i32.const 16)) (then (unreachable)))
    {end}))"#
        )
    };
    let files = [
        ("well.wat", program("(call $exit (i32.const 0))")),
        ("code.wat", program("(call $exit (i32.const 3)) (unreachable)")),
        ("trap.wat", program("(unreachable)")),
        ("fault.wat", program("(call $exit (i32.sub (i32.load8_u (i32.const 8)) (i32.const 1)))")),
    ];
    let place = Place::new(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
    for (name, code, verdict) in [
        ("well.wat", 0, "no fault found"),
        ("code.wat", 0, "no fault found"),
        ("trap.wat", 6, "spec-legal trap"),
    ] {
        let run = place.run(&["triage", name]);
        run.expect(code, &[&format!("{name}: {verdict}\n")]);
        assert!(!run.out.contains("also:"), "{run:#?}");
        assert!(field(&run, "engines").contains("wasmi"), "{run:#?}");
        assert!(field(&run, "ran").starts_with("3 directives on "), "{run:#?}");
    }
    // Functions of WASI that a module exports again have its memory on all engines, and its start function has none yet.
    place.write(
        "again.wat",
        r#"(module (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1) (export "f" (func $random)))"#,
    );
    place.run(&["triage", "again.wat"]).expect(0, &["again.wat: no fault found\n", "wasmi"]);
    place.write(
        "start.wat",
        r#"(module (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1) (func $f (drop (call $random (i32.const 0) (i32.const 4)))) (start $f))"#,
    );
    let run = place.run(&["triage", "start.wat"]);
    run.expect(6, &["a function of the host has ended the call", "the module has no memory"]);
    assert!(field(&run, "engines").starts_with("all: "), "{run:#?}");
    // To end a program takes no memory.
    place.write(
        "memoryless.wat",
        r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (func (export "_start") (call $exit (i32.const 3))))"#,
    );
    let run = place.run(&["triage", "memoryless.wat"]);
    run.expect(0, &["memoryless.wat: no fault found\n"]);
    assert!(field(&run, "engines").contains("wasmi"), "{run:#?}");
    place.run(&["run", "memoryless.wat"]).expect(3, &[]);
    // What makes a module ready is called first.
    place.write(
        "ready.wat",
        r#"(module (global $g (mut i32) (i32.const 0)) (func (export "_initialize") (global.set $g (i32.const 9)))
  (func (export "f") (result i32) (i32.div_s (i32.const 90) (global.get $g))))"#,
    );
    place.run(&["triage", "ready.wat", "--invoke", "f"]).expect(0, &["ready.wat: no fault found\n"]);
    // What an engine of others has not run is said.
    place.write(
        "lacks.wat",
        "(module (tag $e) (func (export \"f\") (block (try_table (catch $e 0) (throw $e)))))",
    );
    place.run(&["triage", "lacks.wat"]).expect(
        0,
        &["every directive passes on every engine that has what it needs", "wasmi for 3 of 3 directives: "],
    );
    // What leads nowhere has no attributes of the machine, and what the host ends is no trap that a script can want.
    place.write(
        "attributes.wast",
        r#"(module (import "wasi_snapshot_preview1" "fd_filestat_get" (func $get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "f") (result i64) (drop (call $get (i32.const 1) (i32.const 8)))
    (i64.or (i64.load (i32.const 8)) (i64.or (i64.load (i32.const 16)) (i64.load (i32.const 56))))))
(assert_return (invoke "f") (i64.const 0))
(module (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (func (export "f") (drop (call $yield))))
(assert_trap (invoke "f") "unreachable")
(module $own (func (export "other")))
(register "wasi_snapshot_preview1" $own)
(assert_unlinkable (module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))) "unknown import")
"#,
    );
    let run = place.run(&["wast", "attributes.wast"]);
    run.expect(1, &["attributes.wast:8", "ended by the host: ", "6 pass, 1 fail"]);
    // Codes are compared.
    place
        .run(&["triage", "fault.wat", "--variant", "aot,break=operands"])
        .expect(11, &["fault.wat: miscompile\n"]);
    // What ends well returns.
    place
        .run(&["regress", "add", "well.wat", "--name", "programs/well", "--into", "r", "--dry-run"])
        .expect(0, &["(assert_return (invoke \"_start\"))"]);
}

/// With `--imports stub`, what there is a rule for is provided by it, and the rest are zeros.
#[test]
fn rules_provide_what_javascript_would() {
    let module = r#"(module
  (import "env" "emscripten_get_now" (func $now (result f64)))
  (import "env" "_emscripten_get_now_is_monotonic" (func $monotonic (result i32)))
  (import "env" "unknown" (func $unknown (result i32)))
  (import "env" "abort" (func $abort))
  (memory (export "memory") 1)
  (func (export "f") (result i32)
    (if (f64.le (call $now) (f64.const 0)) (then (unreachable)))
    (if (i32.ne (call $monotonic) (i32.const 1)) (then (unreachable)))
    (call $unknown))
  (func (export "g") (call $abort)))"#;
    let place = Place::new(&[("m.wat", module)]);
    let run = place.run(&["triage", "m.wat", "--imports", "stub", "--invoke", "f"]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert!(
        run.err.contains("import `env` `emscripten_get_now`: by rule: returns the milliseconds"),
        "{run:#?}"
    );
    let run = place.run(&["triage", "m.wat", "--imports", "stub", "--invoke", "g"]);
    assert_eq!(run.code, Some(6), "{run:#?}");
    assert!(
        run.out.contains("ended by the host: the program called `env` `abort`, which ends it"),
        "{run:#?}"
    );
    place
        .run(&["regress", "add", "m.wat", "--name", "a/b", "--into", "r", "--imports", "stub"])
        .expect(2, &["has no rules for what it imports"]);
}

/// In which order a module exports what traps is no part of its name.
#[test]
fn buckets_do_not_depend_on_the_order_of_functions() {
    let (a, b) = (
        r#"(func (export "a") (unreachable))"#,
        r#"(func (export "b") (drop (i32.div_u (i32.const 1) (i32.const 0))))"#,
    );
    let files = [("ab.wat", format!("(module {a} {b})")), ("ba.wat", format!("(module {b} {a})"))];
    let place = Place::new(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
    let [first, second] = ["ab.wat", "ba.wat"].map(|name| place.run(&["triage", name]));
    assert_eq!(field(&first, "bucket"), field(&second, "bucket"));
    first.expect(6, &["also:\n  spec-legal trap"]);
}

/// Where a binary ends is a part of why it is none, and of none at all there is nothing to reduce.
#[test]
fn truncated_modules_are_told_apart() {
    let place = Place::new(&[]);
    let whole = wat::parse_str("(module (memory 1) (func (export \"f\")) (data (i32.const 0) \"abcdefgh\"))");
    let whole = whole.expect("a module");
    let bucket = |len: usize| {
        place.write("cut.wasm", &whole[..len]);
        let run = place.run(&["triage", "cut.wasm"]);
        run.expect(3, &["cut.wasm: malformed\n"]);
        field(&run, "bucket").to_owned()
    };
    let [data, more_data, none, magic] = [whole.len() - 2, whole.len() - 3, 0, 4].map(bucket);
    assert_eq!(data, more_data);
    assert_eq!(none, magic);
    assert_ne!(data, none);
    place.run(&["reduce", "cut.wasm", "-o", "out.wasm"]).expect(1, &["the empty file"]);
    place.write("cut.wasm", &whole[..whole.len() - 2]);
    place.run(&["reduce", "cut.wasm", "-o", "out.wasm"]).expect(0, &[]);
    place.run(&["triage", "out.wasm"]).expect(3, &[&format!("bucket:    {data}\n")]);
    place.run(&["reduce", "cut.wasm", "-o", "/dev/null"]).expect(2, &["it is not a file"]);
}

/// A module comes through a pipe as well as from a file.
#[test]
fn modules_come_through_pipes() {
    let place = Place::new(&[]);
    place.write("m.wasm", b"\0asm\x01\0\0\0");
    for name in ["pipe", "pipe.wasm"] {
        let made = std::process::Command::new("mkfifo").arg(place.path(name)).status().expect("mkfifo");
        assert!(made.success());
        let (from, to) = (place.path("m.wasm"), place.path(name));
        let writer = std::thread::spawn(move || std::fs::write(to, std::fs::read(from)?));
        place.run(&["triage", name]).expect(0, &[&format!("{name}: no fault found\n")]);
        writer.join().expect("a writer").expect("written");
    }
}

/// What stands in for imports is said.
#[test]
fn stand_ins_are_named() {
    let module = r#"(module (import "wasi_snapshot_preview1" "fd_bogus" (func $f (result i32)))
  (func (export "g") (result i32) (call $f)))"#;
    let place = Place::new(&[("bogus.wat", module)]);
    let run = place.run(&["triage", "bogus.wat"]);
    run.expect(0, &[]);
    assert!(run.err.contains("zeros for 1 import: `wasi_snapshot_preview1` `fd_bogus`"), "{run:#?}");
}
