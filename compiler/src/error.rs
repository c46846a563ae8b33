//! Why a module or a profile was refused.

use cranelift_codegen::CodegenError;
use std::fmt;
use trapline_abi::FuncKey;
use trapline_abi::artifact::ArtifactError;

/// Why a module could not be compiled.
///
/// The first two cases are the specification's: a *malformed* module is not an encoding of a module at
/// all, an *invalid* one is well-formed and breaks a rule of validation.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The bytes do not encode a module (specification: "Binary Format").
    #[error("malformed module at offset {offset:#x}: {message}")]
    Malformed {
        /// Where, in bytes from the start.
        offset: u64,
        /// The index of the function whose body it is in.
        function: Option<u32>,
        /// What is wrong.
        message: String,
    },
    /// The module breaks a rule of validation (specification: "Validation").
    #[error("invalid module at offset {offset:#x}: {message}")]
    Invalid {
        /// Where, in bytes from the start.
        offset: u64,
        /// The index of the function whose body it is in.
        function: Option<u32>,
        /// What is wrong.
        message: String,
    },
    /// The module is valid and uses something that trapline does not compile.
    #[error("unsupported: {what} at offset {offset:#x}")]
    Unsupported {
        /// What it uses.
        what: String,
        /// Where, in bytes from the start.
        offset: u64,
    },
    /// The module exceeds a limit of the implementation. That is not a verdict on it.
    #[error("{0}")]
    Limit(ExceededLimit),
    /// Cranelift refused a function that was translated from a valid body.
    #[error("failed to generate code for {function}: {error}")]
    Codegen {
        /// The function.
        function: FuncKey,
        /// Cranelift's reason.
        error: Box<CodegenError>,
    },
    /// Generated code holds something that no artefact may hold.
    #[error("failed to assemble {function}: {reason}")]
    Assembly {
        /// The function.
        function: FuncKey,
        /// What it holds.
        reason: String,
    },
    /// The object could not be written.
    #[error("failed to write the object: {0}")]
    Object(String),
    /// The description for debuggers could not be written.
    #[error("failed to write debug information: {0}")]
    DebugInfo(String),
    /// The manifest could not be encoded.
    #[error("failed to encode the manifest: {0}")]
    Manifest(#[from] ArtifactError),
}

impl CompileError {
    /// The index of the function that the error is about, if it is about one.
    pub fn function(&self) -> Option<u32> {
        match self {
            CompileError::Malformed { function, .. } | CompileError::Invalid { function, .. } => *function,
            CompileError::Unsupported { .. }
            | CompileError::Limit(_)
            | CompileError::Codegen { .. }
            | CompileError::Assembly { .. }
            | CompileError::Object(_)
            | CompileError::DebugInfo(_)
            | CompileError::Manifest(_) => None,
        }
    }
}

/// A limit of the implementation, and what exceeds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExceededLimit {
    /// What is limited, in the plural, such as `function parameters`.
    pub name: &'static str,
    /// The most that is taken, if it is one number.
    pub limit: Option<u64>,
    /// How much there is, as far as that is known.
    pub wanted: Option<u64>,
    /// Whether it is the decoder's limit and not the code generator's.
    pub in_decoder: bool,
}

impl ExceededLimit {
    /// A limit of the artefact's format, where 32 bits hold a number.
    pub(crate) fn of_32_bits(name: &'static str) -> ExceededLimit {
        ExceededLimit { name, limit: Some(u32::MAX.into()), wanted: None, in_decoder: false }
    }
}

impl fmt::Display for ExceededLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, limit, wanted, .. } = self;
        match (wanted, limit) {
            (Some(wanted), Some(limit)) => write!(f, "{wanted} {name}, where the limit is {limit}"),
            (None, Some(limit)) => write!(f, "more {name} than the limit of {limit}"),
            (Some(wanted), None) => write!(f, "{wanted} {name}, which is more than the limit"),
            (None, None) => write!(f, "more {name} than the limit"),
        }
    }
}

/// Why a profile cannot be compiled for.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Cranelift has no code generator for this machine.
    #[error("no code generator for this machine: {0}")]
    UnsupportedMachine(String),
    /// Cranelift refused a setting.
    #[error("failed to set up the code generator: {0}")]
    Settings(String),
}
