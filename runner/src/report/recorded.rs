//! Runs as their JSON reports record them.

use super::EngineSummary;
use super::line::{Line, SCHEMA, ScriptErrorLine, SummaryLine};
use crate::outcome::{DirectiveRecord, OutcomeKind, Problem};
use crate::trail::RunInfo;
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
    /// The line of the report.
    pub text: &'a str,
}

impl RecordedDirective<'_> {
    /// The kind of its outcome.
    pub fn kind(&self) -> OutcomeKind {
        self.record.outcome.kind()
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

/// Why a text is not the report of a whole run. Messages follow "failed to read the report FILE: ".
#[derive(thiserror::Error, Debug)]
pub enum RecordError {
    /// A line is not one of a report's.
    #[error("line {line} is not one of a report: {cause}")]
    Line {
        /// The line's number, from 1.
        line: usize,
        /// Why.
        cause: serde_json::Error,
    },
    /// The last line is missing.
    #[error("it has no summary, so the run did not end")]
    Unfinished,
    /// There is more than one report.
    #[error("line {0} comes after the summary; to join reports, use `trapline report merge`")]
    AfterSummary(usize),
    /// It is of another version.
    #[error("its schema is {0}, and this program knows schema {SCHEMA}")]
    Schema(u32),
    /// Its first line is not the one that says what was run.
    #[error("its first line is not one of the type `run`, as schema {SCHEMA} wants it")]
    NoRun,
    /// It has a line `run` that is not the first.
    #[error("line {0} begins another run; to join reports, use `trapline report merge`")]
    AfterRun(usize),
    /// A line says two things about a directive.
    #[error("line {0} contradicts itself: its outcome is not that of its typed record")]
    Contradiction(usize),
    /// A directive has two outcomes.
    #[error("line {line} is about {key} again")]
    Twice {
        /// The line's number, from 1.
        line: usize,
        /// The directive, or the file.
        key: String,
    },
    /// Lines are missing, or there are too many.
    #[error("its summary counts {summary} {what} on {engine}, and it has {lines}")]
    Counts {
        /// The engine.
        engine: String,
        /// What is counted.
        what: &'static str,
        /// What the summary says.
        summary: u64,
        /// What the lines say.
        lines: u64,
    },
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
        let mut ended = false;
        for (line, text) in (1..).zip(text.lines()) {
            if ended {
                return Err(RecordError::AfterSummary(line));
            }
            ended = run.line(line, text)?;
        }
        if !ended {
            return Err(RecordError::Unfinished);
        }
        run.check_counts()?;
        Ok(run)
    }

    /// Takes a line; whether it is the summary.
    fn line(&mut self, number: usize, text: &'a str) -> Result<bool, RecordError> {
        let parsed = serde_json::from_str(text).map_err(|cause| RecordError::Line { line: number, cause })?;
        if number == 1 && !matches!(parsed, Line::Run(_) | Line::Summary(_)) {
            return Err(RecordError::NoRun);
        }
        match parsed {
            Line::Run(run) => {
                if number != 1 {
                    return Err(RecordError::AfterRun(number));
                }
                if run.schema != SCHEMA {
                    return Err(RecordError::Schema(run.schema));
                }
                self.run = run;
            }
            Line::Directive(line) => {
                let record = line.record().ok_or(RecordError::Contradiction(number))?;
                let key = DirectiveKey {
                    engine: line.engine.into_owned(),
                    file: line.file.into_owned(),
                    index: line.index,
                };
                if self.directives.contains_key(&key) {
                    return Err(RecordError::Twice { line: number, key: key.to_string() });
                }
                let (expected, actual) = (line.expected, line.actual);
                self.directives.insert(key, RecordedDirective { record, expected, actual, text });
            }
            Line::ScriptError(ScriptErrorLine { engine, file, line, col, message, expected }) => {
                let key = (engine, file);
                if self.script_errors.contains_key(&key) {
                    return Err(RecordError::Twice { line: number, key: format!("{} on {}", key.1, key.0) });
                }
                self.script_errors.insert(key, RecordedFault { line, col, message, expected, text });
            }
            Line::Problem(problem) => self.problems.push(RecordedProblem { problem, text }),
            Line::Summary(SummaryLine { schema: SCHEMA, engines }) => {
                self.engines = engines;
                return Ok(true);
            }
            Line::Summary(SummaryLine { schema, .. }) => return Err(RecordError::Schema(schema)),
        }
        Ok(false)
    }

    /// The lines must be as many as the summary says, for each outcome.
    fn check_counts(&self) -> Result<(), RecordError> {
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
                    Err(RecordError::Counts { engine, what, summary, lines })
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
