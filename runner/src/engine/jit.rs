//! The same code without a file: placed by a just-in-time compiler.

use super::artifacts::ArtifactFiles;
use super::error::PathError;
use super::path::CodePath;
use super::trust;
use trapline_compiler::{CompileError, CompiledModule, Compiler, JitCode};
use trapline_runtime::Module;

/// The path of code that cranelift-jit places in executable memory. CLIF, profile and side tables are those of the
/// ahead-of-time path; the memory is freed with the module.
pub(super) struct Placed;

impl CodePath for Placed {
    type Code = JitCode;

    fn emit(compiler: &Compiler, compiled: &CompiledModule) -> Result<JitCode, CompileError> {
        compiler.place(compiled)
    }

    fn of_object(_object: &[u8]) -> Option<JitCode> {
        None
    }

    fn load(&self, code: JitCode) -> Result<Module, PathError> {
        Ok(trust::placed(code)?)
    }

    fn files(&self) -> Option<&dyn ArtifactFiles<JitCode>> {
        None
    }
}
