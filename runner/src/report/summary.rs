//! The totals of an engine as JSON reports have them.

use super::EngineTotals;
use super::totals::counted;
use crate::outcome::OutcomeKind;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::AddAssign;
use std::time::Duration;

/// The totals of one engine in the `summary` line of a JSON report. The names of the fields are a contract.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub struct EngineSummary {
    /// Scripts.
    pub files: u64,
    /// Directives of all of them; the other counts add up to it.
    pub directives: u64,
    /// Directives that passed.
    pub pass: u64,
    /// Directives that did something else.
    pub fail: u64,
    /// Directives that need what trapline does not have.
    pub unsupported: u64,
    /// Directives that need a module whose own directive did not pass.
    pub blocked: u64,
    /// Directives in which the process died.
    pub crash: u64,
    /// Directives that did not end in time.
    pub timeout: u64,
    /// Directives in which trapline itself went wrong.
    pub harness_error: u64,
    /// Directives that were never reached.
    pub not_run: u64,
    /// Directives that another engine did something else with.
    #[serde(default)]
    pub diverged: u64,
    /// The wall time of the run, or of this engine's part of it, in seconds; of a merged report, the sum of those of its parts.
    pub wall_s: f64,
}

impl EngineSummary {
    /// The totals of an engine, in a run that took so long.
    pub(super) fn new(engine: &EngineTotals, elapsed: Duration) -> EngineSummary {
        EngineSummary {
            files: engine.files,
            directives: engine.directives,
            pass: engine.outcomes(OutcomeKind::Pass),
            fail: engine.outcomes(OutcomeKind::Fail),
            unsupported: engine.outcomes(OutcomeKind::Unsupported),
            blocked: engine.outcomes(OutcomeKind::Blocked),
            crash: engine.outcomes(OutcomeKind::Crash),
            timeout: engine.outcomes(OutcomeKind::Timeout),
            harness_error: engine.outcomes(OutcomeKind::HarnessError),
            not_run: engine.outcomes(OutcomeKind::NotRun),
            diverged: engine.outcomes(OutcomeKind::Diverged),
            wall_s: microseconds(engine.elapsed.unwrap_or(elapsed).as_secs_f64()),
        }
    }

    /// The number of directives with an outcome of this kind.
    pub fn outcomes(&self, kind: OutcomeKind) -> u64 {
        match kind {
            OutcomeKind::Pass => self.pass,
            OutcomeKind::Fail => self.fail,
            OutcomeKind::Unsupported => self.unsupported,
            OutcomeKind::Blocked => self.blocked,
            OutcomeKind::Crash => self.crash,
            OutcomeKind::Timeout => self.timeout,
            OutcomeKind::HarnessError => self.harness_error,
            OutcomeKind::NotRun => self.not_run,
            OutcomeKind::Diverged => self.diverged,
        }
    }
}

impl AddAssign<&EngineSummary> for EngineSummary {
    fn add_assign(&mut self, other: &EngineSummary) {
        self.files += other.files;
        self.directives += other.directives;
        self.pass += other.pass;
        self.fail += other.fail;
        self.unsupported += other.unsupported;
        self.blocked += other.blocked;
        self.crash += other.crash;
        self.timeout += other.timeout;
        self.harness_error += other.harness_error;
        self.not_run += other.not_run;
        self.diverged += other.diverged;
        self.wall_s = microseconds(self.wall_s + other.wall_s);
    }
}

/// `120 directives in 3 files: 100 pass, 20 unsupported`, as [`EngineTotals::line`] has it.
impl fmt::Display for EngineSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (directives, files) = (counted(self.directives, "directive"), counted(self.files, "file"));
        write!(f, "{directives} in {files}: {} pass, {} fail", self.pass, self.fail)?;
        let others = OutcomeKind::ALL
            .into_iter()
            .filter(|kind| !matches!(kind, OutcomeKind::Pass | OutcomeKind::Fail));
        for kind in others.filter(|&kind| self.outcomes(kind) > 0) {
            write!(f, ", {} {}", self.outcomes(kind), kind.name())?;
        }
        Ok(())
    }
}

/// Seconds with the digits that a report has.
fn microseconds(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}
