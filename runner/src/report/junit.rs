//! The report for CI systems that read JUnit XML: a suite for each file, a case for each directive.

use super::failure::{printed, write_failure};
use super::xml::{attribute, text};
use super::{Reporter, Style, Totals, script_fault_text, sides};
use crate::outcome::{DirectiveRecord, Event, FileReport, OutcomeKind, Problem, ScriptFault};
use crate::trail::{RunInfo, SuiteDifference, Unconfined};
use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufWriter, Seek, Write};
use std::ops::AddAssign;
use std::path::{Component, Path};
use std::sync::Arc;
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
    /// What was not run.
    left_out: Totals,
    /// What was run, and how.
    run: Arc<RunInfo>,
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
            left_out: Totals::default(),
            run: Arc::default(),
        }
    }

    fn file(&mut self, file: &FileReport) -> io::Result<()> {
        let mut counts = Counts::default();
        if let Some(fault) = &file.script_error {
            counts.add(fault_verdict(fault));
        }
        // Those that were not run are one case in the end.
        let ran = || file.directives.iter().filter(|record| !file.only_counts(record));
        ran().for_each(|directive| counts.add(verdict(file, directive)));
        self.counts += counts;
        let out = &mut self.suites;
        let path = file.path.as_deref().unwrap_or(&file.file);
        open_suite(out, &format!("{}/{}", file.engine, file.file), counts, &self.run)?;
        write!(out, " time=\"{}\"", seconds(file.elapsed))?;
        attribute(out, "file", path)?;
        writeln!(out, ">")?;
        properties(out, &file.engine, &self.run)?;
        let class = class_name(&file.engine, &file.file);
        if let Some(fault) = &file.script_error {
            open_case(out, "script", &class, Some(file.elapsed))?;
            case_place(out, path, fault.line)?;
            script_fault(out, file, fault)?;
        }
        let mut buffer = String::new();
        for record in ran() {
            // Line and column make the name unique, also among directives on one line.
            buffer.clear();
            // Writing to a String cannot fail.
            let _ =
                fmt::write(&mut buffer, format_args!("{}:{} {}", record.line, record.col, record.directive));
            open_case(out, &buffer, &class, Some(record.elapsed()))?;
            case_place(out, path, record.line)?;
            directive(out, file, record, &mut buffer)?;
        }
        writeln!(out, "    </testsuite>")
    }

    /// What is to be said of the run as a whole: the files that differ, and the measures that are not in force.
    fn notes(&mut self) -> io::Result<()> {
        let run = self.run.clone();
        let differences = run.suite_differences.iter().map(|difference| {
            let message = match difference {
                SuiteDifference::Added(_) => "the manifest does not know the file",
                SuiteDifference::Changed(_) => "the file is not the one that the manifest pins",
            };
            (difference.file().to_owned(), message.to_owned())
        });
        let differences: Vec<_> = differences.collect();
        self.skipped("suite", &differences)?;
        let unconfined = run.unconfined.iter();
        let unconfined = unconfined.map(|Unconfined { measure, cause }| (measure.clone(), cause.clone()));
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
        open_suite(&mut self.suites, suite, counts, &self.run)?;
        writeln!(self.suites, ">")?;
        for (case, message) in cases {
            open_case(&mut self.suites, case, suite, None)?;
            status(&mut self.suites, Verdict::Skipped.element(), suite, message, None)?;
        }
        writeln!(self.suites, "    </testsuite>")
    }

    fn finish(&mut self, elapsed: Duration) -> io::Result<()> {
        self.notes()?;
        self.problems.extend(self.left_out.left_out());
        if !self.problems.is_empty() {
            let errors = self.problems.len() as u64;
            let counts = Counts { tests: errors, errors, ..Counts::default() };
            self.counts += counts;
            open_suite(&mut self.suites, "problems", counts, &self.run)?;
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
            Event::FileFinished(file) if file.is_left_out() => {
                self.left_out.event(event);
                Ok(())
            }
            Event::FileFinished(file) => {
                if file.left_out.is_some() {
                    self.left_out.event(event);
                }
                self.file(file)
            }
            Event::Problem(problem) => {
                self.problems.push(problem.clone());
                Ok(())
            }
            Event::RunFinished { elapsed } => self.finish(*elapsed),
            Event::RunStarted { run, .. } => {
                self.run = run.clone();
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
fn open_suite(out: &mut impl Write, name: &str, counts: Counts, run: &RunInfo) -> io::Result<()> {
    let Counts { tests, failures, errors, skipped } = counts;
    write!(out, "    <testsuite")?;
    attribute(out, "name", name)?;
    write!(out, " tests=\"{tests}\" skipped=\"{skipped}\" errors=\"{errors}\" failures=\"{failures}\"")?;
    attribute(out, "timestamp", &timestamp(run.started))?;
    attribute(out, "hostname", run.host.as_deref().unwrap_or("localhost"))
}

/// How the scripts of a suite were run.
fn properties(out: &mut impl Write, engine: &str, run: &RunInfo) -> io::Result<()> {
    writeln!(out, "        <properties>")?;
    let mut property = |name: &str, value: &str| {
        write!(out, "            <property")?;
        attribute(out, "name", name)?;
        attribute(out, "value", value)?;
        writeln!(out, "/>")
    };
    property("engine", engine)?;
    let profile = run.engines.iter().filter(|info| info.name == engine).flat_map(|info| &info.profile);
    for (name, value) in profile {
        property(&format!("engine.{name}"), value)?;
    }
    property("trapline", &run.version)?;
    property("command", &run.command.join(" "))?;
    for (name, value) in [("partition", &run.partition), ("suite", &run.suite)] {
        value.as_ref().map_or(Ok(()), |value| property(name, value))?;
    }
    writeln!(out, "        </properties>")
}

/// The class of a file's cases. What stands before the last dot is a package to Jenkins, which shows classes by package:
/// folders are packages, and the name of a file has no dots.
fn class_name(engine: &str, file: &str) -> String {
    let path = Path::new(file.strip_suffix(".wast").unwrap_or(file));
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy()),
        Component::ParentDir => Some(Cow::Borrowed("up")),
        Component::Prefix(_) | Component::RootDir | Component::CurDir => None,
    });
    let parts = std::iter::once(Cow::Borrowed(engine)).chain(parts);
    parts.map(|part| part.replace('.', "_")).collect::<Vec<_>>().join(".")
}

/// Where a case is.
fn case_place(out: &mut impl Write, file: &str, line: u32) -> io::Result<()> {
    attribute(out, "file", file)?;
    if line > 0 { write!(out, " line=\"{line}\"") } else { Ok(()) }
}

/// A time in seconds since 1970-01-01 00:00 UTC in the form of RFC 3339, in UTC.
/// The date is that of the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
fn timestamp(seconds: u64) -> String {
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    // Eras of 400 years that begin on a first of March.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hours, minutes) = (time / 3_600, time / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{:02}Z", time % 60)
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
        Verdict::Passed => match record.output() {
            None => writeln!(out, "/>"),
            Some(output) => {
                write!(out, ">\n            <system-out>")?;
                for line in printed(output) {
                    text(out, &line)?;
                    writeln!(out)?;
                }
                writeln!(out, "</system-out>\n        </testcase>")
            }
        },
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
