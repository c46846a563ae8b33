//! Signals to workers at random times: no outcome is lost, nothing hangs, and only what was running differs.
//!
//! `TRAPLINE_STORM` is how many signals are sent, by default a few; `make storm` sends ten thousand.

use super::place::{Place, Run};
use super::workers::children;
use fastrand::Rng;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What workers are sent. The last only by a storm that is asked for.
const SIGNALS: [&str; 11] =
    ["SEGV", "BUS", "ILL", "FPE", "ABRT", "KILL", "TERM", "QUIT", "SYS", "USR1", "STOP"];

/// How long a run may take under fire.
const DEADLINE: Duration = Duration::from_secs(300);

/// The outcome of each directive, by engine, file and ordinal.
type Outcomes = BTreeMap<(String, String, u64), String>;

fn outcomes(text: &str) -> Outcomes {
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let directives = lines.filter(|line| line["type"] == "directive");
    let word = |value: &Value| value.as_str().expect("text").to_owned();
    directives
        .map(|line| {
            let index = line["index"].as_u64().expect("a number");
            let outcome =
                format!("{} {}", word(&line["outcome"]), line["actual"].as_str().unwrap_or_default());
            ((word(&line["engine"]), word(&line["file"]), index), outcome.trim_end().to_owned())
        })
        .collect()
}

/// Runs under fire until it ends or `budget` signals are sent. Gives the outcomes and how many were sent.
fn under_fire(
    place: &Place,
    arguments: &[&str],
    signals: &[&str],
    budget: u64,
    random: &mut Rng,
) -> (Outcomes, u64) {
    let report = place.path("report.jsonl");
    let mut command = place.command(arguments);
    command.stdout(File::create(&report).expect("a file")).stderr(Stdio::null());
    let mut trapline = command.spawn().expect("it starts");
    let (begin, mut sent) = (Instant::now(), 0);
    let status = loop {
        if let Some(status) = trapline.try_wait().expect("it can be waited for") {
            break status;
        }
        assert!(begin.elapsed() < DEADLINE, "{arguments:?} hangs after {sent} signals");
        std::thread::sleep(Duration::from_millis(random.u64(..12)));
        let workers = children(trapline.id());
        if let (Some(worker), true) = (random.choice(&workers), sent < budget) {
            let signal = random.choice(signals).expect("there are some");
            let kill =
                Command::new("kill").args(["-s", signal, &worker.to_string()]).stderr(Stdio::null()).status();
            sent += u64::from(kill.expect("kill starts").success());
        }
    };
    // Not by a signal: this is about workers.
    assert!(matches!(status.code(), Some(0 | 1)), "{status}");
    (outcomes(&fs::read_to_string(report).expect("a report")), sent)
}

/// Outcomes that a signal can lead to by itself; others follow from those in the same file.
fn is_hit(outcome: &str) -> bool {
    ["crash", "timeout", "harness-error"].iter().any(|hit| outcome.starts_with(hit))
}

#[test]
fn signals_to_workers_cost_what_was_running() {
    let wanted: u64 = std::env::var("TRAPLINE_STORM").ok().map_or(60, |text| text.parse().expect("a number"));
    let mut random = Rng::with_seed(wanted);
    let place = Place::empty();
    let step = |n: u32| format!("(assert_return (invoke \"f\" (i32.const {n})) (i32.const {n}))\n");
    let module = "(module (func (export \"f\") (param i32) (result i32) (local.get 0)))\n";
    for file in 0..40 {
        let text: String = (0..40).map(|n| format!("{module}{}", step(file * 100 + n))).collect();
        place.write(&format!("scripts/{file:02}.wast"), text);
    }
    let long = if wanted > 1_000 { 1_000_000 } else { 20_000 };
    place.write("long.wast", format!("{module}{}", step(1).repeat(long)));
    // A worker that is stopped costs its timeout, and a short one would be a matter of how busy the machine is.
    let (timeout, signals) =
        if wanted > 1_000 { ("5", &SIGNALS[..]) } else { ("60", &SIGNALS[..SIGNALS.len() - 1]) };
    let common = ["--format", "json", "--jobs", "2", "--timeout", timeout];
    let runs = [
        [&["wast", "scripts"][..], &common].concat(),
        [&["compare", "--engine", "aot,jit", "scripts"], &common[..]].concat(),
        [&["wast", "long.wast"], &common[..]].concat(),
    ];
    let calm: Vec<Outcomes> = runs.iter().map(|run| outcomes(&Run::of(place.command(run)).out)).collect();
    assert!(calm.iter().all(|outcomes| outcomes.values().all(|outcome| outcome == "pass")));
    let (mut sent, mut hit, mut rounds) = (0, 0, 0);
    while sent < wanted {
        let at = rounds % runs.len();
        rounds += 1;
        let budget = (wanted - sent).min(20);
        let (stormy, fired) = under_fire(&place, &runs[at], signals, budget, &mut random);
        sent += fired;
        assert!(stormy.keys().eq(calm[at].keys()), "outcomes are lost or invented");
        let hits = stormy.values().filter(|outcome| is_hit(outcome)).count() as u64;
        let first = stormy.values().find(|outcome| is_hit(outcome));
        assert!(hits <= fired, "{hits} directives were hit by {fired} signals: {first:?}");
        hit += hits;
        let hit_files: Vec<_> =
            stormy.iter().filter(|(_, outcome)| is_hit(outcome)).map(|((_, file, _), _)| file).collect();
        for ((_, file, index), outcome) in &stormy {
            assert!(outcome == "pass" || hit_files.contains(&file), "{file}, directive {index}: {outcome}");
        }
    }
    println!("{sent} signals in {rounds} runs: {hit} directives hit, no outcome lost");
}
