//! The report for programs: one JSON object a line. The fields of `directive` and `summary` are a contract.

use super::failure::sides;
use super::{Reporter, Totals};
use crate::outcome::{DirectiveReport, Event, FileReport, Outcome, OutcomeKind, ScriptFault};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The version of the schema, in `summary`.
const SCHEMA: u32 = 1;

/// Writes JSON lines: one `directive` for each directive, a `script_error` for each file that is no script, a
/// `problem` for whatever else is red, and a `summary` last.
pub struct Json<W> {
    out: W,
    totals: Totals,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Directive {
        engine: &'a str,
        file: &'a str,
        index: u32,
        line: u32,
        col: u32,
        directive: &'a str,
        outcome: OutcomeKind,
        expected: Option<&'a str>,
        actual: Option<String>,
        trap: Option<&'a str>,
        ms: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        known: Option<&'a str>,
    },
    ScriptError {
        engine: &'a str,
        file: &'a str,
        line: u32,
        col: u32,
        message: &'a str,
        expected: Option<&'a str>,
    },
    Problem {
        file: &'a str,
        message: &'a str,
    },
    Summary {
        schema: u32,
        engines: BTreeMap<&'a str, EngineSummary>,
    },
}

#[derive(Serialize)]
struct EngineSummary {
    files: u64,
    directives: u64,
    pass: u64,
    fail: u64,
    unsupported: u64,
    blocked: u64,
    crash: u64,
    timeout: u64,
    harness_error: u64,
    not_run: u64,
    wall_s: f64,
}

impl<W: Write> Json<W> {
    /// A report that is written to `out`.
    pub fn new(out: W) -> Self {
        Json { out, totals: Totals::default() }
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line).map_err(io::Error::from)?;
        self.out.write_all(b"\n")
    }

    fn directive(&mut self, file: &FileReport, directive: &DirectiveReport) -> io::Result<()> {
        let passed = directive.outcome == Outcome::Pass;
        let (expected, (_, actual)) = sides(&directive.outcome);
        self.line(&Line::Directive {
            engine: &file.engine,
            file: &file.file,
            index: directive.index,
            line: directive.line,
            col: directive.col,
            directive: directive.directive,
            outcome: directive.outcome.kind(),
            expected,
            actual: (!passed).then_some(actual),
            trap: directive.trap.as_deref(),
            ms: (directive.elapsed.as_secs_f64() * 1e6).round() / 1e3,
            known: file.known.get(&directive.index).map(String::as_str),
        })
    }

    fn script_error(&mut self, file: &FileReport, fault: &ScriptFault) -> io::Result<()> {
        self.line(&Line::ScriptError {
            engine: &file.engine,
            file: &file.file,
            line: fault.line,
            col: fault.col,
            message: &fault.message,
            expected: fault.expected.as_deref(),
        })
    }

    fn summary(&mut self) -> io::Result<()> {
        let wall_s = (self.totals.elapsed.as_secs_f64() * 1e6).round() / 1e6;
        let totals = std::mem::take(&mut self.totals);
        let engines = totals
            .engines
            .iter()
            .map(|(name, engine)| {
                let summary = EngineSummary {
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
                    wall_s,
                };
                (&**name, summary)
            })
            .collect();
        self.line(&Line::Summary { schema: SCHEMA, engines })
    }
}

impl<W: Write> Reporter for Json<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.totals.event(event);
        match event {
            Event::FileFinished(file) => {
                for directive in &file.directives {
                    self.directive(file, directive)?;
                }
                match &file.script_error {
                    Some(fault) => self.script_error(file, fault),
                    None => Ok(()),
                }
            }
            Event::Problem { file, message } => self.line(&Line::Problem { file, message }),
            Event::Finished { .. } => {
                self.summary()?;
                self.out.flush()
            }
            Event::Started { .. } | Event::FileStarted { .. } => Ok(()),
        }
    }
}
