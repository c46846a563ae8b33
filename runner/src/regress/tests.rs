use super::expectation::quote;
use super::header::{Bugline, completed};
use super::pattern::pattern;
use super::{Name, NameError, RegressError};
use crate::discover::Header;
use crate::script::{DirectiveKind, ModuleForm, Script};
use crate::trail::Value;

#[test]
fn a_name_has_a_family_and_a_slug() {
    let name: Name = "memory-init/length-wraps.wast".parse().expect("a name");
    assert_eq!((name.slug(), name.to_string().as_str()), ("length-wraps", "memory-init/length-wraps"));
    assert_eq!(name.path().to_string_lossy(), "memory-init/length-wraps.wast");
    for bad in ["slug", "a/b/c", "/slug", "a/", "", "a//b"] {
        assert!(bad.parse::<Name>().is_err(), "{bad}");
    }
    for bad in ["../slug", "a/..", "A/b", "a/b_c", "a/-b", "a/b--c", "a/b c", "a/.b", "a/é"] {
        assert!(matches!(bad.parse::<Name>(), Err(NameError::Word(_))), "{bad}");
    }
}

/// What an instruction computes may have other bits elsewhere, and what it moves may not.
#[test]
fn nans_are_expected_as_far_as_they_are_decided() {
    let written = |value: Value, canonical: Value| pattern(&value, Some(&canonical));
    let float = |bits: u32, canonical: u32| written(Value::F32(bits), Value::F32(canonical));
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(float(0x3f80_0000, 0x3f80_0000), some("(f32.const 1.0)"));
    assert_eq!(float(0xffc0_0000, 0x7fc0_0000), some("(f32.const nan:canonical)"));
    assert_eq!(float(0x7fc0_0000, 0x7fc0_0000), some("(f32.const nan:canonical)"));
    assert_eq!(float(0xffc0_0000, 0xffc0_0000), some("(f32.const -nan:0x400000)"));
    assert_eq!(float(0x7fe0_0000, 0x7fc0_0000), some("(f32.const nan:arithmetic)"));
    assert_eq!(float(0x7fe0_0000, 0x7fe0_0000), some("(f32.const nan:0x600000)"));
    assert_eq!(float(0x7f80_0001, 0x7f80_0001), some("(f32.const nan:0x1)"));
    assert_eq!(float(0x3f80_0000, 0x7fc0_0000), None);
    assert_eq!(float(0x3f80_0000, 0x3f80_0001), None);
    // An engine without the choice tells less.
    assert_eq!(pattern(&Value::F64(0x7ff8_0000_0000_0001), None), some("(f64.const nan:arithmetic)"));
    assert_eq!(pattern(&Value::F64(0xfff8_0000_0000_0000), None), some("(f64.const nan:canonical)"));
    assert_eq!(
        written(Value::F64(0xfff8_0000_0000_0000), Value::F64(0x7ff8_0000_0000_0000)),
        some("(f64.const nan:canonical)")
    );
    // The bits of a computed NaN as an integer.
    assert_eq!(written(Value::I32(-0x40_0000), Value::I32(0x7fc0_0000)), None);
    let lanes = |low: u64, high: u64| Value::V128(u128::from(high) << 64 | u128::from(low));
    assert_eq!(
        written(lanes(0xffc0_0000_3f80_0000, 0), lanes(0x7fc0_0000_3f80_0000, 0)),
        some("(v128.const f32x4 1.0 nan:canonical 0.0 0.0)")
    );
    assert_eq!(
        written(lanes(0xfff8_0000_0000_0000, 0), lanes(0x7ff8_0000_0000_0000, 0)),
        some("(v128.const f64x2 nan:canonical 0.0)")
    );
    assert_eq!(written(lanes(1, 0), lanes(2, 0)), None);
    assert_eq!(written(Value::I31(-1), Value::I31(-1)), some("(ref.i31)"));
    assert_eq!(pattern(&Value::Exn, None), None);
}

/// A quoted module has the text that it was made of.
#[test]
fn a_quoted_module_keeps_its_text() {
    let text = ";; a \"comment\"\n(module\n  (export \"a\\n\\\"\" (func 0)) ;; \\ \"\n  (func))\n";
    let script = Script::parse(quote(text)).expect("a script");
    let [directive] = script.directives() else { panic!("{script:?}") };
    let DirectiveKind::Module(module) = &directive.kind else { panic!("{directive:?}") };
    assert_eq!(module.form, ModuleForm::Quote);
    assert_eq!(module.wasm.as_deref().ok(), wat::parse_str(text).ok().as_deref());
}

const LINE: Bugline<'_> = Bugline { id: "slug", layer: None, source: Some("an issue"), expect: None };

#[test]
fn a_header_is_completed() {
    for (text, begin, rest) in [
        ("(module)\n", ";;! [bug]\n;;! id = \"slug\"\n", "\n\n;; Red when: now\n\n(module)\n"),
        (";; why\n(module)", ";;! [bug]\n", "\n\n;; why\n;;\n;; Red when: now\n\n(module)\n"),
        (
            ";;! simd = true\n\n;; why\n\n(module)",
            ";;! simd = true\n;;! [bug]\n",
            "\n\n;; why\n;;\n;; Red when: now\n\n(module)\n",
        ),
        (
            ";;! [bug]\n;;! id = \"slug\"\n;;! expect = \"this\"\n\n;; Red when: it is.\n(module)",
            ";;! [bug]\n;;! id = \"slug\"\n;;! expect = \"this\"\n;;! layer = \"unknown\"\n",
            "\n\n;; Red when: it is.\n(module)\n",
        ),
    ] {
        let made = completed(text, &LINE, "a.wast", "now").expect("a header").text;
        assert!(made.starts_with(begin) && made.ends_with(rest), "{text}: {made}");
        let bug = Header::parse(&made).expect("a header").bug.expect("a bug");
        assert_eq!((bug.id.as_str(), bug.source.as_deref()), ("slug", Some("an issue")), "{made}");
        assert!(bug.layer.is_some() && bug.expect.is_some(), "{made}");
        // What is complete stays as it is.
        let again = completed(&made, &LINE, "a.wast", "then").expect("a header");
        assert_eq!((again.text, again.unknown), (made, Vec::new()));
    }
    let other = ";;! [bug]\n;;! id = \"other\"\n(module)";
    assert!(matches!(completed(other, &LINE, "a", "now"), Err(RegressError::HeaderHas { key: "id", .. })));
    assert!(matches!(completed(";;! simd = 1\n", &LINE, "a", "now"), Err(RegressError::Header(_))));
}
