//! The regressions in every variant of the code: many bugs show in one of them only.

use super::place::Place;
use std::process::{Command, Stdio};

/// Runs all regressions with these flags.
#[track_caller]
fn regressions_hold(flags: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_trapline"))
        .args(["wast", "regressions", "--format", "terse"])
        .args(flags)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{flags:?}:\n{text}");
    assert!(text.contains(" pass, 0 fail\n"), "{flags:?}:\n{text}");
}

#[test]
fn levels_memory_styles_and_processors() {
    for opt in ["none", "speed", "speed_and_size"] {
        for memory in ["guarded", "checked"] {
            for cpu in ["native", "baseline"] {
                regressions_hold(&["--opt", opt, "--memory", memory, "--cpu", cpu]);
            }
        }
    }
}

#[test]
fn relaxed_instructions_of_the_machine() {
    for opt in ["none", "speed"] {
        regressions_hold(&["--opt", opt, "--relaxed", "native"]);
    }
}

#[test]
fn code_that_a_just_in_time_compiler_places() {
    for opt in ["none", "speed"] {
        regressions_hold(&["--engine", "jit", "--opt", opt]);
    }
}

/// Every object moves at every allocation, and what was left behind is inaccessible: a reference that was missed faults.
#[test]
fn objects_that_move_at_every_allocation() {
    regressions_hold(&["--gc-stress"]);
    // The edition of the suite that is built in.
    let place = Place::empty();
    let run = place.run(&["wast", "--gc-stress", "--engine", "aot,jit,linked", "--format", "terse"]);
    run.expect(0, &["aot-gc: ", "jit-gc: ", "linked-gc: "]);
}
