//! The object through the system's own tools: linked into a shared object, then opened by the
//! dynamic linker.

use super::spec::store_config;
use super::timings::Spent;
use super::{BuildError, Engine, EngineError, EngineTimings, byte_difference};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tempfile::TempDir;
use trapline_compiler::{CompileTimings, Compiler, Profile, WasmFeatures};
use trapline_runtime::{Module, StoreConfig};

/// Compiles ahead of time, links with `cc -shared` and opens the result with `dlopen`.
pub struct LinkedEngine {
    name: Arc<str>,
    compiler: Compiler,
    folder: TempDir,
    /// How many files were made: every one has a name of its own, because a path that was opened
    /// before gives the old library.
    files: AtomicU64,
    spent: Spent,
}

/// Why an object could not be linked. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
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

/// Links an object file into a shared object, with the program that the environment variable `CC`
/// names, by default `cc`.
///
/// # Errors
///
/// When there is no such program, or it refuses.
pub fn link(object: &Path, shared: &Path) -> Result<(), LinkError> {
    let linker = std::env::var("CC").ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "cc".to_owned());
    let output = Command::new(&linker)
        .args(["-shared", "-nostdlib", "-Wl,-z,noexecstack", "-o"])
        .args([shared, object])
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| LinkError::Start { linker, cause })?;
    if output.status.success() {
        return Ok(());
    }
    let message = format!("{}, {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    Err(LinkError::Refused { path: object.to_owned(), message })
}

impl LinkedEngine {
    /// An engine for a profile, under the name that reports have for it.
    ///
    /// # Errors
    ///
    /// When this machine cannot run what the profile asks for, or there is no temporary folder.
    pub fn new(name: impl Into<Arc<str>>, profile: Profile) -> Result<LinkedEngine, BuildError> {
        Ok(LinkedEngine {
            name: name.into(),
            compiler: Compiler::new(profile)?,
            folder: tempfile::Builder::new().prefix("trapline-").tempdir()?,
            files: AtomicU64::new(0),
            spent: Spent::default(),
        })
    }

    fn load(&self, object: &[u8], timings: CompileTimings) -> Result<Module, EngineError> {
        let begin = Instant::now();
        let module = self.open(object).map_err(EngineError::Harness)?;
        self.spent.add(timings, begin.elapsed(), module.manifest().text_len);
        Ok(module)
    }

    fn open(&self, bytes: &[u8]) -> Result<Module, String> {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        let object = self.folder.path().join(format!("{number}.o"));
        let shared = self.folder.path().join(format!("{number}.so"));
        let failed = |error: &dyn std::fmt::Display| format!("failed to {error}");
        std::fs::write(&object, bytes)
            .map_err(|cause| failed(&LinkError::Write { path: object.clone(), cause }))?;
        link(&object, &shared).map_err(|error| failed(&error))?;
        let module = Module::from_shared_object(&shared).map_err(|error| failed(&error));
        for file in [object, shared] {
            // What is open stays mapped; a file that is left behind goes with the folder.
            let _ = std::fs::remove_file(file);
        }
        module
    }
}

impl Engine for LinkedEngine {
    fn name(&self) -> &str {
        &self.name
    }

    fn profile(&self) -> Option<&Profile> {
        Some(self.compiler.profile())
    }

    fn timings(&self) -> EngineTimings {
        self.spent.read()
    }

    fn store_config(&self) -> StoreConfig {
        store_config(self.compiler.profile())
    }

    fn compile(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError> {
        let (object, timings) = self.compiler.compile_timed(wasm, features)?;
        self.load(&object, timings)
    }

    fn compile_twice(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(Module, Option<String>), EngineError> {
        let (object, timings) = self.compiler.compile_timed(wasm, features)?;
        let again = self.compiler.compile(wasm, features)?;
        Ok((self.load(&object, timings)?, byte_difference(&object, &again)))
    }
}
