//! Artefacts in files: what one run compiles, another one loads.
//!
//! A folder of artefacts holds one *set* for each engine, profile, build of the compiler and choice of features:
//!
//! ```text
//! DIR/aot-3fa94c1b7d20/set.toml       what the set was made with; the folder's name is its hash
//!                      index.jsonl    a line for each module: its hash, and that of its artefact
//!                      <hash>.o       the artefact of the module with this BLAKE3 hash
//! ```
//!
//! Nothing is loaded that this build, asked for the same, would not have made: what is not in the index, is not as the
//! index says, or says something else of itself is an error, and never a reason to compile after all.

mod index;
mod set;

use super::error::PathError;
use super::kind::EngineKind;
use super::modules::ModuleKey;
use crate::reading;
use crate::trail::Lack;
use index::{Entry, IndexError};
use serde::{Deserialize, Serialize};
use set::{Description, Set};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use trapline_abi::artifact::Target;
use trapline_compiler::{Compiler, Profile, WasmFeatures};
use trapline_runtime::Module;

/// What an engine does with saved artefacts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Precompiled {
    /// Whether they are made or used.
    pub mode: Mode,
    /// The folder, absolute.
    pub folder: PathBuf,
    /// The command that makes them, but for the scripts: for messages.
    pub command: String,
}

/// Whether artefacts are made or used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Mode {
    /// Modules are compiled, and their artefacts saved.
    Save,
    /// Modules are validated, and their saved artefacts loaded. Nothing is compiled.
    Load,
}

/// How a code path keeps code in files.
pub(super) trait ArtifactFiles<Code> {
    /// The extension of their names.
    fn extension(&self) -> &'static str;

    /// Writes code to a file.
    fn write(&self, code: &Code, file: &Path) -> Result<(), PathError>;

    /// Brings the code of an artefact into memory.
    fn open(&self, artifact: &ArtifactFile) -> Result<Module, PathError>;
}

/// Writes an artefact to the file that it is given.
type Write<'a> = &'a dyn Fn(&Path) -> Result<(), PathError>;

/// Why an artefact was not saved or not found fit. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub(super) enum ArtifactError {
    /// A file of the store cannot be read or written.
    #[error("{action} {}: {cause}", path.display())]
    File { action: &'static str, path: PathBuf, cause: io::Error },
    /// The artefact could not be made.
    #[error("save the artefact {}: failed to {cause}", path.display())]
    Make { path: PathBuf, cause: PathError },
    /// The description of a set is not the one that its name stands for.
    #[error("use the artefacts in {}: set.toml does not say what the folder's name says", .0.display())]
    Description(PathBuf),
    /// The index of a set cannot be understood.
    #[error("read the index of artefacts {}: {cause}; `{command} SCRIPT` repairs it", path.display())]
    Damaged { path: PathBuf, cause: IndexError, command: String },
    /// There is no artefact.
    #[error("find the artefact {}: {why}; `{command} SCRIPT` makes it", path.display())]
    Missing { path: PathBuf, why: &'static str, command: String },
    /// There is one, and it is another one.
    #[error("use the artefact {}: {why}; `{command} SCRIPT` makes it anew", path.display())]
    Unfit { path: PathBuf, why: &'static str, command: String },
}

/// The file of an artefact, and what was in it when it was hashed.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct ArtifactFile {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// What has been kept of a module.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Kept {
    /// Its artefact, whose bytes are those that were saved.
    Artifact(ArtifactFile),
    /// Why it could not be compiled.
    Refusal(Lack),
}

/// The artefacts of one engine.
pub(super) struct Artifacts {
    precompiled: Precompiled,
    engine: EngineKind,
    profile: Profile,
    target: Target,
    /// What has been opened so far. All threads wait while one opens a set; there are few.
    sets: Mutex<HashMap<WasmFeatures, Arc<Set>>>,
}

impl Artifacts {
    pub(super) fn new(precompiled: Precompiled, engine: EngineKind, compiler: &Compiler) -> Artifacts {
        let (profile, target) = (*compiler.profile(), compiler.target().clone());
        Artifacts { precompiled, engine, profile, target, sets: Mutex::default() }
    }

    pub(super) fn mode(&self) -> Mode {
        self.precompiled.mode
    }

    /// Has `write` make the artefact of a module, and returns it. Other processes may be doing the same: the
    /// last one wins, and no process sees half a file.
    pub(super) fn save(
        &self,
        key: &ModuleKey,
        wasm_len: usize,
        extension: &str,
        write: Write<'_>,
    ) -> Result<ArtifactFile, ArtifactError> {
        self.set(key.features)?.save(key.wasm, wasm_len, extension, write)
    }

    /// Writes down that a module cannot be compiled.
    pub(super) fn save_refusal(
        &self,
        key: &ModuleKey,
        wasm_len: usize,
        lack: &Lack,
    ) -> Result<(), ArtifactError> {
        let entry = Entry::Refusal { bytes: wasm_len as u64, unsupported: lack.clone() };
        self.set(key.features)?.note(key.wasm, entry)
    }

    /// What was saved of a module.
    pub(super) fn find(&self, key: &ModuleKey, extension: &str) -> Result<Kept, ArtifactError> {
        let set = self.set(key.features)?;
        let path = set.file(key.wasm, extension);
        let missing = |why| ArtifactError::Missing { path: path.clone(), why, command: self.command() };
        let artifact = match set.entry(key.wasm) {
            None if set.is_new() => {
                return Err(missing("nothing was saved with this engine, profile, compiler and features"));
            }
            None => return Err(missing("the index does not have this module")),
            Some(Entry::Refusal { unsupported, .. }) => return Ok(Kept::Refusal(unsupported)),
            Some(Entry::Artifact { artifact, .. }) => artifact,
        };
        let bytes = match reading::read(&path) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Err(missing("the index has this module, and its file is gone"));
            }
            Err(cause) => return Err(ArtifactError::File { action: "read", path, cause }),
        };
        if blake3::hash(&bytes) != artifact {
            return Err(self.unfit(&path, "it is not the file that was saved"));
        }
        Ok(Kept::Artifact(ArtifactFile { path, bytes }))
    }

    /// Whether an artefact that has been loaded is one of this module and for this target.
    pub(super) fn check(&self, path: &Path, module: &Module, key: &ModuleKey) -> Result<(), ArtifactError> {
        let manifest = module.manifest();
        if manifest.wasm_hash != *key.wasm.as_bytes() {
            return Err(self.unfit(path, "it is of another module"));
        }
        if manifest.target != self.target {
            return Err(self.unfit(path, "it is for another target"));
        }
        Ok(())
    }

    fn unfit(&self, path: &Path, why: &'static str) -> ArtifactError {
        ArtifactError::Unfit { path: path.to_owned(), why, command: self.command() }
    }

    fn command(&self) -> String {
        self.precompiled.command.clone()
    }

    fn set(&self, features: WasmFeatures) -> Result<Arc<Set>, ArtifactError> {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(set) = sets.get(&features) {
            return Ok(set.clone());
        }
        let description = Description::new(self.engine, &self.profile, &self.target, features);
        let set = match self.precompiled.mode {
            Mode::Save => Set::create(&self.precompiled.folder, &description)?,
            Mode::Load => Set::open(&self.precompiled.folder, &description, &self.precompiled.command)?,
        };
        let set = Arc::new(set);
        sets.insert(features, set.clone());
        Ok(set)
    }
}
