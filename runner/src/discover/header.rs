//! The `;;!` header of a script: TOML in comments at the top of the file.
//!
//! Keys are those of wasmtime's own tests (`;;! gc = true`): they name features, with `_` for the `-` of the feature's name,
//! or other things that a test needs. A `[bug]` table says what a regression is about; a header without one is taken for
//! wasmtime's.

use crate::document::DocumentError;
use crate::feature_names::{features_named, kebab, key, meant};
use crate::script::inserted::Inserted;
use crate::terms::Dialect;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Spanned, Value};
use trapline_compiler::{WasmFeatures, feature_names, supported_features};

const MARK: &str = ";;!";

/// Keys of wasmtime's headers that ask for nothing here: every script may import `spectest`, and there is no
/// pool of memories that a test could exhaust.
const WITHOUT_EFFECT: [&str; 2] = ["spec_test", "hogs_memory"];

/// Keys of wasmtime's headers that ask for what no feature of modules is.
const UNBUILT: [&str; 12] = [
    "component_model",
    "component_model_async",
    "component_model_async_builtins",
    "component_model_async_stackful",
    "component_model_more_async_builtins",
    "component_model_threading",
    "component_model_error_context",
    "component_model_gc",
    "component_model_map",
    "component_model_fixed_length_lists",
    "component_model_implements",
    "component_model_values",
];

/// The key that asks for an engine whose NaNs are canonical.
const NAN_CANONICALIZATION: &str = "nan_canonicalization";

/// What the header of a script says.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Header {
    /// Features that the file switches on or off, in the order of the header.
    pub features: Vec<(WasmFeatures, bool)>,
    /// What the file is a regression test for.
    pub bug: Option<Bug>,
    /// The runner that the file was written for.
    pub dialect: Dialect,
    /// A proposal that the file needs and that is not built.
    pub unbuilt: Option<String>,
    /// Whether the file needs an engine whose NaNs are canonical.
    pub canonical_nans: bool,
}

/// The `[bug]` table.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bug {
    /// The bug's name in its tracker, such as `wt#7779`.
    pub id: String,
    /// The layer that was wrong, or would be.
    pub layer: Option<String>,
    /// Where it is described.
    pub source: Option<String>,
    /// What is right.
    pub expect: Option<String>,
}

impl Header {
    /// Reads the header of a script. A script without one has an empty one.
    ///
    /// # Errors
    ///
    /// When the header is no TOML, has a key that means nothing, or goes on below the top of the file.
    pub fn parse(text: &str) -> Result<Header, DocumentError> {
        // What stands before a module's file is not its top.
        let text = text.get(Inserted::of(text.as_bytes()).preamble()..).unwrap_or_default();
        let (document, rest) = collect(text);
        if let Some(offset) = stray(text, rest) {
            return Err(DocumentError::at(text, offset, "a header line below the top of the file"));
        }
        if document.trim().is_empty() {
            return Ok(Header::default());
        }
        // The document has the script's own lines and columns, so that offsets into it become positions alone.
        let error = |offset: usize, message: &str| DocumentError::at(&document, offset, message);
        let entries: BTreeMap<Spanned<String>, Spanned<Value>> =
            toml::from_str(&document).map_err(|cause| DocumentError::of_toml(&document, &cause))?;
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);

        let mut header = Header::default();
        for (name, value) in entries {
            let (at, name) = (name.span().start, name.into_inner());
            let (value_at, value) = (value.span().start, value.into_inner());
            if name == "bug" {
                let bug = Bug::deserialize(value).map_err(|cause| error(at, cause.message()))?;
                header.bug = Some(bug);
                continue;
            }
            let feature = features_named(&name);
            let is_unbuilt = UNBUILT.contains(&name.as_str());
            let is_known =
                is_unbuilt || WITHOUT_EFFECT.contains(&name.as_str()) || name == NAN_CANONICALIZATION;
            if feature.is_none() && !is_known {
                let meant = meant(&name).map(|meant| format!(", did you mean `{}`?", key(&meant)));
                let meant = meant.unwrap_or_default();
                return Err(error(at, &format!("unknown key `{name}`: no feature has this name{meant}")));
            }
            let Value::Boolean(on) = value else {
                return Err(error(value_at, &format!("`{name}` must be true or false")));
            };
            header.canonical_nans |= on && name == NAN_CANONICALIZATION;
            if on && is_unbuilt {
                header.unbuilt.get_or_insert_with(|| kebab(&name));
            }
            // Some features have a name that asks for a component, and mean nothing without one.
            header.features.extend(feature.filter(|_| !is_unbuilt).map(|it| (it, on)));
        }
        header.dialect = if header.bug.is_none() { Dialect::Wasmtime } else { Dialect::Spec };
        Ok(header)
    }

    /// A proposal that the file needs and that is not built, if `features` are what it is run with.
    pub fn lacks(&self, features: WasmFeatures) -> Option<String> {
        let wanted = self.features.iter().filter(|(feature, on)| *on && features.contains(*feature));
        let unbuilt = wanted.map(|(feature, _)| feature.difference(supported_features()));
        let names = unbuilt.flat_map(feature_names).next();
        self.unbuilt.clone().or(names)
    }

    /// A set of features with the header's changes.
    pub fn apply(&self, mut features: WasmFeatures) -> WasmFeatures {
        for &(feature, on) in &self.features {
            features.set(feature, on);
        }
        features
    }
}

/// The header's lines without their marks, in the lines and columns that they have in the script, and the
/// offset of what follows the comments at the top.
fn collect(text: &str) -> (String, usize) {
    let mut document = String::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some(header) = line.strip_prefix(MARK) {
            document.push_str("   ");
            document.push_str(header.trim_end());
        } else if !line.starts_with(";;") && !line.trim().is_empty() {
            break;
        }
        document.push('\n');
        offset += line.len();
    }
    (document, offset)
}

/// The first header line after the top of the file. It would look as if it counted.
fn stray(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    if rest.starts_with(MARK) {
        return Some(from);
    }
    rest.find("\n;;!").map(|at| from + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (u32, u32, String) {
        let error = Header::parse(text).expect_err("a bad header");
        (error.line, error.col, error.message)
    }

    #[test]
    fn features_and_bug() {
        let header = Header::parse(
            ";; licence\n\n;;! multi_memory = true\n;;! simd = false\n;;! hogs_memory = true\n;;!\n;;! [bug]\n\
             ;;! id = \"wt#7779\"\n;;! layer = \"runtime\"\n\n(module)\n",
        )
        .expect("a header");
        assert_eq!(header.features, [(WasmFeatures::MULTI_MEMORY, true), (WasmFeatures::SIMD, false)]);
        let bug = header.bug.as_ref().expect("a bug");
        assert_eq!((bug.id.as_str(), bug.layer.as_deref()), ("wt#7779", Some("runtime")));
        let features = header.apply(WasmFeatures::SIMD | WasmFeatures::GC);
        assert_eq!(features, WasmFeatures::MULTI_MEMORY | WasmFeatures::GC);
    }

    #[test]
    fn wasmtimes_keys_are_understood() {
        let header = |keys: &str| Header::parse(keys).expect("a header");
        for key in [
            "gc",
            "threads",
            "memory64",
            "multi_memory",
            "reference_types",
            "simd",
            "relaxed_simd",
            "tail_call",
            "function_references",
            "exceptions",
            "legacy_exceptions",
            "custom_page_sizes",
            "wide_arithmetic",
            "extended_const",
            "bulk_memory",
            "gc_types",
            "custom_descriptors",
            "spec_test",
            "hogs_memory",
        ] {
            for value in [true, false] {
                let header = header(&format!(";;! {key} = {value}\n"));
                let features = header.apply(WasmFeatures::empty());
                assert_eq!((header.dialect, header.lacks(features)), (Dialect::Wasmtime, None), "{key}");
            }
        }
        let lacks = |key: &str| {
            let header = header(&format!(";;! {key} = true\n"));
            header.lacks(header.apply(WasmFeatures::empty()))
        };
        for key in UNBUILT.into_iter().chain(["stack_switching", "shared_everything_threads"]) {
            assert_eq!(lacks(key), Some(kebab(key)));
        }
        assert_eq!(header(";;! stack_switching = false\n").lacks(WasmFeatures::all()), None);
        assert_eq!(header(";;! stack_switching = true\n").lacks(WasmFeatures::empty()), None);
        assert!(header(";;! nan_canonicalization = true\n").canonical_nans);
        assert!(!header(";;! nan_canonicalization = false\n").canonical_nans);
    }

    #[test]
    fn a_bug_makes_a_header_ours() {
        let dialect = |text| Header::parse(text).expect("a header").dialect;
        assert_eq!(dialect("(module)"), Dialect::Spec);
        assert_eq!(dialect(";;!\n(module)"), Dialect::Spec);
        assert_eq!(dialect(";;! simd = true\n"), Dialect::Wasmtime);
        assert_eq!(dialect(";;! simd = true\n;;! [bug]\n;;! id = \"x\"\n"), Dialect::Spec);
    }

    #[test]
    fn no_header() {
        assert_eq!(Header::parse("(module)"), Ok(Header::default()));
        assert_eq!(Header::parse(""), Ok(Header::default()));
        assert_eq!(Header::parse(";; only a comment"), Ok(Header::default()));
    }

    #[test]
    fn mistakes_have_a_place() {
        assert_eq!(
            refused(";; x\n;;! gcc = true\n"),
            (2, 5, "unknown key `gcc`: no feature has this name, did you mean `gc`?".into())
        );
        assert_eq!(refused(";;! gc = 1\n"), (1, 10, "`gc` must be true or false".into()));
        let (line, _, message) = refused(";;! gc = true\n;;! [bug]\n;;! id = \"a\"\n;;! colour = \"red\"\n");
        assert_eq!(line, 2);
        assert!(message.contains("colour"), "{message}");
        assert_eq!(refused(";;! gc = \n").0, 1);
        assert_eq!(refused(";;! gc = true\n;;! gc = false\n").0, 2);
    }

    #[test]
    fn a_header_below_the_top_is_refused() {
        let (line, col, message) = refused("(module)\n;;! gc = true\n");
        assert_eq!((line, col), (2, 1));
        assert!(message.contains("below the top"));
    }
}
