//! The worker's side.

use super::wire::{self, Answer, Done, Job, ScriptJob, Setup, Source};
use super::{Step, WORKER_ARGUMENT};
use crate::engine::trust;
use crate::exec::{self, Observed};
use crate::executor::Engine;
use crate::hazard;
use crate::outcome::ScriptFault;
use crate::run::Announcing;
use crate::script::Script;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use trapline_abi::ReadableText;
use trapline_compiler::WasmFeatures;
use trapline_sandbox::{Confinement, Measure, Recorder, confine_by};

/// Becomes a worker, and returns when the parent has no more work, if the process was started as
/// one. Every program that runs scripts in workers calls this before anything else.
pub fn enter_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != WORKER_ARGUMENT {
        return None;
    }
    let recorder = arguments.next()?.to_str()?.parse().ok()?;
    Some(match work(recorder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("trapline worker: {}", ReadableText(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    })
}

/// Bytes of the largest file that a worker may write: what a linker needs for a module.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// Bytes of private writable memory that a worker may have mapped.
const MAX_DATA_BYTES: u64 = 16 << 30;

fn work(recorder: i32) -> anyhow::Result<()> {
    let recorder = trust::crash_recorder(recorder)?;
    let confinement = Confinement {
        max_file_bytes: MAX_FILE_BYTES,
        max_data_bytes: MAX_DATA_BYTES,
        ..Confinement::default()
    };
    confine_by(&confinement, &[Measure::FileSize, Measure::Memory, Measure::NoNewPrivileges])?;
    let mut input = io::stdin().lock();
    let Some(setup) = wire::read::<Setup>(&mut input)? else { return Ok(()) };
    // It may open files that it writes to later.
    let engine = setup.engine.build_with(setup.scratch.as_deref())?;
    forbid_writing_but(setup.writable())?;
    drop(input);
    let work = move || serve(&*engine, recorder);
    let thread =
        std::thread::Builder::new().name("script".to_owned()).stack_size(exec::STACK_SIZE).spawn(work)?;
    thread.join().map_err(|_| anyhow::anyhow!("the thread that runs scripts panicked"))?
}

/// Takes away the right to change anything in any file system but for some folders, also from the linker if this worker
/// starts one. Kernels without Landlock leave things as they are.
fn forbid_writing_but<'a>(writable: impl Iterator<Item = &'a Path>) -> Result<(), landlock::RulesetError> {
    use landlock::{ABI, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, path_beneath_rules};
    let writing = AccessFs::from_write(ABI::V3);
    let ruleset = Ruleset::default().handle_access(writing)?.create()?;
    let status = ruleset.add_rules(path_beneath_rules(writable, writing))?.restrict_self()?;
    tracing::debug!(?status.ruleset, "writing files is forbidden");
    Ok(())
}

fn serve(engine: &dyn Engine, recorder: &'static Recorder) -> anyhow::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut scripts = 0;
    hazard::strike("start", 1, recorder);
    while let Some(job) = wire::read::<Job>(&mut input)? {
        recorder.begin(Step::Script.number());
        scripts += 1;
        hazard::strike("parse", scripts, recorder);
        let answer = match job {
            Job::Script(job) => {
                let mut done = run(engine, job, recorder);
                recorder.begin(Step::Report.number());
                write_parts(&mut output, &mut done)?;
                Answer::Script(Box::new(done))
            }
            Job::Check => Answer::Checked(engine.check()),
            Job::Listing { wasm, features } => {
                Answer::Listing(engine.listing(&wasm, WasmFeatures::from_bits_truncate(features)))
            }
        };
        recorder.begin(Step::Report.number());
        hazard::strike("report", scripts, recorder);
        wire::write(&mut output, &answer)?;
        recorder.begin(Step::Idle.number());
        hazard::strike("idle", scripts, recorder);
    }
    Ok(())
}

/// Directives of a part of an answer.
const PART: usize = 4096;

/// Sends the directives of a script in parts, if there are many.
fn write_parts(output: &mut impl io::Write, done: &mut Done) -> io::Result<()> {
    let Ok(records) = &mut done.directives else { return Ok(()) };
    if records.len() <= PART {
        return Ok(());
    }
    let mut rest = std::mem::take(records).into_iter();
    loop {
        let part: Vec<_> = rest.by_ref().take(PART).collect();
        if part.is_empty() {
            return Ok(());
        }
        wire::write(output, &Answer::Part(part))?;
    }
}

fn run(engine: &dyn Engine, job: ScriptJob, recorder: &'static Recorder) -> Done {
    let ScriptJob { name, source, features, known, observe } = job;
    let mut observed = Observed::default();
    let script = match source {
        Source::File(bytes) => Script::from_bytes(bytes).map_err(|error| ScriptFault::from(&error)),
        Source::Parsed(script) => Ok(*script),
    };
    let parsed = script.as_ref().map_or(0, |script| script.directives().len());
    let directives = script.map(|script| {
        let mut records = Vec::with_capacity(script.directives().len());
        let mut begin = |index| recorder.begin(Step::Directive(index).number());
        let mut sink = Announcing { begin: &mut begin, records: &mut records, observed: &mut observed };
        let features = WasmFeatures::from_bits_truncate(features);
        exec::run_script_around(engine, &script, &name, features, &known, observe, &mut sink);
        records
    });
    Done { directives, parsed, observed, timings: engine.timings() }
}
