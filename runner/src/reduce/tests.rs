//! The search with a predicate that looks at the text alone.

use super::cache::Cache;
use super::document::Document;
use super::judge::{Answer, Candidate, Judge};
use super::levels::{Arguments, Directives, Edits};
use super::predicate::Predicate;
use super::{End, Form, ReduceError, Reduced, Request, reduce};
use crate::trail::Value;
use crate::worker;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use trapline_compiler::WasmFeatures;

/// Texts that a candidate has to have, and how often it was asked for them.
struct Texts {
    all: &'static [&'static str],
    asked: AtomicU32,
}

impl Texts {
    const fn all(all: &'static [&'static str]) -> Texts {
        Texts { all, asked: AtomicU32::new(0) }
    }
}

impl Predicate for Texts {
    fn shows(&self, _: &Document, script: &str) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.all.iter().all(|text| script.contains(text))
    }

    fn question(&self) -> String {
        self.all.join(" ")
    }

    fn globals(&self, _: &Document, _: &[String]) -> Option<Vec<Vec<Value>>> {
        None
    }
}

fn search(
    text: &str,
    predicate: &dyn Predicate,
    folder: &Path,
    jobs: usize,
    time: Option<Duration>,
) -> Result<Reduced, ReduceError> {
    let request = Request {
        document: Document::of(text, false).expect("a script"),
        predicate,
        seen: 0,
        features: WasmFeatures::all(),
        bytes: false,
        out: &folder.join("out.wast"),
        form: Form::Wast,
        flaky: 1,
        jobs,
        begin: Instant::now(),
        time,
        cache: &folder.join("cache"),
    };
    reduce(request, &mut |_| {})
}

/// Modules with calls, two of which are looked for.
fn script() -> String {
    (0..40)
        .map(|at| {
            format!(
                ";; comment\n(module $m{at} (func (export \"f{at}\") (param i32)))\n(register \"m{at}\" $m{at})\n(invoke \"f{at}\" (i32.const {at}))\n"
            )
        })
        .collect()
}

#[test]
fn a_script_becomes_what_is_looked_for() {
    for jobs in [1, 3] {
        let folder = tempfile::tempdir().expect("a folder");
        let predicate = Texts::all(&["\"f7\"", "\"m31\""]);
        let reduced = search(&script(), &predicate, folder.path(), jobs, None).expect("it is there");
        assert_eq!(reduced.end, End::Smallest);
        let text = std::fs::read_to_string(folder.path().join("out.wast")).expect("text");
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(predicate.all.iter().all(|wanted| text.contains(wanted)), "{text}");
        assert!(predicate.asked.load(Ordering::Relaxed) < 200);
        assert!(!folder.path().join("cache").exists());
    }
}

#[test]
fn the_time_that_is_up_and_the_cache_that_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let predicate = Texts::all(&["\"f7\""]);
    let reduced = search(&script(), &predicate, folder.path(), 1, Some(Duration::ZERO)).expect("it is there");
    assert_eq!((reduced.end, reduced.document.parts.len()), (End::Time, 120));
    let whole = std::fs::read_to_string(folder.path().join("out.wast")).expect("text");
    assert!(whole.lines().count() == 120 && !whole.contains("comment"), "{whole}");
    assert!(folder.path().join("cache").exists());
    let shown = search(&script(), &Texts::all(&["nothing"]), folder.path(), 1, None);
    assert!(matches!(shown, Err(ReduceError::NoFault(_))), "{shown:?}");
    let empty = search(&script(), &Texts::all(&[]), folder.path(), 1, None);
    assert!(matches!(empty, Err(ReduceError::Empty("the empty script"))), "{empty:?}");
}

/// A candidate without "f" does not end, unless it is not waited for.
struct Endless;

impl Predicate for Endless {
    fn shows(&self, _: &Document, script: &str) -> bool {
        let begin = Instant::now();
        while !script.contains("\"f\"") && !worker::Deadline::current().has_passed() {
            assert!(begin.elapsed() < Duration::from_secs(60), "it is waited for");
            std::thread::sleep(Duration::from_millis(1));
        }
        script.contains("\"f\"")
    }

    fn question(&self) -> String {
        String::new()
    }

    fn globals(&self, _: &Document, _: &[String]) -> Option<Vec<Vec<Value>>> {
        None
    }
}

#[test]
fn what_goes_on_when_another_candidate_shows_the_fault_is_not_waited_for() {
    let all = ["(invoke \"f\")", "(invoke \"g\")"]
        .map(|text| Candidate { document: Document::of(text, false).expect("a script"), edited: None });
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::open(&folder.path().join("cache"), "").expect("a cache");
    let judge = Judge::new(&Endless, cache, &all[0].document, WasmFeatures::all(), (1, 2, None));
    let answers = judge.all(&all, |candidate| Some(candidate.clone()));
    assert!(matches!(answers[..], [Answer::Shows(_), Answer::Open]), "{answers:?}");
    // It is not remembered.
    assert_eq!((judge.counts().runs, judge.into_cache().len()), (2, 1));
}

#[test]
fn what_needs_a_module_goes_with_it() {
    let text = "(module definition $d (func (export \"f\")))
        (module instance $i $d)
        (invoke $i \"f\")
        (module $other)
        (register \"other\")
        (assert_return (invoke $i \"f\"))
        (assert_trap (module (func unreachable) (start 0)) \"unreachable\")";
    let document = Document::of(text, false).expect("a script");
    let groups = Directives::with_uses(&document);
    let left = |numbers: &[usize]| {
        let document = groups.apply(numbers).expect("a document").document;
        document.parts.iter().map(|part| part.number).collect::<Vec<_>>()
    };
    assert_eq!(groups.weights().len(), 3);
    assert_eq!(left(&[0]), [3, 4, 6]);
    assert_eq!(left(&[1]), [0, 3, 4, 6]);
    assert_eq!(left(&[2]), [0, 1, 2, 5, 6]);
    // The module within the assertion is one, too.
    let edited = document.with_module(6, b"\0asm\x01\0\0\0".to_vec());
    assert!(
        edited
            .script()
            .contains("(assert_trap (module binary\n  \"\\00asm\\01\\00\\00\\00\") \"unreachable\")")
    );
    assert!(edited.printed().ends_with("(assert_trap (module) \"unreachable\")\n"), "{}", edited.printed());
    assert_eq!(document.script().matches('\n').count(), 7);
}

#[test]
fn arguments_become_zero_and_results_stay() {
    let text = "(assert_return (invoke \"f\" (i32.const 5) (f64.const nan) (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16) (i64.const 0)) (i32.const 9))";
    let document = Document::of(text, false).expect("a script");
    let arguments = Arguments::of(&document);
    assert_eq!(arguments.weights().len(), 3);
    let changed = arguments.apply(&[0, 1, 2]).expect("a document").document.script();
    let wanted = "(assert_return (invoke \"f\" (i32.const 0) (f64.const 0) (v128.const i64x2 0 0) (i64.const 0)) (i32.const 9))\n";
    assert_eq!(changed, wanted);
    let one = arguments.apply(&[1]).expect("a document").document.script();
    assert!(one.contains("(i32.const 5) (f64.const 0) (v128.const i8x16 1"), "{one}");
}

#[test]
fn the_only_call_is_known_by_its_words() {
    let of = |text: &str| Document::of(text, false).expect("a script").only_call();
    let words = of("(module)(invoke \"f g\" (i32.const -1) (v128.const i64x2 1 2) (ref.null extern))");
    assert_eq!(words, None);
    let words = of("(module)(invoke \"f g\" (i32.const -1) (v128.const i64x2 1 2))");
    let wanted = ["f g", "-1", "i64x2", "1", "2"].map(str::to_owned);
    assert_eq!(words.as_deref(), Some(&wanted[..]));
    assert_eq!(of("(invoke \"f\") (invoke \"f\")"), None);
}
