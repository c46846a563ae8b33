//! `trapline triage`: the right verdict for each kind of module.

use crate::place::{Place, Run};

/// The module of a report that wanted no trap: an active segment has no bytes left.
const REPORTED: &str = "(module
  (memory 1)
  (data (i32.const 0) \"a\") (data \"b\") (data (i32.const 8) \"123456789\")
  (func (export \"init\") (param i32 i32 i32)
    (memory.init 2 (local.get 0) (local.get 1) (local.get 2))))
";

/// The field of a triage, as it is printed.
fn field<'r>(run: &'r Run, name: &str) -> &'r str {
    let line = run.out.lines().find_map(|line| line.trim_start().strip_prefix(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name} in {run:#?}")).trim()
}

#[test]
fn a_trap_by_the_specification_is_one() {
    let place = Place::new(&[("a.wat", REPORTED)]);
    let run = place.run(&["triage", "a.wat", "--invoke", "init", "0", "9", "0", "--report", "a.md"]);
    run.expect(6, &["a.wat: spec-legal trap\n", "segment 2 has 0 bytes (active, dropped at instantiation)"]);
    assert!(field(&run, "rule").contains("an active segment has no bytes left"), "{run:#?}");
    assert_eq!(field(&run, "severity"), "no fault of an engine");
    assert!(field(&run, "engines").starts_with("all: aot, jit, linked, "), "{run:#?}");
    let bucket = field(&run, "bucket").to_owned();
    let markdown = place.read("a.md");
    for part in
        ["# a.wat: spec-legal trap\n", &bucket, "trapline wast a.wat --invoke init 0 9 0 --imports zero"]
    {
        assert!(markdown.contains(part), "{markdown}");
    }
    let json = place.run(&["triage", "a.wat", "--format", "json", "--invoke", "init", "0", "9", "0"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("one object");
    assert_eq!((&json["verdict"], &json["bucket"]), (&"spec-trap".into(), &bucket.clone().into()));
    assert_eq!(json["findings"][0]["layer"], "run");
    // The same cause in another module, in which everything else is another thing.
    let padded = "(module
      (func $other (param i64)) (memory 3) (func (export \"x\") (param i32) (call $other (i64.const 1))
        (memory.init $d (i32.const 3) (local.get 0) (i32.const 1)))
      (data $d \"\"))";
    place.write("b.wat", padded);
    assert_eq!(field(&place.run(&["triage", "b.wat", "--invoke", "x", "7"]), "bucket"), bucket);
}

#[test]
fn each_kind_of_module_has_its_verdict() {
    let place = Place::new(&[
        ("invalid.wat", "(module (func (result i32)))"),
        ("text.wat", "(module (funk))"),
        ("endless.wat", "(module (func (export \"f\") (loop (br 0))))"),
        ("deep.wat", "(module (func $f (export \"f\") (call $f)))"),
        ("start.wat", "(module (func $f unreachable) (start $f))"),
        ("throws.wat", "(module (tag $e) (func (export \"f\") (throw $e)))"),
        (
            "fine.wat",
            "(module (import \"env\" \"log\" (func)) (func (export \"f\") (param i32) (result i32) (local.get 0)))",
        ),
        (
            "wants.wast",
            "(module (func (export \"f\") (result i32) (i32.const 1)))\n(assert_return (invoke \"f\") (i32.const 2))",
        ),
        ("large.wat", "(module (memory 65537))"),
    ]);
    place.write("cut.wasm", b"\0asm\x01\0\0\0\x01\x05\x01");
    for (arguments, code, verdict, layer) in [
        (&["cut.wasm"][..], 3, "malformed", Some("decode")),
        (&["text.wat"], 3, "malformed", Some("decode")),
        (&["invalid.wat"], 3, "invalid", Some("validate")),
        (&["large.wat"], 3, "invalid", Some("validate")),
        (&["endless.wat", "--timeout", "1", "--repeat", "1"], 8, "resource limit", Some("run")),
        (&["deep.wat"], 8, "resource limit", Some("run")),
        (&["start.wat"], 6, "spec-legal trap", Some("run")),
        (&["throws.wat"], 7, "uncaught exception", Some("run")),
        (&["fine.wat"], 0, "no fault found", None),
        (&["fine.wat", "--imports", "refused"], 5, "imports without a provider", Some("link")),
        (&["fine.wat", "--repeat", "50"], 0, "no fault found", None),
        (&["wants.wast"], 1, "the script wants something else", Some("harness")),
    ] {
        let run = place.run(&[&["triage"], arguments].concat());
        run.expect(code, &[&format!("{}: {verdict}\n", arguments[0])]);
        if let Some(layer) = layer {
            assert_eq!(field(&run, "layer"), layer, "{run:#?}");
        }
        if arguments.contains(&"50") {
            assert!(field(&run, "ran").contains("50 times on aot"), "{run:#?}");
        }
    }
    // The command shows the same.
    place.write("div.wat", "(module (import \"a\" \"b\" (func)) (func (export \"d\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))");
    let run = place.run(&["triage", "div.wat"]);
    assert_eq!(field(&run, "again"), "trapline wast div.wat --calls 12 --imports zero");
    let again: Vec<&str> = field(&run, "again").split(' ').skip(1).collect();
    place.run(&again).expect(1, &["integer divide by zero", "integer overflow"]);
    // Scripts name their instructions, too.
    place.write("load.wast", "(module (memory 1) (func (export \"f\") (drop (i32.load (i32.const -1)))))\n(invoke \"f\")(invoke \"f\")");
    let run = place.run(&["triage", "load.wast"]);
    run.expect(6, &["an access traps if its address, its offset and its width"]);
    assert!(field(&run, "engines").starts_with("all: "), "{run:#?}");
    place.run(&["triage", "none.wasm"]).expect(2, &["none.wasm: no such file"]);
    place.run(&["triage", "fine.wat", "--report", "fine.wat"]).expect(2, &["would overwrite fine.wat"]);
}

/// Faults that are made on purpose have the verdict of what is broken.
#[test]
fn each_fault_has_its_verdict() {
    let calls = "(module (func $a (result i32) (i32.const 1)) (func $b (result i32) (i32.const 2))
        (func (export \"f\") (result i32) (call $a)))";
    let bounds =
        "(module (memory 1) (func (export \"f\") (param i32) (i64.store (local.get 0) (i64.const 1))))";
    let host = |what: &str| {
        format!(
            "(module (import \"trapline-hazard\" \"{what}\" (func $s)) (func (export \"f\") (call $s)))\n(invoke \"f\")\n"
        )
    };
    let place = Place::new(&[
        ("calls.wat", calls),
        ("bounds.wat", bounds),
        ("segfault.wast", &*host("segfault")),
        ("abort.wast", &*host("abort")),
        ("panic.wat", "(module (func (export \"f\") (result i64) (i64.const 0x656e696c70617274)))"),
    ]);
    let triage = |arguments: &[&str]| {
        let mut command = place.command(&[&["triage"], arguments].concat());
        command.env("TRAPLINE_HAZARDS", "1");
        Run::of(command)
    };
    let run = triage(&["calls.wat", "--variant", "aot,break=relocation"]);
    run.expect(11, &["calls.wat: miscompile\n", "a call of function 0 <a>", "a call of function 1 <b>"]);
    assert!(field(&run, "engines").starts_with("aot-break=relocation; not aot, jit"), "{run:#?}");
    let run =
        triage(&["bounds.wat", "--variant", "aot,memory=checked,break=bounds", "--invoke", "f", "65535"]);
    assert!(matches!(run.code, Some(11 | 12)), "{run:#?}");
    for name in ["segfault.wast", "abort.wast"] {
        let run = triage(&[name, "--repeat", "3"]);
        run.expect(13, &[&format!("{name}: fault of the runtime or the host\n")]);
        // Not only a segmentation fault has the function that called the host.
        let caller =
            "outside compiled code, called by wasm function 1 <f> at offset 0x3c (line 1, column 77)";
        assert_eq!(run.out.contains(caller), name == "segfault.wast", "{run:#?}");
        assert!(!run.out.contains("nondeterminism"), "{run:#?}");
    }
    let run = triage(&["panic.wat", "--variant", "aot,break=panic"]);
    // The worker says on the standard error that it panicked.
    assert_eq!(run.code, Some(10), "{run:#?}");
    assert!(
        run.out.contains("panic.wat: fault of the compiler\n") && run.out.contains("panicked"),
        "{run:#?}"
    );
    assert_eq!(field(&run, "severity"), "a fault before anything runs: an ordinary bug");
}
