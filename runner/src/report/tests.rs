mod diff;
mod github;
mod junit;
mod recorded;
mod schema;
mod several;

use super::*;
use crate::outcome::{
    BlockedBy, Details, Difference, DirectiveRecord, Divergence, FileReport, NotRun, Outcome, OutcomeKind,
    Problem, ScriptFault,
};
use crate::script::{Keyword, Pattern};
use crate::trail::{
    CrashInfo, Ending, EngineInfo, Exception, FaultInfo, FaultPlace, FrameInfo, FunctionName, Got, Lack,
    ObservedValue, Refusal, RunInfo, Signal, SourcePlace, TagIdentity, TagInfo, TrapInfo, Value, Wanted,
    WasmHash,
};
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;
use trapline_abi::{Extent, MemoryInstruction, Trap, TrapDetail};

fn directive(index: u32, outcome: Outcome) -> DirectiveRecord {
    let source = "(assert_return\n    (invoke \"f\")\n    (i32.const 1))".to_owned();
    let details =
        (!outcome.is_pass()).then(|| Box::new(Details { source: Some(source), ..Details::default() }));
    DirectiveRecord {
        index,
        line: 10 + index,
        col: 3,
        directive: Keyword::AssertReturn,
        content: None,
        outcome,
        details,
        elapsed_ns: 1_500_000,
    }
}

fn file(name: &str, outcomes: impl IntoIterator<Item = Outcome>) -> FileReport {
    FileReport {
        rerun: format!("trapline wast {name}").into(),
        directives: outcomes.into_iter().zip(0..).map(|(outcome, index)| directive(index, outcome)).collect(),
        elapsed: Duration::from_millis(2),
        ..FileReport::new("aot".into(), name.into())
    }
}

fn failed() -> Outcome {
    Outcome::fail(Wanted::Results(vec![Pattern::I32(1)]), Got::Returned(vec![Value::I32(2)]))
}

fn blocked(file: &str, line: u32) -> Outcome {
    let (file, directive) = (file.to_owned(), Keyword::Module);
    Outcome::Blocked(Box::new(BlockedBy { file, line, directive, outcome: OutcomeKind::Fail }))
}

fn unsupported(what: &str) -> Outcome {
    Outcome::lack(Lack::feature(what))
}

fn crashed() -> Outcome {
    let place = Some(FaultPlace {
        function: FunctionName { index: 3, name: None },
        offset: Some(0x42),
        module: WasmHash([7; 32]),
        source: None,
    });
    let fault = Some(FaultInfo { signal: Signal::SEGV, address: Some(0), pc: 0x7f00, place, caller: None });
    Outcome::Crash(Box::new(CrashInfo { ending: Ending::Signal(Signal::SEGV), fault }))
}

/// An exception with all that can be known of one.
fn exception() -> Exception {
    let identity = TagIdentity::Instance { instance: 2, tag: 1 };
    let tag = Some(TagInfo { identity, name: Some("e".to_owned()) });
    Exception { tag, payload: vec![Value::I64(-1), Value::NullFunc, Value::Exn] }
}

/// A trap with all that can be known of one.
fn trap() -> TrapInfo {
    let function = FunctionName { index: 0, name: Some("f".to_owned()) };
    let memory = Extent { index: 0, len: 65536 };
    TrapInfo {
        alternative: None,
        kind: Trap::MemoryOutOfBounds,
        function: Some(function.clone()),
        offset: Some(0x32),
        place: Some(SourcePlace { line: 2, col: 7 }),
        operands: Some(TrapDetail::MemoryAccess {
            instruction: MemoryInstruction::I64Load,
            memory,
            index: Some(69_996),
            offset: 4,
            width: 8,
        }),
        frames: vec![FrameInfo { module: None, function, offset: Some(0x32), place: None, binary: None }],
        truncated: false,
        host: None,
    }
}

/// One outcome of each kind.
fn every_outcome() -> Vec<Outcome> {
    let outcomes = vec![
        Outcome::Pass,
        failed(),
        unsupported("stack switching"),
        blocked("x.wast", 1),
        crashed(),
        Outcome::Timeout { limit: Duration::from_secs(30) },
        Outcome::harness(Refusal::harness("failed to \u{1}\x1b[31m count:\n100% | `of` <it>")),
        Outcome::NotRun(NotRun::EarlierFailure),
        Outcome::Diverged(Box::new(Divergence {
            reference: "aot".to_owned(),
            engine: "jit".to_owned(),
            differences: vec![Difference::Results(
                Some(vec![ObservedValue::Plain(Value::I32(1))]),
                Some(vec![ObservedValue::Plain(Value::I32(2))]),
            )],
        })),
    ];
    let kinds: Vec<_> = outcomes.iter().map(Outcome::kind).collect();
    assert_eq!(kinds, OutcomeKind::ALL);
    outcomes
}

fn started(files: usize) -> Event {
    started_on(&["aot"], files)
}

fn started_on(engines: &[&str], files: usize) -> Event {
    let engine = |&name: &&str| EngineInfo { name: name.to_owned(), profile: BTreeMap::new() };
    let engines = engines.iter().map(engine).collect();
    let run = RunInfo { schema: SCHEMA, version: "0.1.0".to_owned(), engines, ..RunInfo::default() };
    Event::RunStarted { files, run: run.into() }
}

fn problem(file: &str, message: &str) -> Event {
    Event::Problem(Problem { file: file.to_owned(), message: message.to_owned() })
}

/// A run with one of everything.
fn events() -> Vec<Event> {
    let mut trapped = file("b.wast", [Outcome::Pass, failed(), blocked("b.wast", 11)]);
    trapped.directives[1].details_mut().trap = Some(trap().into());
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
    let mut events = vec![started(files.len())];
    events.extend(files.into_iter().map(Event::FileFinished));
    events.push(problem("c.wast", "the entry is stale"));
    events.push(Event::RunFinished { elapsed: Duration::from_millis(1250) });
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
    trap:     out of bounds memory access in function 0 <f> at offset 0x32 (line 2, column 7): i64.load: address=69996 offset=4; 8 bytes at 0x11170, memory 0 has 65536 bytes
    rerun:    trapline wast b.wast --only b.wast:11
"
    );
}

#[test]
fn long_directives_are_cut() {
    let mut file = file("a.wast", [failed()]);
    file.directives[0].details_mut().source = Some("(module\n".repeat(100) + &"x".repeat(10_000));
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
        "blocked b.wast: 1 directive by b.wast:11 (fail)\n",
        "simd.wast: 0 pass, 2 unsupported: simd\n",
        "legacy.wast: cannot be parsed: legacy-exceptions\n",
        "error: failed to read broken.wast:4:2: expected `(`\n",
        "problem c.wast: the entry is stale\n",
        "\nnot as expected: 4\n  fail b.wast:11:3 assert_return\n",
        "aot: 8 directives in 6 files: 3 pass, 2 fail, 2 unsupported, 1 blocked\n",
        "aot: unsupported, by proposal: simd 2\n",
        "aot: files that cannot be parsed yet, by proposal: legacy-exceptions 1\n",
        "aot: 1 directive is listed as not passing\n",
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
        text.lines().nth(1),
        Some(
            r#"{"type":"directive","engine":"aot","file":"a.wast","index":0,"line":10,"col":3,"directive":"assert_return","outcome":"pass","expected":null,"actual":null,"layer":null,"trap":null,"values":null,"signal":null,"blocked_by":null,"proposal":null,"source":null,"ms":1.5}"#
        )
    );
    assert_eq!((&lines[0]["type"], &lines[0]["schema"]), (&"run".into(), &2.into()));
    let failed = &lines[4];
    assert_eq!(failed["actual"], "i32 2 (0x00000002)");
    assert_eq!(failed["values"]["expected"][0]["bits"], "0x00000001");
    assert_eq!(failed["values"]["actual"][0]["type"], "i32");
    assert_eq!(failed["trap"]["text"], "out of bounds memory access");
    assert_eq!(failed["trap"]["function"]["name"], "f");
    assert_eq!(failed["trap"]["operands"]["memory_access"]["index"], 69_996);
    assert_eq!((&failed["trap"]["line"], &failed["trap"]["col"]), (&2.into(), &7.into()));
    assert_eq!(lines[5]["blocked_by"]["line"], 11);
    assert_eq!(
        text.lines().last(),
        Some(
            r#"{"type":"summary","schema":2,"engines":{"aot":{"files":6,"directives":8,"pass":3,"fail":2,"unsupported":2,"blocked":1,"crash":0,"timeout":0,"harness_error":0,"not_run":0,"diverged":0,"wall_s":1.25}}}"#
        )
    );
}

#[test]
fn colours_are_optional() {
    assert_eq!(Style { colored: false }.bad("x").to_string(), "x");
    assert_eq!(Style { colored: true }.bad("x").to_string(), "\x1b[1;31mx\x1b[0m");
}
