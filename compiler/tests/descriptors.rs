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
