//! Expectations of scripts that are of no suite, in a file that lies with them.

use super::{Expectations, Scope};
use crate::discover::{Selected, real_path};
use crate::document::{DocumentFileError, read_document};
use crate::glob;
use crate::outcome::{FileReport, Problem};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The expectations of a file. They name scripts by their paths from the folder of the file on, with `/`; a script that is not
/// below this folder is not one of them.
#[derive(Debug)]
pub struct OwnExpectations {
    path: PathBuf,
    /// The folder, without links.
    folder: PathBuf,
    expectations: Expectations,
}

impl OwnExpectations {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is not a file of expectations for scripts that are of no suite.
    pub fn read(path: &Path) -> Result<OwnExpectations, DocumentFileError> {
        let parse = |text: &str| Expectations::parse(text, Scope::Own);
        Self::with(path, read_document(path, parse)?)
    }

    /// Reads a file that need not be there yet: then nothing is expected.
    ///
    /// # Errors
    ///
    /// As [`OwnExpectations::read`], and when there is no such folder either.
    pub fn read_if_there(path: &Path) -> Result<OwnExpectations, DocumentFileError> {
        match Self::read(path) {
            Err(DocumentFileError::Unreadable { cause, .. }) if cause.kind() == ErrorKind::NotFound => {
                Self::with(path, Expectations::default())
            }
            read => read,
        }
    }

    fn with(path: &Path, expectations: Expectations) -> Result<OwnExpectations, DocumentFileError> {
        let real = real_path(path);
        let folder = real.and_then(|real| real.parent().map(Path::to_owned));
        let folder = folder.ok_or_else(|| DocumentFileError::Unreadable {
            path: path.to_owned(),
            cause: ErrorKind::NotFound.into(),
        })?;
        Ok(OwnExpectations { path: path.to_owned(), folder, expectations })
    }

    /// The file, as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name that a script has in these expectations; `None` if they are not about it.
    pub fn name_of(&self, script: &Path) -> Option<String> {
        let real = real_path(script)?;
        Some(real.strip_prefix(&self.folder).ok()?.to_str()?.to_owned())
    }

    /// Applies what is listed for a script as [`Expectations::apply`] does for files of suites.
    pub fn apply(&self, name: &str, report: &mut FileReport) -> Vec<Problem> {
        self.expectations.apply(None, name, report)
    }

    /// What is wrong with the entries themselves: directives of scripts that are not there, in folders that were selected
    /// whole, and patterns that match no script, if the whole folder of the expectations was.
    pub fn unmatched(&self, selected: &Selected) -> Vec<Problem> {
        let names = self.names(selected);
        let place = |what: &str| self.path.with_file_name(what).display().to_string();
        let mut problems = Vec::new();
        for entry in
            self.expectations.expected.iter().filter(|entry| self.is_gone(&entry.file, selected, &names))
        {
            problems.push(Problem {
                file: format!("{}:{}", place(&entry.file), entry.line),
                message: format!(
                    "the entry is unused: no script is called so; listed in {}",
                    self.path.display()
                ),
            });
        }
        if selected.takes_all_below(&self.folder) {
            for entry in &self.expectations.unsupported {
                let unused = |pattern: &&String| !names.iter().any(|name| glob::matches(pattern, name));
                problems.extend(entry.files.iter().filter(unused).map(|pattern| Problem {
                    file: place(pattern),
                    message: format!(
                        "the entry is unused: no script is called so; listed for `{}` in {}",
                        entry.proposal,
                        self.path.display()
                    ),
                }));
            }
        }
        problems
    }

    /// The names of scripts that would be among those selected, and are not.
    pub(crate) fn gone(&self, selected: &Selected) -> BTreeSet<&str> {
        let names = self.names(selected);
        let files = self.expectations.expected.iter().map(|entry| entry.file.as_str());
        files.filter(|file| self.is_gone(file, selected, &names)).collect()
    }

    fn names(&self, selected: &Selected) -> BTreeSet<String> {
        let own = selected.inputs.iter().filter(|input| input.suite().is_none());
        own.filter_map(|input| self.name_of(input.path()?)).collect()
    }

    fn is_gone(&self, file: &str, selected: &Selected, names: &BTreeSet<String>) -> bool {
        let folder = self.folder.join(file).parent().map(Path::to_owned);
        folder.is_some_and(|folder| selected.takes_all_below(&folder)) && !names.contains(file)
    }
}
