//! `compile --emit`, `objdump` and the engines of `run`, from outside.

use super::place::{Place, Run};
use std::fs;

const MODULE: &str = r#"(module $m
  (import "spectest" "print_i32" (func $print (param i32)))
  (func $half (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 2)))
  (func $divide (export "divide") (param i32 i32) (result i32)
    (call $print (i32.const 1))
    (i32.div_s (call $half (local.get 0)) (local.get 1))))"#;

struct Module(Place);

impl Module {
    fn new() -> Module {
        Module(Place::new(&[("m.wat", MODULE)]))
    }

    /// It ends with this code, and these parts are in what it prints.
    #[track_caller]
    fn expect(&self, arguments: &[&str], code: i32, parts: &[&str]) -> String {
        let run = self.0.run(arguments);
        run.expect(code, parts);
        run.out + &run.err
    }
}

#[test]
fn functions_are_shown_in_every_form() {
    let place = Module::new();
    let heading = "; wasm[0]::function[2]::divide [i32 i32] -> [i32]\n";
    let asm = ["idiv", "; trap: integer divide by zero\n", "call wasm[0]::function[1]::half\n", heading];
    let asm = place.expect(&["compile", "m.wat", "--emit", "asm", "--function", "divide"], 0, &asm);
    let clif = ["; u0:0 is wasm[0]::function[1]::half\n", "function u0:1(", "sdiv", heading];
    let clif = place.expect(&["compile", "m.wat", "--emit", "clif", "--function", "2"], 0, &clif);
    let vcode = ["; userextname0 is wasm[0]::function[1]::half\n", "block0:\n", "idivl", heading];
    let vcode = place.expect(&["compile", "m.wat", "--emit", "vcode", "--function", "divide"], 0, &vcode);

    let arguments =
        ["compile", "m.wat", "--emit", "clif,vcode", "--emit", "asm", "--function", "2", "-o", "all"];
    place.expect(&arguments, 0, &[]);
    let all = fs::read_to_string(place.0.path("all")).expect("a file");
    assert_eq!(all, format!("{clif}\n{vcode}\n{asm}"));
    let both = place.expect(&["compile", "m.wat", "--emit", "asm"], 0, &["function[1]::half [i32]", heading]);
    assert_eq!(both.matches("; wasm[0]::function[").count(), 2);
    let none = place.expect(&["compile", "m.wat", "--emit", "clif", "--opt", "none"], 0, &[]);
    let checked = place.expect(&["compile", "m.wat", "--emit", "clif", "-g"], 0, &[]);
    assert_eq!(none, checked, "what is translated depends neither on optimisation nor on debug information");
}

/// Handlers in every form, and as an object holds them.
#[test]
fn handlers_are_shown() {
    let text = r#"(module $m
      (tag $e (param i32))
      (func $thrower (export "f") (param i32) (throw $e (local.get 0)))
      (func $catcher (param i32) (result i32)
        (block $all
          (block $h (result i32)
            (try_table (catch $e $h) (catch_all $all) (call $thrower (local.get 0)))
            (return (i32.const 1)))
          (return))
        (i32.const 2)))"#;
    let place = Place::new(&[("m.wat", text)]);
    for level in ["none", "speed", "speed_and_size"] {
        let emit = |form: &str, parts: &[&str]| {
            let arguments = ["compile", "m.wat", "--emit", form, "--function", "catcher", "--opt", level];
            place.run(&arguments).expect(0, parts);
        };
        emit("clif", &["try_call fn0(", "[ context v0, tag0: block", ", default: block"]);
        emit("vcode", &["catch [context stack", "tag0: "]);
        emit("asm", &["; tag 0 goes on at +0x", "; every exception goes on at +0x"]);
        place.run(&["compile", "m.wat", "-o", "m.o", "--opt", level]).expect(0, &[]);
        let parts = [
            "after call of wasm[0]::function[0]::thrower  wasm 0x",
            "; tag 0 goes on at +0x",
            "; every exception goes on at +0x",
        ];
        place.run(&["objdump", "m.o"]).expect(0, &parts);
    }
}

#[test]
fn nothing_is_shown_of_what_is_not_there() {
    let place = Module::new();
    // The import has no body.
    for function in ["0", "3", "print", "hal"] {
        let arguments = ["compile", "m.wat", "--emit", "asm", "--function", function];
        place.expect(&arguments, 2, &["error: failed to find a function of m.wat"]);
    }
    place.expect(&["compile", "m.wat", "--function", "1", "-o", "m.o"], 2, &["--emit"]);
    place.expect(&["compile", "m.wat"], 2, &["-o"]);
    place.expect(&["compile", "m.wat", "--emit", "llvm"], 2, &["clif, optimized, vcode, asm"]);
}

#[test]
fn objects_and_shared_objects_are_dumped() {
    let place = Module::new();
    place.expect(&["compile", "m.wat", "-o", "m.o"], 0, &[]);
    place.expect(&["compile", "m.wat", "-o", "plain.o", "--debug-info=off", "--opt", "none"], 0, &[]);
    trapline::engine::link(&place.0.path("m.o"), &place.0.path("m.so")).expect("a linker");
    let wasm = hash_of_module(&place.0);
    let wanted = [
        "object for x86_64, opt speed, guarded memories, with debug information\n",
        &format!("\nmodule {wasm} <m>\n"),
        " bytes  wasm[0]::function[2]::divide  [i32 i32] -> [i32]\n",
        "  after call of wasm[0]::function[1]::half  wasm 0x",
        "  after call by address  wasm 0x",
        "  trap: integer divide by zero  wasm 0x",
        "  trap: trap of a builtin or host function\n",
        "wasm[0]::entry[",
        "wasm[0]::exit[",
    ];
    let object = place.expect(&["objdump", "m.o"], 0, &wanted);
    let shared = place.expect(&["objdump", "m.so"], 0, &wanted);
    assert_eq!(object.replace("m.o: object", "m.so: shared object"), shared);
    place.expect(&["objdump", "plain.o"], 0, &["opt none", "without debug information"]);
}

/// The hash of the module's binary.
fn hash_of_module(place: &Place) -> String {
    let text = place.read("m.wat");
    let wasm = wat::parse_str(text).expect("a module");
    blake3::hash(&wasm).to_hex().to_string()
}

#[test]
fn modules_run_on_every_engine() {
    let place = Module::new();
    for engine in ["aot", "jit", "linked"] {
        for debug_info in ["--debug-info=on", "--debug-info=off"] {
            let run = ["run", "m.wat", "--engine", engine, debug_info, "--invoke", "divide", "84", "6"];
            place.expect(&run, 0, &["i32 7 (0x00000007)\n"]);
            let run = ["run", "m.wat", "--engine", engine, debug_info, "--invoke", "divide", "84", "0"];
            place.expect(&run, 6, &["integer divide by zero", "in function 2 <divide> at offset"]);
        }
    }
    place.expect(&["compile", "m.wat", "-o", "m.o"], 0, &[]);
    place.expect(&["run", "m.o", "--invoke", "divide", "84", "6"], 0, &["i32 7 "]);
}

/// No flag is taken and does nothing.
#[test]
fn what_cannot_change_anything_is_refused() {
    let place = Module::new();
    place.expect(&["compile", "m.wat", "-o", "m.o"], 0, &[]);
    place.expect(&["compile", "m.wat", "-o", "m.so"], 0, &[]);
    let flags: [&[&str]; 8] = [
        &["--engine", "jit"],
        &["--opt", "none"],
        &["--memory", "checked"],
        &["--cpu", "baseline"],
        &["--relaxed", "native"],
        &["--verify", "on"],
        &["--debug-info=off"],
        &["-W", "simd"],
    ];
    for file in ["m.o", "m.so"] {
        for flag in flags {
            let name = flag[0].split('=').next().expect("a part");
            let text = format!("error: failed to run {file} with {name}: it is compiled already");
            place.expect(&[&["run", file], flag].concat(), 2, &[&text]);
        }
        place.expect(&["run", file, "-g"], 2, &["with --debug-info: it is compiled already"]);
    }
    let unchecked = ["run", "m.wat", "--allow-unchecked"];
    place.expect(&unchecked, 2, &["failed to run m.wat with --allow-unchecked: it is not an object"]);
}

#[test]
fn texts_go_where_they_are_wanted() {
    let place = Module::new();
    let text = place.expect(&["compile", "m.wat", "--emit", "asm"], 0, &["idiv"]);
    fs::hard_link(place.0.path("m.wat"), place.0.path("same")).expect("a link");
    for name in ["m.wat", "./m.wat", "same"] {
        let arguments = ["compile", "m.wat", "--emit", "asm", "-o", name];
        place.expect(&arguments, 2, &["which is an input of this command"]);
    }
    assert_eq!(place.0.read("m.wat"), MODULE);

    let emit = |output: &str| place.0.run(&["compile", "m.wat", "--emit", "asm", "-o", output]);
    assert_eq!(emit("/dev/stdout").out, text);
    emit("/dev/null").expect(0, &[]);
    emit("/dev/full").expect(1, &["error: failed to write /dev/full: "]);
    // They lead elsewhere, and still do.
    place.0.write("target", "old");
    std::os::unix::fs::symlink("target", place.0.path("link")).expect("a link");
    emit("link").expect(0, &[]);
    assert_eq!(place.0.read("target"), text);

    place.0.write("old", "old");
    let trapline = env!("CARGO_BIN_EXE_trapline");
    let full = format!("trap '' XFSZ; ulimit -f 8; exec {trapline} compile m.wat --emit clif,asm -o old");
    let full = place.0.command_of(std::path::Path::new("/bin/sh"), &["-c", &full]);
    Run::of(full).expect(1, &["error: failed to write old: "]);
    assert_eq!(place.0.read("old"), "old");
}

/// Reports do not say whether code was described to debuggers: it makes no other engine.
#[test]
fn debug_information_changes_no_report() {
    let place = Module::new();
    let script = "(module (func (export \"f\") unreachable))\n(assert_trap (invoke \"f\") \"unreachable\")\n\
                  (assert_return (invoke \"f\"))\n";
    fs::write(place.0.path("s.wast"), script).expect("a file");
    let report = |arguments: &[&str]| {
        let text = place.expect(arguments, 1, &["\"engine\":\"aot\""]);
        // Neither times nor the command are the same.
        let same = |line: &str| {
            let mut line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let fields = line.as_object_mut().expect("an object");
            fields.retain(|name, _| name != "ms" && name != "rerun");
            (fields["type"] != "summary" && fields["type"] != "run").then_some(line)
        };
        text.lines().filter_map(same).collect::<Vec<_>>()
    };
    let plain = report(&["wast", "s.wast", "--format", "json"]);
    assert_eq!(plain, report(&["wast", "s.wast", "--format", "json", "-g"]));
    assert_eq!(plain, report(&["wast", "s.wast", "--format", "json", "--debug-info", "--no-isolate"]));
    let compared = ["compare", "s.wast", "-g", "--variant", "aot,opt=none", "--variant", "jit"];
    place.expect(&compared, 1, &["aot-none", "jit"]);
}
