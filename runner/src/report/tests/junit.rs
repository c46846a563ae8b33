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
    assert_eq!(report.test_suites[1].test_cases[1].classname.as_deref(), Some("aot.b"));
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

/// An element: its name, the attributes that it may have, those that it must have, and the elements that it may hold.
type Element = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// The elements of the common schema (`junit-10.xsd` of Jenkins' xunit plugin).
const ELEMENTS: [Element; 8] = [
    ("testsuites", &["name", "time", "tests", "failures", "disabled", "errors"], &[], &["testsuite"]),
    (
        "testsuite",
        &[
            "name",
            "tests",
            "failures",
            "errors",
            "group",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
            "version",
        ],
        &["name", "tests", "failures", "errors"],
        &["properties", "testcase"],
    ),
    ("properties", &[], &[], &["property"]),
    ("property", &["name", "value"], &["name", "value"], &[]),
    (
        "testcase",
        &["name", "assertions", "time", "classname", "status", "class", "file", "line", "group"],
        &["name", "classname"],
        &["skipped", "error", "failure"],
    ),
    ("skipped", &["message", "type"], &[], &[]),
    ("error", &["message", "type"], &[], &[]),
    ("failure", &["message", "type"], &[], &[]),
];

/// Walks a document, which has to be well formed and valid, and gives each element with its depth and attributes.
fn walk(text: &str) -> Vec<(usize, String, BTreeMap<String, String>)> {
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("a declaration");
    let (mut open, mut elements): (Vec<&str>, Vec<_>) = (Vec::new(), Vec::new());
    while let Some((content, tag)) = rest.split_once('<') {
        let of =
            |name: &str| ELEMENTS.iter().find(|element| element.0 == name).expect("an element of the schema");
        let holds_text = open.last().is_some_and(|name| ["failure", "error", "skipped"].contains(name));
        assert!(content.trim().is_empty() || holds_text, "text in {open:?}: {content}");
        let entities = content.split('&').skip(1).all(|entity| entity.contains(';'));
        assert!(entities && !content.contains('>'), "{content}");
        let (tag, after) = tag.split_once('>').expect("the end of a tag");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "an end without a start");
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut more) = tag.split_once(' ').unwrap_or((tag, ""));
        let (_, may, must, _) = of(name);
        match open.last() {
            Some(parent) => assert!(of(parent).3.contains(&name), "{name} in {parent}"),
            None => assert!(name == "testsuites" && elements.is_empty(), "one root"),
        }
        let mut attributes = BTreeMap::new();
        while let Some((attribute, value)) = more.split_once("=\"") {
            let (value, after) = value.split_once('"').expect("the end of a value");
            assert!(may.contains(&attribute.trim()), "{name} has no {attribute}");
            assert_eq!(attributes.insert(attribute.trim().to_owned(), value.to_owned()), None, "{tag}");
            more = after;
        }
        assert!(more.is_empty() && must.iter().all(|one| attributes.contains_key(*one)), "{tag}");
        elements.push((open.len(), name.to_owned(), attributes));
        if !empty {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
    elements
}

#[test]
fn the_document_is_valid() {
    let mut events = events();
    let Event::RunStarted { run, .. } = &mut events[0] else { panic!("a run begins") };
    let run = std::sync::Arc::make_mut(run);
    run.started = 1_709_210_096;
    run.host = Some("build\u{1}er".to_owned());
    run.command = vec!["trapline".to_owned(), "wast".to_owned(), "a \"b\" <c>".to_owned()];
    run.engines[0].profile.insert("opt".to_owned(), "speed".to_owned());
    events.insert(1, Event::FileFinished(file("every.wast", every_outcome())));
    let elements = walk(&told(&events, Junit::new));
    let suites = elements.iter().filter(|(_, name, _)| name == "testsuite");
    assert!(suites.clone().count() == 8 && suites.clone().all(|(depth, ..)| *depth == 1));
    for (.., attributes) in suites {
        assert_eq!(attributes["timestamp"], "2024-02-29T12:34:56Z");
        assert_eq!(attributes["hostname"], r"build\u{1}er");
    }
    let cases: Vec<_> = elements.iter().filter(|(_, name, _)| name == "testcase").collect();
    assert_eq!((&*cases[0].2["file"], &*cases[0].2["line"]), ("every.wast", "10"));
    let properties = elements.iter().filter(|(_, name, _)| name == "property");
    let properties: Vec<_> =
        properties.take(4).map(|(.., one)| (one["name"].as_str(), one["value"].as_str())).collect();
    assert_eq!(
        properties,
        [
            ("engine", "aot"),
            ("engine.opt", "speed"),
            ("trapline", "0.1.0"),
            ("command", "trapline wast a &quot;b&quot; &lt;c&gt;")
        ]
    );
}

/// Jenkins takes what stands before the last dot for a package.
#[test]
fn classes_are_files() {
    for (name, class) in [
        ("a.wast", "aot.a"),
        ("./a.wast", "aot.a"),
        ("/x/y.z/a.b.wast", "aot.x.y_z.a_b"),
        ("../a.wat", "aot.up.a_wat"),
        ("proposals/gc/i31.wast", "aot.proposals.gc.i31"),
    ] {
        let elements = walk(&told(&one(file(name, [Outcome::Pass])), Junit::new));
        let case = elements.iter().find(|(_, name, _)| name == "testcase").expect("a case");
        assert_eq!(case.2["classname"], class);
    }
}
