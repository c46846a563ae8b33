//! The short report: a character for each script, a line for each failure, the totals.

use super::totals::Totals;
use super::{Reporter, Style, sides};
use crate::outcome::{Event, FileReport, Problem};
use std::io::{self, BufWriter, Seek, Write};
use tempfile::SpooledTempFile;
use trapline_abi::ReadableText;

/// Bytes of failures that are kept in memory.
const IN_MEMORY: usize = 1 << 20;

/// Characters in a line.
const WIDTH: u64 = 80;

/// Writes `.` for a script that went as expected, `u` for one of a proposal that is not built yet, `F` for one with
/// failures, `E` for a file that is not a script.
pub struct Terse<W> {
    out: W,
    style: Style,
    totals: Totals,
    /// A line for each failure, to be written at the end. Many of them go to a temporary file.
    failures: BufWriter<SpooledTempFile>,
    /// Whether failures are said to be of an engine: where there is one, its name says nothing.
    several: bool,
    column: u64,
    quiet: bool,
}

impl<W: Write> Terse<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, style: Style) -> Self {
        let failures = BufWriter::new(SpooledTempFile::new(IN_MEMORY));
        Terse { out, style, totals: Totals::default(), failures, several: false, column: 0, quiet: false }
    }

    /// Whether only failures and totals are written.
    #[must_use]
    pub fn quiet(self, quiet: bool) -> Self {
        Terse { quiet, ..self }
    }

    fn mark(&mut self, file: &FileReport) -> io::Result<()> {
        let mark = match (&file.script_error, &file.proposal) {
            (Some(fault), _) if fault.expected.is_none() => self.style.bad("E"),
            _ if file.has_red() => self.style.bad("F"),
            (_, Some(_)) => self.style.note("u"),
            (_, None) => self.style.good("."),
        };
        write!(self.out, "{mark}")?;
        self.column += 1;
        if self.column == WIDTH {
            writeln!(self.out)?;
            self.column = 0;
        }
        Ok(())
    }

    fn file(&mut self, file: &FileReport) -> io::Result<()> {
        if !self.quiet {
            self.mark(file)?;
        }
        if let Some(fault) = file.script_error.as_ref().filter(|fault| fault.expected.is_none()) {
            let message = fault.message.lines().next().unwrap_or_default();
            let text = format!("{}:{}:{} {message}", file.file, fault.line, fault.col);
            self.failure(Some(&file.engine), &text)?;
        }
        for directive in file.failures() {
            let (line, col, name) = (directive.line, directive.col, directive.directive);
            let kind = directive.outcome.kind().name();
            let sides = sides(directive).one_line();
            let text = format!("{}:{line}:{col} {name} {kind}: {sides}", file.file);
            self.failure(Some(&file.engine), &text)?;
        }
        self.out.flush()
    }

    fn failure(&mut self, engine: Option<&str>, text: &str) -> io::Result<()> {
        match engine.filter(|_| self.several) {
            Some(engine) => writeln!(self.failures, "{engine}/{}", ReadableText(text)),
            None => writeln!(self.failures, "{}", ReadableText(text)),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.column > 0 {
            writeln!(self.out)?;
        }
        self.failures.flush()?;
        let failures = self.failures.get_mut();
        failures.rewind()?;
        io::copy(failures, &mut self.out)?;
        for note in &self.totals.notes {
            writeln!(self.out, "{note}")?;
        }
        for (engine, totals) in &self.totals.engines {
            writeln!(self.out, "{engine}: {}", totals.line())?;
            for note in totals.notes() {
                writeln!(self.out, "{engine}: {note}")?;
            }
        }
        for line in self.totals.compared() {
            writeln!(self.out, "{line}")?;
        }
        let verdict = if self.totals.is_green() { self.style.good("ok") } else { self.style.bad("FAILED") };
        if !self.quiet {
            writeln!(self.out, "{verdict} in {:.2} s", self.totals.elapsed.as_secs_f64())?;
        }
        self.out.flush()
    }
}

impl<W: Write> Reporter for Terse<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.totals.event(event);
        match event {
            // The notes count what is left out.
            Event::FileFinished(file) if file.is_left_out() => Ok(()),
            Event::FileFinished(file) => self.file(file),
            Event::Problem(Problem { file, message }) => self.failure(None, &format!("{file} {message}")),
            Event::RunStarted { run, .. } => {
                self.several = run.engines.len() > 1;
                Ok(())
            }
            Event::RunFinished { .. } => self.finish(),
            Event::FileStarted { .. }
            | Event::DirectiveFinished { .. }
            | Event::Slow { .. }
            | Event::EngineFinished { .. } => Ok(()),
        }
    }
}
