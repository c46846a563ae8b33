//! What makes an engine, in a form that another process can make the same one from.

use super::{AotEngine, Engine};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use trapline_compiler::{Profile, ProfileError};

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
}

impl EngineSpec {
    /// Makes the engine.
    ///
    /// # Errors
    ///
    /// When this machine cannot run what the profile asks for.
    pub fn build(&self) -> Result<Arc<dyn Engine>, ProfileError> {
        match self.kind {
            EngineKind::Aot => Ok(Arc::new(AotEngine::new(self.name.as_str(), self.profile)?)),
        }
    }
}
