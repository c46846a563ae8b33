//! Runs as a whole.

use super::Unconfined;
use crate::terms::{Dialect, Texts};
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
    /// Whether the engines were compared with the first one. Reports of earlier versions do not say.
    #[serde(default)]
    pub compares: bool,
    /// The processor features of the machine that are in use by code for it.
    pub cpu: Vec<String>,
    /// The command, word by word.
    pub command: Vec<String>,
    /// The options of the command on which outcomes depend, word by word, as `--rerun-failed` takes them over. Absent in a
    /// report that was merged from runs with different ones.
    #[serde(default)]
    pub options: Option<Vec<String>>,
    /// When the run began, in seconds since 1970-01-01 00:00 UTC.
    pub started: u64,
    /// The arguments that select the scripts, word by word; none for those that are selected by default. Reports of earlier
    /// versions do not say.
    #[serde(default)]
    pub selection: Vec<String>,
    /// The folder of the official suite, if scripts of one are run. Reports of earlier versions do not say.
    #[serde(default)]
    pub suite_folder: Option<String>,
    /// The part of the selected scripts that was run, if not all of them were.
    pub partition: Option<String>,
    /// How much of a text a script must have. Reports of earlier versions do not say, in this one and the next.
    #[serde(default)]
    pub texts: Texts,
    /// The dialect that the user has chosen for all scripts.
    #[serde(default)]
    pub dialect: Option<Dialect>,
    /// The revision of the official suite that the manifest describes, if suite files are run.
    pub suite: Option<String>,
    /// The files of suites whose content is not the one that the manifest describes.
    pub suite_differences: Vec<SuiteDifference>,
    /// The measures that are not in force for processes that run scripts. Reports of earlier versions do not say.
    #[serde(default)]
    pub unconfined: Vec<Unconfined>,
    /// The name of the machine. Reports of earlier versions do not say.
    #[serde(default)]
    pub host: Option<String>,
    /// Every `trapline.toml` that has an entry for one of the scripts. Reports of earlier versions do not say, in this one and
    /// the next.
    #[serde(default)]
    pub configuration: Vec<String>,
    /// The files of expectations for scripts that are of no suite.
    #[serde(default)]
    pub expectations: Vec<String>,
}

/// A file of a suite that is not as the manifest describes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuiteDifference {
    /// The manifest does not know it.
    Added(String),
    /// It has another content.
    Changed(String),
}

impl SuiteDifference {
    /// The file.
    pub fn file(&self) -> &str {
        match self {
            SuiteDifference::Added(file) | SuiteDifference::Changed(file) => file,
        }
    }
}

/// An engine of a run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EngineInfo {
    /// Its name in the other lines.
    pub name: String,
    /// How its code is generated, by property.
    pub profile: BTreeMap<String, String>,
}
