//! A sample of `trapline audit` over the official 2.0 suite and the regressions, and the command itself.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use trapline::audit::{self, Amount, Mutation, Options};
use trapline::discover::{Request, discover};
use trapline::engine::AotEngine;
use trapline::expectations::Expectations;
use trapline::report::Style;
use trapline::run::{self, Runner};
use trapline_compiler::Profile;
use trapline_spec_tests::{Edition, Manifest, Selection};

#[test]
fn every_mutant_in_a_sample_is_killed() {
    let runner = Runner {
        engine: Arc::new(AotEngine::new("aot", Profile::default()).unwrap()),
        manifest: Manifest::bundled().unwrap(),
        expectations: Expectations::default(),
        configuration: Arc::default(),
        reading: Default::default(),
        shows_output: false,
        overrides: Vec::new(),
        command: "cargo run --release -- audit --seed 3 --all".to_owned(),
        workers: None,
    };
    let request = Request {
        paths: vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../regressions")],
        suite: Some(Selection::Edition(Edition::V2)),
        ..Request::default()
    };
    let selected = discover(&request, Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let options = Options {
        seed: 3,
        amount: Amount::Sample(50),
        line: None,
        mutations: Vec::new(),
        jobs: run::default_jobs(),
    };
    let report =
        audit::audit(&runner, &selected.inputs, &options, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(report.is_clean(), "{}", report.text(Style::default()));
    assert!(report.passing > 20_000, "{} directives pass", report.passing);
    let sampled =
        [Mutation::IntegerBit, Mutation::TrapText, Mutation::InvalidToMalformed, Mutation::DirectiveDropped];
    assert!(
        sampled.iter().all(|mutation| report.of(*mutation).killed == 50),
        "{}",
        report.text(Style::default())
    );
}

/// Runs `trapline audit` on a script: its exit code and what it printed.
fn trapline(arguments: &[&str], script: &str) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_trapline"))
        .arg("audit")
        .args(arguments)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments does not read on.
    let _ = child.stdin.take().unwrap().write_all(script.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

const ONE: &str = "(module (func (export \"f\") (result i32) (i32.const 1)))
(assert_return (invoke \"f\") (i32.const 1))";

#[test]
fn the_command_says_how_it_went() {
    let (code, text) = trapline(&["--all", "--seed", "9"], ONE);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("2 of 2 directives pass and have mutants; seed 9"), "{text}");
    assert!(text.contains("kill rate 100.00 %"), "{text}");
    let without_time = |text: &str| text.rsplit_once(", in ").map(|(before, _)| before.to_owned());
    let again = trapline(&["--all", "--seed", "9", "-j", "2"], ONE).1;
    assert_eq!(without_time(&again), without_time(&text));
}

#[test]
fn nothing_to_mutate_is_not_success() {
    let (code, text) = trapline(&[], "(assert_return (invoke \"f\") (i32.const 1))");
    assert_eq!(code, Some(4), "{text}");
    let (code, text) = trapline(&["--mutation", "trap-text"], ONE);
    assert_eq!(code, Some(4), "{text}");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for arguments in [["--mutation", "nonsense"], ["--sample", "0"], ["--seed", "x"]] {
        assert_eq!(trapline(&arguments, ONE).0, Some(2), "{arguments:?}");
    }
    assert_eq!(trapline(&["--all", "--sample", "3"], ONE).0, Some(2));
}
