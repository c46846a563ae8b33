//! The worker's side.

use super::confined::{self, unconfined};
use super::linker::{self, LinkerProcess};
use super::pending::Pending;
use super::wire::{self, Answer, Done, Greeting, Job, ScriptJob, Setup, Source};
use super::{Step, WORKER_ARGUMENT, liar};
use crate::engine::{EngineSpec, Linker, trust};
use crate::exec::{self, Observation, Observed, Sink};
use crate::executor::Engine;
use crate::hazard;
use crate::host;
use crate::outcome::{DirectiveRecord, ScriptFault};
use crate::script::Script;
use crate::terms::Terms;
use crate::trail::State;
use std::fs::File;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use trapline_abi::ReadableText;
use trapline_compiler::WasmFeatures;
use trapline_sandbox::attempt::{Attempt, Attempted};
use trapline_sandbox::{Recorder, confine};

/// Becomes a worker, and returns when the parent has no more work, if the process was started as
/// one. Every program that runs scripts in workers calls this before anything else.
pub fn enter_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let (name, result) = match arguments.next()? {
        argument if argument == WORKER_ARGUMENT => {
            let recorder = arguments.next()?.to_str()?.parse().ok()?;
            ("worker", work(recorder))
        }
        argument if argument == linker::LINKER_ARGUMENT => ("linker", linker::serve()),
        _ => return None,
    };
    Some(match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("trapline {name}: {}", ReadableText(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    })
}

fn work(recorder: i32) -> anyhow::Result<()> {
    let recorder = trust::crash_recorder(recorder)?;
    let mut input = io::stdin().lock();
    let Some(setup) = wire::read::<Setup>(&mut input)? else { return Ok(()) };
    drop(input);
    hazard::prepare();
    let linker = match setup.scratch {
        Some(_) => Some(Arc::new(LinkerProcess::start(setup.writable().collect())?)),
        None => None,
    };
    // It may open files that it writes to later.
    let links = linker.clone().map(|linker| linker as Arc<dyn Linker>);
    let engines = EngineSpec::build_all(&setup.engines, setup.scratch.as_deref(), links.as_ref())?;
    // While it is open, what it leads to is the folder that the worker is allowed to read: another look-up by the system
    // could give another one.
    let _process = File::open("/proc/self")?;
    // Programs of WASI have streams that lead there. If it is missing, those that need it say so.
    let _ = host::nowhere();
    let mut missing: Greeting = unconfined(confine(&confined::of_worker(&setup)?)?);
    if let Some(linker) = linker {
        missing.extend(linker.unconfined()?);
        missing.sort();
        missing.dedup_by(|left, right| left.measure == right.measure);
    }
    wire::write(&mut io::stdout().lock(), &missing)?;
    let work = move || serve(&engines, recorder);
    let thread =
        std::thread::Builder::new().name("script".to_owned()).stack_size(exec::STACK_SIZE).spawn(work)?;
    thread.join().map_err(|_| anyhow::anyhow!("the thread that runs scripts panicked"))?
}

fn serve(engines: &[Arc<dyn Engine>], recorder: &'static Recorder) -> anyhow::Result<()> {
    let (mut input, pending) = (io::stdin().lock(), Pending::start(recorder)?);
    let mut scripts = 0;
    hazard::strike("start", 1, recorder);
    // The script that ran last: it may run on another engine next.
    let mut last = None;
    let mut last = (engines.len() > 1).then_some(&mut last);
    while let Some((engine, job)) = wire::read::<(u32, Job)>(&mut input)? {
        recorder.begin(Step::Script.number());
        let engine = &**engines.get(engine as usize).ok_or_else(|| anyhow::anyhow!("no engine {engine}"))?;
        let answer = match job {
            Job::Script(job) => {
                scripts += 1;
                hazard::strike("parse", scripts, recorder);
                let mut done = run(engine, job, last.as_deref_mut(), recorder, &pending)?;
                recorder.begin(Step::Report.number());
                liar::distort(&mut done, scripts);
                hazard::strike("report", scripts, recorder);
                liar::answer(&pending, scripts)?;
                Answer::Script(Box::new(done))
            }
            Job::Check => Answer::Checked(engine.check()),
            Job::Listing { wasm, features } => {
                Answer::Listing(engine.listing(&wasm, WasmFeatures::from_bits_truncate(features)))
            }
            Job::Anatomy { wasm, features, function } => {
                let features = WasmFeatures::from_bits_truncate(features);
                Answer::Anatomy(engine.anatomy(&wasm, features, function).map(Box::new))
            }
            Job::Diagnosis { wasm, features } => {
                let features = WasmFeatures::from_bits_truncate(features);
                Answer::Diagnosis(engine.diagnose(&wasm, features).map(Box::new))
            }
            Job::Attempt(name) => Answer::Attempted(attempt(&name)),
        };
        recorder.begin(Step::Report.number());
        pending.write(&answer)?;
        let ran_script = matches!(answer, Answer::Script(_));
        if ran_script {
            liar::add(&pending, scripts)?;
        }
        pending.write(&Answer::Idle)?;
        recorder.begin(Step::Idle.number());
        if ran_script {
            hazard::strike("idle", scripts, recorder);
            liar::add_later(&pending, scripts)?;
        }
    }
    Ok(())
}

/// The number of the error with which an action fails, or 0. No action of this name is -1.
fn attempt(name: &str) -> i32 {
    match Attempt::named(name).map(Attempt::run) {
        Some(Attempted::Failed(number)) => number,
        Some(Attempted::Succeeded) => 0,
        None => -1,
    }
}

/// Tells of a script while it runs.
struct Reporting<'a> {
    recorder: &'static Recorder,
    pending: &'a Pending,
    observed: Observed,
    /// Whether all directives so far have passed.
    is_well: bool,
}

impl Sink for Reporting<'_> {
    fn begin(&mut self, index: u32) {
        self.recorder.begin(Step::Directive(index).number());
    }

    fn end(&mut self, mut record: DirectiveRecord) {
        self.is_well &= record.outcome.is_pass();
        // The parent takes the text from the script.
        if let Some(source) = record.details.as_mut().and_then(|details| details.source.as_mut()) {
            *source = String::new();
        }
        self.pending.push(record);
    }

    fn observed(&mut self, observation: Observation, state: Option<State>) {
        self.observed.note(observation, state);
    }
}

/// Runs a script on an engine. `last` is the script that ran before, and then this one, where there are several engines.
fn run(
    engine: &dyn Engine,
    job: ScriptJob,
    mut last: Option<&mut Option<Script>>,
    recorder: &'static Recorder,
    pending: &Pending,
) -> io::Result<Done> {
    let ScriptJob { name, source, features, reading, shows_output, known, observe } = job;
    // The text of one that is not UTF-8 is not what it was made of.
    let is_kept =
        last.is_some() && matches!(&source, Source::File(bytes) if std::str::from_utf8(bytes).is_ok());
    let script = match (source, last.as_mut().and_then(|last| last.take())) {
        (Source::File(bytes), Some(last)) if last.text().as_bytes() == bytes => Ok(last),
        (Source::File(bytes), before) => {
            // Two can be large.
            drop(before);
            Script::from_bytes(bytes).map_err(|error| ScriptFault::from(&error))
        }
        (Source::Parsed(script), _) => Ok(*script),
    };
    let mut sink = Reporting { recorder, pending, observed: Observed::default(), is_well: true };
    pending.begin();
    let ran = script.map(|script| {
        let features = WasmFeatures::from_bits_truncate(features);
        let terms = Terms { reading, shows_output, ..features.into() };
        exec::run_script_around(engine, &script, &name, terms, &known, observe, &mut sink);
        // What went wrong may have gone wrong with the script as well.
        if let Some(last) = last {
            *last = Some(script).filter(|_| is_kept && sink.is_well);
        }
    });
    let (Reporting { observed, .. }, records) = (sink, pending.end()?);
    Ok(Done { directives: ran.map(|()| records), observed, timings: engine.timings() })
}
