//! The default engine: every module becomes an ELF object, which is then mapped.

use super::artifacts::{ArtifactFile, ArtifactFiles};
use super::compilations::Compilations;
use super::error::{LinkerError, PathError};
use super::path::{CodePath, CompilingEngine};
use super::trust;
use std::path::Path;
use std::sync::Arc;
use trapline_compiler::{CompileError, CompiledModule, Compiler, Profile, ProfileError};
use trapline_runtime::{LoadOptions, Module};

/// Compiles ahead of time: wasm to an ELF object, and the object's bytes to mapped code.
pub type AotEngine = CompilingEngine<Mapped>;

impl AotEngine {
    /// An engine for a profile, under the name that reports have for it.
    ///
    /// # Errors
    ///
    /// When this machine cannot run what the profile asks for.
    pub fn new(name: impl Into<Arc<str>>, profile: Profile) -> Result<AotEngine, ProfileError> {
        let compilations = Arc::new(Compilations::new(Compiler::new(profile)?, false));
        Ok(CompilingEngine::on_path(name, compilations, Mapped, None, None))
    }
}

/// The path of objects that the runtime maps and relocates itself.
pub struct Mapped;

impl CodePath for Mapped {
    type Code = Vec<u8>;

    fn emit(compiler: &Compiler, compiled: &CompiledModule) -> Result<Vec<u8>, CompileError> {
        compiler.object(compiled)
    }

    fn of_object(object: &[u8]) -> Option<Vec<u8>> {
        Some(object.to_vec())
    }

    fn load(&self, object: Vec<u8>) -> Result<Module, PathError> {
        Ok(trust::object(&object, LoadOptions::default())?)
    }

    fn files(&self) -> Option<&dyn ArtifactFiles<Vec<u8>>> {
        Some(self)
    }
}

impl ArtifactFiles<Vec<u8>> for Mapped {
    fn extension(&self) -> &'static str {
        "o"
    }

    fn write(&self, object: &Vec<u8>, file: &Path) -> Result<(), PathError> {
        std::fs::write(file, object)
            .map_err(|cause| LinkerError::Write { path: file.to_owned(), cause }.into())
    }

    fn open(&self, artifact: &ArtifactFile) -> Result<Module, PathError> {
        Ok(trust::object(&artifact.bytes, LoadOptions::default())?)
    }
}
