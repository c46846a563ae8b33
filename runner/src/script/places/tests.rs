use super::*;
use wasmparser::{Parser, Payload};

/// The offsets of all operators of a module's functions, the ends of functions included.
fn operators(wasm: &[u8]) -> Vec<u64> {
    let mut offsets = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload.unwrap() {
            let operators = body.get_operators_reader().unwrap().into_iter_with_offsets();
            offsets.extend(operators.map(|operator| operator.unwrap().1));
        }
    }
    offsets
}

/// The text from each operator's place on, up to a space or parenthesis.
fn words(text: &'static str, index: usize) -> Vec<String> {
    let script = Script::parse(text).unwrap();
    let directive = &script.directives()[index];
    let wasm = directive.kind.module().unwrap().wasm.as_ref().unwrap();
    let mut places = Places::new(&script);
    let mut word = |offset| match places.of_directive(directive, offset) {
        None => "-".to_owned(),
        Some(SourcePlace { line, col }) => {
            let line = text.lines().nth(line as usize - 1).unwrap();
            let word = line[col as usize - 1..].split([' ', '(', ')', '\\', '"']).next().unwrap();
            if word.is_empty() { line[col as usize - 1..].chars().take(1).collect() } else { word.to_owned() }
        }
    };
    operators(wasm).into_iter().map(&mut word).collect()
}

#[test]
fn folded_expressions_lead_back_to_each_operator() {
    let text = "(module\n (func (param i32) (result i32)\n  (i32.add\n   (i32.div_s (local.get 0) (i32.const 2))\n   \
        (if (result i32) (local.get 0) (then (i32.load (i32.const 7))) (else (unreachable))))))";
    let expected = [
        "local.get",
        "i32.const",
        "i32.div_s",
        "local.get",
        "if",
        "i32.const",
        "i32.load",
        // The second arm begins at its keyword, and the end is the parenthesis that closes the `if`.
        "else",
        "unreachable",
        ")",
        "i32.add",
        "func",
    ];
    assert_eq!(words(text, 0), expected);
}

#[test]
fn plain_instructions_lead_back_too() {
    let text = "(module (func block\n  nop br 0\n end (drop (i32.const 1))) (func unreachable))";
    let expected = ["block", "nop", "br", "end", "i32.const", "drop", "func", "unreachable", "func"];
    assert_eq!(words(text, 0), expected);
}

#[test]
fn fields_may_be_abbreviated_and_in_any_order() {
    let text = "(module $m (func (export \"a\") (type $t) (drop (i32.const 1))) (type $t (func))\n \
        (memory (export \"m\") (data \"x\")) (table funcref (elem 0))\n \
        (func $f (export \"b\") (export \"c\") (local i64 i64) nop) (start $f))";
    assert_eq!(words(text, 0), ["i32.const", "drop", "func", "nop", "func"]);
    let imported = "(module (func (import \"spectest\" \"print\")) (func $g unreachable))";
    assert_eq!(words(imported, 0), ["unreachable", "func"]);
}

#[test]
fn each_module_of_a_script_has_its_own_places() {
    let text = "(module (func nop))\n(assert_invalid (module (func drop)) \"type mismatch\")\n\
        (module definition $d (func unreachable))\n(assert_trap (module (func $f return) (start $f)) \"x\")";
    assert_eq!(words(text, 0), ["nop", "func"]);
    assert_eq!(words(text, 1), ["drop", "func"]);
    assert_eq!(words(text, 2), ["unreachable", "func"]);
    assert_eq!(words(text, 3), ["return", "func"]);
}

#[test]
fn a_text_of_fields_alone_is_a_module() {
    assert_eq!(words(";; é\n(func nop)\n(func\n drop)", 0), ["nop", "func", "drop", "func"]);
}

#[test]
fn quoted_modules_lead_back_into_their_strings() {
    let text = "(module quote \"(func \\u{e9}\"\n  \"\\\"\\5c\" \")\")\n(module quote \"(func nop \\u{28}drop)\" \"\\09 unreachable\"\n \")\")";
    let script = Script::parse(text).unwrap();
    let Err(refusal) = &script.directives()[0].kind.module().unwrap().wasm else { panic!() };
    assert_eq!((refusal.line, refusal.col), (1, 22), "{refusal}");
    assert_eq!(words(text, 1), ["nop", "drop", "unreachable", "func"]);
}

#[test]
fn columns_are_in_bytes() {
    let text = "(module (; é ü 💥 ;) (func\u{a0}unreachable))".replace('\u{a0}', " ");
    let script = Script::parse(text.clone()).unwrap();
    let wasm = script.directives()[0].kind.module().unwrap().wasm.as_ref().unwrap();
    let offset = operators(wasm)[0];
    let place = Places::new(&script).of_directive(&script.directives()[0], offset).unwrap();
    assert_eq!(place, SourcePlace { line: 1, col: text.find("unreachable").unwrap() as u32 + 1 });
}

#[test]
fn binaries_have_no_places_in_the_text() {
    let binary = wast_binary("(module (func unreachable))");
    let script = Script::parse(format!("(module binary \"{binary}\")")).unwrap();
    let directive = &script.directives()[0];
    let wasm = directive.kind.module().unwrap().wasm.as_ref().unwrap();
    assert_eq!(Places::new(&script).of_directive(directive, operators(wasm)[0]), None);
}

/// The binary of a module as a string literal's content.
fn wast_binary(text: &'static str) -> String {
    let script = Script::parse(text).unwrap();
    let wasm = script.directives()[0].kind.module().unwrap().wasm.as_ref().unwrap();
    wasm.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

#[test]
fn constant_expressions_have_places() {
    let text = "(module (global i32 (i32.const 7)) (memory 1) (table 1 funcref)\n \
        (data (offset (i32.add (i32.const 1) (i32.const 2))) \"x\") (data (i32.const 0) \"y\") (elem (i32.const 0) funcref (ref.null func)))";
    let script = Script::parse(text).unwrap();
    let directive = &script.directives()[0];
    let wasm = directive.kind.module().unwrap().wasm.as_ref().unwrap();
    let mut places = Places::new(&script);
    let mut found = Vec::new();
    for offset in 0..wasm.len() as u64 {
        if let Some(SourcePlace { line, col }) = places.of_directive(directive, offset) {
            let line = text.lines().nth(line as usize - 1).unwrap();
            found.push(line[col as usize - 1..].split([' ', ')']).next().unwrap());
        }
    }
    found.dedup();
    // A data segment's offset without `offset` comes without a place of its own, and has that of the segment.
    let expected =
        ["i32.const", "global", "i32.const", "elem", "ref.null", "elem", "i32.const", "i32.add", "data"];
    assert_eq!(found, expected);
}

#[test]
fn of_modules_with_equal_binaries_the_named_one_counts() {
    let text = "(module $a (func (export \"f\") unreachable))\n(module $b (func (export \"f\") unreachable))\n\
        (invoke $a \"f\")\n(invoke $b \"f\")\n(invoke \"f\")\n(module (func))\n(invoke \"f\")\n(invoke $c \"f\")";
    let text = text.replace("$a (func", "(@name \"m\") (func").replace("$b (func", "(@name \"m\") (func");
    let text = text.replacen("(module (@name", "(module $a (@name", 1).replacen(
        "(module (@name",
        "(module $b (@name",
        1,
    );
    let script = Script::parse(text).unwrap();
    let module = script.directives()[0].kind.module().unwrap();
    let wasm = module.wasm.as_ref().unwrap();
    assert_eq!(Ok(wasm), script.directives()[1].kind.module().unwrap().wasm.as_ref());
    let offset = operators(wasm)[0];
    let mut places = Places::new(&script);
    let mut line = |index| places.instruction(index, &WasmHash::of(wasm), offset).map(|place| place.line);
    let lines: Vec<_> = (0..8).map(&mut line).collect();
    assert_eq!(lines, [Some(1), Some(2), Some(1), Some(2), Some(2), None, None, None]);
}

#[test]
fn functions_have_their_names() {
    let script = Script::parse("(module (func $f (export \"a\")) (func (export \"b\")) (func))").unwrap();
    let wasm = script.directives()[0].kind.module().unwrap().wasm.as_ref().unwrap();
    let places = Places::new(&script);
    let names: Vec<_> = (0..3).map(|index| places.function_name(&WasmHash::of(wasm), index)).collect();
    assert_eq!(names, [Some("f".to_owned()), Some("b".to_owned()), None]);
}
