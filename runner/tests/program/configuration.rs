//! `trapline.toml`: features, limits on time and expectations by folder.

use super::expectations::SCRIPT;
use super::place::{Place, Run};
use serde_json::Value;
use std::path::Path;

const SHARED: &str = "(module (memory 1 1 shared))";
const ENDLESS: &str = "(module (func (export \"f\") (loop (br 0))))\n(invoke \"f\")\n";
const WITHOUT_THREADS: &str = "[[scripts]]\nfeatures = { threads = false }\n";

#[test]
fn features_go_from_file_to_header_to_flag() {
    let place = Place::new(&[
        (".git/HEAD", ""),
        ("tests/trapline.toml", WITHOUT_THREADS),
        ("tests/sub/plain.wast", SHARED),
        ("tests/sub/header.wast", &format!(";;! threads = true\n{SHARED}")),
        ("outside.wast", SHARED),
    ]);
    place.run(&["wast", "tests/sub/plain.wast"]).expect(1, &["it needs threads"]);
    place.run(&["wast", "tests/sub/header.wast"]).expect(0, &[]);
    place.run(&["wast", "tests/sub/header.wast", "-W", "-threads"]).expect(1, &["it needs threads"]);
    place.run(&["wast", "tests/sub/plain.wast", "-W", "threads"]).expect(0, &[]);
    place.run(&["wast", "outside.wast"]).expect(0, &[]);
    place.run(&["wast", "tests", "--no-config"]).expect(0, &[]);
    place.run(&["compare", "tests/sub/plain.wast"]).expect(1, &["it needs threads"]);
    place.run(&["compare", "tests/sub/plain.wast", "--no-config"]).expect(0, &[]);
    // The file is found from the script and not from the current folder.
    let mut command = place.command(&["wast", "../tests/sub/plain.wast"]);
    command.current_dir(place.path(".git"));
    Run::of(command).expect(1, &["it needs threads"]);
}

#[test]
fn the_run_names_the_files_that_count() {
    let place = Place::new(&[
        (".git/HEAD", ""),
        ("trapline.toml", WITHOUT_THREADS),
        ("a.wast", "(module)"),
        ("sub/trapline.toml", "[[scripts]]\nfiles = [\"none.wast\"]\n"),
        ("sub/b.wast", "(module)"),
    ]);
    let run = place.run(&["wast", "a.wast", "sub/b.wast", "--format", "json"]);
    run.expect(0, &["/trapline.toml\"]"]);
    assert!(!run.out.contains("sub/trapline.toml"), "{run:#?}");
    for (script, report) in [("a.wast", "a.jsonl"), ("sub/b.wast", "b.jsonl")] {
        place.write("sub/trapline.toml", "[[scripts]]\n");
        place.run(&["wast", script, "--format", "json", "-o", report]).expect(0, &[]);
    }
    place.run(&["report", "merge", "a.jsonl", "b.jsonl", "-o", "all.jsonl"]).expect(0, &[]);
    let all = place.read("all.jsonl");
    let run: Value = serde_json::from_str(all.lines().next().expect("a line")).expect("JSON");
    assert_eq!(run["configuration"].as_array().map(Vec::len), Some(2), "{run}");
    place.write("sub/trapline.toml", "[[scripts]]\nfiles = [\"none.wast\"]\n");
    place.run(&["wast", ".", "--format", "json", "--no-config"]).expect(0, &["\"configuration\":[]"]);
    let run = place.run(&["features", "sub/b.wast"]);
    run.expect(0, &["script         sub/b.wast\ntrapline.toml  /", "/trapline.toml\n"]);
    let threads = run.out.lines().find(|line| line.starts_with("threads")).expect("a line");
    assert!(threads.ends_with("off"), "{threads}");
    place
        .run(&["features", "sub/b.wast", "--no-config", "--format", "json"])
        .expect(0, &[r#"{"script":"sub/b.wast","configuration":null,"timeout":null,"expectations":null}"#]);
    place.run(&["features", "none.wast"]).expect(2, &["failed to read none.wast"]);
}

#[test]
fn limits_on_time_are_those_of_the_file_unless_a_flag_has_another() {
    let place = Place::new(&[
        (".git/HEAD", ""),
        ("trapline.toml", "[[scripts]]\nfiles = [\"slow/**\"]\ntimeout = 1\n"),
        ("slow/a.wast", ENDLESS),
    ]);
    let timed = |words: &[&str], wanted: &str| {
        let words = [&["wast", "slow/a.wast", "--format", "json"], words].concat();
        place.run(&words).expect(1, &["\"outcome\":\"timeout\"", wanted]);
    };
    timed(&[], "\"secs\":1,");
    timed(&["--timeout", "2"], "\"secs\":2,");
}

#[test]
fn expectations_are_found_and_blessed_through_it() {
    let place = Place::new(&[
        (".git/HEAD", ""),
        ("tests/trapline.toml", "[[scripts]]\nexpectations = \"expected.toml\"\n"),
        ("tests/sub/a.wast", SCRIPT),
    ]);
    let missing = "tests/trapline.toml:2:16: failed to read the expectations: ";
    place.run(&["wast", "tests"]).expect(2, &[missing, "expected.toml: No such file"]);
    place.run(&["wast", "tests", "--bless"]).expect(0, &["+file = \"sub/a.wast\""]);
    place.run(&["wast", "tests"]).expect(0, &["2 fail as listed"]);
    place.run(&["wast", "tests", "--no-config"]).expect(1, &["--no-config"]);
    // What the command line names counts instead, and is what is rewritten; elsewhere the file that the folder names counts.
    place.write("none.toml", "");
    let before = place.read("tests/expected.toml");
    place.write("other/a.wast", SCRIPT);
    place
        .run(&["wast", "tests", "other", "--expectations", "other/new.toml", "--bless"])
        .expect(0, &["+file = \"a.wast\""]);
    assert_eq!(place.read("tests/expected.toml"), before);
    place.write("tests/sub/a.wast", SCRIPT.replace("(i32.const 2)", "(i32.const 3)"));
    place.run(&["wast", "tests", "other", "--expectations", "other/new.toml", "--bless"]).expect(
        1,
        &[
            "this stays red:\n  tests/sub/a.wast:3: the entry is stale",
            "\n  tests/sub/a.wast:3: assert_return: fail",
        ],
    );
    place.run(&["wast", "tests", "--expectations", "none.toml"]).expect(1, &["2 fail"]);
}

#[test]
fn mistakes_are_refused_before_anything_runs() {
    let place = Place::new(&[(".git/HEAD", ""), ("a.wast", "(module)")]);
    let refused = |text: &str, wanted: &str| {
        place.write("trapline.toml", text);
        for command in ["wast", "compare", "audit", "features"] {
            let run = place.run(&[command, "a.wast"]);
            run.expect(2, &["failed to read the configuration: ", wanted]);
            assert_eq!(run.out, "", "{run:#?}");
        }
    };
    refused(
        "[[scripts]]\nfeatures = { thread = true }\n",
        "trapline.toml:2:14: no feature is called `thread`, did you",
    );
    refused("[[scripts]]\ntimeout = 0\n", "trapline.toml:2:11: `timeout` must be at least 1");
    refused(
        "[[scripts]]\nfiles = [\"a.wast\", \"[ab].wast\"]\n",
        "trapline.toml:2:20: `[` means nothing in the pattern",
    );
    refused("[[scripts]]\nexpectations = \"/dev/zero\"\n", "/dev/zero: it is not a file");
    refused("[[script]]\n", "trapline.toml:1:3: unknown field `script`");
    refused("timeout", "trapline.toml:1:");
    place.run(&["wast", "a.wast", "--no-config"]).expect(0, &[]);
}

/// A link that leads nowhere is a mistake, and not the lack of a file.
#[test]
fn a_link_that_leads_nowhere_is_refused() {
    let place = Place::new(&[("a.wast", "(module)")]);
    std::os::unix::fs::symlink("gone.toml", place.path("trapline.toml")).expect("a link");
    place.run(&["wast", "a.wast"]).expect(2, &["failed to read the configuration", "trapline.toml"]);
    place.run(&["wast", "a.wast", "--no-config"]).expect(0, &[]);
}

/// Files of a suite have the manifest, and no file of a user's changes them.
#[test]
fn files_of_a_suite_have_no_configuration() {
    let place = Place::new(&[
        (".git/HEAD", ""),
        ("trapline.toml", "[[scripts]]\nfeatures = { simd = false }\n"),
        ("suite/core/a.wast", "(module (func (param v128)))"),
    ]);
    place.run(&["wast", "--suite", "suite", "--suite-revision", "any"]).expect(0, &[]);
    place.run(&["wast", "suite/core/a.wast"]).expect(1, &["it needs simd"]);
}

/// The examples of the documentation are files that can be used.
#[test]
fn the_examples_of_the_documentation_are_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scripts.md");
    let text = std::fs::read_to_string(path).expect("the documentation");
    let examples: Vec<&str> =
        text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    let [expectations, configuration] = examples[..] else { panic!("{examples:?}") };
    let place = Place::new(&[
        ("expected.toml", expectations),
        ("trapline.toml", configuration),
        ("simd/a.wast", "(module (func (param v128)))"),
        ("b.wast", "(assert_invalid (module (memory 1 1 shared)) \"\")"),
    ]);
    place.run(&["wast", "simd/a.wast", "b.wast"]).expect(0, &["2 pass"]);
    place.run(&["features", "simd/a.wast"]).expect(0, &["timeout        120 s\n", "expected.toml\n"]);
    place
        .run(&["wast", "."])
        .expect(1, &["memory/grow.wast:12: the entry is unused", "**/cont_*.wast: the entry is unused"]);
}

/// As with expectations: only if all scripts were there that it could take.
#[test]
fn a_pattern_that_takes_no_script_is_a_problem() {
    let entries = "[[scripts]]\nfiles = [\n  \"a*\",\n  \"old/*.wast\",\n]\n";
    let place = Place::new(&[
        (".git/HEAD", ""),
        ("tests/trapline.toml", entries),
        ("tests/a.wast", "(module)"),
        ("tests/new/b.wast", "(module)"),
    ]);
    let said = "tests/trapline.toml:4: the pattern is unused: `old/*.wast` takes no script, or only those of a nearer ";
    for command in [&["wast", "tests"][..], &["compare", "--engine", "aot,jit", "."]] {
        let run = place.run(command);
        run.expect(1, &[said]);
        assert!(!run.out.contains("`a*`"), "{run:#?}");
    }
    for command in [
        &["wast", "tests/a.wast"][..],
        &["wast", "tests/new"],
        &["wast", "tests", "--filter", "a"],
        &["wast", "tests", "--no-config"],
    ] {
        place.run(command).expect(0, &[]);
    }
}

/// The nearest file with an entry for a script counts alone, so that an entry of another one takes nothing.
#[test]
fn a_pattern_is_unused_where_a_nearer_file_takes_the_script() {
    let place = Place::new(&[
        (".git/HEAD", ""),
        ("trapline.toml", "[[scripts]]\nfiles = [\"sub/*\"]\ntimeout = 5\n"),
        ("sub/trapline.toml", "[[scripts]]\nfiles = [\"a*\"]\ntimeout = 6\n"),
        ("sub/a.wast", "(module)"),
        ("top.wast", "(module)"),
    ]);
    let run = place.run(&["wast", "."]);
    run.expect(1, &["trapline.toml:2: the pattern is unused: `sub/*` takes no script, or only those of a nearer trapline.toml"]);
    assert!(!run.out.contains("`a*`"), "{run:#?}");
    place.write("sub/b.wast", "(module)");
    place.run(&["wast", "."]).expect(0, &["3 pass"]);
}
