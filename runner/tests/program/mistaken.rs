//! What people mistake for something else: outputs for other files than inputs, pipes for scripts, and a part of a suite
//! for all of it.

use super::place::{Place, Run};
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Command;

const SCRIPT: &str =
    "(module (func (export \"f\") (result i32) (i32.const 1)))\n(assert_return (invoke \"f\") (i32.const 1))";

fn reading(place: &Place, arguments: &[&str], input: &str) -> Run {
    let mut command = place.command(arguments);
    command.stdin(File::open(place.path(input)).expect("a file"));
    Run::of(command)
}

#[test]
fn a_script_on_the_standard_input_is_not_overwritten() {
    let place = Place::new(&[("a.wast", SCRIPT), ("a.o", "(module)")]);
    for arguments in [
        &["wast", "-", "-o", "a.wast"][..],
        &["wast", "-", "--report", "json=a.wast"],
        &["compare", "--engine", "aot,jit", "-", "-o", "a.wast"],
    ] {
        reading(&place, arguments, "a.wast").expect(2, &["it would overwrite -"]);
        assert_eq!(place.read("a.wast"), SCRIPT);
    }
    reading(&place, &["compile", "-", "-o", "a.o"], "a.o").expect(2, &["it would overwrite -"]);
    assert_eq!(place.read("a.o"), "(module)");
}

#[test]
fn artefacts_that_are_loaded_are_not_overwritten() {
    let place = Place::new(&[("a.wast", SCRIPT)]);
    place.run(&["wast", "a.wast", "--precompile-save", "kept"]).expect(0, &[]);
    place
        .run(&["wast", "a.wast", "--precompile-load", "kept", "-o", "kept/new"])
        .expect(2, &["which this command reads from"]);
    assert!(!place.path("kept/new").exists());
}

#[test]
fn what_is_no_file_in_a_folder_is_told_and_the_rest_runs() {
    let place = Place::new(&[("scripts/a.wast", SCRIPT)]);
    let pipe = place.path("scripts/p.wast");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    symlink("/dev/zero", place.path("scripts/z.wast")).expect("a link");
    let run = place.run(&["wast", "scripts", "--timeout", "5"]);
    run.expect(
        1,
        &[
            "2 directives in 3 files: 2 pass",
            "scripts/p.wast: a named pipe, which is read only if it is named itself",
            "scripts/z.wast: neither a file nor a folder",
        ],
    );
}

/// A suite of which the manifest knows more files than there are.
fn suite() -> Place {
    let place = Place::empty();
    fs::create_dir(place.path("suite")).expect("a folder");
    let files = trapline_spec_tests::Suite::select(
        &trapline_spec_tests::Selection::Edition(trapline_spec_tests::Edition::V3),
        place.folder(),
    );
    let file =
        files.expect("embedded").remove(0).files.into_iter().find(|file| file.name.ends_with("/nop.wast"));
    place.write("suite/nop.wast", file.expect("a file").read().expect("embedded"));
    place
}

#[test]
fn a_file_that_is_missing_is_missed_through_a_filter() {
    let place = suite();
    let missing = "core/address.wast: the manifest lists this file";
    let run = place.run(&["wast", "--suite", "suite", "--filter", "address", "--filter", "nop.wast"]);
    run.expect(1, &[missing, "88 pass"]);
    let run = place.run(&["wast", "--suite", "suite", "--filter", "nop.wast"]);
    assert!(!run.out.contains("the manifest lists"), "{run:?}");
}

#[test]
fn an_audit_looks_at_the_manifest_too() {
    let place = suite();
    let run = place.run(&["audit", "--suite", "suite", "--sample", "1"]);
    run.expect(1, &["problem core/address.wast: the manifest lists this file"]);
}

#[test]
fn a_link_that_leads_nowhere_is_a_file_of_the_suite_that_cannot_be_read() {
    let place = suite();
    symlink("loop.wast", place.path("suite/loop.wast")).expect("a link");
    let run = place.run(&["wast", "--suite", "suite", "--filter", "nop.wast", "--filter", "loop.wast"]);
    run.expect(1, &["failed to read", "loop.wast", "88 pass"]);
}

/// The arguments of a call end at `--`.
#[test]
fn a_path_behind_a_call_is_no_argument_of_it() {
    let place =
        Place::new(&[("a.wat", "(module (func (export \"f\") (param i32) (result i32) (local.get 0)))")]);
    place.run(&["wast", "--invoke", "f", "1", "--", "a.wat"]).expect(0, &["2 pass, 0 fail"]);
    place.run(&["triage", "--invoke", "f", "-1", "--", "a.wat"]).expect(0, &["a.wat: no fault found\n"]);
    place.run(&["wast", "--invoke", "f", "1", "2", "--", "a.wat"]).expect(2, &["a.wat: failed to"]);
}

#[test]
fn a_file_in_no_folder_is_named_as_it_was_given() {
    let place = Place::new(&[("a.wat", "(module)")]);
    let run = place.run(&["compile", "a.wat", "-o", "none/a.o"]);
    assert!(
        run.err.ends_with("failed to write none/a.o: No such file or directory (os error 2)\n"),
        "{run:#?}"
    );
}
