//! Exceptions as instruments see them: comparisons, reports and commands.

use super::compare::{Broken, command, compare, diverged, engine, runner, script, sides};
use super::place::{Place, Run};
use serde_json::{Value, json};
use std::sync::Arc;
use trapline::outcome::FileReport;

/// A module that makes an exception, and a directive that shows it.
fn script_with(action: &str) -> String {
    format!(
        r#"(module
  (type $v (func))
  (tag $a (export "a") (param i32)) (tag $b (export "b") (param i32))
  (tag $f (param (ref $v))) (tag $chain (param exnref))
  (global $g (export "g") (mut exnref) (ref.null exn))
  (table $t (export "t") 2 exnref)
  (elem declare func $one $other)
  (func $one) (func $other)
  (func $make (result exnref)
    (block $h (result exnref) (try_table (catch_all_ref $h) (throw $a (i32.const 77))) (unreachable)))
  (func $wrap (param exnref) (result exnref)
    (block $h (result exnref) (try_table (catch_all_ref $h) (throw $chain (local.get 0))) (unreachable)))
  (func (export "result") (result exnref) (call $make))
  (func (export "within") (result exnref) (call $wrap (call $wrap (call $make))))
  (func (export "global") (global.set $g (call $make)))
  (func (export "table") (table.set $t (i32.const 1) (call $make)))
  (func (export "throw") (throw_ref (call $make)))
  (func (export "throw-function") (throw $f (ref.func $one))))
{action}"#
    )
}

/// The first engine's reports are all green; another byte is compiled on the second.
fn against_broken(text: &str, from: &'static [u8], to: &'static [u8]) -> FileReport {
    let (_folder, selected) = script(text);
    let broken = Broken { engine: engine("aot"), from, to };
    let (mut files, _) = compare(&[runner(engine("aot")), runner(Arc::new(broken))], &selected);
    assert!(files[0].directives.iter().all(|directive| directive.outcome.is_pass()), "{:#?}", files[0]);
    files.pop().expect("two reports")
}

/// i32.const 77, throw 0.
const THROW: &[u8] = b"\x41\xcd\x00\x08\x00";
const ANOTHER_PAYLOAD: &[u8] = b"\x41\xce\x00\x08\x00";
const ANOTHER_TAG: &[u8] = b"\x41\xcd\x00\x08\x01";

#[test]
fn an_uncaught_exception_of_another_tag_or_payload_diverges() {
    let text = script_with("(assert_exception (invoke \"throw\"))");
    let reference = "aot: threw an exception of tag 0 <a> of instance 0 with i32 77 (0x0000004d)";
    for (to, got) in [
        (ANOTHER_PAYLOAD, "broken: threw an exception of tag 0 <a> of instance 0 with i32 78 (0x0000004e)"),
        (ANOTHER_TAG, "broken: threw an exception of tag 1 <b> of instance 0 with i32 77 (0x0000004d)"),
    ] {
        let report = against_broken(&text, THROW, to);
        let all = diverged(&report);
        assert_eq!(all.len(), 1, "{report:#?}");
        assert_eq!(sides(all[0]), (reference, got));
    }
    let text = script_with("(assert_exception (invoke \"throw-function\"))");
    let report = against_broken(&text, b"\xd2\x00\x08\x02", b"\xd2\x01\x08\x02");
    let all = diverged(&report);
    assert_eq!(all.len(), 1, "{report:#?}");
    let side = |engine, function| {
        let exception = "threw an exception of tag 2 of instance 0 with";
        format!("{engine}: {exception} ref.func function {function} of instance 0")
    };
    assert_eq!(sides(all[0]), (&*side("aot", 0), &*side("broken", 1)));
}

/// The reference is the same number on both engines; what is behind it is not.
#[test]
fn an_exception_of_another_tag_or_payload_diverges_wherever_it_is() {
    for (action, payload, tag) in [
        ("result", "returned object with contents ", "returned object with contents "),
        ("within", "returned object with contents ", "returned object with contents "),
        ("global", "object 0, exception of tag 0, value 0: i32 ", "object 0: exception of tag "),
        ("table", "object 0, exception of tag 0, value 0: i32 ", "object 0: exception of tag "),
    ] {
        let text = script_with(&format!("(invoke {action:?})"));
        for (to, place) in [(ANOTHER_PAYLOAD, payload), (ANOTHER_TAG, tag)] {
            let report = against_broken(&text, THROW, to);
            let all = diverged(&report);
            assert_eq!(all.len(), 1, "{action}: {report:#?}");
            let (reference, got) = sides(all[0]);
            for (side, engine) in [(reference, "aot"), (got, "broken")] {
                let start = format!("{engine}: {place}");
                assert!(side.starts_with(&start), "{action}: {side}");
            }
        }
        let report = against_broken(&text, b"\x41\xcd\x00\x08\x7f", THROW);
        assert!(diverged(&report).is_empty(), "nothing was broken: {report:#?}");
    }
}

/// A tag is the same one under each of its names, and another one of the same type is not.
#[test]
fn tags_are_compared_by_identity() {
    let text = r#"(module (tag (export "one") (export "two") (param i32)) (tag (export "six") (param i32)))
(register "m")
(module (tag $t (import "m" "one") (param i32)) (func (export "throw") (throw $t (i32.const 1))))
(assert_exception (invoke "throw"))"#;
    let report = against_broken(text, b"\x01m\x03one", b"\x01m\x03two");
    assert!(diverged(&report).is_empty(), "{report:#?}");
    let report = against_broken(text, b"\x01m\x03one", b"\x01m\x03six");
    let all = diverged(&report);
    assert_eq!(all.len(), 1, "{report:#?}");
    assert!(sides(all[0]).1.contains("of tag 1 <six> of instance 0 with i32 1"), "{:?}", sides(all[0]));
}

/// An exception that one engine catches and the other does not; a trap in its place.
#[test]
fn caught_and_uncaught_diverge() {
    let text = r#"(module (tag $a) (tag $b)
  (func (export "f") (block $h (try_table (catch $a $h) (throw $a)))))
(invoke "f")"#;
    // try_table with one catch, of tag 0 and then of tag 1, to label 0.
    let report = against_broken(text, b"\x1f\x40\x01\x00\x00\x00", b"\x1f\x40\x01\x00\x01\x00");
    let all = diverged(&report);
    assert_eq!(all.len(), 1, "{report:#?}");
    let (reference, got) = sides(all[0]);
    assert_eq!(reference, "aot: pass\nreturned nothing\nthrew nothing");
    let threw = "threw an exception of tag 0 of instance 0 without values";
    assert_eq!(got, format!("broken: fail, got {threw}\nreturned no results\n{threw}"));
    // The throw becomes two instructions: unreachable, nop.
    let report = against_broken(text, b"\x08\x00\x0b", b"\x00\x01\x0b");
    let all = diverged(&report);
    assert_eq!(all.len(), 1, "{report:#?}");
    assert!(sides(all[0]).1.contains("trap: unreachable"), "{:?}", sides(all[0]));
}

const THROWS: &str = r#"(module (tag $e (export "e") (param i32 f64 funcref))
  (func (export "f") (throw $e (i32.const -1) (f64.const 0.5) (ref.null func))))
(assert_exception (invoke "f"))
(assert_return (invoke "f"))
(module (tag) (func $start (throw 0)) (start $start))
"#;

#[test]
fn reports_name_the_tag_and_what_the_exception_carries() {
    let place = Place::new(&[("a.wast", THROWS)]);
    let formats = ["pretty", "terse", "json", "junit", "github"];
    let reports = formats.map(|format| format!("--report={format}=out.{format}"));
    let mut arguments = vec!["wast", "a.wast"];
    arguments.extend(reports.iter().map(String::as_str));
    assert_eq!(place.run(&arguments).code, Some(1));
    let threw = "an exception of tag 0 <e> of instance 0 with 3 values: i32 -1 (0xffffffff), \
                 f64 0.5 (0x3fe0000000000000), ref.null func";
    let start = "threw an exception of tag 0 of instance 1 without values";
    for format in formats {
        let text = place.read(&format!("out.{format}")).replace("&lt;", "<").replace("&gt;", ">");
        assert!(text.contains(threw), "{format}: {text}");
        assert!(text.contains(start), "{format}: {text}");
    }
    let json = place.read("out.json");
    let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let value = |ty: &str, bits: Value, text: &str| json!({"type": ty, "bits": bits, "text": text});
    let exception = json!({
        "tag": {"instance": 0, "index": 0, "name": "e"},
        "message": threw,
        "payload": [
            value("i32", "0xffffffff".into(), "i32 -1 (0xffffffff)"),
            value("f64", "0x3fe0000000000000".into(), "f64 0.5 (0x3fe0000000000000)"),
            value("funcref", Value::Null, "ref.null func"),
        ],
    });
    let of = |outcome: &str, directive: &str| {
        let matches = |line: &&Value| line["outcome"] == outcome && line["directive"] == directive;
        lines.iter().find(matches).unwrap_or_else(|| panic!("{json}"))["exception"].clone()
    };
    assert_eq!(of("pass", "assert_exception"), exception);
    assert_eq!(of("fail", "assert_return"), exception);
    assert_eq!(of("pass", "module"), Value::Null);
    assert_eq!(of("fail", "module")["tag"], json!({"instance": 1, "index": 0, "name": null}));

    place.run(&["report", "merge", "out.json", "-o", "merged.json"]).expect(1, &[]);
    assert!(place.read("merged.json").contains(start));
    place.run(&["report", "diff", "out.json", "merged.json"]).expect(0, &[]);
}

#[test]
fn a_run_says_what_was_thrown() {
    let module = r#"(module (tag $e (export "e") (param i32)) (func (export "f") (throw $e (i32.const 7))))"#;
    let started = "(module (tag $e) (func $f (throw $e)) (start $f))";
    let place = Place::new(&[("m.wat", module), ("s.wat", started)]);
    let run = place.run(&["run", "m.wat", "--invoke", "f"]);
    assert_eq!(run.code, Some(7));
    let threw = "`f` threw an exception of tag 0 <e> of instance 0 with i32 7 (0x00000007)";
    assert!(run.err.contains(threw), "{}", run.err);
    let run = place.run(&["run", "s.wat"]);
    assert_eq!(run.code, Some(7));
    assert!(run.err.contains("an exception of tag 0 of instance 0 without values"), "{}", run.err);
}

/// The engines and variants agree on exceptions of all kinds.
#[test]
fn engines_agree_on_exceptions() {
    let actions = ["result", "within", "global", "table", "throw", "throw-function"];
    let directives = actions.map(|action| match action {
        "throw" | "throw-function" => format!("(assert_exception (invoke {action:?}))"),
        _ => format!("(invoke {action:?})"),
    });
    let (code, text) =
        command(&["compare", "a.wast", "--engine", "aot,jit,linked"], &script_with(&directives.join("\n")));
    assert_eq!(code, Some(0), "{text}");
}

/// As compilers of C++ make them: with `try`, `catch`, `rethrow` and `delegate`, folded or not.
#[test]
fn a_module_with_legacy_exceptions_runs() {
    let place = Place::empty();
    let folded = r#"(module (tag $e (param i32))
      (func (export "divide") (param i32 i32) (result i32)
        (try $outer (result i32)
          (do
            (try (result i32)
              (do
                (if (i32.eqz (local.get 1)) (then (throw $e (i32.const 77))))
                (i32.div_s (local.get 0) (local.get 1)))
              (delegate $outer)))
          (catch $e (i32.add (i32.const 1))))))"#;
    let unfolded = r#"(module (tag $e (param i32))
      (func (export "divide") (param i32 i32) (result i32)
        try $outer (result i32)
          try (result i32)
            local.get 1 i32.eqz if i32.const 77 throw $e end
            local.get 0 local.get 1 i32.div_s
          delegate $outer
        catch $e i32.const 1 i32.add
        end))"#;
    for text in [folded, unfolded] {
        place.write("a.wat", text);
        for (divisor, result) in [("4", "i32 3 (0x00000003)\n"), ("0", "i32 78 (0x0000004e)\n")] {
            let run = Run::of(place.command(&["run", "a.wat", "--invoke", "divide", "12", divisor]));
            assert_eq!((run.code, &*run.out), (Some(0), result), "{run:?}");
        }
    }
}
