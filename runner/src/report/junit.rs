//! The report for CI systems that read JUnit XML: a suite for each file, a case for each directive.

use super::failure::write_failure;
use super::xml::{attribute, text};
use super::{Reporter, Style, script_fault_text, sides};
use crate::outcome::{DirectiveRecord, Event, FileReport, OutcomeKind, Problem, ScriptFault};
use crate::trail::{SuiteDifference, Unconfined};
use std::fmt;
use std::io::{self, BufWriter, Seek, Write};
use std::ops::AddAssign;
use std::time::Duration;
use tempfile::SpooledTempFile;

/// Bytes of suites that are kept in memory; more of them go to a temporary file.
const IN_MEMORY: usize = 1 << 20;

/// Bytes that are written to it at once.
const BUFFER: usize = 64 << 10;

/// Writes a JUnit document once the run has ended, because its root element counts what is in it. Until then, its
/// suites are in a temporary file, so that a run with any number of failures takes little memory. The document is
/// valid for the schema that Jenkins has of the form (`junit-10.xsd` of its xunit plugin).
///
/// What did not pass is a `failure`, or an `error` where trapline or compiled code broke down instead of giving an
/// answer. What the expectations list is `skipped`, with the reason as its message.
pub struct Junit<W> {
    out: W,
    suites: BufWriter<SpooledTempFile>,
    counts: Counts,
    /// What is red beyond single directives, with the file.
    problems: Vec<Problem>,
    /// The files of suites that are not as the manifest describes them.
    differences: Vec<SuiteDifference>,
    /// The measures that are not in force for the processes that run scripts.
    unconfined: Vec<Unconfined>,
}

/// The cases of a suite, or of all suites.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: u64,
    failures: u64,
    errors: u64,
    skipped: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }
}

/// What a case says of an outcome.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failure,
    Error,
    Skipped,
}

impl<W: Write> Junit<W> {
    /// A report that is written to `out`.
    pub fn new(out: W) -> Self {
        let suites = BufWriter::with_capacity(BUFFER, SpooledTempFile::new(IN_MEMORY));
        Junit {
            out,
            suites,
            counts: Counts::default(),
            problems: Vec::new(),
            differences: Vec::new(),
            unconfined: Vec::new(),
        }
    }

    fn file(&mut self, file: &FileReport) -> io::Result<()> {
        let mut counts = Counts::default();
        if let Some(fault) = &file.script_error {
            counts.add(fault_verdict(fault));
        }
        file.directives.iter().for_each(|directive| counts.add(verdict(file, directive)));
        self.counts += counts;
        let out = &mut self.suites;
        let name = format!("{}/{}", file.engine, file.file);
        open_suite(out, &name, counts)?;
        write!(out, " time=\"{}\"", seconds(file.elapsed))?;
        attribute(out, "file", file.path.as_deref().unwrap_or(&file.file))?;
        if counts.tests == 0 {
            return writeln!(out, "/>");
        }
        writeln!(out, ">")?;
        if let Some(fault) = &file.script_error {
            open_case(out, "script", &name, Some(file.elapsed))?;
            script_fault(out, file, fault)?;
        }
        let mut buffer = String::new();
        for record in &file.directives {
            // Line and column make the name unique, also among directives on one line.
            buffer.clear();
            // Writing to a String cannot fail.
            let _ =
                fmt::write(&mut buffer, format_args!("{}:{} {}", record.line, record.col, record.directive));
            open_case(out, &buffer, &name, Some(record.elapsed()))?;
            directive(out, file, record, &mut buffer)?;
        }
        writeln!(out, "    </testsuite>")
    }

    /// What is to be said of the run as a whole: the files that differ, and the measures that are not in force.
    fn notes(&mut self) -> io::Result<()> {
        let differences = self.differences.drain(..).map(|difference| {
            let message = match difference {
                SuiteDifference::Added(_) => "the manifest does not know the file",
                SuiteDifference::Changed(_) => "the file is not the one that the manifest pins",
            };
            (difference.file().to_owned(), message.to_owned())
        });
        let differences: Vec<_> = differences.collect();
        self.skipped("suite", &differences)?;
        let unconfined = self.unconfined.drain(..).map(|Unconfined { measure, cause }| (measure, cause));
        let unconfined: Vec<_> = unconfined.collect();
        self.skipped("confinement", &unconfined)
    }

    /// A suite of cases that are skipped, each with a message: the schema has no other place for what concerns a run.
    fn skipped(&mut self, suite: &str, cases: &[(String, String)]) -> io::Result<()> {
        let skipped = cases.len() as u64;
        if skipped == 0 {
            return Ok(());
        }
        let counts = Counts { tests: skipped, skipped, ..Counts::default() };
        self.counts += counts;
        open_suite(&mut self.suites, suite, counts)?;
        writeln!(self.suites, ">")?;
        for (case, message) in cases {
            open_case(&mut self.suites, case, suite, None)?;
            status(&mut self.suites, Verdict::Skipped.element(), suite, message, None)?;
        }
        writeln!(self.suites, "    </testsuite>")
    }

    fn finish(&mut self, elapsed: Duration) -> io::Result<()> {
        self.notes()?;
        if !self.problems.is_empty() {
            let errors = self.problems.len() as u64;
            let counts = Counts { tests: errors, errors, ..Counts::default() };
            self.counts += counts;
            open_suite(&mut self.suites, "problems", counts)?;
            writeln!(self.suites, ">")?;
            for Problem { file, message } in self.problems.drain(..) {
                let whole = format!("{file}: {message}");
                open_case(&mut self.suites, &whole, "problems", None)?;
                status(&mut self.suites, "error", "problem", &message, Some(&whole))?;
            }
            writeln!(self.suites, "    </testsuite>")?;
        }
        let Counts { tests, failures, errors, .. } = self.counts;
        let out = &mut self.out;
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        // The schema has no attribute for what is skipped here; suites have it.
        write!(
            out,
            "<testsuites name=\"trapline\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\""
        )?;
        writeln!(out, " time=\"{}\">", seconds(elapsed))?;
        self.suites.flush()?;
        let suites = self.suites.get_mut();
        suites.rewind()?;
        io::copy(suites, out)?;
        writeln!(out, "</testsuites>")?;
        out.flush()
    }
}

impl<W: Write> Reporter for Junit<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::FileFinished(file) => self.file(file),
            Event::Problem(problem) => {
                self.problems.push(problem.clone());
                Ok(())
            }
            Event::RunFinished { elapsed } => self.finish(*elapsed),
            Event::RunStarted { run, .. } => {
                self.differences.clone_from(&run.suite_differences);
                self.unconfined.clone_from(&run.unconfined);
                Ok(())
            }
            Event::FileStarted { .. }
            | Event::DirectiveFinished { .. }
            | Event::Slow { .. }
            | Event::EngineFinished { .. } => Ok(()),
        }
    }
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        self.tests += 1;
        match verdict {
            Verdict::Passed => {}
            Verdict::Failure => self.failures += 1,
            Verdict::Error => self.errors += 1,
            Verdict::Skipped => self.skipped += 1,
        }
    }
}

impl Verdict {
    /// The element that says it.
    fn element(self) -> &'static str {
        match self {
            Verdict::Passed => "",
            Verdict::Failure => "failure",
            Verdict::Error => "error",
            Verdict::Skipped => "skipped",
        }
    }
}

fn verdict(file: &FileReport, directive: &DirectiveRecord) -> Verdict {
    match directive.outcome.kind() {
        OutcomeKind::Pass => Verdict::Passed,
        _ if !file.is_red(directive) => Verdict::Skipped,
        OutcomeKind::Fail
        | OutcomeKind::Unsupported
        | OutcomeKind::Blocked
        | OutcomeKind::NotRun
        | OutcomeKind::Diverged => Verdict::Failure,
        OutcomeKind::Crash | OutcomeKind::Timeout | OutcomeKind::HarnessError => Verdict::Error,
    }
}

fn fault_verdict(fault: &ScriptFault) -> Verdict {
    if fault.expected.is_some() { Verdict::Skipped } else { Verdict::Error }
}

/// The start tag of a suite, to which attributes can be added.
fn open_suite(out: &mut impl Write, name: &str, counts: Counts) -> io::Result<()> {
    let Counts { tests, failures, errors, skipped } = counts;
    write!(out, "    <testsuite")?;
    attribute(out, "name", name)?;
    write!(out, " tests=\"{tests}\" skipped=\"{skipped}\" errors=\"{errors}\" failures=\"{failures}\"")
}

/// The start tag of a case, to be closed by what is said of it.
fn open_case(out: &mut impl Write, name: &str, class: &str, time: Option<Duration>) -> io::Result<()> {
    write!(out, "        <testcase")?;
    attribute(out, "name", name)?;
    attribute(out, "classname", class)?;
    time.map_or(Ok(()), |time| write!(out, " time=\"{}\"", seconds(time)))
}

/// What a case says of a directive, whose text is made in `buffer`.
fn directive(
    out: &mut impl Write,
    file: &FileReport,
    record: &DirectiveRecord,
    buffer: &mut String,
) -> io::Result<()> {
    let kind = record.outcome.kind().name();
    match verdict(file, record) {
        Verdict::Passed => writeln!(out, "/>"),
        skipped @ Verdict::Skipped => {
            let known = file.known.get(&record.index).map(String::as_str);
            let reason = known.or(file.proposal.as_deref()).unwrap_or_default();
            status(out, skipped.element(), kind, &format!("{kind} as listed: {reason}"), None)
        }
        red @ (Verdict::Failure | Verdict::Error) => {
            let sides = sides(record);
            buffer.clear();
            write_failure(buffer, file, record, &sides, Style::default());
            status(out, red.element(), kind, &sides.one_line(), Some(buffer))
        }
    }
}

fn script_fault(out: &mut impl Write, file: &FileReport, fault: &ScriptFault) -> io::Result<()> {
    let element = fault_verdict(fault).element();
    match &fault.expected {
        Some(proposal) => {
            status(out, element, "script-error", &format!("cannot be parsed, as listed: {proposal}"), None)
        }
        None => {
            let whole = script_fault_text(file, fault, Style::default());
            status(out, element, "script-error", &fault.message, Some(&whole))
        }
    }
}

/// The rest of a case: an element that says what became of it, and the end tag.
fn status(
    out: &mut impl Write,
    element: &str,
    kind: &str,
    message: &str,
    description: Option<&str>,
) -> io::Result<()> {
    write!(out, ">\n            <{element}")?;
    attribute(out, "message", message)?;
    attribute(out, "type", kind)?;
    match description {
        Some(description) => {
            write!(out, ">")?;
            text(out, description.trim_end())?;
            writeln!(out, "</{element}>")?;
        }
        None => writeln!(out, "/>")?,
    }
    writeln!(out, "        </testcase>")
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}
