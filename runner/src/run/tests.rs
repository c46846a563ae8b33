use super::*;
use crate::discover::{Request, Selected, Source, discover};
use crate::engine::AotEngine;
use crate::outcome::{Event, OutcomeKind};
use crate::report::Totals;
use std::ops::ControlFlow;
use std::path::Path;
use trapline_compiler::Profile;
use trapline_spec_tests::{Edition, Selection, Suite};

fn runner() -> Runner {
    Runner {
        workers: None,
        engine: Arc::new(AotEngine::new("aot", Profile::default()).expect("an engine")),
        manifest: Manifest::bundled().expect("a manifest"),
        expectations: Expectations::default(),
        overrides: Vec::new(),
        command: "trapline wast".to_owned(),
    }
}

fn typed(name: &str, text: &str) -> Input {
    Input { name: name.into(), source: Source::Stdin(text.as_bytes().into()) }
}

fn events(inputs: &[Input], whole: &[SuiteId], options: Options) -> Vec<Event> {
    let mut events = Vec::new();
    let selected = Selected { inputs: inputs.to_vec(), whole: whole.to_vec() };
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
    Options { jobs, fail_fast, description: Arc::default() }
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
    assert!(matches!(events.first(), Some(Event::Started { files: 20, .. })));
    assert!(matches!(events.last(), Some(Event::Finished { .. })));
    assert!(totals(&events).is_green());
}

#[test]
fn a_failure_does_not_hide_the_rest() {
    let inputs = [typed("a", &bad()), typed("b", GOOD), typed("c", "(module"), typed("d", GOOD)];
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
    let totals = totals(&events(&inputs, &[], options(1, true)));
    let aot = &totals.engines["aot"];
    assert_eq!((aot.files, aot.directives), (501, 1002));
    assert!(aot.outcomes(OutcomeKind::NotRun) > 0);
}

#[test]
fn a_reader_may_stop_listening() {
    let inputs: Vec<Input> = (0..100).map(|n| typed(&format!("{n}"), GOOD)).collect();
    let mut seen = 0;
    let selected = Selected { inputs: inputs.clone(), whole: Vec::new() };
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
    let features = |runner: &Runner, text: &str| runner.prepare(&typed("x", text)).plan.features;
    let plain = features(&runner, "(module)");
    assert!(plain.contains(WasmFeatures::SIMD | WasmFeatures::GC | WasmFeatures::FLOATS));
    assert!(!plain.contains(WasmFeatures::THREADS));
    let headed = features(&runner, ";;! threads = true\n;;! simd = false\n(module)");
    assert!(headed.contains(WasmFeatures::THREADS) && !headed.contains(WasmFeatures::SIMD));
    runner.overrides = vec![(WasmFeatures::SIMD, true)];
    assert!(features(&runner, ";;! simd = false\n(module)").contains(WasmFeatures::SIMD));
}

#[test]
fn a_file_of_the_suite_is_known_by_its_content() {
    let file = Suite::edition(Edition::V2).files.remove(0);
    let content = file.read().expect("embedded");
    let copy = Input { name: "copy.wast".into(), source: Source::Stdin(content.as_ref().into()) };
    let identity = runner().prepare(&copy).plan.identity.expect("it is known");
    assert_eq!(identity.1, file.name);
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

#[test]
fn a_suite_that_lost_a_file_is_red() {
    let request = Request { suite: Some(Selection::Edition(Edition::V1)), ..Request::default() };
    let Selected { mut inputs, whole } = discover(&request, Path::new("/")).expect("embedded");
    let runner = runner();
    assert_eq!(runner.check_whole(&whole, &inputs), []);
    let lost = inputs.remove(3);
    let problems = runner.check_whole(&whole, &inputs);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].file, *lost.name);
}
