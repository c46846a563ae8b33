//! `--expectations`: what is known not to pass of scripts that are of no suite.

use super::place::Place;

pub(crate) const SCRIPT: &str = "\
(module (func (export \"f\") (result i32) (i32.const 1)) (func (export \"t\") unreachable))
(assert_return (invoke \"f\") (i32.const 1))
(assert_return (invoke \"f\") (i32.const 2))
(assert_return (invoke \"t\"))
";

/// Entries for what fails in [`SCRIPT`], when it is called `sub/a.wast`. Each hash is of the directive's text.
fn entries() -> String {
    let entry = |index: u32, text: &str, rest: &str| {
        let hash = trapline::expectations::directive_hash(text);
        let line = index + 1;
        format!(
            "[[expected]]\nfile = \"sub/a.wast\"\nindex = {index}\nline = {line}\nhash = \"{hash}\"\noutcome = \"fail\"\n\
             class = \"own\"\nreason = \"because {index}\"\n{rest}\n"
        )
    };
    entry(2, "(assert_return (invoke \"f\") (i32.const 2))", "")
        + &entry(3, "(assert_return (invoke \"t\"))", "layer = \"run\"\ntrap = \"Unreachable\"\n")
}

fn place(entries: &str) -> Place {
    Place::new(&[
        ("tests/sub/a.wast", SCRIPT),
        ("tests/b.wast", "(module)"),
        ("tests/expected.toml", entries),
    ])
}

const WAST: [&str; 3] = ["wast", "--expectations", "tests/expected.toml"];

#[track_caller]
fn told(entries: &str, code: i32, parts: &[&str]) {
    place(entries).run(&[&WAST[..], &["tests"]].concat()).expect(code, parts);
}

#[test]
fn what_is_listed_is_not_red() {
    let place = place(&entries());
    place.run(&["wast", "tests"]).expect(1, &["2 fail"]);
    for path in ["tests", "tests/sub", "tests/sub/a.wast", "./tests/../tests/sub/a.wast"] {
        place.run(&[&WAST[..], &[path]].concat()).expect(0, &["2 fail as listed"]);
    }
    // Names start from the folder of the file, wherever the program runs.
    let mut command = place.command(&["wast", "--expectations", "../expected.toml", "a.wast"]);
    command.current_dir(place.path("tests/sub"));
    super::place::Run::of(command).expect(0, &[]);
    place
        .run(&[&WAST[..], &["--format", "json", "tests"]].concat())
        .expect(0, &[r#""expectations":["tests/expected.toml"]"#, r#""known":"because 2""#]);
}

#[test]
fn what_is_listed_has_to_go_on_so() {
    let entries = entries();
    told(&entries.replace("index = 2", "index = 1"), 1, &["sub/a.wast:3", "the directive passes"]);
    told(&entries.replace("index = 2", "index = 9"), 1, &["there is no directive 9"]);
    told(&entries.replacen("hash = \"", "hash = \"0", 1), 1, &["directive 2 is another one, with hash"]);
    told(&entries.replacen("\"fail\"", "\"crash\"", 1), 1, &["expected to end in crash and ended in fail"]);
    told(&entries.replace("Unreachable", "IntegerOverflow"), 1, &["another trap came"]);
    told(&entries.replace("\"run\"", "\"link\""), 1, &["another layer decided"]);
    let message = entries.replacen("class", "message = \"x\"\nclass", 1);
    told(&message, 1, &["the message has changed: expected `x`"]);
}

#[test]
fn entries_of_scripts_that_are_not_there_are_red_where_all_are_selected() {
    let missing = entries().replacen("sub/a.wast", "sub/none.wast", 1);
    let place = place(&missing);
    let unused =
        "tests/sub/none.wast:3: the entry is unused: no script is called so; listed in tests/expected.toml";
    for path in ["tests", "tests/sub", "."] {
        place.run(&[&WAST[..], &[path]].concat()).expect(1, &[unused]);
    }
    for words in [&["tests", "--filter", "b.wast"][..], &["tests/b.wast"]] {
        let run = place.run(&[&WAST[..], words].concat());
        run.expect(0, &[]);
        assert!(!run.out.contains("unused"), "{run:#?}");
    }
}

#[test]
fn files_of_a_proposal_are_listed_by_patterns() {
    let listed = |files: &str| {
        format!("[[unsupported]]\nproposal = \"stack\"\nreason = \"not built\"\nfiles = [{files}]\n")
    };
    let place = place(&listed("\"**/cont*.wast\""));
    place.write(
        "tests/deep/cont.wast",
        ";;! stack_switching = true\n(module (type $f (func)) (type (cont $f)))\n",
    );
    let run = |words: &[&str]| place.run(&[&WAST[..], words].concat());
    run(&["tests/deep"]).expect(0, &["1 unsupported"]);
    place.write("tests/expected.toml", listed("\"**/cont*.wast\", \"none/*\""));
    run(&["tests", "--filter", "cont"]).expect(0, &[]);
    run(&["tests", "--skip", "sub"]).expect(0, &[]);
    run(&["tests"]).expect(1, &["tests/none/*: the entry is unused", "listed for `stack`"]);
    place.write("tests/expected.toml", listed("\"b.wast\""));
    run(&["tests/b.wast"]).expect(1, &["listed for `stack` as unsupported, and all of it passes"]);
}

#[test]
fn what_cannot_be_read_is_refused_before_anything_runs() {
    let refused = |entries: &str, parts: &[&str]| {
        let run = place(entries).run(&[&WAST[..], &["tests"]].concat());
        run.expect(2, parts);
        assert_eq!(run.out, "", "{run:#?}");
    };
    let entries = entries();
    refused("x = ", &["failed to read the expectations: tests/expected.toml:1:"]);
    refused(&entries.replacen("class", "klass", 1), &["tests/expected.toml:7:1: unknown field `klass`"]);
    refused(
        &entries.replacen("because 2", " ", 1),
        &["tests/expected.toml:8:10: an entry with an empty `reason`"],
    );
    refused(
        &entries.replacen("fail", "pass", 1),
        &["tests/expected.toml:6:11: an entry that expects `pass`"],
    );
    refused(
        &entries.replacen("sub/", "../", 1),
        &["tests/expected.toml:2:8: `../a.wast` is not the path of"],
    );
    refused(
        &entries.replacen("class", "suites = [\"v2\"]\nclass", 1),
        &["tests/expected.toml:7:10: an entry with `suites`"],
    );
    let place = place(&entries);
    place
        .run(&["wast", "--expectations", "none.toml", "tests"])
        .expect(2, &["failed to read the expectations: none.toml: No such file"]);
    place.run(&["wast", "--expectations", "tests", "tests"]).expect(2, &["expectations: tests: "]);
}

#[test]
fn reports_do_not_overwrite_it_and_name_it_for_the_next_run() {
    let place = place(&entries().replacen("\"fail\"", "\"crash\"", 1));
    place
        .run(&[&WAST[..], &["tests", "-o", "tests/expected.toml"]].concat())
        .expect(2, &["it would overwrite tests/expected.toml"]);
    place.run(&[&WAST[..], &["tests", "--no-config", "--timeout", "20"]].concat()).expect(
        1,
        &["trapline wast --timeout 20 --no-config --expectations tests/expected.toml tests/sub/a.wast"],
    );
}

/// What fails on every engine in the same way is not red either if it is listed.
#[test]
fn compare_takes_them() {
    let place = place(&entries());
    place.run(&["compare", "tests"]).expect(1, &[]);
    place
        .run(&["compare", "--expectations", "tests/expected.toml", "tests"])
        .expect(0, &["2 fail as listed"]);
}
