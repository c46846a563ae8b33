//! Files that are there whole or not at all.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::{Builder, TempPath};

/// A file in the making, under another name in the same folder. It goes away unless it is finished.
#[derive(Debug)]
pub(crate) struct WholeFile {
    path: PathBuf,
    temporary: TempPath,
}

impl WholeFile {
    /// Begins with an empty file.
    pub(crate) fn begin(path: &Path) -> io::Result<WholeFile> {
        // A path without a folder has an empty one.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let temporary = Builder::new()
            .prefix(".trapline-")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder.unwrap_or(Path::new(".")))?
            .into_temp_path();
        Ok(WholeFile { path: path.to_owned(), temporary })
    }

    /// What to write to; other programs may replace the file.
    pub(crate) fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// Puts it in the place of an older file, if there is one.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.temporary.persist(&self.path).map_err(|error| error.error)
    }
}

/// Writes a text to a path that the user names: a whole file, or into what is there and is not a file, such as a device, a
/// pipe, or a link.
pub(crate) fn write_text(path: &Path, text: &str) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_file() => std::fs::write(path, text),
        _ => write(path, text.as_bytes()),
    }
}

/// Writes a file, in place of an older one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = WholeFile::begin(path)?;
    std::fs::write(file.temporary(), bytes)?;
    file.finish()
}
