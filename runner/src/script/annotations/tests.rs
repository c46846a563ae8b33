use super::*;
use crate::script::{ModuleForm, Script};

fn misuse(text: &str) -> Option<(String, usize)> {
    take_out(text).expect("annotations").misuse.map(|misuse| (misuse.message, misuse.offset))
}

#[test]
fn annotations_give_way_to_spaces() {
    let text = "(module (@name \"M(\") $m (@other (@custom)) (@custom \"a\" (;)@;) \"b\") (@producers x) ;; (@name)\n)";
    let plain = take_out(text).expect("annotations").text;
    assert_eq!(plain.len(), text.len());
    assert_eq!(
        plain.split_whitespace().collect::<Vec<_>>().join(" "),
        "(module $m (@other (@custom)) ;; (@name) )"
    );
}

#[test]
fn text_without_annotations_is_left_alone() {
    for text in ["", "(module)", "(module (@other (@name)))", ";; (@name)", "(module \"(@name)\")"] {
        assert!(take_out(text).is_none(), "{text}");
    }
    for text in ["(module (@name \"a\")", ")(@name \"a\")(", "(@name \"", "(@name \"a\") (;"] {
        assert!(take_out(text).is_none(), "{text}");
    }
}

#[test]
fn names_of_annotations_may_be_strings() {
    assert_eq!(misuse("(module (@\"name\" \"a\"))"), None);
    assert_eq!(misuse("(@\"cus\\74om\")"), Some(("@custom annotation: missing section name".into(), 12)));
    // With a space it is no annotation.
    assert!(take_out("( @name \"a\")").is_none());
}

#[test]
fn the_first_misuse_counts_and_is_placed() {
    let text = "(module (@custom \"a\") (func (@custom \"b\") (@name)))";
    assert_eq!(misuse(text), Some(("misplaced @custom annotation".into(), 28)));
    assert_eq!(misuse("(@custom \"a\" 3)"), Some(("@custom annotation: unexpected token".into(), 13)));
    assert_eq!(misuse("(module (@name))"), Some(("@name annotation: missing name".into(), 14)));
}

#[test]
fn names_stand_behind_what_they_name() {
    for text in [
        "(module $m (@name \"a\"))",
        "(func (@name \"a\"))",
        "(func $f (@name \"a\") (param $x (@name \"b\") i32))",
        "(func (block (@name \"a\") (nop)))",
        "(func loop $l (@name \"a\") end nop if (@name \"b\") end)",
        "(func (@other) (@name \"a\"))",
    ] {
        assert_eq!(misuse(text), None, "{text}");
    }
    for text in [
        "(@name \"a\")",
        "(func (nop (@name \"a\")))",
        "(func $f $g (@name \"a\"))",
        "(start (@name \"a\") 0)",
    ] {
        assert_eq!(misuse(text).expect(text).0, "misplaced @name annotation", "{text}");
    }
}

#[test]
fn hints_stand_in_functions_in_front_of_instructions() {
    let hint = "(@metadata.code.branch_hint \"\\00\")";
    for (text, rule) in [
        (format!("(func {hint} nop)"), None),
        (format!("(module (func (block {hint} (nop))))"), None),
        (format!("(func {hint} (@other x) nop)"), None),
        (format!("(func {hint} {hint} nop)"), Some("duplicate annotation")),
        (format!("(func {hint} nop {hint} nop)"), None),
        (format!("{hint} (func)"), Some("not in a function")),
        (format!("(module (type (func {hint})))"), Some("not in a function")),
        (format!("(module (import \"a\" \"b\" (func {hint})))"), Some("not in a function")),
    ] {
        let wanted = rule.map(|rule| format!("@metadata.code.branch_hint annotation: {rule}"));
        assert_eq!(misuse(&text).map(|misuse| misuse.0), wanted, "{text}");
    }
    for text in [
        format!("(func nop {hint})"),
        format!("(func {hint} (param i32))"),
        format!("(func (if {hint} (then)))"),
    ] {
        assert_eq!(
            misuse(&text).expect(&text).0,
            "misplaced @metadata.code.branch_hint annotation",
            "{text}"
        );
    }
}

/// The names and hints that the text parser makes sections of are those that the checker of sections takes.
#[test]
fn sections_of_valid_modules_are_valid() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let selected = crate::discover::discover(&crate::discover::Request::default(), &root).expect("scripts");
    let features = trapline_compiler::WasmFeatures::all();
    let mut checked = 0;
    for input in &selected.inputs {
        let Ok(script) = Script::from_bytes(input.read().expect("a script").into_owned()) else { continue };
        let modules = script.directives().iter().filter_map(|directive| directive.kind.module());
        for wasm in modules.filter(|module| module.form == ModuleForm::Text).flat_map(|module| &module.wasm) {
            if trapline_compiler::validate(wasm, features).is_ok() {
                let result = trapline_compiler::check_custom(wasm, features);
                let asserted = matches!(result, Err(trapline_compiler::CustomError::Invalid { .. }))
                    && script.text().contains("assert_invalid_custom");
                assert!(result.is_ok() || asserted, "{}: {result:?}", input.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 1000, "{checked}");
}
