//! Finds the scripts of a run.

mod folder;
mod header;
mod module;
mod partition;
mod pipe;

pub use header::{Bug, Header};
pub use module::make_scripts;
pub use partition::{Partition, PartitionError};
pub use pipe::{Pipe, ReadFailure};

use crate::reading;
use std::borrow::Cow;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trapline_abi::acts;
use trapline_spec_tests::{Edition, Selection, Suite, SuiteError, SuiteFile, SuiteId, workspace_root};

/// The name of the script that is read from the standard input.
pub const STDIN_NAME: &str = "<stdin>";

/// The folder of a workspace with regressions.
pub(crate) const REGRESSIONS: &str = "regressions";

/// One script to run.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name that the run shows, and that filters are matched against.
    pub name: Arc<str>,
    /// Where its text comes from.
    pub source: Source,
}

/// Where the text of a script comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The official suite.
    Suite(SuiteFile),
    /// A file.
    File(PathBuf),
    /// A named pipe, or one of a shell.
    Pipe(Pipe),
    /// Something in a folder that can neither be read nor walked.
    Unreadable(ReadFailure),
    /// What was read from the standard input.
    Stdin(Arc<[u8]>),
    /// A module in a file, or from the standard input, and the script that is made of it.
    Module {
        /// The file.
        path: Option<PathBuf>,
        /// The script.
        script: Arc<[u8]>,
        /// The binary, if it could be assembled.
        wasm: Option<Arc<[u8]>>,
    },
    /// What another process has read, and the suite that it found it in.
    Sent {
        /// The suite.
        suite: Option<SuiteId>,
        /// The script's bytes.
        bytes: Arc<[u8]>,
    },
}

impl Input {
    /// The script's bytes.
    ///
    /// # Errors
    ///
    /// Those of reading a file.
    pub fn read(&self) -> io::Result<Cow<'static, [u8]>> {
        match &self.source {
            Source::Suite(file) => match file.path() {
                Some(path) => reading::read(path).map(Cow::Owned),
                None => file.read(),
            },
            Source::File(path) => reading::read(path).map(Cow::Owned),
            Source::Pipe(pipe) => pipe.read().map(|bytes| Cow::Owned(bytes.to_vec())),
            Source::Unreadable(failure) => Err(failure.into()),
            Source::Stdin(bytes) | Source::Sent { bytes, .. } | Source::Module { script: bytes, .. } => {
                Ok(Cow::Owned(bytes.to_vec()))
            }
        }
    }

    /// The folder of the suite that it is from, without links, if it is from one in a folder.
    pub fn suite_folder(&self) -> Option<String> {
        let Source::Suite(file) = &self.source else { return None };
        let folder = file.folder()?;
        Some(folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).to_string_lossy().into_owned())
    }

    /// The suite that it was taken from.
    pub fn suite(&self) -> Option<SuiteId> {
        match &self.source {
            Source::Suite(file) => Some(file.suite),
            Source::Sent { suite, .. } => *suite,
            Source::File(_)
            | Source::Pipe(_)
            | Source::Unreadable(_)
            | Source::Stdin(_)
            | Source::Module { .. } => None,
        }
    }

    /// Where the file can be opened.
    pub fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::Suite(file) => file.path(),
            Source::File(path) => Some(path),
            Source::Module { path, .. } => path.as_deref(),
            Source::Pipe(pipe) => Some(pipe.path()),
            Source::Unreadable(_) | Source::Stdin(_) | Source::Sent { .. } => None,
        }
    }
}

/// What a run is asked to take.
#[derive(Clone, Default, Debug)]
pub struct Request {
    /// Files, folders, and `-` for the standard input.
    pub paths: Vec<PathBuf>,
    /// A suite, if one was asked for.
    pub suite: Option<Selection>,
    /// Which of the scripts found are meant.
    pub filter: Filter,
}

/// Chooses scripts by name.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// If any: only scripts that match one of these.
    pub only: Vec<String>,
    /// No script that matches one of these.
    pub skip: Vec<String>,
    /// Whether to compare whole names, not parts of them.
    pub exact: bool,
}

impl Filter {
    /// Whether it lets everything pass.
    pub fn is_empty(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    /// Whether it lets a script pass.
    pub fn takes(&self, name: &str) -> bool {
        let matches =
            |pattern: &String| if self.exact { name == pattern } else { name.contains(pattern.as_str()) };
        (self.only.is_empty() || self.only.iter().any(matches)) && !self.skip.iter().any(matches)
    }
}

/// The scripts of a run.
#[derive(Debug)]
pub struct Selected {
    /// The scripts, in the order in which they are reported: suites, then files, each sorted by name.
    pub inputs: Vec<Input>,
    /// The suites that they were chosen from.
    pub suites: Vec<SuiteId>,
    /// The folders that they were chosen from otherwise.
    pub folders: Vec<PathBuf>,
    /// What has chosen them.
    pub filter: Filter,
}

impl Selected {
    /// The suites of which every file is among the scripts.
    pub fn whole(&self) -> &[SuiteId] {
        if self.filter.is_empty() { &self.suites } else { &[] }
    }

    /// Whether every script below a folder, which is named without links, is among the scripts.
    pub fn takes_all_below(&self, folder: &Path) -> bool {
        let is_around =
            |selected: &PathBuf| selected.canonicalize().is_ok_and(|selected| folder.starts_with(selected));
        self.filter.is_empty() && self.folders.iter().any(is_around)
    }
}

/// Why the scripts of a run cannot be found. Messages follow "failed to find tests: ".
#[derive(thiserror::Error, Debug)]
pub enum DiscoverError {
    /// A path that leads nowhere.
    #[error("{}: no such file or folder", .0.display())]
    Missing(PathBuf),
    /// A folder without scripts.
    #[error("{}: holds no .wast file", .0.display())]
    Empty(PathBuf),
    /// A path that is neither a file nor a folder.
    #[error("{}: neither a file nor a folder", .0.display())]
    Special(PathBuf),
    /// Something that cannot be read.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The suite.
    #[error(transparent)]
    Suite(#[from] SuiteError),
}

/// Finds the scripts that a request asks for: its suite and its paths; without either, the official suite
/// (see [`Selection::Default`]) and the regressions of the workspace that `near` lies in.
///
/// # Errors
///
/// When a path or a suite is not there or cannot be read, or a folder holds no script.
pub fn discover(request: &Request, near: &Path) -> Result<Selected, DiscoverError> {
    let by_default = request.paths.is_empty() && request.suite.is_none();
    let suites = match &request.suite {
        Some(selection) => Suite::select(selection, near)?,
        None if by_default => Suite::select(&Selection::Default, near)?,
        None => Vec::new(),
    };
    let ids = suites.iter().map(|suite| suite.id).collect();
    let mut folders: Vec<PathBuf> = request.paths.iter().filter(|path| path.is_dir()).cloned().collect();
    let mut inputs: Vec<Input> = suites.into_iter().flat_map(|suite| suite.files).map(Input::from).collect();
    if by_default && let Some(root) = workspace_root(near) {
        inputs.extend(regressions(&root));
        folders.push(root.join(REGRESSIONS));
    }
    let mut seen = HashSet::new();
    for path in &request.paths {
        inputs.extend(at_path(path, &mut seen)?);
    }
    inputs.retain(|input| request.filter.takes(&input.name));
    Ok(Selected { inputs, suites: ids, folders, filter: request.filter.clone() })
}

impl From<SuiteFile> for Input {
    fn from(file: SuiteFile) -> Self {
        Input { name: file.name.as_str().into(), source: Source::Suite(file) }
    }
}

/// The scripts below `regressions/` of a workspace, named from the workspace on. None if there is no such folder.
fn regressions(root: &Path) -> Vec<Input> {
    let folder = root.join(REGRESSIONS);
    if !folder.is_dir() {
        return Vec::new();
    }
    let named = |(path, source): (PathBuf, Source)| {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        Input { name: name.into(), source }
    };
    folder::scripts_below(&folder).into_iter().map(named).collect()
}

fn at_path(path: &Path, seen: &mut HashSet<PathBuf>) -> Result<Vec<Input>, DiscoverError> {
    if path == Path::new("-") {
        if !seen.insert(path.to_owned()) {
            return Ok(Vec::new());
        }
        let bytes = reading::read_stdin()
            .map_err(|cause| DiscoverError::Unreadable { path: STDIN_NAME.into(), cause })?;
        return Ok(vec![Input { name: STDIN_NAME.into(), source: Source::Stdin(bytes.into()) }]);
    }
    let metadata = std::fs::metadata(path).map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => DiscoverError::Missing(path.to_owned()),
        _ => DiscoverError::Unreadable { path: path.to_owned(), cause },
    })?;
    let files = if metadata.is_dir() {
        let files = folder::scripts_below(path);
        if files.is_empty() {
            return Err(DiscoverError::Empty(path.to_owned()));
        }
        files
    } else {
        let source = folder::source(path, metadata.file_type());
        vec![(path.to_owned(), source.ok_or_else(|| DiscoverError::Special(path.to_owned()))?)]
    };
    // A path that is given twice, or once more through its folder, is run once. Two paths of one file are two scripts: each
    // can be selected by its name.
    let first_time = |(file, _): &(PathBuf, Source)| {
        seen.insert(std::path::absolute(file).unwrap_or_else(|_| file.clone()))
    };
    Ok(files.into_iter().filter(first_time).map(folder::named).collect())
}

/// Where a file really is, which need not be there: the folder without links, and the name of the file in it. `None` if there
/// is no such folder.
pub fn real_path(file: &Path) -> Option<PathBuf> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(file.file_name()?))
}

/// The flags with which `trapline wast` selects just this script.
pub fn rerun_arguments(input: &Input) -> String {
    match &input.source {
        Source::Stdin(_) | Source::Sent { .. } | Source::Module { path: None, .. } => "-".to_owned(),
        Source::File(path) | Source::Module { path: Some(path), .. } => {
            let path = path.to_string_lossy();
            // It would be taken for a flag.
            let ahead = if path.starts_with('-') { "./" } else { "" };
            quoted(&format!("{ahead}{path}"))
        }
        Source::Pipe(pipe) => quoted(&pipe.path().to_string_lossy()),
        Source::Unreadable(_) => quoted(&input.name),
        Source::Suite(file) => {
            let from = match (file.suite, file.folder()) {
                (_, Some(folder)) => format!("--suite {} ", quoted(&folder.to_string_lossy())),
                (SuiteId::V1, None) => format!("--spec {} ", Edition::V1),
                (SuiteId::V2, None) => format!("--spec {} ", Edition::V2),
                (SuiteId::V3, None) => format!("--spec {} ", Edition::V3),
                (SuiteId::Latest, None) => format!("--spec {} ", Edition::Latest),
                (SuiteId::Proposals | SuiteId::Testsuite, None) => String::new(),
            };
            format!("{from}--exact --filter {}", quoted(&file.name))
        }
    }
}

/// Whether a POSIX shell reads a word as it is.
pub(crate) fn is_plain_word(word: &str) -> bool {
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'/' | b'.' | b'_' | b'-' | b'+' | b':' | b'@' | b'%' | b',' | b'=')
    };
    !word.is_empty() && word.bytes().all(is_plain)
}

/// A word as a POSIX shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    if is_plain_word(word) {
        word.to_owned()
    } else if word.contains(acts) {
        // The quotes of the newest POSIX edition, in which a byte can be written as a number.
        let written = |c: char| match c {
            c if acts(c) => c.to_string().bytes().map(|byte| format!("\\{byte:03o}")).collect(),
            '\'' | '\\' => format!("\\{c}"),
            c => c.to_string(),
        };
        format!("$'{}'", word.chars().map(written).collect::<String>())
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests;
