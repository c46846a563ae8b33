use super::*;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus};

fn document(events: &[Event]) -> (String, quick_junit::Report) {
    let text = told(events, Junit::new);
    let report = quick_junit::Report::deserialize_from_str(&text).expect("a JUnit document");
    (text, report)
}

fn one(file: FileReport) -> Vec<Event> {
    vec![Event::FileFinished(file), Event::RunFinished { elapsed: Duration::from_secs(1) }]
}

fn kind(case: &TestCase) -> (Option<NonSuccessKind>, Option<&str>) {
    match &case.status {
        TestCaseStatus::Success { .. } => (None, None),
        TestCaseStatus::NonSuccess { kind, ty, .. } => (Some(*kind), ty.as_deref()),
        TestCaseStatus::Skipped { ty, .. } => (None, ty.as_deref()),
    }
}

#[test]
fn suites_are_files_and_cases_are_directives() {
    let (text, report) = document(&events());
    let names: Vec<&str> = report.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "aot/a.wast",
            "aot/b.wast",
            "aot/simd.wast",
            "aot/legacy.wast",
            "aot/broken.wast",
            "aot/known.wast",
            "problems"
        ]
    );
    let counts: Vec<_> = report
        .test_suites
        .iter()
        .map(|suite| (suite.tests, suite.failures, suite.errors, suite.skipped))
        .collect();
    assert_eq!(
        counts,
        [(2, 0, 0, 0), (3, 2, 0, 0), (2, 0, 0, 2), (1, 0, 0, 1), (1, 0, 1, 0), (1, 0, 0, 1), (1, 0, 1, 0)]
    );
    assert_eq!((report.tests, report.failures, report.errors), (11, 2, 2));
    assert_eq!(report.test_suites[1].test_cases[1].name.as_str(), "11:3 assert_return");
    // The schema has no such attribute there.
    let root = text.lines().nth(1).expect("a root");
    assert_eq!(root, r#"<testsuites name="trapline" tests="11" failures="2" errors="2" time="1.250">"#);
}

#[test]
fn failures_carry_their_whole_text() {
    let events = events();
    let Event::FileFinished(file) = &events[2] else { panic!("a file") };
    let (_, report) = document(&events);
    let TestCaseStatus::NonSuccess { message, description, .. } = &report.test_suites[1].test_cases[1].status
    else {
        panic!("a failure")
    };
    assert_eq!(message.as_deref(), Some("expected i32 1 (0x00000001), got i32 2 (0x00000002)"));
    let whole = failure_text(file, &file.directives[1], Style::default());
    assert_eq!(description.as_deref(), Some(whole.trim_end()));
}

#[test]
fn outcomes_are_failures_or_errors() {
    let (_, report) = document(&one(file("x.wast", every_outcome())));
    let kinds: Vec<_> = report.test_suites[0].test_cases.iter().map(kind).collect();
    let failure = |ty| (Some(NonSuccessKind::Failure), Some(ty));
    let error = |ty| (Some(NonSuccessKind::Error), Some(ty));
    assert_eq!(
        kinds,
        [
            (None, None),
            failure("fail"),
            failure("unsupported"),
            failure("blocked"),
            error("crash"),
            error("timeout"),
            error("harness-error"),
            failure("not-run"),
            failure("diverged"),
        ]
    );
}

#[test]
fn what_xml_cannot_hold_is_written_out() {
    let (text, report) = document(&one(file("\u{7}.wast", every_outcome())));
    assert!(text.chars().all(|c| !c.is_control() || c == '\n'), "{text:?}");
    assert_eq!(report.test_suites[0].name.as_str(), r"aot/\u{7}.wast");
    let TestCaseStatus::NonSuccess { description, .. } = &report.test_suites[0].test_cases[6].status else {
        panic!("an error")
    };
    let description = description.as_deref().expect("a text");
    assert!(description.contains(r"failed to \u{1}\u{1b}[31m count:"), "{description}");
    assert!(description.contains("100% | `of` <it>"), "{description}");
}

#[test]
fn a_run_that_was_cut_off_leaves_no_document() {
    let mut events = events();
    events.pop();
    assert_eq!(told(&events, Junit::new), "");
}
