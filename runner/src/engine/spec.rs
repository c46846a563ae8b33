//! What makes an engine, in a form that another process can make the same one from.

use super::aot::Mapped;
use super::artifacts::{Artifacts, Precompiled};
use super::jit::Placed;
use super::linked::{Linked, Scratch};
use super::profiler::{PerfMap, PerfMapError, Profiler};
use super::scratch::ScratchFolder;
use super::{CompilingEngine, NativeEngine};
use crate::executor::Engine;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use trapline_compiler::{Compiler, Profile, ProfileError};

/// The description of an engine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EngineSpec {
    /// Its name in reports.
    pub name: String,
    /// How compiled code comes into memory.
    pub kind: EngineKind,
    /// How code is generated.
    pub profile: Profile,
    /// The saved artefacts that it makes or uses, if any.
    pub precompiled: Option<Precompiled>,
    /// Who is told of the code.
    pub profiler: Option<Profiler>,
}

/// How compiled code comes into memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum EngineKind {
    /// As an ELF object that the runtime maps and relocates.
    Aot,
    /// As machine code that a just-in-time compiler places.
    Jit,
    /// As a shared object that the system's linker makes of the ELF object, and its dynamic linker
    /// maps.
    Linked,
}

impl EngineKind {
    /// The name on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            EngineKind::Aot => "aot",
            EngineKind::Jit => "jit",
            EngineKind::Linked => "linked",
        }
    }

    /// Whether its code can be kept in files, and used by another process.
    pub const fn has_artifacts(self) -> bool {
        match self {
            EngineKind::Aot | EngineKind::Linked => true,
            EngineKind::Jit => false,
        }
    }

    /// Whether it needs a folder for temporary files.
    pub const fn needs_scratch(self) -> bool {
        match self {
            EngineKind::Linked => true,
            EngineKind::Aot | EngineKind::Jit => false,
        }
    }
}

/// Why an engine could not be made. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// This machine cannot run what the profile asks for.
    #[error("{0}")]
    Profile(#[from] ProfileError),
    /// There is no folder for the files of a linker.
    #[error("make a temporary folder: {0}")]
    Folder(#[from] std::io::Error),
    /// Its code exists in memory only.
    #[error("save or load artefacts: the engine {0} has none")]
    NoArtifacts(&'static str),
    /// There is no file for the profiler.
    #[error("{0}")]
    Profiler(#[from] PerfMapError),
}

impl EngineSpec {
    /// Makes the engine.
    ///
    /// # Errors
    ///
    /// When this machine cannot run what the profile asks for, there is no folder for the files of a linker or a
    /// profiler, or saved artefacts are asked of an engine that has none.
    pub fn build(&self) -> Result<Arc<dyn Engine>, BuildError> {
        self.build_with(None)
    }

    /// Makes the engine like [`EngineSpec::build`], with a folder for temporary files that the caller keeps.
    ///
    /// # Errors
    ///
    /// As [`EngineSpec::build`].
    pub fn build_with(&self, scratch: Option<&Path>) -> Result<Arc<dyn Engine>, BuildError> {
        Ok(self.build_native(scratch)?)
    }

    /// Makes the engine like [`EngineSpec::build_with`], with its modules within reach.
    ///
    /// # Errors
    ///
    /// As [`EngineSpec::build`].
    pub fn build_native(&self, scratch: Option<&Path>) -> Result<Arc<dyn NativeEngine>, BuildError> {
        if self.precompiled.is_some() && !self.kind.has_artifacts() {
            return Err(BuildError::NoArtifacts(self.kind.name()));
        }
        let name = self.name.as_str();
        let compiler = Compiler::new(self.profile)?;
        let precompiled = self.precompiled.clone();
        let artifacts = precompiled.map(|wanted| Artifacts::new(wanted, self.kind, &compiler));
        let map = self.profiler.map(|Profiler::PerfMap| PerfMap::of_process()).transpose()?;
        Ok(match self.kind {
            EngineKind::Aot => Arc::new(CompilingEngine::on_path(name, compiler, Mapped, artifacts, map)),
            EngineKind::Jit => Arc::new(CompilingEngine::on_path(name, compiler, Placed, artifacts, map)),
            EngineKind::Linked => {
                let scratch = match scratch {
                    Some(folder) => Scratch::Lent(folder.to_owned()),
                    None => Scratch::Own(ScratchFolder::new()?),
                };
                let linked = Linked::new(scratch, self.profile.debug_info);
                Arc::new(CompilingEngine::on_path(name, compiler, linked, artifacts, map))
            }
        })
    }
}
