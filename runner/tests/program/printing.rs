//! What modules print by the functions of `spectest`.

use crate::place::Place;

const SCRIPT: &str = "(module
  (import \"spectest\" \"print_i32\" (func $i (param i32)))
  (import \"spectest\" \"print_f64_f64\" (func $f (param f64 f64)))
  (func (export \"f\") (call $i (i32.const 7)) (call $f (f64.const 1) (f64.const nan)))
  (func (export \"many\") (local i32)
    (loop (call $i (local.get 0)) (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 2000))))
    unreachable)
  (func (export \"quiet\")))
(invoke \"f\")
(invoke \"many\")
(invoke \"quiet\")
";

#[test]
fn output_is_shown_where_it_was_made() {
    let place = Place::new(&[("a.wast", SCRIPT)]);
    for engine in ["aot", "jit", "linked"] {
        let reports = ["--report", "json=a.jsonl", "--report", "junit=a.xml"];
        let run =
            place.run(&[&["wast", "a.wast", "--show-output", "--engine", engine], &reports[..]].concat());
        run.expect(
            1,
            &["printed a.wast:9:1 invoke\n    i32 7 (0x00000007)\n    2 values: f64 1.0 (0x3ff0000000000000), f64 nan"],
        );
        run.expect(1, &["    printed:  i32 0 (0x00000000)\n", "    printed:  … and 1800 calls more\n"]);
        assert!(!run.out.contains("printed a.wast:11"), "{run:#?}");
        assert!(place.read("a.xml").contains("<system-out>i32 7 (0x00000007)\n"), "{}", place.read("a.xml"));
        let shown = place.run(&["report", "show", "a.jsonl"]);
        assert_eq!(shown.out.matches("printed").count(), run.out.matches("printed").count());
    }
    // Without the flag, nothing is printed.
    let run = place.run(&["wast", "a.wast"]);
    assert!(!run.out.contains("printed"), "{run:#?}");
    // A comparison has it once for each engine.
    let run = place.run(&["compare", "a.wast", "--show-output", "--engine", "aot,jit"]);
    assert_eq!(run.out.matches("printed a.wast:9:1 invoke").count(), 2, "{run:#?}");
}

/// A thread of a script prints where the script is at the time.
#[test]
fn threads_print_too() {
    let script = "(module (func (export \"f\")))
(thread $t
  (module
    (import \"spectest\" \"print_i32\" (func $i (param i32)))
    (func (export \"f\") (call $i (i32.const 7))))
  (invoke \"f\"))
(wait $t)
";
    let place = Place::new(&[("a.wast", script)]);
    let run = place.run(&["wast", "a.wast", "--show-output"]);
    run.expect(0, &["    i32 7 (0x00000007)\n"]);
}

#[test]
fn a_single_module_prints_to_the_standard_error() {
    let module = "(module (import \"spectest\" \"print_i32\" (func $i (param i32)))
        (func (export \"f\") (param i32) (result i32) (call $i (local.get 0)) (i32.const 3)))";
    let place = Place::new(&[("a.wat", module)]);
    for isolation in [&[][..], &["--no-isolate"]] {
        let run = place.run(&[&["run", "a.wat"], isolation, &["--invoke", "f", "5"]].concat());
        run.expect(0, &[]);
        assert_eq!(
            (run.out.as_str(), run.err.as_str()),
            ("i32 3 (0x00000003)\n", "printed: i32 5 (0x00000005)\n")
        );
    }
}
