//! The object through the system's own tools: linked into a shared object, then opened by the
//! dynamic linker.

use super::artifacts::{ArtifactFile, ArtifactFiles};
use super::error::{LinkerError, PathError};
use super::path::CodePath;
use super::scratch::ScratchFolder;
use super::trust;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use trapline_compiler::{CompileError, CompiledModule, Compiler};
use trapline_runtime::{LoadOptions, Module};

/// The path of objects that `cc -shared` links and `dlopen` opens.
pub(super) struct Linked {
    scratch: Scratch,
    linker: Arc<dyn Linker>,
    /// Whether shared objects stay for as long as the folder: debuggers read the files, too.
    keeps_files: bool,
    /// How many files were made: every one has a name of its own, because a path that was opened
    /// before gives the old library.
    files: AtomicU64,
}

/// The folder for the files of the linker.
pub(super) enum Scratch {
    /// The caller's, who removes it with all that is left in it.
    Lent(PathBuf),
    /// Removed with the engine.
    Own(ScratchFolder),
}

impl Scratch {
    fn path(&self) -> &Path {
        match self {
            Scratch::Lent(path) => path,
            Scratch::Own(folder) => folder.path(),
        }
    }
}

/// What makes a shared object of an object.
pub trait Linker: std::fmt::Debug + Send + Sync {
    /// Links an object file into a shared object.
    ///
    /// # Errors
    ///
    /// When there is no linker, or it refuses.
    fn link(&self, object: &Path, shared: &Path) -> Result<(), LinkerError>;
}

/// The program that the environment variable `CC` names, by default `cc`. Its own temporary files go to the folder of the
/// object.
#[derive(Clone, Copy, Debug)]
pub struct SystemLinker;

impl Linker for SystemLinker {
    fn link(&self, object: &Path, shared: &Path) -> Result<(), LinkerError> {
        let linker = std::env::var("CC").ok().filter(|name| !name.is_empty());
        let linker = linker.unwrap_or_else(|| "cc".to_owned());
        let mut command = Command::new(&linker);
        command.args(["-shared", "-nostdlib", "-Wl,-z,noexecstack", "-o"]).args([shared, object]);
        if let Some(folder) = object.parent() {
            command.env("TMPDIR", folder);
        }
        let output =
            command.stdin(Stdio::null()).output().map_err(|cause| LinkerError::Start { linker, cause })?;
        if output.status.success() {
            return Ok(());
        }
        let message = format!("{}, {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
        Err(LinkerError::Refused { path: object.to_owned(), message })
    }
}

/// Links an object file into a shared object with the system's linker.
///
/// # Errors
///
/// As [`Linker::link`].
pub fn link(object: &Path, shared: &Path) -> Result<(), LinkerError> {
    SystemLinker.link(object, shared)
}

impl Linked {
    pub(super) fn new(scratch: Scratch, linker: Arc<dyn Linker>, keeps_files: bool) -> Linked {
        Linked { scratch, linker, keeps_files, files: AtomicU64::new(0) }
    }

    /// A new name in the scratch folder, which other processes may be using, too.
    fn new_file(&self) -> PathBuf {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        self.scratch.path().join(format!("{}-{number}", std::process::id()))
    }

    fn link(&self, bytes: &[u8], shared: &Path) -> Result<(), LinkerError> {
        let object = self.new_file().with_extension("o");
        let linked = std::fs::write(&object, bytes)
            .map_err(|cause| LinkerError::Write { path: object.clone(), cause })
            .and_then(|()| self.linker.link(&object, shared));
        remove(&object);
        linked
    }
}

/// Removes a file that is not needed any more; one that stays goes with its folder.
fn remove(file: &Path) {
    let _ = std::fs::remove_file(file);
}

impl CodePath for Linked {
    type Code = Vec<u8>;

    fn emit(compiler: &Compiler, compiled: &CompiledModule) -> Result<Vec<u8>, CompileError> {
        compiler.object(compiled)
    }

    fn of_object(object: &[u8]) -> Option<Vec<u8>> {
        Some(object.to_vec())
    }

    fn load(&self, object: Vec<u8>) -> Result<Module, PathError> {
        let shared = self.new_file().with_extension("so");
        let linked = self.link(&object, &shared).map_err(PathError::from);
        let module = linked.and_then(|()| Ok(trust::shared_object(&shared, LoadOptions::default())?));
        // What is open stays mapped.
        if !self.keeps_files {
            remove(&shared);
        }
        module
    }

    fn files(&self) -> Option<&dyn ArtifactFiles<Vec<u8>>> {
        Some(self)
    }
}

impl ArtifactFiles<Vec<u8>> for Linked {
    fn extension(&self) -> &'static str {
        "so"
    }

    fn write(&self, object: &Vec<u8>, file: &Path) -> Result<(), PathError> {
        Ok(self.link(object, file)?)
    }

    /// The dynamic linker opens paths, and not bytes that were read from one. It is the runtime that makes sure of the code
    /// which is then in memory: its hash is the one that the manifest has.
    fn open(&self, artifact: &ArtifactFile) -> Result<Module, PathError> {
        Ok(trust::shared_object(&artifact.path, LoadOptions::default())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trapline_compiler::{Profile, supported_features};

    /// A debugger that comes later reads them; without debug information there is nothing in them that memory has not.
    #[test]
    fn shared_objects_are_kept_for_debuggers() {
        let wasm = wat::parse_str("(module (func))").unwrap();
        for (debug_info, wanted) in [(false, 0), (true, 2)] {
            let folder = ScratchFolder::new().unwrap();
            let scratch = Scratch::Lent(folder.path().to_owned());
            let path = Linked::new(scratch, Arc::new(SystemLinker), debug_info);
            let compiler = Compiler::new(Profile { debug_info, ..Profile::default() }).unwrap();
            let modules = [(); 2].map(|()| {
                let (object, _) = compiler.compile_timed(&wasm, supported_features()).unwrap();
                path.load(object).unwrap()
            });
            let entries = std::fs::read_dir(folder.path()).unwrap();
            let files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
            assert_eq!(files.len(), wanted, "{files:?}");
            assert!(files.iter().all(|file| file.extension().is_some_and(|extension| extension == "so")));
            drop(modules);
        }
    }
}
