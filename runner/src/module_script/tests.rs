use super::*;
use crate::script::{Directive, Keyword};
use crate::trail::Value;
use std::path::Path;

fn options(calls: u32, absent: Absent) -> ModuleOptions {
    ModuleOptions { calls, absent, ..ModuleOptions::default() }
}

fn unread(_: &ModuleInfo, _: Callee<'_>, words: &[String]) -> Result<Vec<String>, String> {
    match words {
        [] => Ok(vec!["(i32.const 7)".to_owned()]),
        _ => Err("too many".to_owned()),
    }
}

fn made(bytes: &[u8], options: &ModuleOptions) -> ModuleScript {
    ModuleScript::new(bytes, ModuleForm::of(None, bytes), options, &unread).expect("a script")
}

fn keywords(text: &str) -> Vec<Keyword> {
    let script = Script::parse(text.to_owned()).expect("a script");
    script.directives().iter().map(|directive: &Directive| directive.kind.keyword()).collect()
}

#[test]
fn a_binary_stays_what_it_is() {
    let all: Vec<u8> = (0..=255).collect();
    let custom = [&b"\0asm\x01\0\0\0\0\x82\x02\x01x"[..], &all].concat();
    let ModuleScript { text, notes, .. } = made(&custom, &ModuleOptions::default());
    let script = Script::parse(text).expect("a script");
    let module = script.directives()[0].kind.module().expect("a module");
    assert_eq!((module.wasm.as_deref().ok(), notes), (Some(&custom[..]), Vec::new()));
}

#[test]
fn the_text_of_a_module_keeps_its_lines() {
    let text = ";; a comment\n(module\n  (import \"env\" \"f\" (func (param i32) (result f64)))\n  (func (export \"g\")))";
    let script = made(text.as_bytes(), &options(1, Absent::Zero)).text;
    assert_eq!(keywords(&script), [Keyword::Module, Keyword::Register, Keyword::Module, Keyword::Invoke]);
    let script = Script::parse(script).expect("a script");
    let places: Vec<_> =
        script.directives().iter().map(|directive| (directive.line, directive.col)).collect();
    assert_eq!((places[0].0, places[1].0, &places[2..]), (0, 0, &[(2, 1), (5, 1)][..]));
}

#[test]
fn everything_that_can_be_imported_has_a_stand_in() {
    let imports = r#"
        (import "a" "f" (func (param i32 externref) (result i64 f32 v128 funcref)))
        (import "a" "g" (global (mut i64)))
        (import "a" "h" (global externref))
        (import "a\n\"" "m" (memory i64 1 3))
        (import "b" "t" (table 2 5 funcref))
        (import "b" "e" (tag (param f32)))
        (import "spectest" "print" (func))
        (import "spectest" "other" (func))"#;
    let module = format!("(module {imports})");
    for absent in [Absent::Zero, Absent::Trap] {
        let ModuleScript { text, notes, .. } = made(module.as_bytes(), &options(1, absent));
        // Of `spectest`, there is what there is.
        assert_eq!((keywords(&text).len(), notes.len()), (7, 2), "{text}");
        assert!(notes[0].contains("\"other\" of \"spectest\""), "{notes:?}");
        assert!(notes[1].contains("6 imports: `a` `f`, `a` `g`, `a` `h`, "), "{notes:?}");
        assert_eq!(text.contains("unreachable"), absent == Absent::Trap);
        assert!(text.contains("(register \"a\\u{a}\\\"\")"), "{text}");
        assert!(!text.contains("\"print\")"), "what there is needs no stand-in");
    }
    assert_eq!(keywords(&made(module.as_bytes(), &options(1, Absent::Refused)).text), [Keyword::Module]);
    let concrete = r#"(module (type $t (struct)) (import "a" "f" (func (param (ref $t)))))"#;
    let ModuleScript { notes, .. } = made(concrete.as_bytes(), &options(1, Absent::Zero));
    assert!(notes[0].contains("nothing stands in for the import \"f\" of \"a\""), "{notes:?}");
}

#[test]
fn calls_are_at_boundaries_and_the_same_every_time() {
    let module = r#"(module
        (func (export "f") (param i32 i64 f32 f64 v128 funcref externref))
        (func (export "_start"))
        (func (export "g") (param i31ref))
        (func (export "h") (param (ref i31))))"#;
    let ModuleScript { text, notes, .. } = made(module.as_bytes(), &options(12, Absent::Refused));
    assert!(
        text.contains("(invoke \"_start\")\n(invoke \"f\" (i32.const 0) (i64.const 0) (f32.const 0.0)"),
        "{text}"
    );
    assert!(
        text.contains("(i32.const -2147483648) (i64.const -9223372036854775808) (f32.const -inf)"),
        "{text}"
    );
    assert_eq!(keywords(&text).len(), 1 + 1 + 12 + 12);
    assert_eq!(notes.len(), 1);
    assert!(notes[0].contains("\"h\" is not called"), "{notes:?}");
    assert_eq!(made(module.as_bytes(), &options(12, Absent::Refused)).text, text);
    let other = ModuleOptions { seed: 1, ..options(12, Absent::Refused) };
    assert_ne!(made(module.as_bytes(), &other).text, text);
}

#[test]
fn one_export_is_called_with_given_arguments() {
    let module = br#"(module (func (export "fill") (param i32)))"#;
    let invoke = |words: &[&str]| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let options = ModuleOptions { invoke: Some(words), ..ModuleOptions::default() };
        ModuleScript::new(module, ModuleForm::Text, &options, &unread)
    };
    assert!(invoke(&["fill"]).expect("a script").text.ends_with("\n(invoke \"fill\" (i32.const 7))\n"));
    let like = "call an export: no function is exported as `fil`; did you mean `fill`?";
    assert_eq!(invoke(&["fil"]).expect_err("no such export").to_string(), like);
    let many = "call an export: `fill` has type [i32] -> []: too many";
    assert_eq!(invoke(&["fill", "1"]).expect_err("too many").to_string(), many);
}

/// Compiling and instantiating can be two directives, in binary and text.
#[test]
fn a_module_is_compiled_and_instantiated_apart() {
    let text = ";; (module\n( module $m (func (export \"f\")))";
    let wasm = wat::parse_str(text).expect("a module");
    for bytes in [text.as_bytes(), &wasm] {
        let ModuleScript { text, wasm: found, .. } =
            made(bytes, &ModuleOptions { apart: true, ..ModuleOptions::default() });
        assert_eq!(
            keywords(&text),
            [Keyword::ModuleDefinition, Keyword::ModuleInstance, Keyword::Invoke],
            "{text}"
        );
        assert_eq!(found.as_ref(), Some(&wasm));
    }
}

/// What cannot be read, or is not valid, is a script that says so when it runs.
#[test]
fn what_is_no_module_is_a_script_all_the_same() {
    for bytes in [&b"\0asm\x01\0\0\0\x01\x05\x01"[..], b"\0asm", b"(module (func (result i32)))", b"(modul"] {
        let ModuleScript { text, notes, .. } = made(bytes, &options(3, Absent::Zero));
        assert_eq!((keywords(&text).len(), notes.len()), (1, 0), "{text}");
    }
}

/// A file that is called a module is none in text because it is empty or cut short.
#[test]
fn what_a_file_is_called_counts_where_it_does_not_begin_like_text() {
    let form = |name: &str, bytes: &[u8]| ModuleForm::of(Some(Path::new(name)), bytes);
    for bytes in [&b""[..], b"\0", b"\0as", b"\x7fELF", b"junk"] {
        assert_eq!(
            (form("a.wasm", bytes), form("a.wat", bytes)),
            (ModuleForm::Binary, ModuleForm::Text),
            "{bytes:?}"
        );
    }
    for bytes in [&b" (module)"[..], b";; a comment"] {
        assert_eq!(
            (form("a.wasm", bytes), form("a.wat", bytes)),
            (ModuleForm::Text, ModuleForm::Text),
            "{bytes:?}"
        );
    }
    assert_eq!(
        (form("a.wat", b"\0asm"), ModuleForm::of(None, b"\0asm")),
        (ModuleForm::Binary, ModuleForm::Binary)
    );
}

#[test]
fn constants_are_read_as_the_same_values() {
    for value in [
        Value::F32(0x7fc0_0000),
        Value::F32(0xff80_0001),
        Value::F32(0x8000_0000),
        Value::F32(1),
        Value::F32(0x7f7f_ffff),
        Value::F64(0x3fb9_9999_9999_999a),
        Value::F64(0xfff0_0000_0000_0000),
        Value::F64(0x7ff4_0000_0000_0001),
        Value::V128(0x0123_4567_89ab_cdef_0011_2233_4455_6677),
        Value::I64(i64::MIN),
    ] {
        let text = format!("(invoke \"f\" {})", constant(&value).expect("a constant"));
        let script = Script::parse(text).expect("a script");
        let DirectiveKind::Invoke(invoke) = &script.directives()[0].kind else { panic!("no invoke") };
        assert_eq!(crate::matchers::arguments(&invoke.args), crate::matchers::values(&[value], &[]));
    }
}
