//! How scripts are read.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use trapline_compiler::WasmFeatures;

/// What a script is run with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// The features that its modules are compiled with.
    pub features: WasmFeatures,
    /// How it is read.
    pub reading: Reading,
    /// Whether what its modules print is kept for reports.
    pub shows_output: bool,
    /// How long one of its directives may run, if not as long as others.
    pub timeout: Option<Duration>,
}

impl From<WasmFeatures> for Terms {
    fn from(features: WasmFeatures) -> Terms {
        Terms { features, reading: Reading::default(), shows_output: false, timeout: None }
    }
}

/// How a script is read, where more than one way is possible.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Reading {
    /// For which runner it was written.
    pub dialect: Dialect,
    /// How much of a text has to be there.
    pub texts: Texts,
    /// Whether modules get what they import of JavaScript from the host, as far as there are rules for it.
    #[serde(default)]
    pub by_rule: bool,
}

/// For which runner a script was written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The specification's reference interpreter.
    #[default]
    Spec,
    /// wasmtime: an instance can be imported under the name of its module without `register`, and an expected text may be
    /// any part of the error's.
    Wasmtime,
}

/// How much of the text of a trap or a link error a script has to have.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Texts {
    /// Its beginning, as little as that is, or the text of another engine for the same.
    #[default]
    Prefix,
    /// All of the specification's.
    Strict,
}

/// What the user has said about how scripts are read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ReadingChoice {
    /// The dialect of all scripts; without one, the script decides.
    pub dialect: Option<Dialect>,
    /// The texts.
    pub texts: Texts,
    /// Whether modules get imports of JavaScript by rule.
    pub by_rule: bool,
}

impl ReadingChoice {
    /// How a script is read that by itself would have this dialect.
    pub fn of(self, own: Dialect) -> Reading {
        Reading { dialect: self.dialect.unwrap_or(own), texts: self.texts, by_rule: self.by_rule }
    }
}
