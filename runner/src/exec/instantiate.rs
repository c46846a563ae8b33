//! Imports resolved among what a script has registered, and instantiation.

use super::{Execution, Step};
use crate::engine::EngineError;
use crate::hazard;
use crate::outcome::Outcome;
use crate::script::ModuleSource;
use crate::spectest;
use crate::trail::{Got, Lack, Layer, Limit, Refusal, TrapInfo, Wanted};
use trapline_runtime::{CallError, Instance, InstantiateError, Module, ResourceError};

/// Why a module has no instance.
pub(super) enum Refused {
    /// Its imports are not there or do not match.
    Link(Refusal),
    /// Its segments or its start function trapped.
    Trap(Box<TrapInfo>),
    /// An outcome that no script can ask for.
    Other(Outcome),
}

impl<'s> Execution<'s> {
    /// Compiles a module that is to be taken. `wanted` says what for, if it is not.
    pub(super) fn compile(&mut self, source: &ModuleSource, wanted: &Wanted) -> Step<Module> {
        let wasm = source
            .wasm
            .as_ref()
            .map_err(|refusal| Outcome::fail(wanted.clone(), Got::RefusedText(refusal.into())))?;
        let compiled = match &mut self.observer {
            None => self.engine.compile(wasm, self.features),
            Some(observer) => self.engine.compile_twice(wasm, self.features).map(|(module, differs)| {
                if let Some(how) = differs {
                    observer.irreproducible(how);
                }
                module
            }),
        };
        compiled.map_err(|error| match error {
            EngineError::Malformed(refusal) | EngineError::Invalid(refusal) => {
                Outcome::fail(wanted.clone(), Got::Refused(refusal))
            }
            EngineError::Unsupported(lack) => Outcome::lack(lack),
            EngineError::Harness(refusal) => Outcome::harness(refusal),
        })
    }

    /// Instantiates a module with what its imports name.
    pub(super) fn instantiate(&mut self, module: &Module) -> Result<Instance, Refused> {
        for import in &module.info().imports {
            let registered = self.names.is_registered(&import.module).map_err(Refused::Other)?;
            // A script may register an instance under the name of the host module.
            if import.module == spectest::MODULE && !registered {
                spectest::provide(&mut self.store, &mut self.linker, &import.name)
                    .map_err(|error| Refused::Other(harness_error(Layer::Harness, error)))?;
            }
            if import.module == hazard::MODULE && hazard::is_enabled() {
                hazard::provide(&mut self.store, &mut self.linker, &import.name);
            }
        }
        self.linker.instantiate(&mut self.store, module).map_err(|error| match error {
            InstantiateError::Link(error) => Refused::Link(Refusal::new(Layer::Link, error.to_string())),
            InstantiateError::Trap(report) => {
                self.observe_trap(&report);
                Refused::Trap(Box::new(TrapInfo::from(&*report)))
            }
            InstantiateError::Resource(error) => Refused::Other(resource_outcome(Layer::Instantiate, error)),
            InstantiateError::Host(_) | InstantiateError::Incompatible(_) | InstantiateError::Start(_) => {
                Refused::Other(harness_error(Layer::Instantiate, error))
            }
        })
    }
}

/// What a failed call counts as, if not as a trap or as a mistake in the arguments.
pub(super) fn call_outcome(error: CallError) -> Outcome {
    match error {
        CallError::Resource(error) => resource_outcome(Layer::Run, error),
        error => harness_error(Layer::Run, error),
    }
}

/// The store's limits are trapline's. What the system refuses says nothing about the script or the engine.
fn resource_outcome(layer: Layer, error: ResourceError) -> Outcome {
    let lack = |name: &str, wanted: u128, limit: u64| {
        let wanted = u64::try_from(wanted).ok();
        Outcome::lack(Lack::Limit(Limit { name: name.to_owned(), layer, limit: Some(limit), wanted }))
    };
    match error {
        ResourceError::MemoryLimit { bytes, limit } => lack("bytes of a memory", bytes, limit),
        ResourceError::TableLimit { elements, limit } => lack("elements of a table", elements.into(), limit),
        ResourceError::Signals(_)
        | ResourceError::Thread(_)
        | ResourceError::MemoryMap { .. }
        | ResourceError::TableMemory { .. } => harness_error(layer, error),
    }
}

fn harness_error(layer: Layer, error: impl std::error::Error) -> Outcome {
    Outcome::harness(Refusal::failed(layer, error))
}
