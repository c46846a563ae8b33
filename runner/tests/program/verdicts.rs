//! `trapline triage`: what is wrong with an engine, by what it does.

use crate::place::{Place, Run};

fn triage(place: &Place, arguments: &[&str]) -> Run {
    let mut command = place.command(&[&["triage"], arguments].concat());
    command.env("TRAPLINE_HAZARDS", "1");
    Run::of(command)
}

#[test]
fn a_difference_that_no_function_makes_is_the_runtimes() {
    let script = r#"(module
  (memory 1)
  (data "\01")
  (func (export "drop") (data.drop 0))
  (func (export "init") (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))))
(assert_return (invoke "drop"))
(assert_trap (invoke "init") "out of bounds memory access")
"#;
    let place = Place::new(&[("s.wast", script)]);
    triage(&place, &["s.wast", "--variant", "aot,break=data-drop"]).expect(
        13,
        &[
            "s.wast: fault of the runtime or the host\n",
            "aot-break=data-drop: data segment 0 of instance 0: not dropped\n",
            "blame:     no function is to blame: it is what its properties change beyond the code of functions",
            "layer:     run\n",
            "bucket:    runtime-fault-",
        ],
    );
    // The code of a function is.
    let relocated = "(module (func $a (result i32) (i32.const 1)) (func $b (result i32) (i32.const 2))
        (func (export \"f\") (result i32) (call $a)) (func (export \"g\") (result i32) (call $b)))
        (assert_return (invoke \"f\") (i32.const 1)) (assert_return (invoke \"g\") (i32.const 2))";
    place.write("code.wast", relocated);
    triage(&place, &["code.wast", "--variant", "aot,break=relocation"])
        .expect(11, &["code.wast: miscompile\n", "layer:     codegen\n"]);
}

#[test]
fn who_takes_an_invalid_module_is_a_faulty_compiler() {
    let script = "(assert_invalid (module (func (result i32))) \"type mismatch\")
(assert_malformed (module binary \"\\00asm\\01\\00\\00\\00\\01\") \"unexpected end\")
";
    let place = Place::new(&[("s.wast", script)]);
    for (fault, layer, line) in [("validation", "validate", 1), ("decoding", "decode", 2)] {
        let where_ = format!("where:     line {line}, assert_");
        triage(&place, &["s.wast", "--variant", &format!("aot,break={fault}")]).expect(
            10,
            &[
                "s.wast: fault of the compiler\n",
                &where_,
                &format!("layer:     {layer}\n"),
                "it decodes and is valid",
            ],
        );
    }
}

#[test]
fn what_ends_at_once_elsewhere_is_no_limit() {
    let script = r#"(module (func (export "f") (param i32)
  (loop $again (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $again (i32.ne (local.get 0) (i32.const 0))))))
(assert_return (invoke "f" (i32.const 3)))
"#;
    let place =
        Place::new(&[("s.wast", script), ("loop.wat", "(module (func (export \"f\") (loop (br 0))))")]);
    triage(&place, &["s.wast", "--timeout", "3", "--variant", "aot,break=operands"]).expect(
        11,
        &[
            "s.wast: miscompile\n",
            "what:      it runs for longer than 3 s\n",
            "evidence:  on aot it ends at once\n",
            "engines:   aot-break=operands; not aot",
        ],
    );
    triage(&place, &["loop.wat", "--timeout", "1"]).expect(8, &["loop.wat: resource limit\n"]);
}

/// What is not exported counts between engines of trapline, whatever an engine of others can see.
#[test]
fn hidden_state_is_compared() {
    let script = r#"(module (global $g (mut i32) (i32.const 0))
  (func (export "set") (param i32 i32) (global.set $g (i32.sub (local.get 0) (local.get 1)))))
(invoke "set" (i32.const 5) (i32.const 2))
"#;
    let place = Place::new(&[("s.wast", script)]);
    triage(&place, &["s.wast", "--variant", "aot,break=operands"]).expect(
        11,
        &[
            "s.wast: miscompile\n",
            "global",
            "function 0 <set>: with the code of aot-break=operands for it alone",
        ],
    );
    let twice = ["s.wast", "--variant", "aot,break=operands,break=compare"];
    triage(&place, &twice).expect(2, &["`break` is given twice"]);
}
