//! `--bless`: expectations are brought up to date by a run.

use super::expectations::SCRIPT;
use super::place::Place;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const BLESS: [&str; 5] = ["wast", "--bless", "--expectations", "expected.toml", "tests"];
const CHECK: [&str; 4] = ["wast", "--expectations", "expected.toml", "tests"];

#[test]
fn a_blessed_run_is_green_at_once_and_the_next_one_too() {
    let place = Place::new(&[("tests/a.wast", SCRIPT)]);
    place.run(&BLESS).expect(0, &["expected.toml:\n", "+file = \"tests/a.wast\"", "+trap = \"Unreachable\""]);
    place.run(&CHECK).expect(0, &["2 fail as listed"]);
    place.run(&BLESS).expect(0, &["expected.toml says so already"]);

    // Comments, reasons and permissions stay; what is not true any more goes.
    let text = place.read("expected.toml").replacen("not explained yet", "explained", 1);
    place.write("expected.toml", format!("# The head.\n\n{text}"));
    fs::set_permissions(place.path("expected.toml"), fs::Permissions::from_mode(0o640)).expect("permissions");
    place.write("tests/a.wast", SCRIPT.replace("(assert_return (invoke \"t\"))\n", ""));
    place.run(&CHECK).expect(1, &["there is no directive 3"]);
    place.run(&BLESS).expect(0, &["-trap = \"Unreachable\""]);
    let text = place.read("expected.toml");
    assert!(text.starts_with("# The head.\n\n[[expected]]\n"), "{text}");
    assert!(text.contains("reason = \"explained\"") && !text.contains("not explained"), "{text}");
    let mode = fs::metadata(place.path("expected.toml")).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    place.run(&CHECK).expect(0, &["1 fail as listed"]);
    let left: Vec<_> = fs::read_dir(place.folder()).expect("the folder").flatten().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_script_that_is_gone_loses_its_entries_where_all_are_selected() {
    let place = Place::new(&[("tests/a.wast", SCRIPT), ("tests/b.wast", "(module)")]);
    place.run(&BLESS).expect(0, &[]);
    fs::remove_file(place.path("tests/a.wast")).expect("a file");
    place.run(&[&BLESS[..4], &["tests/b.wast"]].concat()).expect(0, &["says so already"]);
    place.run(&CHECK).expect(1, &["tests/a.wast:3: the entry is unused"]);
    place.run(&BLESS).expect(0, &["-file = \"tests/a.wast\""]);
    assert_eq!(place.read("expected.toml"), "");
    place.run(&CHECK).expect(0, &[]);
}

#[test]
fn what_cannot_be_blessed_stays_red() {
    let place = Place::new(&[
        ("tests/a.wast", SCRIPT),
        ("tests/empty.wast", ""),
        ("tests/unknown.wast", "(module)\n(assert_nothing)\n"),
    ]);
    let run = place.run(&BLESS);
    run.expect(
        1,
        &["failed to bless all of it, and this stays red:", "tests/empty.wast:", "tests/unknown.wast:2: "],
    );
    assert!(!run.err.contains("a.wast"), "{run:#?}");
    let text = place.read("expected.toml");
    assert_eq!(text.matches("[[expected]]").count(), 2, "{text}");
    // A script that is not below the folder of the file is not blessed by it.
    let place = Place::new(&[("tests/a.wast", SCRIPT), ("other/b.wast", SCRIPT)]);
    place
        .run(&["wast", "--bless", "--expectations", "tests/e.toml", "tests", "other"])
        .expect(1, &["this stays red:\n  other/b.wast:3: assert_return: fail\n"]);
    assert!(!place.read("tests/e.toml").contains("b.wast"));
}

#[test]
fn what_cannot_work_is_refused_before_the_run() {
    let place = Place::new(&[("tests/a.wast", SCRIPT), ("bad.toml", "[[expected]]\nfile = 1\n")]);
    let refused = |words: &[&str], parts: &[&str]| {
        let run = place.run(&[&["wast", "--bless"], words].concat());
        run.expect(2, parts);
        assert_eq!(run.out, "", "{run:#?}");
    };
    refused(
        &["tests"],
        &["the scripts are of no suite, and neither --expectations nor trapline.toml names a file"],
    );
    refused(
        &["--spec", "v1", "--filter", "i32"],
        &["failed to find spec-tests/expectations.toml from here upwards"],
    );
    refused(&["--engine", "aot,jit", "--expectations", "e.toml", "tests"], &["--bless takes one engine"]);
    refused(&["--expectations", "bad.toml", "tests"], &["bad.toml:2:8: "]);
    refused(&["--expectations", "none/e.toml", "tests"], &["none/e.toml: "]);
    refused(&["--expectations", "tests", "tests"], &["tests: "]);
    place.write("sub/x", "");
    refused(&["--expectations", "sub/e.toml", "tests"], &["no script that is selected is below the folder"]);
    refused(&["--expectations", "e.toml", "-"], &["no script that is selected is below the folder"]);
    let words = ["wast", "--bless", "--expectations", "e.toml", "tests", "--partition", "count:2/2"];
    place.run(&words).expect(4, &["none of the 1 that are selected is in --partition count:2/2"]);
    assert!(!place.path("e.toml").exists());
    let mut files: Vec<_> = fs::read_dir(place.folder()).expect("the folder").flatten().collect();
    files.retain(|file| file.file_name().to_string_lossy().starts_with('.'));
    assert!(files.is_empty(), "{files:?}");
}

/// In a workspace, the file that is there counts and not what the program was built with.
#[test]
fn the_suites_expectations_of_a_workspace_have_an_effect_at_once() {
    let head = "# The suites.\n";
    let place = Place::new(&[("spec-tests/manifest.toml", ""), ("spec-tests/expectations.toml", head)]);
    let suite = ["--suite", "suite", "--suite-revision", "any"];
    place.write("suite/core/a.wast", SCRIPT);
    place.run(&[&["wast"], &suite[..]].concat()).expect(1, &["2 fail"]);
    place.run(&[&["wast", "--bless"], &suite[..]].concat()).expect(0, &["+suites = [\"testsuite\"]"]);
    place.run(&[&["wast"], &suite[..]].concat()).expect(0, &["2 fail as listed"]);
    assert!(place.read("spec-tests/expectations.toml").starts_with(head));
    place.write("spec-tests/expectations.toml", "[[expected]]\n");
    place
        .run(&[&["wast"], &suite[..]].concat())
        .expect(2, &["spec-tests/expectations.toml:1:1: missing field"]);
}
