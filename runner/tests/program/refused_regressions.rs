//! `trapline regress add`: what a refusal says it is about.

use super::place::{Place, Run};
use std::fs::File;

const RED: &str = ";; Why it is here.
(module (func (export \"f\") (result i32) (i32.const 42)))
(assert_return (invoke \"f\") (i32.const 43))
";

fn add(place: &Place, file: &str, more: &[&str]) -> Run {
    let mut command =
        place.command(&[&["regress", "add", file, "--name", "fam/slug", "--into", "r"], more].concat());
    command.env("TRAPLINE_HAZARDS", "1");
    Run::of(command)
}

#[test]
fn the_line_is_that_of_the_file() {
    let place = Place::new(&[("red.wast", RED), ("header.wast", &format!(";;! simd = true\n\n{RED}"))]);
    add(&place, "red.wast", &[]).expect(
        1,
        &["failed to add a regression of red.wast: the script is not green on aot: line 3 of red.wast, assert_return: "],
    );
    add(&place, "header.wast", &[]).expect(1, &["not green on aot: line 5 of header.wast, assert_return: "]);
    let mut command = place.command(&["regress", "add", "-", "--name", "fam/slug", "--into", "r"]);
    command.stdin(File::open(place.path("red.wast")).expect("a file"));
    Run::of(command).expect(
        1,
        &["a regression of the standard input: the script is not green on aot: line 3 of the standard input, "],
    );
}

#[test]
fn a_script_that_was_made_has_its_directive_quoted() {
    let calls = "(module (func $a (result i32) (i32.const 1)) (func $b (result i32) (i32.const 2))
  (func (export \"f\") (result i32) (call $a)))";
    let place = Place::new(&[("calls.wat", calls)]);
    add(&place, "calls.wat", &["--variant", "aot,break=relocation"]).expect(
        1,
        &[" of the script made of calls.wat, (assert_return (invoke \"f\") (i32.const 1)): expected "],
    );
}

#[test]
fn calls_that_do_not_end_are_named_if_nothing_is_left() {
    let place = Place::new(&[("endless.wat", "(module (func (export \"f\") (loop (br 0))))")]);
    add(&place, "endless.wat", &["--timeout", "1"]).expect(
        1,
        &[
            "a regression of endless.wat: nothing is asserted: the script has no assertion:\n",
            "  (invoke \"f\") is left out: it does not end in time\n",
        ],
    );
}

#[test]
fn an_object_is_named_as_one() {
    let place = Place::new(&[("a.wat", "(module (func (export \"f\")))")]);
    place.run(&["compile", "a.wat", "-o", "a.o"]).expect(0, &[]);
    let said = "failed to add a regression of a.o: an object, where a module or a script is wanted";
    add(&place, "a.o", &[]).expect(2, &[said]);
}

#[test]
fn a_name_that_no_file_can_have_is_refused_before_anything_runs() {
    let place = Place::new(&[("red.wast", RED)]);
    let name = format!("fam/{}", "x".repeat(251));
    for more in [&["--dry-run"][..], &[]] {
        let run =
            place.run(&[&["regress", "add", "red.wast", "--name", &name, "--into", "r"], more].concat());
        run.expect(2, &["a part has 251 characters; the names of folders and files have room for 250"]);
    }
}

/// The longest name that is taken is one that a file can have.
#[test]
fn the_longest_name_can_be_written() {
    let place = Place::new(&[("green.wast", &RED.replace("43", "42"))]);
    let name = format!("fam/{}", "x".repeat(250));
    place.run(&["regress", "add", "green.wast", "--name", &name, "--into", "r"]).expect(0, &["written\n"]);
}

/// The first call computes a NaN whose bits are open. What is red is the second.
#[test]
fn what_is_red_is_not_an_open_nan() {
    let module = "(module
      (func (export \"nan\") (param f32 f32) (result f32) (f32.div (local.get 0) (local.get 1)))
      (func (export \"sub\") (param i32) (result i32) (i32.sub (local.get 0) (i32.const 7))))";
    let place = Place::new(&[("nan.wat", module)]);
    let run = add(&place, "nan.wat", &["--expect-from", "aot,nan=canonical,break=operands", "--calls", "1"]);
    run.expect(0, &["red on:     aot: line "]);
    let red = run.out.lines().filter(|line| line.contains("red on:"));
    assert!(red.clone().count() > 5 && red.clone().all(|line| line.contains("i32 7")), "{run:#?}");
}
