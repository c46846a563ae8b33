//! Running again what was red: `--rerun-failed`, and the commands of `rerun:`.

use crate::place::{Place, Run};
use serde_json::Value;

const MODULE: &str = "(module (func (export \"f\") (param i32) (result i32) (local.get 0))\n\
     (func (export \"never\") unreachable))\n";

/// Three lines of assertions, of which the second one fails.
fn script() -> String {
    let assert = |sent: i32, wanted: i32| {
        format!("(assert_return (invoke \"f\" (i32.const {sent})) (i32.const {wanted}))\n")
    };
    [MODULE.to_owned(), assert(1, 1), assert(2, 3), assert(4, 4)].concat()
}

fn lines(place: &Place, name: &str) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).expect("JSON");
    place.read(name).lines().map(parse).collect()
}

/// The lines of the scripts that a report is about.
fn reported(place: &Place, name: &str) -> Vec<(String, u64)> {
    let line = |line: &Value| Some((line["file"].as_str()?.to_owned(), line["line"].as_u64()?));
    let directives = lines(place, name).into_iter().filter(|line| line["type"] == "directive");
    directives.filter_map(|directive| line(&directive)).collect()
}

#[test]
fn only_what_was_red_is_reported_again() {
    let place = Place::new(&[("t/a.wast", &*script()), ("t/b.wast", MODULE), ("t/c.wast", &*script())]);
    place.run(&["wast", "t", "--report", "json=old.jsonl"]).expect(1, &["2 fail"]);
    let again = ["wast", "--rerun-failed", "old.jsonl", "--report", "json=new.jsonl"];
    place.run(&again).expect(1, &["2 directives in 2 files: 0 pass, 2 fail"]);
    assert_eq!(reported(&place, "new.jsonl"), [("t/a.wast".to_owned(), 4), ("t/c.wast".to_owned(), 4)]);
    // A line on top changes nothing, and what has been mended passes.
    place.write("t/a.wast", format!(";; a comment\n{}", script()));
    place.write("t/c.wast", script().replace("(i32.const 3)", "(i32.const 2)"));
    place.run(&again).expect(1, &["2 directives in 2 files: 1 pass, 1 fail", "t/a.wast:5"]);
    // The report of such a run knows how scripts were selected, too.
    let once_more = ["wast", "--rerun-failed", "new.jsonl", "--report", "json=newer.jsonl"];
    place.run(&once_more).expect(1, &["1 directive in 1 file: 0 pass, 1 fail"]);
    place.write("t/a.wast", script().replace("(i32.const 3)", "(i32.const 2)"));
    place.run(&once_more).expect(0, &["1 directive in 1 file: 1 pass, 0 fail"]);
    place.run(&["wast", "--rerun-failed", "newer.jsonl"]).expect(0, &["nothing is red in newer.jsonl"]);
}

/// The texts of directives tell them apart, and equal ones their places.
#[test]
fn directives_are_known_by_their_texts() {
    let fails = "(assert_return (invoke \"f\" (i32.const 2)) (i32.const 3))\n";
    let passes = "(assert_return (invoke \"f\" (i32.const 1)) (i32.const 1))\n";
    let script = |parts: &[&str]| parts.concat();
    let place = Place::new(&[("a.wast", &*script(&[MODULE, passes, fails, fails, passes]))]);
    place.run(&["wast", "a.wast", "-o", "old.jsonl", "--format", "json"]).expect(1, &[]);
    let again = ["wast", "a.wast", "--rerun-failed", "old.jsonl", "-o", "new.jsonl", "--format", "json"];
    place.write("a.wast", script(&[MODULE, fails, passes, passes, passes, fails, passes]));
    place.run(&again).expect(1, &[]);
    assert_eq!(reported(&place, "new.jsonl").iter().map(|(_, line)| *line).collect::<Vec<_>>(), [3, 7]);
    // One that is gone is said to be.
    place.write("a.wast", script(&[MODULE, passes]));
    let gone = "the assert_return that was red here is not in the script any more";
    place
        .run(&again[..4])
        .expect(1, &["problem a.wast:4", "problem a.wast:5", gone, "0 directives in 1 file"]);
}

/// What was not run, and what comes of a script that could not be read, is red too.
#[test]
fn what_was_not_run_is_run_again() {
    let place = Place::new(&[("a.wast", &*script()), ("b.wast", "(module"), ("c.wast", MODULE)]);
    let first = ["wast", "a.wast", "b.wast", "c.wast", "-j1", "--fail-fast", "--report", "json=old.jsonl"];
    place.run(&first).expect(1, &["not run: an earlier failure ended the run"]);
    place.write("b.wast", MODULE);
    place
        .run(&["wast", "--rerun-failed", "old.jsonl", "--jobs", "1"])
        .expect(1, &["b.wast: 1 pass", "1 fail"]);
}

#[test]
fn filters_choose_of_what_was_red() {
    let place = Place::new(&[("t/a.wast", &*script()), ("t/c.wast", &*script())]);
    place.run(&["wast", "t", "--skip", "x", "--report", "json=old.jsonl"]).expect(1, &["2 fail"]);
    let again = ["wast", "--rerun-failed", "old.jsonl"];
    place
        .run(&[&again[..], &["--filter", "c"]].concat())
        .expect(1, &["1 directive in 1 file: 0 pass, 1 fail"]);
    place.run(&[&again[..], &["--list"]].concat()).expect(0, &["t/a.wast\nt/c.wast\n"]);
    // It is not a matter of one command or engine.
    place.run(&["compare", "--engine", "aot,jit", "--rerun-failed", "old.jsonl"]).expect(1, &["2 fail"]);
    std::fs::remove_file(place.path("t/c.wast")).expect("it is there");
    place.run(&again).expect(4, &["failed to find scripts that are red in old.jsonl: t/c.wast"]);
    place.run(&["wast", "t", "--rerun-failed", "old.jsonl"]).expect(4, &["t/c.wast"]);
}

#[test]
fn reports_that_say_nothing_are_refused() {
    let place = Place::new(&[("a.wast", &*script()), ("bad.jsonl", "x\n"), ("empty.jsonl", "")]);
    place.run(&["wast", "--rerun-failed", "none.jsonl"]).expect(2, &["failed to read the report none.jsonl"]);
    place.run(&["wast", "--rerun-failed", "bad.jsonl"]).expect(2, &["bad.jsonl: line 1"]);
    place.run(&["wast", "--rerun-failed", "empty.jsonl"]).expect(2, &["empty.jsonl"]);
    place.run(&["wast", "a.wast", "--report", "json=old.jsonl"]).expect(1, &[]);
    let cut = place.read("old.jsonl");
    place.write("cut.jsonl", cut.lines().next().expect("a line"));
    place.run(&["wast", "--rerun-failed", "cut.jsonl"]).expect(2, &["cut.jsonl: line 1"]);
    let both = ["wast", "--rerun-failed", "old.jsonl", "--only", "a.wast:1"];
    place.run(&both).expect(2, &["cannot be used with"]);
}

/// Every option that can change what a directive does is in the command that runs it again.
#[test]
fn commands_repeat_what_matters() {
    let place = Place::new(&[("a.wast", &*script())]);
    let rerun = |run: Run| {
        let line = run.out.lines().find(|line| line.contains("rerun:")).map(str::to_owned);
        line.unwrap_or_else(|| panic!("no command in {run:#?}")).replace("rerun:", "").trim().to_owned()
    };
    for options in [
        "--opt none",
        "--memory checked",
        "--cpu baseline",
        "--relaxed native",
        "--verify on",
        "--gc-stress",
        "--max-gc-heap 7",
        "--max-linear-memory 8",
        "--max-table-elements 9",
        "--debug-info",
        "-W -simd",
        "--texts strict",
        "--dialect wasmtime",
        "--timeout 7",
        "--max-memory 512",
        "--suite-revision any",
        "--no-isolate",
        "--engine jit",
    ] {
        let words: Vec<&str> = ["wast", "a.wast"].into_iter().chain(options.split(' ')).collect();
        assert_eq!(rerun(place.run(&words)), format!("trapline wast {options} a.wast --only a.wast:4"));
    }
    for options in ["--max-linear-memory 8", "--debug-info", "--timeout 7", "-W -simd"] {
        let words = ["compare", "a.wast", "--engine", "aot,jit"].into_iter().chain(options.split(' '));
        let command = rerun(place.run(&words.collect::<Vec<_>>()));
        let wanted = format!("trapline compare --variant aot --variant jit {options} a.wast --only a.wast:4");
        assert_eq!(command, wanted);
        let again: Vec<&str> = command.split(' ').skip(1).collect();
        place.run(&again).expect(1, &["fail a.wast:4:1"]);
    }
}

/// What is red with options is run again with them, unless the command says otherwise.
#[test]
fn what_is_run_again_has_the_options_of_that_run() {
    let simd = "(module (func (export \"f\") (result i32) (i32x4.extract_lane 0 (v128.const i32x4 1 2 3 4))))\n\
                (assert_return (invoke \"f\") (i32.const 1))\n";
    let place = Place::new(&[("a.wast", simd)]);
    let first = [
        "wast",
        "a.wast",
        "-W",
        "-relaxed-simd,-simd",
        "--opt",
        "none",
        "--engine",
        "jit,aot",
        "--gc-stress",
    ];
    place.run(&[&first[..], &["--report", "json=old.jsonl"]].concat()).expect(1, &["1 fail"]);
    let note = "note: with the options of that run: --engine=jit,aot --opt=none --gc-stress=on -W -relaxed-simd,-simd";
    for again in [
        ["wast", "--rerun-failed", "old.jsonl", "--report", "json=new.jsonl"],
        ["wast", "--rerun-failed", "new.jsonl", "--report", "json=newer.jsonl"],
    ] {
        let run = place.run(&again);
        run.expect(1, &[note, "jit-none-gc: 2 directives in 1 file: 0 pass, 1 fail, 1 blocked"]);
    }
    // What the command has itself counts.
    let again = [
        "wast",
        "--rerun-failed",
        "newer.jsonl",
        "--engine",
        "linked",
        "-W",
        "simd",
        "--report",
        "json=green.jsonl",
    ];
    place.run(&again).expect(0, &["linked-none-gc: 2 directives"]);
    place.run(&["wast", "--rerun-failed", "green.jsonl"]).expect(0, &["nothing is red"]);
}

/// A command that cannot do what the run did refuses: what was red could be green without its options.
#[test]
fn another_command_takes_the_options_over_or_refuses() {
    let simd =
        "(module (func (export \"f\") (result i32) (i32x4.extract_lane 0 (v128.const i32x4 1 2 3 4))))\n";
    let place = Place::new(&[("a.wast", simd), ("b.wast", &*script())]);
    let run = |words: &[&str]| place.run(words);
    run(&["wast", "a.wast", "-W", "-simd", "--report", "json=w.jsonl"]).expect(1, &["1 fail"]);
    let compare = ["compare", "--rerun-failed", "w.jsonl"];
    let note = "note: with the options of that run: --engine=aot,jit,linked -W -simd\n";
    run(&compare).expect(1, &[note, "1 directive in 1 file: 0 pass, 1 fail", "a.wast:1"]);
    run(&[&compare[..], &["--engine", "jit,aot", "-W", "simd"]].concat()).expect(0, &["1 pass"]);
    // The engine on which it was red is compared with the others.
    run(&[
        "wast",
        "a.wast",
        "-W",
        "-simd",
        "--engine",
        "linked",
        "--opt",
        "none",
        "--report",
        "json=w.jsonl",
    ])
    .expect(1, &["1 fail"]);
    run(&compare)
        .expect(1, &["note: with the options of that run: --engine=linked,aot,jit --opt=none -W -simd\n"]);
    // Code that was saved is an option of `wast` alone.
    run(&["wast", "b.wast", "--precompile-save", "kept"]).expect(1, &["1 fail"]);
    run(&["wast", "b.wast", "--precompile-load", "kept", "--report", "json=w.jsonl"]).expect(1, &["1 fail"]);
    run(&compare).expect(2, &["it was run with --precompile-load, which `trapline compare` does not have"]);
    run(&["wast", "--rerun-failed", "w.jsonl"]).expect(1, &["--precompile-load=kept", "1 fail"]);
    // What engines differ in is not found by running them.
    run(&["compare", "b.wast", "--engine", "aot,jit", "--report", "json=c.jsonl"]).expect(1, &["1 fail"]);
    run(&["wast", "--rerun-failed", "c.jsonl"])
        .expect(2, &["engines were compared there", "by `trapline compare --rerun-failed c.jsonl`"]);
    run(&["compare", "--rerun-failed", "c.jsonl"]).expect(1, &["options of that run: --engine=aot,jit\n"]);
}

/// What is not the same suite, or would be lost, is refused.
#[test]
fn what_was_run_is_what_is_run_again() {
    let place = Place::new(&[
        ("su/core/i32.wast", &*script()),
        ("a/f.wast", &*script()),
        ("a/g.wast", &*script()),
        ("empty.jsonl", ""),
    ]);
    let mut command = place.command(&[
        "wast",
        "--filter",
        "i32.wast",
        "--suite-revision",
        "any",
        "--report",
        "json=s.jsonl",
    ]);
    command.env("TRAPLINE_SPEC_TESTS", "su");
    Run::of(command).expect(1, &["1 fail"]);
    place
        .run(&["wast", "--rerun-failed", "s.jsonl"])
        .expect(2, &["it is of the suite in ", "and here it would be the one that is embedded"]);
    place
        .run(&["wast", "--rerun-failed", "s.jsonl", "--suite", "su"])
        .expect(1, &["1 directive in 1 file: 0 pass, 1 fail"]);
    // Scripts can have other names from here, if there is no doubt which they are.
    let first = ["f.wast", "g.wast", "--report", "json=q.jsonl"];
    let mut command = place.command(&[&["wast"], &first[..]].concat());
    command.current_dir(place.path("a"));
    Run::of(command).expect(1, &["2 fail"]);
    let again = ["wast", "--rerun-failed", "a/q.jsonl"];
    place
        .run(&[&again[..], &["a/f.wast", "a/g.wast"]].concat())
        .expect(1, &["2 directives in 2 files: 0 pass, 2 fail"]);
    let absolute = place.path("a").display().to_string();
    place.run(&[&again[..], &[&*absolute]].concat()).expect(1, &["2 directives in 2 files: 0 pass, 2 fail"]);
    place.run(&again).expect(2, &["f.wast"]);
    // The report is what the next run needs.
    for output in [["-o", "a/q.jsonl"], ["--report", "junit=a/q.jsonl"]] {
        place.run(&[&again[..], &["a"], &output].concat()).expect(2, &["it would overwrite a/q.jsonl"]);
    }
    place.run(&["wast", "--rerun-failed", "empty.jsonl"]).expect(2, &["the file is empty"]);
    // Runs of different scripts are run again together.
    place.run(&["wast", "a/f.wast", "--report", "json=1.jsonl"]).expect(1, &[]);
    place.run(&["wast", "a/g.wast", "--report", "json=2.jsonl"]).expect(1, &[]);
    place.run(&["report", "merge", "1.jsonl", "2.jsonl", "-o", "all.jsonl"]).expect(1, &[]);
    place
        .run(&["wast", "--rerun-failed", "all.jsonl"])
        .expect(1, &["2 directives in 2 files: 0 pass, 2 fail"]);
}

/// Proposals that are switched come on top of those of the run, and do not take their place.
#[test]
fn proposals_add_up() {
    let place = Place::new(&[(
        "a.wast",
        "(module (memory 1 1 shared))\n(module (func (result v128) (v128.const i32x4 0 0 0 0)))\n",
    )]);
    place.run(&["wast", "a.wast", "-W", "-threads,-simd", "--report", "json=w.jsonl"]).expect(1, &["2 fail"]);
    let again = ["wast", "--rerun-failed", "w.jsonl", "-W"];
    place.run(&[&again[..], &["tail-call"]].concat()).expect(1, &["-W -threads,-simd", "0 pass, 2 fail"]);
    place.run(&[&again[..], &["threads"]].concat()).expect(1, &["1 pass, 1 fail"]);
}

/// A call ends the options of a command, whatever the command that runs it again has behind them.
#[test]
fn a_call_is_made_again() {
    let place = Place::new(&[(
        "a.wat",
        "(func (export \"f\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))",
    )]);
    let words = ["wast", "a.wat", "--report", "json=old.jsonl", "--opt", "none", "--invoke", "f", "7", "0"];
    place.run(&words).expect(1, &["1 fail"]);
    let other = ["wast", "--rerun-failed", "old.jsonl", "--invoke", "f", "7", "1"];
    place.run(&other).expect(2, &["its calls are those of that run, and --invoke would make others"]);
    let note = "--opt=none --invoke=f 7 0\n";
    for words in [
        &["wast", "--rerun-failed", "old.jsonl", "a.wat"][..],
        &["wast", "a.wat", "--rerun-failed", "old.jsonl"],
        &["wast", "--rerun-failed", "old.jsonl"],
        &["compare", "--rerun-failed", "old.jsonl", "--engine", "aot,jit"],
        &["compare", "--rerun-failed", "old.jsonl", "a.wat"],
    ] {
        place.run(words).expect(1, &[note, "i32.div_s: 7 / 0"]);
    }
}

#[test]
fn options_that_are_not_known_are_not_guessed() {
    let place = Place::new(&[("a.wast", &*script()), ("b.wast", &*script())]);
    let run = |words: &[&str]| place.run(words);
    run(&["wast", "a.wast", "--report", "json=a.jsonl"]).expect(1, &[]);
    run(&["wast", "b.wast", "--opt", "none", "--report", "json=b.jsonl"]).expect(1, &[]);
    run(&["report", "merge", "a.jsonl", "b.jsonl", "-o", "all.jsonl"]).expect(1, &[]);
    let unknown = "it does not say with which options, or is of runs with different ones";
    run(&["wast", "--rerun-failed", "all.jsonl"]).expect(2, &[unknown]);
    run(&["wast", "b.wast", "--report", "json=b.jsonl"]).expect(1, &[]);
    run(&["report", "merge", "a.jsonl", "b.jsonl", "-o", "all.jsonl"]).expect(1, &[]);
    run(&["wast", "a.wast", "b.wast", "--rerun-failed", "all.jsonl"]).expect(1, &["2 directives in 2 files"]);
    // What another version has written.
    let text = place.read("a.jsonl");
    place.write("old.jsonl", text.replacen("\"options\":[],", "", 1));
    run(&["wast", "--rerun-failed", "old.jsonl"]).expect(2, &[unknown]);
    place.write("new.jsonl", text.replacen("\"options\":[],", "\"options\":[\"--new\"],", 1));
    run(&["wast", "--rerun-failed", "new.jsonl"]).expect(2, &["its options are not those of this version"]);
    // A pipe can be read once.
    run(&["wast", "--rerun-failed", "/dev/stdin"]).expect(2, &["it is not a file that can be read twice"]);
}

/// A directive that is blocked comes with what blocks it.
#[test]
fn what_blocks_a_directive_is_reported_with_it() {
    let script = "(module (func (export \"f\") (result i32)))\n(invoke \"f\")\n(invoke \"f\")\n";
    let place = Place::new(&[("a.wast", script)]);
    let only = place.run(&["wast", "a.wast", "--only", "./a.wast:3"]);
    only.expect(1, &["2 directives in 1 file: 0 pass, 1 fail, 1 blocked", "type mismatch", "by a.wast:1"]);
}

/// Names that begin like flags are none in the command.
#[test]
fn names_that_begin_like_flags_can_be_run_again() {
    let place = Place::new(&[("-d.wast", &*script())]);
    let run = place.run(&["wast", "--", "-d.wast"]);
    run.expect(1, &["rerun:    trapline wast ./-d.wast --only ./-d.wast:4\n"]);
    place
        .run(&["wast", "./-d.wast", "--only", "./-d.wast:4"])
        .expect(1, &["1 directive in 1 file: 0 pass, 1 fail"]);
}

/// Equal texts of which there are more now: it could be any of them.
#[test]
fn equal_texts_are_all_run_again_if_there_are_more() {
    let counter = "(module (global $g (mut i32) (i32.const 0)) (func (export \"n\") (result i32)\n\
        (global.set $g (i32.add (global.get $g) (i32.const 1))) (i32.gt_u (global.get $g) (i32.const 3))))\n";
    let assert = "(assert_return (invoke \"n\") (i32.const 0))\n";
    let place = Place::new(&[("a.wast", &*[counter, assert, assert, assert, assert].concat())]);
    place.run(&["wast", "a.wast", "--report", "json=old.jsonl"]).expect(1, &["fail a.wast:6:1"]);
    place.write("a.wast", [counter, assert, assert, assert, assert, assert].concat());
    place.run(&["wast", "--rerun-failed", "old.jsonl"]).expect(1, &["fail a.wast:6:1", "fail a.wast:7:1"]);
}
