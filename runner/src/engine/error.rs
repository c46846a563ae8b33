//! What the compiler says of a module, as every engine says it.

use crate::executor::EngineError;
use crate::trail::{Lack, Layer, Limit, Refusal};
use trapline_compiler::CompileError;

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
