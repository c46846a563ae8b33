//! Why a module or a profile was refused.

use cranelift_codegen::CodegenError;
use trapline_abi::FuncKey;
use trapline_abi::artifact::ArtifactError;

/// Why a module could not be compiled.
///
/// The first two cases are the specification's: a *malformed* module is no encoding of a module at
/// all, an *invalid* one is well-formed and breaks a rule of validation.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The bytes do not encode a module (specification: "Binary Format").
    #[error("malformed module at offset {offset:#x}: {message}")]
    Malformed {
        /// Where, in bytes from the start.
        offset: u64,
        /// What is wrong.
        message: String,
    },
    /// The module breaks a rule of validation (specification: "Validation").
    #[error("invalid module at offset {offset:#x}: {message}")]
    Invalid {
        /// Where, in bytes from the start.
        offset: u64,
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
    /// The module exceeds a limit of the implementation.
    #[error("module exceeds a limit: {0}")]
    Limit(String),
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
