//! Runs as their JSON reports record them.

use super::EngineSummary;
use super::line::{Line, SCHEMA, ScriptErrorLine, SummaryLine};
use super::record_error::{RecordCause, RecordError};
use crate::outcome::{DirectiveRecord, OutcomeKind, Problem};
use crate::trail::RunInfo;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// A run as its JSON report records it. It borrows the report's lines.
#[derive(Debug, Default)]
pub struct Recorded<'a> {
    /// What was run, and how.
    pub run: RunInfo,
    /// What became of each directive.
    pub directives: BTreeMap<DirectiveKey, RecordedDirective<'a>>,
    /// The files that could not be run as scripts, by engine and file.
    pub script_errors: BTreeMap<(String, String), RecordedFault<'a>>,
    /// What is red beyond single directives.
    pub problems: Vec<RecordedProblem<'a>>,
    /// The totals of each engine.
    pub engines: BTreeMap<String, EngineSummary>,
}

/// Which directive something is about. The order is the canonical one of reports.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DirectiveKey {
    /// The engine.
    pub engine: String,
    /// The file.
    pub file: String,
    /// The ordinal within the file, from 0.
    pub index: u32,
}

impl fmt::Display for DirectiveKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "directive {} of {} on {}", self.index, self.file, self.engine)
    }
}

/// What became of a directive.
#[derive(Clone, Debug)]
pub struct RecordedDirective<'a> {
    /// The record, as it was written.
    pub record: DirectiveRecord,
    /// What the script wants, in words, if it did something else.
    pub expected: Option<String>,
    /// What happened, in words, if it did not pass.
    pub actual: Option<String>,
    /// Why the expectations list it: then its outcome is not red.
    pub known: Option<String>,
    /// The proposal whose absence explains the outcome.
    pub proposal: Option<String>,
    /// Where the file can be opened, if its name does not say so and the line does.
    pub path: Option<String>,
    /// The command that runs just this directive again, if its outcome is red.
    pub rerun: Option<String>,
    /// The line of the report.
    pub text: &'a str,
}

impl RecordedDirective<'_> {
    /// The kind of its outcome.
    pub fn kind(&self) -> OutcomeKind {
        self.record.outcome.kind()
    }

    /// Whether the run is red with it.
    pub fn is_red(&self) -> bool {
        !self.record.outcome.is_pass() && self.known.is_none()
    }
}

/// A file that could not be run as a script.
#[derive(Clone, Debug)]
pub struct RecordedFault<'a> {
    /// The line, from 1, or 0.
    pub line: u32,
    /// The column, from 1, or 0.
    pub col: u32,
    /// The cause.
    pub message: String,
    /// The proposal that the expectations list it for.
    pub expected: Option<String>,
    /// Where the file can be opened, if its name does not say so.
    pub path: Option<String>,
    /// The line of the report.
    pub text: &'a str,
}

/// Something that is red beyond single directives.
#[derive(Clone, Debug)]
pub struct RecordedProblem<'a> {
    /// What it is.
    pub problem: Problem,
    /// The line of the report.
    pub text: &'a str,
}

impl<'a> Recorded<'a> {
    /// Parses a JSON report.
    ///
    /// # Errors
    ///
    /// If the text is not the report of a whole run: every line one of a report, the last one a summary that counts
    /// what there is.
    pub fn parse(text: &'a str) -> Result<Recorded<'a>, RecordError> {
        let mut run = Recorded::default();
        let (mut number, mut ended) = (0, false);
        for text in text.lines() {
            number += 1;
            let fails = |cause| RecordError { line: number, cause };
            if ended {
                return Err(fails(RecordCause::AfterSummary));
            }
            ended = run.line(number, text).map_err(fails)?;
        }
        let cause = match (number, ended) {
            (0, _) => Some(RecordCause::Empty),
            (_, false) => Some(RecordCause::Unfinished),
            (_, true) => run.check_counts().err(),
        };
        match cause {
            Some(cause) => Err(RecordError { line: number.max(1), cause }),
            None => Ok(run),
        }
    }

    /// Whether anything of it is not as expected.
    pub fn is_red(&self) -> bool {
        self.directives.values().any(RecordedDirective::is_red)
            || self.script_errors.values().any(|fault| fault.expected.is_none())
            || !self.problems.is_empty()
    }

    /// Takes a line; whether it is the summary.
    fn line(&mut self, number: usize, text: &'a str) -> Result<bool, RecordCause> {
        if number == 1 {
            check_first(text)?;
        }
        match serde_json::from_str(text).map_err(RecordCause::Line)? {
            Line::Run(run) => {
                if number != 1 {
                    return Err(RecordCause::AfterRun);
                }
                self.run = *run;
            }
            Line::Directive(line) => {
                let record = line.record().ok_or(RecordCause::Contradiction)?;
                let key = DirectiveKey {
                    engine: line.engine.into_owned(),
                    file: line.file.into_owned(),
                    index: line.index,
                };
                if self.directives.contains_key(&key) {
                    return Err(RecordCause::Twice(key.to_string()));
                }
                let owned = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
                let directive = RecordedDirective {
                    record,
                    expected: line.expected,
                    actual: line.actual,
                    known: owned(line.known),
                    proposal: owned(line.proposal),
                    path: owned(line.path),
                    rerun: line.rerun,
                    text,
                };
                self.directives.insert(key, directive);
            }
            Line::ScriptError(ScriptErrorLine { engine, file, line, col, message, expected, path }) => {
                let key = (engine, file);
                if self.script_errors.contains_key(&key) {
                    return Err(RecordCause::Twice(format!("{} on {}", key.1, key.0)));
                }
                self.script_errors.insert(key, RecordedFault { line, col, message, expected, path, text });
            }
            Line::Problem(problem) => self.problems.push(RecordedProblem { problem, text }),
            Line::Summary(SummaryLine { schema: SCHEMA, engines }) => {
                self.engines = engines;
                return Ok(true);
            }
            Line::Summary(SummaryLine { schema, .. }) => return Err(RecordCause::Schema(schema)),
        }
        Ok(false)
    }

    /// The lines must be as many as the summary says, for each outcome.
    fn check_counts(&self) -> Result<(), RecordCause> {
        let mut counted: BTreeMap<&str, [u64; OutcomeKind::ALL.len()]> = BTreeMap::new();
        for (key, directive) in &self.directives {
            counted.entry(&key.engine).or_default()[directive.record.outcome.kind() as usize] += 1;
        }
        let nothing = EngineSummary::default();
        let engines = counted.keys().copied().chain(self.engines.keys().map(String::as_str));
        for engine in engines {
            let lines = counted.get(engine).copied().unwrap_or_default();
            let summary = self.engines.get(engine).unwrap_or(&nothing);
            let differ = |what, summary, lines| {
                let engine = engine.to_owned();
                if summary == lines {
                    Ok(())
                } else {
                    Err(RecordCause::Counts { engine, what, summary, lines })
                }
            };
            differ("directives", summary.directives, lines.iter().sum())?;
            for kind in OutcomeKind::ALL {
                differ(kind.name(), summary.outcomes(kind), lines[kind as usize])?;
            }
        }
        Ok(())
    }
}

/// The first line has to say that this is a report, and of which schema, before its other fields are looked at.
fn check_first(text: &str) -> Result<(), RecordCause> {
    #[derive(Deserialize)]
    struct First {
        r#type: String,
        schema: Option<u32>,
    }
    let First { r#type, schema } = serde_json::from_str(text).map_err(RecordCause::Foreign)?;
    match (r#type.as_str(), schema) {
        (_, Some(schema)) if schema != SCHEMA => Err(RecordCause::Schema(schema)),
        ("run", _) => Ok(()),
        _ => Err(RecordCause::NoRun(r#type)),
    }
}
