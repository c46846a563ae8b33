//! Reports from outside: several of one run, parts of a run, and what is made of reports afterwards.

use super::place::{Place, Run};
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

const GOOD: &str = r#"(module (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 1))
"#;

const BAD: &str = r#"(module (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 2))
(assert_return (invoke "f") (i32.const 1))
"#;

const BROKEN: &str = ";; Prose.\n   prose\n";

/// Six scripts: four are good, one is bad, one is none.
fn scripts() -> Place {
    Place::new(&[
        ("a.wast", GOOD),
        ("b.wast", BAD),
        ("c.wast", GOOD),
        ("d.wast", BROKEN),
        ("e.wast", GOOD),
        ("f.wast", GOOD),
    ])
}

fn lines(place: &Place, name: &str) -> Vec<Value> {
    place.read(name).lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

/// Report lines without what differs from run to run.
fn timeless(lines: &[Value]) -> Vec<Value> {
    let mut lines = lines.to_vec();
    for line in &mut lines {
        if line["type"] == "directive" {
            line["ms"] = Value::Null;
        }
        if line["type"] == "run" {
            line["command"] = Value::Null;
            line["started"] = Value::Null;
        }
        if line["type"] == "summary" {
            line["engines"]["aot"]["wall_s"] = Value::Null;
        }
    }
    lines
}

#[test]
fn several_reports_of_one_run() {
    let place = scripts();
    let formats = ["pretty", "terse", "json", "junit", "github"];
    let reports = formats.map(|format| format!("--report={format}=out.{format}"));
    let mut arguments = vec!["wast", "."];
    arguments.extend(reports.iter().map(String::as_str));
    let totals = "aot: 11 directives in 6 files: 10 pass, 1 fail\n";
    place.run(&arguments).expect(1, &[totals, "FAILED in "]);
    assert!(place.read("out.pretty").contains(totals));
    assert!(place.read("out.terse").contains(totals));
    assert!(
        place
            .read("out.github")
            .contains("::error file=./b.wast,line=2,col=1,title=fail assert_return (aot)::")
    );
    let lines = lines(&place, "out.json");
    assert_eq!(lines.len(), 14);
    assert_eq!(lines.last().expect("a summary")["engines"]["aot"]["fail"], 1);
    let junit =
        quick_junit::Report::deserialize_from_str(&place.read("out.junit")).expect("a JUnit document");
    assert_eq!((junit.test_suites.len(), junit.tests, junit.failures, junit.errors), (6, 12, 1, 1));
}

/// Every format can be the main one, and says the same there as in a file.
#[test]
fn the_main_report_is_like_the_others() {
    let place = scripts();
    for format in ["terse", "json", "junit", "github"] {
        let run = place.run(&["wast", ".", "--format", format]);
        run.expect(1, &[]);
        place.run(&["wast", ".", "--format", format, "-o", "out"]).expect(1, &[]);
        assert_eq!(run.out.lines().count(), place.read("out").lines().count(), "{format}");
    }
}

#[test]
fn real_lines_are_valid() {
    let place = scripts();
    place.run(&["wast", ".", "--report", "json=out.jsonl"]).expect(1, &[]);
    let schema = serde_json::from_str(include_str!("../../../docs/report.schema.json")).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    for line in lines(&place, "out.jsonl") {
        let errors: Vec<String> = validator.iter_errors(&line).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{line}\n{errors:#?}");
    }
}

/// Every line about the official suite, the checkout if there is one.
#[test]
fn the_suites_report_is_valid() {
    let place = Place::empty();
    let mut arguments = vec!["wast", "--report", "json=out.jsonl", "--format", "terse"];
    let checkout = std::env::var("TRAPLINE_SPEC_TESTS").ok();
    match &checkout {
        Some(folder) => arguments.extend(["--suite", folder]),
        None => arguments.extend(["--spec", "latest"]),
    }
    place.run(&arguments).expect(0, &["ok in "]);
    let schema = serde_json::from_str(include_str!("../../../docs/report.schema.json")).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let text = place.read("out.jsonl");
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).expect("an object a line");
        assert!(validator.is_valid(&value), "{line}");
    }
    assert!(text.lines().count() > 10_000);
}

#[test]
fn github_gets_a_summary() {
    let place = scripts();
    let summary = place.path("summary.md");
    fs::write(&summary, "of an earlier step\n").expect("a file");
    let run = |arguments: &[&str]| -> Run {
        let mut command = place.command(arguments);
        command.env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_WORKSPACE", place.folder());
        command.output().expect("it starts").into()
    };
    run(&["wast", "."]).expect(1, &[]);
    assert_eq!(place.read("summary.md"), "of an earlier step\n");
    let annotation = "::error file=b.wast,line=2,col=1,title=fail assert_return (aot)::fail ";
    run(&["wast", ".", "--format", "github"]).expect(1, &[annotation]);
    run(&["wast", "a.wast", "--report", "github=log"]).expect(0, &[]);
    let text = place.read("summary.md");
    assert!(text.starts_with("of an earlier step\n### trapline: FAILED in "), "{text}");
    assert!(text.contains("\n| aot | 6 | 11 | 10 | 1 | 0 |"), "{text}");
    assert!(text.contains("\n### trapline: ok in "), "{text}");
}

#[test]
fn reports_that_cannot_be_created() {
    let place = scripts();
    let run = place.run(&["wast", ".", "--report", "junit=none/out.xml", "--report", "json=out.jsonl"]);
    run.expect(70, &["error: failed to create the report none/out.xml: No such file or directory"]);
    // Nothing has run.
    assert_eq!(run.out, "");
    let mut command = place.command(&["wast", "a.wast", "--format", "github"]);
    let run = Run::from(command.env("GITHUB_STEP_SUMMARY", "none/summary").output().expect("it starts"));
    run.expect(70, &["error: failed to create the report none/summary: "]);
}

#[test]
fn reports_that_make_no_sense() {
    let place = scripts();
    for (argument, said) in [
        ("out.xml", "it is to be FORMAT=FILE"),
        ("xml=out.xml", "no report is called `xml`; there are pretty, terse, json, junit, github"),
        ("junit=", "the file is missing"),
        ("junit=-", "the standard output belongs to --format"),
    ] {
        place.run(&["wast", "a.wast", "--report", argument]).expect(2, &[said]);
    }
}

#[test]
fn a_full_disk_spoils_one_report_only() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let place = scripts();
    let full = "error: failed to write the report to /dev/full: No space left on device";
    for format in ["pretty", "terse", "json", "junit", "github"] {
        let report = format!("{format}=/dev/full");
        let run = place.run(&["wast", "a.wast", "--report", &report, "--report", "json=out.jsonl"]);
        run.expect(70, &[full, "aot: 2 directives in 1 file: 2 pass, 0 fail\n", "ok in "]);
        assert_eq!(lines(&place, "out.jsonl").len(), 4, "{format}");
    }
    let both = ["wast", ".", "-o", "/dev/full", "--report", "junit=/dev/full", "--report", "json=out.jsonl"];
    let run = place.run(&both);
    run.expect(70, &[]);
    assert_eq!(run.err.matches(full).count(), 2, "{run:#?}");
    assert_eq!(lines(&place, "out.jsonl").len(), 14);

    // The standard output is the same.
    let stdout = fs::OpenOptions::new().write(true).open("/dev/full").expect("it opens");
    let mut command = place.command(&["wast", "a.wast", "--report", "json=out.jsonl"]);
    let run = Run::from(command.stdout(stdout).output().expect("it starts"));
    run.expect(70, &["error: failed to write the report to the standard output: No space left on device"]);
    assert_eq!(lines(&place, "out.jsonl").len(), 4);
}

#[test]
fn a_reader_who_leaves_does_not_end_the_other_reports() {
    let place = scripts();
    for (script, code) in [("a.wast", 0), (".", 1)] {
        let mut command = place.command(&["wast", script, "--format", "json", "--report", "json=out.jsonl"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
        assert_eq!((child.wait().expect("it ends").code(), said.as_str()), (Some(code), ""));
        assert_eq!(lines(&place, "out.jsonl").last().expect("a summary")["type"], "summary");
    }
}

#[test]
fn parts_make_the_whole() {
    let place = scripts();
    place.run(&["wast", ".", "--report", "json=whole.jsonl"]).expect(1, &[]);
    let whole = timeless(&lines(&place, "whole.jsonl"));
    for scheme in ["count", "hash"] {
        let mut arguments = vec!["report".to_owned(), "merge".to_owned()];
        for part in 1..=3 {
            let (name, partition) = (format!("{part}.jsonl"), format!("{scheme}:{part}/3"));
            let report = format!("json={name}");
            let run = place.run(&["wast", ".", "--partition", &partition, "--report", &report]);
            let listed = place.run(&["wast", ".", "--partition", &partition, "--list"]).out;
            // A part without scripts has a report, too.
            let summary = lines(&place, &name).last().expect("a summary").clone();
            assert_eq!(
                listed.lines().count() as u64,
                summary["engines"]["aot"]["files"].as_u64().unwrap_or_default()
            );
            assert_eq!(run.code == Some(4), listed.is_empty());
            arguments.push(name);
        }
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let stdout = place.run(&arguments);
        // One script is bad, and one is none.
        stdout.expect(1, &[]);
        let parts = arguments.len();
        arguments.extend(["-o", "merged.jsonl"]);
        place.run(&arguments).expect(1, &["aot: 11 directives in 6 files: 10 pass, 1 fail\n"]);
        assert_eq!(place.read("merged.jsonl"), stdout.out);
        // The order of names is the canonical one here.
        assert_eq!(timeless(&lines(&place, "merged.jsonl")), whole);
        place.run(&["report", "diff", "whole.jsonl", "merged.jsonl"]).expect(0, &["newly failing: 0\n"]);
        let without = [&arguments[..parts - 1], &["-o", "less.jsonl"]].concat();
        let missing = format!("--partition {scheme}:3/3 is missing");
        place.run(&without).expect(1, &[&missing]);
        assert!(place.read("less.jsonl").contains(&format!("\"file\":\"--partition {scheme}:3/3\"")));
    }
}

#[test]
fn parts_that_are_none() {
    let place = scripts();
    let empty = "failed to find scripts: none of the 6 that are selected is in --partition count:7/7";
    place.run(&["wast", ".", "--partition", "count:7/7"]).expect(4, &[empty]);
    place.run(&["wast", ".", "--partition", "count:7/7", "--list"]).expect(4, &[empty]);
    for part in ["count:0/3", "count:4/3", "1/3", "slice:1/3", "count:1"] {
        place.run(&["wast", ".", "--partition", part]).expect(2, &["--partition"]);
    }
}

#[test]
fn runs_are_compared() {
    let place = scripts();
    place.run(&["wast", ".", "--report", "json=old.jsonl"]).expect(1, &[]);
    place.run(&["report", "diff", "old.jsonl", "old.jsonl"]).expect(0, &["newly failing: 0\n", "new: 0\n"]);
    // The modules return 2 now.
    place.write("b.wast", BAD.replacen("const 1", "const 2", 1));
    place.write("c.wast", GOOD.replacen("const 1", "const 2", 1));
    fs::remove_file(place.path("e.wast")).expect("it goes");
    place.run(&["wast", ".", "--report", "json=new.jsonl"]).expect(1, &[]);
    let run = place.run(&["report", "diff", "old.jsonl", "new.jsonl"]);
    run.expect(
        1,
        &["  aot ./c.wast:2:1 assert_return: pass -> fail: expected i32 1 (0x00000001), got i32 2 (0x0"],
    );
    run.expect(
        1,
        &["vanished: 2, of which 2 passed\n", "  aot ./e.wast: the whole file, 2 directives, 2 pass\n"],
    );
    run.expect(1, &["newly failing: 2\n", "newly passing: 1\n", "new: 0\n"]);
    for (fail_on, code) in
        [("never", 0), ("changed", 0), ("newly-failing", 1), ("changed,vanished", 1), ("any", 1)]
    {
        place.run(&["report", "diff", "old.jsonl", "new.jsonl", "--fail-on", fail_on]).expect(code, &[]);
    }
    let run = place.run(&["report", "diff", "old.jsonl", "new.jsonl", "--format", "json"]);
    run.expect(1, &["\"section\":\"newly_failing\"", "{\"type\":\"diff\",\"schema\":2,\"worse\":true"]);
    let run = place.run(&["report", "diff", "old.jsonl", "new.jsonl", "--format", "github"]);
    run.expect(1, &["::error file=./c.wast,line=2,col=1,title=newly failing (aot)::pass -> fail"]);
}

/// What a script has in front, and how it is named, changes nothing about its directives.
#[test]
fn a_comment_on_top_changes_nothing() {
    let place = Place::new(&[("x.wast", BAD)]);
    place.run(&["wast", "x.wast", "--report", "json=old.jsonl"]).expect(1, &[]);
    place.write("x.wast", format!(";; a comment\n\n{BAD}"));
    place.run(&["wast", "./x.wast", "--report", "json=new.jsonl"]).expect(1, &[]);
    let run = place.run(&["report", "diff", "old.jsonl", "new.jsonl", "--fail-on", "any"]);
    run.expect(0, &["newly failing: 0\n", "vanished: 0\n", "new: 0\n"]);
    // One more in between.
    let more = BAD.replacen("(assert", "(assert_return (invoke \"f\") (i32.const 1))\n(assert", 1);
    place.write("x.wast", more);
    place.run(&["wast", ".", "--report", "json=new.jsonl"]).expect(1, &[]);
    let run = place.run(&["report", "diff", "old.jsonl", "new.jsonl"]);
    run.expect(0, &["newly failing: 0\n", "vanished: 0\n", "new: 1, of which 1 pass\n"]);
}

#[test]
fn a_report_is_shown_in_every_form() {
    let place = scripts();
    let forms = ["pretty", "terse", "json", "junit", "github"];
    let reports = forms.map(|form| format!("--report={form}=run.{form}"));
    let mut arguments = vec!["wast", "."];
    arguments.extend(reports.iter().map(String::as_str));
    place.run(&arguments).expect(1, &[]);
    // The order of scripts is canonical, but times are those of their directives.
    let timeless = |text: &str| -> String {
        let of_line = |line: &str| {
            line.split("time=").next().unwrap_or_default().split(" in 0.").next().map(str::to_owned)
        };
        text.lines().filter_map(of_line).collect::<Vec<_>>().join("\n")
    };
    for form in forms {
        let run = place.run(&["report", "show", "run.json", "--format", form]);
        run.expect(0, &[]);
        assert_eq!(timeless(&run.out), timeless(&place.read(&format!("run.{form}"))), "{form}");
        place.run(&["report", "show", "run.json", "--format", form, "-o", "shown"]).expect(0, &[]);
        assert_eq!(place.read("shown"), run.out, "{form}");
    }
    place.run(&["report", "show", "run.json", "-o", "run.json"]).expect(2, &["would overwrite"]);
    place
        .run(&["report", "show", "run.junit"])
        .expect(2, &["the report run.junit: line 1: this is not a report"]);
}

#[test]
fn reports_that_cannot_be_used() {
    let place = scripts();
    place.run(&["wast", ".", "--report", "json=run.jsonl"]).expect(1, &[]);
    let cut = place.read("run.jsonl").lines().take(3).collect::<Vec<_>>().join("\n");
    place.write("cut.jsonl", cut);
    place.write("bytes.jsonl", b"\xff\xfe");
    place.write("empty.jsonl", b"");
    place.run(&["report", "show", "cut.jsonl"]).expect(2, &["cut.jsonl: line 3: the report breaks off here"]);
    place.run(&["report", "show", "empty.jsonl"]).expect(2, &["empty.jsonl: line 1: the file is empty"]);
    place.write("old.jsonl", place.read("run.jsonl").replacen("\"schema\":2", "\"schema\":1", 1));
    place
        .run(&["report", "show", "old.jsonl"])
        .expect(2, &["old.jsonl: line 1: the report has schema 1, and this"]);
    for other in ["cut.jsonl", "bytes.jsonl", "none.jsonl", "a.wast"] {
        let failed = format!("error: failed to read the report {other}: ");
        place.run(&["report", "diff", "run.jsonl", other]).expect(2, &[&failed]);
        place.run(&["report", "diff", other, "run.jsonl"]).expect(2, &[&failed]);
        place.run(&["report", "merge", "run.jsonl", other, "-o", "out.jsonl"]).expect(2, &[&failed]);
    }
    let run = place.run(&["report", "merge", "run.jsonl", "run.jsonl", "-o", "out.jsonl"]);
    run.expect(
        2,
        &["error: failed to merge the reports: directive 0 of ./a.wast on aot (1:1 module) is in run.jsonl and in run"],
    );
    assert!(!place.path("out.jsonl").exists());
    place.run(&["report", "merge", "run.jsonl", "-o", "none/out"]).expect(70, &["to none/out: No such file"]);
    place.run(&["report", "merge"]).expect(2, &[]);
}

/// An output that is an input, another output or a folder is refused before anything is opened: nothing is lost.
#[test]
fn no_output_overwrites_an_input() {
    let place = scripts();
    fs::hard_link(place.path("a.wast"), place.path("linked")).expect("a link");
    fs::create_dir(place.path("folder")).expect("a folder");
    for arguments in [
        &["wast", "a.wast", "-o", "a.wast"][..],
        &["wast", ".", "-o", "linked"],
        &["wast", "a.wast", "--report", "json=./a.wast"],
        &["compare", "a.wast", "--engine", "aot,jit", "--report", "junit=a.wast"],
    ] {
        place.run(arguments).expect(2, &["would overwrite", "a.wast, which is an input of this command"]);
    }
    let twice = ["wast", "a.wast", "-o", "new", "--report", "json=./new"];
    place.run(&twice).expect(2, &["--output new writes to the same file"]);
    assert!(!place.path("new").exists());
    place.run(&["wast", "a.wast", "-o", "folder"]).expect(2, &["it is a folder"]);
    assert_eq!(place.read("a.wast"), GOOD);
    place.run(&["wast", "a.wast", "-o", "one.jsonl", "--format", "json"]).expect(0, &[]);
    let one = place.read("one.jsonl");
    place.run(&["report", "merge", "one.jsonl", "-o", "one.jsonl"]).expect(2, &["would overwrite one.jsonl"]);
    assert_eq!(place.read("one.jsonl"), one);
}

/// A run that ends early says in one line what it did not run, and counts it.
#[test]
fn what_was_not_run_takes_one_line() {
    let place = scripts();
    // Many, so that those that have begun by then are few.
    (0..300).for_each(|number| place.write(&format!("z{number}.wast"), GOOD));
    let arguments = ["wast", ".", "-j1", "--report=json=out.jsonl", "--report=junit=out.xml"];
    for early in ["--fail-fast", "--max-fail=2"] {
        let run = place.run(&[&arguments[..], &[early]].concat());
        run.expect(1, &[" files not run: an earlier failure ended the run\n", "FAILED in"]);
        assert!(run.out.lines().count() < 300, "{}", run.out);
        assert!(!place.read("out.xml").contains("not-run"));
        let summary = &lines(&place, "out.jsonl").last().expect("a summary").clone()["engines"]["aot"];
        let count = |name: &str| summary[name].as_u64().expect("a count");
        assert!(count("not_run") > 0);
        assert_eq!(count("directives"), count("pass") + count("fail") + count("not_run"));
    }
    place.run(&["wast", ".", "--max-fail", "100"]).expect(1, &["FAILED in"]);
    place.run(&["wast", ".", "--max-fail", "0"]).expect(2, &["--max-fail"]);
    place.run(&["wast", ".", "--max-fail", "1", "--fail-fast"]).expect(2, &["cannot be used with"]);
}
