//! Modules that were not taken, and why.

use super::FunctionName;
use serde::{Deserialize, Serialize};

/// The part of the way from a module to its results in which something happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Reading the text or the binary.
    Decode,
    /// Validation.
    Validate,
    /// From WebAssembly to the code generator's intermediate representation.
    Translate,
    /// From there to machine code.
    Codegen,
    /// Writing the object.
    Emit,
    /// Reading an object that was compiled before, which scripts have none of.
    Object,
    /// Bringing code into memory.
    Load,
    /// Matching imports.
    Link,
    /// Making memories, tables and globals, writing segments, and running the start function.
    Instantiate,
    /// Calls.
    Run,
    /// The runner itself.
    Harness,
}

/// Why a layer did not do what it was asked to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// The layer.
    pub layer: Layer,
    /// The cause, as the layer words it.
    pub message: String,
    /// Where, in bytes from the start of the module's binary.
    pub offset: Option<u64>,
    /// The function concerned.
    pub function: Option<FunctionName>,
    /// Where in the script, if the module was written there as text.
    pub place: Option<SourcePlace>,
    /// The features that are off, and with which the module would be valid.
    #[serde(default)]
    pub missing: Vec<String>,
    /// Whether it was a panic, and so a fault of trapline.
    #[serde(default)]
    pub panicked: bool,
}

/// A place in a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SourcePlace {
    /// The line, from 1.
    pub line: u32,
    /// The column within the line, from 1, in bytes.
    pub col: u32,
}

/// Something that the engine does not have. It is not a verdict on the module.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// A proposal that is not built.
    Proposal(String),
    /// An instruction, a type, a value or a directive that is not built.
    Feature(String),
    /// A size beyond what the implementation takes.
    Limit(Limit),
    /// A limit of an engine of others, in its own words.
    Foreign(String),
}

/// A limit of the implementation that a valid module exceeds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Limit {
    /// What is limited, in the plural, such as `function parameters`.
    pub name: String,
    /// The layer that has the limit.
    pub layer: Layer,
    /// The most that is taken, if it is a number.
    pub limit: Option<u64>,
    /// How much was asked for, as far as that is known.
    pub wanted: Option<u64>,
}

impl Limit {
    /// The name of the limit on the size of a memory.
    pub const MEMORY: &str = "bytes of a memory";
    /// The name of the limit on the size of a table.
    pub const TABLE: &str = "elements of a table";
    /// The name of the limit on all objects of a store.
    pub const HEAP: &str = "bytes of the heap";

    /// The option that changes the limit, with what it takes, if there is one.
    pub fn option(&self) -> Option<&'static str> {
        match self.name.as_str() {
            Limit::MEMORY => Some("--max-linear-memory MIB"),
            Limit::TABLE => Some("--max-table-elements N"),
            Limit::HEAP => Some("--max-gc-heap MIB"),
            // Names of limits that no option changes.
            _ => None,
        }
    }
}

impl Refusal {
    /// A refusal without a place.
    pub fn new(layer: Layer, message: impl Into<String>) -> Refusal {
        Refusal {
            layer,
            message: message.into(),
            offset: None,
            function: None,
            place: None,
            missing: Vec::new(),
            panicked: false,
        }
    }

    /// Something that went wrong in the runner.
    pub fn harness(message: impl Into<String>) -> Refusal {
        Refusal::new(Layer::Harness, message)
    }

    /// An error that is worded to follow "failed to".
    pub fn failed(layer: Layer, error: impl std::error::Error) -> Refusal {
        Refusal::new(layer, format!("failed to {error}"))
    }
}

impl Lack {
    /// Something that is not built.
    pub fn feature(what: impl Into<String>) -> Lack {
        Lack::Feature(what.into())
    }
}
