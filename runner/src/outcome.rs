//! What became of a directive, and the events that a run consists of.
//!
//! Every report is derived from the stream of [`Event`]s and from nothing else.

mod difference;

pub use difference::{Difference, Divergence, Ended, Permitted};

use crate::script::Keyword;
use crate::trail::{
    ContentHash, CrashInfo, Exception, Got, Lack, Layer, Mismatch, Output, Refusal, RunInfo, SourceLine,
    SourcePlace, ThreadPlace, TrapInfo, Wanted,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// What became of one directive on one engine. Only [`Outcome::Pass`] is green.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It did what the script wants.
    Pass,
    /// It did something else.
    Fail(Box<Mismatch>),
    /// It needs something that the engine does not have.
    Unsupported(Box<Lack>),
    /// It needs a module whose own directive did not pass.
    Blocked(Box<BlockedBy>),
    /// The process, or compiled code in it, died in a way that is not a trap.
    Crash(Box<CrashInfo>),
    /// It did not end in time.
    Timeout {
        /// The limit.
        limit: Duration,
    },
    /// trapline itself went wrong.
    HarnessError(Box<Refusal>),
    /// It was never reached.
    NotRun(NotRun),
    /// Another engine did something else with the same script.
    Diverged(Box<Divergence>),
}

/// A directive that did not pass, and that others need.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct BlockedBy {
    /// The script.
    pub file: String,
    /// The line of the directive.
    pub line: u32,
    /// Its keyword.
    pub directive: Keyword,
    /// What became of it.
    pub outcome: OutcomeKind,
}

/// Why a directive was not reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotRun {
    /// An earlier failure ended the run.
    EarlierFailure,
    /// A signal ended the run.
    Interrupted,
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
            Outcome::Fail(_) => OutcomeKind::Fail,
            Outcome::Unsupported(_) => OutcomeKind::Unsupported,
            Outcome::Blocked(_) => OutcomeKind::Blocked,
            Outcome::Crash(_) => OutcomeKind::Crash,
            Outcome::Timeout { .. } => OutcomeKind::Timeout,
            Outcome::HarnessError(_) => OutcomeKind::HarnessError,
            Outcome::NotRun(_) => OutcomeKind::NotRun,
            Outcome::Diverged(_) => OutcomeKind::Diverged,
        }
    }

    /// Whether the directive did what the script wants.
    pub const fn is_pass(&self) -> bool {
        matches!(self, Outcome::Pass)
    }

    /// A directive that wanted one thing, where another came.
    pub fn fail(wanted: Wanted, got: Got) -> Outcome {
        Outcome::Fail(Box::new(Mismatch { wanted, got }))
    }

    /// A directive that needs something that the engine does not have.
    pub fn lack(lack: Lack) -> Outcome {
        Outcome::Unsupported(Box::new(lack))
    }

    /// A directive at which trapline itself went wrong.
    pub fn harness(refusal: Refusal) -> Outcome {
        Outcome::HarnessError(Box::new(refusal))
    }

    /// Why something was refused, if it was.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Outcome::Fail(mismatch) => match &mismatch.got {
                Got::Unlinkable(cause)
                | Got::Refused(cause)
                | Got::RefusedText(cause)
                | Got::RefusedCustom(cause)
                | Got::WrongArguments(cause) => Some(cause),
                Got::Returned(_)
                | Got::Instantiated
                | Got::Trapped
                | Got::Threw
                | Got::Valid
                | Got::NoExport
                | Got::ElsewhereUnknown
                | Got::ExportIs(_)
                | Got::Nothing
                | Got::NoModuleBefore
                | Got::NotWaitedFor => None,
            },
            Outcome::HarnessError(cause) => Some(cause),
            Outcome::Pass
            | Outcome::Unsupported(_)
            | Outcome::Blocked(_)
            | Outcome::Crash(_)
            | Outcome::Timeout { .. }
            | Outcome::NotRun(_)
            | Outcome::Diverged(_) => None,
        }
    }

    /// The layer that decided on an outcome other than pass, if one did.
    pub fn layer(&self) -> Option<Layer> {
        match self {
            Outcome::Fail(mismatch) => mismatch.got.layer(),
            Outcome::Unsupported(lack) => match &**lack {
                Lack::Limit(limit) => Some(limit.layer),
                Lack::Proposal(_) | Lack::Feature(_) | Lack::Foreign(_) => None,
            },
            Outcome::HarnessError(refusal) => Some(refusal.layer),
            Outcome::Crash(_) | Outcome::Timeout { .. } => Some(Layer::Run),
            Outcome::Pass | Outcome::Blocked(_) | Outcome::NotRun(_) | Outcome::Diverged(_) => None,
        }
    }
}

/// What became of one directive: what a worker sends, what a line of a JSON report holds, and what is read back from it.
/// Those that pass, which are nearly all, take few bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DirectiveRecord {
    /// The ordinal within the script, from 0.
    pub index: u32,
    /// The line within the file, from 1.
    pub line: u32,
    /// The column within the line, from 1, in bytes.
    pub col: u32,
    /// The directive's keyword.
    pub directive: Keyword,
    /// The hash of its text. Reports of earlier versions do not have it.
    pub content: Option<ContentHash>,
    /// What became of it.
    pub outcome: Outcome,
    /// What is known beyond that.
    pub details: Option<Box<Details>>,
    /// How long it took, in nanoseconds.
    pub elapsed_ns: u64,
}

/// What is known of a directive that did not pass, or that ended in a trap or an exception.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Details {
    /// The directive's own text; there for outcomes other than pass.
    pub source: Option<String>,
    /// The trap that happened, wanted or not.
    pub trap: Option<Box<TrapInfo>>,
    /// The exception that nothing caught, wanted or not.
    pub exception: Option<Box<Exception>>,
    /// The directive of a script's thread that the outcome is about.
    pub thread: Option<Box<ThreadPlace>>,
    /// Differences from the engine that all are compared with, which the specification allows.
    pub permitted: Vec<Permitted>,
    /// The line of the script where it happened, if that is not in the directive's own text.
    pub line: Option<Box<SourceLine>>,
    /// What modules printed meanwhile, if that is kept.
    pub output: Option<Box<Output>>,
}

/// The outcomes of directives whose process ended or could not go on, by index: where a script runs again with a change, they
/// are not run again.
pub(crate) fn fatal(records: &[DirectiveRecord]) -> BTreeMap<u32, Outcome> {
    let is_fatal = |record: &&DirectiveRecord| {
        matches!(record.outcome, Outcome::Crash(_) | Outcome::Timeout { .. } | Outcome::HarnessError(_))
    };
    records.iter().filter(is_fatal).map(|record| (record.index, record.outcome.clone())).collect()
}

impl DirectiveRecord {
    /// Where in the script it happened, if a module's text, or the directive's own, is at fault there.
    pub fn place(&self) -> Option<SourcePlace> {
        let of_crash = match &self.outcome {
            Outcome::Crash(info) => {
                info.fault.as_ref().and_then(|fault| fault.place.as_ref().or(fault.caller.as_ref())?.source)
            }
            _ => None,
        };
        let of_refusal = self.outcome.refusal().and_then(|refusal| refusal.place);
        of_refusal.or(of_crash).or(self.trap().and_then(|trap| trap.place))
    }

    /// The directive's own text, if it is known.
    pub fn source(&self) -> Option<&str> {
        self.details.as_ref()?.source.as_deref()
    }

    /// The trap that happened, wanted or not.
    pub fn trap(&self) -> Option<&TrapInfo> {
        self.details.as_ref()?.trap.as_deref()
    }

    /// The exception that nothing caught, wanted or not.
    pub fn exception(&self) -> Option<&Exception> {
        self.details.as_ref()?.exception.as_deref()
    }

    /// The directive of a script's thread that the outcome is about.
    pub fn thread(&self) -> Option<&ThreadPlace> {
        self.details.as_ref()?.thread.as_deref()
    }

    /// Differences from the engine that all are compared with, which the specification allows.
    pub fn permitted(&self) -> &[Permitted] {
        self.details.as_ref().map_or(&[], |details| &details.permitted)
    }

    /// The line of the script where it happened, if that is not in the directive's own text.
    pub fn line(&self) -> Option<&SourceLine> {
        self.details.as_ref()?.line.as_deref()
    }

    /// What modules printed meanwhile, if that was kept.
    pub fn output(&self) -> Option<&Output> {
        self.details.as_ref()?.output.as_deref()
    }

    /// What is known beyond the outcome, to be filled in.
    pub fn details_mut(&mut self) -> &mut Details {
        self.details.get_or_insert_default()
    }

    /// How long it took.
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.elapsed_ns)
    }
}

/// One script's report on one engine.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// The engine with its variant, such as `aot`.
    pub engine: Arc<str>,
    /// Whether that is an engine of others. What it does not have is not red.
    pub oracle: bool,
    /// The file's name as the run shows it.
    pub file: Arc<str>,
    /// Where the file can be opened, if its name does not say so.
    pub path: Option<Arc<str>>,
    /// The command that runs just this file again.
    pub rerun: Arc<str>,
    /// Its directives in order; empty if the script cannot be parsed.
    pub directives: Vec<DirectiveRecord>,
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
    /// Why directives were not run, if the run ended before the script did.
    pub left_out: Option<NotRun>,
    /// What [`FileReport::lost`] found.
    pub(crate) lost: OnceLock<Box<[LostDirective]>>,
}

/// A directive that took its process with it: what it was to do was not done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LostDirective {
    /// Its ordinal within the script, from 0.
    pub(crate) index: u32,
    /// Its line, from 1.
    pub(crate) line: u32,
}

impl FileReport {
    /// The report of a script of which nothing is known yet, by its name, on an engine.
    pub(crate) fn new(engine: Arc<str>, file: Arc<str>) -> FileReport {
        FileReport {
            engine,
            oracle: false,
            file,
            path: None,
            rerun: Arc::default(),
            directives: Vec::new(),
            script_error: None,
            proposal: None,
            known: BTreeMap::new(),
            elapsed: Duration::ZERO,
            left_out: None,
            lost: OnceLock::new(),
        }
    }

    /// Whether this outcome is one that the run must not be green with.
    pub fn is_red(&self, directive: &DirectiveRecord) -> bool {
        match directive.outcome {
            Outcome::Pass => false,
            // Whatever is known not to pass has to do the same on every engine.
            Outcome::Diverged(_) => true,
            // The lack of a proposal explains no crash and no mistake of trapline's own.
            Outcome::Unsupported(_) if self.oracle || self.proposal.is_some() => false,
            Outcome::Blocked(ref by) if self.oracle && by.outcome == OutcomeKind::Unsupported => false,
            _ => !self.known.contains_key(&directive.index),
        }
    }

    /// The directives that reports name: those that are red, without those that were not run, of which there can be very many
    /// and which are counted.
    pub fn failures(&self) -> impl Iterator<Item = &DirectiveRecord> {
        self.directives.iter().filter(|directive| self.is_red(directive) && !self.only_counts(directive))
    }

    /// Whether a directive was not run like others behind it, so that it is counted and not named.
    pub fn only_counts(&self, directive: &DirectiveRecord) -> bool {
        self.left_out.is_some() && directive.outcome.kind() == OutcomeKind::NotRun
    }

    /// Whether nothing of it was run.
    pub fn is_left_out(&self) -> bool {
        self.left_out.is_some() && self.directives.iter().all(|directive| self.only_counts(directive))
    }

    /// The directives that were left out when the script ran again, because they had taken their process with them, in
    /// order. Looked for once, when the outcomes are final: every failure asks for them.
    pub(crate) fn lost(&self) -> &[LostDirective] {
        self.lost.get_or_init(|| {
            let is_lost = |record: &&DirectiveRecord| {
                matches!(record.outcome, Outcome::Crash(_) | Outcome::Timeout { .. })
            };
            let lost = self.directives.iter().filter(is_lost);
            lost.map(|record| LostDirective { index: record.index, line: record.line }).collect()
        })
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

/// Something that is red beyond single directives.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// Where.
    pub file: String,
    /// What.
    pub message: String,
}

/// What happens in a run, in order.
#[derive(Clone, Debug)]
pub enum Event {
    /// The run begins.
    RunStarted {
        /// Scripts to run, times engines.
        files: usize,
        /// What is run, and how.
        run: Arc<RunInfo>,
    },
    /// A script begins. This is told at the time, as are the next two; what has ended is told in order.
    FileStarted {
        /// The engine.
        engine: Arc<str>,
        /// The file.
        file: Arc<str>,
    },
    /// A directive has its outcome; its expectations are already applied. Told once the whole script has run, and before it
    /// is the script's turn.
    DirectiveFinished {
        /// The engine.
        engine: Arc<str>,
        /// The file.
        file: Arc<str>,
        /// The directive's ordinal within the script, from 0.
        index: u32,
        /// What became of it.
        outcome: OutcomeKind,
        /// Whether the run must not be green with it.
        red: bool,
    },
    /// A directive has been running for long, and still does. Told once of each, of scripts in workers.
    Slow {
        /// The engine.
        engine: Arc<str>,
        /// The file.
        file: Arc<str>,
        /// The line of the directive, from 1.
        line: u32,
        /// Its keyword.
        directive: Keyword,
        /// How long it has been running.
        elapsed: Duration,
    },
    /// A script has ended; its expectations are already applied.
    FileFinished(FileReport),
    /// Something beyond single directives is red: a total that is off, an expectation that is
    /// unused or has become untrue.
    Problem(Problem),
    /// All scripts have run on an engine, in a run of several.
    EngineFinished {
        /// The engine.
        engine: Arc<str>,
        /// The part of the run's wall time that they took: engines run at the same time, and each counts by how long its
        /// scripts took.
        elapsed: Duration,
    },
    /// The run has ended.
    RunFinished {
        /// Its wall time.
        elapsed: Duration,
    },
}
