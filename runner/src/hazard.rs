//! A host module whose functions do to the process what scripts must not be able to do to a run.
//! It is there for tests: with the feature `faults`, and only if the environment variable `TRAPLINE_HAZARDS` is set.

use crate::executor::HostItem;
use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use trapline_sandbox::Recorder;
use trapline_sandbox::hazard::{segfault, stop};

/// The name that scripts import it by.
pub const MODULE: &str = "trapline-hazard";

/// The functions, by name. None takes or returns anything.
static FUNCTIONS: &[(&str, HostItem)] = &[
    ("segfault", HostItem::Act(segfault)),
    ("abort", HostItem::Act(|| std::process::abort())),
    ("exit", HostItem::Act(|| std::process::exit(3))),
    (
        "exhaust_stack",
        HostItem::Act(|| {
            black_box(recurse(0));
        }),
    ),
    ("allocate", HostItem::Act(allocate)),
    (
        "spin",
        HostItem::Act(|| {
            loop {
                std::hint::spin_loop();
            }
        }),
    ),
    ("garbage", HostItem::Act(garbage)),
    (
        "write_file",
        HostItem::Act(|| {
            if let Err(error) = std::fs::write("written-by-a-script", "x") {
                panic!("failed to write: {error}");
            }
        }),
    ),
    ("panic", HostItem::Act(|| panic!("a host function that panics"))),
];

/// Whether tests have asked for the module.
pub fn is_enabled() -> bool {
    std::env::var_os("TRAPLINE_HAZARDS").is_some()
}

/// The function of a name, if there is one.
pub fn item(name: &str) -> Option<(&'static str, &'static HostItem)> {
    FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(name, item)| (*name, item))
}

/// What is to be done at a moment of a worker's life, by the variable: see [`strike`].
pub(crate) fn asked(moment: &str, script: u32) -> Option<String> {
    let wanted = std::env::var("TRAPLINE_HAZARDS").ok()?;
    let (action, when) = wanted.split_once('@')?;
    let (at, number) = when.split_once('#').unwrap_or((when, ""));
    let is_now = at == moment && (number.is_empty() || number.parse() == Ok(script));
    is_now.then(|| action.to_owned())
}

/// Starts what hazards need and a confined worker cannot start.
pub(crate) fn prepare() {
    // Something that has the pipe open outlives the worker.
    if std::env::var("TRAPLINE_HAZARDS").is_ok_and(|wanted| wanted.starts_with("hold@")) {
        let child = Command::new("/bin/sleep").arg("1000").stdin(Stdio::null()).spawn();
        if child.is_err() {
            std::process::exit(1);
        }
    }
}

/// Does to a worker what the variable says of a moment of its life, such as `abort@parse`, `spin@compile` or `stop@idle#2`:
/// an action, the moment or the command that it begins with, and for which of the worker's scripts, counted from 1; without a number for every one.
pub(crate) fn strike(moment: &str, script: u32, recorder: &Recorder) {
    let Some(action) = asked(moment, script) else { return };
    match &*action {
        "abort" => std::process::abort(),
        "segfault" => segfault(),
        "allocate" => allocate(),
        "panic" => panic!("a hazard that panics"),
        "stop" => stop(),
        "spin" => loop {
            std::hint::spin_loop();
        },
        "garbage" => garbage(),
        // As many as no script has directives.
        "steps" => note_steps(recorder, 2..),
        // The steps of a script again and again, each for long enough that the watchdog samples both.
        "crawl" => note_steps(
            recorder,
            [1, 2].into_iter().cycle().inspect(|_| {
                std::thread::sleep(std::time::Duration::from_millis(3));
            }),
        ),
        // What `prepare` has started goes on.
        "hold" => std::process::exit(0),
        _ => panic!("no hazard is called {action}"),
    }
}

fn note_steps(recorder: &Recorder, steps: impl Iterator<Item = u64>) {
    for step in steps {
        recorder.begin(step);
    }
}

/// Uses a kilobyte of stack for each level, and has no end.
#[allow(unconditional_recursion, reason = "that is what it is for")]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 128]);
    recurse(depth + 1) + frame[64]
}

/// Takes memory and touches it until there is none.
fn allocate() {
    let mut all = Vec::new();
    loop {
        all.push(vec![1_u8; 64 << 20]);
        black_box(&all);
    }
}

/// Writes to the pipe what is not a report.
fn garbage() {
    let mut out = std::io::stdout().lock();
    // A closed pipe would be the parent's death, which is not what is tested here.
    let _ = out.write_all(&[0xff; 4096]).and_then(|()| out.flush());
    std::thread::sleep(std::time::Duration::from_secs(60));
}
