//! The report for programs: one JSON object a line. The fields are a contract, see `docs/report-schema.md`.

use super::line::{DirectiveLine, Line, SCHEMA, ScriptErrorLine, SummaryLine};
use super::{EngineSummary, Reporter, Totals};
use crate::outcome::{Event, FileReport, ScriptFault};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes JSON lines: a `run` first, one `directive` for each directive, a `script_error` for each file that could not be
/// run as a script, a `problem` for each other thing that is red, and a `summary` last.
pub struct Json<W> {
    out: W,
    totals: Totals,
}

/// Writes the last line of a report.
pub(super) fn write_summary(
    out: &mut impl Write,
    engines: BTreeMap<String, EngineSummary>,
) -> io::Result<()> {
    write_line(out, &Line::Summary(SummaryLine { schema: SCHEMA, engines }))
}

/// Writes a line.
pub(super) fn write_line(out: &mut impl Write, line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

impl<W: Write> Json<W> {
    /// A report that is written to `out`.
    pub fn new(out: W) -> Self {
        Json { out, totals: Totals::default() }
    }

    fn file(&mut self, file: &FileReport) -> io::Result<()> {
        for record in &file.directives {
            write_line(&mut self.out, &Line::Directive(Box::new(DirectiveLine::new(file, record))))?;
        }
        if let Some(fault) = &file.script_error {
            self.script_error(file, fault)?;
        }
        // A reader that follows the report sees each script as it ends, and loses none when the run is killed.
        self.out.flush()
    }

    fn script_error(&mut self, file: &FileReport, fault: &ScriptFault) -> io::Result<()> {
        let line = ScriptErrorLine {
            engine: file.engine.to_string(),
            file: file.file.to_string(),
            line: fault.line,
            col: fault.col,
            message: fault.message.clone(),
            expected: fault.expected.clone(),
        };
        write_line(&mut self.out, &Line::ScriptError(line))
    }

    fn summary(&mut self) -> io::Result<()> {
        let Totals { engines, elapsed, .. } = &self.totals;
        let summaries =
            engines.iter().map(|(name, engine)| (name.to_string(), EngineSummary::new(engine, *elapsed)));
        write_summary(&mut self.out, summaries.collect())
    }
}

impl<W: Write> Reporter for Json<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.totals.event(event);
        match event {
            Event::Started { run, .. } => write_line(&mut self.out, &Line::Run((**run).clone())),
            Event::FileFinished(file) => self.file(file),
            Event::Problem(problem) => write_line(&mut self.out, &Line::Problem(problem.clone())),
            Event::Finished { .. } => {
                self.summary()?;
                self.out.flush()
            }
            Event::FileStarted { .. } | Event::EngineFinished { .. } => Ok(()),
        }
    }
}
