//! Folders for temporary files, and what becomes of those whose owner was killed.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

/// A folder among the system's temporary files, removed with all that is in it. It is called `trapline-PID-` and something
/// more, and locked for as long as it is wanted: a process that is killed cannot remove its own, and the next one does.
#[derive(Debug)]
pub(crate) struct ScratchFolder {
    folder: TempDir,
    _lock: File,
}

const PREFIX: &str = "trapline-";

/// The folders of this process.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes all folders of this process, which is about to end.
pub(crate) fn remove_scratch_folders() {
    for folder in FOLDERS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // What has just been killed may still be writing there. What cannot be removed is left to the next process.
        for _ in 0..50 {
            if std::fs::remove_dir_all(&folder).is_ok() || !folder.exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        FOLDERS.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| known != self.folder.path());
    }
}

impl ScratchFolder {
    /// A new folder.
    ///
    /// # Errors
    ///
    /// When the system does not let us.
    pub(crate) fn new() -> io::Result<ScratchFolder> {
        let folder =
            tempfile::Builder::new().prefix(&format!("{PREFIX}{}-", std::process::id())).tempdir()?;
        FOLDERS.lock().unwrap_or_else(PoisonError::into_inner).push(folder.path().to_owned());
        let lock = File::open(folder.path())?;
        lock.lock()?;
        if let Some(temporary) = folder.path().parent() {
            sweep(temporary, lock.metadata()?.uid());
        }
        Ok(ScratchFolder { folder, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes what processes have left that are not there any more. What cannot be removed stays, and does no harm.
fn sweep(temporary: &Path, user: u32) {
    for entry in std::fs::read_dir(temporary).into_iter().flatten().flatten() {
        let is_own = |metadata: &Metadata| metadata.is_dir() && metadata.uid() == user;
        let is_abandoned = entry.file_name().to_str().and_then(owner).is_some_and(is_gone);
        if is_abandoned && entry.metadata().is_ok_and(|metadata| is_own(&metadata)) {
            remove_unlocked(&entry.path());
        }
    }
}

/// The number of the process that has made a folder of this name.
fn owner(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split_once('-')?.0.parse().ok()
}

fn is_gone(process: u32) -> bool {
    !Path::new("/proc").join(process.to_string()).exists()
}

/// A process may be there and not be seen, if it has other numbers: in another container with the same temporary files.
fn remove_unlocked(folder: &Path) {
    if let Ok(lock) = File::open(folder)
        && lock.try_lock().is_ok()
    {
        let _ = std::fs::remove_dir_all(folder);
    }
}
