//! One set of artefacts: all that were made alike.

use super::index::{self, Entry, IndexError};
use super::{ArtifactError, ArtifactFile, EngineKind, Write};
use crate::reading;
use crate::whole_file::{self, WholeFile};
use serde::Serialize;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use trapline_abi::artifact::{self, Target};
use trapline_compiler::{Profile, WasmFeatures, feature_names};

/// All that the artefact of a module depends on, but for the module.
#[derive(Serialize)]
pub(super) struct Description<'a> {
    engine: &'static str,
    /// The build of the compiler.
    compiler: String,
    /// The version of the format.
    format: u32,
    /// The hash of what code and runtime agree on.
    abi: String,
    architecture: &'a str,
    cpu_features: &'a [String],
    /// What modules were validated with.
    features: Vec<String>,
    profile: &'a Profile,
}

impl<'a> Description<'a> {
    pub(super) fn new(
        engine: EngineKind,
        profile: &'a Profile,
        target: &'a Target,
        features: WasmFeatures,
    ) -> Description<'a> {
        Description {
            engine: engine.name(),
            compiler: trapline_compiler::build_name(),
            format: artifact::VERSION,
            abi: format!("{:016x}", trapline_abi::abi_hash()),
            architecture: &target.architecture,
            cpu_features: &target.cpu_features,
            features: feature_names(features),
            profile,
        }
    }

    fn text(&self) -> io::Result<String> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        Ok(format!(
            "# What these artefacts were made with; index.jsonl says which modules they are of.\n{text}"
        ))
    }
}

/// The artefacts in one folder.
pub(super) struct Set {
    folder: PathBuf,
    state: Mutex<State>,
    /// Whether the folder did not exist, or was made just now.
    new: bool,
}

struct State {
    entries: HashMap<blake3::Hash, Entry>,
    /// `None` if nothing is to be added.
    writer: Option<index::Writer>,
}

const DESCRIPTION: &str = "set.toml";
const INDEX: &str = "index.jsonl";

/// Where the set with this description lies.
fn place(store: &Path, engine: &str, description: &str) -> PathBuf {
    let hash = blake3::hash(description.as_bytes()).to_hex();
    store.join(format!("{engine}-{}", &hash[..12]))
}

impl Set {
    /// Opens a set to add to it; it is made if it is not there.
    pub(super) fn create(store: &Path, description: &Description<'_>) -> Result<Set, ArtifactError> {
        let (folder, text) = located(store, description)?;
        let failed =
            |action, path: &Path, cause| ArtifactError::File { action, path: path.to_owned(), cause };
        std::fs::create_dir_all(&folder).map_err(|cause| failed("create", &folder, cause))?;
        let new = is_new(&folder, &text)?;
        if new {
            let path = folder.join(DESCRIPTION);
            whole_file::write(&path, text.as_bytes()).map_err(|cause| failed("write", &path, cause))?;
        }
        let path = folder.join(INDEX);
        let (writer, entries) = index::Writer::open(&path).map_err(|cause| failed("write", &path, cause))?;
        Ok(Set { folder, state: Mutex::new(State { entries, writer: Some(writer) }), new })
    }

    /// Opens a set to read it. One that is not there is empty. `command` repairs it.
    pub(super) fn open(
        store: &Path,
        description: &Description<'_>,
        command: &str,
    ) -> Result<Set, ArtifactError> {
        let (folder, text) = located(store, description)?;
        let new = is_new(&folder, &text)?;
        let path = folder.join(INDEX);
        let entries = match new {
            true => HashMap::new(),
            false => index::read(&path).map_err(|cause| match cause {
                IndexError::File(cause) => ArtifactError::File { action: "read", path, cause },
                cause @ IndexError::Line { .. } => {
                    ArtifactError::Damaged { path, cause, command: command.to_owned() }
                }
            })?,
        };
        Ok(Set { folder, state: Mutex::new(State { entries, writer: None }), new })
    }

    pub(super) fn is_new(&self) -> bool {
        self.new
    }

    /// The file for the artefact of a module.
    pub(super) fn file(&self, wasm: blake3::Hash, extension: &str) -> PathBuf {
        self.folder.join(format!("{}.{extension}", wasm.to_hex()))
    }

    pub(super) fn entry(&self, wasm: blake3::Hash) -> Option<Entry> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).entries.get(&wasm).cloned()
    }

    pub(super) fn save(
        &self,
        wasm: blake3::Hash,
        wasm_len: usize,
        extension: &str,
        write: Write<'_>,
    ) -> Result<ArtifactFile, ArtifactError> {
        let path = self.file(wasm, extension);
        let failed = |action| {
            let path = path.clone();
            move |cause| ArtifactError::File { action, path, cause }
        };
        let file = WholeFile::begin(&path).map_err(failed("create"))?;
        write(file.temporary()).map_err(|cause| ArtifactError::Make { path: path.clone(), cause })?;
        let bytes = std::fs::read(file.temporary()).map_err(failed("read"))?;
        file.finish().map_err(failed("write"))?;
        let entry = Entry::Artifact { bytes: wasm_len as u64, artifact: blake3::hash(&bytes) };
        self.note(wasm, entry)?;
        Ok(ArtifactFile { path, bytes })
    }

    /// Adds an entry to the index, unless it is there.
    pub(super) fn note(&self, wasm: blake3::Hash, entry: Entry) -> Result<(), ArtifactError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.entries.get(&wasm) == Some(&entry) {
            return Ok(());
        }
        if let Some(writer) = &mut state.writer {
            let failed =
                |cause| ArtifactError::File { action: "write", path: self.folder.join(INDEX), cause };
            writer.add(wasm, entry.clone()).map_err(failed)?;
        }
        state.entries.insert(wasm, entry);
        Ok(())
    }
}

/// Whether a folder has no description yet.
fn is_new(folder: &Path, text: &str) -> Result<bool, ArtifactError> {
    let path = folder.join(DESCRIPTION);
    match reading::read_text(&path) {
        Ok(found) if found == text => Ok(false),
        Ok(_) => Err(ArtifactError::Description(folder.to_owned())),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(cause) => Err(ArtifactError::File { action: "read", path, cause }),
    }
}

fn located(store: &Path, description: &Description<'_>) -> Result<(PathBuf, String), ArtifactError> {
    let text = description.text();
    let text = text.map_err(|cause| ArtifactError::File {
        action: "describe the artefacts in",
        path: store.to_owned(),
        cause,
    })?;
    Ok((place(store, description.engine, &text), text))
}
