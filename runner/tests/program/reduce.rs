//! `trapline reduce`: the result is small, shows the same, and nothing is lost on the way.

use crate::place::{Place, Run};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The program, with faults that are made on purpose.
fn reduce(place: &Place, arguments: &[&str]) -> Run {
    let mut command = place.command(&[&["reduce", "-j1"], arguments].concat());
    command.env("TRAPLINE_HAZARDS", "1");
    Run::of(command)
}

/// What triage says of a file, for people.
fn triage(place: &Place, arguments: &[&str]) -> Run {
    let mut command = place.command(&[&["triage"], arguments].concat());
    command.env("TRAPLINE_HAZARDS", "1");
    Run::of(command)
}

/// The command that a report names for the result.
fn again(place: &Place, run: &Run) -> Run {
    let line = run.out.lines().find_map(|line| line.trim().strip_prefix("again:").map(str::trim));
    let words: Vec<&str> = line.unwrap_or_else(|| panic!("{run:#?}")).split(' ').collect();
    assert_eq!(words[..2], ["trapline", "triage"], "{run:#?}");
    triage(place, &words[2..])
}

/// The field of a report.
fn field<'r>(run: &'r Run, name: &str) -> &'r str {
    let line = run.out.lines().find_map(|line| line.trim_start().strip_prefix(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name} in {run:#?}")).trim()
}

/// The bytes of a module in text.
fn assembled(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Functions that have nothing to do with what goes wrong in another one.
fn padding(count: usize) -> String {
    (0..count)
        .map(|at| {
            format!(
                "(func (export \"pad{at}\") (param i32 i64) (result i64) (local f64)
                   (if (result i64) (local.get 0)
                     (then (i64.add (local.get 1) (i64.const {at}000)))
                     (else (block (result i64) (i64.mul (local.get 1) (i64.load (local.get 0)))))))\n"
            )
        })
        .collect()
}

/// The trap of a report among much else.
fn reported() -> String {
    format!(
        "(module (memory (export \"m\") 3) (global (mut i32) (i32.const 9)) (table 4 funcref)
           (data (i32.const 0) \"a\") (data \"b\") (data (i32.const 8) \"123456789\")
           {}
           (func (export \"init\") (param i32 i32 i32)
             (global.set 0 (i32.add (global.get 0) (local.get 2)))
             (memory.init 2 (local.get 0) (local.get 1) (local.get 2))))",
        padding(12)
    )
}

#[test]
fn a_module_becomes_what_its_trap_takes() {
    let place = Place::new(&[("a.wat", &*reported())]);
    let words = ["a.wat", "-o", "small.wat", "--invoke", "init", "0", "9", "0"];
    let run = reduce(&place, &[&words[..], &["--keep", "has 0 bytes (active"]].concat());
    run.expect(0, &["small.wat: ", "verdict:    spec-legal trap\n", "engines:    aot\n"]);
    let text = place.read("small.wat");
    let small = assembled(&text);
    assert!(small.len() <= 80, "{} bytes: {text}", small.len());
    assert!(text.contains("memory.init") && !text.contains("pad"), "{text}");
    let shown = again(&place, &run);
    shown.expect(6, &[field(&run, "bucket"), "has 0 bytes (active, dropped at instantiation)"]);
    // What a link names is written, and the link stays.
    symlink("target.wat", place.path("link.wat")).expect("a link");
    reduce(&place, &["a.wat", "-o", "link.wat", "--invoke", "init", "0", "9", "0"])
        .expect(0, &["link.wat: "]);
    assert!(place.path("link.wat").is_symlink() && place.read("target.wat").contains("memory.init"));
    // Answers are only kept for as long as they may be needed.
    assert!(!place.path("small.wat.cache").exists());
}

#[test]
fn a_miscompile_stays_between_the_same_engines() {
    let text = format!(
        "(module (memory 1) {}
           (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2))
           (func (export \"sum\") (param i64) (result i32) (i32.add (i32.const 4) (i32.sub (call $one) (call $two)))))",
        padding(5)
    );
    let place = Place::new(&[("a.wat", &*text)]);
    let variant = ["--variant", "aot,break=relocation"];
    let run = reduce(&place, &[&["a.wat", "-o", "small.wasm"][..], &variant].concat());
    run.expect(0, &["verdict:    miscompile\n", "engines:    aot, aot-break=relocation\n"]);
    let small = fs::read(place.path("small.wasm")).expect("a module");
    assert!(small.starts_with(b"\0asm") && small.len() <= 60, "{} bytes", small.len());
    again(&place, &run).expect(11, &["engines:   aot-break=relocation; not aot, jit"]);
    // The same as a script that checks itself.
    let run = reduce(&place, &[&["a.wat", "-o", "small.wast"][..], &variant].concat());
    run.expect(0, &["verdict:    miscompile\n"]);
    let script = place.read("small.wast");
    assert!(script.contains("(assert_return (invoke \"sum\""), "{script}");
    place.run(&["wast", "small.wast"]).expect(0, &["2 pass, 0 fail"]);
}

#[test]
fn a_difference_has_the_bucket_that_triage_gives_it() {
    // More than one place of the state differs.
    let text = "(module (global (export \"a\") (mut i32) (i32.const 0)) (global (export \"b\") (mut i32) (i32.const 0))
        (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2))
        (func (export \"set\") (global.set 0 (i32.sub (call $one) (call $two))) (global.set 1 (global.get 0))))";
    let place = Place::new(&[("a.wat", text)]);
    let words = ["a.wat", "--variant", "aot,break=relocation"];
    let run = reduce(&place, &[&words[..], &["-o", "small.wat"]].concat());
    run.expect(0, &["verdict:    miscompile\n"]);
    triage(&place, &words).expect(11, &[field(&run, "bucket")]);
}

#[test]
fn what_has_a_mutant_stays() {
    let module =
        "(module (func (export \"f\") (param i32) (result i32) (i32.add (local.get 0) (i32.const 7))))";
    let script = format!(
        "(module (func (export \"g\")))\n{module}\n(assert_return (invoke \"f\" (i32.const 1)) (i32.const 8))"
    );
    let place = Place::new(&[("a.wat", module), ("a.wast", &script)]);
    let run = place.run(&["mutate", "a.wast", "--all", "--change", "operator", "--format", "json"]);
    let lines = run.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("an object"));
    let killed =
        lines.into_iter().find(|line| line["fate"] == "killed").unwrap_or_else(|| panic!("{run:#?}"));
    let mutant = killed["mutant"].as_str().expect("a mutant");
    let variant = format!("aot,mutant={mutant}");
    let run = reduce(&place, &["a.wat", "-o", "small.wat", "--variant", &variant]);
    run.expect(
        2,
        &[&*format!("failed to reduce a.wat on aot-mutant={mutant}: the mutant is of the module as it is")],
    );
    assert!(!place.path("small.wat").exists());
    let run = reduce(&place, &["a.wast", "-o", "small.wast", "--variant", &variant]);
    run.expect(
        0,
        &[
            "directives: 3 to 2\n",
            &format!("the module whose mutant aot-mutant={mutant} has stays as it was"),
        ],
    );
}

/// A script in which three directives of many matter: what one module has is changed by another.
#[test]
fn a_script_becomes_the_directives_that_matter() {
    let pads: String = (0..30)
        .map(|at| {
            format!(
                "(module $pad{at} (func (export \"f\") (param i32) (result i32) (i32.add (local.get 0) (i32.const {at}))))
                 (assert_return (invoke \"f\" (i32.const 1)) (i32.const {}))
                 (register \"pad{at}\" $pad{at})\n",
                at + 1
            )
        })
        .collect();
    let script = format!(
        ";;! multi_memory = true
        {pads}
        (module $a (memory (export \"m\") 1) (global (export \"g\") (mut i32) (i32.const 0)) (func (export \"other\")))
        (register \"a\" $a)
        {pads}
        (module $b (import \"a\" \"g\" (global (mut i32))) (func (export \"set\") (param i32) (global.set 0 (local.get 0))))
        (invoke $b \"set\" (i32.const 77))
        (assert_return (invoke $pad3 \"f\" (i32.const 7)) (i32.const 10))
        (assert_return (get $a \"g\") (i32.const 78))
        {pads}"
    );
    let place = Place::new(&[("a.wast", &*script)]);
    let run = reduce(&place, &["a.wast", "-o", "small.wast", "--keep", "got i32 77"]);
    run.expect(0, &["verdict:    the script wants something else\n", "directives: 276 to "]);
    let small = place.read("small.wast");
    assert!(small.starts_with(";;! multi_memory = true\n"), "{small}");
    assert!(small.lines().count() <= 25 && !small.contains("pad"), "{small}");
    place.run(&["wast", "small.wast"]).expect(1, &["1 fail", "assert_return"]);
}

#[test]
fn a_crash_of_the_host_and_a_panic_of_the_compiler_are_kept() {
    let crash = format!(
        "(module {}) (module (import \"trapline-hazard\" \"segfault\" (func $f)) (func (export \"calm\")) (func (export \"g\") (call $f)))
         (invoke \"calm\") (invoke \"g\") (invoke \"calm\")",
        "(memory 1)".to_owned() + &padding(3)
    );
    let panic = format!(
        "(module (memory 1) {} (func (export \"g\") (result i64) (i64.add (i64.const 7) (i64.const 0x656e696c70617274))))",
        padding(3)
    );
    let place = Place::new(&[("crash.wast", &*crash), ("panic.wat", &*panic)]);
    let run = reduce(&place, &["crash.wast", "-o", "small.wast"]);
    run.expect(0, &["verdict:    fault of the runtime or the host\n", "directives: 5 to 2\n"]);
    assert!(!place.read("small.wast").contains("calm"), "{}", place.read("small.wast"));
    let words = ["panic.wat", "-o", "small.wat", "--engine", "aot,break=panic"];
    let run = reduce(&place, &words);
    // Of the panics of the input it is said, and not of those of candidates.
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert!(run.err.matches("panicked").count() < 5, "{run:#?}");
    assert!(run.out.contains("verdict:    fault of the compiler\n"), "{run:#?}");
    assert!(assembled(&place.read("small.wat")).len() <= 45, "{}", place.read("small.wat"));
}

#[test]
fn what_hangs_and_what_is_malformed_is_reduced_too() {
    let spins = format!("(module (memory 1) {} (func (export \"spin\") (loop (br 0))))", padding(2));
    let mut malformed = assembled(&format!("(module (memory 1) {})", padding(2)));
    let at = malformed.len() - 3;
    malformed[at] = 0xff;
    let place = Place::new(&[("spin.wat", &*spins)]);
    place.write("bad.wasm", &malformed);
    let words = ["spin.wat", "-o", "spin.wasm", "--timeout", "1", "--engine", "aot", "--invoke", "spin"];
    reduce(&place, &words).expect(0, &["verdict:    resource limit\n", "runs for longer than 1 s"]);
    assert!(fs::read(place.path("spin.wasm")).expect("a module").len() <= 45);
    let run = reduce(&place, &["bad.wasm", "-o", "small.wasm", "--engine", "aot"]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    let small = fs::read(place.path("small.wasm")).expect("a module");
    assert!(small.len() * 3 < malformed.len(), "{} of {}: {run:#?}", small.len(), malformed.len());
    triage(&place, &["small.wasm"]).expect(3, &[field(&run, "bucket")]);
}

#[test]
fn without_a_fault_nothing_is_written() {
    let place = Place::new(&[
        ("fine.wast", "(module (func (export \"f\"))) (invoke \"f\")"),
        ("trap.wat", "(module (func (export \"f\") unreachable))"),
        ("junk.wast", "no directive"),
    ]);
    let run = reduce(&place, &["fine.wast", "-o", "small.wast"]);
    run.expect(4, &["failed to find a fault: every directive passes on every engine"]);
    let run = reduce(&place, &["trap.wat", "-o", "small.wat", "--keep", "segment"]);
    run.expect(4, &["no finding says `segment`; the gravest is: spec-legal trap"]);
    let run = reduce(&place, &["trap.wat", "-o", "trap.wat"]);
    run.expect(2, &["it would overwrite trap.wat, which is an input"]);
    let run = reduce(&place, &["fine.wast", "-o", "small.wasm"]);
    run.expect(2, &["fine.wast is a script, and so is what it is reduced to"]);
    reduce(&place, &["trap.wat", "-o", "missing/small.wat"])
        .expect(70, &["failed to write missing/small.wat"]);
    let run = reduce(&place, &["junk.wast", "-o", "small.wast"]);
    run.expect(2, &["failed to read junk.wast as a script: "]);
    let left: Vec<_> = fs::read_dir(place.folder()).expect("a folder").collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

/// A program of the user's.
fn program(place: &Place, name: &str, text: &str) {
    place.write(name, format!("#!/bin/sh\n{text}\n"));
    fs::set_permissions(place.path(name), fs::Permissions::from_mode(0o755)).expect("permissions");
}

#[test]
fn a_command_of_the_user_decides() {
    let place = Place::new(&[("a.wat", &*reported())]);
    program(&place, "check", "grep -q memory.init \"$1\" && exit 0\ngrep -q data \"$1\" && exit 101\nexit 1");
    let run = reduce(&place, &["a.wat", "-o", "small.wat", "--command", "./check"]);
    run.expect(0, &["small.wat: "]);
    let text = place.read("small.wat");
    assert!(text.contains("memory.init") && assembled(&text).len() < 70, "{text}");
    let aside = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with("small.aside-");
    let kept: Vec<_> = fs::read_dir(place.folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry"))
        .filter(aside)
        .collect();
    assert!(!kept.is_empty());
    for entry in kept {
        let text = fs::read_to_string(entry.path()).expect("text");
        assert!(text.contains("data") && !text.contains("memory.init"), "{text}");
    }
    // What does not depend on the input says nothing.
    let run = reduce(&place, &["a.wat", "-o", "other.wat", "--command", "true"]);
    run.expect(1, &["failed to tell the fault from nothing: the empty module shows it, too"]);
    let run = reduce(&place, &["a.wat", "-o", "other.wat", "--command", "false"]);
    run.expect(4, &["failed to find a fault: the input does not show it"]);
    let run = reduce(&place, &["a.wat", "-o", "other.wat", "--command", "./missing"]);
    run.expect(2, &["failed to run ./missing"]);
    assert!(!place.path("other.wat").exists());
}

#[test]
fn a_fault_that_comes_at_times_takes_more_runs() {
    let place = Place::new(&[("a.wat", &*reported())]);
    // Every second time.
    program(
        &place,
        "check",
        "n=$(cat n 2>/dev/null || echo 0)\necho $((n + 1)) > n\n[ $((n % 2)) = 0 ] && grep -q memory.init \"$1\"",
    );
    let words = ["a.wat", "-o", "small.wat", "--command", "./check"];
    reduce(&place, &words)
        .expect(1, &["failed to see the fault every time: ", " of 3 runs show it (--flaky N"]);
    assert!(!place.path("small.wat").exists());
    reduce(&place, &[&words[..], &["--flaky", "2"]].concat()).expect(0, &["small.wat: "]);
    let text = place.read("small.wat");
    assert!(text.contains("memory.init") && assembled(&text).len() < 70, "{text}");
}

/// A search that is interrupted leaves the best so far, and the next one goes on from there.
#[test]
fn an_interrupted_search_goes_on_where_it_was() {
    let place = Place::new(&[("a.wat", &*reported())]);
    program(&place, "check", "echo >> asked\nsleep 0.02\ngrep -q memory.init \"$1\"");
    let words = ["reduce", "-j1", "a.wat", "-o", "small.wat", "--command", "./check"];
    let whole = assembled(&reported()).len();
    let mut command = place.command(&words);
    let mut started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let begin = Instant::now();
    let smaller = || {
        let text = fs::read_to_string(place.path("small.wat")).unwrap_or_default();
        wat::parse_str(&text).is_ok_and(|wasm| wasm.len() * 2 < whole)
    };
    while !(smaller()) {
        assert!(begin.elapsed() < Duration::from_secs(60), "it gets nowhere");
        thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-TERM", &started.id().to_string()]).status();
    assert!(sent.expect("it starts").success());
    assert_eq!(started.wait().expect("it ends").signal(), Some(15));
    let half = place.read("small.wat");
    // As text, or as strings of its bytes.
    let kept = wat::parse_str(&half).expect("a module");
    assert!(kept.windows(2).any(|bytes| bytes == [0xfc, 0x08]), "no memory.init: {half}");
    assert!(place.path("small.wat.cache").exists());
    let asked = place.read("asked").lines().count();
    let run = place.run(&[&words[..], &["--json"]].concat());
    run.expect(0, &["\"end\":\"smallest\""]);
    let line: Value = serde_json::from_str(&run.out).expect("one object");
    let number = |key: &str| line[key].as_u64().expect("a number");
    // Those of the checks come again.
    assert!(number("cache_hits") + 10 > asked as u64, "{asked} before, {line}");
    assert!(number("bytes_after") < 70, "{line}");
    assert!(!place.path("small.wat.cache").exists());
}

/// An interruption before the search has no result, and says so.
#[test]
fn an_interruption_before_the_search_says_that_there_is_no_result() {
    let place = Place::new(&[("a.wat", &*reported())]);
    program(&place, "check", "echo >> asked\nsleep 60");
    let words = ["reduce", "-j1", "a.wat", "-o", "small.wat", "--command", "./check", "--timeout", "60"];
    let mut command = place.command(&words);
    let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let begin = Instant::now();
    while !place.path("asked").exists() {
        assert!(begin.elapsed() < Duration::from_secs(60), "it gets nowhere");
        thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-TERM", &started.id().to_string()]).status();
    assert!(sent.expect("it starts").success());
    let ended = started.wait_with_output().expect("it ends");
    assert_eq!(ended.status.signal(), Some(15));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("interrupted before the search, so that there is no result"), "{said}");
    assert!(!place.path("small.wat").exists() && !place.path("small.wat.cache").exists());
}

/// A call that does not end on one engine takes nothing from what is known of the others.
#[test]
fn what_ends_on_one_engine_alone_is_the_fault() {
    let script = r#"(module (func (export "fine") (result i32) (i32.const 42)) (func (export "f") (param i32)
  (loop $again (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $again (i32.ne (local.get 0) (i32.const 0))))))
(invoke "fine")
(invoke "f" (i32.const 3))
(assert_return (invoke "fine") (i32.const 42))
"#;
    let place = Place::new(&[("a.wast", script)]);
    // The search would wait for each candidate that shows it.
    let words =
        ["a.wast", "-o", "small.wast", "--variant", "aot,break=operands", "--timeout", "2", "--time", "1"];
    let wanted =
        ["verdict:    miscompile\n", "what:       it runs for longer than 2 s\n", "directives: 4 to 2\n"];
    reduce(&place, &words).expect(0, &wanted);
}

/// What the specification leaves open is no fault.
#[test]
fn bits_of_nans_are_no_fault() {
    let script = r#"(module (memory (export "m") 1) (func (export "f") (param f32)
  (f32.store (i32.const 0) (f32.add (local.get 0) (f32.const 1)))))
(invoke "f" (f32.const nan:0x200001))
(assert_return (invoke "f" (f32.const 0)) (i32.const 1))
"#;
    let place = Place::new(&[("a.wast", script)]);
    let run = reduce(&place, &["a.wast", "-o", "small.wast", "--variant", "aot,nan=canonical"]);
    run.expect(0, &["verdict:    the script wants something else\n"]);
}
