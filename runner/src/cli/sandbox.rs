//! `trapline sandbox`: what confines workers on this machine.

use super::exit::{Exit, Failure, OrExit};
use super::options::EngineName;
use super::print;
use crate::engine::Variant;
use crate::trail::Unconfined;
use crate::worker::{Limits, Workers};
use anyhow::anyhow;
use trapline_compiler::Profile;
use trapline_sandbox::Measure;
use trapline_sandbox::attempt::{Attempt, Attempted};

/// Show what confines the processes that scripts run in.
///
/// Starts a worker and says of each measure whether it is in force there. The exit code is 1 if one is not.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The engine of the worker.
    #[arg(long, value_enum, default_value = "aot", value_name = "ENGINE")]
    engine: EngineName,
    /// Have the worker take an action that it must not be able to take, by its name in docs/security.md, and say what came of
    /// it. The exit code is 1 if it succeeded.
    #[arg(long, hide = true, value_name = "NAME")]
    attempt: Option<String>,
}

pub(super) fn main(arguments: Arguments) -> Result<Exit, Failure> {
    let spec = Variant::new(arguments.engine.kind(), Profile::default()).spec();
    let workers = Workers::new(spec, Limits::default())
        .map_err(|error| anyhow!("failed to {error}"))
        .or_exit(Exit::Internal)?;
    match &arguments.attempt {
        Some(name) => attempt(&workers, name),
        None => show(&workers),
    }
}

fn show(workers: &Workers) -> Result<Exit, Failure> {
    let missing = workers
        .confinement()
        .map_err(|refusal| anyhow!("failed to ask a worker: {}", refusal.message))
        .or_exit(Exit::Internal)?;
    let line = |measure: Measure| {
        let name = measure.name();
        match missing.iter().find(|missing| missing.measure == name) {
            None => format!("{name:<15} in force\n"),
            Some(Unconfined { cause, .. }) => format!("{name:<15} not in force: {cause}\n"),
        }
    };
    print(&Measure::ALL.map(line).concat())?;
    Ok(if missing.is_empty() { Exit::Success } else { Exit::Unexpected })
}

fn attempt(workers: &Workers, name: &str) -> Result<Exit, Failure> {
    let Some(attempt) = Attempt::named(name) else {
        return Err(anyhow!("failed to find an action called {name}")).or_exit(Exit::Usage);
    };
    // What one of the actions tries to reach. Without it, it fails all the same.
    let _listener = trapline_sandbox::attempt::listen();
    let attempted = workers
        .attempt_action(name)
        .map_err(|refusal| anyhow!("failed to ask a worker: {}", refusal.message))
        .or_exit(Exit::Internal)?;
    print(&format!("{}: {attempted}\n", attempt.action))?;
    Ok(if attempted == Attempted::Succeeded { Exit::Unexpected } else { Exit::Success })
}
