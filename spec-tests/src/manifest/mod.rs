//! What each suite and each of its files needs, and how many directives a run of it must account for.

use crate::suite::{SuiteError, SuiteId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `manifest.toml`, parsed.
#[derive(Clone, Debug)]
pub struct Manifest {
    suites: Vec<SuiteManifest>,
    any_revision: bool,
}

/// What the manifest says of one suite.
#[derive(Clone, Debug)]
pub struct SuiteManifest {
    /// The suite.
    pub id: SuiteId,
    /// The revision that the counts and hashes were taken from.
    pub revision: String,
    /// The features that every file of it has on, unless the file's own entry says otherwise: names of
    /// wasmparser's `WasmFeatures`, in kebab case. Maintained by hand.
    pub features: Vec<String>,
    /// Each file by its name within the suite.
    pub files: BTreeMap<String, FilePin>,
}

/// What the manifest says of one file.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilePin {
    /// The number of directives; absent if the file cannot be parsed.
    pub directives: Option<u32>,
    /// The BLAKE3 hash of the content, in hexadecimal.
    pub blake3: String,
    /// Features on beyond those of the suite.
    #[serde(default)]
    pub enable: Vec<String>,
    /// Features of the suite that are off.
    #[serde(default)]
    pub disable: Vec<String>,
    /// Whether `enable` and `disable` were written by hand, so that they survive a regeneration.
    #[serde(default)]
    pub by_hand: bool,
    /// A remark for the reader; survives a regeneration.
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    suite: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    revision: String,
    features: Vec<String>,
    #[serde(default)]
    files: BTreeMap<String, FilePin>,
}

/// Why a manifest cannot be used. Messages follow "failed to read the manifest: ".
#[derive(thiserror::Error, Debug)]
pub enum ManifestError {
    /// Not TOML, or not of this shape.
    #[error("{0}")]
    Syntax(#[from] toml::de::Error),
    /// It speaks of a suite that does not exist.
    #[error(transparent)]
    Suite(#[from] SuiteError),
}

impl Manifest {
    /// The manifest that this crate was built with.
    ///
    /// # Errors
    ///
    /// If it was edited into something that is not a manifest.
    pub fn bundled() -> Result<Manifest, ManifestError> {
        Manifest::parse(include_str!("../../manifest.toml"))
    }

    /// Parses a manifest.
    ///
    /// # Errors
    ///
    /// If the text is not a TOML of the manifest's shape, or names an unknown suite.
    pub fn parse(text: &str) -> Result<Manifest, ManifestError> {
        let document: Document = toml::from_str(text)?;
        let suites = document
            .suite
            .into_iter()
            .map(|entry| {
                Ok(SuiteManifest {
                    id: entry.id.parse()?,
                    revision: entry.revision,
                    features: entry.features,
                    files: entry.files,
                })
            })
            .collect::<Result<_, ManifestError>>()?;
        Ok(Manifest { suites, any_revision: false })
    }

    /// What it says of one suite.
    pub fn suite(&self, id: SuiteId) -> Option<&SuiteManifest> {
        self.suites.iter().find(|suite| suite.id == id)
    }

    /// Takes a checkout of whatever revision it is: nothing is pinned of it any more but features.
    pub fn take_any_revision(&mut self) {
        self.any_revision = true;
    }

    /// Whether [`Manifest::take_any_revision`] was called.
    pub fn takes_any_revision(&self) -> bool {
        self.any_revision
    }

    /// The number of directives that a file of a suite must have at least, whatever its content is.
    pub fn pinned_directives(&self, suite: SuiteId, file: &str) -> Option<u32> {
        if self.any_revision && !suite.is_embedded() {
            return None;
        }
        self.suite(suite)?.files.get(file)?.directives
    }
}

impl SuiteManifest {
    /// The features that a file is written against: those of the suite with the file's own changes.
    pub fn features_of(&self, file: &str) -> Vec<&str> {
        let pin = self.files.get(file);
        let disabled = |name: &&str| pin.is_some_and(|pin| pin.disable.iter().any(|off| off == name));
        let enabled = pin.into_iter().flat_map(|pin| &pin.enable).map(String::as_str);
        self.features.iter().map(String::as_str).filter(|name| !disabled(name)).chain(enabled).collect()
    }

    /// The number of directives in all files that can be parsed.
    pub fn directives(&self) -> u64 {
        self.files.values().filter_map(|pin| pin.directives).map(u64::from).sum()
    }
}

/// The hash by which a file's content is recognised: BLAKE3, in hexadecimal.
pub fn content_hash(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}

#[cfg(test)]
mod tests;
