//! A store of wasmi's, and what lives in it.

use super::provided::{self, Provided, SharedWorld};
use super::{Wasmi, convert, refusal, state};
use crate::executor::{
    EngineError, Executor, Failure, HostItem, InstanceId, ModuleHandle, Printer, SharedMemories,
};
use crate::host::{Function, exit_result, is_provided};
use crate::trail::{
    Lack, Layer, LinkFailure, LinkFault, ObservedValue, Refusal, State, StateDigest, StateView, Value,
};
use std::collections::HashMap;
use std::rc::Rc;
use trapline_abi::IndexType;
use trapline_compiler::WasmFeatures;
use wasmi::{
    Extern, Func, FuncType, Global, Instance, Memory, MemoryType, Module, Mutability, Nullable, Ref, RefType,
    Store, StoreLimits, StoreLimitsBuilder, Table, TableType, Val,
};

/// What runs the modules of one script.
pub(super) struct World<'e> {
    engine: &'e Wasmi,
    /// The store, once a module has said which features its engine must have.
    store: Option<(WasmFeatures, Store<StoreLimits>)>,
    /// What modules can import, by module and name.
    defined: HashMap<String, HashMap<String, Extern>>,
    instances: Vec<Instance>,
    /// What the last call or global gave.
    results: Vec<ObservedValue>,
    /// What programs of WASI see of the world, once there is one.
    world: Option<SharedWorld>,
    /// What the next module gets of it.
    provided: Option<Provided>,
}

impl<'e> World<'e> {
    pub(super) fn new(engine: &'e Wasmi) -> World<'e> {
        World {
            engine,
            store: None,
            defined: HashMap::new(),
            instances: Vec::new(),
            results: Vec::new(),
            world: None,
            provided: None,
        }
    }

    fn store(&mut self) -> Result<&mut Store<StoreLimits>, Failure> {
        match &mut self.store {
            Some((_, store)) => Ok(store),
            None => Err(Failure::Harness(Refusal::harness("nothing was compiled yet"))),
        }
    }

    fn instance(&self, instance: InstanceId) -> Result<Instance, Failure> {
        let known = self.instances.get(instance.0 as usize);
        known.copied().ok_or_else(|| Failure::Harness(Refusal::harness("an instance of another executor")))
    }

    fn export(&mut self, instance: InstanceId, name: &str) -> Result<Extern, Failure> {
        let instance = self.instance(instance)?;
        instance.get_export(self.store()?, name).ok_or(Failure::NoExport)
    }

    /// Keeps what a call or a global gave, and gives it on.
    fn observed(&mut self, vals: &[Val]) -> Result<Vec<Value>, Failure> {
        let store = self.store()?;
        let values = vals.iter().map(|val| convert::value(store, val)).collect::<Option<Vec<_>>>();
        let values =
            values.ok_or_else(|| Failure::Harness(Refusal::harness("wasmi made a reference of its own")))?;
        self.results = values.iter().map(|&value| ObservedValue::Plain(value)).collect();
        Ok(values)
    }
}

/// A store that refuses growth where trapline's own stores do.
fn store(wasmi: &Wasmi, engine: &wasmi::Engine) -> Store<StoreLimits> {
    let size = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    let limits = StoreLimitsBuilder::new()
        .memory_size(size(wasmi.max_memory_bytes))
        .table_elements(size(wasmi.max_table_elements))
        .instances(usize::MAX)
        .tables(usize::MAX)
        .memories(usize::MAX)
        .build();
    let mut store = Store::new(engine, limits);
    store.limiter(|limits| limits);
    store
}

/// The module behind a handle.
fn module_of(handle: &ModuleHandle) -> &Module {
    match handle.0.downcast_ref() {
        Some(module) => module,
        None => unreachable!("handles of other executors never come here"),
    }
}

fn refused(error: impl std::fmt::Display) -> Failure {
    Failure::Harness(Refusal::harness(error.to_string()))
}

/// Makes something for modules to import.
fn make(store: &mut Store<StoreLimits>, item: &HostItem, printer: &Printer) -> Result<Extern, Failure> {
    let lack = || Failure::Lack(Lack::feature("references in the types of the host module"));
    let small = |number: u64| u32::try_from(number).map_err(refused);
    Ok(match *item {
        HostItem::Print(params) => {
            let params = params.iter().map(|&ty| convert::val_type(ty)).collect::<Option<Vec<_>>>();
            let ty = FuncType::new(params.ok_or_else(lack)?, []);
            let printer = printer.clone();
            Extern::Func(Func::new(store, ty, move |_, arguments, _| {
                printer.print(|| printed(arguments));
                Ok(())
            }))
        }
        HostItem::Act(act) => Extern::Func(Func::new(store, FuncType::new([], []), move |_, _, _| {
            act();
            Ok(())
        })),
        HostItem::Global(_, value) => {
            let value = convert::val(store, &value).map_err(Failure::Lack)?;
            Extern::Global(Global::new(store, value, Mutability::Const))
        }
        HostItem::Table { index, min, max } => {
            let ty = match index {
                IndexType::I32 => TableType::new(RefType::Func, small(min)?, Some(small(max)?)),
                IndexType::I64 => TableType::new64(RefType::Func, min, Some(max)),
            };
            Extern::Table(Table::new(store, ty, Ref::Func(Nullable::Null)).map_err(refused)?)
        }
        HostItem::Memory { shared: true, .. } => {
            return Err(Failure::Lack(Lack::Proposal("threads".to_owned())));
        }
        HostItem::Memory { min, max, shared: false } => {
            let ty = MemoryType::new(small(min)?, Some(small(max)?));
            Extern::Memory(Memory::new(store, ty).map_err(refused)?)
        }
    })
}

/// The arguments of a print function, which are numbers.
fn printed(arguments: &[Val]) -> Vec<Value> {
    let number = |val: &Val| match *val {
        Val::I32(value) => Value::I32(value),
        Val::I64(value) => Value::I64(value),
        Val::F32(value) => Value::F32(value.to_bits()),
        Val::F64(value) => Value::F64(value.to_bits()),
        Val::V128(value) => Value::V128(value.as_u128()),
        Val::FuncRef(_) => Value::Func,
        Val::ExternRef(_) => Value::NullExtern,
    };
    arguments.iter().map(number).collect()
}

impl Executor for World<'_> {
    fn compile(&mut self, wasm: &[u8], features: WasmFeatures) -> Result<ModuleHandle, EngineError> {
        let engine = self.engine.of(features);
        let module = self.engine.module(&engine, wasm, features)?;
        match &self.store {
            None => self.store = Some((features, store(self.engine, &engine))),
            Some((known, _)) if *known == features => {}
            Some(_) => {
                return Err(EngineError::Harness(Refusal::harness(
                    "wasmi links modules of one set of features",
                )));
            }
        }
        Ok(ModuleHandle(Rc::new(module)))
    }

    fn imports(&self, module: &ModuleHandle, each: &mut dyn FnMut(&str, &str)) {
        for import in module_of(module).imports() {
            each(import.module(), import.name());
        }
    }

    fn define(
        &mut self,
        module: &str,
        name: &str,
        item: &HostItem,
        printer: &Printer,
    ) -> Result<(), Failure> {
        if self.defined.get(module).is_none_or(|names| !names.contains_key(name)) {
            let made = make(self.store()?, item, printer)?;
            self.defined.entry(module.to_owned()).or_default().insert(name.to_owned(), made);
        }
        Ok(())
    }

    fn provide(&mut self, module: &ModuleHandle, by_rule: bool) -> Result<(), Failure> {
        let imports: Vec<(String, String)> = module_of(module)
            .imports()
            .map(|import| (import.module().to_owned(), import.name().to_owned()))
            .collect();
        let mut provided = Provided::default();
        for (module, name) in imports {
            let is_defined = self.defined.get(&module).is_some_and(|names| names.contains_key(&name));
            if is_defined || !is_provided(&module, &name, by_rule) {
                continue;
            }
            let Some(function) = Function::of_import(&module, &name) else {
                return Err(Failure::Lack(Lack::feature("imports of JavaScript by rule")));
            };
            let world = match &self.world {
                Some(world) => world.clone(),
                None => self.world.insert(provided::world()?).clone(),
            };
            provided.add(self.store()?, world, (&module, &name), function);
        }
        self.provided = Some(provided);
        Ok(())
    }

    fn instantiate(&mut self, module: &ModuleHandle) -> Result<InstanceId, Failure> {
        let module = module_of(module);
        let provided = self.provided.take();
        let mut imports = Vec::new();
        for import in module.imports() {
            let found = self.defined.get(import.module()).and_then(|names| names.get(import.name())).copied();
            let provided = || provided.as_ref()?.get(import.module(), import.name());
            imports.push(found.or_else(provided).ok_or_else(|| {
                let message = format!("unknown import: {} {}", import.module(), import.name());
                Failure::Link(Box::new(LinkFailure {
                    fault: LinkFault::UnknownImport,
                    import: Some((import.module().to_owned(), import.name().to_owned())),
                    refusal: Refusal::new(Layer::Link, message),
                }))
            })?);
        }
        let store = self.store()?;
        if let Some(provided) = &provided {
            provided.importing(&imports);
        }
        let instance =
            Instance::new(&mut *store, module, &imports).map_err(|error| refusal::of_instance(&error))?;
        if let Some(provided) = &provided {
            provided.instantiated(store, instance);
        }
        self.instances.push(instance);
        Ok(InstanceId(self.instances.len() as u32 - 1))
    }

    fn register(&mut self, name: &str, instance: InstanceId) -> Result<(), Failure> {
        let instance = self.instance(instance)?;
        let exports = instance.exports(&*self.store()?);
        let exports = exports.map(|export| (export.name().to_owned(), export.into_extern())).collect();
        self.defined.insert(name.to_owned(), exports);
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
            other => return Err(Failure::ExportIs(convert::kind(&other))),
        };
        let store = self.store()?;
        let arguments = arguments.iter().map(|value| convert::val(store, value));
        let arguments = arguments.collect::<Result<Vec<_>, _>>().map_err(Failure::Lack)?;
        let ty = func.ty(&*store);
        let mut results: Vec<Val> = ty.results().iter().map(|&ty| Val::default_for_ty(ty)).collect();
        match func.call(store, &arguments, &mut results) {
            Ok(()) => self.observed(&results),
            // What a program returns that ends itself is its code.
            Err(error) => match error.i32_exit_status() {
                Some(code) => {
                    let code: Vec<Val> =
                        exit_result(code.cast_unsigned()).map(Val::I32).into_iter().collect();
                    self.observed(&code)
                }
                None => Err(refusal::of_call(&error)),
            },
        }
    }

    fn get(&mut self, instance: InstanceId, export: &str) -> Result<Value, Failure> {
        match self.export(instance, export)? {
            Extern::Global(global) => {
                let value = global.get(&*self.store()?);
                let values = self.observed(&[value])?;
                values.first().copied().ok_or_else(|| refused("a global without a value"))
            }
            other => Err(Failure::ExportIs(convert::kind(&other))),
        }
    }

    fn share(&mut self, _instance: InstanceId) -> Result<SharedMemories, Lack> {
        Err(Lack::Proposal("threads".to_owned()))
    }

    fn adopt(&mut self, _memories: SharedMemories) -> Result<InstanceId, Refusal> {
        Err(Refusal::harness("wasmi shares nothing"))
    }

    fn observed_values(&mut self) -> Vec<ObservedValue> {
        self.results.clone()
    }

    fn digest(&mut self, view: StateView) -> StateDigest {
        self.state(view).digest()
    }

    fn state(&mut self, _view: StateView) -> State {
        match &self.store {
            Some((_, store)) => state::exported(store, &self.instances),
            None => State { whole: true, ..State::default() },
        }
    }
}
