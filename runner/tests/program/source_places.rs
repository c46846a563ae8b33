//! Lines and columns of text modules, in reports and on the command line.

use super::place::Place;
use serde_json::Value;

/// The directives that did not pass, of a script of this text.
fn records(place: &Place, text: &str) -> Vec<Value> {
    place.write("a.wast", text);
    let run = place.run(&["wast", "a.wast", "--format", "json"]);
    let lines = run.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|line| line["type"] == "directive" && line["outcome"] != "pass").collect()
}

/// The word of the script at a line and a column of a report.
fn word<'t>(text: &'t str, line: &Value, col: &Value) -> &'t str {
    let (Some(line), Some(col)) = (line.as_u64(), col.as_u64()) else { return "-" };
    let line = text.lines().nth(line as usize - 1).expect("such a line");
    line[col as usize - 1..].split([' ', ')', '"']).next().unwrap_or_default()
}

#[test]
fn traps_and_frames_have_places_in_the_script() {
    let text = r#"(; é ;) (module $a (func $trap (export "trap") (; 💥 ;) (unreachable)) (func (export "div") (param i32)
  (drop (i32.div_s (i32.const 1) (local.get 0)))))
(register "a" $a)
(module (import "a" "trap" (func $imported)) (func $outer (export "outer") nop (call $imported)))
(invoke "outer")
(invoke $a "div" (i32.const 0))
(module definition $d (func $s (i32.store (i32.const 65536) (i32.const 0))) (memory 1) (start $s))
(module instance $i $d)
(module quote "(func (export \"q\")" " unreachable)")
(invoke "q")
(module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\07\05\01\01b\00\00\0a\05\01\03\00\00\0b")
(invoke "b")
(module (memory 1) (data (i32.const 65536) "x"))
"#;
    let place = Place::empty();
    let records = records(&place, text);
    let traps: Vec<_> = records.iter().map(|record| &record["trap"]).collect();
    let words: Vec<_> = traps.iter().map(|trap| word(text, &trap["line"], &trap["col"])).collect();
    assert_eq!(words, ["unreachable", "i32.div_s", "i32.store", "unreachable", "-", "-"], "{traps:#?}");
    let frames = traps[0]["frames"].as_array().expect("frames");
    let words: Vec<_> =
        frames.iter().map(|frame| word(text, &frame["place"]["line"], &frame["place"]["col"])).collect();
    assert_eq!(words, ["unreachable", "call"]);
    let run = place.run(&["wast", "a.wast"]);
    run.expect(1, &["in function 0 <trap> at offset 0x", "(line 1, column 61)"]);
}

#[test]
fn refusals_have_places_in_the_script() {
    let text = r#"(module (memory 1))
(module (func (export "é") nop) (func (result i32)
  (i32.add (i64.const 1) (i32.const 2))))
(assert_trap (module (global i32 (i64.const 7))) "x")
(module quote "(func (result i32)\n" "\u{28}i64.const 7))")
(module (memory 1) (data (i64.const 3)))
(thread $t (module (func (drop (f32.neg (i32.const 1))))))
(wait $t)
"#;
    let place = Place::empty();
    let records = records(&place, text);
    let found: Vec<_> = records
        .iter()
        .map(|record| {
            let at = &record["typed"]["fail"]["got"]["refused"]["place"];
            word(text, &at["line"], &at["col"])
        })
        .collect();
    assert_eq!(found, ["i32.add", "global", "func", "data", "f32.neg"], "{records:#?}");
}

#[test]
fn commands_for_single_modules_name_the_place_in_the_text() {
    let place = Place::new(&[
        (
            "trap.wat",
            "(; é ;)\n(module\n (func $f (param i32) (i32.div_u (i32.const 1) (local.get 0)) drop)\n (func (export \"g\") (call $f (i32.const 0))))",
        ),
        ("fields.wat", "(memory 1)\n(func (export \"g\") (drop (i32.load (i32.const 65536))))"),
        ("bad.wat", "(module (func)\n  (func (result i32) (i64.const 7)))"),
        ("start.wat", "(module (func $s\n  unreachable) (start $s))"),
    ]);
    let run = |arguments: &[&str]| place.run(arguments);
    run(&["run", "trap.wat", "--invoke", "g"]).expect(
        6,
        &[
            "integer divide by zero in function 0 <f> at offset 0x",
            " (line 3, column 24)\n",
            "\n  in function 1 <g> at offset 0x",
            "(line 4, column 22)\n",
        ],
    );
    run(&["run", "fields.wat", "--invoke", "g"]).expect(6, &[" (line 2, column 27): "]);
    run(&["run", "start.wat"])
        .expect(6, &["unreachable in function 0 <s> at offset 0x", " (line 2, column 3)"]);
    for command in [&["validate", "bad.wat"][..], &["compile", "bad.wat", "-o", "x.o"], &["run", "bad.wat"]] {
        let code = if command[0] == "run" { 3 } else { 1 };
        run(command).expect(
            code,
            &["invalid module in function 1 at offset 0x", " (line 2, column 4): type mismatch"],
        );
    }
    // A binary has no text.
    run(&["compile", "trap.wat", "-o", "a.o"]).expect(0, &[]);
    let run = run(&["run", "a.o", "--invoke", "g"]);
    run.expect(6, &["integer divide by zero in function 0 <f> at offset 0x"]);
    assert!(!run.err.contains("(line"), "{run:#?}");
}

/// The load of code that does not check its bounds, on purpose, in a memory that has no room.
#[test]
fn crashes_have_places_in_the_script() {
    let text = "(module (memory 0) (func $peek (export \"peek\") (param i32) (result i32)\n  (i32.load (local.get 0))))\n(invoke \"peek\" (i32.const 0))";
    let place = Place::new(&[("a.wast", text)]);
    // Both crash alike, so there is no divergence.
    let variants = ["aot,memory=checked,break=bounds", "jit,memory=checked,break=bounds"];
    let arguments =
        ["compare", "a.wast", "--variant", variants[0], "--variant", variants[1], "--format", "json"];
    let run = place.run(&arguments);
    let lines = run.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let crash =
        lines.into_iter().find(|line| line["outcome"] == "crash").unwrap_or_else(|| panic!("{run:#?}"));
    let at = &crash["typed"]["crash"]["fault"]["place"];
    assert_eq!(word(text, &at["source"]["line"], &at["source"]["col"]), "i32.load", "{crash:#}");
    assert_eq!(at["function"]["name"], "peek");
    let actual = crash["actual"].as_str().expect("a text");
    assert!(
        actual.contains("in wasm function 0 <peek> at offset 0x") && actual.contains("(line 2, column 4)")
    );
}

/// A refusal names the function as a trap does, in scripts and single modules, text and binary.
#[test]
fn refusals_name_the_function() {
    let text = "(module (func) (func $wrong (result i32)\n  i64.const 0))";
    let place = Place::new(&[("a.wast", text), ("a.wat", text)]);
    let named = "invalid module in function 1 <wrong> at offset 0x";
    place.run(&["wast", "a.wast"]).expect(1, &[named, "(line 1, column 17): type mismatch"]);
    place.run(&["validate", "a.wat"]).expect(1, &[named, "(line 1, column 17): type mismatch"]);
    place.write("a.wasm", wat::parse_str(text).expect("a module"));
    place.run(&["validate", "a.wasm"]).expect(1, &[named]);
}

/// A trap in the text of a module shows that line, also if the directive that trapped is elsewhere.
#[test]
fn a_trap_shows_the_line_where_it_happened() {
    let module = "(module\n  (func $div (param i32) (result i32) (i32.div_s (i32.const 7) (local.get 0)))\n\
                  \x20 (func (export \"f\") (result i32)\n    (call $div (i32.const 0))))\n";
    let script = format!("{module}(assert_return (invoke \"f\") (i32.const 0))\n(invoke \"f\")\n");
    let place = Place::new(&[("a.wast", &*script)]);
    let shown = "    2 |   (func $div (param i32) (result i32) (i32.div_s (i32.const 7) (local.get 0)))\n      \
                 |                                        ^\n    rerun:";
    let run = place.run(&["wast", "a.wast", "--report", "json=a.jsonl"]);
    run.expect(1, &["fail a.wast:5:1 assert_return", "fail a.wast:6:1 invoke"]);
    assert_eq!(run.out.matches(shown).count(), 2, "{}", run.out);
    // A report that is shown later does not need the script.
    std::fs::remove_file(place.path("a.wast")).expect("it is there");
    let again = place.run(&["report", "show", "a.jsonl"]);
    assert_eq!(again.out.matches(shown).count(), 2, "{}", again.out);
    // In the directive's own text, the line is shown once.
    let start = "(module\n  (func $f\n    unreachable)\n  (start $f))\n";
    place.write("b.wast", start);
    let run = place.run(&["wast", "b.wast"]);
    assert_eq!(run.out.matches("3 |     unreachable)\n      |     ^\n").count(), 1, "{}", run.out);
}
