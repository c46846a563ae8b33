//! Scripts below a folder.

use super::pipe::{Pipe, ReadFailure};
use super::{Input, Source};
use std::fs::FileType;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Every `.wast` file below a folder, sorted by path; hidden folders and files are left out. What cannot be followed or
/// read (a dangling link, a loop of links, a folder without permission) is an input whose reading fails: it is reported
/// for itself, and the other scripts run.
pub(super) fn scripts_below(folder: &Path) -> Vec<(PathBuf, Source)> {
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
    };
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(visible) {
        match entry {
            Ok(entry) => {
                let is_script = entry.path().extension().is_some_and(|extension| extension == "wast");
                if is_script && let Some(source) = source_below(entry.path(), entry.file_type()) {
                    found.push((entry.into_path(), source));
                }
            }
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
                if !hidden || path == folder {
                    let failure = ReadFailure::from(&io::Error::from(error));
                    found.push((path, Source::Unreadable(failure)));
                }
            }
        }
    }
    found.sort_by(|(left, _), (right, _)| left.cmp(right));
    found
}

/// How what a folder holds under the name of a script is read. A pipe that lies there may never be written to, and a
/// device has no end: a pipe is read only if it is named itself. `None` for folders.
fn source_below(path: &Path, kind: FileType) -> Option<Source> {
    let refused = |what: &str| Some(Source::Unreadable(ReadFailure::from(&io::Error::other(what))));
    match kind {
        _ if kind.is_dir() => None,
        _ if kind.is_file() => Some(Source::File(path.to_owned())),
        _ if kind.is_fifo() => refused("a named pipe, which is read only if it is named itself"),
        _ => refused("neither a file nor a folder"),
    }
}

/// How a file of this type is read: regular files, and pipes. `None` for folders, devices and sockets.
pub(super) fn source(path: &Path, kind: FileType) -> Option<Source> {
    if kind.is_file() {
        Some(Source::File(path.to_owned()))
    } else if kind.is_fifo() {
        Some(Source::Pipe(Pipe::new(path.to_owned())))
    } else {
        None
    }
}

/// An input named by its path.
pub(super) fn named((path, source): (PathBuf, Source)) -> Input {
    Input { name: path.to_string_lossy().into(), source }
}
