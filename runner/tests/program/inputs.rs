//! Inputs without end, and inputs that are larger than anything that makes sense.

use super::place::{Place, Run};
use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Stdio};

/// What every refusal says, with the limit that these tests set.
const REFUSAL: &str = "it has more than 1 MiB, which is the limit for an input (TRAPLINE_MAX_INPUT=MIB in the environment changes it)";

/// Bytes that fit into the limit.
const LIMIT: u64 = 1 << 20;
/// Bytes that a pipe holds which nothing has read.
const PIPE: u64 = 1 << 16;

/// Every command that reads a file, with the file's name to come, and how it ends if the file is too large.
const COMMANDS: [(&[&str], i32); 11] = [
    (&["validate"], 2),
    (&["compile", "-o", "out.o"], 2),
    (&["compile", "--emit", "asm"], 2),
    (&["run"], 2),
    (&["run", "--no-isolate"], 2),
    (&["objdump"], 2),
    (&["wast"], 1),
    (&["wast", "--no-isolate"], 1),
    (&["compare", "--engine", "aot,jit"], 1),
    (&["report", "merge"], 2),
    (&["report", "diff", "empty.jsonl"], 2),
];

fn place() -> Place {
    Place::new(&[("empty.jsonl", "")])
}

fn limited(place: &Place, arguments: &[&str]) -> Command {
    let mut command = place.command(arguments);
    command.env("TRAPLINE_MAX_INPUT", "1");
    command
}

#[track_caller]
fn expect_refused(place: &Place, run: &Run, code: i32) {
    run.expect(code, &[REFUSAL]);
    assert!(!place.path("out.o").exists(), "{run:#?}");
}

#[test]
fn devices_without_end_are_refused() {
    let place = place();
    for (arguments, code) in COMMANDS {
        for device in ["/dev/zero", "/dev/urandom"] {
            let run = Run::of(limited(&place, &[arguments, &[device]].concat()));
            // Scripts come from files, folders and pipes.
            match arguments[0] {
                "wast" | "compare" => run.expect(2, &["neither a file nor a folder"]),
                _ => expect_refused(&place, &run, code),
            }
        }
    }
}

/// A file of 100 GiB that takes no space is refused for its size, also by the limit that holds without being set.
#[test]
fn sparse_files_are_refused() {
    let place = place();
    File::create(place.path("sparse")).and_then(|file| file.set_len(100 << 30)).expect("a file");
    for (arguments, code) in COMMANDS {
        let arguments = [arguments, &["sparse"]].concat();
        expect_refused(&place, &Run::of(limited(&place, &arguments)), code);
        place.run(&arguments).expect(code, &["it has more than 1024 MiB, which is the limit for an input"]);
    }
    fs::create_dir_all(place.path("suite/core")).expect("a folder");
    fs::rename(place.path("sparse"), place.path("suite/core/sparse.wast")).expect("a file");
    let suite = limited(&place, &["wast", "--suite", "suite", "--suite-revision", "any"]);
    expect_refused(&place, &Run::of(suite), 1);
}

/// Writes until the program takes no more; the number of bytes that it took at most.
fn feed(mut pipe: impl Write) -> u64 {
    let (block, mut written) = ([b' '; 4096], 0);
    while written < 100 * LIMIT && pipe.write_all(&block).is_ok() {
        written += block.len() as u64;
    }
    written
}

#[test]
fn pipes_without_end_are_read_up_to_the_limit() {
    let place = place();
    for (arguments, code) in COMMANDS {
        // The standard input is no report, and no file of `wast` has its name.
        if arguments[0] != "report" {
            let code = if ["wast", "compare"].contains(&arguments[0]) { 2 } else { code };
            let mut command = limited(&place, &[arguments, &["-"]].concat());
            let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut program = command.spawn().expect("it starts");
            let written = feed(program.stdin.take().expect("a pipe"));
            expect_refused(&place, &program.wait_with_output().expect("it ends").into(), code);
            assert!(written <= LIMIT + PIPE + 8192, "{arguments:?} took {written} bytes");
        }
        let fifo = place.path("fifo.wast");
        assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo starts").success());
        let mut command = limited(&place, &[arguments, &["fifo.wast"]].concat());
        let program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let written = feed(File::options().write(true).open(&fifo).expect("a reader"));
        expect_refused(&place, &program.wait_with_output().expect("it ends").into(), code);
        assert!(written <= LIMIT + PIPE + 8192, "{arguments:?} took {written} bytes");
        fs::remove_file(fifo).expect("a file");
    }
}

#[test]
fn the_limit_can_be_changed() {
    let place = Place::new(&[("m.wat", "(module)")]);
    let mut text = "(module)".to_owned();
    text.push_str(&" ".repeat(1 << 20));
    place.write("large.wat", &text);
    let with = |limit: &str, file: &str| {
        let mut command = place.command(&["validate", file]);
        command.env("TRAPLINE_MAX_INPUT", limit);
        Run::of(command)
    };
    with("1", "large.wat").expect(2, &[REFUSAL]);
    with("2", "large.wat").expect(0, &["large.wat: valid, 8 bytes"]);
    with("", "large.wat").expect(0, &[]);
    for wrong in ["0", "-1", "1.5", "many", "99999999999999999999"] {
        let error = format!("error: failed to understand TRAPLINE_MAX_INPUT={wrong}: ");
        with(wrong, "m.wat").expect(2, &[&error]);
    }
}
