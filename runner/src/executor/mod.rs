//! Executors: what runs the modules of a script. Everything that knows scripts (`exec`, `matchers`, `spectest`, `compare`)
//! knows engines by these two traits and by the plain data of [`crate::trail`] alone.
//!
//! An [`Engine`] is shared by all threads of a run. It starts an [`Executor`] for each script, and for each thread that a
//! script starts: a world of its own, in which modules are compiled, linked with what is registered, and called.

mod failure;
mod host;
mod printer;
mod timings;

pub use failure::{CustomRefusal, EngineError, Failure};
pub use host::{HostItem, HostType};
pub use printer::Printer;
pub use timings::EngineTimings;

pub(crate) use timings::Spent;

use crate::trail::{
    Irreproducible, Lack, Listing, ObservedValue, Refusal, State, StateDigest, StateView, Value,
};
use std::any::Any;
use std::collections::BTreeMap;
use std::rc::Rc;
use trapline_compiler::{Anatomy, Diagnosis, WasmFeatures};

/// A way to run modules.
pub trait Engine: Send + Sync {
    /// The name in reports, with what is not default about the variant.
    fn name(&self) -> &str;

    /// How it generates code, by property, if it does. Engines with equal profiles are to make equal code.
    fn profile(&self) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    /// Whether it makes the NaNs of arithmetic canonical.
    fn canonicalizes_nans(&self) -> bool {
        self.profile().get("nan").is_some_and(|nan| nan == "canonical")
    }

    /// Whether its relaxed SIMD results in what the processor's instructions result in.
    fn relaxes_simd(&self) -> bool {
        self.profile().get("relaxed").is_some_and(|relaxed| relaxed == "native")
    }

    /// What compilations have cost so far.
    fn timings(&self) -> EngineTimings {
        EngineTimings::default()
    }

    /// The most of the state that its executors can observe.
    fn view(&self) -> StateView {
        StateView::Whole
    }

    /// Whether it is an engine of others, which other engines are compared with. Its failures say nothing about trapline.
    fn is_oracle(&self) -> bool {
        false
    }

    /// Finds out whether it can run modules here at all.
    ///
    /// # Errors
    ///
    /// When something is missing that it needs, such as a linker.
    fn check(&self) -> Result<(), Refusal> {
        Ok(())
    }

    /// Decodes and validates a module, and compiles nothing.
    ///
    /// # Errors
    ///
    /// Says which of these steps refused it.
    fn validate(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), EngineError>;

    /// Decodes and validates a module and the custom sections that have a form, and compiles nothing. An engine that
    /// does not look into them says that it does not.
    ///
    /// # Errors
    ///
    /// Says which of these steps refused it.
    fn check_custom(&self, wasm: &[u8], features: WasmFeatures) -> Result<(), CustomRefusal> {
        self.validate(wasm, features).map_err(CustomRefusal::Module)?;
        let lack = Lack::feature("the content of custom sections is not checked");
        Err(CustomRefusal::Module(EngineError::Unsupported(lack)))
    }

    /// The machine code that a module is compiled to; `None` if there is none, or the module is not taken.
    fn listing(&self, _wasm: &[u8], _features: WasmFeatures) -> Option<Listing> {
        None
    }

    /// A function of a module, counted among those that it defines, from its intermediate representation to its code; `None` if
    /// there is no such thing.
    fn anatomy(&self, _wasm: &[u8], _features: WasmFeatures, _function: u32) -> Option<Anatomy> {
        None
    }

    /// The first function of a module that cannot be compiled, if there is one.
    fn diagnose(&self, _wasm: &[u8], _features: WasmFeatures) -> Option<Diagnosis> {
        None
    }

    /// Starts an executor on this thread.
    ///
    /// # Errors
    ///
    /// When the system has no room for it.
    fn start(&self) -> Result<Box<dyn Executor + '_>, Refusal>;
}

/// A module that an executor has compiled. It means something to that executor only.
#[derive(Clone)]
pub struct ModuleHandle(pub Rc<dyn Any>);

/// An instance of an executor, counted from 0. It means something to that executor only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InstanceId(pub u32);

/// The shared memories of an instance, on their way to the executor of another thread.
pub struct SharedMemories(pub Box<dyn Any + Send>);

/// What runs the modules of one script, on one thread.
pub trait Executor {
    /// Decodes, validates and compiles a module.
    ///
    /// # Errors
    ///
    /// Says which of these steps refused it.
    fn compile(&mut self, wasm: &[u8], features: WasmFeatures) -> Result<ModuleHandle, EngineError>;

    /// Compiles a module as [`Executor::compile`] does, and its code once more. It is said how the two differed, if
    /// they did: equal input gives equal bytes.
    ///
    /// # Errors
    ///
    /// As [`Executor::compile`].
    fn compile_twice(
        &mut self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(ModuleHandle, Option<Irreproducible>), EngineError> {
        self.compile(wasm, features).map(|module| (module, None))
    }

    /// Tells the module and the name of each import.
    fn imports(&self, module: &ModuleHandle, each: &mut dyn FnMut(&str, &str));

    /// Gives modules something of the host to import, unless there is something of the name already. What it prints goes to
    /// `printer`.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    fn define(&mut self, module: &str, name: &str, item: &HostItem, printer: &Printer)
    -> Result<(), Failure>;

    /// Gives a module those functions of WASI that it imports and that nothing else gives it, and with `by_rule` what there are rules
    /// for, which is asked for of all modules of a script or of none. What they see of the world is the same in every run.
    ///
    /// # Errors
    ///
    /// When it has no such functions.
    fn provide(&mut self, _module: &ModuleHandle, _by_rule: bool) -> Result<(), Failure> {
        Err(Failure::Lack(Lack::feature("imports that a host of programs provides")))
    }

    /// Makes an instance of a module, with what its imports name, and runs its start function.
    ///
    /// # Errors
    ///
    /// [`Failure::Link`] or [`Failure::Trap`], or what no script can ask for.
    fn instantiate(&mut self, module: &ModuleHandle) -> Result<InstanceId, Failure>;

    /// Gives modules the exports of an instance to import under a name, in place of what that name meant before.
    ///
    /// # Errors
    ///
    /// When an export cannot be given on.
    fn register(&mut self, name: &str, instance: InstanceId) -> Result<(), Failure>;

    /// Calls an exported function.
    ///
    /// # Errors
    ///
    /// [`Failure::Trap`] if it traps, [`Failure::NoExport`], [`Failure::ExportIs`] and [`Failure::Arguments`] if it cannot
    /// be called like that, or what no script can ask for.
    fn call(
        &mut self,
        instance: InstanceId,
        export: &str,
        arguments: &[Value],
    ) -> Result<Vec<Value>, Failure>;

    /// The value of an exported global.
    ///
    /// # Errors
    ///
    /// [`Failure::NoExport`] and [`Failure::ExportIs`].
    fn get(&mut self, instance: InstanceId, export: &str) -> Result<Value, Failure>;

    /// The exported shared memories of an instance, for the executor of another thread.
    ///
    /// # Errors
    ///
    /// When it has no shared memories.
    fn share(&mut self, instance: InstanceId) -> Result<SharedMemories, Lack>;

    /// Makes an instance that exports the shared memories of another executor's instance.
    ///
    /// # Errors
    ///
    /// When they cannot be had here.
    fn adopt(&mut self, memories: SharedMemories) -> Result<InstanceId, Refusal>;

    /// What the last call or global gave, as it is compared across engines.
    fn observed_values(&mut self) -> Vec<ObservedValue>;

    /// A digest of the state as it is now.
    fn digest(&mut self, view: StateView) -> StateDigest;

    /// The state as it is now.
    fn state(&mut self, view: StateView) -> State;
}
