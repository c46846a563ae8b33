//! Edits of modules that make them smaller or simpler.
//!
//! The edits of a level are found once, each with what it saves, and then applied in any choice: a candidate is the
//! module with some of the edits of one level. An edit that needs no types is found without validating anything. A
//! candidate may be invalid, or equal to the module where an edit is without effect beside another one: it is for the
//! caller to validate it and compare it.

mod accesses;
mod bodies;
mod coverage;
mod data;
mod elements;
mod error;
mod exports;
mod graph;
mod idioms;
mod imports;
mod indices;
mod initial;
mod kept_names;
mod labels;
mod level;
mod locals;
mod maps;
mod names;
mod nesting;
mod numbers;
mod offset;
mod outline;
mod recording;
mod replace;
mod results;
mod signatures;
mod splice;
mod trees;
mod types;
mod unused;
mod write;
mod zero;

#[cfg(test)]
mod tests;

pub(crate) use coverage::Coverage;
pub(crate) use error::EditError;
pub(crate) use level::Level;
pub(crate) use results::Results;

use outline::Outline;
use std::collections::BTreeSet;
use wasmparser::WasmFeatures;

/// The edits of a level that a module allows.
///
/// Edits of one level can be applied in any choice. Where two exclude each other, as two values for one constant do, the
/// first wins; where one removes what another changes, the other has no effect.
pub(crate) struct Edits<'a> {
    outline: Outline<'a>,
    found: Found,
}

/// The edits that a level found.
struct Found {
    /// What each saves in bytes, estimated, at least 1.
    weights: Vec<u32>,
    /// Applies them.
    edits: Box<dyn Apply + Send + Sync>,
}

/// Edits of one level.
trait Apply {
    /// The module with the edits of some numbers, which ascend and exist.
    fn apply(&self, outline: &Outline<'_>, numbers: &[usize]) -> Result<Vec<u8>, EditError>;
}

impl<'a> Edits<'a> {
    /// The edits of a level.
    ///
    /// # Errors
    ///
    /// If the module is malformed, or it is invalid and the level needs its types.
    pub(crate) fn new(wasm: &'a [u8], features: WasmFeatures, level: Level) -> Result<Self, EditError> {
        let outline = Outline::new(wasm, features)?;
        let found = level.find(&outline)?;
        Ok(Self { outline, found })
    }

    /// What each edit saves, in bytes, estimated and at least 1: chunks are sized by these.
    pub(crate) fn weights(&self) -> &[u32] {
        &self.found.weights
    }

    /// The module with the edits of these numbers, which ascend. It may be invalid.
    ///
    /// # Errors
    ///
    /// If a number is not that of an edit, or the encoder cannot express the module.
    pub(crate) fn apply(&self, numbers: &[usize]) -> Result<Vec<u8>, EditError> {
        let count = self.found.weights.len();
        for (position, &number) in numbers.iter().enumerate() {
            if number >= count || position > 0 && numbers[position - 1] >= number {
                return Err(EditError::NoSuchEdit { number, count });
            }
        }
        self.found.edits.apply(&self.outline, numbers)
    }
}

/// Replaces the bodies of the defined functions that `keep` does not name, by function index, by the shortest valid
/// body, which traps: `unreachable`. Bodies that are as short already stay.
///
/// # Errors
///
/// If the module is malformed.
pub(crate) fn stub_all_but(
    wasm: &[u8],
    features: WasmFeatures,
    keep: &BTreeSet<u32>,
) -> Result<Vec<u8>, EditError> {
    bodies::stub_all_but(&Outline::new(wasm, features)?, keep)
}

/// Leaves of the functions in element segments only imported ones and those that `keep` names, by function index.
///
/// # Errors
///
/// If the module is malformed.
pub(crate) fn refer_to_none_but(
    wasm: &[u8],
    features: WasmFeatures,
    keep: &BTreeSet<u32>,
) -> Result<Vec<u8>, EditError> {
    elements::refer_to_none_but(&Outline::new(wasm, features)?, keep)
}

/// A module that behaves the same and records which functions are entered.
///
/// # Errors
///
/// If the module is malformed.
pub(crate) fn with_coverage(wasm: &[u8], features: WasmFeatures) -> Result<Coverage, EditError> {
    coverage::with_coverage(&Outline::new(wasm, features)?)
}

/// A module that behaves the same and records what functions return.
///
/// # Errors
///
/// If the module is malformed.
pub(crate) fn with_results(wasm: &[u8], features: WasmFeatures) -> Result<Results, EditError> {
    results::with_results(&Outline::new(wasm, features)?)
}
