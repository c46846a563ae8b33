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
    /// Scripts, folders of scripts, and `-` for the standard input. Without any: the official suite and the regressions
    /// of the workspace. The suite is the folder that TRAPLINE_SPEC_TESTS names, else spec-tests/testsuite/ if it is
    /// there, else the embedded `latest` edition with the proposals that are part of WebAssembly 3.0 or still live.
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

impl SelectionArguments {
    /// Finds the scripts. There is at least one. `only` is the file of the one script that is meant, if one is; nothing
    /// else has to say where it is.
    pub(super) fn select(&self, only: Option<&Path>) -> Result<Selected, Failure> {
        let nothing_said = self.paths.is_empty() && self.suite.is_none() && self.spec.is_none();
        let only = only.filter(|file| nothing_said && file.is_file());
        let request = Request {
            paths: only.map_or_else(|| self.paths.clone(), |file| vec![file.to_owned()]),
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
