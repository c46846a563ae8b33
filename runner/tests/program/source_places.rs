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
