//! `trapline triage`: which function makes engines disagree or cannot be compiled, and objects.

use crate::place::{Place, Run};
use serde_json::Value;

/// The program, with faults that are made on purpose.
fn triage(place: &Place, arguments: &[&str]) -> Run {
    let mut command = place.command(&[&["triage"], arguments].concat());
    command.env("TRAPLINE_HAZARDS", "1");
    Run::of(command)
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:#?}"))
}

/// Several functions make calls; one of them calls another function than it should.
const CALLS: &str = "(module
  (func $none (export \"none\") (param i64) (result i64) (local.get 0))
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func $first (export \"first\") (param i64) (result i32) (i32.add (call $one) (call $two)))
  (func $second (export \"second\") (param i64) (result i32) (i32.sub (call $one) (call $two)))
  (func $third (export \"third\") (param i64) (result i32) (i32.mul (call $one) (call $two))))
";

#[test]
fn a_miscompile_is_traced_to_the_function() {
    let place = Place::new(&[("calls.wat", CALLS)]);
    let arguments = ["calls.wat", "--variant", "jit,opt=none,break=relocation"];
    let run = triage(&place, &[&arguments[..], &["--report", "calls.md"]].concat());
    run.expect(
        11,
        &[
            "calls.wat: miscompile\n",
            "blame:     function 3 <first>: with the code of jit-none-break=relocation for it alone the difference is there\n",
            "offset:    its code differs first at 0x",
            "takes:     break=relocation\n",
            "pass:      none that can be left out makes the difference",
            "all 6 functions with the code of jit-none-break=relocation: the difference is there\n",
            "all functions but function 3 <first>: the difference is gone\n",
            "with opt=speed instead: the difference is there\n",
            "with break=nothing instead: the difference is gone\n",
            "its machine code, about the first difference:\n",
            "call wasm[0]::function[1]::one",
        ],
    );
    let agrees = run.out.contains("oracle:    wasmi does what aot does\n");
    assert_eq!(agrees, cfg!(feature = "oracles"), "{run:#?}");
    // Both sides of the one line that differs.
    let different: Vec<&str> = run.out.lines().filter(|line| line.contains(" > ")).collect();
    let [line] = *different else { panic!("{run:#?}") };
    assert!(line.contains("call wasm[0]::function[1]::one ") && line.contains("function[2]::two"), "{line}");
    let markdown = place.read("calls.md");
    for part in [
        "| Blame | function 3 <first>: ",
        "| Takes | break=relocation |",
        "\n## What was tried\n\n- jit-none-break=relocation once more: the difference is there\n",
        "\n## CLIF as translated, the same on both sides\n\n```text\n; wasm[0]::function[3]::first [i64] -> [i32]\n",
        "\n## CLIF after the passes, aot\n",
        "\n## Machine code\n",
    ] {
        assert!(markdown.contains(part), "{part}: {markdown}");
    }
    let again = json(&triage(&place, &[&arguments[..], &["--format", "json"]].concat()));
    let blame = &again["blame"];
    assert_eq!(blame["functions"], serde_json::json!([{ "index": 3, "name": "first", "line": null }]));
    assert_eq!((&blame["reference"], &blame["engine"]), (&"aot".into(), &"jit-none-break=relocation".into()));
    assert!(blame["sides"]["left"]["code"].as_array().is_some_and(|code| !code.is_empty()), "{again}");
    // The same input gives the same report.
    let before = place.read("calls.md");
    triage(&place, &[&arguments[..], &["--report", "calls.md"]].concat());
    assert_eq!(place.read("calls.md"), before);
}

#[test]
fn the_difference_takes_all_properties_that_make_it() {
    // Only the last of the functions accesses memory at its end.
    let functions: String = (0..9)
        .map(|at| {
            format!("(func (export \"f{at}\") (param i32) (i64.store (i32.shl (local.get 0) (i32.const 8)) (i64.const {at})))\n")
        })
        .collect();
    let text = format!(
        "(module (memory 1)\n{functions}(func $last (export \"last\") (param i32) (i64.store (local.get 0) (i64.const 1))))"
    );
    let place = Place::new(&[("bounds.wat", &*text)]);
    let variant = "aot,opt=speed_and_size,memory=checked,break=bounds";
    let run = triage(&place, &["bounds.wat", "--invoke", "last", "65535", "--variant", variant]);
    assert!(matches!(run.code, Some(11 | 12)), "{run:#?}");
    // Of the properties, only those that matter are shown beside the code.
    let head = run.out.lines().find(|line| line.trim_start().starts_with("aot  ")).expect("columns");
    assert!(head.ends_with(" | aot-checked-break=bounds"), "{head}");
    for part in [
        "blame:     function 9 <last>: with the code of aot-speed_and_size-checked-break=bounds for it alone",
        "takes:     memory=checked and break=bounds\n",
        "with opt=speed instead: the difference is there\n",
        "with memory=guarded instead: the difference is gone\n",
        "halving, ",
    ] {
        assert!(run.out.contains(part), "{part}: {run:#?}");
    }
}

/// The fault is in the callee. What is different shows in the caller.
#[test]
fn the_callee_is_to_blame_and_not_the_caller_that_shows_it() {
    let text = "(module
      (func (export \"a\") (param i32 i32) (result i32) (i32.const 1))
      (func $sub (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))
      (func (export \"b\") (param i32 i32) (result i64) (i64.extend_i32_u (call $sub (local.get 0) (local.get 1)))))";
    let place = Place::new(&[("sub.wat", text)]);
    let run = triage(&place, &["sub.wat", "--variant", "break=operands", "--repeat", "1"]);
    let blamed = "blame:     function 1 <sub>: with the code of aot-break=operands for it alone the difference is there\n";
    run.expect(11, &[blamed, "takes:     break=operands\n"]);
    // What it says to run shows the same.
    let again = run.out.lines().find_map(|line| line.trim().strip_prefix("again:     trapline "));
    let again: Vec<&str> = again.expect("a command").split(' ').collect();
    assert_eq!(again[..5], ["compare", "--variant", "aot", "--variant", "aot,break=operands"]);
    place.run(&again).expect(1, &["diverged"]);
}

/// A function of one module of a script, called by another module.
#[test]
fn functions_of_several_modules_are_told_apart() {
    let script = "(module $a (func (export \"a\") (result i32) (i32.const 7)))
(register \"a\" $a)
(module
  (import \"a\" \"a\" (func $a (result i32)))
  (func $one (result i32) (call $a)) (func $two (result i32) (i32.const 2))
  (func (export \"sum\") (result i32) (call $one)))
(assert_return (invoke \"sum\") (i32.const 7))
";
    let place = Place::new(&[("several.wast", script)]);
    let run = triage(&place, &["several.wast", "--variant", "aot,break=relocation"]);
    run.expect(
        11,
        &["blame:     function 3 <sum> of the module at line 3: with the code of aot-break=relocation"],
    );
}

#[test]
fn a_panic_of_the_compiler_has_its_function_and_clif() {
    let text = "(module (func (export \"f\") (result i64) (i64.const 4))
        (func $bad (export \"g\") (result i64) (i64.add (i64.const 7) (i64.const 0x656e696c70617274))))";
    let place = Place::new(&[("panic.wat", text)]);
    let arguments = ["panic.wat", "--variant", "aot,break=panic", "--report", "panic.md"];
    let run = triage(&place, &arguments);
    assert_eq!(run.code, Some(10), "{run:#?}");
    for part in [
        "  function:  wasm[0]::function[1]::bad\n",
        "  pass:      translation from WebAssembly to CLIF\n",
        "  layer:     translate\n",
        "\nCLIF of wasm[0]::function[1]::bad, as far as it came:\n  function u0:1(",
    ] {
        assert!(run.out.contains(part), "{part}: {run:#?}");
    }
    let markdown = place.read("panic.md");
    assert!(markdown.contains("| Function | wasm[0]::function[1]::bad |"), "{markdown}");
    assert!(markdown.contains("```text\nfunction u0:1("), "{markdown}");
    let line = json(&triage(&place, &[&arguments[..3], &["--format", "json"]].concat()));
    assert_eq!(
        (&line["diagnosis"]["function"], &line["diagnosis"]["stage"]),
        (&1.into(), &"translate".into())
    );
}

#[test]
fn an_object_is_checked_and_run() {
    let place = Place::new(&[
        ("fine.wat", "(module (import \"env\" \"log\" (func $log)) (memory 1) (global (mut i32) (i32.const 0))
            (func (export \"f\") (param i32) (result i32) (call $log) (i32.add (local.get 0) (i32.const 1))))"),
        (
            "div.wat",
            "(module (func (export \"d\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))",
        ),
        ("deep.wat", "(module (func $f (export \"f\") (call $f)))"),
    ]);
    for (name, more) in [("fine", &[][..]), ("div", &["--memory", "checked"]), ("deep", &[])] {
        let (text, object) = (format!("{name}.wat"), format!("{name}.o"));
        let compiled = place.run(&[&["compile", &text, "-o", &object], more].concat());
        assert_eq!(compiled.code, Some(0), "{compiled:#?}");
    }
    let run = place.run(&["triage", "fine.o", "--repeat", "7"]);
    run.expect(
        0,
        &[
            "fine.o: no fault found\n",
            "on 2 engines and variants, 7 times on aot\n",
            "without:   jit, linked, other variants, and engines of others: the object does not hold its module (",
            "again:     trapline triage fine.o --calls 12 --imports zero\n",
        ],
    );
    let run = place.run(&["triage", "div.o", "--invoke", "d", "1", "0"]);
    run.expect(6, &["div.o: spec-legal trap\n", "engines:   all: aot-checked, aot-checked-gc\n"]);
    place.run(&["triage", "deep.o"]).expect(8, &["deep.o: resource limit\n"]);
    place.run(&["triage", "fine.o", "--invoke", "g"]).expect(2, &["no function is exported as `g`"]);
    let refused = place.run(&["triage", "fine.o", "--variant", "opt=none"]);
    refused.expect(2, &["failed to use --variant with fine.o: it is compiled already"]);

    // What is damaged is not run.
    let object = std::fs::read(place.path("fine.o")).expect("an object");
    let header = [&b"trapline"[..], &trapline_abi::artifact::VERSION.to_le_bytes()].concat();
    let header = object.windows(header.len()).position(|bytes| bytes == header).expect("a header");
    let damaged = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = object.clone();
        change(&mut bytes);
        bytes
    };
    let flipped = damaged(&|bytes| bytes[header + 100] ^= 1);
    let version = damaged(&|bytes| bytes[header + 8] ^= 1);
    let cut = damaged(&|bytes| bytes.truncate(100));
    let mut buckets = Vec::new();
    for (name, bytes, rule) in [
        ("flipped.o", flipped, "content hash and frame hash match"),
        ("version.o", version, "an object has the version of the format that this build reads"),
        ("cut.o", cut, "an object is an ELF file whose headers and sections lie within it"),
    ] {
        place.write(name, bytes);
        let run = place.run(&["triage", name, "--format", "json"]);
        assert_eq!(run.code, Some(3), "{run:#?}");
        let line = json(&run);
        assert_eq!(line["verdict"], "malformed");
        let finding = &line["findings"][0];
        assert_eq!(finding["layer"], "object");
        assert!(finding["rule"].as_str().is_some_and(|found| found.contains(rule)), "{line}");
        buckets.push(line["bucket"].clone());
    }
    buckets.dedup();
    assert_eq!(buckets.len(), 3);
    place.run(&["triage", "cut.o"]).expect(3, &["layer:     object\n", "engines:   none, it is not run\n"]);
}
