mod github;
mod junit;
mod recorded;
mod schema;
mod several;

use super::*;
use crate::outcome::{DirectiveReport, FileReport, Outcome, ScriptFault};
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

fn directive(index: u32, outcome: Outcome) -> DirectiveReport {
    let source =
        (!outcome.is_pass()).then(|| "(assert_return\n    (invoke \"f\")\n    (i32.const 1))".to_owned());
    DirectiveReport {
        index,
        line: 10 + index,
        col: 3,
        directive: "assert_return",
        source,
        outcome,
        trap: None,
        elapsed: Duration::from_micros(1500),
    }
}

fn file(name: &str, outcomes: impl IntoIterator<Item = Outcome>) -> FileReport {
    FileReport {
        engine: "aot".into(),
        file: name.into(),
        path: None,
        rerun: format!("trapline wast {name}").into(),
        directives: outcomes.into_iter().zip(0..).map(|(outcome, index)| directive(index, outcome)).collect(),
        script_error: None,
        proposal: None,
        known: BTreeMap::new(),
        elapsed: Duration::from_millis(2),
    }
}

fn failed() -> Outcome {
    Outcome::Fail { expected: "i32 1 (0x00000001)".to_owned(), got: "i32 2 (0x00000002)".to_owned() }
}

/// One outcome of each kind.
fn every_outcome() -> Vec<Outcome> {
    let text = |text: &str| text.to_owned();
    let outcomes = vec![
        Outcome::Pass,
        failed(),
        Outcome::Unsupported { reason: text("stack switching") },
        Outcome::Blocked { by: text("x.wast:1, which ended in fail") },
        Outcome::Crash { signal: text("SIGSEGV"), at: text("pc 0x7f00, address 0x0") },
        Outcome::Timeout { limit: Duration::from_secs(30) },
        Outcome::HarnessError { message: text("failed to \u{1}\x1b[31m count:\n100% | `of` <it>") },
        Outcome::NotRun { reason: text("an earlier failure ended the run") },
        Outcome::Diverged {
            reference: text("aot: i32 1 (0x00000001)"),
            got: text("jit: i32 2 (0x00000002)"),
        },
    ];
    let kinds: Vec<_> = outcomes.iter().map(Outcome::kind).collect();
    assert_eq!(kinds, crate::outcome::OutcomeKind::ALL);
    outcomes
}

/// A run with one of everything.
fn events() -> Vec<Event> {
    let mut trapped =
        file("b.wast", [Outcome::Pass, failed(), Outcome::Blocked { by: "b.wast:11".to_owned() }]);
    trapped.directives[1].trap = Some("unreachable in function 0".to_owned());
    let unsupported = |reason: &str| Outcome::Unsupported { reason: reason.to_owned() };
    let mut listed = file("simd.wast", [unsupported("simd"), unsupported("simd")]);
    listed.proposal = Some("simd".into());
    let mut legacy = file("legacy.wast", []);
    legacy.proposal = Some("legacy-exceptions".into());
    let fault = |expected: Option<&str>| ScriptFault {
        line: 4,
        col: 2,
        message: "expected `(`".to_owned(),
        expected: expected.map(str::to_owned),
    };
    legacy.script_error = Some(fault(Some("legacy-exceptions")));
    let mut broken = file("broken.wast", []);
    broken.script_error = Some(fault(None));
    let mut known = file("known.wast", [failed()]);
    known.known.insert(0, "a dispute".to_owned());
    let files = [file("a.wast", [Outcome::Pass, Outcome::Pass]), trapped, listed, legacy, broken, known];
    let mut events = vec![Event::Started { files: files.len() }];
    events.extend(files.into_iter().map(Event::FileFinished));
    events.push(Event::Problem { file: "c.wast".to_owned(), message: "the entry is stale".to_owned() });
    events.push(Event::Finished { elapsed: Duration::from_millis(1250) });
    events
}

fn told<R: Reporter>(events: &[Event], reporter: impl FnOnce(Shared) -> R) -> String {
    let shared = Shared::default();
    let mut reporter = reporter(shared.clone());
    for event in events {
        reporter.event(event).expect("memory takes everything");
    }
    let bytes = shared.0.borrow().clone();
    String::from_utf8(bytes).expect("text")
}

#[derive(Clone, Default)]
struct Shared(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn totals_add_up() {
    let mut totals = Totals::default();
    events().iter().for_each(|event| totals.event(event));
    let engine = &totals.engines["aot"];
    let sum: u64 = crate::outcome::OutcomeKind::ALL.into_iter().map(|kind| engine.outcomes(kind)).sum();
    assert_eq!((sum, engine.directives, engine.files), (8, 8, 6));
    assert_eq!(engine.line(), "8 directives in 6 files: 3 pass, 2 fail, 2 unsupported, 1 blocked");
    assert_eq!((engine.red, engine.known, engine.script_errors, totals.problems), (2, 1, 1, 1));
    assert!(!totals.is_green());
}

#[test]
fn green_is_only_what_is_as_expected() {
    let green = |events: &[Event]| {
        let mut totals = Totals::default();
        events.iter().for_each(|event| totals.event(event));
        totals.is_green()
    };
    let all = events();
    // a.wast, simd.wast, legacy.wast and known.wast
    for (at, expected) in [(1, true), (2, false), (3, true), (4, true), (5, false), (6, true), (7, false)] {
        assert_eq!(green(&all[at..=at]), expected, "{:?}", all[at]);
    }
}

#[test]
fn a_failure_says_everything() {
    let Event::FileFinished(file) = &events()[2] else { panic!("a file") };
    assert_eq!(
        failure_text(file, &file.directives[1], Style::default()),
        "fail b.wast:11:3 assert_return
    (assert_return
      (invoke \"f\")
      (i32.const 1))
    expected: i32 1 (0x00000001)
    got:      i32 2 (0x00000002)
    trap:     unreachable in function 0
    rerun:    trapline wast b.wast --only b.wast:11
"
    );
}

#[test]
fn long_directives_are_cut() {
    let mut file = file("a.wast", [failed()]);
    file.directives[0].source = Some("(module\n".repeat(100) + &"x".repeat(10_000));
    let text = failure_text(&file, &file.directives[0], Style::default());
    assert!(text.len() < 2_000, "{text}");
    assert!(text.contains("… (89 more lines)"), "{text}");
}

#[test]
fn pretty_report() {
    let text = told(&events(), |out| Pretty::new(out, PrettyOptions::default()));
    for part in [
        "a.wast: 2 pass\n",
        "b.wast: 1 pass, 1 fail, 1 blocked\nfail b.wast:11:3 assert_return\n",
        "blocked b.wast: 1 directives by b.wast:11\n",
        "simd.wast: 0 pass, 2 unsupported: simd\n",
        "legacy.wast: cannot be parsed: legacy-exceptions\n",
        "error: failed to read broken.wast:4:2: expected `(`\n",
        "problem c.wast: the entry is stale\n",
        "\nnot as expected: 4\n  fail b.wast:11:3 assert_return\n",
        "aot: 8 directives in 6 files: 3 pass, 2 fail, 2 unsupported, 1 blocked\n",
        "aot: unsupported, by proposal: simd 2\n",
        "aot: files that cannot be parsed yet, by proposal: legacy-exceptions 1\n",
        "aot: 1 directives are listed one by one as not passing\n",
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
    assert!(text.ends_with("FAILED in 1.25 s\n"), "{text}");
}

#[test]
fn terse_report() {
    let text = told(&events(), |out| Terse::new(out, Style::default()));
    assert!(text.starts_with(".FuuE.\n"), "{text}");
    assert!(
        text.contains(
            "b.wast:11:3 assert_return fail: expected i32 1 (0x00000001), got i32 2 (0x00000002)\n"
        )
    );
    assert!(text.contains("broken.wast:4:2 expected `(`\n"), "{text}");
    assert!(text.ends_with("FAILED in 1.25 s\n"), "{text}");
}

#[test]
fn json_report() {
    let text = told(&events(), Json::new);
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    assert_eq!(lines.iter().filter(|line| line["type"] == "directive").count(), 8);
    assert_eq!(
        text.lines().next(),
        Some(
            r#"{"type":"directive","engine":"aot","file":"a.wast","index":0,"line":10,"col":3,"directive":"assert_return","outcome":"pass","expected":null,"actual":null,"trap":null,"ms":1.5}"#
        )
    );
    assert_eq!(lines[3]["actual"], "i32 2 (0x00000002)");
    assert_eq!(lines[3]["trap"], "unreachable in function 0");
    assert_eq!(
        text.lines().last(),
        Some(
            r#"{"type":"summary","schema":1,"engines":{"aot":{"files":6,"directives":8,"pass":3,"fail":2,"unsupported":2,"blocked":1,"crash":0,"timeout":0,"harness_error":0,"not_run":0,"diverged":0,"wall_s":1.25}}}"#
        )
    );
}

#[test]
fn colours_are_optional() {
    assert_eq!(Style { colored: false }.bad("x"), "x");
    assert_eq!(Style { colored: true }.bad("x"), "\x1b[1;31mx\x1b[0m");
}
