//! The file that `trapline compile` writes.

use super::exit::{Exit, Failure, OrExit};
use crate::engine::{ScratchFolder, link};
use crate::whole_file::{self, WholeFile};
use anyhow::{Context, anyhow};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
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

    /// The file of this name, which must not be the one that is read.
    pub(super) fn new(input: &Path, path: &Path) -> Result<Output, Failure> {
        let shown = path.display();
        let Some(kind) = Kind::of(path) else {
            return Err(anyhow!(
                "failed to choose what to write to {shown}: its name ends in neither .o nor .so"
            ))
            .or_exit(Exit::Usage);
        };
        spare_input(input, path)?;
        Ok(Output { path: path.to_owned(), kind })
    }

    /// Writes the whole file, or leaves what was there.
    pub(super) fn write(&self, object: &[u8]) -> anyhow::Result<()> {
        let written = || format!("failed to write {}", self.path.display());
        match self.kind {
            Kind::Object => whole_file::write(&self.path, object).with_context(written),
            Kind::SharedObject => {
                let file = WholeFile::begin(&self.path).with_context(written)?;
                self.link(object, file.temporary())?;
                file.finish().with_context(written)
            }
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

/// Refuses to write to the file that is read.
pub(super) fn spare_input(input: &Path, output: &Path) -> Result<(), Failure> {
    if is_same(input, output) {
        let shown = output.display();
        return Err(anyhow!("failed to choose what to write to {shown}: it is the file that is compiled"))
            .or_exit(Exit::Usage);
    }
    Ok(())
}

/// Whether two paths lead to the same file. A terminal may well be read and written to.
fn is_same(one: &Path, other: &Path) -> bool {
    let file = |path: &Path| {
        let metadata = path.metadata().ok().filter(Metadata::is_file)?;
        Some((metadata.dev(), metadata.ino()))
    };
    file(one).is_some_and(|one| Some(one) == file(other))
}
