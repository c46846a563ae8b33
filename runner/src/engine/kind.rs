//! The kinds of engines.

use serde::{Deserialize, Serialize};

/// What runs modules, and how compiled code comes into memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum EngineKind {
    /// As an ELF object that the runtime maps and relocates.
    Aot,
    /// As machine code that a just-in-time compiler places.
    Jit,
    /// As a shared object that the system's linker makes of the ELF object, and its dynamic linker
    /// maps.
    Linked,
    /// Not compiled: the interpreter wasmi.
    #[cfg(feature = "oracles")]
    Wasmi,
}

impl EngineKind {
    /// trapline's own.
    pub const OWN: [EngineKind; 3] = [EngineKind::Aot, EngineKind::Jit, EngineKind::Linked];

    /// Engines that are not trapline's, as far as this build has them.
    pub const ORACLES: &'static [EngineKind] = &[
        #[cfg(feature = "oracles")]
        EngineKind::Wasmi,
    ];

    /// Every kind.
    pub fn all() -> impl Iterator<Item = EngineKind> {
        EngineKind::OWN.into_iter().chain(EngineKind::ORACLES.iter().copied())
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<EngineKind> {
        EngineKind::all().find(|kind| kind.name() == name)
    }

    /// The name on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            EngineKind::Aot => "aot",
            EngineKind::Jit => "jit",
            EngineKind::Linked => "linked",
            #[cfg(feature = "oracles")]
            EngineKind::Wasmi => "wasmi",
        }
    }

    /// Whether it is an engine of others. There is nothing to choose about how it runs modules.
    pub fn is_oracle(self) -> bool {
        EngineKind::ORACLES.contains(&self)
    }

    /// Whether its code can be kept in files, and used by another process.
    pub const fn has_artifacts(self) -> bool {
        match self {
            EngineKind::Aot | EngineKind::Linked => true,
            EngineKind::Jit => false,
            #[cfg(feature = "oracles")]
            EngineKind::Wasmi => false,
        }
    }

    /// Whether it needs a folder for temporary files.
    pub const fn needs_scratch(self) -> bool {
        match self {
            EngineKind::Linked => true,
            EngineKind::Aot | EngineKind::Jit => false,
            #[cfg(feature = "oracles")]
            EngineKind::Wasmi => false,
        }
    }
}
