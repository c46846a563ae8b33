use super::*;

fn parse(text: &'static str) -> Script {
    Script::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn one(text: &'static str) -> DirectiveKind {
    let script = parse(text);
    assert_eq!(script.directives().len(), 1, "{text}");
    assert_eq!(script.source(&script.directives()[0]), text);
    script.directives()[0].kind.clone()
}

fn syntax_error(text: &'static str) -> (u32, u32, String) {
    match Script::parse(text) {
        Err(ScriptError::Syntax { line, col, message }) => (line, col, message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_keyword_is_kept() {
    let scripts = [
        ("module", "(module)"),
        ("module", "(module $m binary \"\\00asm\\01\\00\\00\\00\")"),
        ("module", "(module quote \"(func)\")"),
        ("module definition", "(module definition $m (func))"),
        ("module definition", "(module definition binary \"\")"),
        ("module instance", "(module instance $i $m)"),
        ("register", "(register \"a\" $m)"),
        ("invoke", "(invoke $m \"f\" (i32.const 1))"),
        ("get", "(get $m \"g\")"),
        ("assert_return", "(assert_return (invoke \"f\") (i32.const 1))"),
        ("assert_return", "(assert_return (get \"g\") (i32.const 1))"),
        ("assert_trap", "(assert_trap (invoke \"f\") \"unreachable\")"),
        ("assert_trap", "(assert_trap (module (func)) \"unreachable\")"),
        ("assert_exhaustion", "(assert_exhaustion (invoke \"f\") \"call stack exhausted\")"),
        ("assert_exception", "(assert_exception (invoke \"f\"))"),
        ("assert_suspension", "(assert_suspension (invoke \"f\") \"unhandled tag\")"),
        ("assert_malformed", "(assert_malformed (module quote \"(\") \"unexpected end\")"),
        ("assert_invalid", "(assert_invalid (module (func (result i32))) \"type mismatch\")"),
        ("assert_malformed_custom", "(assert_malformed_custom (module quote \"(@custom)\") \"x\")"),
        ("assert_invalid_custom", "(assert_invalid_custom (module quote \"(func)\") \"x\")"),
        ("assert_unlinkable", "(assert_unlinkable (module (import \"\" \"\" (func))) \"unknown\")"),
        ("thread", "(thread $t (shared (module $m)) (register \"mem\" $m) (get \"g\"))"),
        ("wait", "(wait $t)"),
    ];
    for (keyword, text) in scripts {
        assert_eq!(one(text).keyword().as_str(), keyword, "{text}");
    }
}

#[test]
fn bare_fields_are_one_module() {
    let script = parse(" ;; fields\n(func (export \"f\"))\n(memory 1) ");
    let [directive] = script.directives() else { panic!("{script:?}") };
    assert!(matches!(&directive.kind, DirectiveKind::Module(module) if module.wasm.is_ok()));
    assert_eq!((directive.line, directive.col), (2, 1));
    assert_eq!(script.source(directive), "(func (export \"f\"))\n(memory 1)");
}

#[test]
fn positions_count_lines_and_bytes() {
    let text = "(module)\r\n(; ü\n;) (invoke \"ü\") (invoke \"b\")\n\n\n  (invoke\n\"c\"\n)";
    let script = parse(text);
    let places: Vec<_> = script.directives().iter().map(|it| (it.line, it.col)).collect();
    assert_eq!(places, [(1, 1), (3, 4), (3, 18), (6, 3)]);
    assert_eq!(script.source(&script.directives()[3]), "(invoke\n\"c\"\n)");
}

#[test]
fn directives_of_threads_have_positions() {
    let DirectiveKind::Thread { name, shared, directives } =
        one("(thread $T\n (invoke \"a\")\n (assert_return (invoke \"b\")))")
    else {
        panic!()
    };
    assert_eq!((&*name, shared), ("T", None));
    let places: Vec<_> = directives.iter().map(|it| (it.line, it.col, it.kind.keyword().as_str())).collect();
    assert_eq!(places, [(2, 2, "invoke"), (3, 2, "assert_return")]);
}

#[test]
fn modules_are_encoded_whatever_their_form() {
    let wasm = |text| match one(text) {
        DirectiveKind::Module(module) => (module.form, module.name, module.wasm),
        other => panic!("{other:?}"),
    };
    let empty = b"\0asm\x01\0\0\0".to_vec();
    let (form, name, bytes) = wasm("(module $a binary \"\\00asm\" \"\\01\\00\\00\\00\")");
    assert_eq!((form, name.as_deref(), bytes), (ModuleForm::Binary, Some("a"), Ok(empty.clone())));
    assert_eq!(wasm("(module quote \"(memory\" \"1)\")").0, ModuleForm::Quote);
    assert!(wasm("(module quote \"(memory\" \"1)\")").2.is_ok());
    assert_eq!(wasm("(module)"), (ModuleForm::Text, None, Ok(empty)));
}

#[test]
fn refused_text_stays_with_its_directive() {
    let script = parse(
        "(module)\n(assert_malformed (module quote\n  \"(func)\"\n  \"(fun)\") \"x\")\n(module (func (call $x)))",
    );
    let refusal = |index: usize| match &script.directives()[index].kind {
        DirectiveKind::Module(module) | DirectiveKind::AssertMalformed { module, .. } => {
            module.wasm.clone().unwrap_err()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!((refusal(1).line, refusal(1).col), (4, 5), "{}", refusal(1));
    assert_eq!((refusal(2).line, refusal(2).col), (5, 21), "{}", refusal(2));
    assert!(refusal(2).message.contains("unknown func"), "{}", refusal(2));
}

#[test]
fn quoted_text_may_be_anything() {
    for (quoted, message) in [
        ("\"\\80\"", "malformed UTF-8"),
        ("", "expected at least one module field"),
        ("\"(module\"", "expected"),
        ("\"\\00\"", "unexpected character"),
    ] {
        let text = format!("(assert_malformed (module quote {quoted}) \"x\")");
        let script = Script::parse(text).unwrap();
        let DirectiveKind::AssertMalformed { module, .. } = &script.directives()[0].kind else { panic!() };
        let refusal = module.wasm.clone().unwrap_err();
        assert!(refusal.message.contains(message), "{quoted}: {refusal}");
    }
}

#[test]
fn values_are_bits() {
    let DirectiveKind::Invoke(invoke) =
        one("(invoke \"f\" (i32.const -1) (i64.const 0x8000_0000_0000_0000) (f32.const -nan:0x200000) \
         (f64.const -0) (v128.const i16x8 1 2 3 4 5 6 7 0xffff) (ref.null func) (ref.null extern) \
         (ref.extern 7) (ref.host 8))")
    else {
        panic!()
    };
    let expected = [
        Argument::I32(-1),
        Argument::I64(i64::MIN),
        Argument::F32(0xffa0_0000),
        Argument::F64(1 << 63),
        Argument::V128(0xffff_0007_0006_0005_0004_0003_0002_0001),
        Argument::RefNull(HeapKind::Func),
        Argument::RefNull(HeapKind::Extern),
        Argument::RefExtern(7),
        Argument::RefHost(8),
    ];
    assert_eq!(invoke.args, expected);
}

#[test]
fn patterns_are_kept_apart() {
    let DirectiveKind::AssertReturn { results, .. } =
        one("(assert_return (invoke \"f\") (f32.const nan:canonical) (f64.const nan:arithmetic) \
         (v128.const f32x4 1 nan:canonical -0 nan:arithmetic) (ref.null) (ref.null any) (ref.extern) \
         (ref.extern 3) (ref.func) (ref.func $f) (ref.func 4) (ref.any) (ref.eq) (ref.array) (ref.struct) \
         (ref.i31) (ref.host 1) (ref.null (shared i31)) (either (i32.const 1) (i32.const 2)))")
    else {
        panic!()
    };
    let expected = [
        Pattern::F32(Float::CanonicalNan),
        Pattern::F64(Float::ArithmeticNan),
        Pattern::V128(Lanes::F32x4([
            Float::Bits(0x3f80_0000),
            Float::CanonicalNan,
            Float::Bits(0x8000_0000),
            Float::ArithmeticNan,
        ])),
        Pattern::RefNull(None),
        Pattern::RefNull(Some(HeapKind::Any)),
        Pattern::RefExtern(None),
        Pattern::RefExtern(Some(3)),
        Pattern::RefFunc(None),
        Pattern::RefFunc(Some("$f".into())),
        Pattern::RefFunc(Some("4".into())),
        Pattern::RefAny,
        Pattern::RefEq,
        Pattern::RefArray,
        Pattern::RefStruct,
        Pattern::RefI31,
        Pattern::RefHost(1),
        Pattern::RefNull(Some(HeapKind::Shared(Box::new(HeapKind::I31)))),
        Pattern::Either(vec![Pattern::I32(1), Pattern::I32(2)]),
    ];
    assert_eq!(results, expected);
}

#[test]
fn what_holds_no_directive_is_no_script() {
    assert_eq!(syntax_error("prose, and nothing else"), (1, 1, "expected `(`".to_owned()));
    assert_eq!(syntax_error(";; a\n)").0, 2);
    assert_eq!(syntax_error("\u{feff}(func)").0, 1);
    for empty in ["", "  \r\n"] {
        assert!(matches!(Script::parse(empty), Err(ScriptError::Empty)), "{empty:?}");
    }
}

#[test]
fn modules_may_be_quoted_and_named_and_definitions_everywhere() {
    let module = |text| one(text).module().cloned().expect("a module");
    for text in [
        "(module $m quote \"(func)\")",
        "(module definition $m quote \"(func)\")",
        "(assert_unlinkable (module $m quote \"(func)\") \"x\")",
        "(assert_malformed (module $m quote \"(func)\") \"x\")",
        "(assert_invalid (module definition $m quote \"(func)\") \"x\")",
        "(assert_trap (module $m quote \"(func)\") \"x\")",
        "(assert_exception (module $m quote \"(func)\"))",
        "(assert_invalid_custom (module $m quote \"(func)\") \"x\")",
    ] {
        let source = module(text);
        assert_eq!((source.name.as_deref(), source.form), (Some("m"), ModuleForm::Quote), "{text}");
        assert!(source.wasm.is_ok(), "{text}");
    }
    let source = module("(assert_invalid (module definition $m (func)) \"x\")");
    assert_eq!((source.name.as_deref(), source.form), (Some("m"), ModuleForm::Text));
    let source = module("(assert_malformed (module definition binary \"\") \"x\")");
    assert_eq!((source.name, source.form, source.wasm), (None, ModuleForm::Binary, Ok(Vec::new())));
}

#[test]
fn scripts_must_be_utf8() {
    let error = Script::from_bytes(b"(func)\n;; \xff\n".to_vec()).unwrap_err();
    assert_eq!(error.position(), (2, 4));
    assert!(error.to_string().contains("UTF-8"), "{error}");
    let error = Script::from_bytes(b"\xff\xfe(\0m\0".to_vec()).unwrap_err();
    assert_eq!(error.position(), (1, 1));
}

#[test]
fn missing_files_are_unreadable() {
    let error = Script::read(Path::new("/nonexistent/script.wast")).unwrap_err();
    assert!(matches!(error, ScriptError::Unreadable(_)));
    assert_eq!(ScriptFault::from(&error).line, 0);
}

#[test]
fn deep_nesting_is_refused() {
    for nested in [
        "(thread $t ".repeat(100_000),
        "(thread $t\n".repeat(100_000),
        format!("(module (func {}", "(block ".repeat(100_000)),
        format!("(assert_return (invoke \"f\") {}", "(either ".repeat(100_000)),
    ] {
        let script = Script::parse(nested).expect("a script");
        assert!(script.directives().iter().all(|it| matches!(it.kind, DirectiveKind::Unparsed(_))));
    }
}

#[test]
fn confusing_characters_are_allowed() {
    let script = parse(
        "(module (func (export \"\u{202e}\")))\n(invoke \"\u{202e}\")\n(module quote \"(func (export \\\"\u{202e}\\\"))\")",
    );
    assert!(matches!(&script.directives()[1].kind, DirectiveKind::Invoke(it) if &*it.name == "\u{202e}"));
    assert!(matches!(&script.directives()[2].kind, DirectiveKind::Module(it) if it.wasm.is_ok()));
}
