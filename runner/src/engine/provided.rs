//! What modules of scripts get of a host of programs, in a store of trapline's runtime.

use crate::executor::Failure;
use crate::host::{Exited, Guest, Host, HostFailure, WorldOptions};
use crate::module_script::Absent;
use crate::trail::{Layer, Refusal, TrapInfo};
use std::rc::Rc;
use trapline_runtime::{HostError, Instance, InstantiateError, Linker, Module, Store};

/// How a call ended that a function of the host has ended.
pub(super) enum Stopped {
    /// The program ended itself, with a code.
    Exited(u32),
    /// It failed.
    Failed(Failure),
}

/// A host whose world is the same in every run, with rules or without.
pub(super) fn host(by_rule: bool) -> Result<Host, Failure> {
    Host::new(WorldOptions::closed(), None, by_rule, Absent::Refused)
        .map_err(|error| Failure::Harness(Refusal::harness(format!("failed to {error}"))))
}

/// Instantiates a module with what a linker has, and for the rest with what a host provides, which reaches the memory of this
/// module alone.
pub(super) fn instantiate(
    host: &Host,
    store: &mut Store,
    linker: &Linker,
    module: &Module,
) -> Result<Result<Instance, InstantiateError>, Failure> {
    let (guest, mut linker) = (Rc::<Guest>::default(), linker.clone());
    // What is provided by a rule was noted when the script was made.
    host.provide(module.info(), store, &mut linker, &guest)
        .map_err(|error| Failure::Harness(Refusal::failed(Layer::Instantiate, error)))?;
    let imports = match linker.resolve(module) {
        Ok(imports) => imports,
        Err(error) => return Ok(Err(InstantiateError::Link(error))),
    };
    guest.importing(module, &imports);
    Ok(store.instantiate(module, &imports).inspect(|instance| guest.instantiated(store, *instance)))
}

/// What it means that a function of the host has not returned.
pub(super) fn stopped(error: &HostError, layer: Layer) -> Stopped {
    if let Some(Exited(code)) = error.get().downcast_ref::<Exited>() {
        return Stopped::Exited(*code);
    }
    Stopped::Failed(match error.get().downcast_ref::<HostFailure>() {
        Some(
            failure @ (HostFailure::Unprovided { .. }
            | HostFailure::Aborted { .. }
            | HostFailure::NoMemory { .. }),
        ) => Failure::Trap(Box::new(TrapInfo::by_host(failure.to_string()))),
        Some(HostFailure::Log(_)) | None => Failure::Harness(Refusal::new(layer, error.to_string())),
    })
}
