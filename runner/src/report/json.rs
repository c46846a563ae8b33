//! The report for programs: one JSON object a line. The fields are a contract, see `docs/report-schema.md`.

use super::line::{DirectiveLine, Line, SCHEMA, ScriptErrorLine, SummaryLine};
use super::{EngineSummary, Reporter, Totals};
use crate::outcome::{Event, FileReport, ScriptFault};
use serde::Serialize;
use serde_json::ser::Formatter;
use std::collections::BTreeMap;
use std::io::{self, Write};
use trapline_abi::acts;

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
    write_object(out, line)
}

/// Writes any object as a line.
pub(super) fn write_object(out: &mut impl Write, object: &impl Serialize) -> io::Result<()> {
    write_line_through(out, object, &mut Vec::new())
}

/// Writes a line at once; it is made in `buffer`. A line has hundreds of parts, and a million lines should not ask where each
/// part goes.
fn write_line_through(out: &mut impl Write, line: &impl Serialize, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    let mut serializer = serde_json::Serializer::with_formatter(&mut *buffer, Plain);
    line.serialize(&mut serializer).map_err(io::Error::from)?;
    buffer.push(b'\n');
    out.write_all(buffer)
}

/// Writes JSON that a terminal takes no orders from: characters that JSON lets stand for themselves are written like
/// `\u009b` if they act, which means the same.
struct Plain;

impl Formatter for Plain {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        write_plain(out, fragment)
    }
}

/// Writes a part of a JSON text as [`Plain`] does. Characters that act are in strings only, but for those that end lines.
pub(super) fn write_plain<W: Write + ?Sized>(out: &mut W, text: &str) -> io::Result<()> {
    let mut rest = text;
    // None of them is below this byte but those that JSON escapes itself.
    while rest.bytes().any(|byte| byte >= 0x7f)
        && let Some(at) = rest.find(acts)
        && let Some(c) = rest[at..].chars().next()
    {
        out.write_all(&rest.as_bytes()[..at])?;
        write!(out, "\\u{:04x}", u32::from(c))?;
        rest = &rest[at + c.len_utf8()..];
    }
    out.write_all(rest.as_bytes())
}

impl<W: Write> Json<W> {
    /// A report that is written to `out`.
    pub fn new(out: W) -> Self {
        Json { out, totals: Totals::default() }
    }

    fn file(&mut self, file: &FileReport) -> io::Result<()> {
        let mut buffer = Vec::new();
        for record in &file.directives {
            let line = Line::Directive(Box::new(DirectiveLine::new(file, record)));
            write_line_through(&mut self.out, &line, &mut buffer)?;
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
            path: file.path.as_deref().map(str::to_owned),
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
            Event::RunStarted { run, .. } => write_line(&mut self.out, &Line::Run(Box::new((**run).clone()))),
            Event::FileFinished(file) => self.file(file),
            Event::Problem(problem) => write_line(&mut self.out, &Line::Problem(problem.clone())),
            Event::RunFinished { .. } => {
                self.summary()?;
                self.out.flush()
            }
            Event::FileStarted { .. }
            | Event::DirectiveFinished { .. }
            | Event::Slow { .. }
            | Event::EngineFinished { .. } => Ok(()),
        }
    }
}
