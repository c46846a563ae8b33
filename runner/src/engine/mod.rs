//! Engines: what turns the bytes of a module into something that the runtime can instantiate.

mod aot;
mod artifacts;
mod jit;
mod linked;
mod modules;
mod path;
mod profiler;
mod scratch;
mod spec;
mod timings;
pub(crate) mod trust;
mod variant;

pub use aot::{AotEngine, Mapped};
pub use artifacts::{Mode, Precompiled};
pub use linked::{LinkError, link};
pub use path::CompilingEngine;
pub use profiler::{PerfMap, PerfMapError, Profiler};
pub(crate) use scratch::ScratchFolder;
pub use spec::{BuildError, EngineKind, EngineSpec};
pub use timings::EngineTimings;
pub(crate) use variant::describe_profile;
pub use variant::{Variant, VariantError};

use crate::report;
use crate::trail::{Lack, Layer, Limit, Refusal};
use trapline_compiler::{CompileError, Profile, WasmFeatures};
use trapline_runtime::{Module, StoreConfig};

/// A way to compile modules, shared by all threads of a run.
pub trait Engine: Send + Sync {
    /// The name in reports, with what is not default about the variant.
    fn name(&self) -> &str;

    /// How its code is generated, if that is known. Engines with equal profiles run the same code.
    fn profile(&self) -> Option<&Profile> {
        None
    }

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

    /// Compiles a module as [`Engine::compile`] does, and its code once more. The text says how the two differed, if
    /// they did: equal input gives equal bytes.
    ///
    /// # Errors
    ///
    /// As [`Engine::compile`].
    fn compile_twice(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(Module, Option<String>), EngineError> {
        self.compile(wasm, features).map(|module| (module, None))
    }

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
    #[error("{}", report::refusal(.0))]
    Malformed(Refusal),
    /// It decodes and does not validate.
    #[error("{}", report::refusal(.0))]
    Invalid(Refusal),
    /// It needs something that trapline does not have.
    #[error("unsupported: {}", report::lack(.0))]
    Unsupported(Lack),
    /// trapline itself went wrong.
    #[error("{}", report::refusal(.0))]
    Harness(Refusal),
}

/// How two compilations of the same module differ, if they do.
fn byte_difference(first: &[u8], second: &[u8]) -> Option<String> {
    if first == second {
        return None;
    }
    let at = first.iter().zip(second).position(|(first, second)| first != second);
    Some(match at {
        Some(at) => format!("two compilations of the module differ from byte {at:#x} on"),
        None => format!("two compilations of the module have {} and {} bytes", first.len(), second.len()),
    })
}

impl From<CompileError> for EngineError {
    fn from(error: CompileError) -> EngineError {
        let function = error.function();
        let refusal = |layer, message: String, offset: Option<u64>| Refusal {
            layer,
            message,
            offset,
            function,
            place: None,
        };
        match error {
            CompileError::Malformed { offset, message, .. } => {
                EngineError::Malformed(refusal(Layer::Decode, message, Some(offset)))
            }
            CompileError::Invalid { offset, message, .. } => {
                EngineError::Invalid(refusal(Layer::Validate, message, Some(offset)))
            }
            CompileError::Unsupported { what, .. } => EngineError::Unsupported(Lack::Feature(what)),
            CompileError::Limit(exceeded) => EngineError::Unsupported(Lack::Limit(Limit {
                name: exceeded.name.to_owned(),
                layer: if exceeded.in_decoder { Layer::Decode } else { Layer::Codegen },
                limit: exceeded.limit,
                wanted: exceeded.wanted,
            })),
            CompileError::Codegen { .. } | CompileError::Assembly { .. } => {
                EngineError::Harness(refusal(Layer::Codegen, error.to_string(), None))
            }
            CompileError::Object(_) | CompileError::DebugInfo(_) | CompileError::Manifest(_) => {
                EngineError::Harness(refusal(Layer::Emit, error.to_string(), None))
            }
        }
    }
}

#[cfg(test)]
mod tests;
