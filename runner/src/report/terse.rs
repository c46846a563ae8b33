//! The short report: a character for each script, a line for each failure, the totals.

use super::repeated::{Failure, Repeated};
use super::totals::Totals;
use super::{Reporter, Style, sides};
use crate::outcome::{Event, FileReport, Problem};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::sync::Arc;
use tempfile::SpooledTempFile;
use trapline_abi::ReadableText;

/// Bytes of failures that are kept in memory.
const IN_MEMORY: usize = 1 << 20;

/// Characters in a line.
const WIDTH: u64 = 80;

/// What is behind each failure in the temporary file. No text for people has it.
const END: u8 = 0;

/// Writes `.` for a script that went as expected, `u` for one of a proposal that is not built yet, `F` for one with
/// failures, `E` for a file that is not a script.
pub struct Terse<W> {
    out: W,
    style: Style,
    totals: Totals,
    /// A line for each failure, to be written at the end. Many of them go to a temporary file.
    failures: BufWriter<SpooledTempFile>,
    /// With several engines: those of each failure, in the order of the failures. Where there is one, its name says nothing.
    engines: Repeated<()>,
    column: u64,
    quiet: bool,
}

impl<W: Write> Terse<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, style: Style) -> Self {
        let failures = BufWriter::new(SpooledTempFile::new(IN_MEMORY));
        Terse {
            out,
            style,
            totals: Totals::default(),
            failures,
            engines: Repeated::new(usize::MAX),
            column: 0,
            quiet: false,
        }
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
        let engine = &file.engine;
        if let Some(fault) = file.script_error.as_ref().filter(|fault| fault.expected.is_none()) {
            let message = fault.message.lines().next().unwrap_or_default();
            let text = format!("{}:{}:{} {message}", file.file, fault.line, fault.col);
            self.failure(Failure::new(&text), engine, || text)?;
        }
        for directive in file.failures() {
            let sides = sides(directive);
            let failure = Failure::of(&file.file, directive, &sides);
            self.failure(failure, engine, || {
                let (line, col, name) = (directive.line, directive.col, directive.directive);
                let kind = directive.outcome.kind().name();
                format!("{}:{line}:{col} {name} {kind}: {}", file.file, sides.one_line())
            })?;
        }
        self.out.flush()
    }

    /// Keeps a failure, or the engine if an earlier one has had the same.
    fn failure(
        &mut self,
        failure: Failure,
        engine: &Arc<str>,
        text: impl FnOnce() -> String,
    ) -> io::Result<()> {
        if self.engines.several && !self.engines.add(failure, engine, || ()) {
            return Ok(());
        }
        self.keep(&text())
    }

    fn problem(&mut self, text: &str) -> io::Result<()> {
        if self.engines.several {
            self.engines.push_problem(|| ());
        }
        self.keep(text)
    }

    fn keep(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.failures, "{}", ReadableText(text))?;
        self.failures.write_all(&[END])
    }

    /// Writes the failures, each with its engines.
    fn write_failures(&mut self) -> io::Result<()> {
        self.failures.flush()?;
        let failures = self.failures.get_mut();
        failures.rewind()?;
        let mut failures = BufReader::new(failures);
        let mut text = Vec::new();
        for number in 0.. {
            text.clear();
            if failures.read_until(END, &mut text)? == 0 {
                break;
            }
            let engines = self.engines.kept().get(number).map(|(_, engines)| engines);
            if let Some(engines) = engines.filter(|engines| !engines.is_empty()) {
                write!(self.out, "{}/", engines.join(","))?;
            }
            self.out.write_all(text.strip_suffix(&[END]).unwrap_or(&text))?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.column > 0 {
            writeln!(self.out)?;
        }
        self.write_failures()?;
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
            Event::Problem(Problem { file, message }) => self.problem(&format!("{file} {message}")),
            Event::RunStarted { run, .. } => {
                self.engines.several = run.engines.len() > 1;
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
