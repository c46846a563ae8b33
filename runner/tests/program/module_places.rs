//! Places in modules that are given alone: those of their files, whatever a script is made of them.

use crate::place::Place;

const BARE: &str = "(func (export \"x\") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))\n";
const WHOLE: &str =
    "(module (func (export \"x\") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0))))\n";
const IMPORTS: &str = ";; what it needs\n\
    (module (import \"env\" \"f\" (func $f (param i32))) (func (export \"x\") (param i32) (result i32)\n  \
    (call $f (local.get 0)) (i32.div_u (i32.const 1) (local.get 0))))\n";

/// Every command says the same, and points at the same.
#[test]
fn places_are_those_of_the_file() {
    let place = Place::new(&[("bare.wat", BARE), ("whole.wat", WHOLE), ("imports.wat", IMPORTS)]);
    for (file, line, col) in [("bare.wat", 1, 46), ("whole.wat", 1, 54), ("imports.wat", 3, 28)] {
        let at = format!("(line {line}, column {col})");
        let text = place.read(file).lines().nth(line - 1).expect("a line").to_owned();
        let pointed = format!("{text}\n");
        let caret = format!("{}^", " ".repeat(col - 1));
        let is_shown = |out: &str| {
            let lines: Vec<&str> = out.lines().collect();
            let shown = lines.windows(2).find(|lines| lines[0].ends_with(pointed.trim_end()));
            let shown = shown.unwrap_or_else(|| panic!("no line {text:?} in {out}"));
            let margin = shown[0].len() - text.len();
            assert_eq!(shown[1].get(margin..), Some(&*caret), "{out}");
        };
        let run = place.run(&["run", file, "--imports", "zero", "--invoke", "x", "0"]);
        run.expect(6, &[&at]);
        is_shown(&run.err);
        for words in [
            &["wast", file, "--imports", "zero", "--invoke", "x", "0"][..],
            &["wast", file, "--imports", "zero"],
            &["compare", file, "--engine", "aot,jit", "--imports", "zero", "--invoke", "x", "0"],
        ] {
            let run = place.run(words);
            run.expect(1, &[&at]);
            is_shown(&run.out);
        }
        let annotated =
            place.run(&["wast", file, "--imports", "zero", "--format", "github", "--invoke", "x", "0"]);
        annotated.expect(1, &[&at]);
        place.run(&["triage", file, "--invoke", "x", "0"]).expect(6, &[&at]);
    }
    // The module and its calls, too; calls come behind it, wherever the code is that they lead to.
    let imports = place.run(&["wast", "imports.wat", "--imports", "zero", "--format", "json"]);
    let places = |out: &str| -> Vec<(String, u64, u64)> {
        let lines = out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        let directives = lines.filter(|line| line["type"] == "directive");
        let place = |line: serde_json::Value| {
            Some((line["directive"].as_str()?.to_owned(), line["line"].as_u64()?, line["col"].as_u64()?))
        };
        directives.filter_map(place).collect()
    };
    let found = places(&imports.out);
    let found: Vec<_> = found.iter().map(|(name, line, col)| (&**name, *line, *col)).collect();
    assert!(
        matches!(found[..], [("module", 0, _), ("register", 0, _), ("module", 2, 1), ("invoke", 4, 1)]),
        "{found:?}"
    );
    // However long a module in binary is, it is on line 1.
    let wasm = wat::parse_str(format!(
        "(module (func (export \"x\") unreachable) (memory 1) (data \"{}\"))",
        "a".repeat(5000)
    ));
    std::fs::write(place.path("long.wasm"), wasm.expect("a module")).expect("a file");
    let found = places(&place.run(&["wast", "long.wasm", "--format", "json"]).out);
    assert_eq!(found, [("module".to_owned(), 1, 1), ("invoke".to_owned(), 2, 1)]);
    place
        .run(&["wast", "long.wasm", "--only", "long.wasm:2"])
        .expect(1, &["1 directive in 1 file: 0 pass, 1 fail"]);
}

/// What is wrong with a module is where it is in the file, too.
#[test]
fn mistakes_have_the_places_of_the_file() {
    let place = Place::new(&[
        ("fields.wat", "(func (result i32)\n  (i32.add (i32.const 1)))\n"),
        ("word.wat", "(func)\n(memory 1) (fun)\n"),
        ("header.wat", ";;! gcc = true\n(module)\n"),
    ]);
    for words in [&["wast"][..], &["compare", "--engine", "aot,jit"]] {
        let run = |file: &str| place.run(&[words, &[file, "--imports", "zero"]].concat());
        run("fields.wat").expect(1, &["fields.wat:1:1", "line 2, column 4"]);
        run("word.wat").expect(1, &["word.wat:1:1", "line 2, column 13"]);
        run("header.wat").expect(1, &["header.wat:1:5", "unknown key `gcc`"]);
    }
}

/// A header is that of the file, whatever the module is written like.
#[test]
fn headers_count_for_fields_alone() {
    let simd = "(func (export \"v\") (drop (v128.const i32x4 0 0 0 0)))\n";
    let place = Place::new(&[
        ("one.wat", &*format!(";;! simd = false\n{simd}")),
        ("two.wat", &*format!(";; why\n\n;;! relaxed_simd = false\n;;! simd = false\n{simd}")),
        ("bad.wat", ";;! simd = flase\n(func (export \"v\"))\n"),
        ("more.wat", "(func (export \"a\") unreachable))\n"),
        ("open.wat", "(func (export \"a\") (i32.cosnt 1))\n"),
        ("none.wat", ";; nothing\n"),
        ("empty.wasm", ""),
    ]);
    for rest in [&[][..], &["--imports", "zero"]] {
        let run = |file: &str| place.run(&[&["wast", file], rest].concat());
        run("one.wat").expect(1, &["SIMD support is not enabled"]);
        run("two.wat").expect(1, &["SIMD support is not enabled"]);
        run("bad.wat").expect(1, &["bad.wat:1:12"]);
        run("more.wat").expect(1, &["at line 1, column 32"]);
        run("open.wat").expect(1, &["line 1, column 21"]);
        run("none.wat").expect(1, &["no directive, where one module is wanted"]);
        run("empty.wasm").expect(1, &["malformed module at offset 0x0: unexpected end-of-file"]);
    }
    place.run(&["triage", "none.wat"]).expect(3, &["no directive, where one module is wanted"]);
    place
        .run(&["wast", "one.wat", "--invoke", "w"])
        .expect(2, &["one.wat: failed to call an export", "no function is exported as `w`"]);
}

/// A call that ends in a stand-in names the import, and no line of the module.
#[test]
fn a_trap_of_a_stand_in_names_the_import() {
    let place = Place::new(&[("imports.wat", IMPORTS)]);
    let named = "the import env f, which nothing provides";
    let run = place.run(&["wast", "imports.wat", "--imports", "trap", "--invoke", "x", "0"]);
    run.expect(1, &[named]);
    assert!(!run.out.contains(";; what it needs"), "{run:#?}");
    place
        .run(&["triage", "imports.wat", "--imports", "trap", "--invoke", "x", "0"])
        .expect(5, &["what:      the import env f is called, and nothing provides it", "layer:     link"]);
}
