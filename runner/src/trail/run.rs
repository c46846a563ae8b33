//! Runs as a whole.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was run, and how.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct RunInfo {
    /// The version of the schema.
    pub schema: u32,
    /// The version of trapline.
    pub version: String,
    /// The engines.
    pub engines: Vec<EngineInfo>,
    /// The processor features of the machine that are in use by code for it.
    pub cpu: Vec<String>,
    /// The command, word by word.
    pub command: Vec<String>,
    /// When the run began, in seconds since 1970-01-01 00:00 UTC.
    pub started: u64,
    /// The part of the selected scripts that was run, if not all of them were.
    pub partition: Option<String>,
    /// The revision of the official suite that the manifest describes, if suite files are run.
    pub suite: Option<String>,
}

/// An engine of a run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EngineInfo {
    /// Its name in the other lines.
    pub name: String,
    /// How its code is generated, by property.
    pub profile: BTreeMap<String, String>,
}
