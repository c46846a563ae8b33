//! Files that are there whole or not at all.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::{Builder, TempPath};

/// A file in the making, under another name in the same folder. It goes away unless it is finished.
#[derive(Debug)]
pub(crate) struct WholeFile {
    path: PathBuf,
    temporary: TempPath,
    _unfinished: Unfinished,
}

/// A file that is on the list of those that are not finished.
#[derive(Debug)]
struct Unfinished(PathBuf);

impl Unfinished {
    /// The list, for this process.
    fn all() -> MutexGuard<'static, Vec<PathBuf>> {
        static ALL: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
        ALL.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        Unfinished::all().retain(|path| *path != self.0);
    }
}

/// Removes all files of this process that are not finished, because it is about to end.
pub(crate) fn remove_unfinished() {
    for path in Unfinished::all().drain(..) {
        // One that was finished at this moment is not there any more.
        let _ = std::fs::remove_file(path);
    }
}

impl WholeFile {
    /// Begins with an empty file.
    pub(crate) fn begin(path: &Path) -> io::Result<WholeFile> {
        // A path without a folder has an empty one.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut unfinished = Unfinished::all();
        // Opened here, so that an error says what is wrong and not what the temporary file was to be called.
        let temporary = Builder::new()
            .prefix(".trapline-")
            .make_in(folder.unwrap_or(Path::new(".")), |path| File::create_new(path))?
            .into_temp_path();
        unfinished.push(temporary.to_path_buf());
        let listed = Unfinished(temporary.to_path_buf());
        Ok(WholeFile { path: path.to_owned(), temporary, _unfinished: listed })
    }

    /// What to write to; other programs may replace the file.
    pub(crate) fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// Puts it in the place of an older file, if there is one.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.temporary.persist(&self.path).map_err(|error| error.error)
    }

    /// Puts it where nothing is.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::AlreadyExists`] if there is something.
    fn finish_new(self) -> io::Result<()> {
        self.temporary.persist_noclobber(&self.path).map_err(|error| error.error)
    }
}

/// Whether a path that the user names is that of a file, or of nothing yet: then it is replaced, and otherwise written to.
/// That is for devices, pipes and links.
pub(crate) fn is_replaced(path: &Path) -> bool {
    path.symlink_metadata().map_or(true, |metadata| metadata.is_file())
}

/// Writes a text to a path that the user names: a whole file, or into what is there and is not a file.
pub(crate) fn write_text(path: &Path, text: &str) -> io::Result<()> {
    write_named(path, text.as_bytes())
}

/// Writes bytes like [`write_text`].
pub(crate) fn write_named(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match is_replaced(path) {
        true => write(path, bytes),
        false => std::fs::write(path, bytes),
    }
}

/// Writes a file, in place of an older one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = WholeFile::begin(path)?;
    std::fs::write(file.temporary(), bytes)?;
    file.finish()
}

/// Writes a file where nothing is.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] if there is something; what is there stays.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = WholeFile::begin(path)?;
    std::fs::write(file.temporary(), bytes)?;
    file.finish_new()
}
