//! Runners, as commands ask for them.

use super::execution::LimitArguments;
use super::exit::{Exit, Failure, OrExit};
use crate::configuration::Configuration;
use crate::engine::{EngineSpec, Variant};
use crate::expectations::Expectations;
use crate::run::Runner;
use crate::terms::ReadingChoice;
use crate::worker::{Limits, Workers};
use anyhow::anyhow;
use std::sync::Arc;
use trapline_compiler::WasmFeatures;
use trapline_spec_tests::Manifest;

/// What is said of all scripts of a run.
#[derive(Clone)]
pub(super) struct Choices {
    /// Features that the user switches on or off.
    pub(super) overrides: Vec<(WasmFeatures, bool)>,
    /// How scripts are read.
    pub(super) reading: ReadingChoice,
    /// What files say.
    pub(super) configuration: Arc<Configuration>,
}

/// A runner for which nothing is expected not to pass: with workers that have limits, or in this process if there are none.
/// `command` is what reports have for running a script again, but for the script.
pub(super) fn runner(
    spec: EngineSpec,
    limits: Option<LimitArguments>,
    choices: Choices,
    command: String,
) -> Result<Runner, Failure> {
    let workers = limits.map(|limits| Workers::new(spec.clone(), limits.limits())).transpose();
    let workers = workers.map_err(|error| anyhow!("failed to {error}")).or_exit(Exit::Internal)?;
    with_workers(spec, workers, choices, command)
}

/// Runners like [`runner`], for engines with their commands. Those that make the same code share their workers, in which a script is
/// parsed, and its modules are compiled, once.
pub(super) fn runners(
    engines: Vec<(EngineSpec, String)>,
    limits: Option<LimitArguments>,
    choices: &Choices,
) -> Result<Vec<Runner>, Failure> {
    let specs: Vec<EngineSpec> = engines.iter().map(|(spec, _)| spec.clone()).collect();
    let workers = limits.map(|limits| Workers::of_all(&specs, limits.limits())).transpose();
    let workers = workers.map_err(|error| anyhow!("failed to {error}")).or_exit(Exit::Internal)?;
    let mut workers = workers.unwrap_or_default().into_iter();
    let make = |(spec, command)| with_workers(spec, workers.next(), choices.clone(), command);
    engines.into_iter().map(make).collect()
}

fn with_workers(
    spec: EngineSpec,
    workers: Option<Workers>,
    choices: Choices,
    command: String,
) -> Result<Runner, Failure> {
    let Choices { overrides, reading, configuration } = choices;
    // Where workers run everything, nothing here is to be told to a profiler.
    let own = EngineSpec { profiler: spec.profiler.filter(|_| workers.is_none()), ..spec };
    let engine = own
        .build_with(workers.as_ref().and_then(Workers::scratch), None)
        .map_err(|error| anyhow!("failed to set up the engine: {error}"))
        .or_exit(Exit::Internal)?;
    let manifest = Manifest::bundled()
        .map_err(|error| anyhow!("failed to read the manifest: {error}"))
        .or_exit(Exit::Internal)?;
    Ok(Runner {
        engine,
        manifest,
        workers,
        expectations: Expectations::default(),
        configuration,
        reading,
        shows_output: false,
        overrides,
        command,
    })
}

/// The same runner with workers of other limits. Unless it `replays`, what comes behind a directive that takes its worker with it is
/// not run. `spec` is what its engine was made of.
pub(super) fn limited(
    runner: Runner,
    spec: EngineSpec,
    limits: Limits,
    replays: bool,
) -> Result<Runner, Failure> {
    let workers =
        Workers::new(spec, limits).map_err(|error| anyhow!("failed to {error}")).or_exit(Exit::Internal)?;
    let workers = if replays { workers } else { workers.without_replays() };
    Ok(Runner { workers: Some(workers), ..runner })
}

/// A runner whose engine is the deterministic counterpart of another one, which is of these variants. A comparison can do without
/// it: what it would explain counts as a difference. Why there is none is logged.
pub(super) fn deterministic(
    (of, relaxed): (&Runner, bool),
    variants: &[Variant],
    runner: impl FnOnce(Variant) -> Result<Runner, Failure>,
) -> Option<Runner> {
    let variant = variants.iter().find(|variant| variant.spec().name == of.engine.name())?;
    let made = runner(variant.deterministic(relaxed)?);
    made.inspect_err(|failure| tracing::warn!("{:#}", failure.error)).ok()
}
