use super::*;
use crate::discover::{Filter, Request, Selected, Source, discover};
use crate::engine::AotEngine;
use crate::outcome::{Event, OutcomeKind};
use crate::report::Totals;
use crate::trail::SuiteDifference;
use std::num::NonZeroU64;
use std::ops::ControlFlow;
use std::path::Path;
use trapline_compiler::{Profile, features_by_name};
use trapline_spec_tests::{Edition, Selection, Suite};

fn runner() -> Runner {
    Runner {
        workers: None,
        engine: Arc::new(AotEngine::new("aot", Profile::default()).expect("an engine")),
        manifest: Manifest::bundled().expect("a manifest"),
        expectations: Expectations::default(),
        configuration: Arc::default(),
        reading: Default::default(),
        shows_output: false,
        overrides: Vec::new(),
        command: "trapline wast".to_owned(),
    }
}

fn typed(name: &str, text: &str) -> Input {
    Input { name: name.into(), source: Source::Stdin(text.as_bytes().into()) }
}

fn selected(inputs: Vec<Input>, whole: &[SuiteId]) -> Selected {
    Selected { inputs, suites: whole.to_vec(), folders: Vec::new(), filter: Filter::default() }
}

fn events(inputs: &[Input], whole: &[SuiteId], options: Options) -> Vec<Event> {
    let mut events = Vec::new();
    let selected = selected(inputs.to_vec(), whole);
    run(&[runner()], inputs, &selected, options, &mut |event| {
        events.push(event);
        ControlFlow::Continue(())
    })
    .expect("threads");
    events
}

fn totals(events: &[Event]) -> Totals {
    let mut totals = Totals::default();
    events.iter().for_each(|event| totals.event(event));
    totals
}

const GOOD: &str = "(module (func (export \"f\") (result i32) (i32.const 1)))
    (assert_return (invoke \"f\") (i32.const 1))";

fn bad() -> String {
    GOOD.replace("(i32.const 1))\n", "(i32.const 2))\n")
        .replace("(result i32) (i32.const 1)", "(result i32) (i32.const 2)")
}

fn options(jobs: usize, fail_fast: bool) -> Options {
    Options {
        jobs,
        part: None,
        max_fail: fail_fast.then_some(NonZeroU64::MIN),
        unavailable: Vec::new(),
        description: Arc::default(),
    }
}

#[test]
fn events_come_in_order() {
    let inputs: Vec<Input> = (0..20).map(|n| typed(&format!("{n:02}.wast"), GOOD)).collect();
    let events = events(&inputs, &[], options(4, false));
    let files: Vec<String> = events
        .iter()
        .filter_map(|event| match event {
            Event::FileFinished(report) => Some(report.file.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(files, inputs.iter().map(|input| input.name.to_string()).collect::<Vec<_>>());
    // What is going on is told at the time, so before the file's turn.
    let of = |name: &Arc<str>, wanted: fn(&Event) -> Option<&Arc<str>>| {
        let at = events.iter().enumerate().filter(|(_, event)| wanted(event) == Some(name));
        at.map(|(at, _)| at).collect::<Vec<_>>()
    };
    for input in &inputs {
        let started = of(&input.name, |event| match event {
            Event::FileStarted { file, .. } => Some(file),
            _ => None,
        });
        let directives = of(&input.name, |event| match event {
            Event::DirectiveFinished { file, outcome: OutcomeKind::Pass, red: false, .. } => Some(file),
            _ => None,
        });
        let finished = of(&input.name, |event| match event {
            Event::FileFinished(report) => Some(&report.file),
            _ => None,
        });
        assert_eq!((started.len(), directives.len(), finished.len()), (1, 2, 1), "{}", input.name);
        assert!(started[0] < directives[0] && directives[1] < finished[0], "{}", input.name);
    }
    assert!(matches!(events.first(), Some(Event::RunStarted { files: 20, .. })));
    assert!(matches!(events.last(), Some(Event::RunFinished { .. })));
    assert!(totals(&events).is_green());
}

#[test]
fn a_failure_does_not_hide_the_rest() {
    let inputs = [typed("a", &bad()), typed("b", GOOD), typed("c", "no script"), typed("d", GOOD)];
    let totals = totals(&events(&inputs, &[], options(1, false)));
    let aot = &totals.engines["aot"];
    assert_eq!((aot.files, aot.directives, aot.script_errors), (4, 6, 1));
    assert_eq!((aot.outcomes(OutcomeKind::Pass), aot.outcomes(OutcomeKind::Fail)), (5, 1));
    assert!(!totals.is_green());
}

#[test]
fn failing_fast_still_accounts_for_everything() {
    let inputs: Vec<Input> =
        std::iter::once(typed("a", &bad())).chain((0..500).map(|n| typed(&format!("{n}"), GOOD))).collect();
    let all = events(&inputs, &[], options(1, true));
    let totals = totals(&all);
    let aot = &totals.engines["aot"];
    assert_eq!((aot.files, aot.directives), (501, 1002));
    let (files, directives) = aot.left_out[&NotRun::EarlierFailure];
    assert_eq!((2 * files, directives), (directives, aot.outcomes(OutcomeKind::NotRun)));
    assert!(aot.notes().contains(&format!(
        "{directives} directives in {files} files not run: an earlier failure ended the run"
    )));
    assert!(aot.outcomes(OutcomeKind::NotRun) > 0);
}

#[test]
fn a_reader_may_stop_listening() {
    let inputs: Vec<Input> = (0..100).map(|n| typed(&format!("{n}"), GOOD)).collect();
    let mut seen = 0;
    let selected = selected(inputs.clone(), &[]);
    run(&[runner()], &inputs, &selected, options(2, false), &mut |_| {
        seen += 1;
        if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .expect("threads");
    assert_eq!(seen, 5);
}

#[test]
fn features_come_from_suite_header_and_user() {
    let mut runner = runner();
    let features = |runner: &Runner, text: &str| runner.prepare(&typed("x", text)).plan.terms.features;
    let plain = features(&runner, "(module)");
    assert_eq!(plain, default_features());
    let headed = features(&runner, ";;! custom_descriptors = true\n;;! simd = false\n(module)");
    assert!(headed.contains(WasmFeatures::CUSTOM_DESCRIPTORS) && !headed.contains(WasmFeatures::SIMD));
    runner.overrides = vec![(WasmFeatures::SIMD, true)];
    assert!(features(&runner, ";;! simd = false\n(module)").contains(WasmFeatures::SIMD));
}

/// What a file means does not hang on a hash of its content.
#[test]
fn a_copy_of_a_suite_file_is_a_script_like_any_other() {
    for file in Suite::edition(Edition::V1).files.into_iter().take(3) {
        let content = file.read().expect("embedded").into_owned();
        let runner = runner();
        let in_suite = runner.prepare(&Input::from(file.clone())).plan;
        assert_eq!(in_suite.identity, Some((SuiteId::V1, file.name.clone())));
        assert!(!in_suite.terms.features.contains(WasmFeatures::SIMD));
        for text in [content.clone(), [b";; x\n", &*content].concat()] {
            let copy = Input { name: file.name.as_str().into(), source: Source::Stdin(text.into()) };
            let copy = runner.prepare(&copy).plan;
            assert_eq!((copy.identity, copy.terms.features), (None, default_features()));
            assert!(copy.pin.is_none());
        }
    }
}

#[test]
fn bad_headers_are_told_with_their_place() {
    let prepared = runner().prepare(&typed("x", "(module)\n;;! simd = true\n"));
    let fault = prepared.script.expect_err("a header below the top");
    assert_eq!((fault.line, fault.col), (2, 1));
}

#[test]
fn wrong_counts_are_a_problem() {
    let pin = |directives| FilePin {
        directives,
        blake3: String::new(),
        enable: Vec::new(),
        disable: Vec::new(),
        by_hand: false,
        note: None,
    };
    let script = Script::parse(GOOD).expect("a script");
    let runner = runner();
    let mut report = runner.run_file(&typed("x", GOOD)).report;
    assert_eq!(accounting(Some(script.directives().len()), Some(&pin(Some(2))), &report), []);
    assert_eq!(accounting(Some(script.directives().len()), None, &report), []);
    let told = |report: &FileReport, pin: FilePin| {
        accounting(Some(script.directives().len()), Some(&pin), report)[0].message.clone()
    };
    assert!(told(&report, pin(Some(3))).contains("pins 3"));
    assert!(told(&report, pin(None)).contains("cannot be parsed"));
    report.directives.pop();
    assert!(told(&report, pin(Some(2))).contains("1 outcomes for 2 directives"));
}

/// Every file of the suite as a script like any other, and with a comment before it: all outcomes are equal, and equal to
/// those that it has in the suite, unless the manifest narrows its features or switches on what is not on otherwise.
#[test]
fn a_comment_changes_no_outcome_of_any_suite_file() {
    let suites = Suite::select(&Selection::Default, Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a suite");
    let files: Vec<_> = suites.into_iter().flat_map(|suite| suite.files).collect();
    let runner = runner();
    let outcomes = |input: &Input| {
        let report = runner.run_file(input).report;
        let kinds: Vec<_> = report.directives.iter().map(|directive| directive.outcome.kind()).collect();
        (kinds, report.script_error.map(|fault| fault.message))
    };
    let differing = |at: usize| {
        let file = &files[at];
        let content = file.read().expect("a file").into_owned();
        let copy = |text: Vec<u8>| Input { name: "copy.wast".into(), source: Source::Stdin(text.into()) };
        let expected = outcomes(&copy(content.clone()));
        if outcomes(&copy([b";; x\n", &*content].concat())) != expected {
            return Some(format!("{} with a comment", file.name));
        }
        let pin = runner.manifest.suite(file.suite)?.files.get(&file.name)?;
        let enabled = pin.enable.iter().filter_map(|name| features_by_name(name));
        let as_usual =
            pin.disable.is_empty() && enabled.into_iter().all(|on| default_features().contains(on));
        (as_usual && outcomes(&Input::from(file.clone())) != expected)
            .then(|| format!("{} in its suite", file.name))
    };
    let mut found = Vec::new();
    run_with(default_jobs(), files.len(), differing, &mut |_, differs: Option<String>| {
        found.extend(differs);
        ControlFlow::Continue(())
    })
    .expect("threads");
    assert!(files.len() > 100);
    assert_eq!(found, Vec::<String>::new());
}

/// A checkout of two files and a manifest that pins them.
fn checkout(folder: &Path) -> (Runner, Vec<Input>) {
    std::fs::write(folder.join("a.wast"), GOOD).expect("a file");
    std::fs::write(folder.join("b.wast"), bad()).expect("a file");
    let pin = |name: &str, text: &str| {
        let hash = content_hash(text.as_bytes());
        format!("\"core/{name}.wast\" = {{ directives = 2, blake3 = \"{hash}\" }}\n")
    };
    let text = format!(
        "[[suite]]\nid = \"testsuite\"\nrevision = \"r1\"\nfeatures = []\n[suite.files]\n{}{}",
        pin("a", GOOD),
        pin("b", &bad())
    );
    let runner = Runner { manifest: Manifest::parse(&text).expect("a manifest"), ..runner() };
    (runner, checked_out(folder))
}

fn checked_out(folder: &Path) -> Vec<Input> {
    Suite::checkout(folder).expect("a checkout").files.into_iter().map(Input::from).collect()
}

/// Everything that is red about a checkout, and the files that differ.
fn red(runner: &Runner, inputs: &[Input]) -> (Vec<String>, Vec<SuiteDifference>) {
    let mut problems = runner.check_selected(&selected(inputs.to_vec(), &[SuiteId::Testsuite]));
    for input in inputs {
        let result = runner.run_file(input);
        problems.extend(result.problems.into_iter().chain(result.stale));
        if let Some(fault) = result.report.script_error {
            problems.push(Problem { file: input.name.to_string(), message: fault.message });
        }
    }
    let text = problems.iter().map(|problem| format!("{}: {}", problem.file, problem.message)).collect();
    (text, suite::differences(&runner.manifest, inputs))
}

#[test]
fn a_suite_is_compared_with_the_manifest_file_by_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut runner, inputs) = checkout(folder.path());
    assert_eq!(red(&runner, &inputs), (Vec::new(), Vec::new()));
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    let changed = |name: &str| SuiteDifference::Changed(format!("core/{name}.wast"));

    // Edited, with as many directives, with more, and another file: named, and no more.
    write("a.wast", &format!(";; x\n{GOOD}\n(invoke \"f\")"));
    write("c.wast", GOOD);
    let (problems, differences) = red(&runner, &checked_out(folder.path()));
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(differences, [changed("a"), SuiteDifference::Added("core/c.wast".to_owned())]);

    // Fewer directives, and an edited file beside a missing one.
    write("a.wast", "(module)");
    std::fs::remove_file(folder.path().join("b.wast")).expect("it is there");
    let inputs = checked_out(folder.path());
    let (problems, _) = red(&runner, &inputs);
    assert_eq!(problems.len(), 2, "{problems:#?}");
    assert!(problems[0].starts_with("core/b.wast: ") && problems[0].contains("not there"), "{problems:#?}");
    assert!(problems[1].contains("1 directives, and the manifest pins 2: 1 are missing"), "{problems:#?}");

    // Cut off, and no script at all.
    write("a.wast", &GOOD[..30]);
    let (problems, _) = red(&runner, &inputs);
    assert!(problems[1].contains("1 directives, and the manifest pins 2: 1 are missing"), "{problems:#?}");
    write("a.wast", "no script");
    let (problems, differences) = red(&runner, &inputs);
    assert!(problems[1].contains("it cannot be parsed, and the manifest pins 2"), "{problems:#?}");
    assert_eq!(differences[0], changed("a"));

    // Another revision is meant: what is there counts, and differences are named.
    write("a.wast", "(module)");
    runner.manifest.take_any_revision();
    let (problems, differences) = red(&runner, &inputs);
    assert_eq!((problems, differences.len()), (Vec::new(), 2));
}

#[test]
fn a_suite_that_lost_a_file_is_red() {
    let request = Request { suite: Some(Selection::Edition(Edition::V1)), ..Request::default() };
    let mut selected = discover(&request, Path::new("/")).expect("embedded");
    let runner = runner();
    assert_eq!(runner.check_selected(&selected), []);
    let lost = selected.inputs.remove(3);
    let problems = runner.check_selected(&selected);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].file, *lost.name);
}
