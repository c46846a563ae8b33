//! What is known not to pass, and what becomes of a run because of it.
//!
//! `expectations.toml` has two kinds of entries. An `[[unsupported]]` entry lists files of a proposal that is not
//! built yet: they are run all the same, and what such a file has of directives that are unsupported, or blocked by one
//! that is, counts as unsupported for that proposal. Whatever else comes stays what it is: a directive that can pass has
//! to, and a wrong result is red. An `[[expected]]` entry lists a single directive. An entry of either kind whose
//! subject passes, or is not there, is stale, and a stale entry is red.
//!
//! Entries of `spec-tests/expectations.toml` name their suites. A file of a user's own ([`OwnExpectations`]) has the same form
//! without suites.

mod bless;
mod document;
mod own;

pub use bless::{BlessError, Shown, bless, changes};
pub(crate) use document::is_below;
pub use own::OwnExpectations;

use crate::document::DocumentError;
use crate::glob;
use crate::outcome::{FileReport, Outcome, OutcomeKind, Problem};
use crate::trail::{Lack, Layer};
use std::collections::BTreeSet;
use std::sync::Arc;
use trapline_abi::Trap;
use trapline_spec_tests::{Manifest, SuiteId};

/// The digits of a directive's hash: the first half of a BLAKE3 hash is plenty to tell directives of one line apart.
const HASH_DIGITS: usize = 16;

/// What the scripts of a file of expectations belong to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// The official suites: every entry names some.
    Suites,
    /// No suite: no entry does.
    Own,
}

/// A file of expectations, parsed.
#[derive(Debug, Default)]
pub struct Expectations {
    unsupported: Vec<Unsupported>,
    expected: Vec<Expected>,
}

/// Files of a proposal that is not built yet.
#[derive(Debug)]
struct Unsupported {
    proposal: Arc<str>,
    /// None if the files are of no suite.
    suites: Vec<SuiteId>,
    files: Vec<String>,
}

/// A directive that is known not to pass.
#[derive(Debug)]
struct Expected {
    /// None if the file is of no suite.
    suites: Vec<SuiteId>,
    /// The engines, with their variants, that it is about; all if there are none.
    engines: Vec<String>,
    file: String,
    index: u32,
    line: u32,
    hash: String,
    outcome: OutcomeKind,
    /// The layer that decided; not compared if there is none.
    layer: Option<Layer>,
    /// The kind of the trap that came; not compared if there is none.
    trap: Option<Trap>,
    /// What came, in the words of the report; not compared if there is none.
    message: Option<String>,
    class: String,
    reason: String,
}

impl Expectations {
    /// The expectations of the suites that this program was built with.
    ///
    /// # Errors
    ///
    /// If the file was edited into something else.
    pub fn bundled() -> Result<Expectations, DocumentError> {
        Expectations::parse(trapline_spec_tests::EXPECTATIONS, Scope::Suites)
    }

    /// Parses expectations.
    ///
    /// # Errors
    ///
    /// If the text is not of the file's shape, an entry is of another scope, or an entry cannot mean anything.
    pub fn parse(text: &str, scope: Scope) -> Result<Expectations, DocumentError> {
        document::parse(text, scope)
    }

    /// The proposal that a file is listed for.
    pub fn proposal_of(&self, suite: Option<SuiteId>, file: &str) -> Option<&Arc<str>> {
        let listed = |entry: &&Unsupported| {
            is_of(&entry.suites, suite) && entry.files.iter().any(|pattern| glob::matches(pattern, file))
        };
        self.unsupported.iter().find(listed).map(|entry| &entry.proposal)
    }

    /// Applies what is listed for a file to the report of its run: marks what is known, and says which entries have
    /// become untrue. They are about trapline's own engines: of another engine, only those count that name it, and what
    /// cannot be parsed, which no engine has to do with. `suite` is `None` for a script of no suite.
    pub fn apply(&self, suite: Option<SuiteId>, file: &str, report: &mut FileReport) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(proposal) = self.proposal_of(suite, file) {
            problems.extend(Self::apply_proposal(proposal, report));
        }
        for entry in &self.expected {
            let of_engine = entry.engines.iter().any(|engine| **engine == *report.engine)
                || entry.engines.is_empty() && !report.oracle;
            if entry.file == file && is_of(&entry.suites, suite) && of_engine {
                problems.extend(entry.apply(report));
            }
        }
        problems
    }

    fn apply_proposal(proposal: &Arc<str>, report: &mut FileReport) -> Option<Problem> {
        if let Some(fault) = &mut report.script_error {
            fault.expected = Some(proposal.to_string());
        } else if report.oracle {
            return None;
        } else if report.directives.iter().all(|directive| directive.outcome.is_pass()) {
            return Some(Problem {
                file: report.file.to_string(),
                message: format!(
                    "the entry is stale: the file is listed for `{proposal}` as unsupported, and all of it passes"
                ),
            });
        } else {
            for directive in &mut report.directives {
                let explained = match &directive.outcome {
                    Outcome::Unsupported(_) => true,
                    Outcome::Blocked(by) => by.outcome == OutcomeKind::Unsupported,
                    // What does pass has to go on passing, and no missing proposal explains the others.
                    Outcome::Pass
                    | Outcome::Fail(_)
                    | Outcome::Crash(_)
                    | Outcome::Timeout { .. }
                    | Outcome::HarnessError(_)
                    | Outcome::NotRun(_)
                    | Outcome::Diverged(_) => false,
                };
                if explained {
                    directive.outcome = Outcome::lack(Lack::Proposal(proposal.to_string()));
                }
            }
        }
        report.proposal = Some(proposal.clone());
        None
    }

    /// What is wrong with the entries themselves, as far as the suites that were selected whole can tell: patterns
    /// that match no file, and directives of files that are not there. `files` are the names of all files of a suite.
    pub fn unmatched<'a>(
        &self,
        whole: &[SuiteId],
        manifest: &'a Manifest,
        files: impl Fn(SuiteId) -> BTreeSet<&'a str>,
    ) -> Vec<Problem> {
        // Of a suite that was not selected whole, the manifest knows the files.
        let names = |suite: SuiteId| match whole.contains(&suite) {
            true => files(suite),
            false => manifest
                .suite(suite)
                .map(|s| s.files.keys().map(String::as_str).collect())
                .unwrap_or_default(),
        };
        let mut problems = Vec::new();
        for entry in &self.unsupported {
            if !entry.suites.iter().any(|suite| whole.contains(suite)) {
                continue;
            }
            let suites: Vec<_> = entry.suites.iter().map(|&suite| (suite, names(suite))).collect();
            for pattern in &entry.files {
                if !suites.iter().any(|(_, names)| names.iter().any(|name| glob::matches(pattern, name))) {
                    problems.push(Problem {
                        file: pattern.clone(),
                        message: format!(
                            "the entry is unused: no file is called so, listed for `{}`",
                            entry.proposal
                        ),
                    });
                }
            }
            for (suite, names) in &suites {
                let matched = |name: &&str| entry.files.iter().any(|pattern| glob::matches(pattern, name));
                if whole.contains(suite) && !names.iter().any(matched) {
                    problems.push(Problem {
                        file: suite.to_string(),
                        message: format!(
                            "the entry is unused: no file of this suite is listed for `{}`",
                            entry.proposal
                        ),
                    });
                }
            }
        }
        for entry in &self.expected {
            for &suite in entry.suites.iter().filter(|suite| whole.contains(suite)) {
                if !names(suite).contains(entry.file.as_str()) {
                    problems.push(Problem {
                        file: format!("{}:{}", entry.file, entry.line),
                        message: format!("the entry is unused: the suite `{suite}` has no such file"),
                    });
                }
            }
        }
        problems
    }
}

/// Whether an entry for these suites is about a file of this one, or of none.
fn is_of(suites: &[SuiteId], suite: Option<SuiteId>) -> bool {
    suite.map_or(suites.is_empty(), |suite| suites.contains(&suite))
}

impl Expected {
    fn apply(&self, report: &mut FileReport) -> Option<Problem> {
        let place = format!("{}:{}", report.file, self.line);
        let problem = |message: String| Problem { file: place, message };
        if report.script_error.is_some() {
            return Some(problem("the entry is stale: the file cannot be parsed".to_owned()));
        }
        let Some(directive) = report.directives.iter().find(|directive| directive.index == self.index) else {
            return Some(problem(format!("the entry is stale: there is no directive {}", self.index)));
        };
        let outcome = &directive.outcome;
        // What was not run says nothing.
        if outcome.kind() == OutcomeKind::NotRun {
            return None;
        }
        // Passing directives come without their text.
        if outcome.is_pass() {
            return Some(problem(format!(
                "the entry is stale: the directive passes, it was listed as {}",
                self.class
            )));
        }
        let hash = directive_hash(directive.source().unwrap_or_default());
        if hash != self.hash {
            return Some(problem(format!(
                "the entry is stale: directive {} is another one, with hash {hash}",
                self.index
            )));
        }
        if outcome.kind() != self.outcome {
            return Some(problem(format!(
                "the directive was expected to end in {} and ended in {}",
                self.outcome.name(),
                outcome.kind().name()
            )));
        }
        let (layer, trap) = (outcome.layer(), directive.trap().map(|trap| trap.kind));
        if self.layer.is_some() && self.layer != layer {
            return Some(problem(format!(
                "another layer decided: expected {}, got {}",
                word(self.layer),
                word(layer)
            )));
        }
        if self.trap.is_some() && self.trap != trap {
            return Some(problem(format!(
                "another trap came: expected {}, got {}",
                word(self.trap),
                word(trap)
            )));
        }
        let message = bless::message(directive);
        if self.message.as_ref().is_some_and(|expected| *expected != message) {
            return Some(problem(format!(
                "the message has changed: expected `{}`, got `{message}`",
                self.message.as_deref().unwrap_or_default()
            )));
        }
        report.known.insert(self.index, self.reason.clone());
        None
    }
}

/// The hash by which an entry knows its directive.
pub fn directive_hash(source: &str) -> String {
    let mut hash = trapline_spec_tests::content_hash(source.as_bytes());
    hash.truncate(HASH_DIGITS);
    hash
}

/// A layer or a trap as expectations write it.
fn word(value: Option<impl serde::Serialize>) -> String {
    match value.map(|value| serde_json::to_value(value)) {
        Some(Ok(serde_json::Value::String(word))) => word,
        Some(_) | None => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests;
