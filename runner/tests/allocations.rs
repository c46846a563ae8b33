//! What reports of very many failures cost, counted in allocations: time would depend on the machine and on what else runs.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use trapline::discover::{Input, Source};
use trapline::engine::{EngineKind, Variant};
use trapline::exec::STACK_SIZE;
use trapline::expectations::Expectations;
use trapline::outcome::{Event, FileReport};
use trapline::report::{Github, Json, Junit, Pretty, PrettyOptions, Reporter, Style, Terse};
use trapline::run::Runner;
use trapline_compiler::Profile;
use trapline_spec_tests::Manifest;

/// The system's allocator, and what was asked of it.
struct Counting;

static CALLS: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn took(bytes: usize) {
    CALLS.fetch_add(1, Ordering::Relaxed);
    let live = LIVE.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

// SAFETY: every call is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: as the caller vouches.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller vouches.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The report of a script in which so many assertions fail.
fn failing(runner: &Runner, assertions: usize) -> FileReport {
    let mut script = "(module (func (export \"f\") (result i32) (i32.const 1)))\n".to_owned();
    script.push_str(&"(assert_return (invoke \"f\") (i32.const 2))\n".repeat(assertions));
    let source = Source::Sent { suite: None, bytes: script.into_bytes().into() };
    let report = runner.run_file(&Input { name: "many.wast".into(), source }).report;
    assert_eq!(report.directives.iter().filter(|record| report.is_red(record)).count(), assertions);
    report
}

/// The calls of the allocator and the most bytes at a time that a report takes.
fn cost(mut reporter: Box<dyn Reporter>, file: FileReport) -> (usize, usize) {
    let events = [Event::FileFinished(file), Event::RunFinished { elapsed: Duration::ZERO }];
    let (calls, live) = (CALLS.load(Ordering::Relaxed), LIVE.load(Ordering::Relaxed));
    PEAK.store(live, Ordering::Relaxed);
    for event in &events {
        reporter.event(event).expect("a sink takes everything");
    }
    (CALLS.load(Ordering::Relaxed) - calls, PEAK.load(Ordering::Relaxed) - live)
}

/// Five times as many failures take five times as many allocations, few for each, and hardly more memory at a time.
#[test]
fn reports_of_failures_are_linear_and_streamed() {
    let spec = Variant::new(EngineKind::Aot, Profile::default()).spec();
    let runner = Runner {
        engine: spec.build().expect("an engine"),
        workers: None,
        manifest: Manifest::bundled().expect("a manifest"),
        expectations: Expectations::bundled().expect("expectations"),
        configuration: Arc::default(),
        reading: Default::default(),
        shows_output: false,
        overrides: Vec::new(),
        command: "trapline wast".to_owned(),
    };
    let work = || [20_000, 100_000].map(|assertions| failing(&runner, assertions));
    let reports = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, work);
        thread.expect("a thread").join().expect("it runs")
    });
    let looks = PrettyOptions::default();
    type New<'a> = (&'a str, f64, &'a dyn Fn() -> Box<dyn Reporter>);
    let formats: [New<'_>; 5] = [
        ("pretty", 2.5, &|| Box::new(Pretty::new(io::sink(), looks))),
        ("terse", 8.5, &|| Box::new(Terse::new(io::sink(), Style::default()))),
        ("json", 12.5, &|| Box::new(Json::new(io::sink()))),
        ("junit", 4.5, &|| Box::new(Junit::new(io::sink()))),
        ("github", 0.5, &|| Box::new(Github::new(io::sink(), None))),
    ];
    for (name, most, new) in formats {
        let [(few, peak_of_few), (many, peak_of_many)] = reports.clone().map(|report| cost(new(), report));
        let each = (many - few) as f64 / 80_000.0;
        assert!(each <= most, "{name}: {each} allocations for each failure");
        assert!(peak_of_many <= peak_of_few + (2 << 20), "{name}: {peak_of_many} bytes at a time");
    }
}
