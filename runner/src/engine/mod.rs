//! trapline's own engines: they compile modules and run them on trapline's runtime.

mod aot;
mod artifacts;
mod error;
pub(crate) mod host;
mod jit;
mod kind;
mod linked;
mod listing;
mod modules;
mod native;
mod observe;
mod path;
mod profiler;
mod scratch;
mod spec;
pub(crate) mod trust;
mod variant;

pub use aot::{AotEngine, Mapped};
pub use artifacts::{Mode, Precompiled};
pub use kind::EngineKind;
pub use linked::{LinkError, link};
pub use native::{NativeEngine, start_native};
pub use path::CompilingEngine;
pub use profiler::{PerfMap, PerfMapError, Profiler};
pub(crate) use scratch::{ScratchFolder, remove_scratch_folders};
pub use spec::{BuildError, EngineSpec};
use variant::describe_profile;
pub use variant::{Variant, VariantError};

use crate::trail::Irreproducible;

/// How two compilations of the same module differ, if they do.
fn byte_difference(first: &[u8], second: &[u8]) -> Option<Irreproducible> {
    if first == second {
        return None;
    }
    let at = first.iter().zip(second).position(|(first, second)| first != second);
    Some(match at {
        Some(at) => Irreproducible::FromByte(at as u64),
        None => Irreproducible::Lengths(first.len() as u64, second.len() as u64),
    })
}

#[cfg(test)]
mod tests;
