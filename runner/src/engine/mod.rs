//! Engines: what turns the bytes of a module into something that the runtime can instantiate.

mod aot;
mod jit;
mod linked;
mod spec;
mod timings;

pub use aot::AotEngine;
pub use jit::JitEngine;
pub use linked::{LinkError, LinkedEngine, link};
pub use spec::{BuildError, EngineKind, EngineSpec};
pub use timings::EngineTimings;

use trapline_compiler::{CompileError, WasmFeatures};
use trapline_runtime::{Module, StoreConfig};

/// A way to compile modules, shared by all threads of a run.
pub trait Engine: Send + Sync {
    /// The name in reports, with what is not default about the variant.
    fn name(&self) -> &str;

    /// What compilations have cost so far.
    fn timings(&self) -> EngineTimings {
        EngineTimings::default()
    }

    /// How stores for this engine's modules must be made.
    fn store_config(&self) -> StoreConfig;

    /// Decodes, validates and compiles a module.
    ///
    /// # Errors
    ///
    /// Says which of these steps refused it.
    fn compile(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError>;

    /// Decodes and validates a module, and compiles nothing.
    ///
    /// # Errors
    ///
    /// As [`Engine::compile`].
    fn validate(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), EngineError> {
        trapline_compiler::validate(wasm, features).map_err(EngineError::from)
    }
}

/// Why an engine did not take a module.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EngineError {
    /// It does not decode.
    #[error("{0}")]
    Malformed(String),
    /// It decodes and does not validate.
    #[error("{0}")]
    Invalid(String),
    /// It needs something that trapline does not have.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// trapline itself went wrong.
    #[error("{0}")]
    Harness(String),
}

impl From<CompileError> for EngineError {
    fn from(error: CompileError) -> EngineError {
        match error {
            CompileError::Malformed { .. } => EngineError::Malformed(error.to_string()),
            CompileError::Invalid { .. } => EngineError::Invalid(error.to_string()),
            CompileError::Unsupported { what, .. } => EngineError::Unsupported(what),
            CompileError::Limit(_) => EngineError::Unsupported(error.to_string()),
            CompileError::Codegen { .. }
            | CompileError::Assembly { .. }
            | CompileError::Object(_)
            | CompileError::Manifest(_) => EngineError::Harness(error.to_string()),
        }
    }
}
