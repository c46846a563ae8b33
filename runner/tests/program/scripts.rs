//! Scripts of unusual size and shape: each directive of them has its outcome, or there is a clear reason why they have
//! none.

use super::place::{Place, Run};
use serde_json::Value;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const MODULE: &str = "(module (func (export \"f\")))\n";
const CALL: &str = "(assert_return (invoke \"f\"))\n";

fn trapline(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trapline"));
    command.args(["wast", "a.wast"]).current_dir(folder).stdin(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Runs a script that is written piece by piece, and gives the exit code, the summary and the standard error.
fn run(write: impl FnOnce(&mut dyn Write)) -> (Option<i32>, Value, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut out = BufWriter::new(File::create(folder.path().join("a.wast")).expect("a file"));
    write(&mut out);
    out.into_inner().expect("written");
    let report = folder.path().join("out.jsonl");
    let mut command = trapline(folder.path());
    let output = command.args(["--format", "json", "-o"]).arg(&report).output().expect("it starts");
    let mut text = String::new();
    File::open(report).and_then(|mut file| file.read_to_string(&mut text)).expect("a report");
    let summary: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned() + &text;
    (output.status.code(), summary["engines"]["aot"].clone(), errors)
}

fn put(out: &mut dyn Write, text: &str) {
    out.write_all(text.as_bytes()).expect("room on the disk");
}

/// All of so many directives pass.
#[track_caller]
fn passes(directives: u64, write: impl FnOnce(&mut dyn Write)) {
    let (code, summary, errors) = run(write);
    assert_eq!(summary["pass"], directives, "{summary} {}", &errors[..errors.len().min(2000)]);
    assert_eq!(summary["directives"], directives);
    assert_eq!(code, Some(0));
}

/// The script cannot be run, and the reason says so.
#[track_caller]
fn is_refused(parts: &[&str], write: impl FnOnce(&mut dyn Write)) {
    let (code, summary, errors) = run(write);
    let errors = &errors[..errors.len().min(4000)];
    assert_eq!(summary["pass"], 0, "{errors}");
    assert!(matches!(code, Some(1 | 2)), "{code:?}");
    for part in parts {
        assert!(errors.contains(part), "no {part:?} in {errors}");
    }
    assert!(!errors.contains("panicked"), "{errors}");
}

#[test]
fn a_hundred_megabytes() {
    passes(3, |out| {
        put(out, MODULE);
        put(out, CALL);
        let comment = format!("(; {} ;)\n", "x".repeat(1 << 20));
        (0..100).for_each(|_| put(out, &comment));
        put(out, CALL);
    });
}

#[test]
fn a_million_directives() {
    passes(1_000_000, |out| {
        put(out, MODULE);
        (1..1_000_000).for_each(|_| put(out, CALL));
    });
}

#[test]
fn deep_nesting() {
    is_refused(&["a.wast"], |out| {
        put(out, "(module (func ");
        (0..200_000).for_each(|_| put(out, "(block "));
    });
    is_refused(&["a.wast"], |out| (0..1_000_000).for_each(|_| put(out, "(")));
}

#[test]
fn deep_comments_are_no_nesting() {
    passes(1, |out| {
        put(out, MODULE);
        (0..100_000).for_each(|_| put(out, "(;"));
        (0..100_000).for_each(|_| put(out, ";)"));
    });
}

#[test]
fn carriage_returns() {
    passes(2, |out| put(out, &format!("{MODULE}{CALL}").replace('\n', "\r\n")));
}

#[test]
fn nul_bytes_and_byte_order_marks() {
    for (script, place) in [
        (format!("{MODULE}\0{CALL}"), "\"line\":2,\"col\":1,\"directive\":\"unknown\""),
        (format!("\u{feff}{MODULE}{CALL}"), "\"line\":1,\"col\":1,\"directive\":\"unknown\""),
    ] {
        let (code, summary, report) = run(|out| put(out, &script));
        assert_eq!((code, &summary["pass"], &summary["fail"]), (Some(1), &2.into(), &1.into()), "{report}");
        assert!(report.contains(place), "{report}");
    }
}

#[test]
fn nothing_at_all() {
    is_refused(&["a.wast"], |_| {});
}

#[test]
fn a_full_disk() {
    let folder = small();
    for report in ["json=/dev/full", "junit=/dev/full"] {
        let output = trapline(folder.path()).args(["--report", report]).output().expect("it starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(70), "{errors}");
        assert!(errors.contains("/dev/full") && errors.contains("No space left"), "{errors}");
        // The other report is whole.
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("2 directives in 1 file: 2 pass"), "{text}");
    }
}

#[test]
fn a_pipe_that_is_closed_early() {
    let folder = small();
    let mut child =
        trapline(folder.path()).args(["--format", "json"]).stdout(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

fn small() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.wast"), format!("{MODULE}{CALL}")).expect("a file");
    folder
}

/// A pipe can be read once, and serves every engine.
#[test]
fn a_pipe_serves_every_engine() {
    let place = Place::empty();
    let mut command = place.command(&["compare", "/dev/stdin", "--engine", "aot,jit", "--format", "terse"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all([MODULE, CALL].concat().as_bytes()).expect("it reads");
    drop(pipe);
    let run = Run::from(child.wait_with_output().expect("it ends"));
    run.expect(0, &["aot: 2 directives in 1 file", "jit: 2 directives in 1 file"]);
}
