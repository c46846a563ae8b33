//! What the program says of features, and of modules that need them.

use super::place::Place;

const SHARED: &str = "(module (memory 1 1 shared)\n (func (drop (i32.atomic.load (i32.const 0)))))";
const CONTINUATION: &str = "(module (type $f (func)) (type $c (cont $f)) (func (drop (cont.new $c (ref.func 0)))) (elem declare func 0))";

#[test]
fn a_refusal_says_how_to_switch_the_proposal_on() {
    let place = Place::new(&[
        ("shared.wat", SHARED),
        ("both.wat", "(module (memory 1 1 shared) (func (result v128) (v128.const i64x2 0 0)))"),
        ("wrong.wat", "(module (func (result i32)))"),
        ("script.wast", &format!(";;! threads = false\n{SHARED}\n")),
    ]);
    let hint = "it needs threads: `-W threads`, or `;;! threads = true`";
    for (command, code) in [("validate", 1), ("run", 3)] {
        place.run(&[command, "-W", "-threads", "shared.wat"]).expect(code, &[hint]);
    }
    place.run(&["compile", "-W", "threads=n", "shared.wat", "-o", "a.o"]).expect(1, &[hint]);
    place.run(&["wast", "script.wast"]).expect(1, &[hint]);
    let hint = "it needs simd and threads: `-W simd,threads`, or `;;! simd = true`, `;;! threads = true`";
    place.run(&["validate", "-W", "-threads,-simd", "both.wat"]).expect(1, &[hint]);
    // No proposal makes this one valid.
    let run = place.run(&["validate", "-W", "-threads", "wrong.wat"]);
    run.expect(1, &["type mismatch"]);
    assert!(!run.err.contains("it needs"), "{}", run.err);
}

#[test]
fn what_is_valid_and_cannot_be_compiled_is_called_so() {
    let place = Place::new(&[
        ("cont.wat", CONTINUATION),
        ("cont.wast", CONTINUATION),
        ("header.wast", &format!(";;! stack_switching = true\n{CONTINUATION}")),
    ]);
    let lack = "(stack-switching, which can be validated and not compiled)";
    let run = place.run(&["validate", "-W", "all", "cont.wat"]);
    run.expect(0, &["cont.wat: valid", "cont.wat: note: valid, and cannot be compiled: unsupported: ", lack]);
    place
        .run(&["compile", "-W", "stack-switching", "cont.wat", "-o", "a.o"])
        .expect(1, &["unsupported: ", lack]);
    place.run(&["wast", "-W", "stack-switching", "cont.wast"]).expect(1, &["unsupported", lack]);
    place.run(&["wast", "header.wast"]).expect(1, &["unsupported", "needs:    stack-switching"]);
}

#[test]
fn names_of_features_are_understood_and_slips_are_named() {
    let place = Place::new(&[("shared.wat", SHARED), ("slip.wast", ";;! relaxd_simd = true\n(module)")]);
    for features in
        ["all", "wasm3,threads", "exception-handling,multi-memories", "simd=y,threads=true", "all,-gc"]
    {
        place.run(&["validate", "-W", features, "shared.wat"]).expect(0, &["valid"]);
    }
    let refused = |features: &str, wanted: &str| {
        place.run(&["validate", "-W", features, "shared.wat"]).expect(2, &[wanted]);
    };
    refused("thread", "no feature is called `thread`, did you mean `threads`?");
    refused("nonsense", "no feature is called `nonsense`; `trapline features` lists them");
    refused("threads=2", "`threads` is switched by `y` or `n`, not by `2`");
    refused("cm-async", "`cm-async` is a feature of components, which are not read");
    place
        .run(&["wast", "slip.wast"])
        .expect(1, &["unknown key `relaxd_simd`", "did you mean `relaxed_simd`?"]);
}

#[test]
fn features_are_listed() {
    let place = Place::empty();
    let run = place.run(&["features"]);
    run.expect(0, &["feature ", "simd ", "validated only", "unknown"]);
    let run = place.run(&["features", "-W", "-simd", "--format", "json"]);
    run.expect(0, &[r#"{"name":"simd","edition":"2.0","state":"built","default":"off"}"#]);
}

#[test]
fn a_component_is_called_one() {
    let place = Place::empty();
    place.write("c.wasm", b"\0asm\x0d\0\x01\0");
    place.write("c.wat", "(component (core module (func)))");
    for file in ["c.wasm", "c.wat"] {
        for (command, code) in [("validate", 1), ("run", 3)] {
            place.run(&[command, file]).expect(code, &["a component, where a module is wanted"]);
        }
    }
}

/// What is part of another feature stays on with it.
#[test]
fn a_feature_that_another_one_includes_is_not_switched_off_alone() {
    let place = Place::new(&[("a.wast", "(module (type $f (func)) (func (param (ref $f))))")]);
    for command in ["wast", "compare", "triage"] {
        let run = place.run(&[command, "a.wast", "-W", "-function-references"]);
        run.expect(2, &["changes nothing where gc is on, because gc includes it: -W -function-references,-gc switches both off"]);
    }
    place.run(&["wast", "a.wast", "-W", "-function-references,-gc"]).expect(1, &["1 fail"]);
    place.run(&["wast", "a.wast", "-W", "-function-references,function-references"]).expect(0, &["1 pass"]);
    // Only gc, with what it includes.
    place.run(&["wast", "a.wast", "-W", "-all,gc,reference-types"]).expect(0, &["1 pass"]);
    place.run(&["wast", "a.wast", "-W", "gc,-function-references"]).expect(2, &["because gc includes it"]);
}
