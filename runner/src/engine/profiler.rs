//! Code by name for `perf`, which cannot know what is at addresses that belong to no file.

use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};
use trapline_runtime::Module;

/// Programs that measure where time goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Profiler {
    /// `perf` of Linux, by a [`PerfMap`].
    PerfMap,
}

/// The file `/tmp/perf-PID.map`, in which `perf report` looks for the names of code that was made at run time
/// (`tools/perf/Documentation/jit-interface.txt` of Linux). A process has one. Lines are only added: code that is gone
/// may still be in samples.
#[derive(Debug)]
pub struct PerfMap {
    path: PathBuf,
    file: Mutex<File>,
}

/// Why there is no map, or not all of it. Messages follow "failed to".
#[derive(Debug, thiserror::Error)]
#[error("write {}: {cause}", path.display())]
pub struct PerfMapError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub cause: io::Error,
}

static OF_PROCESS: OnceLock<PerfMap> = OnceLock::new();

impl PerfMap {
    /// The map of this process, which begins empty.
    ///
    /// # Errors
    ///
    /// When the file cannot be made.
    pub fn of_process() -> Result<&'static PerfMap, PerfMapError> {
        static OPENING: Mutex<()> = Mutex::new(());
        let _one = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(map) = OF_PROCESS.get() {
            return Ok(map);
        }
        // The only place where `perf` looks.
        let path = PathBuf::from(format!("/tmp/perf-{}.map", std::process::id()));
        match create(&path) {
            Ok(file) => Ok(OF_PROCESS.get_or_init(|| PerfMap { path, file: Mutex::new(file) })),
            Err(cause) => Err(PerfMapError { path, cause }),
        }
    }

    /// Adds the code of a module.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn add(&self, module: &Module) -> Result<(), PerfMapError> {
        let mut lines = String::new();
        for (symbol, addresses) in module.symbols() {
            // Writing to a String cannot fail.
            let _ = writeln!(lines, "{:x} {:x} {symbol}", addresses.start, addresses.len());
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(lines.as_bytes()).map_err(|cause| PerfMapError { path: self.path.clone(), cause })
    }
}

/// An empty file in place of one that an earlier process of this number may have left, and never through a link that
/// another process has put there.
fn create(path: &PathBuf) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    File::options().append(true).create_new(true).open(path)
}
