//! What makes an engine, in a form that another process can make the same one from.

use super::aot::Mapped;
use super::artifacts::{Artifacts, Precompiled};
use super::compilations::Compilations;
use super::jit::Placed;
use super::kind::EngineKind;
use super::linked::{Linked, Linker, Scratch, SystemLinker};
use super::native::NativeEngine;
use super::path::{CompilingEngine, PathOptions};
use super::profiler::{PerfMap, PerfMapError, Profiler};
use super::scratch::ScratchFolder;
use super::settings::HeapSettings;
use crate::executor::Engine;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use trapline_compiler::{Compiler, Graft, Profile, ProfileError};

/// The description of an engine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EngineSpec {
    /// Its name in reports.
    pub name: String,
    /// How compiled code comes into memory.
    pub kind: EngineKind,
    /// How code is generated.
    pub profile: Profile,
    /// How objects are kept.
    pub heap: HeapSettings,
    /// The saved artefacts that it makes or uses, if any.
    pub precompiled: Option<Precompiled>,
    /// Who is told of the code.
    pub profiler: Option<Profiler>,
    /// The functions that have code of another profile, if any.
    pub graft: Option<Graft>,
    /// Whether it also runs objects that were compiled before, where scripts have binaries of modules.
    pub takes_objects: bool,
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
    /// Its modules are not those of trapline's runtime.
    #[error("run a single module: the engine {0} runs scripts only")]
    NotOwn(&'static str),
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
        self.build_with(None, None)
    }

    /// Makes the engine like [`EngineSpec::build`], with a folder for temporary files that the caller keeps, and a linker
    /// that is not this process.
    ///
    /// # Errors
    ///
    /// As [`EngineSpec::build`].
    pub fn build_with(
        &self,
        scratch: Option<&Path>,
        linker: Option<Arc<dyn Linker>>,
    ) -> Result<Arc<dyn Engine>, BuildError> {
        self.build_sharing(scratch, linker, None)
    }

    /// Makes several engines, which share what they compile. Each of them can with the first.
    ///
    /// # Errors
    ///
    /// As [`EngineSpec::build`].
    pub(crate) fn build_all(
        specs: &[EngineSpec],
        scratch: Option<&Path>,
        linker: Option<&Arc<dyn Linker>>,
    ) -> Result<Vec<Arc<dyn Engine>>, BuildError> {
        let shared = match specs {
            [first, _, ..] => Some(Arc::new(Compilations::new(first.compiler()?, true))),
            _ => None,
        };
        specs.iter().map(|spec| spec.build_sharing(scratch, linker.cloned(), shared.clone())).collect()
    }

    /// Whether an engine of this description makes the same code, before it is anywhere, as one of the other; and neither needs
    /// anything that the other must not have.
    pub(crate) fn shares_with(&self, other: &EngineSpec) -> bool {
        let is_plain = |spec: &EngineSpec| {
            EngineKind::OWN.contains(&spec.kind) && !spec.kind.needs_scratch() && spec.precompiled.is_none()
        };
        is_plain(self)
            && is_plain(other)
            && self.profile == other.profile
            && self.graft == other.graft
            && self.takes_objects == other.takes_objects
            // What a worker may have in memory does not depend on who shares it.
            && self.heap.bytes_beyond_default() == other.heap.bytes_beyond_default()
    }

    fn compiler(&self) -> Result<Compiler, ProfileError> {
        match &self.graft {
            Some(graft) => Compiler::with_graft(self.profile, graft.clone()),
            None => Compiler::new(self.profile),
        }
    }

    fn build_sharing(
        &self,
        scratch: Option<&Path>,
        linker: Option<Arc<dyn Linker>>,
        shared: Option<Arc<Compilations>>,
    ) -> Result<Arc<dyn Engine>, BuildError> {
        match self.kind {
            #[cfg(feature = "oracles")]
            EngineKind::Wasmi if self.precompiled.is_none() => {
                Ok(Arc::new(crate::oracle::Wasmi::new(self.name.as_str()).with_limits(&self.heap.config())))
            }
            _ => Ok(self.build_native_with(scratch, linker, shared)?),
        }
    }

    /// Makes the engine like [`EngineSpec::build`], with its modules within reach, and perhaps with a folder for temporary files
    /// that the caller keeps.
    ///
    /// # Errors
    ///
    /// As [`EngineSpec::build`], and if it is not one of trapline's own.
    pub fn build_native(&self, scratch: Option<&Path>) -> Result<Arc<dyn NativeEngine>, BuildError> {
        self.build_native_with(scratch, None, None)
    }

    fn build_native_with(
        &self,
        scratch: Option<&Path>,
        linker: Option<Arc<dyn Linker>>,
        shared: Option<Arc<Compilations>>,
    ) -> Result<Arc<dyn NativeEngine>, BuildError> {
        if self.precompiled.is_some() && !self.kind.has_artifacts() {
            return Err(BuildError::NoArtifacts(self.kind.name()));
        }
        let name = self.name.as_str();
        let compilations = match shared {
            Some(shared) => shared,
            None => Arc::new(Compilations::new(self.compiler()?, false)),
        };
        let precompiled = self.precompiled.clone();
        let artifacts = precompiled.map(|wanted| Artifacts::new(wanted, self.kind, compilations.compiler()));
        let map = self.profiler.map(|Profiler::PerfMap| PerfMap::of_process()).transpose()?;
        let options = PathOptions { heap: self.heap, takes_objects: self.takes_objects };
        Ok(match self.kind {
            EngineKind::Aot => {
                Arc::new(CompilingEngine::on_path(name, compilations, Mapped, artifacts, map).with(options))
            }
            EngineKind::Jit => {
                Arc::new(CompilingEngine::on_path(name, compilations, Placed, artifacts, map).with(options))
            }
            EngineKind::Linked => {
                let scratch = match scratch {
                    Some(folder) => Scratch::Lent(folder.to_owned()),
                    None => Scratch::Own(ScratchFolder::new()?),
                };
                let linker = linker.unwrap_or_else(|| Arc::new(SystemLinker));
                let linked = Linked::new(scratch, linker, self.profile.debug_info);
                Arc::new(CompilingEngine::on_path(name, compilations, linked, artifacts, map).with(options))
            }
            #[cfg(feature = "oracles")]
            EngineKind::Wasmi => return Err(BuildError::NotOwn(self.kind.name())),
        })
    }
}
