//! `--bless`: files of expectations are brought up to date with what a run has shown.

use super::configuration::file_of_suites;
use super::exit::{Exit, Failure, OrExit};
use super::print;
use crate::configuration::Configuration;
use crate::discover::{Input, Selected};
use crate::document::read_document;
use crate::expectations::{Expectations, OwnExpectations, Scope, Shown, bless, changes};
use crate::outcome::{FileReport, Problem};
use crate::reading;
use crate::run::{FileResult, Runner};
use crate::whole_file::WholeFile;
use anyhow::anyhow;
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a run that is to be blessed has shown.
pub(super) struct Blessing {
    targets: Vec<Target>,
    /// What is red and no file that is rewritten has to do with, a line each.
    red: Vec<String>,
}

/// A file that is to be rewritten.
struct Target {
    path: PathBuf,
    /// The expectations of scripts that are of no suite, if they are in it.
    own: Option<Arc<OwnExpectations>>,
    old: String,
    /// What takes its place.
    new: WholeFile,
    shown: Vec<Shown>,
}

impl Blessing {
    /// Finds the files that have the expectations of the scripts. If the user names one, it is that one alone.
    ///
    /// # Errors
    ///
    /// When there is none, or one that cannot be rewritten.
    pub(super) fn begin(
        inputs: &[Input],
        configuration: &Configuration,
        named: Option<&Path>,
    ) -> Result<Blessing, Failure> {
        let mut targets = Vec::new();
        if named.is_none() && inputs.iter().any(|input| input.suite().is_some()) {
            let path = file_of_suites()
                .ok_or_else(|| anyhow!("failed to find spec-tests/expectations.toml from here upwards"))
                .or_exit(Exit::Usage)?;
            targets.push(Target::begin(path, None)?);
        }
        let is_meant = |own: &&Arc<OwnExpectations>| named.is_none_or(|named| named == own.path());
        for own in configuration.expectations().into_iter().filter(is_meant) {
            targets.push(Target::begin(own.path().to_owned(), Some(own.clone()))?);
        }
        if targets.is_empty() {
            let why = match named {
                Some(_) => "no script that is selected is below the folder of the file of --expectations",
                None => {
                    "the scripts are of no suite, and neither --expectations nor trapline.toml names a file"
                }
            };
            return Err(anyhow!("failed to find the expectations that are to be rewritten: {why}"))
                .or_exit(Exit::Usage);
        }
        Ok(Blessing { targets, red: Vec::new() })
    }

    /// Takes what has become of a script.
    pub(super) fn take(&mut self, input: &Input, configuration: &Configuration, result: &FileResult) {
        self.red.extend(result.problems.iter().map(line));
        let own = configuration.of(input).expectations.as_ref();
        let is_about = |target: &&mut Target| match &target.own {
            None => input.suite().is_some(),
            Some(one) => own.is_some_and(|(own, _)| own.path() == one.path()),
        };
        let name = own.map_or_else(|| input.name.to_string(), |(_, name)| name.clone());
        let report = result.report.clone();
        match self.targets.iter_mut().find(is_about) {
            Some(target) => target.shown.push(Shown { suite: input.suite(), name, report }),
            None => {
                self.red.extend(result.stale.iter().map(line));
                self.red.extend(what_is_red(&report));
            }
        }
    }

    /// Rewrites the files, and says what has changed.
    ///
    /// # Errors
    ///
    /// When a file cannot be rewritten, and when something is red all the same.
    pub(super) fn finish(self, runner: &mut Runner, selected: &Selected) -> Result<Exit, Failure> {
        let Blessing { targets, mut red } = self;
        let mut configuration = (*runner.configuration).clone();
        for target in targets {
            let (rewritten, shown) = target.finish(selected)?;
            for Shown { suite, name, mut report } in shown {
                report.known.clear();
                report.proposal = None;
                let stale = match &rewritten {
                    Rewritten::Suites(expectations) => expectations.apply(suite, &name, &mut report),
                    Rewritten::Own(own) => own.apply(&name, &mut report),
                };
                red.extend(stale.iter().map(line));
                red.extend(what_is_red(&report));
            }
            match rewritten {
                Rewritten::Suites(expectations) => runner.expectations = expectations,
                Rewritten::Own(own) => configuration.replace_expectations(&Arc::new(own)),
            }
        }
        runner.configuration = Arc::new(configuration);
        red.extend(runner.check_selected(selected).iter().map(line));
        match red.is_empty() {
            true => Ok(Exit::Success),
            false => Err(anyhow!("failed to bless all of it, and this stays red:\n  {}", red.join("\n  ")))
                .or_exit(Exit::Unexpected),
        }
    }
}

/// Expectations as they are from now on.
enum Rewritten {
    Suites(Expectations),
    Own(OwnExpectations),
}

impl Target {
    fn begin(path: PathBuf, own: Option<Arc<OwnExpectations>>) -> Result<Target, Failure> {
        let shown = path.display();
        let (old, new) = open(&path)
            .map_err(|error| anyhow!("failed to rewrite the expectations {shown}: {error}"))
            .or_exit(Exit::Usage)?;
        Ok(Target { path, own, old, new, shown: Vec::new() })
    }

    /// Writes the file, if it has changed, and says how.
    fn finish(self, selected: &Selected) -> Result<(Rewritten, Vec<Shown>), Failure> {
        let Target { path, own, old, new, shown } = self;
        let (scope, gone) = match &own {
            None => (Scope::Suites, BTreeSet::new()),
            Some(own) => (Scope::Own, own.gone(selected)),
        };
        let text = bless(&old, scope, &shown, &gone)
            .map_err(|error| anyhow!("failed to rewrite the expectations {}: {error}", path.display()))
            .or_exit(Exit::Internal)?;
        if text == old {
            print(&format!("{} says so already\n", path.display()))?;
        } else {
            replace(&path, new, &text)
                .map_err(|error| anyhow!("failed to write {}: {error}", path.display()))
                .or_exit(Exit::Internal)?;
            print(&format!("{}:\n{}", path.display(), changes(&old, &text)))?;
        }
        let read = match own {
            None => read_document(&path, |text| Expectations::parse(text, scope)).map(Rewritten::Suites),
            Some(_) => OwnExpectations::read_if_there(&path).map(Rewritten::Own),
        };
        let rewritten = read
            .map_err(|error| anyhow!("failed to read the expectations: {error}"))
            .or_exit(Exit::Internal)?;
        Ok((rewritten, shown))
    }
}

/// Reads a file that is to be rewritten, or need not be there yet, and begins the one that takes its place. Links are
/// followed.
fn open(path: &Path) -> io::Result<(String, WholeFile)> {
    let real = match path.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok((String::new(), WholeFile::begin(path)?));
        }
        found => found?,
    };
    if !real.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    // It is replaced and not written to, which a file that must not be written would allow.
    OpenOptions::new().write(true).open(&real)?;
    Ok((reading::read_text(&real)?, WholeFile::begin(&real)?))
}

/// Puts a text in the place of a file, with the permissions of the old one.
fn replace(path: &Path, new: WholeFile, text: &str) -> io::Result<()> {
    std::fs::write(new.temporary(), text)?;
    if let Ok(metadata) = path.metadata() {
        std::fs::set_permissions(new.temporary(), metadata.permissions())?;
    }
    new.finish()
}

fn line(problem: &Problem) -> String {
    format!("{}: {}", problem.file, problem.message)
}

/// What is red of a script, a line each.
fn what_is_red(report: &FileReport) -> Vec<String> {
    let file = &report.file;
    let fault = report.script_error.as_ref().filter(|fault| fault.expected.is_none());
    let fault = fault.map(|fault| format!("{file}:{}: {}", fault.line, fault.message));
    let red = report.directives.iter().filter(|directive| report.is_red(directive));
    let red = red.map(|directive| {
        format!("{file}:{}: {}: {}", directive.line, directive.directive, directive.outcome.kind().name())
    });
    fault.into_iter().chain(red).collect()
}
