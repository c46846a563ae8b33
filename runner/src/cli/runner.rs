//! Runners for what is not a run of scripts.

use super::execution::LimitArguments;
use super::exit::{Exit, Failure, OrExit};
use crate::configuration::Configuration;
use crate::engine::EngineSpec;
use crate::expectations::Expectations;
use crate::run::Runner;
use crate::terms::ReadingChoice;
use crate::worker::Workers;
use anyhow::anyhow;
use std::sync::Arc;
use trapline_compiler::WasmFeatures;
use trapline_spec_tests::Manifest;

/// A runner with workers, for which nothing is expected not to pass. `command` is what reports have for running a script again,
/// but for the script.
pub(super) fn isolated(
    spec: EngineSpec,
    limits: LimitArguments,
    configuration: Arc<Configuration>,
    (reading, overrides): (ReadingChoice, Vec<(WasmFeatures, bool)>),
    command: String,
) -> Result<Runner, Failure> {
    let workers = Workers::new(spec.clone(), limits.limits())
        .map_err(|error| anyhow!("failed to {error}"))
        .or_exit(Exit::Internal)?;
    let engine = spec
        .build_with(workers.scratch(), None)
        .map_err(|error| anyhow!("failed to set up the engine: {error}"))
        .or_exit(Exit::Internal)?;
    let manifest = Manifest::bundled()
        .map_err(|error| anyhow!("failed to read the manifest: {error}"))
        .or_exit(Exit::Internal)?;
    Ok(Runner {
        engine,
        manifest,
        workers: Some(workers),
        expectations: Expectations::default(),
        configuration,
        reading,
        shows_output: false,
        overrides,
        command,
    })
}
