use std::io;
use std::path::PathBuf;
use trapline_abi::artifact::ArtifactError;

/// Why an object was refused.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The bytes are no ELF file, or a truncated one.
    #[error("parse the object as ELF: {0}")]
    Elf(object::Error),
    /// It is an ELF file of another kind than is to be loaded, or for another machine.
    #[error("use the ELF file: it is not of the kind that is wanted, or not for {}", std::env::consts::ARCH)]
    WrongKind,
    /// The object was not written by trapline.
    #[error("use the object: it has no {} section", trapline_abi::artifact::SECTION)]
    NotAnArtifact,
    /// The artefact's own section is not as this build writes it.
    #[error("read the artefact: {0}")]
    Artifact(#[from] ArtifactError),
    /// The code is for another architecture.
    #[error("use the code: it is for the architecture {0}")]
    WrongArchitecture(String),
    /// The code uses instructions that this machine does not have, or that are unknown to this
    /// build.
    #[error("use the code: it needs the processor feature {0}, which this machine does not have")]
    MissingCpuFeature(String),
    /// A relocation is not a call from one function of the object to another.
    #[error("relocate the text at {offset:#x}: {reason}")]
    BadRelocation {
        /// Where, in bytes from the start of the text.
        offset: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The manifest contradicts itself or the rest of the object.
    #[error("accept the manifest: {what} {index}: {reason}")]
    BadManifest {
        /// The part of the manifest.
        what: &'static str,
        /// The position within that part.
        index: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A shared object is not of the simple kind that linkers make of artefacts.
    #[error("use the shared object: {0}")]
    BadSharedObject(&'static str),
    /// A file cannot be read.
    #[error("read {}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The dynamic linker refused a shared object.
    #[error("open {} as a shared object: {cause}", path.display())]
    DynamicLinker {
        /// The file.
        path: PathBuf,
        /// Its reason.
        cause: libloading::Error,
    },
    /// The dynamic linker has a library open that came from the same path, and gives that one.
    #[error("open {} as a shared object: it is open already, with other contents", path.display())]
    OpenWithOtherContents {
        /// The file.
        path: PathBuf,
    },
    /// The system did not grant memory for the code.
    #[error("map the code: {0}")]
    Map(#[source] io::Error),
}
