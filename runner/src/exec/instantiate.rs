//! Imports resolved among what a script has registered, and instantiation.

use super::{Execution, Step};
use crate::engine::EngineError;
use crate::hazard;
use crate::outcome::Outcome;
use crate::script::ModuleSource;
use crate::spectest;
use trapline_runtime::{CallError, Instance, InstantiateError, Module, ResourceError, TrapReport};

/// Why a module has no instance.
pub(super) enum Refused {
    /// Its imports are not there or do not match, in the words of the error.
    Link(String),
    /// Its segments or its start function trapped.
    Trap(Box<TrapReport>),
    /// Whatever a script cannot ask for.
    Other(Outcome),
}

impl<'s> Execution<'s> {
    /// Compiles a module that is to be taken. `expected` says for what, if it is not.
    pub(super) fn compile(&mut self, source: &ModuleSource, expected: &str) -> Step<Module> {
        let wasm = source.wasm.as_ref().map_err(|refusal| Outcome::Fail {
            expected: expected.to_owned(),
            got: format!("its text is malformed: {refusal}"),
        })?;
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
            EngineError::Malformed(_) | EngineError::Invalid(_) => {
                Outcome::Fail { expected: expected.to_owned(), got: error.to_string() }
            }
            EngineError::Unsupported(reason) => Outcome::Unsupported { reason },
            EngineError::Harness(message) => Outcome::HarnessError { message },
        })
    }

    /// Instantiates a module with what its imports name.
    pub(super) fn instantiate(&mut self, module: &Module) -> Result<Instance, Refused> {
        for import in &module.info().imports {
            let registered = self.names.is_registered(&import.module).map_err(Refused::Other)?;
            // A script may register an instance under the name of the host module.
            if import.module == spectest::MODULE && !registered {
                spectest::provide(&mut self.store, &mut self.linker, &import.name)
                    .map_err(|error| Refused::Other(harness_error(error)))?;
            }
            if import.module == hazard::MODULE && hazard::is_enabled() {
                hazard::provide(&mut self.store, &mut self.linker, &import.name);
            }
        }
        self.linker.instantiate(&mut self.store, module).map_err(|error| match error {
            InstantiateError::Link(error) => Refused::Link(error.to_string()),
            InstantiateError::Trap(report) => {
                self.observe_trap(&report);
                Refused::Trap(report)
            }
            InstantiateError::Resource(error) => Refused::Other(resource_outcome(error)),
            InstantiateError::Host(_) | InstantiateError::Incompatible(_) | InstantiateError::Start(_) => {
                Refused::Other(harness_error(error))
            }
        })
    }
}

/// What a failed call counts as, if not as a trap or as a mistake in the arguments.
pub(super) fn call_outcome(error: CallError) -> Outcome {
    match error {
        CallError::Resource(error) => resource_outcome(error),
        error => harness_error(error),
    }
}

/// The store's limits are trapline's; that the system refuses something is no property of the
/// script or of the engine.
fn resource_outcome(error: ResourceError) -> Outcome {
    match error {
        ResourceError::MemoryLimit { bytes, limit } => {
            Outcome::Unsupported { reason: format!("a memory of {bytes} bytes, where {limit} are allowed") }
        }
        ResourceError::TableLimit { elements, limit } => Outcome::Unsupported {
            reason: format!("a table of {elements} elements, where {limit} are allowed"),
        },
        ResourceError::Signals(_)
        | ResourceError::Thread(_)
        | ResourceError::MemoryMap { .. }
        | ResourceError::TableMemory { .. } => harness_error(error),
    }
}

/// Errors are worded to follow "failed to".
fn harness_error(error: impl std::error::Error) -> Outcome {
    Outcome::HarnessError { message: format!("failed to {error}") }
}
