//! What modules and objects are, shown without running them.

use super::place::Place;

const DEMO: &str = r#"(module $demo
  (import "env" "log" (func $log (param i32 i64)))
  (import "env" "mem" (memory 1 4))
  (type $p (struct (field i32)))
  (table (export "t") 4 funcref)
  (global (export "g") (mut i32) (i32.const 1))
  (tag (export "e") (param i32 f64))
  (func $f (export "f") (param (ref null $p)) (result i32) (struct.get $p 0 (local.get 0)))
  (func $g (call $log (i32.const 1) (i64.const 2)))
  (data "abc"))"#;

#[test]
fn a_module_is_inspected() {
    let place = Place::new(&[("demo.wat", DEMO)]);
    place.run(&["inspect", "demo.wat"]).expect(
        0,
        &[
            "demo.wat: 165 bytes, module <demo>\nvalid\nneeds mutable-global, reference-types, bulk-memory, exceptions, gc\n",
            "imports: 2\n  \"env\" \"log\"  func [i32 i64] -> []\n  \"env\" \"mem\"  memory i32 1 4\n",
            "exports: 4\n  \"t\"  table i32 4 funcref\n  \"g\"  global (mut i32)\n  \"e\"  tag [i32 f64]\n",
            "  \"f\"  func [(ref null 0)] -> [i32]\n",
            "0x00000068         19  code  2 items\n",
            "0x0000006a          8  function 1 <f>\n",
        ],
    );
    let run = place.run(&["inspect", "demo.wat", "--format", "json"]);
    run.expect(0, &[r#""features":["mutable-global","reference-types","bulk-memory","exceptions","gc"]"#]);
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("one object");
    assert_eq!(json["imports"][1]["type"], "memory i32 1 4");
    assert_eq!(json["sections"][7]["items"], 2);
    assert_eq!((&json["valid"], &json["bytes"]), (&true.into(), &165.into()));
}

#[test]
fn what_is_wrong_with_a_module_does_not_hide_the_rest() {
    let place = Place::new(&[
        ("features.wat", DEMO),
        ("body.wat", r#"(module (import "a" "b" (global i64)) (func (result i32)))"#),
    ]);
    let run = place.run(&["inspect", "-W", "-gc", "features.wat"]);
    run.expect(
        1,
        &["invalid module", "it needs gc: `-W gc`", "needs mutable-global", "\"log\"  func [i32 i64] -> []"],
    );
    let run = place.run(&["inspect", "body.wat"]);
    run.expect(1, &["type mismatch", "not valid with any features", "\"a\" \"b\"  global i64", "function 0"]);
    place.write("cut.wasm", b"\0asm\x01\0\0\0\x01\x05\x01");
    place.run(&["inspect", "cut.wasm"]).expect(1, &["malformed module", "imports: 0"]);
}

#[test]
fn objects_show_imports_exports_and_chosen_functions() {
    let place = Place::new(&[("demo.wat", DEMO)]);
    place.run(&["compile", "demo.wat", "-o", "demo.o"]).expect(0, &[]);
    let run = place.run(&["objdump", "demo.o"]);
    run.expect(
        0,
        &["import \"env\" \"mem\"  memory i32 1 4\n", "export \"e\"  tag [i32 f64]\n", "::f  ", "::g  "],
    );
    for name in ["f", "1"] {
        let run = place.run(&["objdump", "demo.o", "--function", name]);
        run.expect(0, &["function[1]::f", "trap: null structure reference"]);
        assert!(!run.out.contains("function[2]"), "{}", run.out);
    }
    for absent in ["h", "0", "17"] {
        let run = place.run(&["objdump", "demo.o", "--function", "f", "--function", absent]);
        run.expect(2, &[&format!("failed to find a function `{absent}` with code in demo.o")]);
    }
    place.write("module.wasm", b"\0asm\x01\0\0\0");
    place
        .run(&["objdump", "module.wasm"])
        .expect(2, &["a module, where an object is wanted; `trapline compile"]);
}

/// A section of a binary: its number, its length, and what it holds.
fn section(id: u8, content: &[u8]) -> Vec<u8> {
    let len = u8::try_from(content.len()).expect("a short section");
    assert!(len < 0x80, "one byte is enough for the length");
    [&[id, len], content].concat()
}

#[test]
fn a_component_shows_its_core_modules() {
    const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
    let module =
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x05\x01\x01f\0\0\x0a\x04\x01\x02\0\x0b";
    let wrong = b"\0asm\x01\0\0\0\x0a\x04\x01\x02\0\x0b";
    let inner = [COMPONENT, &section(1, wrong)].concat();
    let whole = [COMPONENT, &section(4, &inner), &section(1, module), &section(10, &[0])].concat();
    let place = Place::empty();
    place.write("c.wasm", &whole);
    let run = place.run(&["inspect", "c.wasm"]);
    run.expect(0, &[
        "a component, which trapline does not run; components within it: 1\n",
        "core modules, with their offsets and bytes: 2\n",
        "         14  imports: 0, exports: 0; not valid with the features that are on, not valid with any features\n",
        "  0x00000024         31  imports: 0, exports: 1; valid, needs no feature beyond the first edition\n",
        "         31  core module\n",
        "  import\n",
    ]);
    let run = place.run(&["inspect", "c.wasm", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("one object");
    assert_eq!((&json["valid"], &json["refused"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    assert_eq!(json["component"]["modules"][1]["offset"], 0x24);
    place.write("cut.wasm", &whole[..whole.len() - 10]);
    place
        .run(&["inspect", "cut.wasm"])
        .expect(1, &["malformed component at offset", "components within it: 1"]);
    // As deep as it goes.
    let deep = (0..9).fold(COMPONENT.to_vec(), |inner, _| [COMPONENT, &section(4, &inner)].concat());
    place.write("deep.wasm", deep);
    place.run(&["inspect", "deep.wasm"]).expect(0, &["components within it: 9\n"]);
}
