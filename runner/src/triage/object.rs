//! Objects that were compiled before: what an object must be to be loaded.

use super::bucket::normalized;
use super::{Finding, Verdict};
use crate::trail::Layer;
use trapline_abi::artifact::ArtifactError;
use trapline_runtime::{LoadError, Module};

/// Why an object is not loaded; `None` if it is whole, and for this machine. None of its code runs.
pub fn refused_object(bytes: &[u8]) -> Option<Finding> {
    let error = Module::check_object(bytes).err()?;
    let summary = format!("it is not loaded: failed to {error}");
    Some(Finding {
        rule: Some(rule(&error).to_owned()),
        cause: format!("object/{}", normalized(&summary)),
        summary,
        ..Finding::new(Verdict::Malformed, Some(Layer::Object))
    })
}

/// The rule that an object breaks (docs/objects.md).
fn rule(error: &LoadError) -> &'static str {
    match error {
        LoadError::Elf(_) => "an object is an ELF file whose headers and sections lie within it",
        LoadError::WrongKind => "an object is a relocatable ELF file for this architecture",
        LoadError::NotAnArtifact => {
            "an object of trapline has a section .trapline with its header and manifest"
        }
        LoadError::Artifact(error) => match error {
            ArtifactError::Truncated { .. } => "the section .trapline holds all that its header says",
            ArtifactError::BadMagic => "the section .trapline begins with `trapline`",
            ArtifactError::BadVersion(_) => "an object has the version of the format that this build reads",
            ArtifactError::BadAbi { .. } => "an object was compiled for the ABI of this build",
            ArtifactError::BadHash => {
                "an object is byte by byte what was written: content hash and frame hash match"
            }
            ArtifactError::BadManifest(_) => "the manifest of an object can be decoded",
        },
        LoadError::WrongArchitecture(_) => "an object is loaded on the architecture that it was compiled for",
        LoadError::MissingCpuFeature(_) => {
            "an object is loaded where there are the processor features that it was compiled for"
        }
        LoadError::BadRelocation { .. } => {
            "the only relocations of an object are calls from one of its functions to another"
        }
        LoadError::BadManifest { .. } => "the manifest of an object agrees with itself and with the text",
        LoadError::BadSharedObject(_)
        | LoadError::DynamicLinker { .. }
        | LoadError::OpenWithOtherContents { .. } => "a shared object is what a linker makes of one object",
        LoadError::Unreadable { .. } | LoadError::Map(_) => "an object can be read, and mapped",
    }
}
