//! `trapline mutate`: which broken engines a script notices.

use crate::place::{Place, Run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A function that is checked, one whose result is dropped, one that is never called, and a loop.
const SCRIPT: &str = r#"(module
  (func $checked (export "checked") (param i32) (result i32) (i32.sub (local.get 0) (i32.const 7)))
  (func $dropped (param i32) (result i32) (i32.xor (local.get 0) (i32.const 9)))
  (func (export "drop") (param i32) (drop (call $dropped (local.get 0))))
  (func $idle (export "idle") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 3)))
  (func $looping (export "loop") (param i32)
    (loop $again
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $again (local.get 0)))))
(assert_return (invoke "checked" (i32.const 10)) (i32.const 3))
(assert_return (invoke "drop" (i32.const 10)))
(assert_return (invoke "loop" (i32.const 10)))
(module (func (export "f") (param i32) (result i64) (v128.load (i32.const 0)) (i64.const 0)))
"#;

fn lines(run: &Run) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    run.out.lines().map(parse).collect()
}

/// The fates of the mutants of each function.
fn fates(lines: &[Value]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut fates: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line["type"] == "mutant") {
        let [name, fate] = ["name", "fate"].map(|key| line[key].as_str().unwrap_or_default());
        fates.entry(name).or_default().insert(fate);
    }
    fates
}

#[test]
fn a_mutant_is_killed_where_its_result_is_checked() {
    let place = Place::new(&[("s.wast", SCRIPT)]);
    let json = place.run(&["mutate", "s.wast", "--all", "--timeout", "1", "--format", "json"]);
    assert_eq!(json.code, Some(0), "{json:#?}");
    let all = lines(&json);
    let fates = fates(&all);
    assert!(fates["checked"].contains("killed") && !fates["checked"].contains("survived"), "{fates:?}");
    assert!(fates["dropped"].contains("survived") && !fates["dropped"].contains("killed"), "{fates:?}");
    assert!(fates["idle"].contains("unreached") && !fates["idle"].contains("killed"), "{fates:?}");
    assert!(fates["looping"].contains("timeout"), "{fates:?}");
    let checked = |line: &&Value| line["name"] == "checked" && line["change"] == "operator";
    let operator = all.iter().find(checked).unwrap();
    assert_eq!(operator["fate"], "killed");
    assert_eq!((&operator["by"], &operator["outcome"]), (&10.into(), &"fail".into()));
    assert_eq!((&operator["line"], &operator["col"]), (&2.into(), &63.into()));
    assert_eq!(operator["proposals"], serde_json::json!(["wasm1"]));
    let [before, after] = ["before", "after"].map(|key| operator[key].as_str().unwrap());
    assert!(before.contains("isub") && after.contains("iadd"), "{operator}");
    // Each number of the summary is that of the lines.
    let summary = all.last().unwrap();
    for fate in ["killed", "survived", "unreached", "timeout", "equivalent", "unviable"] {
        let counted = all.iter().filter(|line| line["fate"] == fate).count();
        assert_eq!(summary[fate], counted, "{fate}");
    }
    // The last module is invalid: its directive is red on the sound engine, and it has no mutants.
    assert_eq!((&summary["directives"], &summary["passing"]), (&5.into(), &4.into()));
    assert_eq!(summary["mutants"], all.len() - 1);
}

#[test]
fn survivors_come_first_and_their_command_shows_the_mutant() {
    let place = Place::new(&[("s.wast", SCRIPT)]);
    let run = place.run(&["mutate", "s.wast", "--all", "--change", "increment", "--timeout", "1"]);
    run.expect(
        0,
        &["survived s.wast:3:", " increment in function 1 <dropped> at offset 0x", "- ", "+ ", "score\n"],
    );
    let unreached = run.out.find("unreached s.wast").unwrap();
    assert!(run.out.find("survived s.wast").unwrap() < unreached, "{run:#?}");
    // A survivor changes nothing that can be seen; the invalid module is red on both.
    let again = run.out.lines().find_map(|line| line.trim().strip_prefix("again: trapline ")).unwrap();
    place.run(&again.split(' ').collect::<Vec<_>>()).expect(1, &["no difference\n"]);
    let killed = place.run(&["mutate", "s.wast", "--all", "--change", "operator", "--format", "json"]);
    let killed = lines(&killed);
    let mutant = killed.iter().find(|line| line["fate"] == "killed").unwrap()["mutant"].as_str().unwrap();
    let variant = format!("aot,mutant={mutant}");
    place
        .run(&["compare", "--variant", "aot", "--variant", &variant, "s.wast"])
        .expect(1, &[&format!("aot-mutant={mutant}"), "s.wast:10"]);
}

#[test]
fn a_sample_is_chosen_by_the_seed() {
    let other = SCRIPT.replace("i32.const 7", "i32.const 8");
    let place = Place::new(&[("s.wast", SCRIPT), ("t.wast", &other)]);
    let mutants = |arguments: &[&str]| {
        let fixed = ["mutate", "s.wast", "t.wast", "--timeout", "1", "--format", "json"];
        let run = place.run(&[&fixed[..], arguments].concat());
        assert_eq!(run.code, Some(0), "{run:#?}");
        let of = |line: &Value| Some((line["script"].to_string(), line["mutant"].as_str()?.to_owned()));
        lines(&run).iter().filter_map(of).collect::<BTreeSet<_>>()
    };
    let sample = mutants(&["--sample", "6"]);
    assert_eq!(sample.len(), 6);
    assert_eq!(sample, mutants(&["--sample", "6", "-j", "1"]));
    assert_ne!(sample, mutants(&["--sample", "6", "--seed", "2"]));
    let each = mutants(&["--per-script", "2"]);
    let scripts: Vec<&str> = each.iter().map(|(script, _)| &**script).collect();
    assert_eq!(scripts, ["\"s.wast\"", "\"s.wast\"", "\"t.wast\"", "\"t.wast\""]);
}

#[test]
fn faults_name_the_scripts_that_notice_them() {
    let blind = "(module (func (export \"f\")))\n(invoke \"f\")\n";
    let place = Place::new(&[("s.wast", SCRIPT), ("blind.wast", blind), ("bad.wast", "(module")]);
    let arguments = ["mutate", "--faults", "s.wast", "blind.wast", "bad.wast"];
    let run = place.run(&arguments);
    run.expect(
        0,
        &[
            "\noperands                 1  s.wast\n",
            "\ndata-drop                0  -\n",
            "blind blind.wast notices none of them\n",
            "left out bad.wast: nothing of it passes on the sound engine\n",
            "\n2 scripts; 21 faults, 20 of them noticed by no script; 1 script blind, in ",
        ],
    );
    let json = place.run(&[&arguments[..], &["--format", "json"]].concat());
    let json = lines(&json);
    let operands = json.iter().find(|line| line["fault"] == "operands").unwrap();
    assert_eq!(operands["scripts"], serde_json::json!(["s.wast"]));
    let summary = json.last().unwrap();
    assert_eq!(summary["blind"], serde_json::json!(["blind.wast"]));
    assert_eq!(summary["left_out"], serde_json::json!(["bad.wast"]));
    assert_eq!(json.len(), 22);
}

#[test]
fn what_cannot_be_mutated_is_said() {
    let place = Place::new(&[
        ("none.wast", "(assert_malformed (module quote \"(\") \"unexpected\")"),
        ("s.wast", SCRIPT),
    ]);
    place.run(&["mutate", "none.wast"]).expect(4, &["has a module with an instruction to change"]);
    place.write("m.wasm", b"\0asm\x01\0\0\0");
    place.write("m.wat", "(module (func (export \"f\") (result i32) (i32.const 1)))");
    for module in ["m.wasm", "m.wat"] {
        let left_out =
            format!("left out {module}: it is a module, which asserts nothing; `trapline regress add`");
        place.run(&["mutate", module]).expect(4, &[&left_out]);
        let run = place.run(&["mutate", "--faults", module]);
        run.expect(4, &[&left_out]);
        assert!(!run.out.contains("noticed by no script"), "{run:#?}");
    }
    place.run(&["mutate", "missing.wast"]).expect(2, &["missing.wast"]);
    place
        .run(&["mutate", "s.wast", "--change", "halt"])
        .expect(2, &["there is no change `halt`", "boundary"]);
    place.run(&["mutate", "s.wast", "--all", "--sample", "3"]).expect(2, &["cannot be used with"]);
    place
        .run(&["compare", "--variant", "aot,mutant=1:2", "s.wast"])
        .expect(2, &["`mutant` cannot be that: "]);
}
