//! The features that modules of scripts are compiled with.

use trapline_compiler::{ALWAYS, WasmFeatures, features_by_name};
use trapline_spec_tests::{Manifest, SuiteId};

/// WebAssembly 3.0. Not all of it is built; what is not is unsupported rather than invalid.
const NEWEST_EDITION: [WasmFeatures; 15] = [
    WasmFeatures::MUTABLE_GLOBAL,
    WasmFeatures::SATURATING_FLOAT_TO_INT,
    WasmFeatures::SIGN_EXTENSION,
    WasmFeatures::REFERENCE_TYPES,
    WasmFeatures::MULTI_VALUE,
    WasmFeatures::BULK_MEMORY,
    WasmFeatures::SIMD,
    WasmFeatures::RELAXED_SIMD,
    WasmFeatures::TAIL_CALL,
    WasmFeatures::MULTI_MEMORY,
    WasmFeatures::EXCEPTIONS,
    WasmFeatures::MEMORY64,
    WasmFeatures::EXTENDED_CONST,
    WasmFeatures::FUNCTION_REFERENCES,
    WasmFeatures::GC,
];

/// Proposals beyond it that are built, and under which every file of the core suite has the outcomes that it has without
/// them. A test finds them.
const PROPOSALS: [WasmFeatures; 5] = [
    WasmFeatures::CUSTOM_PAGE_SIZES,
    WasmFeatures::LEGACY_EXCEPTIONS,
    WasmFeatures::THREADS,
    WasmFeatures::WIDE_ARITHMETIC,
    WasmFeatures::COMPACT_IMPORTS,
];

/// The features of a module or a script that is not a file of a suite, whatever it contains: all that is built, as far as
/// the core suite lets it be. Headers and the user change that.
pub fn default_features() -> WasmFeatures {
    NEWEST_EDITION.into_iter().chain(PROPOSALS).fold(ALWAYS, WasmFeatures::union)
}

/// The features of a file of a suite, as the manifest has them.
pub(super) fn of_suite_file(manifest: &Manifest, suite: SuiteId, file: &str) -> WasmFeatures {
    let names = manifest.suite(suite).map(|suite| suite.features_of(file)).unwrap_or_default();
    names.into_iter().filter_map(features_by_name).fold(ALWAYS, WasmFeatures::union)
}

#[cfg(test)]
mod tests;
