//! Artefacts across processes: one compiles, another one runs, and what is damaged runs nowhere.

use super::place::{Place, Run};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use trapline_abi::artifact::{MAGIC, VERSION};

const MODULE: &str = r#"(module
  (import "host" "print" (func $print (param i32)))
  (memory 1) (data (i32.const 8) "\2a")
  (func $load (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "say") (param i32) (call $print (call $load (local.get 0)))))
"#;

/// Like [`MODULE`], without the import: for `trapline run`, which has no such host.
const ALONE: &str = r#"(module
  (memory 1) (data (i32.const 8) "\2a")
  (func $load (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "twice") (param i32) (result i32) (i32.add (call $load (local.get 0)) (call $load (local.get 0))))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))
"#;

fn modules() -> Place {
    Place::new(&[("module.wat", MODULE), ("alone.wat", ALONE)])
}

/// The names in the folder, hidden ones too.
fn names(place: &Place) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<_> = fs::read_dir(place.folder())
        .expect("a folder")
        .map(name)
        .map(|name| name.into_string().expect("a name"))
        .collect();
    names.sort();
    names
}

#[test]
fn one_process_compiles_and_another_one_runs() {
    let place = modules();
    for name in ["a.o", "a.so"] {
        place.run(&["compile", "alone.wat", "-o", name]).expect(0, &[]);
        place.run(&["run", name, "--invoke", "twice", "8"]).expect(0, &["i32 84 "]);
        let trap = place.run(&["run", name, "--invoke", "load", "65536"]);
        trap.expect(6, &["`load` trapped: out of bounds memory access in function 0 <load> at offset 0x"]);
        let dotted = format!("./{name}");
        place.run(&["run", &dotted, "--invoke", "divide", "-7", "2"]).expect(0, &["i32 -3 "]);
        let absolute = place.path(name);
        let absolute = absolute.to_str().expect("a name");
        place.run(&["run", absolute, "--invoke", "divide", "1", "0"]).expect(6, &["integer divide by zero"]);
    }
    assert_eq!(names(&place), ["a.o", "a.so", "alone.wat", "module.wat"]);
}

#[test]
fn artefacts_are_known_by_what_is_in_them() {
    let place = modules();
    place.run(&["compile", "alone.wat", "-o", "a.o"]).expect(0, &[]);
    place.run(&["compile", "alone.wat", "-o", "a.so"]).expect(0, &[]);
    fs::rename(place.path("a.o"), place.path("object.so")).expect("a name");
    fs::rename(place.path("a.so"), place.path("shared")).expect("a name");
    place.run(&["run", "object.so", "--invoke", "load", "8"]).expect(0, &["i32 42 "]);
    place.run(&["run", "shared", "--invoke", "load", "8"]).expect(0, &["i32 42 "]);
    let command = |file: &str| {
        let mut command = place
            .command_of(Path::new(env!("CARGO_BIN_EXE_trapline")), &["run", "-", "--invoke", "load", "8"]);
        command.stdin(fs::File::open(place.path(file)).expect("a file"));
        Run::of(command)
    };
    command("object.so").expect(0, &["i32 42 "]);
    command("shared").expect(2, &["failed to read -: a shared object, which can only be opened by its name"]);
}

#[test]
fn a_module_without_code_is_a_shared_object_too() {
    let place = modules();
    fs::write(place.path("empty.wat"), "(module (memory (export \"m\") 1))").expect("a file");
    place.run(&["compile", "empty.wat", "-o", "e.so"]).expect(0, &[]);
    place.run(&["run", "e.so", "--invoke", "m"]).expect(2, &["`m` is not a function"]);
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let place = modules();
    let before = ["alone.wat", "folder.o", "folder.so", "large.wat", "module.wat", "old.o", "old.so"];
    place.write("large.wat", format!("(module (memory 1) (data (i32.const 0) \"{}\"))", "x".repeat(9000)));
    fs::write(place.path("old.o"), "old").expect("a file");
    fs::write(place.path("old.so"), "old").expect("a file");
    fs::create_dir(place.path("folder.o")).expect("a folder");
    fs::create_dir(place.path("folder.so")).expect("a folder");
    for name in ["a", "a.obj", "a.wasm", ".o", "a.O"] {
        let run = place.run(&["compile", "alone.wat", "-o", name]);
        run.expect(2, &["failed to choose what to write to", "ends in neither .o nor .so"]);
    }
    for name in ["folder.o", "folder.so"] {
        place.run(&["compile", "alone.wat", "-o", name]).expect(2, &["it is a folder"]);
    }
    for name in ["none/a.o", "none/a.so"] {
        place.run(&["compile", "alone.wat", "-o", name]).expect(1, &["error: failed to write ", name]);
    }
    let trapline = env!("CARGO_BIN_EXE_trapline");
    for name in ["old.o", "old.so"] {
        // A full device, as far as a process can be made to see one. Only the page that workers share has room.
        let full = format!("trap '' XFSZ; ulimit -f 8; exec {trapline} compile large.wat -o {name}");
        let run = Run::of(place.command_of(Path::new("/bin/sh"), &["-c", &full]));
        run.expect(1, &["error: failed to "]);
        let mut command = place.command_of(Path::new(trapline), &["compile", "alone.wat", "-o", "old.so"]);
        let missing = Run::of({
            command.env("CC", "no-such-linker");
            command
        });
        missing.expect(1, &["failed to make old.so: failed to start the linker `no-such-linker`: "]);
        let mut command = place.command_of(Path::new(trapline), &["compile", "alone.wat", "-o", "old.so"]);
        let refusing = Run::of({
            command.env("CC", "false");
            command
        });
        refusing.expect(1, &["failed to make old.so: failed to link "]);
        assert_eq!(fs::read_to_string(place.path(name)).expect("a file"), "old");
    }
    place.run(&["compile", "module.wat", "-W", "-bulk-memory", "-o", "old.o"]).expect(0, &[]);
    assert_eq!(names(&place), before);
}

#[test]
fn the_input_is_not_overwritten() {
    let place = modules();
    fs::write(place.path("text.o"), ALONE).expect("a file");
    fs::hard_link(place.path("text.o"), place.path("same.so")).expect("a link");
    for name in ["text.o", "./text.o", "same.so"] {
        place.run(&["compile", "text.o", "-o", name]).expect(2, &["which is an input of this command"]);
    }
    assert_eq!(fs::read_to_string(place.path("text.o")).expect("a file"), ALONE);
}

/// Makes another invalid instruction of the last one of the text: nothing that is called here comes across it.
fn damage_code(file: &Path) {
    let mut bytes = fs::read(file).expect("an artefact");
    let (offset, size) = {
        use object::{Object, ObjectSection};
        let elf = object::File::parse(&*bytes).expect("ELF");
        elf.section_by_name(".text").expect("text").file_range().expect("bytes")
    };
    let code = &mut bytes[offset as usize..(offset + size) as usize];
    let at = code.windows(2).rposition(|pair| pair == [0x0f, 0x0b]).expect("a trap site");
    code[at + 1] = 0xff;
    fs::write(file, bytes).expect("a file");
}

#[test]
fn what_does_not_match_its_hash_runs_only_if_that_is_asked_for() {
    let place = modules();
    for name in ["a.o", "a.so"] {
        place.run(&["compile", "alone.wat", "--memory", "checked", "-o", name]).expect(0, &[]);
        let call = ["run", name, "--invoke", "load", "8"];
        place.run(&call).expect(0, &["i32 42 "]);
        place.run(&[&call[..], &["--allow-unchecked"]].concat()).expect(0, &["i32 42 "]);
        damage_code(&place.path(name));
        let refused = place.run(&call);
        refused.expect(3, &["failed to load", "its content does not match its hash", "--allow-unchecked"]);
        assert_eq!(refused.out, "", "nothing has run");
        let unchecked = ["run", name, "--allow-unchecked", "--invoke", "load", "8"];
        place.run(&unchecked).expect(0, &["i32 42 "]);
        // The structure is checked all the same.
        let mut bytes = fs::read(place.path(name)).expect("an artefact");
        let begin = [&MAGIC[..], &VERSION.to_le_bytes()].concat();
        let at = bytes.windows(begin.len()).position(|bytes| bytes == begin).expect("the section");
        bytes[at + MAGIC.len()] ^= 0xff;
        fs::write(place.path(name), bytes).expect("a file");
        place.run(&unchecked).expect(3, &["format version"]);
    }
}

/// Builds the example of `trapline-runtime`, which holds no compiler.
fn example() -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "trapline-runtime", "--example", "run_artifact"])
        .args(["--message-format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo starts");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    let messages = text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
    let executable = |message: serde_json::Value| Some(PathBuf::from(message["executable"].as_str()?));
    messages.filter_map(executable).next_back().expect("an executable")
}

#[test]
fn a_process_without_compiler_runs_what_was_compiled() {
    let place = modules();
    let example = example();
    let run = |arguments: &[&str]| Run::of(place.command_of(&example, arguments));
    for name in ["m.o", "m.so"] {
        place.run(&["compile", "module.wat", "-o", name]).expect(0, &[]);
        run(&[name, "divide", "-7", "2"]).expect(0, &["-3\n"]);
        run(&[name, "say", "8"]).expect(0, &["host.print: 42\n"]);
        run(&[name, "divide", "1", "0"]).expect(
            1,
            &["error: failed to run ", "`divide` trapped: integer divide by zero in function 2 <divide>"],
        );
        run(&[name, "load", "-1"]).expect(1, &["`load` trapped: out of bounds memory access"]);
        run(&[name, "none"]).expect(1, &["no function is exported as `none`"]);
        damage_code(&place.path(name));
        run(&[name, "divide", "-7", "2"]).expect(1, &["its content does not match its hash"]);
    }
    run(&["m.o"]).expect(2, &["usage: "]);
}

const SCRIPT: &str = r#"(module (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 1))
(module (func (export "f") (result i32) (i32.const 2)))
(assert_return (invoke "f") (i32.const 2))
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_malformed (module binary "\00asm\02\00\00\00") "unknown binary version")
(assert_unlinkable (module (import "none" "f" (func))) "unknown import")
"#;

#[test]
fn a_run_saves_and_another_one_loads() {
    for engine in ["aot", "linked"] {
        for isolation in [&[][..], &["--no-isolate"]] {
            let place = modules();
            fs::write(place.path("a.wast"), SCRIPT).expect("a script");
            let wast = |flags: &[&str]| {
                place.run(&[&["wast", "a.wast", "--timing", "--engine", engine], isolation, flags].concat())
            };
            let none = wast(&["--precompile-load", "saved"]);
            none.expect(2, &["failed to find artefacts in saved: no such folder", "--precompile-save saved"]);
            wast(&["--precompile-save", "saved"]).expect(0, &["7 pass", "3 compiled, 0 from artefacts"]);
            wast(&["--precompile-load", "saved"]).expect(0, &["7 pass", "0 compiled, 3 from artefacts"]);
            // Nothing falls back on the compiler.
            fs::write(place.path("a.wast"), SCRIPT.replace("(i32.const 2)", "(i32.const 3)"))
                .expect("a script");
            let missing = wast(&["--precompile-load", "saved"]);
            missing.expect(
                1,
                &[
                    "harness-error a.wast:3:1 module",
                    "the index does not have this module",
                    "--precompile-save saved SCRIPT` makes it",
                    "--precompile-load saved a.wast --only a.wast:3",
                    "5 pass",
                ],
            );
            let red = SCRIPT.replace("(invoke \"f\") (i32.const 2)", "(invoke \"f\") (i32.const 3)");
            fs::write(place.path("a.wast"), red).expect("a script");
            let saved = wast(&["--precompile-save", "other"]);
            saved.expect(1, &["fail a.wast:4:1", "--precompile-save other a.wast --only a.wast:4"]);
            let nothing = wast(&["--precompile-load", "saved", "--opt", "none"]);
            nothing.expect(1, &["nothing was saved with this engine, profile, compiler and features"]);
        }
    }
}

#[test]
fn flags_that_make_no_sense_together() {
    let place = modules();
    fs::write(place.path("a.wast"), SCRIPT).expect("a script");
    let wast = |flags: &[&str]| place.run(&[&["wast", "a.wast"], flags].concat());
    wast(&["--precompile-save", "d", "--precompile-load", "d"]).expect(2, &["cannot be used with"]);
    for flag in ["--precompile-save", "--precompile-load"] {
        wast(&["--engine", "aot,jit", flag, "d"]).expect(2, &["artefacts of the engine jit: it has none"]);
    }
    wast(&["--precompile-save", "a.wast"]).expect(2, &["failed to create the folder a.wast"]);
    // No file can be made there.
    wast(&["--precompile-save", "/proc/self"]).expect(2, &["failed to save artefacts in /proc/self: "]);
}

/// The folder for the linker's files belongs to the run, not to a worker: a worker that is killed leaves nothing.
#[test]
fn a_killed_worker_leaves_no_files() {
    let place = modules();
    let script = r#"(module (import "trapline-hazard" "abort" (func $abort)) (func (export "f") (call $abort)))
(module (func (export "g")))
(assert_return (invoke "g"))
(module (import "trapline-hazard" "spin" (func $spin)) (func (export "f") (call $spin)))
(assert_return (invoke "f"))
"#;
    fs::write(place.path("a.wast"), script).expect("a script");
    fs::create_dir(place.path("temporary")).expect("a folder");
    let trapline = Path::new(env!("CARGO_BIN_EXE_trapline"));
    let mut command = place.command_of(trapline, &["wast", "a.wast", "--engine", "linked", "--timeout", "4"]);
    command.env("TRAPLINE_HAZARDS", "1").env("TMPDIR", place.path("temporary"));
    Run::of(command).expect(1, &["timeout a.wast:5:1", "4 pass"]);
    assert_eq!(fs::read_dir(place.path("temporary")).expect("a folder").count(), 0);
}
