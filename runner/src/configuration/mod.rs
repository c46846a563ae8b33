//! What files say of scripts that are of no suite: `trapline.toml`, in the folder of a script or one around it, and files of
//! expectations.
//!
//! For each script the files are looked for from its own folder upwards, up to the first folder with a `.git`, or the root of
//! the file system. The first one counts that has an entry which takes the script; those further up say nothing of it. Within the
//! file all such entries count, and of two that disagree the later one.

mod file;

pub use file::FILE_NAME;

use crate::discover::{Input, Selected, Source, real_path};
use crate::document::DocumentFileError;
use crate::expectations::OwnExpectations;
use crate::outcome::Problem;
use file::File;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use trapline_compiler::WasmFeatures;

/// What marks the folder of a project, above which nothing is looked for.
const PROJECT: &str = ".git";

/// Bytes of a file, at most.
const LONGEST: u64 = 1 << 20;

/// What files say of scripts.
#[derive(Clone, Default, Debug)]
pub struct Configuration {
    /// By the path with which a script is opened.
    settings: HashMap<PathBuf, Settings>,
    nothing: Settings,
    /// Every `trapline.toml` that was looked at, by its folder without links.
    looked_at: BTreeMap<PathBuf, Arc<File>>,
}

/// What files say of one script.
#[derive(Clone, Default, Debug)]
pub struct Settings {
    /// Features that are switched on or off, in order.
    pub features: Vec<(WasmFeatures, bool)>,
    /// How long one directive may run.
    pub timeout: Option<Duration>,
    /// The expectations, and the name that the script has in them.
    pub expectations: Option<(Arc<OwnExpectations>, String)>,
    /// The `trapline.toml` that has an entry for it.
    pub file: Option<Arc<Path>>,
}

/// Where to look.
#[derive(Clone, Default, Debug)]
pub struct Sources {
    /// Whether to look for `trapline.toml`.
    pub search: bool,
    /// Expectations that count instead of others for the scripts below their folder.
    pub expectations: Option<Arc<OwnExpectations>>,
    /// Whether files of expectations need not be there yet.
    pub may_be_new: bool,
}

impl Settings {
    /// A set of features with the changes.
    pub fn apply(&self, mut features: WasmFeatures) -> WasmFeatures {
        for &(feature, on) in &self.features {
            features.set(feature, on);
        }
        features
    }
}

impl Configuration {
    /// Reads what files say of scripts. Files of suites, pipes and the standard input have nothing.
    ///
    /// # Errors
    ///
    /// When a file that is looked for is there and cannot be read, or not be understood.
    pub fn load(inputs: &[Input], sources: &Sources) -> Result<Configuration, DocumentFileError> {
        let mut files = Files { may_be_new: sources.may_be_new, ..Files::default() };
        let mut configuration = Configuration::default();
        for input in inputs {
            let (Source::File(path) | Source::Module { path: Some(path), .. }) = &input.source else {
                continue;
            };
            let mut settings = match sources.search {
                true => files.settings_of(path)?,
                false => Settings::default(),
            };
            let chosen = sources.expectations.as_ref();
            let chosen = chosen.and_then(|chosen| Some((chosen.clone(), chosen.name_of(path)?)));
            settings.expectations = chosen.or(settings.expectations);
            configuration.settings.insert(path.to_owned(), settings);
        }
        let looked_at = files.found.into_iter().filter_map(|(folder, file)| Some((folder, file?)));
        configuration.looked_at = looked_at.collect();
        Ok(configuration)
    }

    /// The same without limits on time, because others are asked for.
    #[must_use]
    pub fn without_timeouts(mut self) -> Configuration {
        self.settings.values_mut().for_each(|settings| settings.timeout = None);
        self
    }

    /// The same without expectations.
    #[must_use]
    pub fn without_expectations(mut self) -> Configuration {
        self.settings.values_mut().for_each(|settings| settings.expectations = None);
        self
    }

    /// What is said of a script.
    pub fn of(&self, input: &Input) -> &Settings {
        let settings = match &input.source {
            Source::File(path) | Source::Module { path: Some(path), .. } => self.settings.get(path),
            Source::Suite(_)
            | Source::Pipe(_)
            | Source::Unreadable(_)
            | Source::Stdin(_)
            | Source::Module { path: None, .. }
            | Source::Sent { .. } => None,
        };
        settings.unwrap_or(&self.nothing)
    }

    /// Every `trapline.toml` that has an entry for one of the scripts, sorted.
    pub fn files(&self) -> Vec<&Path> {
        let mut files: Vec<&Path> =
            self.settings.values().filter_map(|settings| settings.file.as_deref()).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// What is wrong with the entries themselves: patterns that take no script, of each `trapline.toml` whose whole folder was
    /// selected. Scripts of which a nearer file says something are not taken.
    pub fn unmatched(&self, selected: &Selected) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (folder, file) in self.looked_at.iter().filter(|(folder, _)| selected.takes_all_below(folder)) {
            let taken =
                selected.inputs.iter().filter(|input| self.of(input).file.as_deref() == Some(file.path()));
            let paths = taken.filter_map(|input| real_path(input.path()?));
            let names = paths.filter_map(|path| Some(path.strip_prefix(folder).ok()?.to_str()?.to_owned()));
            let names: Vec<String> = names.collect();
            problems.extend(file.unused(&names).map(|(line, pattern)| Problem {
                file: format!("{}:{line}", file.path().display()),
                message: format!(
                    "the pattern is unused: `{pattern}` takes no script, or only those of a nearer {FILE_NAME}"
                ),
            }));
        }
        problems
    }

    /// All expectations that there are for the scripts, sorted by file.
    pub fn expectations(&self) -> Vec<&Arc<OwnExpectations>> {
        let all = self.settings.values().filter_map(|settings| settings.expectations.as_ref());
        let by_file: BTreeMap<&Path, _> =
            all.map(|(expectations, _)| (expectations.path(), expectations)).collect();
        by_file.into_values().collect()
    }

    /// Puts expectations in the place of those of the same file.
    pub(crate) fn replace_expectations(&mut self, new: &Arc<OwnExpectations>) {
        let listed = self.settings.values_mut().filter_map(|settings| settings.expectations.as_mut());
        for (old, _) in listed.filter(|(old, _)| old.path() == new.path()) {
            *old = new.clone();
        }
    }
}

/// The files that have been looked for.
#[derive(Default)]
struct Files {
    may_be_new: bool,
    /// By folder: its file, if it has one.
    found: HashMap<PathBuf, Option<Arc<File>>>,
    /// By the path without links.
    expectations: HashMap<PathBuf, Arc<OwnExpectations>>,
}

impl Files {
    fn settings_of(&mut self, script: &Path) -> Result<Settings, DocumentFileError> {
        // What is not there is reported when it is read.
        let Some(real) = real_path(script) else { return Ok(Settings::default()) };
        for folder in real.ancestors().skip(1) {
            if let Some(file) = self.file_of(folder)?
                && let Some(name) = real.strip_prefix(folder).ok().and_then(Path::to_str)
                && let Some(settings) = file.settings_of(name)
            {
                return Ok(settings);
            }
            if folder.join(PROJECT).exists() {
                break;
            }
        }
        Ok(Settings::default())
    }

    fn file_of(&mut self, folder: &Path) -> Result<Option<Arc<File>>, DocumentFileError> {
        if let Some(known) = self.found.get(folder) {
            return Ok(known.clone());
        }
        let path = folder.join(FILE_NAME);
        let file = match path.metadata() {
            // Whatever else may lie there under the name, it was not asked for.
            Ok(metadata) if !metadata.is_file() || metadata.len() > LONGEST => {
                let cause = io::Error::other("neither a file nor of less than a MiB");
                return Err(DocumentFileError::Unreadable { path, cause });
            }
            Ok(_) => Some(Arc::new(File::read(&path, &mut |path: &Path| self.expectations(path))?)),
            // A link that leads nowhere was meant to lead to one.
            Err(cause) if cause.kind() == ErrorKind::NotFound && path.symlink_metadata().is_err() => None,
            Err(cause) => return Err(DocumentFileError::Unreadable { path, cause }),
        };
        self.found.insert(folder.to_owned(), file.clone());
        Ok(file)
    }

    fn expectations(&mut self, path: &Path) -> Result<Arc<OwnExpectations>, DocumentFileError> {
        let real = real_path(path).unwrap_or_else(|| path.to_owned());
        if let Some(known) = self.expectations.get(&real) {
            return Ok(known.clone());
        }
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            let cause = io::Error::other("it is not a file");
            return Err(DocumentFileError::Unreadable { path: path.to_owned(), cause });
        }
        let read = match self.may_be_new {
            true => OwnExpectations::read_if_there(path)?,
            false => OwnExpectations::read(path)?,
        };
        let read = Arc::new(read);
        self.expectations.insert(real, read.clone());
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
