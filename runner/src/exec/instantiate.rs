//! Imports resolved among what a script has registered, and instantiation.

use super::observe::Observer;
use super::{Execution, Step};
use crate::executor::{EngineError, Failure, HostItem, InstanceId, ModuleHandle};
use crate::hazard;
use crate::host;
use crate::outcome::Outcome;
use crate::script::ModuleSource;
use crate::spectest;
use crate::trail::{Got, Refusal, Wanted};
use trapline_compiler::WasmFeatures;

impl<'s> Execution<'s> {
    /// Compiles a module that is to be taken. `wanted` says what for, if it is not.
    pub(super) fn compile(&mut self, source: &ModuleSource, wanted: &Wanted) -> Step<ModuleHandle> {
        let wasm = source
            .wasm
            .as_ref()
            .map_err(|refusal| Outcome::fail(wanted.clone(), Got::RefusedText(Box::new(refusal.into()))))?;
        self.compiling = true;
        let twice = self.observer.as_ref().is_some_and(Observer::compiles_twice);
        let compiled = match twice {
            true => self.executor.compile_twice(wasm, self.terms.features),
            false => self.executor.compile(wasm, self.terms.features).map(|module| (module, None)),
        };
        self.compiling = false;
        if let (Some(observer), Ok((_, differs))) = (&mut self.observer, &compiled) {
            if let Some(how) = differs {
                observer.irreproducible(*how);
            }
            let without = self.terms.features.difference(WasmFeatures::RELAXED_SIMD);
            if observer.asks_for_relaxed() && self.engine.validate(wasm, without).is_err() {
                observer.relaxed();
            }
        }
        compiled.map(|(module, _)| module).map_err(|error| {
            match error.with_proposals(wasm, self.terms.features) {
                EngineError::Malformed(refusal) | EngineError::Invalid(refusal) => {
                    Outcome::fail(wanted.clone(), Got::Refused(Box::new(refusal)))
                }
                EngineError::Unsupported(lack) => Outcome::lack(lack),
                EngineError::Harness(refusal) => Outcome::harness(refusal),
            }
        })
    }

    /// Instantiates a module with what its imports name.
    pub(super) fn instantiate(&mut self, module: &ModuleHandle) -> Step<Result<InstanceId, Failure>> {
        let mut blocked = None;
        let mut wanted: Vec<(&'static str, &'static str, &'static HostItem)> = Vec::new();
        let (names, stand_ins) = (&self.names, &self.stand_ins);
        let by_rule = self.terms.reading.by_rule;
        let mut needs_host = false;
        self.executor.imports(module, &mut |module, name| {
            // A script may register an instance under the name of the host module.
            match names.is_registered(module) {
                Err(outcome) => blocked = blocked.take().or(Some(outcome)),
                // What stands in for other imports of a module is registered under the same name.
                Ok(true) if stand_ins.contains(module) => {
                    needs_host |= host::is_provided(module, name, by_rule)
                }
                Ok(true) => {}
                Ok(false) if module == spectest::MODULE => {
                    wanted.extend(spectest::item(name).map(|(name, item)| (spectest::MODULE, name, item)));
                }
                Ok(false) if module == hazard::MODULE && hazard::is_enabled() => {
                    wanted.extend(hazard::item(name).map(|(name, item)| (hazard::MODULE, name, item)));
                }
                Ok(false) => needs_host |= host::is_provided(module, name, by_rule),
            }
        });
        if let Some(outcome) = blocked {
            return Err(outcome);
        }
        for (module, name, item) in wanted {
            self.executor.define(module, name, item, &self.printer).map_err(settled)?;
        }
        if needs_host {
            self.executor.provide(module, by_rule).map_err(settled)?;
        }
        let result = self.executor.instantiate(module);
        if let Err(Failure::Trap(trap)) = &result {
            self.observe_trap(trap);
        }
        if let Err(Failure::Exception(exception)) = &result {
            self.observe_exception(exception);
        }
        Ok(result)
    }
}

/// What a failure counts as that no script can ask for.
pub(super) fn settled(failure: Failure) -> Outcome {
    match failure {
        Failure::Lack(lack) => Outcome::lack(lack),
        Failure::Harness(refusal) | Failure::Arguments(refusal) => Outcome::harness(refusal),
        Failure::Link(failure) => Outcome::harness(failure.refusal),
        Failure::Trap(_)
        | Failure::Exception(_)
        | Failure::NoExport
        | Failure::NoSharedMemory
        | Failure::ExportIs(_) => {
            Outcome::harness(Refusal::harness(format!("the engine said {failure:?}, which answers nothing")))
        }
    }
}
