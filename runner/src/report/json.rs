//! The report for programs: one JSON object a line. The fields of `directive` and `summary` are a contract.

use super::failure::sides;
use super::{EngineSummary, Reporter, Totals};
use crate::outcome::{DirectiveReport, Event, FileReport, OutcomeKind, ScriptFault};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The version of the schema, in `summary`.
pub(super) const SCHEMA: u32 = 1;

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

/// Writes the last line of a report.
pub(super) fn write_summary(out: &mut impl Write, engines: BTreeMap<&str, EngineSummary>) -> io::Result<()> {
    write_line(out, &Line::Summary { schema: SCHEMA, engines })
}

fn write_line(out: &mut impl Write, line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

impl<W: Write> Json<W> {
    /// A report that is written to `out`.
    pub fn new(out: W) -> Self {
        Json { out, totals: Totals::default() }
    }

    fn directive(&mut self, file: &FileReport, directive: &DirectiveReport) -> io::Result<()> {
        let passed = directive.outcome.is_pass();
        let listed = !passed && !file.is_red(directive);
        let (expected, (_, actual)) = sides(&directive.outcome);
        write_line(
            &mut self.out,
            &Line::Directive {
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
                known: file
                    .known
                    .get(&directive.index)
                    .map(String::as_str)
                    .or(file.proposal.as_deref())
                    .filter(|_| listed),
            },
        )
    }

    fn script_error(&mut self, file: &FileReport, fault: &ScriptFault) -> io::Result<()> {
        write_line(
            &mut self.out,
            &Line::ScriptError {
                engine: &file.engine,
                file: &file.file,
                line: fault.line,
                col: fault.col,
                message: &fault.message,
                expected: fault.expected.as_deref(),
            },
        )
    }

    fn summary(&mut self) -> io::Result<()> {
        let Totals { engines, elapsed, .. } = &self.totals;
        let engines =
            engines.iter().map(|(name, engine)| (&**name, EngineSummary::new(engine, *elapsed))).collect();
        write_summary(&mut self.out, engines)
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
                if let Some(fault) = &file.script_error {
                    self.script_error(file, fault)?;
                }
                // Whoever follows the report sees each script as it ends, and loses none when the run is killed.
                self.out.flush()
            }
            Event::Problem { file, message } => write_line(&mut self.out, &Line::Problem { file, message }),
            Event::Finished { .. } => {
                self.summary()?;
                self.out.flush()
            }
            Event::Started { .. } | Event::FileStarted { .. } | Event::EngineFinished { .. } => Ok(()),
        }
    }
}
