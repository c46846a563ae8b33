//! WASI programs, as `trapline run` runs them.

use super::place::{Place, Run};
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Ends with the error of what an export does to the path that is the first argument, in the first folder. Address 64 has the
/// pointers to the arguments, 256 what they point at; 4 the number of arguments and 8 their bytes.
const PROBE: &str = r#"(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory" (func $mkdir (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_remove_directory" (func $rmdir (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename" (func $rename (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link" (func $link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink" (func $symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $stat (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_set_times"
    (func $utimes (param i32 i32 i32 i32 i64 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_readlink" (func $readlink (param i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 32) "written by a guest")
  (func $prepare
    (drop (call $sizes (i32.const 4) (i32.const 8)))
    (drop (call $args (i32.const 64) (i32.const 256))))
  (func $arg (param i32) (result i32) (i32.load (i32.add (i32.const 64) (i32.mul (i32.const 4) (local.get 0)))))
  (func $len (param i32) (result i32) (local i32)
    (loop $more
      (if (i32.load8_u (i32.add (call $arg (local.get 0)) (local.get 1)))
        (then (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br $more))))
    (local.get 1))
  (func $p1 (result i32) (call $arg (i32.const 1)))
  (func $l1 (result i32) (call $len (i32.const 1)))
  (func $p2 (result i32) (call $arg (i32.const 2)))
  (func $l2 (result i32) (call $len (i32.const 2)))
  ;; Opens with lookup flags, flags and rights; the descriptor is at address 12.
  (func $opened (param i32 i32 i64) (result i32)
    (call $prepare)
    (call $open (i32.const 3) (local.get 0) (call $p1) (call $l1) (local.get 1)
      (local.get 2) (i64.const 0) (i32.const 0) (i32.const 12)))
  (func $vector (param i32 i32)
    (i32.store (i32.const 16) (local.get 0))
    (i32.store (i32.const 20) (local.get 1)))
  (func (export "read") (local i32)
    (local.set 0 (call $opened (i32.const 1) (i32.const 0) (i64.const 2)))
    (if (local.get 0) (then (call $exit (local.get 0))))
    (call $vector (i32.const 4096) (i32.const 100))
    (drop (call $read (i32.load (i32.const 12)) (i32.const 16) (i32.const 1) (i32.const 24)))
    (call $vector (i32.const 4096) (i32.load (i32.const 24)))
    (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24))))
  (func (export "open_link") (call $exit (call $opened (i32.const 0) (i32.const 0) (i64.const 2))))
  (func (export "write") (local i32)
    (local.set 0 (call $opened (i32.const 1) (i32.const 1) (i64.const 64)))
    (if (local.get 0) (then (call $exit (local.get 0))))
    (call $vector (i32.const 32) (i32.const 18))
    (call $exit (call $write (i32.load (i32.const 12)) (i32.const 16) (i32.const 1) (i32.const 24))))
  (func (export "mkdir") (call $prepare) (call $exit (call $mkdir (i32.const 3) (call $p1) (call $l1))))
  (func (export "rmdir") (call $prepare) (call $exit (call $rmdir (i32.const 3) (call $p1) (call $l1))))
  (func (export "unlink") (call $prepare) (call $exit (call $unlink (i32.const 3) (call $p1) (call $l1))))
  (func (export "rename") (call $prepare)
    (call $exit (call $rename (i32.const 3) (call $p1) (call $l1) (i32.const 3) (call $p2) (call $l2))))
  (func (export "link") (call $prepare)
    (call $exit (call $link (i32.const 3) (i32.const 0) (call $p1) (call $l1) (i32.const 3) (call $p2) (call $l2))))
  (func (export "symlink") (call $prepare)
    (call $exit (call $symlink (call $p1) (call $l1) (i32.const 3) (call $p2) (call $l2))))
  (func (export "stat") (call $prepare)
    (call $exit (call $stat (i32.const 3) (i32.const 1) (call $p1) (call $l1) (i32.const 4096))))
  (func (export "utimes") (call $prepare)
    (call $exit (call $utimes (i32.const 3) (i32.const 1) (call $p1) (call $l1)
      (i64.const 0) (i64.const 1000000000000000000) (i32.const 4))))
  (func (export "readlink") (local i32) (call $prepare)
    (local.set 0 (call $readlink (i32.const 3) (call $p1) (call $l1) (i32.const 4096) (i32.const 100) (i32.const 24)))
    (if (local.get 0) (then (call $exit (local.get 0))))
    (call $vector (i32.const 4096) (i32.load (i32.const 24)))
    (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24)))))"#;

/// Prints all bytes of its arguments and of its environment, each of which ends with a zero.
const WORDS: &str = r#"(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 1024))
    (drop (call $args_sizes (i32.const 100) (i32.const 4)))
    (drop (call $args (i32.const 200) (i32.const 1024)))
    (i32.store (i32.const 8) (i32.const 4096))
    (drop (call $environ_sizes (i32.const 100) (i32.const 12)))
    (drop (call $environ (i32.const 200) (i32.const 4096)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 100)))))"#;

/// Copies the standard input to the standard output.
const CAT: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 1024))
    (loop $more
      (i32.store (i32.const 4) (i32.const 7))
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
      (if (i32.load (i32.const 4)) (then
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
        (br $more))))))"#;

/// Functions that return errors and numbers.
const CALLS: &str = r#"(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_res_get" (func $resolution (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $given (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_raise" (func $raise (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_shutdown" (func $shutdown (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $resize (param i32 i64) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\20\00\00\00\03\00\00\00\ff\ff\00\00\02\00\00\00")
  (data (i32.const 32) "out")
  (func (export "time") (param i32) (result i32 i64)
    (call $time (local.get 0) (i64.const 0) (i32.const 64)) (i64.load (i32.const 64)))
  (func (export "resolution") (result i32 i64) (call $resolution (i32.const 0) (i32.const 64)) (i64.load (i32.const 64)))
  (func (export "random") (result i64) (drop (call $random (i32.const 64) (i32.const 8))) (i64.load (i32.const 64)))
  (func (export "random_out") (result i32 i32) (call $random (i32.const 65530) (i32.const 7)) (i32.load (i32.const 65532)))
  (func (export "write") (param i32 i32 i32 i32) (result i32)
    (call $write (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func (export "given") (param i32) (result i32) (call $given (local.get 0) (i32.const 64)))
  (func (export "close") (result i32 i32) (call $close (i32.const 2)) (call $close (i32.const 2)))
  ;; Waits for 50 ms and, with 2 subscriptions, for the standard output.
  (func (export "wait") (param i32) (result i32 i32 i64 i32)
    (i64.store (i32.const 1024) (i64.const 77))
    (i32.store (i32.const 1040) (i32.const 1))
    (i64.store (i32.const 1048) (i64.const 50000000))
    (i64.store (i32.const 1072) (i64.const 78))
    (i32.store (i32.const 1080) (i32.const 2))
    (i32.store (i32.const 1088) (i32.const 1))
    (call $poll (i32.const 1024) (i32.const 2048) (local.get 0) (i32.const 64))
    (i32.load (i32.const 64)) (i64.load (i32.const 2048)) (i32.load8_u (i32.const 2058)))
  (func (export "refused") (result i32 i32) (call $raise (i32.const 9)) (call $shutdown (i32.const 1) (i32.const 0)))
  (func (export "seek") (param i32) (result i32)
    (call $seek (local.get 0) (i64.const 0) (i32.const 0) (i32.const 64)))
  (func (export "resize") (param i32) (result i32) (call $resize (local.get 0) (i64.const 0)))
  (func (export "exit") (param i32) (call $exit (local.get 0)) unreachable))"#;

const HELLO: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\06\00\00\00")
  (data (i32.const 16) "hello\n")
  (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"#;

/// Ends a probe of `root`, which has `in.txt`, `sub/` and links, beside `outside.txt`.
fn probe(place: &Place, words: &[&str]) -> Run {
    place.run(&[&["run", "probe.wat", "--dir", "root", "--invoke"], words].concat())
}

fn place_for_probes() -> Place {
    let place = Place::new(&[
        ("probe.wat", PROBE),
        ("root/in.txt", "within"),
        ("root/sub/deep.txt", "deep"),
        ("outside.txt", "outside"),
    ]);
    for (target, name) in [
        ("../outside.txt", "root/out"),
        ("..", "root/up"),
        ("in.txt", "root/within"),
        ("sub", "root/folder"),
        ("loop", "root/loop"),
    ] {
        symlink(target, place.path(name)).expect("a link");
    }
    symlink(place.path("root/in.txt"), place.path("root/absolute")).expect("a link");
    place
}

#[test]
fn every_engine_says_hello() {
    let place = Place::new(&[("hello.wat", HELLO)]);
    for engine in ["aot", "jit", "linked"] {
        for rest in [&[][..], &["--no-isolate"]] {
            let run = place.run(&[&["run", "hello.wat", "--engine", engine], rest].concat());
            run.expect(0, &[]);
            assert_eq!((&*run.out, &*run.err), ("hello\n", ""), "{engine} {rest:?}");
        }
    }
    place.run(&["compile", "hello.wat", "-o", "hello.o"]).expect(0, &[]);
    let run = place.run(&["run", "hello.o"]);
    assert_eq!((&*run.out, &*run.err), ("hello\n", ""));
    // The standard output has the result then.
    let run = place.run(&["run", "hello.wat", "--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(&run.out).expect("one object");
    assert_eq!((&line["outcome"], &*run.err), (&"returned".into(), "hello\n"));
}

#[test]
fn arguments_and_variables_arrive() {
    let place = Place::new(&[("words.wat", WORDS)]);
    let run = place.run(&["run", "words.wat"]);
    assert_eq!(run.out, "words.wat\0");
    let words = ["run", "words.wat", "--env", "A=1", "--env", "B=x=y", "--", "--opt", "none", "-x", "", "é"];
    assert_eq!(place.run(&words).out, "words.wat\0--opt\0none\0-x\0\0é\0A=1\0B=x=y\0");
    // Nothing comes from the environment of the program itself.
    let mut command = place.command(&["run", "words.wat", "--no-isolate"]);
    command.env("SECRET", "1");
    assert_eq!(Run::of(command).out, "words.wat\0");
    place.run(&["run", "words.wat", "--env", "A"]).expect(2, &["it is a name, `=` and a value"]);
}

#[test]
fn the_standard_input_is_read() {
    let place = Place::new(&[("cat.wat", CAT)]);
    for rest in [&[][..], &["--no-isolate"]] {
        let mut command = place.command(&[&["run", "cat.wat"], rest].concat());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(b"some lines\nof text\n").expect("it reads");
        drop(input);
        let run = Run::from(child.wait_with_output().expect("it ends"));
        run.expect(0, &[]);
        assert_eq!(run.out, "some lines\nof text\n");
    }
}

#[test]
fn a_program_ends_with_its_own_code() {
    let place = Place::new(&[("calls.wat", CALLS)]);
    for rest in [&[][..], &["--no-isolate"]] {
        for code in ["0", "1", "6", "7", "70", "255"] {
            let arguments = [&["run", "calls.wat"], rest, &["--invoke", "exit", code]].concat();
            let run = place.run(&arguments);
            assert_eq!(run.code, code.parse().ok(), "{run:?}");
            assert_eq!((&*run.out, &*run.err), ("", ""));
            let run = place.run(&[&arguments[..2], &["--format", "json"], &arguments[2..]].concat());
            assert_eq!(run.code, code.parse().ok(), "{run:?}");
            let line: serde_json::Value = serde_json::from_str(&run.out).expect("one object");
            assert_eq!(line["outcome"], "exited");
            assert_eq!(line["exit"].to_string(), code);
        }
        for code in ["256", "-1"] {
            let run = place.run(&[&["run", "calls.wat"], rest, &["--invoke", "exit", code]].concat());
            run.expect(1, &["and exit codes are 0 to 255"]);
        }
    }
}

fn calls(place: &Place, words: &[&str]) -> String {
    let run = place.run(&[&["run", "calls.wat"], words].concat());
    run.expect(0, &[]);
    run.out
}

#[test]
fn random_numbers_come_from_the_seed() {
    let place = Place::new(&[("calls.wat", CALLS)]);
    let first = calls(&place, &["--invoke", "random"]);
    assert_eq!(first, calls(&place, &["--seed", "0", "--no-isolate", "--invoke", "random"]));
    assert_ne!(first, calls(&place, &["--seed", "1", "--invoke", "random"]));
    // Nothing is written if not all is within the memory.
    assert_eq!(calls(&place, &["--invoke", "random_out"]), "i32 21 (0x00000015)\ni32 0 (0x00000000)\n");
}

#[test]
fn clocks_go() {
    let place = Place::new(&[("calls.wat", CALLS)]);
    for clock in ["0", "1", "2", "3"] {
        let out = calls(&place, &["--invoke", "time", clock]);
        let time = out.lines().nth(1).and_then(|line| line.split(' ').nth(1)?.parse::<u64>().ok());
        assert!(out.starts_with("i32 0 ") && time.is_some_and(|time| time > 0), "{out}");
        // The year is after 2020.
        assert!(clock != "0" || time > Some(1_600_000_000_000_000_000), "{out}");
    }
    assert!(calls(&place, &["--invoke", "time", "4"]).starts_with("i32 28 "));
    assert!(calls(&place, &["--invoke", "resolution"]).starts_with("i32 0 "));
    let started = Instant::now();
    // One event: its number, what it was called, and that it is one of a clock.
    let out = calls(&place, &["--invoke", "wait", "1"]);
    assert!(started.elapsed() >= Duration::from_millis(50));
    let numbers = |out: &str| -> Vec<_> {
        out.lines().filter_map(|line| line.split(' ').nth(1)?.parse::<i64>().ok()).collect()
    };
    assert_eq!(numbers(&out), [0, 1, 77, 0]);
    // The output can be written to at once.
    assert_eq!(numbers(&calls(&place, &["--invoke", "wait", "2"])), [0, 1, 78, 2]);
    assert_eq!(numbers(&calls(&place, &["--invoke", "wait", "0"]))[0], 28);
}

#[test]
fn pointers_are_checked_before_anything_is_done() {
    let place = Place::new(&[("calls.wat", CALLS)]);
    let write = |words: [&str; 4]| calls(&place, &[&["--invoke", "write"], &words[..]].concat());
    assert_eq!(write(["1", "0", "1", "64"]), "outi32 0 (0x00000000)\n");
    const FAULT: &str = "i32 21 (0x00000015)\n";
    // The number of bytes written has no place, not even at the highest address.
    assert_eq!(write(["1", "0", "1", "65533"]), FAULT);
    assert_eq!(write(["1", "0", "1", "-1"]), FAULT);
    // The second part is not within the memory, the parts are not, or there are too many.
    assert_eq!(write(["1", "0", "2", "64"]), FAULT);
    assert_eq!(write(["1", "65532", "1", "64"]), FAULT);
    assert_eq!(write(["1", "0", "-1", "64"]), FAULT);
    assert_eq!(write(["1", "4096", "1024", "64"]), "i32 0 (0x00000000)\n");
    assert_eq!(write(["1", "4096", "1025", "64"]), "i32 28 (0x0000001c)\n");
    assert_eq!(write(["9", "0", "1", "64"]), "i32 8 (0x00000008)\n");
    assert_eq!(calls(&place, &["--invoke", "given", "3"]), "i32 8 (0x00000008)\n");
    assert_eq!(calls(&place, &["--dir", ".", "--invoke", "given", "3"]), "i32 0 (0x00000000)\n");
    assert_eq!(calls(&place, &["--invoke", "close"]), "i32 0 (0x00000000)\ni32 8 (0x00000008)\n");
    assert_eq!(calls(&place, &["--invoke", "refused"]), "i32 52 (0x00000034)\ni32 57 (0x00000039)\n");
}

/// A standard stream may be a file of the user, which the guest was not given.
#[test]
fn standard_streams_keep_their_size() {
    let place = Place::new(&[("calls.wat", CALLS), ("kept.txt", "kept")]);
    for stream in ["0", "1", "2"] {
        let mut command = place.command(&["run", "calls.wat", "--no-isolate", "--invoke", "resize", stream]);
        let open = |name: &str| {
            fs::OpenOptions::new().append(true).read(true).open(place.path(name)).expect("a file")
        };
        command.stdin(open("kept.txt")).stdout(open("kept.txt")).stderr(open("kept.txt"));
        assert_eq!(command.status().expect("it runs").code(), Some(0));
        let text = place.read("kept.txt");
        assert!(text.starts_with("kept") && text.ends_with("i32 58 (0x0000003a)\n"), "{text}");
    }
}

/// Where a standard stream is, other programs have left it, who would lose what they have written.
#[test]
fn standard_streams_stay_where_they_are() {
    let place = Place::new(&[("calls.wat", CALLS), ("log.txt", "a line of another program\n")]);
    for stream in ["0", "1", "2"] {
        let mut command = place.command(&["run", "calls.wat", "--no-isolate", "--invoke", "seek", stream]);
        let open = || {
            let mut file = fs::OpenOptions::new().write(true).read(true).open(place.path("log.txt"))?;
            std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).map(|_| file)
        };
        let open = || open().expect("a file");
        command.stdin(open()).stdout(open()).stderr(open());
        assert_eq!(command.status().expect("it runs").code(), Some(0));
    }
    let text = place.read("log.txt");
    assert_eq!(text, format!("a line of another program\n{}", "i32 70 (0x00000046)\n".repeat(3)));
}

#[test]
fn links_do_not_lead_out() {
    let place = place_for_probes();
    // As deep as the words of the path are, unless they are links, which may lie deeper or less deep.
    for (target, path) in
        [("../in.txt", "sub/made"), ("./../sub/deep.txt", "sub//fine"), ("sub/deep.txt", "here")]
    {
        probe(&place, &["symlink", "--", target, path]).expect(0, &[]);
    }
    assert_eq!(place.read("root/sub/made"), "within");
    for (target, path) in [
        ("../outside.txt", "made"),
        ("../../outside.txt", "sub/again"),
        ("sub/../../outside.txt", "made"),
        ("sub/../in.txt", "made"),
        ("../in.txt", "folder/again"),
        ("/", "made"),
    ] {
        probe(&place, &["symlink", "--", target, path]).expect(63, &[]);
    }
    // A link that is moved up would lead out.
    for action in ["rename", "link"] {
        probe(&place, &[action, "--", "sub/made", "made"]).expect(63, &[]);
        probe(&place, &[action, "--", "sub/made", "sub/moved"]).expect(0, &[]);
        probe(&place, &["rename", "--", "sub/moved", "sub/made"]).expect(0, &[]);
    }
}

/// What `--log-imports` writes is neither a module nor a file that the program was given.
#[test]
fn the_log_overwrites_nothing_that_is_given() {
    let place = place_for_probes();
    let text = place.read("probe.wat");
    symlink("root/dangling.jsonl", place.path("led.jsonl")).expect("a link");
    for log in [
        "led.jsonl",
        "probe.wat",
        "./root/../probe.wat",
        "root/log.jsonl",
        "root/in.txt",
        "root/sub/new.jsonl",
    ] {
        let words =
            ["run", "probe.wat", "--dir", "root", "--log-imports", log, "--invoke", "read", "--", "in.txt"];
        place.run(&words).expect(2, &["--log-imports"]);
    }
    let words =
        ["run", "calls.wat", "--preload", "a=probe.wat", "--log-imports", "probe.wat", "--invoke", "refused"];
    fs::write(place.path("calls.wat"), CALLS).expect("a module");
    place.run(&words).expect(2, &["--log-imports"]);
    assert_eq!((place.read("probe.wat"), &*place.read("root/in.txt")), (text, "within"));
    assert!(!place.path("root/log.jsonl").exists());
    let words = [
        "run",
        "probe.wat",
        "--dir",
        "root",
        "--log-imports",
        "log.jsonl",
        "--invoke",
        "read",
        "--",
        "in.txt",
    ];
    place.run(&words).expect(0, &[]);
    assert!(place.read("log.jsonl").contains("path_open"));
}

#[test]
fn files_are_those_below_the_folder() {
    let place = place_for_probes();
    for path in ["in.txt", "./sub/../in.txt", "within", "sub//../within"] {
        let run = probe(&place, &["read", "--", path]);
        run.expect(0, &[]);
        assert_eq!(run.out, "within", "{path}");
    }
    let run = probe(&place, &["read", "--", "folder/deep.txt"]);
    assert_eq!(run.out, "deep");
    let absolute = place.path("outside.txt").display().to_string();
    // Neither by name nor by a link, not even to where it came from.
    for rest in [&[][..], &["--no-isolate"]] {
        let ways = [
            "../outside.txt",
            "sub/../../outside.txt",
            "/etc/passwd",
            &absolute,
            "out",
            "up/outside.txt",
            "up",
            "absolute",
        ];
        for path in ways {
            for action in ["read", "stat", "write", "utimes"] {
                let words = ["run", "probe.wat", "--dir", "root"];
                place.run(&[&words, rest, &["--invoke", action, "--", path]].concat()).expect(63, &[]);
            }
        }
        for path in ["../new", "up/new", "..", "/new", "sub/../.."] {
            for action in ["mkdir", "rmdir", "unlink"] {
                let words = ["run", "probe.wat", "--dir", "root"];
                place.run(&[&words, rest, &["--invoke", action, "--", path]].concat()).expect(63, &[]);
            }
        }
    }
    for words in [
        ["rename", "--", "in.txt", "../moved"],
        ["rename", "--", "../outside.txt", "moved"],
        ["link", "--", "../outside.txt", "linked"],
        ["link", "--", "in.txt", "up/linked"],
        ["symlink", "--", "/etc/passwd", "made"],
        ["symlink", "--", "in.txt", "../made"],
    ] {
        probe(&place, &words).expect(63, &[]);
    }
    probe(&place, &["read", "--", "loop"]).expect(32, &[]);
    probe(&place, &["open_link", "--", "within"]).expect(32, &[]);
    probe(&place, &["read", "--", "none"]).expect(44, &[]);
    probe(&place, &["read", "--", ""]).expect(44, &[]);
    assert_eq!(place.read("outside.txt"), "outside");
    let names: Vec<_> = fs::read_dir(place.folder()).expect("a folder").collect();
    assert_eq!(names.len(), 3, "{names:?}");
    // Without a folder there is no file.
    place.run(&["run", "probe.wat", "--invoke", "read", "--", "root/in.txt"]).expect(8, &[]);
    place
        .run(&["run", "probe.wat", "--dir", "root", "--dir-ro", "root/sub::root", "--invoke", "read"])
        .expect(2, &["two have the name `root`"]);
    place
        .run(&["run", "probe.wat", "--dir", "root", "--dir", "./root/", "--invoke", "read"])
        .expect(2, &["two have the name `./root/`"]);
    place.run(&["run", "probe.wat", "--dir", "root::", "--invoke", "read"]).expect(2, &["a name is empty"]);
    place
        .run(&["run", "probe.wat", "--dir", "none", "--invoke", "read"])
        .expect(2, &["failed to open the folder none"]);
}

#[test]
fn files_can_be_changed() {
    let place = place_for_probes();
    for rest in [&[][..], &["--no-isolate"], &["--engine", "linked"]] {
        let done = |words: &[&str]| {
            place
                .run(&[&["run", "probe.wat", "--dir", "root"], rest, &["--invoke"], words].concat())
                .expect(0, &[]);
        };
        done(&["write", "--", "new.txt"]);
        assert_eq!(place.read("root/new.txt"), "written by a guest");
        done(&["utimes", "--", "new.txt"]);
        let modified = fs::metadata(place.path("root/new.txt")).and_then(|metadata| metadata.modified());
        let since = modified.expect("a time").duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        assert_eq!(since, Duration::from_secs(1_000_000_000));
        done(&["mkdir", "--", "made"]);
        done(&["rename", "--", "new.txt", "made/moved.txt"]);
        done(&["link", "--", "made/moved.txt", "linked"]);
        done(&["symlink", "--", "made/moved.txt", "pointer"]);
        assert_eq!(place.read("root/pointer"), "written by a guest");
        let run = probe(&place, &["readlink", "--", "pointer"]);
        assert_eq!(run.out, "made/moved.txt");
        for name in ["pointer", "linked", "made/moved.txt"] {
            done(&["unlink", "--", name]);
        }
        done(&["rmdir", "--", "made/"]);
        probe(&place, &["stat", "--", "made"]).expect(44, &[]);
    }
    probe(&place, &["rmdir", "--", "sub"]).expect(55, &[]);
    probe(&place, &["mkdir", "--", "sub"]).expect(20, &[]);
    probe(&place, &["readlink", "--", "in.txt"]).expect(28, &[]);
}

#[test]
fn a_folder_can_be_for_reading() {
    let place = place_for_probes();
    let run = |words: &[&str]| {
        place.run(&[&["run", "probe.wat", "--dir-ro", "root::/data", "--invoke"], words].concat())
    };
    assert_eq!(run(&["read", "--", "in.txt"]).out, "within");
    for words in [
        &["write", "--", "in.txt"][..],
        &["mkdir", "--", "made"],
        &["unlink", "--", "in.txt"],
        &["rename", "--", "in.txt", "moved"],
        &["symlink", "--", "in.txt", "made"],
        &["utimes", "--", "in.txt"],
    ] {
        run(words).expect(69, &[]);
    }
    assert_eq!(place.read("root/in.txt"), "within");
}

/// The process of a guest is confined as far as the system can.
#[test]
fn the_process_is_confined() {
    let place = Place::new(&[("spin.wat", r#"(module (func (export "_start") (loop (br 0))))"#)]);
    let measures = place.run(&["sandbox"]).out;
    let in_force =
        |name: &str| measures.lines().any(|line| line.starts_with(name) && line.ends_with(" in force"));
    let mut child = place
        .command(&["run", "spin.wat", "--timeout", "5"])
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let parent = child.id();
    let children = format!("/proc/{parent}/task/{parent}/children");
    let started = Instant::now();
    let mut status = String::new();
    while started.elapsed() < Duration::from_secs(4) && !status.contains("Seccomp:\t2") {
        let worker = fs::read_to_string(&children).unwrap_or_default();
        status = fs::read_to_string(format!("/proc/{}/status", worker.trim())).unwrap_or_default();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(child.wait().expect("it ends").code(), Some(8));
    for (measure, line) in [("seccomp", "Seccomp:\t2\n"), ("no-new-privs", "NoNewPrivs:\t1\n")] {
        assert!(!in_force(measure) || status.contains(line), "{measure}: {status}");
    }
}
