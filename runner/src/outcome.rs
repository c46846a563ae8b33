//! What became of a directive, and the events that a run consists of.
//!
//! Every report is derived from the stream of [`Event`]s and from nothing else.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What became of one directive on one engine. Only [`Outcome::Pass`] is green.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// It did what the script wants.
    Pass,
    /// It did something else.
    Fail {
        /// What the script wants.
        expected: String,
        /// What happened.
        got: String,
    },
    /// It needs something that trapline does not have.
    Unsupported {
        /// What it needs.
        reason: String,
    },
    /// It needs a module whose own directive did not pass.
    Blocked {
        /// That directive, as `file:line`, and what became of it.
        by: String,
    },
    /// The process, or compiled code in it, died in a way that is no trap.
    Crash {
        /// The signal's name.
        signal: String,
        /// Where, as far as known.
        at: String,
    },
    /// It did not end in time.
    Timeout {
        /// The limit.
        limit: Duration,
    },
    /// trapline itself went wrong.
    HarnessError {
        /// How.
        message: String,
    },
    /// It was never reached.
    NotRun {
        /// Why.
        reason: String,
    },
    /// Another engine did something else with the same script.
    Diverged {
        /// What the engine did that all are compared with, after its name; a line for each difference.
        reference: String,
        /// What this one did, likewise.
        got: String,
    },
}

/// The kinds of [`Outcome`], for counting.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "named as the outcomes")]
pub enum OutcomeKind {
    Pass,
    Fail,
    Unsupported,
    Blocked,
    Crash,
    Timeout,
    HarnessError,
    NotRun,
    Diverged,
}

impl OutcomeKind {
    /// Every kind.
    pub const ALL: [OutcomeKind; 9] = [
        OutcomeKind::Pass,
        OutcomeKind::Fail,
        OutcomeKind::Unsupported,
        OutcomeKind::Blocked,
        OutcomeKind::Crash,
        OutcomeKind::Timeout,
        OutcomeKind::HarnessError,
        OutcomeKind::NotRun,
        OutcomeKind::Diverged,
    ];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            OutcomeKind::Pass => "pass",
            OutcomeKind::Fail => "fail",
            OutcomeKind::Unsupported => "unsupported",
            OutcomeKind::Blocked => "blocked",
            OutcomeKind::Crash => "crash",
            OutcomeKind::Timeout => "timeout",
            OutcomeKind::HarnessError => "harness-error",
            OutcomeKind::NotRun => "not-run",
            OutcomeKind::Diverged => "diverged",
        }
    }
}

impl Outcome {
    /// The kind of the outcome.
    pub const fn kind(&self) -> OutcomeKind {
        match self {
            Outcome::Pass => OutcomeKind::Pass,
            Outcome::Fail { .. } => OutcomeKind::Fail,
            Outcome::Unsupported { .. } => OutcomeKind::Unsupported,
            Outcome::Blocked { .. } => OutcomeKind::Blocked,
            Outcome::Crash { .. } => OutcomeKind::Crash,
            Outcome::Timeout { .. } => OutcomeKind::Timeout,
            Outcome::HarnessError { .. } => OutcomeKind::HarnessError,
            Outcome::NotRun { .. } => OutcomeKind::NotRun,
            Outcome::Diverged { .. } => OutcomeKind::Diverged,
        }
    }

    /// Whether the directive did what the script wants.
    pub const fn is_pass(&self) -> bool {
        matches!(self, Outcome::Pass)
    }
}

/// One directive's report. What a report prints of the directive beyond this (its text) it takes
/// from [`DirectiveReport::source`].
#[derive(Clone, Debug)]
pub struct DirectiveReport {
    /// The ordinal within the script, from 0.
    pub index: u32,
    /// The line within the file, from 1.
    pub line: u32,
    /// The column within the line, from 1, in bytes.
    pub col: u32,
    /// The directive's keyword, such as `assert_trap`.
    pub directive: &'static str,
    /// The directive's own text; filled in for outcomes other than pass.
    pub source: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The trap that happened, expected or not, in the words of its report.
    pub trap: Option<String>,
    /// How long it took.
    pub elapsed: Duration,
}

/// One script's report on one engine.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// The engine with its variant, such as `aot`.
    pub engine: Arc<str>,
    /// The file's name as the run shows it.
    pub file: Arc<str>,
    /// Where the file can be opened, if its name does not say so.
    pub path: Option<Arc<str>>,
    /// The command that runs just this file again.
    pub rerun: Arc<str>,
    /// Its directives in order; empty if the script cannot be parsed.
    pub directives: Vec<DirectiveReport>,
    /// Why the script as a whole could not be run: not readable, not UTF-8, not parsable
    /// (with line and column).
    pub script_error: Option<ScriptFault>,
    /// The proposal that trapline lacks and that the expectations list this file for. Then every
    /// outcome is [`Outcome::Unsupported`] with it as the reason, unless trapline itself went wrong.
    pub proposal: Option<Arc<str>>,
    /// Single directives that the expectations list, by index, with the reason. Their outcomes are
    /// not red.
    pub known: BTreeMap<u32, String>,
    /// How long the whole script took.
    pub elapsed: Duration,
}

impl FileReport {
    /// Whether this outcome is one that the run must not be green with.
    pub fn is_red(&self, directive: &DirectiveReport) -> bool {
        match directive.outcome {
            Outcome::Pass => false,
            // Whatever is known not to pass has to do the same on every engine.
            Outcome::Diverged { .. } => true,
            // The lack of a proposal explains no crash and no mistake of trapline's own.
            Outcome::Unsupported { .. } if self.proposal.is_some() => false,
            _ => !self.known.contains_key(&directive.index),
        }
    }

    /// Whether anything of the file is red.
    pub fn has_red(&self) -> bool {
        self.script_error.as_ref().is_some_and(|fault| fault.expected.is_none())
            || self.directives.iter().any(|directive| self.is_red(directive))
    }
}

/// Why a script as a whole could not be run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ScriptFault {
    /// The line, from 1, if there is one.
    pub line: u32,
    /// The column, from 1, if there is one.
    pub col: u32,
    /// The cause.
    pub message: String,
    /// The proposal whose lack explains it, if the expectations say so; such a fault is not red.
    pub expected: Option<String>,
}

/// What happens in a run, in order.
#[derive(Clone, Debug)]
pub enum Event {
    /// The run begins.
    Started {
        /// Scripts to run, times engines.
        files: usize,
    },
    /// A script begins.
    FileStarted {
        /// The engine.
        engine: Arc<str>,
        /// The file.
        file: Arc<str>,
    },
    /// A script has ended; its expectations are already applied.
    FileFinished(FileReport),
    /// Something beyond single directives is red: a total that is off, an expectation that is
    /// unused or has become untrue.
    Problem {
        /// Where.
        file: String,
        /// What.
        message: String,
    },
    /// All scripts have run on an engine, in a run of several.
    EngineFinished {
        /// The engine.
        engine: Arc<str>,
        /// The wall time that they took.
        elapsed: Duration,
    },
    /// The run has ended.
    Finished {
        /// Its wall time.
        elapsed: Duration,
    },
}
