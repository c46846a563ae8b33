//! Names of features as users write them: `-` and `_` are the same in them.

use crate::nearest::nearest;
use trapline_compiler::{
    Support, WasmFeatures, feature_names, features_by_name, module_features, support_of,
};

/// Names of sets of features, beside those of single ones.
const SETS: [&str; 4] = ["all", "wasm1", "wasm2", "wasm3"];

/// Why a name switches no feature of modules.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum FeatureNameError {
    /// No feature has it.
    #[error("no feature is called `{name}`{}", hint(.meant.as_deref()))]
    Unknown {
        /// The name.
        name: String,
        /// What was probably meant.
        meant: Option<String>,
    },
    /// It is one of components.
    #[error("`{0}` is a feature of components, which are not read")]
    Component(String),
}

fn hint(meant: Option<&str>) -> String {
    match meant {
        Some(meant) => format!(", did you mean `{meant}`?"),
        None => "; `trapline features` lists them".to_owned(),
    }
}

/// The features of a name.
pub(crate) fn features_named(name: &str) -> Option<WasmFeatures> {
    features_by_name(&kebab(name))
}

/// The features of modules of a name.
///
/// # Errors
///
/// When there are none.
pub(crate) fn module_features_named(name: &str) -> Result<WasmFeatures, FeatureNameError> {
    match features_named(name) {
        Some(features) if support_of(features) == Support::Component => {
            Err(FeatureNameError::Component(name.to_owned()))
        }
        Some(features) => Ok(features),
        None => Err(FeatureNameError::Unknown { name: name.to_owned(), meant: meant(name) }),
    }
}

/// The name that was probably meant by one that is not known, as [`kebab`] writes it.
pub(crate) fn meant(name: &str) -> Option<String> {
    let known = feature_names(module_features());
    let known = known.iter().map(String::as_str).chain(SETS);
    nearest(&kebab(name), known).map(str::to_owned)
}

/// A name as command lines have it.
pub(crate) fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

/// A name as a key of headers.
pub(crate) fn key(name: &str) -> String {
    name.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_name() {
        assert_eq!(features_named("bulk_memory"), Some(WasmFeatures::BULK_MEMORY));
        assert_eq!(features_named("sign_extension_ops"), features_named("sign-ext"));
        assert_eq!(key(&kebab("relaxed_simd")), "relaxed_simd");
        assert_eq!(meant("relaxd_simd").as_deref(), Some("relaxed-simd"));
        assert_eq!(meant("al").as_deref(), Some("all"));
    }
}
