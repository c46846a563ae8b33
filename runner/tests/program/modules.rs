//! `wast` and `compare` of modules.

use crate::place::Place;

const MODULE: &str = "(module
  (import \"env\" \"log\" (func $log (param i32) (result i32)))
  (memory (export \"memory\") 1)
  (func (export \"div\") (param i32 i32) (result i32)
    (i32.div_s (local.get 0) (local.get 1)))
  (func (export \"logged\") (result i32) (call $log (i32.const 7))))
";

fn place() -> Place {
    let place = Place::new(&[("a.wat", MODULE)]);
    place.write("a.wasm", wat::parse_str(MODULE).expect("a module"));
    place
}

#[test]
fn every_export_of_a_module_is_called() {
    let place = place();
    for file in ["a.wat", "a.wasm"] {
        place.run(&["wast", file]).expect(1, &["unknown import: nothing provides \"log\" of module \"env\""]);
        let run = place.run(&["wast", file, "--imports", "zero"]);
        let (module, line) = if file == "a.wat" {
            ("", "    5 |     (i32.div_s (local.get 0) (local.get 1)))\n      |      ^\n")
        } else {
            ("", "")
        };
        run.expect(
            1,
            &[
                "4 pass, 1 fail",
                "(invoke \"div\" (i32.const 0) (i32.const 0))",
                "integer divide by zero",
                module,
                line,
            ],
        );
        // Nothing stands behind a call of what stands in for the import.
        let run = place.run(&["wast", file, "--imports", "trap", "--skip", "x"]);
        run.expect(1, &["(invoke \"logged\")\n", "trap: unreachable"]);
    }
    // What it is called with can be chosen.
    place
        .run(&["wast", "a.wat", "--imports", "zero", "--calls", "3"])
        .expect(1, &["7 directives in 1 file: 6 pass, 1 fail"]);
    place.run(&["wast", "a.wat", "--imports", "zero", "--invoke", "div", "-7", "2"]).expect(0, &["4 pass"]);
    let run =
        place.run(&["wast", "a.wat", "--imports", "zero", "--invoke", "div", "7", "0", "--opt", "none"]);
    run.expect(
        1,
        &["rerun:    trapline wast --opt none --invoke div 7 0 --imports zero a.wat --only a.wat:7\n"],
    );
    let again = [
        "wast",
        "--opt",
        "none",
        "--invoke",
        "div",
        "7",
        "0",
        "--imports",
        "zero",
        "a.wat",
        "--only",
        "a.wat:7",
    ];
    place.run(&again).expect(1, &["1 directive in 1 file: 0 pass, 1 fail"]);
}

#[test]
fn a_module_is_compared() {
    let place = place();
    let run = place.run(&["compare", "a.wasm", "--imports", "zero", "--engine", "aot,jit"]);
    run.expect(1, &["jit compared with aot: 12 directives", "no difference", "integer overflow"]);
    let run = place.run(&[
        "compare",
        "a.wasm",
        "--imports",
        "zero",
        "--engine",
        "aot,jit",
        "--invoke",
        "div",
        "6",
        "3",
    ]);
    run.expect(0, &["4 directives in 1 file: 4 pass"]);
    let broken = ["compare", "a.wat", "--imports=zero", "--variant=aot", "--variant=aot,break=relocation"];
    place.run(&broken).expect(1, &["no difference"]);
}

#[test]
fn modules_that_are_none_and_calls_that_cannot_be() {
    let place = place();
    place.write("cut.wasm", b"\0asm\x01\0\0\0\x01\x05\x01");
    place.write("bad.wat", "(module (func (result i32)))");
    place.write("broken.wat", "(module\n  (funk))");
    place.run(&["wast", "cut.wasm"]).expect(1, &["cut.wasm: 0 pass, 1 fail", "malformed module"]);
    place.run(&["wast", "bad.wat"]).expect(1, &["invalid module", "type mismatch"]);
    place.run(&["wast", "broken.wat"]).expect(1, &["line 2, column 4", "funk"]);
    place
        .run(&["wast", "a.wat", "--invoke", "dif"])
        .expect(2, &["no function is exported as `dif`; did you mean `div`?"]);
    place
        .run(&["wast", "a.wat", "--invoke", "div", "1"])
        .expect(2, &["`div` has type [i32 i32] -> [i32]: it takes 2 arguments, not 1"]);
    place.run(&["wast", "a.wat", "--invoke", "div", "1", "x"]).expect(2, &["`x` is not a value of type i32"]);
    // Options of modules mean nothing without one.
    place.write("script.wast", "(module)");
    for option in [&["--calls", "2"][..], &["--imports", "zero"], &["--invoke", "f"]] {
        let run = place.run(&[&["wast", "script.wast"], option].concat());
        run.expect(2, &[option[0], "no script is one"]);
    }
    place
        .run(&["wast", "--invoke", "div", "1", "2", "a.wat", "--spec", "v1"])
        .expect(2, &["no script is one"]);
    place.run(&["wast", "none.wasm"]).expect(2, &["none.wasm: no such file"]);
    let exported = "(module (func (export \"f\") (param (ref i31))))";
    place.write("ref.wat", exported);
    place.run(&["wast", "ref.wat"]).expect(0, &["note: ref.wat: the export \"f\" is not called", "1 pass"]);
}

#[test]
fn a_module_can_come_from_the_standard_input() {
    let place = place();
    let mut command = place.command(&["wast", "-", "--imports", "zero", "--invoke", "div", "6", "3"]);
    command.stdin(std::fs::File::open(place.path("a.wasm")).expect("it is there"));
    crate::place::Run::of(command).expect(0, &["<stdin>: 4 pass"]);
    let mut command = place.command(&["wast", "-", "--imports", "zero", "--invoke", "div", "6", "3"]);
    command.stdin(std::fs::File::open(place.path("a.wat")).expect("it is there"));
    crate::place::Run::of(command).expect(0, &["<stdin>: 4 pass"]);
    // Fields alone are a module, too, and the items of `spectest` stay what they are.
    place.write("fields.wat", "(import \"spectest\" \"print_i32\" (func $p (param i32)))\n(func (export \"module\") (call $p (i32.const 1))) ;; end");
    place.run(&["wast", "fields.wat", "--imports", "zero"]).expect(0, &["fields.wat: 2 pass"]);
    place.run(&["triage", "fields.wat"]).expect(0, &["fields.wat: no fault found"]);
}
