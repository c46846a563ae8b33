//! Why an engine did not do what it was asked to.

use crate::trail::{Exception, ExportKind, Lack, LinkFailure, Refusal, TrapInfo};
use trapline_compiler::{WasmFeatures, feature_names, missing_features, needed_features, supported_features};

/// Why an engine did not take a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EngineError {
    /// It does not decode.
    Malformed(Refusal),
    /// It decodes and does not validate.
    Invalid(Refusal),
    /// It needs something that the engine does not have.
    Unsupported(Lack),
    /// The engine itself went wrong.
    Harness(Refusal),
}

impl EngineError {
    /// The same, with the proposals that the module needs and that are off, or cannot be compiled.
    #[must_use]
    pub fn with_proposals(mut self, wasm: &[u8], features: WasmFeatures) -> EngineError {
        match &mut self {
            EngineError::Malformed(refusal) | EngineError::Invalid(refusal) => {
                refusal.missing = missing_features(wasm, features).map(feature_names).unwrap_or_default();
            }
            EngineError::Unsupported(Lack::Feature(what)) => {
                let needed = needed_features(wasm).unwrap_or_default();
                let names = feature_names(needed.difference(supported_features()));
                if !names.is_empty() {
                    *what = format!("{what} ({}, which can be validated and not compiled)", names.join(", "));
                }
            }
            EngineError::Unsupported(Lack::Proposal(_) | Lack::Limit(_) | Lack::Foreign(_))
            | EngineError::Harness(_) => {}
        }
        self
    }
}

/// Why an engine does not take the custom sections of a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CustomRefusal {
    /// It does not take the module, whatever they are.
    Module(EngineError),
    /// One does not decode.
    Malformed(Refusal),
    /// One decodes and is not valid.
    Invalid(Refusal),
}

/// Why an instantiation or a call did not end well.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// It trapped, or the call stack ended.
    Trap(Box<TrapInfo>),
    /// It threw an exception that nothing caught.
    Exception(Box<Exception>),
    /// Imports are not there or do not match.
    Link(Box<LinkFailure>),
    /// There is no export of the name.
    NoExport,
    /// There is no export of the name among the shared memories, and more is not known of an instance on another thread.
    NoSharedMemory,
    /// The export is of another kind.
    ExportIs(ExportKind),
    /// The arguments are not of the parameters' types.
    Arguments(Refusal),
    /// It needs something that the engine does not have.
    Lack(Lack),
    /// The engine itself, or the system, went wrong.
    Harness(Refusal),
}
