//! Scripts of which some directives do not parse: those fail, and all others run.

use super::place::{Place, Run};
use serde_json::Value;

/// Of five directives the second and the fourth do not parse.
const ONE_BAD_TOKEN: &str = "\
;; A comment.
(module (func (export \"one\") (result i32) (i32.const 1)))
(assert_return (invoke \"one\") (i32.cosnt 1))
(assert_return (invoke \"one\") (i32.const 1))
(assert_trap (invoke \"one\"))
(assert_return (invoke \"one\") (i32.const 1))
";

/// What became of each directive, with its line and keyword.
fn outcomes(run: &Run) -> Vec<(u64, String, String)> {
    let line = |line: Value| {
        let text = |key: &str| line[key].as_str().expect("text").to_owned();
        Some((line["line"].as_u64()?, text("directive"), text("outcome")))
    };
    let lines = run.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|line| line["type"] == "directive").filter_map(line).collect()
}

#[track_caller]
fn expect_outcomes(script: &[u8], code: i32, wanted: &[(u64, &str, &str)]) {
    let place = Place::empty();
    place.write("a.wast", script);
    for isolation in [&[][..], &["--no-isolate"]] {
        let run = place.run(&[&["wast", "a.wast", "--format", "json"], isolation].concat());
        assert_eq!(run.code, Some(code), "{run:#?}");
        let found = outcomes(&run);
        let found: Vec<_> = found.iter().map(|(line, word, what)| (*line, &**word, &**what)).collect();
        assert_eq!(found, wanted, "{isolation:?}");
    }
}

#[test]
fn one_bad_token_costs_one_directive() {
    let place = Place::new(&[("a.wast", ONE_BAD_TOKEN)]);
    place.run(&["wast", "a.wast"]).expect(
        1,
        &[
            "a.wast: 3 pass, 2 fail\n",
            "fail a.wast:3:1 assert_return\n    (assert_return (invoke \"one\") (i32.cosnt 1))\n    \
             \u{20}                              ^\n    expected: a directive that parses\n    \
             got:      expected a [type].const expression at line 3, column 32\n",
            "fail a.wast:5:1 assert_trap\n    (assert_trap (invoke \"one\"))\n    \
             \u{20}                          ^\n",
            "--only a.wast:5\n",
            "aot: 5 directives in 1 file: 3 pass, 2 fail\n",
        ],
    );
    place.run(&["wast", "--no-isolate", "a.wast"]).expect(1, &["3 pass, 2 fail"]);
    place
        .run(&["wast", "a.wast", "--only", "a.wast:5"])
        .expect(1, &["1 directive in 1 file: 0 pass, 1 fail"]);
    place
        .run(&["wast", "a.wast", "--only", "a.wast:4"])
        .expect(0, &["1 directive in 1 file: 1 pass, 0 fail"]);
    place.run(&["compare", "--engine", "aot,jit", "a.wast"]).expect(1, &["a.wast:3", "3 pass, 2 fail"]);
    place.run(&["audit", "a.wast"]).expect(0, &["3 of 5 directives pass and have mutants"]);
}

#[test]
fn every_report_has_directives_that_do_not_parse() {
    let place = Place::new(&[("a.wast", ONE_BAD_TOKEN)]);
    let run = place.run(&["wast", "a.wast", "--format", "json"]);
    let directives = run.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let second = directives.filter(|line| line["type"] == "directive").nth(1).expect("a line");
    assert_eq!(
        (&second["outcome"], &second["directive"], &second["layer"], &second["source"]),
        (
            &"fail".into(),
            &"assert_return".into(),
            &"decode".into(),
            &"(assert_return (invoke \"one\") (i32.cosnt 1))".into()
        )
    );
    let message = "expected a [type].const expression at line 3, column 32";
    assert_eq!(
        (&second["expected"], &second["actual"]),
        (&"a directive that parses".into(), &message.into())
    );
    place.run(&["wast", "a.wast", "--format", "junit"]).expect(1, &["failures=\"2\"", message]);
    place.run(&["wast", "a.wast", "--format", "github"]).expect(1, &["file=a.wast,line=3,col=1", message]);
    place.run(&["wast", "a.wast", "--format", "terse"]).expect(1, &["3 pass, 2 fail"]);
}

#[test]
fn what_needs_a_module_that_does_not_parse_is_blocked() {
    expect_outcomes(
        b"(module (func (export \"f\")))\n(module $m (func (export \"f\") (nopp)))\n(invoke \"f\")\n(invoke $m \"f\")
(register \"m\" $m)\n(module (import \"m\" \"f\" (func)))\n(module)\n(module definition $d (x))\n(module instance $d)
(thread $t (x))\n(wait $t)\n(register \"n\" x)\n(module (import \"n\" \"f\" (func)))",
        1,
        &[
            (1, "module", "pass"),
            (2, "module", "fail"),
            (3, "invoke", "blocked"),
            (4, "invoke", "blocked"),
            (5, "register", "blocked"),
            (6, "module", "blocked"),
            (7, "module", "pass"),
            (8, "module definition", "fail"),
            (9, "module instance", "blocked"),
            (10, "thread", "fail"),
            (11, "wait", "blocked"),
            (12, "register", "fail"),
            (13, "module", "blocked"),
        ],
    );
}

#[test]
fn parentheses_strings_and_comments_that_do_not_end() {
    expect_outcomes(
        b"(module (func (export \"f\"))\n(module (func (export \"f\")))\n(invoke \"f)\n(invoke \"f\")\n(; a\n(invoke \"f\"))\n",
        1,
        &[
            (1, "module", "fail"),
            (2, "module", "pass"),
            (3, "invoke", "fail"),
            (4, "invoke", "pass"),
            (5, "unknown", "fail"),
            (6, "invoke", "pass"),
            (6, "unknown", "fail"),
        ],
    );
}

#[test]
fn unknown_directives_are_errors_of_the_harness() {
    expect_outcomes(
        b"(module (func (export \"f\")))\n(assert_nothing (invoke \"f\"))\n(invoke \"f\")\n(modul (func))\n(invoke \"f\")\n",
        1,
        &[
            (1, "module", "pass"),
            (2, "unknown", "harness-error"),
            (3, "invoke", "pass"),
            (4, "unknown", "harness-error"),
            (5, "invoke", "blocked"),
        ],
    );
    expect_outcomes(
        b"(component)\n(assert_invalid (component (x)) \"x\")\n(module)",
        1,
        &[(1, "module", "unsupported"), (2, "assert_invalid", "unsupported"), (3, "module", "pass")],
    );
}

#[test]
fn bytes_that_are_not_text() {
    expect_outcomes(
        b"(module (func (export \"f\")))\n;; \xfc\n(invoke \"\xff\")\n(invoke \"f\")",
        1,
        &[(1, "module", "pass"), (2, "unknown", "fail"), (3, "invoke", "fail"), (4, "invoke", "pass")],
    );
    expect_outcomes("\u{feff}(module)".as_bytes(), 1, &[(1, "unknown", "fail"), (1, "module", "pass")]);
    let place = Place::empty();
    place.write("a.wast", b"(\xfform\0o\0");
    place.run(&["wast", "a.wast"]).expect(1, &["not UTF-8: the bytes from line 1, column 2 on"]);
}

#[test]
fn the_fields_of_one_module() {
    expect_outcomes(b"(func (nopp))\n(memory 1)", 1, &[(1, "module", "fail")]);
    expect_outcomes(b"(func (nop))\n(memory 1)", 0, &[(1, "module", "pass")]);
}

#[test]
fn the_text_of_a_module_says_what_is_wrong_with_it() {
    let place = Place::empty();
    for (text, wanted) in [
        ("(module (func (nopp)))", "failed to parse a.wat:1:16: unknown operator"),
        ("(module))\n", "failed to parse a.wat:1:9: unexpected `)`"),
        ("(module (func)", "failed to parse a.wat:1:14: unexpected end of the directive"),
        ("(modul)\n(module)", "failed to parse a.wat:1:1: unknown directive"),
        ("(module)(module)", "2 directives, where one module is wanted"),
    ] {
        place.write("a.wat", text);
        place.run(&["validate", "a.wat"]).expect(1, &[wanted]);
    }
}

#[test]
fn a_script_without_directives_says_so() {
    let place = Place::empty();
    for text in [";; Nothing.\n(; at all ;)\n", "(@nothing)"] {
        place.write("a.wast", text);
        place.run(&["wast", "a.wast"]).expect(0, &["a.wast: no directives\n", "0 directives in 1 file"]);
    }
    place.write("a.wast", "\n");
    place.run(&["wast", "a.wast"]).expect(1, &["failed to read a.wast: empty"]);
    place.write("a.wast", "prose");
    place.run(&["wast", "a.wast"]).expect(1, &["failed to read a.wast:1:1: expected `(`"]);
}

#[test]
fn quoted_modules_have_names_and_are_definitions() {
    expect_outcomes(
        b"(module $a quote \"(func (export \\\"run\\\"))\")\n(assert_return (invoke $a \"run\"))
(module definition $d quote \"(func (export \\\"run\\\"))\")\n(module instance $i $d)\n(assert_return (invoke $i \"run\"))
(assert_unlinkable (module quote \"(import \\\"no\\\" \\\"such\\\" (func))\") \"unknown import\")
(assert_malformed (module $n quote \"(func (nop2))\") \"unknown operator\")
(assert_invalid (module $n quote \"(func (result i64))\") \"type mismatch\")
(assert_invalid (module definition (func (result f32))) \"type mismatch\")
(assert_trap (module $t quote \"(func unreachable) (start 0)\") \"unreachable\")",
        0,
        &[
            (1, "module", "pass"),
            (2, "assert_return", "pass"),
            (3, "module definition", "pass"),
            (4, "module instance", "pass"),
            (5, "assert_return", "pass"),
            (6, "assert_unlinkable", "pass"),
            (7, "assert_malformed", "pass"),
            (8, "assert_invalid", "pass"),
            (9, "assert_invalid", "pass"),
            (10, "assert_trap", "pass"),
        ],
    );
}
