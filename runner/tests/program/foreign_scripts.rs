//! Scripts as other engines have them: their names, their texts, their headers.

use super::place::{Place, Run};
use serde_json::Value;
use std::path::Path;

/// The scripts in `foreign/`. Those of wasmtime pass in its dialect only.
const SCRIPTS: [&str; 10] = [
    "v8",
    "wabt",
    "wasmer",
    "wasmi",
    "wasmtime-control",
    "wasmtime-gc",
    "wasmtime-memories",
    "wasmtime-names",
    "wasmtime-texts",
    "wasmtime-threads",
];

fn script(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/foreign").join(name);
    path.with_extension("wast").to_str().expect("text").to_owned()
}

fn summary(run: &Run) -> Value {
    let last = run.out.lines().last().expect("a summary");
    serde_json::from_str::<Value>(last).expect("JSON")["engines"]["aot"].clone()
}

#[test]
fn scripts_of_other_engines_run_unmodified() {
    let place = Place::empty();
    for name in SCRIPTS {
        let (path, wasmtime) = (script(name), name.starts_with("wasmtime"));
        for arguments in [&["wast", &path][..], &["wast", "--no-isolate", &path]] {
            let run = place.run(&[arguments, &["--format", "json"]].concat());
            let summary = summary(&run);
            assert_eq!(run.code, Some(0), "{name}: {run:#?}");
            assert_eq!(summary["pass"], summary["directives"], "{name}");
            assert!(summary["pass"].as_u64().is_some_and(|count| count >= 8), "{name}: {summary}");
        }
        let as_spec = place.run(&["wast", "--dialect", "spec", &path]);
        assert_eq!(as_spec.code, Some(i32::from(wasmtime)), "{name}: {as_spec:#?}");
        if !wasmtime {
            place.run(&["wast", "--dialect", "wasmtime", &path]).expect(0, &[]);
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/foreign");
    let files = std::fs::read_dir(folder).expect("a folder").count();
    assert_eq!(files, SCRIPTS.len(), "every file of the folder is run");
}

#[test]
fn comparing_and_auditing_follow_the_dialect() {
    let place = Place::empty();
    let path = script("wasmtime-names");
    place.run(&["compare", "--engine", "aot,jit", &path]).expect(0, &["ok in "]);
    place.run(&["compare", "--engine", "aot,jit", "--dialect", "spec", &path]).expect(1, &["--dialect spec"]);
    place.run(&["audit", &path]).expect(0, &["0 survived"]);
    place.run(&["audit", &script("v8")]).expect(0, &["0 survived"]);
}

const NAMED: &str = "(module $a (func (export \"f\")))\n(module (import \"a\" \"f\" (func)))\n";

#[test]
fn a_header_without_a_bug_is_wasmtimes() {
    let place = Place::new(&[
        ("plain.wast", NAMED),
        ("theirs.wast", &format!(";;! simd = true\n{NAMED}")),
        ("ours.wast", &format!(";;! simd = true\n;;! [bug]\n;;! id = \"x\"\n{NAMED}")),
    ]);
    place.run(&["wast", "plain.wast"]).expect(1, &["unknown import"]);
    place.run(&["wast", "ours.wast"]).expect(1, &["unknown import"]);
    place.run(&["wast", "theirs.wast"]).expect(0, &["2 pass"]);
    place
        .run(&["wast", "theirs.wast", "--dialect", "spec"])
        .expect(1, &["rerun:    trapline wast --dialect spec theirs.wast --only theirs.wast:3"]);
    place.run(&["wast", "plain.wast", "--dialect", "wasmtime"]).expect(0, &["2 pass"]);
    // An instance that was to have the name stands in the way of those that import it.
    place.write(
        "failed.wast",
        ";;! simd = true\n(module $a (func (export \"f\") (nopp)))\n(module (import \"a\" \"f\" (func)))",
    );
    place.run(&["wast", "failed.wast"]).expect(1, &["1 directive by failed.wast:2 (fail)"]);
}

#[test]
fn headers_that_ask_for_what_is_not_built() {
    let place = Place::empty();
    for (key, proposal) in [
        ("component_model_async", "component-model-async"),
        ("stack_switching", "stack-switching"),
        ("shared_everything_threads", "shared-everything-threads"),
        ("nan_canonicalization", "nan-canonicalization"),
    ] {
        place.write("a.wast", format!(";;! {key} = true\n(module)\n(assert_invalid (module) \"x\")"));
        for isolation in [&[][..], &["--no-isolate"]] {
            let run = place.run(&[&["wast", "a.wast"], isolation].concat());
            run.expect(1, &["a.wast: 0 pass, 2 unsupported", &format!("    needs:    {proposal}\n")]);
        }
        place.write("a.wast", format!(";;! {key} = false\n(module)"));
        place.run(&["wast", "a.wast"]).expect(0, &["1 pass"]);
    }
    place.write("a.wast", ";;! stack_switching = true\n(module)");
    place.run(&["wast", "a.wast", "-W", "-stack-switching"]).expect(0, &["1 pass"]);
    place.write("a.wast", ";;! nan_canonicalization = true\n(module)");
    let canonical = ["compare", "a.wast", "--variant", "aot,nan=canonical", "--variant", "jit,nan=canonical"];
    place.run(&canonical).expect(0, &["1 pass"]);
    place.write("a.wast", ";;! no_such_key = true\n(module)");
    place.run(&["wast", "a.wast"]).expect(1, &["a.wast:1:5: unknown key `no_such_key`"]);
}

const TRAPS: &str = "\
(module (memory 1) (table 1 funcref)
  (func (export \"load\") (drop (i32.load (i32.const -4))))
  (func (export \"null\") (param i32) (call_indirect (local.get 0)))
  (func (export \"divide\") (drop (i32.rem_u (i32.const 9) (i32.const 0))))
  (func (export \"stop\") unreachable)
  (func (export \"get\") (drop (table.get 0 (i32.const 9)))))
";

fn assert_trap(name: &str, text: &str) -> String {
    format!("(assert_trap (invoke {name}) {text:?})\n")
}

#[test]
fn texts_are_beginnings_or_with_strict_whole() {
    let taken = [
        ("\"load\"", "out of bounds"),
        ("\"load\"", "out of bounds memory"),
        ("\"load\"", ""),
        ("\"divide\"", "integer"),
        ("\"stop\"", "unreach"),
        ("\"get\"", "out of bounds table"),
        ("\"stop\"", "wasm `unreachable` instruction executed"),
    ];
    let whole = [
        ("\"null\" (i32.const 0)", "uninitialized element 0"),
        ("\"null\" (i32.const 0)", "uninitialized element"),
        ("\"null\" (i32.const 5)", "undefined element 5"),
        ("\"stop\"", "unreachable"),
    ];
    let refused = [
        ("\"null\" (i32.const 0)", "uninitialized element 7"),
        ("\"null\" (i32.const 5)", "undefined element 0"),
        ("\"stop\"", "unreachable code reached"),
        ("\"divide\"", "integer divide by zero or overflow"),
    ];
    let script = |texts: &[(&str, &str)]| {
        TRAPS.to_owned() + &texts.iter().map(|(name, text)| assert_trap(name, text)).collect::<String>()
    };
    let place = Place::empty();
    for engine in ["aot", "jit"] {
        place.write("a.wast", script(&[&taken[..], &whole[..]].concat()));
        place.run(&["wast", "--engine", engine, "a.wast"]).expect(0, &["12 pass"]);
        place.write("a.wast", script(&refused));
        place.run(&["wast", "--engine", engine, "a.wast"]).expect(1, &["1 pass, 4 fail", "index=5; "]);
    }
    place.write("a.wast", script(&whole));
    place.run(&["wast", "--texts", "strict", "a.wast"]).expect(0, &["5 pass"]);
    place.write("a.wast", script(&taken));
    let strict = place.run(&["wast", "--texts", "strict", "a.wast"]);
    strict.expect(1, &["1 pass, 7 fail", "rerun:    trapline wast --texts strict a.wast --only a.wast:7"]);
    let json = place.run(&["wast", "--texts", "strict", "--format", "json", "a.wast"]);
    let first: Value = serde_json::from_str(json.out.lines().next().expect("a line")).expect("JSON");
    assert_eq!(
        (&first["type"], &first["texts"], &first["dialect"]),
        (&"run".into(), &"strict".into(), &Value::Null)
    );
    place
        .run(&["compare", "--engine", "aot,jit", "--texts", "strict", "a.wast"])
        .expect(1, &["--texts strict"]);
}

/// Each example of the documentation passes as it stands.
#[test]
fn the_examples_of_the_documentation_pass() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scripts.md");
    let text = std::fs::read_to_string(path).expect("the documentation");
    let examples: Vec<&str> =
        text.split("```wast\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert_eq!(examples.len(), 4);
    let place = Place::empty();
    for example in examples {
        place.write("a.wast", example);
        place.run(&["wast", "a.wast"]).expect(0, &["0 fail\nok in "]);
    }
}
