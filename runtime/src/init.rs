//! Instantiation (specification: "Instantiation"): imports, then what the instance defines, then
//! its segments, then its start function.

use crate::builtins;
use crate::code::{FuncRefSlot, Module};
use crate::error::{HostError, LinkError, ResourceError};
use crate::exceptions::UncaughtException;
use crate::globals::GlobalData;
use crate::handle::{Extern, Func, Instance};
use crate::imports::check_imports;
use crate::instances::{Context, ElementState, InstanceData};
use crate::memories::MemoryData;
use crate::stable::Stable;
use crate::store::{Store, StoreInner, temporary};
use crate::tables::{SlotSpan, TableData};
use crate::trap::{CallError, TrapReport};
use trapline_abi::artifact::MemoryStyle;
use trapline_abi::vmlayout::{
    INSTANCE_MAGIC, VMContext, VMContextHeader, VMFunctionImport, VMGlobalDefinition, VMMemoryDefinition,
    VMStoreContext, VMTableDefinition,
};
use trapline_abi::{
    DataMode, ElementItems, ElementMode, FuncRefIndex, GlobalIndex, ImportedFuncIndex, MemoryIndex,
    TableIndex, Trap, TypeId, ValType,
};
use trapline_abi::{DropCause, InjectedFault, TrapDetail};

/// Why a module could not be instantiated.
#[derive(Debug, thiserror::Error)]
pub enum InstantiateError {
    /// The imports are not there or not of the right type. Nothing has happened.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A segment does not fit, or the start function trapped. What was written before stays.
    #[error(transparent)]
    Trap(Box<TrapReport>),
    /// The start function threw an exception.
    #[error(transparent)]
    Exception(Box<UncaughtException>),
    /// A host function failed, called by the start function.
    #[error(transparent)]
    Host(HostError),
    /// The store or the system does not grant what the instance needs.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// The module cannot run in this store.
    #[error("instantiate the module: {0}")]
    Incompatible(&'static str),
    /// The start function failed in another way.
    #[error("run the start function: {0}")]
    Start(#[source] CallError),
}

impl From<CallError> for InstantiateError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Trap(report) => InstantiateError::Trap(report),
            CallError::Host(error) => InstantiateError::Host(error),
            CallError::Exception(exception) => InstantiateError::Exception(exception),
            CallError::Resource(error) => InstantiateError::Resource(error),
            error @ (CallError::Arguments { .. } | CallError::NoReason) => InstantiateError::Start(error),
        }
    }
}

impl Store {
    /// Makes an instance of a module. `imports` are what its imports stand for, in their order.
    ///
    /// # Errors
    ///
    /// When the imports do not match, the store or the system refuses what the instance needs, a
    /// segment does not fit or the start function fails. Only the last two have effects: segments
    /// are written in order up to the first that does not fit, and what they wrote stays. The
    /// instance then lives on in the store, because its functions may be in tables of others.
    ///
    /// # Panics
    ///
    /// If an import is of another store, or a host function that the start function calls panics.
    pub fn instantiate(&mut self, module: &Module, imports: &[Extern]) -> Result<Instance, InstantiateError> {
        let vm = self.as_ptr().cast();
        let store = self.inner_mut();
        let ids = store.types.intern_module(module.info());
        check_imports(store, module.info(), &ids, imports)?;
        check_compatible(store, module, imports)?;
        let resources = Resources::new(store, module, &ids)?;
        store.prepare_heap()?;
        store.code.add(module);
        store.add_exit_stubs(module, &ids);

        let mut instance = Stable::new(InstanceData {
            context: Context::new(module, &ids),
            module: module.clone(),
            memories: Vec::with_capacity(module.info().memories.len()),
            tables: Vec::with_capacity(module.info().tables.len()),
            globals: Vec::with_capacity(module.info().globals.len()),
            tags: Vec::with_capacity(module.info().tags.len()),
            data: vec![None; module.info().data.len()],
            elements: vec![ElementState::default(); module.info().elements.len()],
        });
        let owner = instance.as_ptr().cast();
        let mut init = Init { store, instance: &mut instance, ids: &ids };
        init.header(vm, owner);
        init.func_refs();
        init.imports(imports);
        init.definitions(resources);
        let temporaries = init.store.heap.temporaries.len();
        let evaluated = init.values();
        init.store.heap.temporaries.truncate(temporaries);
        let written = match &evaluated {
            Ok(()) => init.segments(),
            Err(_) => Ok(()),
        };

        let handle = Instance { store: store.id, index: store.instances.len() as u32 };
        let start = module.info().start.and_then(|start| instance.func(store.id, start));
        // Also if it came to nothing: globals of the store lie in its context.
        store.instances.push(instance);
        evaluated?;
        written.map_err(|(trap, detail)| {
            InstantiateError::Trap(Box::new(TrapReport::outside(trap, Some(detail))))
        })?;
        if let Some(start) = start {
            start.call(self, &[])?;
        }
        Ok(handle)
    }
}

/// Whether the code can work with the memories of this store.
fn check_compatible(store: &StoreInner, module: &Module, imports: &[Extern]) -> Result<(), InstantiateError> {
    if imports.len() > module.info().imports.len() {
        return Err(InstantiateError::Incompatible("there are more items than imports"));
    }
    let code = module.manifest().target.memory_style;
    let any = module.info().memories.iter().any(|memory| memory.can_be_guarded());
    if any && code == MemoryStyle::Guarded && store.config.memory_style == MemoryStyle::Checked {
        return Err(InstantiateError::Incompatible(
            "its code relies on guards, which the store's memories lack",
        ));
    }
    Ok(())
}

/// What an instance defines and the system may refuse: made before anything else changes.
struct Resources {
    tables: Vec<TableData>,
    memories: Vec<MemoryData>,
}

impl Resources {
    fn new(store: &StoreInner, module: &Module, ids: &[TypeId]) -> Result<Self, ResourceError> {
        let info = module.info();
        let tables = info.tables[info.imported_tables as usize..].iter();
        let memories = info.memories[info.imported_memories as usize..].iter();
        Ok(Self {
            tables: tables
                .map(|table| TableData::new(table.ty.map(|index| ids[index.index()]), &store.config))
                .collect::<Result<_, _>>()?,
            memories: memories.map(|&ty| MemoryData::new(ty, &store.config)).collect::<Result<_, _>>()?,
        })
    }
}

impl StoreInner {
    /// Makes the stubs of a module known by which functions of its types call the host, and gives
    /// host functions that have none the one for their type.
    fn add_exit_stubs(&mut self, module: &Module, ids: &[TypeId]) {
        for (ty, code) in module.exit_stubs() {
            let id = ids[ty.index()];
            if self.exit_stubs.len() <= id.index() {
                self.exit_stubs.resize(id.index() + 1, std::ptr::null());
            }
            let known = &mut self.exit_stubs[id.index()];
            if known.is_null() {
                *known = code;
                for host in self.funcs.iter_mut().filter(|host| host.type_id() == id) {
                    host.set_code(code);
                }
            }
        }
    }
}

/// Why a constant expression has no value.
#[derive(Debug)]
enum Stopped {
    /// The heap has no room for an object.
    Resource(ResourceError),
    /// An object was to have null for its descriptor.
    NullDescriptor,
}

impl From<ResourceError> for Stopped {
    fn from(error: ResourceError) -> Self {
        Stopped::Resource(error)
    }
}

impl From<Stopped> for InstantiateError {
    fn from(stopped: Stopped) -> Self {
        let trap = match stopped {
            Stopped::NullDescriptor => Trap::NullDescriptorReference,
            Stopped::Resource(ResourceError::HeapLimit { .. }) => Trap::HeapExhausted,
            Stopped::Resource(other) => return other.into(),
        };
        InstantiateError::Trap(Box::new(TrapReport::outside(trap, None)))
    }
}

/// The trap of a segment that does not fit.
type SegmentTrap = (Trap, TrapDetail);

/// An instance in the making. Nothing else refers to it yet, but for the tables that its functions are
/// written to at the end.
struct Init<'a> {
    store: &'a mut StoreInner,
    instance: &'a mut InstanceData,
    ids: &'a [TypeId],
}

impl Init<'_> {
    /// Writes a part of the context.
    fn put<T>(&mut self, offset: usize, value: T) {
        // SAFETY: I4: the offset is that of a part of this type in the context of this module, and
        // no code of the instance runs yet.
        unsafe { self.instance.context.at::<T>(offset).write(value) };
    }

    fn header(&mut self, store: *mut VMStoreContext, owner: *mut u8) {
        let header = VMContextHeader { magic: INSTANCE_MAGIC, store, builtins: builtins::table(), owner };
        self.put(0, VMContext { header });
    }

    fn func_refs(&mut self) {
        let module = self.instance.module.clone();
        let vmctx = self.instance.context.at(0);
        for (slot, &FuncRefSlot { ty, code, entry, .. }) in module.func_refs().iter().enumerate() {
            let offset = module.offsets().func_ref(FuncRefIndex::new(slot as u32));
            let func_ref = self.store.types.func_ref(self.ids[ty.index()], code, entry, vmctx);
            self.put(offset, func_ref);
        }
    }

    fn imports(&mut self, imports: &[Extern]) {
        let mut funcs = 0;
        for import in imports {
            match *import {
                Extern::Func(func) => {
                    self.import_func(ImportedFuncIndex::new(funcs), func);
                    funcs += 1;
                }
                Extern::Table(table) => self.add_table(table.index),
                Extern::Memory(memory) => self.add_memory(memory.index),
                Extern::Global(global) => self.add_global(global.index),
                Extern::Tag(tag) => self.instance.tags.push(tag.index),
            }
        }
    }

    fn import_func(&mut self, index: ImportedFuncIndex, func: Func) {
        let callee = self.store.func_ref(func);
        let module = &self.instance.module;
        let code = match self.store.host_func(callee) {
            None => callee.code,
            // The module brings its own stub for each of its imports' types; the check of the
            // manifest has seen it.
            Some(_) => module.exit_stub(module.info().funcs[index.index()].ty).unwrap_or(callee.code),
        };
        let offset = module.offsets().imported_func(index);
        self.put(offset, VMFunctionImport { code, vmctx: callee.vmctx, func_ref: func.ptr.as_ptr() });
    }

    fn add_table(&mut self, table: u32) {
        let index = TableIndex::new(self.instance.tables.len() as u32);
        self.instance.tables.push(table);
        let offset = self.instance.module.offsets().table(index);
        self.put::<*mut VMTableDefinition>(offset, self.store.table_def(table));
    }

    fn add_memory(&mut self, memory: u32) {
        let index = MemoryIndex::new(self.instance.memories.len() as u32);
        self.instance.memories.push(memory);
        let offset = self.instance.module.offsets().memory(index);
        self.put::<*mut VMMemoryDefinition>(offset, self.store.memories.def(memory));
    }

    fn add_global(&mut self, global: u32) {
        let index = GlobalIndex::new(self.instance.globals.len() as u32);
        self.instance.globals.push(global);
        let offset = self.instance.module.offsets().global(index);
        self.put::<*mut VMGlobalDefinition>(offset, self.store.globals.all[global as usize].def);
    }

    fn definitions(&mut self, resources: Resources) {
        for table in resources.tables {
            let table = self.store.add_table(table);
            self.add_table(table);
        }
        for memory in resources.memories {
            let memory = self.store.memories.add(memory);
            self.add_memory(memory);
        }
        let info = self.instance.module.info();
        for ty in &info.tags[info.imported_tags as usize..] {
            let tag = self.store.add_tag(self.ids[ty.index()]);
            self.instance.tags.push(tag);
        }
    }

    /// Evaluates the expressions of globals, tables and element segments.
    fn values(&mut self) -> Result<(), Stopped> {
        self.globals()?;
        self.table_values()?;
        self.element_values()
    }

    /// Makes the module's own globals, each with the value of its expression, which may name those
    /// before it.
    fn globals(&mut self) -> Result<(), Stopped> {
        let module = self.instance.module.clone();
        let defined =
            module.info().globals.iter().filter_map(|global| Some((global.ty, global.init.as_ref()?)));
        for (i, (ty, init)) in defined.enumerate() {
            let value = self.eval(init)?;
            let def = self.instance.context.defined_global(i);
            // SAFETY: I4: the context has room for each of the globals that the module defines.
            unsafe { def.write(VMGlobalDefinition { value }) };
            let ty = ty.map(|index| self.ids[index.index()]);
            let global = self.store.globals.add(GlobalData { def, ty });
            self.add_global(global);
        }
        Ok(())
    }

    /// Sets the elements of tables that have an initial value.
    fn table_values(&mut self) -> Result<(), Stopped> {
        let module = self.instance.module.clone();
        let tables = self.instance.tables.clone();
        for (table, place) in module.info().tables.iter().zip(tables) {
            if let Some(init) = &table.init {
                let value = self.eval(init)?.as_u64();
                self.store.tables[place].initialise(value);
            }
        }
        Ok(())
    }

    /// Evaluates the elements of segments that are given by expressions. Those that name functions
    /// are the same whenever they are looked up.
    fn element_values(&mut self) -> Result<(), Stopped> {
        let module = self.instance.module.clone();
        let first = self.store.heap.temporaries.len();
        let segments = module.info().elements.iter().enumerate();
        let exprs = segments.filter_map(|(i, segment)| match &segment.items {
            ElementItems::Exprs(items) => Some((i, segment.ty, items)),
            ElementItems::Funcs(_) => None,
        });
        // The values of all are kept where the collector finds them, until the last is there.
        for (_, ty, items) in exprs.clone() {
            for item in items {
                let value = self.eval(item)?;
                let ty = ValType::Ref(ty.map(|index| self.ids[index.index()]));
                self.store.heap.temporaries.push(temporary(value, ty));
            }
        }
        let mut values = self.store.heap.temporaries.drain(first..).map(|temporary| temporary.value.as_u64());
        for (i, _, items) in exprs {
            self.instance.elements[i].values = Some(values.by_ref().take(items.len()).collect());
        }
        Ok(())
    }

    /// Writes the active segments, elements first, each as `table.init` or `memory.init` would, and
    /// drops them.
    fn segments(&mut self) -> Result<(), SegmentTrap> {
        let module = self.instance.module.clone();
        for (i, segment) in module.info().elements.iter().enumerate() {
            let dropped = match &segment.mode {
                ElementMode::Passive => continue,
                ElementMode::Declared => DropCause::Declared,
                ElementMode::Active { table, offset } => {
                    let offset = self.eval_index(offset);
                    self.write_elements(i as u32, *table, offset)?;
                    DropCause::Active
                }
            };
            self.instance.elements[i] = ElementState { dropped: Some(dropped), values: None };
        }
        for (i, segment) in module.info().data.iter().enumerate() {
            let DataMode::Active { memory, offset } = &segment.mode else { continue };
            let offset = self.eval_index(offset);
            self.write_data(i as u32, *memory, offset)?;
            self.instance.data[i] = Some(DropCause::Active);
        }
        Ok(())
    }

    fn write_elements(&mut self, segment: u32, table: TableIndex, offset: u64) -> Result<(), SegmentTrap> {
        let instance = &*self.instance;
        let len = instance.element_count(segment);
        if len == 0 && self.store.config.fault.is(InjectedFault::EmptySegment) {
            return Ok(());
        }
        let write = |to: SlotSpan, from: usize| to.write(|at| instance.element_slot(segment, from + at));
        let target = instance.tables[table.index()];
        self.store.tables.init(target, len, offset, 0, len, write).ok_or_else(|| {
            let table = instance.table_extent(&self.store.tables, table.as_u32());
            let detail = TrapDetail::ElementSegment { segment, table, offset, len };
            (Trap::TableOutOfBounds, detail)
        })
    }

    fn write_data(&mut self, segment: u32, memory: MemoryIndex, offset: u64) -> Result<(), SegmentTrap> {
        let instance = &*self.instance;
        let bytes = instance.data_bytes(segment);
        let len = bytes.len() as u64;
        if len == 0 && self.store.config.fault.is(InjectedFault::EmptySegment) {
            return Ok(());
        }
        let target = instance.memories[memory.index()];
        self.store.memories.init(target, len, offset, 0, len, |to, _| to.write(bytes)).ok_or_else(|| {
            let memory = instance.memory_extent(&self.store.memories, memory.as_u32());
            let detail = TrapDetail::DataSegment { segment, memory, offset, len };
            (Trap::MemoryOutOfBounds, detail)
        })
    }
}

mod expression;

#[cfg(test)]
mod tests;
