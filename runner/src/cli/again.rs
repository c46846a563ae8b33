//! `--rerun-failed REPORT`: what was red in an earlier run.

use super::exit::{Exit, Failure, OrExit};
use super::print;
use super::report::{parse, read};
use super::selection::SelectionArguments;
use crate::discover::{Input, quoted};
use crate::run::{Part, RedDirectives};
use anyhow::anyhow;
use clap::{Args as _, FromArgMatches};
use std::path::Path;

/// What was red in an earlier run, and how its scripts were selected.
pub(super) struct Again {
    report: String,
    red: RedDirectives,
    selection: Vec<String>,
}

/// Scripts that are named when they are not there.
const NAMED: usize = 3;

impl Again {
    /// Reads the report of the run. `None` if nothing in it was red, which is said then.
    ///
    /// # Errors
    ///
    /// When it is not the whole report of a run, or nothing was red in it that a script can be run for.
    pub(super) fn read(path: &Path) -> Result<Option<Again>, Failure> {
        let text = read(path)?;
        let run = parse(path, &text)?;
        let (report, red) = (path.display().to_string(), RedDirectives::of_run(&run));
        match (red.is_empty(), run.problems.first()) {
            (false, _) => Ok(Some(Again { report, red, selection: run.run.selection })),
            (true, None) => print(&format!("nothing is red in {report}\n")).map(|()| None),
            (true, Some(first)) => Err(anyhow!(
                "failed to find what to run again: no directive is red in {report}, only {}: {}",
                first.problem.file,
                first.problem.message
            ))
            .or_exit(Exit::NothingSelected),
        }
    }

    /// What to select: what the user says, else what the earlier run has selected.
    pub(super) fn selection(&self, wanted: &SelectionArguments) -> Result<SelectionArguments, Failure> {
        let command = SelectionArguments::augment_args(clap::Command::new("trapline").no_binary_name(true));
        let earlier = command
            .try_get_matches_from(&self.selection)
            .and_then(|matches| SelectionArguments::from_arg_matches(&matches))
            .map_err(|error| {
                anyhow!(
                    "failed to select the scripts of {} again, which are to be named then: {}",
                    self.report,
                    error.kind()
                )
            })
            .or_exit(Exit::Usage)?;
        Ok(wanted.or(earlier))
    }

    /// Keeps the scripts of which something was red.
    ///
    /// # Errors
    ///
    /// When one of them is not there, and the user's filters do not leave it out.
    pub(super) fn retain(&self, inputs: &mut Vec<Input>, filtered: bool) -> Result<(), Failure> {
        inputs.retain(|input| self.red.is_of(&input.name));
        let is_there = |name: &&str| inputs.iter().any(|input| RedDirectives::is_name(name, &input.name));
        let missing: Vec<String> = self.red.files().filter(|name| !is_there(name)).map(quoted).collect();
        if missing.is_empty() || filtered && !inputs.is_empty() {
            return Ok(());
        }
        let more = match missing.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names = missing[..missing.len().min(NAMED)].join(", ");
        Err(anyhow!(
            "failed to find scripts that are red in {}: {names}{more}; name the scripts of that run, or its --suite",
            self.report
        ))
        .or_exit(Exit::NothingSelected)
    }

    /// What is reported of the scripts.
    pub(super) fn part(self) -> Part {
        Part::Red(self.red)
    }
}
