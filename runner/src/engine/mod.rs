//! trapline's own engines: they compile modules and run them on trapline's runtime.

mod aot;
mod artifacts;
mod compilations;
mod error;
pub(crate) mod host;
mod jit;
mod kind;
mod linked;
mod listing;
mod modules;
mod native;
pub(crate) mod observe;
mod path;
mod profiler;
mod properties;
mod provided;
mod scratch;
mod settings;
mod spec;
pub(crate) mod trust;
mod variant;

pub use aot::{AotEngine, Mapped};
pub use artifacts::{Mode, Precompiled};
pub use error::LinkerError;
pub use kind::EngineKind;
pub use linked::{Linker, SystemLinker, link};
pub(crate) use native::store_limit;
pub use native::{NativeEngine, start_native};
pub use path::CompilingEngine;
pub use profiler::{PerfMap, PerfMapError, Profiler};
pub(crate) use scratch::{ScratchFolder, remove_scratch_folders};
pub use settings::HeapSettings;
pub use spec::{BuildError, EngineSpec};
pub use variant::{Variant, VariantError};

#[cfg(test)]
mod tests;
