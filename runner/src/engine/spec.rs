//! What makes an engine, in a form that another process can make the same one from.

use super::{AotEngine, Engine, JitEngine, LinkedEngine};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use trapline_compiler::{Profile, ProfileError};
use trapline_runtime::StoreConfig;

/// The description of an engine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EngineSpec {
    /// Its name in reports.
    pub name: String,
    /// How compiled code comes into memory.
    pub kind: EngineKind,
    /// How code is generated.
    pub profile: Profile,
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
}

/// How stores for modules of a profile must be made.
pub(super) fn store_config(profile: &Profile) -> StoreConfig {
    StoreConfig { memory_style: profile.memory_style, ..StoreConfig::default() }
}

impl EngineSpec {
    /// Makes the engine.
    ///
    /// # Errors
    ///
    /// When this machine cannot run what the profile asks for, or there is no folder for the files
    /// of a linker.
    pub fn build(&self) -> Result<Arc<dyn Engine>, BuildError> {
        let name = self.name.as_str();
        Ok(match self.kind {
            EngineKind::Aot => Arc::new(AotEngine::new(name, self.profile)?),
            EngineKind::Jit => Arc::new(JitEngine::new(name, self.profile)?),
            EngineKind::Linked => Arc::new(LinkedEngine::new(name, self.profile)?),
        })
    }
}
