//! Reports: what a run prints, each derived from the one stream of events.

mod compared;
mod diff;
mod exception;
mod excerpt;
mod failure;
mod frames;
mod github;
mod json;
mod json_line;
mod junit;
mod line;
mod merge;
mod pretty;
mod record_error;
mod recorded;
mod repeated;
mod replay;
mod several;
mod style;
mod summary;
mod terse;
mod totals;
mod words;
mod xml;

pub use compared::divergence_text;
pub use diff::{Diff, Difference};
pub(crate) use diff::{Section, Symbol, align, plain, symbol};
pub(crate) use exception::ExceptionLine;
pub(crate) use excerpt::line_with_caret;
pub use failure::{failure_text, script_fault_text};
pub(crate) use frames::frames;
pub use github::{ANNOTATIONS, Github, GithubSummary, SUMMARY_ROWS};
pub use json::Json;
pub(crate) use json_line::json_line;
pub use junit::Junit;
pub(crate) use line::{SCHEMA, TrapLine, ValueLine};
pub use merge::{MergeError, Merged};
pub use pretty::{Pretty, PrettyOptions};
pub use record_error::{RecordCause, RecordError};
pub use recorded::{DirectiveKey, Recorded, RecordedDirective, RecordedFault, RecordedProblem};
pub use several::{Existing, ReportError, Reports, Target};
pub use style::Style;
pub use summary::EngineSummary;
pub use terse::Terse;
pub use totals::{EngineTotals, Totals};
pub(crate) use totals::{counted, suite_note};
pub(crate) use words::{Sides, crash, engine_error, one_line, percent, refusal, sides, trap, uncaught};

use crate::outcome::Event;
use std::io;

/// Something that turns events into a report.
pub trait Reporter {
    /// Takes the next event.
    ///
    /// # Errors
    ///
    /// When what the report is written to does not take it. A reporter gets no more events after that.
    fn event(&mut self, event: &Event) -> io::Result<()>;
}

#[cfg(test)]
mod tests;
