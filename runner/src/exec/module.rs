//! Directives that make modules and instances and name them.

use super::instantiate::Refused;
use super::{Execution, Step, fail};
use crate::script::ModuleSource;
use crate::trail::{Got, Wanted};
use trapline_runtime::Module;

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
        let exports = self.names.instance(instance)?.exports(&self.store);
        self.linker.define_module(name, exports);
        self.names.registered(name);
        Ok(())
    }

    fn make_instance(&mut self, name: Option<&'s str>, module: &Module) -> Step<()> {
        match self.instantiate(module) {
            Ok(instance) => {
                self.names.instantiated(name, instance);
                Ok(())
            }
            Err(Refused::Link(refusal)) => fail(Wanted::Instance, Got::Unlinkable(refusal)),
            Err(Refused::Trap(trap)) => {
                let got = self.note_trap(trap);
                fail(Wanted::Instance, got)
            }
            Err(Refused::Other(outcome)) => Err(outcome),
        }
    }
}
