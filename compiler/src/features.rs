//! Proposals by name.

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

/// The feature set that a name stands for: a wasmparser feature in kebab case (`bulk-memory`),
/// or the name of an edition of the specification (`wasm1`, `wasm2`, `wasm3`).
pub fn features_by_name(name: &str) -> Option<WasmFeatures> {
    match name {
        "wasm1" => Some(WasmFeatures::WASM1),
        "wasm2" => Some(WasmFeatures::WASM2),
        "wasm3" => Some(WasmFeatures::WASM3),
        _ => WasmFeatures::from_name(&name.replace('-', "_").to_ascii_uppercase()),
    }
}

/// The names of the single features of a set, in kebab case.
pub fn feature_names(features: WasmFeatures) -> Vec<String> {
    features.iter_names().map(|(name, _)| name.replace('_', "-").to_ascii_lowercase()).collect()
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
}
