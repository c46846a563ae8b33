//! trapline's own runtime behind the interface of executors.

use super::provided::{self, Stopped};
use super::{host, observe};
use crate::executor::{
    Engine, EngineError, Executor, Failure, HostItem, InstanceId, ModuleHandle, Printer, SharedMemories,
};
use crate::host::{Host, exit_result, exited_at_start};
use crate::trail::{
    ExportKind, Irreproducible, Lack, Layer, Limit, LinkFailure, LinkFault, ObservedValue, Refusal, State,
    StateDigest, StateView, TrapInfo, Value,
};
use std::rc::Rc;
use trapline_compiler::{Progress, WasmFeatures};
use trapline_runtime::digest::Digester;
use trapline_runtime::{
    CallError, Extern, Instance, InstantiateError, LinkError, Linker, Memory, Module, ResourceError,
    SharedMemory, Store, StoreConfig, UncaughtException, Val,
};

/// An engine whose modules run on trapline's own runtime.
pub trait NativeEngine: Engine {
    /// How stores for this engine's modules must be made.
    fn store_config(&self) -> StoreConfig;

    /// Decodes, validates and compiles a module.
    ///
    /// # Errors
    ///
    /// Says which of these steps refused it.
    fn module(&self, wasm: &[u8], features: WasmFeatures) -> Result<Module, EngineError>;

    /// How far all compilations have come.
    fn progress(&self) -> Progress {
        Progress::default()
    }

    /// Compiles a module as [`NativeEngine::module`] does, and its code once more. It is said how the two differed, if
    /// they did.
    ///
    /// # Errors
    ///
    /// As [`NativeEngine::module`].
    fn module_twice(
        &self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(Module, Option<Irreproducible>), EngineError> {
        self.module(wasm, features).map(|module| (module, None))
    }
}

/// Starts an executor of an engine on this thread.
///
/// # Errors
///
/// When the system has no room for a store.
pub fn start_native<'e>(engine: &'e dyn NativeEngine) -> Result<Box<dyn Executor + 'e>, Refusal> {
    let store = Store::new(engine.store_config()).map_err(|error| Refusal::failed(Layer::Harness, error))?;
    Ok(Box::new(Native {
        engine,
        store,
        linker: Linker::new(),
        instances: Vec::new(),
        arguments: Vec::new(),
        results: Vec::new(),
        digester: Digester::new(),
        host: None,
        needs_host: false,
    }))
}

/// A store and what lives in it.
struct Native<'e> {
    engine: &'e dyn NativeEngine,
    store: Store,
    /// What modules can import.
    linker: Linker,
    instances: Vec<Exporter>,
    /// Room for the arguments of a call.
    arguments: Vec<Val>,
    /// What the last call or global gave, or what its exception carries.
    results: Vec<Val>,
    digester: Digester,
    /// What provides programs with imports, once one needs it.
    host: Option<Host>,
    /// Whether the next module does.
    needs_host: bool,
}

/// What exports things.
enum Exporter {
    Instance(Instance),
    /// The shared memories of an instance on another thread, by the names of their exports.
    Elsewhere(Vec<(String, Memory)>),
}

/// Shared memories by the names of their exports.
type Shared = Vec<(String, SharedMemory)>;

impl Native<'_> {
    fn exporter(&self, instance: InstanceId) -> Result<&Exporter, Failure> {
        self.instances
            .get(instance.0 as usize)
            .ok_or_else(|| Failure::Harness(Refusal::harness("an instance of another executor")))
    }

    fn export(&self, instance: InstanceId, name: &str) -> Result<Extern, Failure> {
        match self.exporter(instance)? {
            Exporter::Instance(instance) => instance.export(&self.store, name).ok_or(Failure::NoExport),
            Exporter::Elsewhere(memories) => memories
                .iter()
                .find(|(known, _)| known == name)
                .map(|&(_, memory)| Extern::Memory(memory))
                .ok_or(Failure::NoSharedMemory),
        }
    }

    fn exports(&self, instance: InstanceId) -> Result<Vec<(String, Extern)>, Failure> {
        Ok(match self.exporter(instance)? {
            Exporter::Instance(instance) => {
                instance.exports(&self.store).map(|(name, item)| (name.to_owned(), item)).collect()
            }
            Exporter::Elsewhere(memories) => {
                memories.iter().map(|(name, memory)| (name.clone(), Extern::Memory(*memory))).collect()
            }
        })
    }

    /// An exception that nothing has caught. What it carries can be observed as results can.
    fn thrown(&mut self, exception: &UncaughtException) -> Failure {
        self.results.clone_from(&exception.payload);
        Failure::Exception(Box::new(observe::exception(&self.store, exception)))
    }

    /// The instances that this executor has made.
    fn instances(&self) -> impl Iterator<Item = &Instance> {
        self.instances.iter().filter_map(|exporter| match exporter {
            Exporter::Instance(instance) => Some(instance),
            Exporter::Elsewhere(_) => None,
        })
    }

    fn add(&mut self, exporter: Exporter) -> InstanceId {
        self.instances.push(exporter);
        InstanceId(self.instances.len() as u32 - 1)
    }
}

/// The module behind a handle.
fn module_of(handle: &ModuleHandle) -> &Module {
    match handle.0.downcast_ref() {
        Some(module) => module,
        None => unreachable!("handles of other executors never come here"),
    }
}

impl Executor for Native<'_> {
    fn compile(&mut self, wasm: &[u8], features: WasmFeatures) -> Result<ModuleHandle, EngineError> {
        Ok(ModuleHandle(Rc::new(self.engine.module(wasm, features)?)))
    }

    fn compile_twice(
        &mut self,
        wasm: &[u8],
        features: WasmFeatures,
    ) -> Result<(ModuleHandle, Option<Irreproducible>), EngineError> {
        let (module, differs) = self.engine.module_twice(wasm, features)?;
        Ok((ModuleHandle(Rc::new(module)), differs))
    }

    fn imports(&self, module: &ModuleHandle, each: &mut dyn FnMut(&str, &str)) {
        for import in &module_of(module).info().imports {
            each(&import.module, &import.name);
        }
    }

    fn define(
        &mut self,
        module: &str,
        name: &str,
        item: &HostItem,
        printer: &Printer,
    ) -> Result<(), Failure> {
        if self.linker.get(module, name).is_none() {
            let made = host::make(&mut self.store, item, printer).map_err(|error| {
                let message = format!("failed to make {name} of the host module {module}: {error}");
                Failure::Harness(Refusal::harness(message))
            })?;
            self.linker.define(module, name, made);
        }
        Ok(())
    }

    fn provide(&mut self, _module: &ModuleHandle, by_rule: bool) -> Result<(), Failure> {
        match &self.host {
            None => self.host = Some(provided::host(by_rule)?),
            Some(host) if host.has_rules() == by_rule => {}
            Some(_) => {
                let message =
                    "failed to provide imports: a store has them by rule or not, for all of its modules";
                return Err(Failure::Harness(Refusal::harness(message.to_owned())));
            }
        }
        self.needs_host = true;
        Ok(())
    }

    fn instantiate(&mut self, module: &ModuleHandle) -> Result<InstanceId, Failure> {
        let module = module_of(module);
        let needs_host = std::mem::take(&mut self.needs_host);
        let instantiated = match self.host.as_ref().filter(|_| needs_host) {
            None => self.linker.instantiate(&mut self.store, module),
            Some(host) => provided::instantiate(host, &mut self.store, &self.linker, module)?,
        };
        match instantiated {
            Ok(instance) => Ok(self.add(Exporter::Instance(instance))),
            Err(InstantiateError::Link(error)) => Err(Failure::Link(Box::new(link_failure(&error)))),
            Err(InstantiateError::Trap(report)) => Err(Failure::Trap(Box::new(TrapInfo::from(&*report)))),
            Err(InstantiateError::Exception(exception)) => Err(self.thrown(&exception)),
            Err(InstantiateError::Resource(error)) => Err(exhausted(Layer::Instantiate, error)),
            Err(InstantiateError::Host(error)) => Err(match provided::stopped(&error, Layer::Instantiate) {
                Stopped::Exited(code) => Failure::Trap(Box::new(exited_at_start(code))),
                Stopped::Failed(failure) => failure,
            }),
            Err(error @ (InstantiateError::Incompatible(_) | InstantiateError::Start(_))) => {
                Err(Failure::Harness(Refusal::failed(Layer::Instantiate, error)))
            }
        }
    }

    fn register(&mut self, name: &str, instance: InstanceId) -> Result<(), Failure> {
        let exports = self.exports(instance)?;
        self.linker.define_module(name, exports);
        Ok(())
    }

    fn call(
        &mut self,
        instance: InstanceId,
        export: &str,
        arguments: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        let func = match self.export(instance, export)? {
            Extern::Func(func) => func,
            other => return Err(Failure::ExportIs(kind(&other))),
        };
        self.arguments.clear();
        for argument in arguments {
            self.arguments.push(host::val(argument).map_err(Failure::Lack)?);
        }
        match func.call(&mut self.store, &self.arguments) {
            Ok(results) => {
                let values = results.iter().map(Value::from).collect();
                self.results = results;
                Ok(values)
            }
            Err(CallError::Trap(report)) => Err(Failure::Trap(Box::new(TrapInfo::from(&*report)))),
            Err(CallError::Exception(exception)) => Err(self.thrown(&exception)),
            Err(error @ CallError::Arguments { .. }) => {
                Err(Failure::Arguments(Refusal::new(Layer::Run, error.to_string())))
            }
            Err(CallError::Resource(error)) => Err(exhausted(Layer::Run, error)),
            Err(CallError::Host(error)) => match provided::stopped(&error, Layer::Run) {
                // A program that ends itself well has returned; otherwise its code is what it returns.
                Stopped::Exited(code) => {
                    self.results = exit_result(code).map(Val::I32).into_iter().collect();
                    Ok(self.results.iter().map(Value::from).collect())
                }
                Stopped::Failed(failure) => Err(failure),
            },
            Err(error) => Err(Failure::Harness(Refusal::failed(Layer::Run, error))),
        }
    }

    fn get(&mut self, instance: InstanceId, export: &str) -> Result<Value, Failure> {
        match self.export(instance, export)? {
            Extern::Global(global) => {
                let value = global.get(&self.store);
                self.results.clear();
                let plain = Value::from(&value);
                self.results.push(value);
                Ok(plain)
            }
            other => Err(Failure::ExportIs(kind(&other))),
        }
    }

    fn share(&mut self, instance: InstanceId) -> Result<SharedMemories, Lack> {
        let exports = self.exports(instance).unwrap_or_default();
        let shared: Shared =
            exports.into_iter().filter_map(|(name, item)| Some((name, item.share(&self.store)?))).collect();
        Ok(SharedMemories(Box::new(shared)))
    }

    fn adopt(&mut self, memories: SharedMemories) -> Result<InstanceId, Refusal> {
        let Ok(shared) = memories.0.downcast::<Shared>() else {
            return Err(Refusal::harness("shared memories of another engine"));
        };
        let mut here = Vec::with_capacity(shared.len());
        for (name, memory) in *shared {
            let memory = Memory::from_shared(&mut self.store, &memory)
                .map_err(|error| Refusal::failed(Layer::Harness, error))?;
            here.push((name, memory));
        }
        Ok(self.add(Exporter::Elsewhere(here)))
    }

    fn observed_values(&mut self) -> Vec<ObservedValue> {
        let Native { results, digester, store, .. } = self;
        results.iter().map(|value| ObservedValue::from(digester.value(store, value))).collect()
    }

    fn digest(&mut self, view: StateView) -> StateDigest {
        match view {
            StateView::Whole => StateDigest(self.digester.digest(&self.store).to_bits()),
            StateView::Exported => self.state(view).digest(),
        }
    }

    fn state(&mut self, view: StateView) -> State {
        match view {
            StateView::Whole => State::from(self.digester.snapshot(&self.store)),
            StateView::Exported => observe::exported(&self.store, self.instances()),
        }
    }
}

fn kind(item: &Extern) -> ExportKind {
    match item {
        Extern::Func(_) => ExportKind::Function,
        Extern::Table(_) => ExportKind::Table,
        Extern::Memory(_) => ExportKind::Memory,
        Extern::Global(_) => ExportKind::Global,
        Extern::Tag(_) => ExportKind::Tag,
    }
}

/// The store's limits are trapline's. What the system refuses says nothing about the script or the engine.
fn exhausted(layer: Layer, error: ResourceError) -> Failure {
    match store_limit(layer, &error) {
        Some(limit) => Failure::Lack(Lack::Limit(limit)),
        None => Failure::Harness(Refusal::failed(layer, error)),
    }
}

/// The limit of a store that an error is about; `None` if the system refused something.
pub(crate) fn store_limit(layer: Layer, error: &ResourceError) -> Option<Limit> {
    let limit = |name: &str, wanted: u128, limit: u64| {
        let wanted = u64::try_from(wanted).ok();
        Some(Limit { name: name.to_owned(), layer, limit: Some(limit), wanted })
    };
    match *error {
        ResourceError::MemoryLimit { bytes, limit: most } => limit(Limit::MEMORY, bytes, most),
        ResourceError::TableLimit { elements, limit: most } => limit(Limit::TABLE, elements.into(), most),
        ResourceError::HeapLimit { bytes, limit: most } => limit(Limit::HEAP, bytes.into(), most),
        ResourceError::Signals(_)
        | ResourceError::Thread(_)
        | ResourceError::MemoryMap { .. }
        | ResourceError::HeapMap { .. }
        | ResourceError::TableMemory { .. } => None,
    }
}

fn link_failure(error: &LinkError) -> LinkFailure {
    let (fault, module, name) = match error {
        LinkError::UnknownImport { module, name } => (LinkFault::UnknownImport, module, name),
        LinkError::IncompatibleImport { module, name, .. } => (LinkFault::IncompatibleImport, module, name),
    };
    let import = Some((module.clone(), name.clone()));
    LinkFailure { fault, import, refusal: Refusal::new(Layer::Link, error.to_string()) }
}
