//! The same code without a file: placed by a just-in-time compiler.

use super::artifacts::ArtifactFiles;
use super::path::{CodePath, PathError};
use std::sync::Arc;
use trapline_compiler::{CompileError, CompileTimings, Compiler, JitCode, WasmFeatures};
use trapline_runtime::{Module, PlacedCode};

/// The path of code that cranelift-jit places in executable memory. CLIF, profile and side tables are those of the
/// ahead-of-time path; the memory is freed with the module.
pub(super) struct Placed;

/// Keeps the memory of a compilation for as long as its code may run.
#[derive(Debug)]
struct Kept(Arc<JitCode>);

impl PlacedCode for Kept {
    fn text(&self) -> &[u8] {
        self.0.text()
    }

    fn debug_image(&self) -> Option<&[u8]> {
        self.0.debug_image()
    }
}

impl CodePath for Placed {
    type Code = JitCode;

    fn compile(
        compiler: &Compiler,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(JitCode, CompileTimings), CompileError> {
        compiler.compile_jit(wasm, features)
    }

    /// Calls within the text are relative, so it is the same wherever it lies.
    fn bytes(code: &JitCode) -> &[u8] {
        code.text()
    }

    fn load(&self, code: JitCode) -> Result<Module, PathError> {
        let code = Arc::new(code);
        let kept = Box::new(Kept(code.clone()));
        Ok(Module::from_placed(code.manifest().clone(), code.data(), kept)?)
    }

    fn files(&self) -> Option<&dyn ArtifactFiles<JitCode>> {
        None
    }
}
