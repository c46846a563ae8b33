//! Backtraces of gdb through compiled code. They need the program `gdb`: where there is none, each of these tests is
//! listed as ignored because of that, and fails if the environment variable CI is set.

use libtest_mimic::{Arguments, Failed, Trial};
use std::fs;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const MODULE: &str = r#"(module $nested
  (import "spectest" "print_i32" (func $print (param i32)))
  (memory 1)
  (func $leaf (param i32 i32) (result i32)
    (i32.add (i32.const 1) (i32.div_s (local.get 0) (local.get 1))))
  (func $middle (param i32) (result i32)
    (i32.mul (i32.const 3) (call $leaf (i32.const 7) (local.get 0))))
  (func $outer (export "divide") (param i32) (result i32)
    (i32.sub (call $middle (local.get 0)) (i32.const 1)))
  (func $load (param i32) (result i32) (i32.add (i32.load (local.get 0)) (i32.const 1)))
  (func $far (export "far") (result i32) (i32.add (call $load (i32.const 70000)) (i32.const 1)))
  (func $deep (export "deep") (result i32) (i32.add (call $deep) (i32.const 1)))
  (func $says (export "says") (call $print (i32.const 42)))
  (tag $e (param i32))
  (func $thrower (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (unreachable)))
    (throw $e (local.get 0)))
  (func $catcher (param i32) (result i32)
    (block $h (result i32) (try_table (result i32) (catch $e $h) (call $thrower (local.get 0)))))
  (func $within (export "within") (param i32) (result i32)
    (block $h (result i32)
      (try_table (result i32) (catch $e $h) (i32.add (call $catcher (local.get 0)) (i32.const 1)))))
  (func $handler (export "handler") (param i32) (result i32)
    (i32.add (call $thrower
      (block $h (result i32) (try_table (result i32) (catch $e $h) (call $within (throw $e (i32.const 0))))))
      (i32.const 1))))"#;

/// What stops the program, the innermost frames, and the last frame that must be there.
struct Wanted {
    invoke: &'static [&'static str],
    stop: &'static str,
    frames: &'static [&'static str],
}

const WANTED: [Wanted; 4] = [
    Wanted {
        invoke: &["divide", "0"],
        stop: "received signal SIG",
        frames: &[
            "function[1]::leaf",
            "function[2]::middle",
            "function[3]::outer",
            "wasm[0]::entry[",
            "invoke",
        ],
    },
    Wanted {
        invoke: &["far"],
        stop: "received signal SIGSEGV",
        frames: &["function[4]::load", "function[5]::far", "wasm[0]::entry[", "invoke"],
    },
    // Through blocks that catch exceptions.
    Wanted {
        invoke: &["within", "0"],
        stop: "received signal SIGILL",
        frames: &[
            "function[8]::thrower",
            "function[9]::catcher",
            "function[10]::within",
            "wasm[0]::entry[",
            "invoke",
        ],
    },
    // After an exception was caught.
    Wanted {
        invoke: &["handler", "0"],
        stop: "received signal SIGILL",
        frames: &["function[8]::thrower", "function[11]::handler", "wasm[0]::entry[", "invoke"],
    },
];

const TESTS: [(&str, fn()); 8] = [
    ("backtraces_of_mapped_objects", || traps_are_shown("aot")),
    ("backtraces_of_code_placed_in_memory", || traps_are_shown("jit")),
    ("backtraces_of_shared_objects", || traps_are_shown("linked")),
    ("the_end_of_the_stack_is_at_no_offset", the_end_of_the_stack_is_at_no_offset),
    ("backtraces_of_host_functions", backtraces_of_host_functions),
    ("backtraces_of_throws", backtraces_of_throws),
    ("breakpoints_at_offsets", breakpoints_at_offsets),
    ("backtraces_in_scripts", backtraces_in_scripts),
];

fn main() {
    let gdb = Command::new("gdb").arg("--version").stdout(Stdio::null()).status();
    let gdb_is_there = gdb.is_ok_and(|status| status.success());
    let is_required = std::env::var_os("CI").is_some();
    let trial = |(name, test): (&'static str, fn())| match (gdb_is_there, is_required) {
        (true, _) => Trial::test(name, move || {
            test();
            Ok(())
        }),
        (false, true) => {
            Trial::test(name, || Err(Failed::from("gdb does not start: install the package `gdb`")))
        }
        (false, false) => {
            Trial::test(name, || Ok(())).with_kind("gdb is not installed").with_ignored_flag(true)
        }
    };
    let trials = TESTS.into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Runs gdb with commands on the program with arguments, in a folder with the module.
fn gdb(commands: &[&str], arguments: &[&str]) -> String {
    let folder: TempDir = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("nested.wat"), MODULE).expect("a file");
    let script = "(module $script (func $stops (export \"f\") unreachable))\n\
                  (assert_trap (invoke \"f\") \"unreachable\")\n";
    fs::write(folder.path().join("stops.wast"), script).expect("a file");
    let mut command = Command::new("gdb");
    command.args(["-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set auto-load no"]);
    command.args(["-ex", "set width 0", "-ex", "set breakpoint pending on"]);
    for text in commands {
        command.args(["-ex", text]);
    }
    command.arg("--args").arg(env!("CARGO_BIN_EXE_trapline")).args(arguments);
    let output = command.current_dir(folder.path()).stdin(Stdio::null()).output().expect("gdb starts");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The lines of a backtrace.
fn frames(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.starts_with('#')).collect()
}

/// The innermost frames are these, and the backtrace goes on to where the thread begins.
#[track_caller]
fn must_have_frames(output: &str, wanted: &[&str]) {
    let frames = frames(output);
    let position = |part: &str| frames.iter().position(|frame| frame.contains(part));
    let mut before = None;
    for part in wanted {
        let at = position(part).unwrap_or_else(|| panic!("no {part:?} in\n{output}"));
        assert!(Some(at) > before, "{part:?} is out of order in\n{output}");
        before = Some(at);
    }
    assert!(position("trapline::cli::run").is_some() || position("execute").is_some(), "{output}");
    assert!(frames.last().is_some_and(|last| last.contains("clone")), "{output}");
    assert!(!output.contains("Backtrace stopped"), "{output}");
}

#[track_caller]
fn traps_are_shown(engine: &str) {
    for wanted in WANTED {
        let mut arguments = vec!["run", "nested.wat", "--no-isolate", "--engine", engine, "--invoke"];
        arguments.extend(wanted.invoke);
        let output = gdb(&["run", "bt"], &arguments);
        assert!(output.contains(wanted.stop), "{output}");
        must_have_frames(&output, wanted.frames);
        // Lines are offsets: those of `trapline run` for the same trap.
        let plain = Command::new(env!("CARGO_BIN_EXE_trapline"));
        let offsets = offsets_of_trap(plain, wanted.invoke);
        for (frame, offset) in frames(&output).iter().zip(offsets) {
            assert!(frame.contains(&format!("nested.wasm:{offset}")), "no line {offset} in {frame}");
        }
    }
}

/// The WebAssembly offsets of the frames of a trap, innermost first, as the program itself tells them.
fn offsets_of_trap(mut command: Command, invoke: &[&str]) -> Vec<u32> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("nested.wat"), MODULE).expect("a file");
    let output =
        command.current_dir(folder.path()).args(["run", "nested.wat", "--invoke"]).args(invoke).output();
    let text = String::from_utf8(output.expect("it starts").stderr).expect("text");
    let offset = |line: &str| {
        let digits = line.rsplit_once(" at offset 0x")?.1.split(' ').next()?;
        u32::from_str_radix(digits, 16).ok()
    };
    let offsets: Vec<u32> =
        text.lines().filter(|line| line.starts_with("  in ")).filter_map(offset).collect();
    assert!(offsets.len() >= 2, "{text}");
    offsets
}

/// What comes from no instruction has no line, and not that of a neighbour.
fn the_end_of_the_stack_is_at_no_offset() {
    let output = gdb(&["run", "bt 2"], &["run", "nested.wat", "--no-isolate", "--invoke", "deep"]);
    let [top, caller] = frames(&output)[..] else { panic!("{output}") };
    assert!(top.contains("function[6]::deep ()") && !top.contains("nested.wasm"), "{output}");
    assert!(caller.contains("function[6]::deep () at nested.wasm:"), "{output}");
}

/// From the host back into WebAssembly: the stub between the two is a frame as well.
fn backtraces_of_host_functions() {
    let commands = ["break host_call", "run", "bt"];
    let output = gdb(&commands, &["run", "nested.wat", "--no-isolate", "--invoke", "says"]);
    must_have_frames(
        &output,
        &["host_call", "wasm[0]::exit[", "function[7]::says", "wasm[0]::entry[", "invoke"],
    );
}

/// The runtime looks for a handler while all frames up to it are there, and goes on in it.
fn backtraces_of_throws() {
    for engine in ["aot", "jit"] {
        let commands = ["break exception_throw", "run", "bt", "continue"];
        let arguments = ["run", "nested.wat", "--no-isolate", "--engine", engine, "--invoke", "within", "5"];
        let output = gdb(&commands, &arguments);
        let frames = [
            "exception_throw",
            "function[8]::thrower",
            "function[9]::catcher",
            "function[10]::within",
            "wasm[0]::entry[",
            "invoke",
        ];
        must_have_frames(&output, &frames);
        assert!(output.contains("i32 6 ") && output.contains("exited normally"), "{output}");
    }
}

/// Breakpoints at WebAssembly offsets, in code that is not there yet when they are set. In a shared object gdb would
/// write them before its text is compared with its hash.
fn breakpoints_at_offsets() {
    let plain = Command::new(env!("CARGO_BIN_EXE_trapline"));
    let division = offsets_of_trap(plain, &["divide", "0"])[0];
    for engine in ["aot", "jit"] {
        let place = format!("break nested.wasm:{division}");
        let arguments = ["run", "nested.wat", "--no-isolate", "--engine", engine, "--invoke", "divide", "1"];
        let output = gdb(&[&place, "run", "bt", "continue"], &arguments);
        assert!(output.contains("Breakpoint 1, "), "{output}");
        must_have_frames(&output, &["function[1]::leaf", "function[2]::middle"]);
        assert!(output.contains("i32 23 ") && output.contains("exited normally"), "{output}");
    }
}

/// Scripts describe their modules if they are told to, and forget each when it is gone.
fn backtraces_in_scripts() {
    let arguments = |switch| ["wast", "stops.wast", "--no-isolate", switch];
    let output = gdb(&["run", "bt"], &arguments("-g"));
    assert!(frames(&output).first().is_some_and(|frame| frame.contains("function[0]::stops")), "{output}");
    let commands = ["handle all nostop noprint pass", "break exit", "run", "x/4xg &__jit_debug_descriptor"];
    let output = gdb(&commands, &arguments("-g"));
    // The last action was that something went, and the list is empty.
    assert!(output.contains(":\t0x0000000200000001\t"), "{output}");
    assert!(output.contains("<__jit_debug_descriptor+16>:\t0x0000000000000000\t"), "{output}");
    let output = gdb(&["run", "bt"], &arguments("--debug-info=off"));
    assert!(!output.contains("function[0]"), "{output}");
}
