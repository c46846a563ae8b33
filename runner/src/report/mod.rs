//! Reports: what a run prints, each derived from the one stream of events.

mod failure;
mod json;
mod pretty;
mod style;
mod terse;
mod totals;

pub use failure::{failure_text, script_fault_text};
pub use json::Json;
pub use pretty::{Pretty, PrettyOptions};
pub use style::Style;
pub use terse::Terse;
pub use totals::{EngineTotals, Totals};

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
