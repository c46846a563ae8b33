//! `run`, `compile` and `validate` in a process of their own: endless loops, too much memory and crashes end in one error,
//! and leave nothing behind.

use super::place::{Place, Run};
use std::fs;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const MODULE: &str = r#"(module
  (memory 1)
  (func (export "f") (result i32) (i32.const 0x12345678))
  (func (export "spin") (loop (br 0)))
  (func (export "eat") (loop
    (drop (memory.grow (i32.const 256)))
    (memory.fill (i32.const 0) (i32.const 1) (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)))
    (br 0))))
"#;

/// A folder with the module, an older output, and a folder for temporary files.
fn place() -> Place {
    let place = Place::new(&[("m.wat", MODULE), ("old.o", "old"), ("old.so", "old"), ("old.txt", "old")]);
    fs::create_dir(place.path("tmp")).expect("a folder");
    place
}

fn command(place: &Place, arguments: &[&str]) -> Command {
    let mut command = place.command(arguments);
    command.env("TMPDIR", place.path("tmp"));
    command
}

fn run(place: &Place, arguments: &[&str]) -> Run {
    Run::of(command(place, arguments))
}

/// Nothing is in the folder but what was there, as it was.
#[track_caller]
fn expect_nothing_left(place: &Place) {
    let names = |folder| {
        let entries = fs::read_dir(place.path(folder)).expect("a folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    let known = ["linker", "linker.pid", "m.wat", "old.o", "old.so", "old.txt", "tmp"];
    let left: Vec<_> =
        names(".").into_iter().filter(|name| known.iter().all(|known| name != known)).collect();
    assert!(left.is_empty() && names("tmp").is_empty(), "{left:?} {:?}", names("tmp"));
    for name in ["old.o", "old.so", "old.txt"] {
        assert_eq!(place.read(name), "old", "{name}");
    }
}

#[test]
fn guests_without_end_are_ended() {
    let place = place();
    for engine in ["aot", "jit", "linked"] {
        let arguments = ["run", "m.wat", "--engine", engine, "--timeout", "1", "--invoke", "spin"];
        run(&place, &arguments)
            .expect(8, &["error: failed to run m.wat: it takes longer than 1 s (--timeout S allows more)\n"]);
    }
    let arguments = ["run", "m.wat", "--max-memory", "300", "--invoke", "eat"];
    run(&place, &arguments).expect(
        8,
        &["error: failed to run m.wat: it takes more than 300 MiB of memory (--max-memory MIB allows more)\n"],
    );
    expect_nothing_left(&place);
}

/// Each command, whatever it writes, when its work has no end, takes all memory, or crashes.
#[test]
fn work_that_fails_is_one_error_and_leaves_nothing() {
    let place = place();
    let commands: [&[&str]; 6] = [
        &["run", "m.wat", "--invoke", "f"],
        &["validate", "m.wat"],
        &["compile", "m.wat", "-o", "old.o"],
        &["compile", "m.wat", "-o", "old.so"],
        &["compile", "m.wat", "--emit", "asm", "-o", "old.txt"],
        &["compile", "m.wat", "-o", "new.o", "--emit", "clif"],
    ];
    let hazards = [
        ("spin", 1, "it takes longer than 1 s (--timeout S allows more)"),
        ("stop", 1, "it takes longer than 1 s (--timeout S allows more)"),
        ("allocate", 1, "it takes more than 300 MiB of memory (--max-memory MIB allows more)"),
        ("segfault", 70, "the worker crashed: SIGSEGV"),
        ("abort", 70, "the worker crashed: SIGABRT"),
        // It ends as if all was well, and something that it has started goes on.
        ("hold", 70, "the worker crashed: exit code 0"),
    ];
    for arguments in commands {
        for (hazard, code, what) in hazards {
            let timeout = if ["spin", "stop"].contains(&hazard) { "1" } else { "60" };
            let limits = ["--timeout", timeout, "--max-memory", "300"];
            let mut command = command(&place, &[arguments, &limits[..]].concat());
            command.env("TRAPLINE_HAZARDS", format!("{hazard}@{}", arguments[0]));
            let run = Run::of(command);
            // Only `run` tells limits apart from other ends.
            let code = if code == 1 && arguments[0] == "run" { 8 } else { code };
            run.expect(code, &[&format!("error: failed to {} m.wat: {what}", arguments[0])]);
            assert_eq!((run.err.lines().count(), &*run.out), (1, ""), "{run:#?}");
            expect_nothing_left(&place);
        }
    }
}

/// A fault in compiled code at no trap site is no trap.
#[test]
fn crashes_of_compiled_code_are_reported() {
    let place = place();
    run(&place, &["compile", "m.wat", "-o", "m.o"]).expect(0, &[]);
    let mut object = fs::read(place.path("m.o")).expect("a file");
    let constant = [0x78, 0x56, 0x34, 0x12];
    let at = object.windows(4).rposition(|bytes| bytes == constant).expect("the constant");
    // `ud2` in place of `mov`.
    object[at - 1..=at].copy_from_slice(&[0x0f, 0x0b]);
    place.write("m.o", object);
    let arguments = ["run", "m.o", "--allow-unchecked", "--invoke", "f"];
    run(&place, &arguments).expect(
        70,
        &[
            "error: failed to run m.o: the worker crashed: SIGILL at pc 0x",
            ", in wasm function 0",
            "at no trap site",
        ],
    );
}

/// A linker that never ends, and says which process it is.
fn place_with_linker() -> Place {
    use std::os::unix::fs::PermissionsExt;
    let place = place();
    place.write("linker", "#!/bin/sh\necho $$ >linker.pid\nexec sleep 1000\n");
    fs::set_permissions(place.path("linker"), fs::Permissions::from_mode(0o755)).expect("a file");
    place
}

/// The linker's process, once there is one.
fn linker(place: &Place) -> String {
    let begin = Instant::now();
    loop {
        match fs::read_to_string(place.path("linker.pid")) {
            Ok(number) if number.ends_with('\n') => return number.trim().to_owned(),
            _ => assert!(begin.elapsed() < Duration::from_secs(60), "no linker was started"),
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[track_caller]
fn expect_gone(process: &str) {
    let begin = Instant::now();
    let runs = || {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
    };
    while runs() {
        assert!(begin.elapsed() < Duration::from_secs(10), "process {process} goes on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The linker of `run` is confined, and so writes its number only if it may change the folder.
const LINKING: [&[&str]; 2] = [
    &["compile", "m.wat", "-o", "old.so"],
    &["run", "m.wat", "--engine", "linked", "--dir", ".", "--invoke", "f"],
];

#[test]
fn what_a_worker_has_started_ends_with_it() {
    for arguments in LINKING {
        let place = place_with_linker();
        let mut command = command(&place, &[arguments, &["--timeout", "2"]].concat());
        command.env("CC", "./linker");
        let code = if arguments[0] == "run" { 8 } else { 1 };
        Run::of(command).expect(code, &["it takes longer than 2 s"]);
        expect_gone(&linker(&place));
        expect_nothing_left(&place);
    }
}

fn signal(signal: &str, process: &Child) {
    let status = Command::new("kill").args([signal, &process.id().to_string()]).status();
    assert!(status.expect("kill starts").success());
}

#[test]
fn interrupted_commands_leave_nothing() {
    use std::os::unix::process::ExitStatusExt;
    for arguments in LINKING {
        for (name, number) in [("-INT", 2), ("-TERM", 15)] {
            let place = place_with_linker();
            let mut command = command(&place, arguments);
            let mut program = command.env("CC", "./linker").spawn().expect("it starts");
            let linker = linker(&place);
            signal(name, &program);
            assert_eq!(program.wait().expect("it ends").signal(), Some(number));
            expect_gone(&linker);
            expect_nothing_left(&place);
        }
    }
}

/// A first process that is killed leaves no worker.
#[test]
fn killed_commands_leave_no_worker() {
    let place = place();
    let mut program = command(&place, &["run", "m.wat", "--invoke", "spin"]).spawn().expect("it starts");
    let children = format!("/proc/{0}/task/{0}/children", program.id());
    let begin = Instant::now();
    let worker = loop {
        let workers = fs::read_to_string(&children).expect("a list");
        if let Some(worker) = workers.split_whitespace().next() {
            break worker.to_owned();
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "no worker was started");
    };
    signal("-KILL", &program);
    program.wait().expect("it ends");
    expect_gone(&worker);
}

/// All standard streams are those of the first process, and so are descriptors that a shell has opened.
#[test]
fn descriptors_are_handed_through() {
    let place = place();
    let shell = |script: &str| {
        let script = script.replace("trapline", env!("CARGO_BIN_EXE_trapline"));
        Run::of(place.command_of("/bin/sh".as_ref(), &["-c", &script]))
    };
    shell("trapline validate - <m.wat").expect(0, &["-: valid, "]);
    shell("cat m.wat | trapline run - --invoke f").expect(0, &["i32 305419896 (0x12345678)\n"]);
    shell("trapline validate /dev/fd/7 7<m.wat").expect(0, &["/dev/fd/7: valid, "]);
    shell("cat m.wat | trapline validate /proc/self/fd/9 9<&0 </dev/null")
        .expect(0, &["/proc/self/fd/9: valid, "]);
    let asm = shell("trapline compile m.wat --emit asm").out;
    assert!(asm.contains("function[0]::f"), "{asm}");
    assert_eq!(shell("trapline compile m.wat --emit asm -o /dev/fd/8 8>&1").out, asm);
    assert_eq!(shell("trapline compile m.wat --emit asm --no-isolate").out, asm);
    shell("trapline validate /dev/fd/7").expect(2, &["error: failed to read /dev/fd/7: "]);
}

#[test]
fn without_isolation_nothing_is_limited() {
    let place = place();
    for arguments in
        [&["run", "m.wat", "--invoke", "f"][..], &["validate", "m.wat"], &["compile", "m.wat", "-o", "m.o"]]
    {
        let mut command = command(&place, &[arguments, &["--no-isolate"]].concat());
        // Only workers suffer from these.
        command.env("TRAPLINE_HAZARDS", format!("abort@{}", arguments[0]));
        Run::of(command).expect(0, &[]);
        for limit in [["--timeout", "1"], ["--max-memory", "1"]] {
            let both = [arguments, &["--no-isolate"], &limit].concat();
            run(&place, &both).expect(2, &["cannot be used with"]);
        }
    }
    assert!(fs::read(place.path("m.o")).expect("a file").starts_with(b"\x7fELF"));
}
