//! Custom descriptors where wasmparser has an older rule than the proposal.

use trapline_compiler::{CompileError, WasmFeatures, supported_features, validate};

fn verdict(types: &str) -> Result<(), CompileError> {
    let text = format!("(module {types} (func (param (ref $b)) (result (ref $a)) (local.get 0)))");
    validate(&wat::parse_str(text).unwrap(), supported_features() | WasmFeatures::CUSTOM_DESCRIPTORS)
}

/// One has a supertype and the other has none, which is hidden from the validator because it has no descriptor.
#[test]
fn types_that_differ_in_what_is_hidden_are_not_taken_for_one() {
    let types = |above_a: &str, above_b: &str| {
        let group = |name: &str, above: &str| {
            format!(
                "(rec (type ${name} (sub {above} (descriptor ${name}d) (struct (field i32))))
                  (type ${name}d (sub (describes ${name}) (struct))))"
            )
        };
        format!("(type $s (sub (struct (field i32)))) {} {}", group("a", above_a), group("b", above_b))
    };
    let confused = verdict(&types("$s", ""));
    assert!(matches!(confused, Err(CompileError::Unsupported { .. })), "{confused:?}");
    verdict(&types("$s", "$s")).unwrap();
    verdict(&types("", "")).unwrap();
}

/// Types are changed before the validator has seen whether they are valid.
#[test]
fn what_is_wrong_in_changed_types_is_invalid() {
    let group = "(type $d (sub $a (descriptor $dd) (struct (field (ref null $j)))))
                 (type $dd (sub (describes $d) (struct)))";
    for types in [
        // A supertype of its own, and one that comes later: neither ends.
        format!(
            "(rec (type $a (sub (struct (field (ref null $x))))) (type $x (sub (struct))) {group}
                  (type $j (sub $j (struct))))"
        ),
        format!(
            "(rec (type $a (sub (struct (field (ref null $x))))) (type $x (sub (struct))) {group}
                  (type $j (sub $k (struct))) (type $k (sub $j (struct))))"
        ),
        "(rec (type (sub (descriptor 1) (struct (field (ref 99))))) (type (describes 0) (struct)))"
            .to_owned(),
    ] {
        let text = format!("(module {types})");
        let features = supported_features() | WasmFeatures::CUSTOM_DESCRIPTORS;
        let wrong = validate(&wat::parse_str(text).unwrap(), features);
        assert!(matches!(wrong, Err(CompileError::Invalid { .. })), "{types}: {wrong:?}");
    }
}

/// The validator does not know the supertype where it looks at initialisers, and its refusal is no verdict then.
#[test]
fn what_only_the_hidden_supertype_makes_valid_is_not_called_invalid() {
    let verdict = |fields: &str| {
        let text = format!(
            "(module
                (type $s (sub (struct (field i32))))
                (rec (type $b (sub $s (descriptor $bd) (struct (field i32))))
                     (type $bd (sub (describes $b) (struct))))
                {fields})"
        );
        validate(&wat::parse_str(text).unwrap(), supported_features() | WasmFeatures::CUSTOM_DESCRIPTORS)
    };
    verdict("(func (param (ref $b)) (result (ref $s)) (local.get 0))").unwrap();
    verdict("(global (ref null $b) (ref.null $b))").unwrap();
    for fields in ["(global (ref null $s) (ref.null $b))", "(elem (ref null $s) (item (ref.null $b)))"] {
        let unknown = verdict(fields);
        assert!(matches!(unknown, Err(CompileError::Unsupported { .. })), "{fields}: {unknown:?}");
    }
    let declared = "(type $f (sub (func (result (ref $s)))))";
    let unknown = verdict(&format!("{declared} (type (sub $f (func (result (ref $b)))))"));
    assert!(matches!(unknown, Err(CompileError::Unsupported { .. })), "{unknown:?}");
    let wrong = verdict(&format!("{declared} (type (sub $f (func (result (ref any)))))"));
    assert!(matches!(wrong, Err(CompileError::Invalid { .. })), "{wrong:?}");
    // What has nothing to do with it is invalid as before.
    let wrong = verdict("(func (result i32))");
    assert!(matches!(wrong, Err(CompileError::Invalid { .. })), "{wrong:?}");
    let wrong = verdict("(global i32 (i32.const 1)) (func (global.get 7) (drop))");
    assert!(matches!(wrong, Err(CompileError::Invalid { .. })), "{wrong:?}");
}
