//! Why a module did not become code in memory, and what the compiler says of it as every engine says it.

use crate::executor::{CustomRefusal, EngineError};
use crate::trail::{FunctionName, Lack, Layer, Limit, Refusal};
use std::io;
use std::path::PathBuf;
use trapline_compiler::{CompileError, CustomError};
use trapline_runtime::LoadError;

/// Why code did not get where it was to go. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub(super) enum PathError {
    /// The runtime refused it.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The linker refused it, or a file could not be written.
    #[error(transparent)]
    Link(#[from] LinkerError),
}

/// Why an object could not be linked. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub enum LinkerError {
    /// A file could not be written.
    #[error("write {}: {cause}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The linker did not start.
    #[error("start the linker `{linker}`: {cause}")]
    Start {
        /// The program, `cc` or what the environment variable `CC` names.
        linker: String,
        /// Why.
        cause: io::Error,
    },
    /// The linker refused.
    #[error("link {}: {message}", path.display())]
    Refused {
        /// The object.
        path: PathBuf,
        /// What the linker said.
        message: String,
    },
}

impl From<CustomError> for CustomRefusal {
    fn from(error: CustomError) -> CustomRefusal {
        let refusal =
            |layer, message, offset| Refusal { offset: Some(offset), ..Refusal::new(layer, message) };
        match error {
            CustomError::Module(error) => CustomRefusal::Module(error.into()),
            CustomError::Malformed { offset, message } => {
                CustomRefusal::Malformed(refusal(Layer::Decode, message, offset))
            }
            CustomError::Invalid { offset, message } => {
                CustomRefusal::Invalid(refusal(Layer::Validate, message, offset))
            }
        }
    }
}

impl From<CompileError> for EngineError {
    fn from(error: CompileError) -> EngineError {
        // The name is in the binary, which is not at hand here.
        let function = error.function().map(|index| FunctionName { index, name: None });
        let refusal = |layer, message: String, offset: Option<u64>| Refusal {
            layer,
            message,
            offset,
            function: function.clone(),
            place: None,
            missing: Vec::new(),
            panicked: false,
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
