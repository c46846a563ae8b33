//! Proposals by name, how far each is built, and which ones a module needs.

use crate::validate;
use wasmparser::WasmFeatures;

/// The features whose instructions and types can be compiled. Others can still be validated.
pub fn supported_features() -> WasmFeatures {
    WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::FLOATS
        | WasmFeatures::SIMD
        | WasmFeatures::RELAXED_SIMD
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::MEMORY64
        | WasmFeatures::CUSTOM_PAGE_SIZES
        | WasmFeatures::THREADS
        | WasmFeatures::WIDE_ARITHMETIC
        | WasmFeatures::GC_TYPES
        | WasmFeatures::FUNCTION_REFERENCES
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::EXCEPTIONS
        | WasmFeatures::LEGACY_EXCEPTIONS
        | WasmFeatures::GC
        | WasmFeatures::CUSTOM_DESCRIPTORS
        | WasmFeatures::COMPACT_IMPORTS
}

/// How far a feature is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Support {
    /// Modules that use it are validated and compiled.
    Built,
    /// Modules that use it are validated, and cannot be compiled.
    ValidatedOnly,
    /// It is a feature of components, which are not read.
    Component,
}

/// How far the features of a set are built: as far as the least of them.
pub fn support_of(features: WasmFeatures) -> Support {
    if supported_features().contains(features) {
        Support::Built
    } else if module_features().contains(features) {
        Support::ValidatedOnly
    } else {
        Support::Component
    }
}

/// All features of modules: what `all` is a name of.
pub fn module_features() -> WasmFeatures {
    let is_of_modules = |name: &str| !name.starts_with("CM") && !name.starts_with("COMPONENT");
    let named = WasmFeatures::all().iter_names();
    named.filter(|(name, _)| is_of_modules(name)).fold(WasmFeatures::empty(), |all, (_, one)| all | one)
}

/// Other names of features: those of wasmtime's and WABT's options, of Binaryen's, and of the proposals' repositories.
const ALIASES: [(&str, WasmFeatures); 14] = [
    ("mutable-globals", WasmFeatures::MUTABLE_GLOBAL),
    ("import-export-mut-globals", WasmFeatures::MUTABLE_GLOBAL),
    ("nontrapping-float-to-int", WasmFeatures::SATURATING_FLOAT_TO_INT),
    ("nontrapping-fptoint", WasmFeatures::SATURATING_FLOAT_TO_INT),
    ("sign-ext", WasmFeatures::SIGN_EXTENSION),
    ("sign-extension-ops", WasmFeatures::SIGN_EXTENSION),
    ("simd128", WasmFeatures::SIMD),
    ("bulk-memory-operations", WasmFeatures::BULK_MEMORY),
    ("exception-handling", WasmFeatures::EXCEPTIONS),
    ("typed-function-references", WasmFeatures::FUNCTION_REFERENCES),
    ("multi-memories", WasmFeatures::MULTI_MEMORY),
    ("multimemory", WasmFeatures::MULTI_MEMORY),
    ("multivalue", WasmFeatures::MULTI_VALUE),
    ("compact-import-section", WasmFeatures::COMPACT_IMPORTS),
];

/// The feature set of a name: a wasmparser feature in kebab case (`bulk-memory`), an edition of the specification
/// (`wasm1`, `wasm2`, `wasm3`), `all` for [`module_features`], or a name that another tool has for one of these.
pub fn features_by_name(name: &str) -> Option<WasmFeatures> {
    match name {
        "wasm1" => Some(WasmFeatures::WASM1),
        "wasm2" => Some(WasmFeatures::WASM2),
        "wasm3" => Some(WasmFeatures::WASM3),
        "all" | "all-proposals" => Some(module_features()),
        _ => {
            let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|&(_, features)| features);
            alias.or_else(|| WasmFeatures::from_name(&name.replace('-', "_").to_ascii_uppercase()))
        }
    }
}

/// The names of the single features of a set, in kebab case.
pub fn feature_names(features: WasmFeatures) -> Vec<String> {
    features.iter_names().map(|(name, _)| kebab(name)).collect()
}

fn kebab(name: &str) -> String {
    name.replace('_', "-").to_ascii_lowercase()
}

/// The features that have to be added to a set so that a module is valid, if that makes it valid: as few as are enough, each
/// of which is necessary. Each of the features of modules costs a validation.
pub fn missing_features(wasm: &[u8], features: WasmFeatures) -> Option<WasmFeatures> {
    let is_valid = |added: WasmFeatures| validate(wasm, features | added).is_ok();
    let mut added = module_features().difference(features);
    if !is_valid(added) {
        return None;
    }
    // Of two that would do, the one that is built stays.
    let (built, others): (Vec<_>, Vec<_>) = added
        .iter_names()
        .map(|(_, feature)| feature)
        .partition(|&feature| supported_features().contains(feature));
    for feature in others.into_iter().chain(built) {
        if is_valid(added.difference(feature)) {
            added.remove(feature);
        }
    }
    Some(added)
}

/// Features that belong to every edition: floating-point numbers, and references to collected objects wherever some
/// feature brings such types.
pub const ALWAYS: WasmFeatures = WasmFeatures::FLOATS.union(WasmFeatures::GC_TYPES);

/// The features beyond [`ALWAYS`] that a module needs to be valid, or none if it is not valid with all.
pub fn needed_features(wasm: &[u8]) -> Option<WasmFeatures> {
    missing_features(wasm, ALWAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_a_round_trip() {
        for name in feature_names(WasmFeatures::all()) {
            let features = features_by_name(&name).unwrap();
            assert!(feature_names(features).contains(&name), "{name}");
        }
        assert_eq!(features_by_name("no-such-proposal"), None);
        assert_eq!(features_by_name("simd"), Some(WasmFeatures::SIMD));
    }

    #[test]
    fn other_tools_names_are_no_features_of_their_own() {
        for (alias, features) in ALIASES {
            assert_eq!(
                WasmFeatures::from_name(&alias.replace('-', "_").to_ascii_uppercase()),
                None,
                "{alias}"
            );
            assert!(features.iter_names().count() <= 1, "{alias}");
        }
        assert_eq!(features_by_name("all-proposals"), features_by_name("all"));
        assert_eq!(features_by_name("exception-handling"), Some(WasmFeatures::EXCEPTIONS));
    }

    #[test]
    fn every_feature_is_built_or_validated_or_of_components() {
        assert_eq!(support_of(WasmFeatures::GC), Support::Built);
        assert_eq!(support_of(WasmFeatures::STACK_SWITCHING), Support::ValidatedOnly);
        assert_eq!(support_of(WasmFeatures::CM_ASYNC), Support::Component);
        assert_eq!(support_of(WasmFeatures::COMPONENT_MODEL), Support::Component);
        assert!(module_features().contains(supported_features()));
    }

    fn missing(text: &str, features: WasmFeatures) -> Option<Vec<String>> {
        missing_features(&wat::parse_str(text).unwrap(), features).map(feature_names)
    }

    #[test]
    fn missing_features_are_as_few_as_are_enough() {
        let none = WasmFeatures::FLOATS | WasmFeatures::GC_TYPES;
        let found = |text| missing(text, none).unwrap();
        assert_eq!(found("(module)"), [""; 0]);
        assert_eq!(found("(module (func (result i32 i32) (i32.const 1) (i32.const 2)))"), ["multi-value"]);
        assert_eq!(
            found("(module (memory 1 1 shared) (func (param v128) (drop (i32.atomic.load (i32.const 0)))))"),
            ["simd", "threads"]
        );
        assert_eq!(found("(module (tag) (func (throw 0)))"), ["exceptions"]);
        assert_eq!(missing("(module (func (result i32)))", none), None);
        assert_eq!(
            missing("(module (memory 1) (memory 1))", none | WasmFeatures::MULTI_MEMORY),
            Some(vec![])
        );
    }
}
