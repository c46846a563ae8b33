//! The reports for GitHub Actions: annotations in the log, and a table for the job's summary.

use super::repeated::{Failure, Repeated};
use super::words::blocked_by;
use super::{Reporter, Style, Totals, failure_text, script_fault_text, sides};
use crate::outcome::{BlockedBy, DirectiveRecord, Event, FileReport, Outcome, OutcomeKind, Problem};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use trapline_abi::{ReadableText, acts};

/// Annotations of a run. GitHub shows the first ten errors of a step and drops the rest without a word.
pub const ANNOTATIONS: usize = 10;

/// Failures that the table in the summary lists. GitHub takes no summary of more than 1 MiB.
pub const SUMMARY_ROWS: usize = 100;

/// Characters of an annotation's text, and of a cell of the table.
const ANNOTATION_WIDTH: usize = 8_000;
const CELL_WIDTH: usize = 300;

/// An annotation, but for the engines in its title.
struct Annotation {
    place: String,
    title: String,
    text: String,
}

/// Writes the first [`ANNOTATIONS`] failures as workflow commands (`::error file=…,line=…,col=…::…`), a notice that
/// says how many more there are, and the totals. What fails alike on several engines is one failure, and is written once all
/// have run.
///
/// Directives that are blocked by the same module are one failure, as they have one cause.
pub struct Github<W> {
    out: W,
    root: Option<PathBuf>,
    totals: Totals,
    failures: Repeated<Annotation>,
    /// How many of them are written.
    written: usize,
}

impl<W: Write> Github<W> {
    /// A report that is written to `out`. GitHub wants files named from the root of the checkout on, which is `root`
    /// (`$GITHUB_WORKSPACE`).
    pub fn new(out: W, root: Option<PathBuf>) -> Self {
        Github { out, root, totals: Totals::default(), failures: Repeated::new(ANNOTATIONS), written: 0 }
    }

    fn file(&mut self, file: &FileReport) -> io::Result<()> {
        let (name, engine) = (self.name(file), &file.engine);
        if let Some(fault) = file.script_error.as_ref().filter(|fault| fault.expected.is_none()) {
            let text = script_fault_text(file, fault, Style::default());
            self.failures.add(Failure::new(&(&file.file, &text)), engine, || Annotation {
                place: place(&name, fault.line, fault.col),
                title: "not a script".to_owned(),
                text,
            });
        }
        let mut blocked: BTreeMap<&BlockedBy, (u64, &DirectiveRecord)> = BTreeMap::new();
        for directive in file.failures() {
            if let Outcome::Blocked(by) = &directive.outcome {
                blocked.entry(by).or_insert((0, directive)).0 += 1;
                continue;
            }
            if self.failures.only_counts() {
                continue;
            }
            let failure = Failure::of(&file.file, directive, &sides(directive));
            self.failures.add(failure, engine, || Annotation {
                place: place(&name, directive.line, directive.col),
                title: format!("{} {}", directive.outcome.kind().name(), directive.directive),
                text: failure_text(file, directive, Style::default()),
            });
        }
        for (by, (count, first)) in blocked {
            let text = match count {
                1 => format!("this directive is blocked by {}", blocked_by(by)),
                _ => format!("{count} directives from here on are blocked by {}", blocked_by(by)),
            };
            self.failures.add(Failure::new(&(&file.file, first.index, &text)), engine, || Annotation {
                place: place(&name, first.line, first.col),
                title: "blocked".to_owned(),
                text,
            });
        }
        self.write_settled()
    }

    /// Writes what no later engine can add to.
    fn write_settled(&mut self) -> io::Result<()> {
        if !self.failures.several {
            self.write_failures()?;
        }
        self.out.flush()
    }

    fn write_failures(&mut self) -> io::Result<()> {
        for (Annotation { place, title, text }, engines) in self.failures.kept().iter().skip(self.written) {
            let engines =
                if engines.is_empty() { String::new() } else { format!(" ({})", engines.join(", ")) };
            writeln!(self.out, "{}", annotation(place, &format!("{title}{engines}"), text))?;
        }
        self.written = self.failures.kept().len();
        Ok(())
    }

    /// The file's name from the root of the checkout on.
    fn name(&self, file: &FileReport) -> String {
        let path = Path::new(file.path.as_deref().unwrap_or(&file.file));
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let relative = self.root.as_ref().and_then(|root| absolute.strip_prefix(root).ok());
        relative.unwrap_or(path).to_string_lossy().into_owned()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write_failures()?;
        if let more @ 1.. = self.failures.more() {
            writeln!(
                self.out,
                "::notice title=trapline::{more} more are not as expected; at most {ANNOTATIONS} are annotated"
            )?;
        }
        for note in &self.totals.notes {
            writeln!(self.out, "::notice title=trapline::{}", data(note))?;
        }
        for Problem { file, message } in self.totals.left_out() {
            writeln!(self.out, "::error title=trapline::{}", data(&format!("{file}: {message}")))?;
        }
        for (engine, totals) in &self.totals.engines {
            writeln!(self.out, "{engine}: {}", totals.line())?;
            for note in totals.notes() {
                writeln!(self.out, "{engine}: {note}")?;
            }
        }
        writeln!(self.out, "{} in {:.2} s", verdict(&self.totals), self.totals.elapsed.as_secs_f64())?;
        self.out.flush()
    }
}

impl<W: Write> Reporter for Github<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.totals.event(event);
        match event {
            // The notes count what is left out.
            Event::FileFinished(file) if file.is_left_out() => Ok(()),
            Event::FileFinished(file) => self.file(file),
            Event::Problem(Problem { file, message }) => {
                let (title, text) = ("problem".to_owned(), format!("{file}: {message}"));
                self.failures.push_problem(|| Annotation { place: String::new(), title, text });
                self.write_settled()
            }
            Event::RunStarted { run, .. } => {
                self.failures.several = run.engines.len() > 1;
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

/// Writes the totals of each engine and the first [`SUMMARY_ROWS`] failures as Markdown tables, once the run has
/// ended: for the file that `$GITHUB_STEP_SUMMARY` names.
pub struct GithubSummary<W> {
    out: W,
    totals: Totals,
    /// The cells of each behind that of the engines.
    rows: Repeated<[String; 4]>,
}

impl<W: Write> GithubSummary<W> {
    /// A report that is written to `out`.
    pub fn new(out: W) -> Self {
        GithubSummary { out, totals: Totals::default(), rows: Repeated::new(SUMMARY_ROWS) }
    }

    fn file(&mut self, file: &FileReport) {
        let engine = &file.engine;
        if let Some(fault) = file.script_error.as_ref().filter(|fault| fault.expected.is_none()) {
            let place = format!("{}:{}:{}", file.file, fault.line, fault.col);
            let failure = Failure::new(&(&place, &fault.message));
            self.rows.add(failure, engine, || [&*place, "script", "error", &fault.message].map(cell));
        }
        for directive in file.failures() {
            if self.rows.only_counts() {
                continue;
            }
            let sides = sides(directive);
            self.rows.add(Failure::of(&file.file, directive, &sides), engine, || {
                let place = format!("{}:{}:{}", file.file, directive.line, directive.col);
                let kind = directive.outcome.kind().name();
                [&*place, directive.directive.as_str(), kind, &sides.one_line()].map(cell)
            });
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        let out = &mut self.out;
        writeln!(
            out,
            "### trapline: {} in {:.2} s\n",
            verdict(&self.totals),
            self.totals.elapsed.as_secs_f64()
        )?;
        let kinds = OutcomeKind::ALL.map(OutcomeKind::name).join(" | ");
        writeln!(out, "| engine | files | directives | {kinds} |")?;
        writeln!(out, "| --- |{}", " ---: |".repeat(2 + OutcomeKind::ALL.len()))?;
        for (engine, totals) in &self.totals.engines {
            let counts = OutcomeKind::ALL.map(|kind| totals.outcomes(kind).to_string()).join(" | ");
            writeln!(out, "| {} | {} | {} | {counts} |", cell(engine), totals.files, totals.directives)?;
        }
        for (engine, totals) in &self.totals.engines {
            for note in totals.notes() {
                writeln!(out, "\n{}: {}", cell(engine), cell(&note))?;
            }
        }
        for note in &self.totals.notes {
            writeln!(out, "\n{}", cell(note))?;
        }
        if !self.rows.kept().is_empty() {
            writeln!(out, "\n| engine | where | directive | outcome | what happened |")?;
            writeln!(out, "| --- | --- | --- | --- | --- |")?;
            for (cells, engines) in self.rows.kept() {
                writeln!(out, "| {} | {} |", cell(&engines.join(", ")), cells.join(" | "))?;
            }
        }
        if let more @ 1.. = self.rows.more() {
            writeln!(out, "\nand {more} more that are not as expected")?;
        }
        writeln!(out)?;
        out.flush()
    }
}

impl<W: Write> Reporter for GithubSummary<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.totals.event(event);
        match event {
            Event::FileFinished(file) if file.is_left_out() => {}
            Event::FileFinished(file) => self.file(file),
            Event::Problem(Problem { file, message }) => {
                self.rows.push_problem(|| [file, "", "problem", message].map(cell));
            }
            Event::RunStarted { run, .. } => self.rows.several = run.engines.len() > 1,
            Event::RunFinished { .. } => return self.finish(),
            Event::FileStarted { .. }
            | Event::DirectiveFinished { .. }
            | Event::Slow { .. }
            | Event::EngineFinished { .. } => {}
        }
        Ok(())
    }
}

fn verdict(totals: &Totals) -> &'static str {
    if totals.is_green() { "ok" } else { "FAILED" }
}

/// A workflow command for an error at a place, which may be empty.
pub(super) fn annotation(place: &str, title: &str, text: &str) -> String {
    let (title, text) = (property(title), data(&cut(text.trim_end(), ANNOTATION_WIDTH)));
    let comma = if place.is_empty() { "" } else { "," };
    format!("::error {place}{comma}title={title}::{text}")
}

/// The properties that say where something is; what is not known is left out.
pub(super) fn place(file: &str, line: u32, col: u32) -> String {
    let file = property(file);
    match (line, col) {
        (0, _) => format!("file={file}"),
        (line, 0) => format!("file={file},line={line}"),
        (line, col) => format!("file={file},line={line},col={col}"),
    }
}

/// The text of a workflow command.
pub(super) fn data(text: &str) -> String {
    ReadableText(text).to_string().replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a workflow command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A cell of a Markdown table: nothing in it is markup, and it has one line.
fn cell(text: &str) -> String {
    let mut escaped = String::new();
    for c in cut(text, CELL_WIDTH).chars() {
        match c {
            '\n' => escaped.push_str("<br>"),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '#' | '$' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            // What else a cell cannot hold: a carriage return ends a line.
            c if acts(c) => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

fn cut(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text.to_owned(),
    }
}
