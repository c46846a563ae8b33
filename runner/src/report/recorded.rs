//! Runs as their JSON reports record them.

use super::EngineSummary;
use super::json::SCHEMA;
use crate::outcome::OutcomeKind;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// A run as its JSON report records it. It borrows from the report's text.
#[derive(Debug)]
pub struct Recorded<'a> {
    /// What became of each directive.
    pub directives: BTreeMap<DirectiveKey<'a>, RecordedDirective<'a>>,
    /// The files that are no scripts, by engine and file.
    pub script_errors: BTreeMap<(Cow<'a, str>, Cow<'a, str>), RecordedFault<'a>>,
    /// What is red beyond single directives.
    pub problems: Vec<RecordedProblem<'a>>,
    /// The totals of each engine.
    pub engines: BTreeMap<String, EngineSummary>,
}

/// Which directive something is about. The order is the canonical one of reports.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DirectiveKey<'a> {
    /// The engine.
    pub engine: Cow<'a, str>,
    /// The file.
    pub file: Cow<'a, str>,
    /// The ordinal within the file, from 0.
    pub index: u32,
}

impl fmt::Display for DirectiveKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "directive {} of {} on {}", self.index, self.file, self.engine)
    }
}

/// What became of a directive.
#[derive(Clone, Debug)]
pub struct RecordedDirective<'a> {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub col: u32,
    /// The keyword.
    pub directive: Cow<'a, str>,
    /// What became of it.
    pub outcome: OutcomeKind,
    /// What the script wants, if it did something else.
    pub expected: Option<Cow<'a, str>>,
    /// What happened, if it did not pass.
    pub actual: Option<Cow<'a, str>>,
    /// The line of the report, with whatever else it says.
    pub text: &'a str,
}

/// A file that is no script.
#[derive(Clone, Debug)]
pub struct RecordedFault<'a> {
    /// The line, from 1, or 0.
    pub line: u32,
    /// The column, from 1, or 0.
    pub col: u32,
    /// The cause.
    pub message: Cow<'a, str>,
    /// The proposal that the expectations list it for.
    pub expected: Option<Cow<'a, str>>,
    /// The line of the report.
    pub text: &'a str,
}

/// Something that is red beyond single directives.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RecordedProblem<'a> {
    /// Where.
    pub file: Cow<'a, str>,
    /// What.
    pub message: Cow<'a, str>,
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
    /// It is of a later version.
    #[error("its schema is {0}, and this program knows schema {SCHEMA}")]
    Schema(u32),
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

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Directive {
        #[serde(borrow)]
        engine: Cow<'a, str>,
        #[serde(borrow)]
        file: Cow<'a, str>,
        index: u32,
        line: u32,
        col: u32,
        #[serde(borrow)]
        directive: Cow<'a, str>,
        outcome: OutcomeKind,
        #[serde(borrow)]
        expected: Option<Cow<'a, str>>,
        #[serde(borrow)]
        actual: Option<Cow<'a, str>>,
    },
    ScriptError {
        #[serde(borrow)]
        engine: Cow<'a, str>,
        #[serde(borrow)]
        file: Cow<'a, str>,
        line: u32,
        col: u32,
        #[serde(borrow)]
        message: Cow<'a, str>,
        #[serde(borrow)]
        expected: Option<Cow<'a, str>>,
    },
    Problem {
        #[serde(borrow)]
        file: Cow<'a, str>,
        #[serde(borrow)]
        message: Cow<'a, str>,
    },
    Summary {
        schema: u32,
        engines: BTreeMap<String, EngineSummary>,
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
        let mut run = Recorded {
            directives: BTreeMap::new(),
            script_errors: BTreeMap::new(),
            problems: Vec::new(),
            engines: BTreeMap::new(),
        };
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
        match parsed {
            Line::Directive { engine, file, index, line, col, directive, outcome, expected, actual } => {
                let key = DirectiveKey { engine, file, index };
                let recorded = RecordedDirective { line, col, directive, outcome, expected, actual, text };
                if self.directives.contains_key(&key) {
                    return Err(RecordError::Twice { line: number, key: key.to_string() });
                }
                self.directives.insert(key, recorded);
            }
            Line::ScriptError { engine, file, line, col, message, expected } => {
                let key = (engine, file);
                if self.script_errors.contains_key(&key) {
                    return Err(RecordError::Twice { line: number, key: format!("{} on {}", key.1, key.0) });
                }
                self.script_errors.insert(key, RecordedFault { line, col, message, expected, text });
            }
            Line::Problem { file, message } => self.problems.push(RecordedProblem { file, message, text }),
            Line::Summary { schema: SCHEMA, engines } => {
                self.engines = engines;
                return Ok(true);
            }
            Line::Summary { schema, .. } => return Err(RecordError::Schema(schema)),
        }
        Ok(false)
    }

    /// The lines must be as many as the summary says, for each outcome.
    fn check_counts(&self) -> Result<(), RecordError> {
        let mut counted: BTreeMap<&str, [u64; OutcomeKind::ALL.len()]> = BTreeMap::new();
        for (key, directive) in &self.directives {
            counted.entry(&key.engine).or_default()[directive.outcome as usize] += 1;
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
