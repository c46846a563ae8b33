//! The report for CI systems that read JUnit XML: a suite for each file, a case for each directive.

use super::{Reporter, Style, failure_text, one_line, script_fault_text};
use crate::outcome::{DirectiveRecord, Event, FileReport, OutcomeKind, Problem, ScriptFault};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite, XmlString};
use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

/// Writes a JUnit document once the run has ended, because its root element counts what is in it. The document is
/// valid for the schema that Jenkins has of the form (`junit-10.xsd` of its xunit plugin).
///
/// What did not pass is a `failure`, or an `error` where trapline or compiled code broke down instead of giving an
/// answer. What the expectations list is `skipped`, with the reason as its message.
pub struct Junit<W> {
    out: W,
    report: Report,
    /// What is red beyond single directives, with the file.
    problems: Vec<(String, String)>,
}

impl<W: Write> Junit<W> {
    /// A report that is written to `out`.
    pub fn new(out: W) -> Self {
        Junit { out, report: Report::new("trapline"), problems: Vec::new() }
    }

    fn finish(&mut self, elapsed: Duration) -> io::Result<()> {
        if !self.problems.is_empty() {
            let mut suite = TestSuite::new("problems");
            for (file, message) in self.problems.drain(..) {
                suite.add_test_case(problem(&file, &message));
            }
            self.report.add_test_suite(suite);
        }
        self.report.set_time(elapsed);
        let text = self.report.to_string().map_err(io::Error::other)?;
        // The schema knows this attribute on suites, not on the root; the root's comes first.
        let text = text.replacen(&format!(" skipped=\"{}\"", self.report.skipped), "", 1);
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Reporter for Junit<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::FileFinished(file) => {
                self.report.add_test_suite(suite(file));
                Ok(())
            }
            Event::Problem(Problem { file, message }) => {
                self.problems.push((file.clone(), message.clone()));
                Ok(())
            }
            Event::Finished { elapsed } => self.finish(*elapsed),
            Event::Started { .. } | Event::FileStarted { .. } | Event::EngineFinished { .. } => Ok(()),
        }
    }
}

fn suite(file: &FileReport) -> TestSuite {
    let name = XmlString::new(visible(&format!("{}/{}", file.engine, file.file)));
    let mut suite = TestSuite::new(name.clone());
    suite.set_time(file.elapsed);
    suite.extra.insert("file".into(), visible(file.path.as_deref().unwrap_or(&file.file)).into());
    if let Some(fault) = &file.script_error {
        let mut case = TestCase::new("script", fault_status(file, fault));
        case.set_classname(name.clone()).set_time(file.elapsed);
        suite.add_test_case(case);
    }
    for directive in &file.directives {
        // Line and column make the name unique, also among directives on one line.
        let case_name = format!("{}:{} {}", directive.line, directive.col, directive.directive);
        let mut case = TestCase::new(case_name, status(file, directive));
        case.set_classname(name.clone()).set_time(directive.elapsed());
        suite.add_test_case(case);
    }
    suite
}

fn status(file: &FileReport, directive: &DirectiveRecord) -> TestCaseStatus {
    let kind = directive.outcome.kind();
    let mut status = match kind {
        OutcomeKind::Pass => return TestCaseStatus::success(),
        _ if !file.is_red(directive) => {
            let mut status = TestCaseStatus::skipped();
            let known = file.known.get(&directive.index).map(String::as_str);
            let reason = known.or(file.proposal.as_deref()).unwrap_or_default();
            status.set_message(visible(&format!("{} as listed: {reason}", kind.name())));
            status.set_type(kind.name());
            return status;
        }
        OutcomeKind::Fail
        | OutcomeKind::Unsupported
        | OutcomeKind::Blocked
        | OutcomeKind::NotRun
        | OutcomeKind::Diverged => TestCaseStatus::non_success(NonSuccessKind::Failure),
        OutcomeKind::Crash | OutcomeKind::Timeout | OutcomeKind::HarnessError => {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        }
    };
    let text = failure_text(file, directive, Style::default());
    status.set_type(kind.name()).set_message(visible(&one_line(directive)));
    status.set_description(visible(&text));
    status
}

fn fault_status(file: &FileReport, fault: &ScriptFault) -> TestCaseStatus {
    let mut status = match &fault.expected {
        Some(proposal) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(visible(&format!("cannot be parsed, as listed: {proposal}")));
            status
        }
        None => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(visible(&fault.message));
            status.set_description(visible(&script_fault_text(file, fault, Style::default())));
            status
        }
    };
    status.set_type("script-error");
    status
}

fn problem(file: &str, message: &str) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status
        .set_type("problem")
        .set_message(visible(message))
        .set_description(visible(&format!("{file}: {message}")));
    let mut case = TestCase::new(visible(&format!("{file}: {message}")), status);
    case.set_classname("problems");
    case
}

/// A text with the characters that XML cannot hold written out; otherwise they would be dropped.
fn visible(text: &str) -> Cow<'_, str> {
    let lost =
        |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}');
    if !text.contains(lost) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|c| if lost(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}
