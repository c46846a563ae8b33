//! Directives that make modules and instances and name them.

use super::instantiate::settled;
use super::{Execution, Step, fail};
use crate::executor::{Failure, ModuleHandle};
use crate::script::ModuleSource;
use crate::trail::{Got, Wanted};

impl<'s> Execution<'s> {
    pub(super) fn module(&mut self, source: &'s ModuleSource) -> Step<()> {
        let module = self.compile(source, &Wanted::Instance)?;
        let name = source.name.as_deref();
        self.names.define(name, &module);
        self.make_instance(name, &module)
    }

    pub(super) fn module_definition(&mut self, source: &'s ModuleSource) -> Step<()> {
        let module = self.compile(source, &Wanted::ValidModule)?;
        self.names.define(source.name.as_deref(), &module);
        Ok(())
    }

    pub(super) fn module_instance(&mut self, instance: Option<&'s str>, module: Option<&str>) -> Step<()> {
        let module = self.names.definition(module)?;
        self.make_instance(instance, &module)
    }

    pub(super) fn register(&mut self, name: &'s str, instance: Option<&str>) -> Step<()> {
        let instance = self.names.instance(instance)?;
        self.executor.register(name, instance).map_err(settled)?;
        self.names.registered(name);
        Ok(())
    }

    fn make_instance(&mut self, name: Option<&'s str>, module: &ModuleHandle) -> Step<()> {
        match self.instantiate(module)? {
            Ok(instance) => {
                if let Some(name) = self.names.registered_as(name) {
                    self.executor.register(name, instance).map_err(settled)?;
                }
                self.names.instantiated(name, instance);
                Ok(())
            }
            Err(Failure::Link(failure)) => fail(Wanted::Instance, Got::Unlinkable(Box::new(failure.refusal))),
            Err(Failure::Exception(exception)) => {
                let got = self.note_exception(exception);
                fail(Wanted::Instance, got)
            }
            Err(Failure::Trap(trap)) => {
                let got = self.note_trap(trap);
                fail(Wanted::Instance, got)
            }
            Err(other) => Err(settled(other)),
        }
    }
}
