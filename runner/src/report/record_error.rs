//! Why a text is not the report of a whole run.

use super::line::SCHEMA;

/// Why a text is not the report of a whole run, and where. Messages follow "failed to read the report FILE: ".
#[derive(thiserror::Error, Debug)]
#[error("line {line}: {cause}")]
pub struct RecordError {
    /// The number of the line, from 1. What concerns the whole is said of the last one.
    pub line: usize,
    /// Why.
    pub cause: RecordCause,
}

/// What is wrong with a line of a report, or with the whole.
#[derive(thiserror::Error, Debug)]
pub enum RecordCause {
    /// There is no line.
    #[error("the file is empty: no run has begun to write it")]
    Empty,
    /// The first line is not JSON with a type.
    #[error("this is not a report that `--format json` or `--report json=FILE` has written: {0}")]
    Foreign(serde_json::Error),
    /// A line is not one of a report's.
    #[error("this is not a line of a report: {0}")]
    Line(serde_json::Error),
    /// The last line is missing.
    #[error("the report breaks off here, without its summary: the run did not end")]
    Unfinished,
    /// There is more than one report.
    #[error("this comes after the summary; to join reports, use `trapline report merge`")]
    AfterSummary,
    /// It is of another version.
    #[error(
        "the report has schema {0}, and this program reads schema {SCHEMA}; run the scripts again with this version"
    )]
    Schema(u32),
    /// Its first line is not the one that says what was run.
    #[error(
        "a report of schema {SCHEMA} begins with a line of the type `run`, and this is of the type `{0}`: \
         the beginning is missing, or an earlier version wrote the report"
    )]
    NoRun(String),
    /// It has a line `run` that is not the first.
    #[error("this begins another run; to join reports, use `trapline report merge`")]
    AfterRun,
    /// A line says two things about a directive.
    #[error("this contradicts itself: the outcome is not that of the typed record")]
    Contradiction,
    /// A directive, or a file, has two outcomes.
    #[error("this is about {0} again")]
    Twice(String),
    /// Lines are missing, or there are too many.
    #[error("the summary counts {summary} {what} on {engine}, and the report has {lines}")]
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
