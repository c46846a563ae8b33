//! The file that `trapline compile` writes.

use super::exit::{Exit, Failure, OrExit};
use crate::engine::{ScratchFolder, link};
use crate::whole_file::WholeFile;
use anyhow::{Context, anyhow};
use std::path::{Path, PathBuf};

/// A file for an artefact, of the kind that its name says.
pub(super) struct Output {
    path: PathBuf,
    kind: Kind,
}

enum Kind {
    Object,
    SharedObject,
}

impl Kind {
    fn of(path: &Path) -> Option<Kind> {
        match path.extension()?.to_str()? {
            "o" => Some(Kind::Object),
            "so" => Some(Kind::SharedObject),
            _ => None,
        }
    }
}

impl Output {
    /// Whether a file of this name is to be an artefact.
    pub(super) fn is_artifact(path: &Path) -> bool {
        Kind::of(path).is_some()
    }

    /// The file of this name.
    pub(super) fn new(path: &Path) -> Result<Output, Failure> {
        let shown = path.display();
        let Some(kind) = Kind::of(path) else {
            return Err(anyhow!(
                "failed to choose what to write to {shown}: its name ends in neither .o nor .so"
            ))
            .or_exit(Exit::Usage);
        };
        Ok(Output { path: path.to_owned(), kind })
    }

    /// Whether a linker makes it, out of temporary files.
    pub(super) fn is_linked(&self) -> bool {
        matches!(self.kind, Kind::SharedObject)
    }

    /// Writes the whole file, or leaves what was there; or writes to another file `instead`.
    pub(super) fn write(&self, object: &[u8], instead: Option<&Path>) -> anyhow::Result<()> {
        let written = || format!("failed to write {}", self.path.display());
        let Some(instead) = instead else {
            let file = WholeFile::begin(&self.path).with_context(written)?;
            self.write(object, Some(file.temporary()))?;
            return file.finish().with_context(written);
        };
        match self.kind {
            Kind::Object => std::fs::write(instead, object).with_context(written),
            Kind::SharedObject => self.link(object, instead),
        }
    }

    fn link(&self, object: &[u8], shared: &Path) -> anyhow::Result<()> {
        let scratch = ScratchFolder::new().context("failed to make a temporary folder")?;
        let file = scratch.path().join("module.o");
        std::fs::write(&file, object).with_context(|| format!("failed to write {}", file.display()))?;
        link(&file, shared)
            .map_err(|error| anyhow!("failed to make {}: failed to {error}", self.path.display()))
    }
}
