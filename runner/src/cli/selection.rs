//! Arguments that choose scripts.

use super::exit::{Exit, Failure, OrExit};
use super::headings::SCRIPTS;
use crate::discover::{DiscoverError, Filter, Request, Selected, discover};
use anyhow::anyhow;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use trapline_spec_tests::{Edition, Selection, SuiteError};

/// Which scripts are meant.
#[derive(Args, Clone, Debug)]
pub(super) struct SelectionArguments {
    /// Scripts, modules in binary or text, folders of scripts, and `-` for the standard input. Without any: the official suite and the regressions
    /// of the workspace. The suite is the folder that TRAPLINE_SPEC_TESTS names, else spec-tests/testsuite/ of the
    /// workspace if it is there, else the embedded `latest` edition with the proposals that are part of WebAssembly 3.0 or still live.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Run an embedded edition of the official suite.
    #[arg(long, value_name = "EDITION", value_enum, conflicts_with = "suite", help_heading = SCRIPTS)]
    spec: Option<Spec>,
    /// Run the official suite in a folder.
    #[arg(long, value_name = "DIR", help_heading = SCRIPTS)]
    suite: Option<PathBuf>,
    /// Run only scripts whose name contains this; may be repeated.
    #[arg(long, value_name = "SUBSTR", help_heading = SCRIPTS)]
    filter: Vec<String>,
    /// Leave out scripts whose name contains this; may be repeated.
    #[arg(long, value_name = "SUBSTR", help_heading = SCRIPTS)]
    skip: Vec<String>,
    /// Let --filter and --skip compare whole names.
    #[arg(long, help_heading = SCRIPTS)]
    exact: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Spec {
    V1,
    V2,
    V3,
    Latest,
}

impl From<Spec> for Edition {
    fn from(spec: Spec) -> Edition {
        match spec {
            Spec::V1 => Edition::V1,
            Spec::V2 => Edition::V2,
            Spec::V3 => Edition::V3,
            Spec::Latest => Edition::Latest,
        }
    }
}

/// Finds a single script or module.
pub(super) fn only_script(file: &Path) -> Result<Selected, Failure> {
    let selection = SelectionArguments {
        paths: vec![file.to_owned()],
        spec: None,
        suite: None,
        filter: Vec::new(),
        skip: Vec::new(),
        exact: false,
    };
    let selected = selection.select()?;
    match selected.inputs.len() {
        1 => Ok(selected),
        count => {
            Err(anyhow!("failed to choose a script: {} holds {count}", file.display())).or_exit(Exit::Usage)
        }
    }
}

impl SelectionArguments {
    /// This, or what an earlier run has selected if this says nothing, with the filters of this if there are any.
    pub(super) fn or(&self, earlier: SelectionArguments) -> SelectionArguments {
        match (self.says_nothing(), self.filters()) {
            (false, _) => self.clone(),
            (true, false) => earlier,
            (true, true) => {
                let (filter, skip, exact) = (self.filter.clone(), self.skip.clone(), self.exact);
                SelectionArguments { filter, skip, exact, ..earlier }
            }
        }
    }

    /// This, or if it says nothing the file of the one script that is meant, if there is such a file.
    pub(super) fn or_only(&self, file: &Path) -> SelectionArguments {
        match self.says_nothing() && file.is_file() {
            true => SelectionArguments { paths: vec![file.to_owned()], ..self.clone() },
            false => self.clone(),
        }
    }

    /// The arguments that say the same.
    pub(super) fn words(&self) -> Vec<String> {
        let option = |flag: &str, value: String| [flag.to_owned(), value];
        let path = |path: &PathBuf| path.to_string_lossy().into_owned();
        let spec = self.spec.and_then(|spec| Some(spec.to_possible_value()?.get_name().to_owned()));
        let mut words: Vec<String> = Vec::new();
        words.extend(spec.into_iter().flat_map(|spec| option("--spec", spec)));
        words.extend(self.suite.iter().flat_map(|folder| option("--suite", path(folder))));
        words.extend(self.filter.iter().flat_map(|part| option("--filter", part.clone())));
        words.extend(self.skip.iter().flat_map(|part| option("--skip", part.clone())));
        words.extend(self.exact.then(|| "--exact".to_owned()));
        if !self.paths.is_empty() {
            // A path can begin with a hyphen.
            words.push("--".to_owned());
            words.extend(self.paths.iter().map(path));
        }
        words
    }

    /// Whether it leaves some scripts out by their names.
    pub(super) fn filters(&self) -> bool {
        !(self.filter.is_empty() && self.skip.is_empty())
    }

    /// Whether it leaves it open where scripts come from.
    pub(super) fn says_nothing(&self) -> bool {
        self.paths.is_empty() && self.suite.is_none() && self.spec.is_none()
    }

    /// Finds the scripts. There is at least one.
    pub(super) fn select(&self) -> Result<Selected, Failure> {
        let request = Request {
            paths: self.paths.clone(),
            suite: match (&self.suite, self.spec) {
                (Some(folder), _) => Some(Selection::Folder(folder.clone())),
                (None, Some(spec)) => Some(Selection::Edition(spec.into())),
                (None, None) => None,
            },
            filter: Filter { only: self.filter.clone(), skip: self.skip.clone(), exact: self.exact },
        };
        // Without a current folder there is no workspace around it; paths still work.
        let here = std::env::current_dir().unwrap_or_default();
        let selected = discover(&request, &here).map_err(|error| Failure {
            exit: match error {
                DiscoverError::Empty(_) | DiscoverError::Suite(SuiteError::Empty(_)) => Exit::NothingSelected,
                _ => Exit::Usage,
            },
            error: anyhow!("failed to find scripts: {error}"),
        })?;
        if selected.inputs.is_empty() {
            return Err(anyhow!("failed to find scripts: no name matches --filter and --skip"))
                .or_exit(Exit::NothingSelected);
        }
        Ok(selected)
    }
}
