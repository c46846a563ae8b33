use super::*;
use crate::supported_features;

fn checked(wasm: &[u8]) -> Result<(), CustomError> {
    check_custom(wasm, supported_features())
}

/// Everything that the text format has names and hints for.
const NAMED: &str = r#"(module $m
  (type $t (func (param i32) (result i32)))
  (import "a" "f" (func $imported (param $first i32)))
  (import "a" (item "g" (global $g1 i32)) (item "h" (global $g2 i32)))
  (table $table 1 funcref) (memory $memory 1) (tag $tag) (global $global i32 (i32.const 0))
  (elem $elem func) (data $data "x")
  (func $f (type $t) (local $l i32)
    (block $b (loop $l (@metadata.code.branch_hint "\00") (br_if $b (local.get 0))))
    (@metadata.code.branch_hint "\01") (if $c (local.get 0) (then (return (i32.const 1))))
    (i32.const 0))
  (func $g (param $p i64) (local i32) (local $q f32)))"#;

#[test]
fn names_and_hints_that_text_gives_are_valid() {
    let wasm = wat::parse_str(NAMED).unwrap();
    checked(&wasm).unwrap();
    let mut sections = Parser::new(0).parse_all(&wasm).flatten();
    assert!(
        sections
            .any(|payload| matches!(payload, Payload::CustomSection(section) if section.name() == "name"))
    );
}

/// A damaged byte in the hints or the names is found, or changes nothing that there is a rule for: nothing panics.
#[test]
fn damage_is_survived() {
    let wasm = wat::parse_str(NAMED).unwrap();
    let customs = Parser::new(0).parse_all(&wasm).flatten().filter_map(|payload| match payload {
        Payload::CustomSection(section) => Some(section.data_offset() as usize..section.range().end as usize),
        _ => None,
    });
    let mut refused = 0;
    for at in customs.flatten() {
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            let mut damaged = wasm.clone();
            damaged[at] = byte;
            refused += usize::from(checked(&damaged).is_err());
            crate::validate(&damaged, supported_features()).unwrap();
        }
    }
    assert!(refused > 100, "{refused}");
}

/// What the module itself is comes first: what does not decode, sections that do not, and only then what is not valid.
#[test]
fn the_first_step_that_refuses_is_named() {
    let hints = |value: u8, code: &[u8]| {
        let mut wasm = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0".to_vec();
        wasm.extend([0, 32, 25]);
        wasm.extend(hints::SECTION.bytes());
        wasm.extend([1, 0, 1, 1, 1, value]);
        wasm.extend(code);
        wasm
    };
    let (valid, invalid, cut) =
        (b"\x0a\x04\x01\x02\0\x0b", b"\x0a\x05\x01\x03\0\x45\x0b", b"\x0a\x04\x01\x02\0");
    assert!(matches!(checked(&hints(2, cut)), Err(CustomError::Module(CompileError::Malformed { .. }))));
    assert!(matches!(checked(&hints(2, invalid)), Err(CustomError::Malformed { .. })));
    assert!(matches!(checked(&hints(0, invalid)), Err(CustomError::Module(CompileError::Invalid { .. }))));
    assert!(matches!(checked(&hints(0, valid)), Err(CustomError::Invalid { .. })));
}

/// As many names in one function as labels: the function is looked at once.
#[test]
fn many_labels_are_counted_once() {
    const LABELS: usize = 50_000;
    let blocks: String = (0..LABELS).map(|label| format!("(block $l{label})")).collect();
    checked(&wat::parse_str(format!("(module (func {blocks}))")).unwrap()).unwrap();
}
