//! The one pass over a manifest before anything else looks at it. What it lets through can be
//! indexed without further thought: every index is in range, every piece of code that
//! instantiation needs is there, and every constant expression leaves one value of its type.

use super::LoadError;
use super::check_expr::Expressions;
use super::elf::{FIELD, Object};
use trapline_abi::artifact::{Manifest, TextRelocation};
use trapline_abi::{
    CompositeType, ConcreteType, DataMode, ElementItems, ElementMode, EntityIndex, EntityType, FieldType,
    FuncIndex, FuncKey, FuncType, FunctionRecord, HeapType, Hierarchy, Limits, MemoryType, ModuleInfo,
    RefType, Site, SiteInstruction, SubType, TableType, TypeIndex, ValType,
};

/// What the pass found out on its way.
#[derive(Debug)]
pub(super) struct Checked {
    /// For each type, the first one with the same function signature.
    pub(super) signatures: Box<[TypeIndex]>,
    /// The functions by their slot of function references.
    pub(super) func_refs: Box<[FuncIndex]>,
    /// The exports by ascending name.
    pub(super) exports_by_name: Box<[u32]>,
}

/// The outcome of a check.
pub(super) type Check<T = ()> = Result<T, LoadError>;

/// Refuses a manifest unless a condition holds.
pub(super) fn ensure(holds: bool, what: &'static str, index: usize, reason: &'static str) -> Check {
    if holds { Ok(()) } else { Err(LoadError::BadManifest { what, index, reason }) }
}

/// Checks the manifest of an object.
pub(super) fn check(object: &Object<'_>) -> Check<Checked> {
    let manifest = &object.manifest;
    ensure(manifest.text_len as usize == object.text.len(), "text", 0, "it has another size")?;
    ensure(manifest.relocations == object.relocations, "text", 0, "it has other relocations")?;
    let module = &manifest.module;
    code(object)?;
    types(module)?;
    imports(module)?;
    tags(module)?;
    handlers(manifest)?;
    let func_refs = funcs(module)?;
    let expressions = Expressions::of(module);
    tables_and_memories(&expressions)?;
    globals(&expressions)?;
    let exports_by_name = exports(module)?;
    start(module)?;
    names(module)?;
    elements(&expressions)?;
    data(&expressions, object.data.len())?;
    let signatures = module.stub_types();
    stubs(manifest, &signatures, &func_refs)?;
    Ok(Checked { signatures, func_refs, exports_by_name })
}

/// Functions lie one after another within the text, and their tables within the functions.
fn code(object: &Object<'_>) -> Check {
    let functions = &object.manifest.functions;
    let mut end = 0;
    for (i, function) in functions.iter().enumerate() {
        let ensure = |holds, reason| ensure(holds, "code of function", i, reason);
        ensure(i == 0 || functions[i - 1].key < function.key, "keys are not ascending")?;
        ensure(function.code_len > 0, "it has no code")?;
        ensure(u64::from(function.text_offset) >= end, "it overlaps the one before it")?;
        end = u64::from(function.text_offset) + u64::from(function.code_len);
        ensure(end <= object.text.len() as u64, "it is not within the text")?;
        side_tables(i, function, &object.manifest.module)?;
    }
    let is_start = |target: u32| {
        let at = functions.binary_search_by_key(&target, |function| function.text_offset);
        at.is_ok_and(|at| matches!(functions[at].key, FuncKey::Defined(_) | FuncKey::BuiltinStub(_)))
    };
    let in_function = |offset: u32| {
        let after = functions.partition_point(|function| function.text_offset <= offset);
        let function = after.checked_sub(1).map(|at| &functions[at]);
        let end = |function: &FunctionRecord| u64::from(function.text_offset) + u64::from(function.code_len);
        function.is_some_and(|function| u64::from(offset) + FIELD <= end(function))
    };
    for &TextRelocation { offset, target } in &object.relocations {
        let ensure = |holds: bool, reason| match holds {
            true => Ok(()),
            false => Err(LoadError::BadRelocation { offset: offset.into(), reason }),
        };
        ensure(is_start(target), "its target is not the start of a function")?;
        ensure(in_function(offset), "it is not within a function")?;
    }
    Ok(())
}

fn side_tables(i: usize, function: &FunctionRecord, module: &ModuleInfo) -> Check {
    let len = function.code_len;
    let ensure = |holds, reason| ensure(holds, "code of function", i, reason);
    ensure(function.traps.is_sorted_by(|a, b| a.offset < b.offset), "trap sites are not ascending")?;
    ensure(function.traps.last().is_none_or(|last| last.offset < len), "a trap site is outside it")?;
    ensure(function.calls.is_sorted_by_key(|call| call.return_offset), "calls are not ascending")?;
    ensure(function.calls.last().is_none_or(|last| last.return_offset <= len), "a call is outside it")?;
    ensure(function.stack_maps.is_sorted_by_key(|map| map.return_offset), "stack maps are not ascending")?;
    ensure(
        function.stack_maps.last().is_none_or(|last| last.return_offset <= len),
        "a stack map is outside it",
    )?;
    let within = |map: &trapline_abi::StackMap| {
        map.slots.iter().all(|&slot| u64::from(slot) + 4 <= u64::from(map.frame_size))
    };
    ensure(function.stack_maps.iter().all(within), "a stack map leaves its frame")?;
    ensure(
        function.source.is_sorted_by_key(|location| location.offset),
        "source locations are not ascending",
    )?;
    ensure(function.source.last().is_none_or(|last| last.offset <= len), "a source location is outside it")?;
    ensure(
        function.sites.is_sorted_by(|a, b| a.wasm_offset < b.wasm_offset),
        "instructions that may trap are not ascending",
    )?;
    let known = |site: &Site| names_what_exists(module, &site.instruction);
    ensure(function.sites.iter().all(known), "an instruction that may trap names what does not exist")
}

/// Whether the module has everything that an instruction names.
fn names_what_exists(module: &ModuleInfo, instruction: &SiteInstruction) -> bool {
    match instruction {
        SiteInstruction::Heap(site) => {
            site.target.is_none_or(|ty| heap_type_below(ty.heap, &module.types, module.types.len()))
        }
        SiteInstruction::Memory(site) => site.memory.index() < module.memories.len(),
        SiteInstruction::Table(site) => {
            site.table.index() < module.tables.len()
                && site.ty.is_none_or(|ty| module.func_type_at(ty).is_some())
        }
        SiteInstruction::Numeric(_) => true,
    }
}

/// Recursion groups cover the types, and types refer to none beyond their own group.
fn types(module: &ModuleInfo) -> Check {
    let covered: u64 = module.rec_groups.iter().map(|&size| u64::from(size)).sum();
    ensure(covered == module.types.len() as u64, "recursion groups", 0, "they do not cover the types")?;
    let mut first = 0;
    let mut depths = Vec::with_capacity(module.types.len());
    for &size in &module.rec_groups {
        let end = first + size as usize;
        for (i, ty) in module.types.iter().enumerate().take(end).skip(first) {
            let above = ty.supertype.is_none_or(|above| above.index() < i);
            ensure(above, "type", i, "its supertype does not come before it")?;
            let depth = ty.supertype.map_or(0, |above| depths[above.index()] + 1);
            ensure(depth <= MAX_DEPTH, "type", i, "it has too many supertypes")?;
            depths.push(depth);
            let mut known = true;
            ty.composite.values(|val| known &= val_type_below(val, &module.types, end));
            ensure(known, "type", i, "it refers to a type beyond its group")?;
            subtype_begins_as_supertype(module, i, ty)?;
            descriptors(module, first..end, i, ty)?;
        }
        first = end;
    }
    Ok(())
}

/// A structure has the fields of its supertype, at least as far as their sizes go, and no kind of type is below another.
fn subtype_begins_as_supertype(module: &ModuleInfo, i: usize, ty: &SubType) -> Check {
    let Some(above) = ty.supertype.map(|above| &module.types[above.index()].composite) else { return Ok(()) };
    let same = |below: &FieldType, above: &FieldType| {
        let (below, above) = (below.storage, above.storage);
        below.size() == above.size() && below.is_object() == above.is_object()
    };
    let fits = match (&ty.composite, above) {
        (CompositeType::Func(_), CompositeType::Func(_)) => true,
        (CompositeType::Struct(below), CompositeType::Struct(above)) => {
            below.len() >= above.len() && below.iter().zip(above).all(|(below, above)| same(below, above))
        }
        (CompositeType::Array(below), CompositeType::Array(above)) => same(below, above),
        _ => false,
    };
    ensure(fits, "type", i, "it does not begin as its supertype does")
}

/// Descriptors and what they describe are structures of one group that name each other.
fn descriptors(module: &ModuleInfo, group: std::ops::Range<usize>, i: usize, ty: &SubType) -> Check {
    let own = Some(TypeIndex::new(i as u32));
    let is_struct = |ty: &SubType| matches!(ty.composite, CompositeType::Struct(_));
    let other = |index: TypeIndex| {
        let within = group.contains(&index.index());
        within.then(|| &module.types[index.index()]).filter(|other| is_struct(ty) && is_struct(other))
    };
    let described = ty.descriptor.is_none_or(|index| other(index).is_some_and(|ty| ty.describes == own));
    let describes = ty.describes.is_none_or(|index| other(index).is_some_and(|ty| ty.descriptor == own));
    ensure(described && describes, "type", i, "it and its descriptor do not name each other")
}

/// The most supertypes that a type can have: the limit of validation (wasmparser's `MAX_WASM_SUBTYPING_DEPTH`).
const MAX_DEPTH: u32 = 63;

/// Whether a type exists, with none of its parts beyond the first `end` types.
fn val_type_below(ty: ValType, types: &[SubType], end: usize) -> bool {
    match ty {
        ValType::Ref(ty) => heap_type_below(ty.heap, types, end),
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => true,
    }
}

/// Whether a heap type is one of the first `end` types, or an abstract one of which the runtime has values.
pub(super) fn heap_type_below(ty: HeapType, types: &[SubType], end: usize) -> bool {
    match ty {
        HeapType::Concrete(ConcreteType { kind, index, .. }) => {
            index.index() < end && types.get(index.index()).is_some_and(|ty| ty.composite.kind() == kind)
        }
        _ => ty.hierarchy() != Hierarchy::Cont,
    }
}

/// The imports are the first entities of each index space.
fn imports(module: &ModuleInfo) -> Check {
    let (mut funcs, mut tables, mut memories, mut globals, mut tags) = (0, 0, 0, 0, 0);
    for (i, import) in module.imports.iter().enumerate() {
        let same = match &import.ty {
            EntityType::Func(ty) | EntityType::ExactFunc(ty) => {
                funcs += 1;
                module.funcs.get(funcs - 1).is_some_and(|func| func.ty == *ty)
            }
            EntityType::Table(ty) => {
                tables += 1;
                module.tables.get(tables - 1).is_some_and(|table| table.ty == *ty)
            }
            EntityType::Memory(ty) => {
                memories += 1;
                module.memories.get(memories - 1) == Some(ty)
            }
            EntityType::Tag(ty) => {
                tags += 1;
                module.tags.get(tags - 1) == Some(ty)
            }
            EntityType::Global(ty) => {
                globals += 1;
                module.globals.get(globals - 1).is_some_and(|global| global.ty == *ty)
            }
        };
        ensure(same, "import", i, "it is not the next entity of its index space")?;
    }
    let counts = [
        module.imported_funcs,
        module.imported_tables,
        module.imported_memories,
        module.imported_globals,
        module.imported_tags,
    ];
    let same = counts.map(|count| count as usize) == [funcs, tables, memories, globals, tags];
    ensure(same, "import", module.imports.len(), "there are not as many as stated")
}

/// Tags have function types without results.
fn tags(module: &ModuleInfo) -> Check {
    for (i, &tag) in module.tags.iter().enumerate() {
        let fits = module.func_type_at(tag).is_some_and(|ty| ty.results.is_empty());
        ensure(fits, "tag", i, "its type is not a function type without results")?;
    }
    Ok(())
}

/// Handlers go on within their functions, catch tags that exist, and find their context in the frame.
fn handlers(manifest: &Manifest) -> Check {
    for (i, function) in manifest.functions.iter().enumerate() {
        let ensure = |holds, reason| ensure(holds, "code of function", i, reason);
        for site in function.calls.iter().filter_map(|call| call.handled.as_deref()) {
            let own = matches!(function.key, FuncKey::Defined(_));
            ensure(own, "it is a stub and catches exceptions")?;
            let context = u64::from(site.context) + size_of::<usize>() as u64;
            ensure(context <= site.frame_size.into(), "the context of a handler leaves its frame")?;
            for handler in &site.handlers {
                ensure(handler.pad < function.code_len, "a handler is outside it")?;
                let tag = handler.tag.is_none_or(|tag| tag.index() < manifest.module.tags.len());
                ensure(tag, "a handler catches a tag that does not exist")?;
            }
        }
    }
    Ok(())
}

/// Functions have function types, and slots of function references belong to one function each.
fn funcs(module: &ModuleInfo) -> Check<Box<[FuncIndex]>> {
    let slots = module.func_refs as usize;
    ensure(slots <= module.funcs.len(), "function references", slots, "there are more than functions")?;
    let mut owners = vec![None; slots];
    for (i, func) in module.funcs.iter().enumerate() {
        let ensure = |holds, reason| ensure(holds, "function", i, reason);
        ensure(module.func_type_at(func.ty).is_some(), "its type is not a function type")?;
        let Some(slot) = func.func_ref else { continue };
        ensure(i >= module.imported_funcs as usize, "it is imported and has a slot of its own")?;
        let owner = owners.get_mut(slot.index());
        ensure(owner.as_ref().is_some_and(|owner| owner.is_none()), "its slot is taken or does not exist")?;
        if let Some(owner) = owner {
            *owner = Some(FuncIndex::new(i as u32));
        }
    }
    let free = owners.iter().position(Option::is_none).unwrap_or(slots);
    ensure(free == slots, "function reference", free, "it belongs to no function")?;
    Ok(owners.into_iter().flatten().collect())
}

/// Whether a function can be referred to: it is imported or has a slot.
pub(super) fn can_be_referred_to(module: &ModuleInfo, func: FuncIndex) -> bool {
    let imported = func.as_u32() < module.imported_funcs;
    module.funcs.get(func.index()).is_some_and(|info| imported || info.func_ref.is_some())
}

fn limits(limits: Limits, most: u64) -> bool {
    limits.min <= most && limits.max.is_none_or(|max| limits.min <= max && max <= most)
}

fn tables_and_memories(expressions: &Expressions<'_>) -> Check {
    let module = expressions.module;
    for (i, table) in module.tables.iter().enumerate() {
        let TableType { index, element, limits: size } = table.ty;
        let ensure = |holds, reason| ensure(holds, "table", i, reason);
        ensure(
            heap_type_below(element.heap, &module.types, module.types.len()),
            "its element type does not exist",
        )?;
        ensure(limits(size, index.max()), "its limits are not valid")?;
        let imported = i < module.imported_tables as usize;
        ensure(!(imported && table.init.is_some()), "it is imported and has an initial value")?;
        ensure(imported || element.nullable || table.init.is_some(), "its elements have no initial value")?;
        if let Some(init) = &table.init {
            expressions.check(init, ValType::Ref(element), module.globals.len(), "table", i)?;
        }
    }
    for (i, memory) in module.memories.iter().enumerate() {
        let MemoryType { page_size_log2, limits: size, .. } = *memory;
        ensure(matches!(page_size_log2, 0 | 16), "memory", i, "its page size is not valid")?;
        ensure(limits(size, memory.max_addressable_pages()), "memory", i, "its limits are not valid")?;
        let bounded = !memory.shared || size.max.is_some();
        ensure(bounded, "memory", i, "it is shared and has no maximum")?;
    }
    Ok(())
}

fn globals(expressions: &Expressions<'_>) -> Check {
    let module = expressions.module;
    for (i, global) in module.globals.iter().enumerate() {
        let ensure = |holds, reason| ensure(holds, "global", i, reason);
        ensure(val_type_below(global.ty.val, &module.types, module.types.len()), "its type does not exist")?;
        let imported = i < module.imported_globals as usize;
        ensure(imported == global.init.is_none(), "only defined globals have an initial value, and all do")?;
        if let Some(init) = &global.init {
            expressions.check(init, global.ty.val, i, "global", i)?;
        }
    }
    Ok(())
}

fn exports(module: &ModuleInfo) -> Check<Box<[u32]>> {
    let exports = &module.exports;
    for (i, export) in exports.iter().enumerate() {
        let exists = match export.index {
            EntityIndex::Func(index) => can_be_referred_to(module, index),
            EntityIndex::Table(index) => index.index() < module.tables.len(),
            EntityIndex::Memory(index) => index.index() < module.memories.len(),
            EntityIndex::Global(index) => index.index() < module.globals.len(),
            EntityIndex::Tag(index) => index.index() < module.tags.len(),
        };
        ensure(exists, "export", i, "what it names does not exist")?;
    }
    let mut by_name: Box<[u32]> = (0..exports.len() as u32).collect();
    by_name.sort_unstable_by_key(|&i| exports[i as usize].name.as_str());
    for pair in by_name.windows(2) {
        let [a, b] = [pair[0] as usize, pair[1] as usize];
        ensure(exports[a].name != exports[b].name, "export", b, "its name is taken")?;
    }
    Ok(by_name)
}

/// Names of functions and types are found by halves: they ascend, and each is of something that exists.
fn names(module: &ModuleInfo) -> Check {
    for (i, (ty, _)) in module.type_names.iter().enumerate() {
        let ensure = |holds, reason| ensure(holds, "type name", i, reason);
        ensure(ty.index() < module.types.len(), "its type does not exist")?;
        ensure(i == 0 || module.type_names[i - 1].0 < *ty, "names are not ascending")?;
    }
    for (i, (func, _)) in module.func_names.iter().enumerate() {
        let ensure = |holds, reason| ensure(holds, "function name", i, reason);
        ensure(func.index() < module.funcs.len(), "its function does not exist")?;
        ensure(i == 0 || module.func_names[i - 1].0 < *func, "names are not ascending")?;
    }
    Ok(())
}

fn start(module: &ModuleInfo) -> Check {
    let Some(func) = module.start else { return Ok(()) };
    let callable = can_be_referred_to(module, func) && module.func_type(func) == Some(&FuncType::default());
    ensure(callable, "start function", func.index(), "it cannot be called without arguments")
}

fn elements(expressions: &Expressions<'_>) -> Check {
    let module = expressions.module;
    for (i, segment) in module.elements.iter().enumerate() {
        let ensure = |holds, reason| ensure(holds, "element segment", i, reason);
        ensure(
            heap_type_below(segment.ty.heap, &module.types, module.types.len()),
            "its type does not exist",
        )?;
        match &segment.mode {
            ElementMode::Passive | ElementMode::Declared => {}
            ElementMode::Active { table, offset } => {
                let table = module.tables.get(table.index());
                let element = table.map(|table| ValType::Ref(table.ty.element));
                let fits =
                    element.is_some_and(|element| expressions.matches(ValType::Ref(segment.ty), element));
                ensure(fits, "its table does not exist or holds other things")?;
                let index = table.map_or(ValType::I32, |table| table.ty.index.val_type());
                expressions.check(offset, index, module.globals.len(), "element segment", i)?;
            }
        }
        match &segment.items {
            ElementItems::Funcs(items) => {
                let func = ValType::Ref(RefType { nullable: false, heap: HeapType::Func });
                let fits = expressions.matches(func, ValType::Ref(segment.ty));
                ensure(fits, "it holds functions and is of another type")?;
                let all = items.iter().all(|&func| can_be_referred_to(module, func));
                ensure(all, "it names a function that does not exist")?;
            }
            ElementItems::Exprs(items) => {
                for item in items {
                    let ty = ValType::Ref(segment.ty);
                    expressions.check(item, ty, module.globals.len(), "element segment", i)?;
                }
            }
        }
    }
    Ok(())
}

fn data(expressions: &Expressions<'_>, len: usize) -> Check {
    let module = expressions.module;
    for (i, segment) in module.data.iter().enumerate() {
        let ensure = |holds, reason| ensure(holds, "data segment", i, reason);
        let within = segment.bytes.start <= segment.bytes.end && segment.bytes.end as usize <= len;
        ensure(within, "its bytes are not within the data part")?;
        match &segment.mode {
            DataMode::Passive => {}
            DataMode::Active { memory, offset } => {
                let memory = module.memories.get(memory.index());
                ensure(memory.is_some(), "its memory does not exist")?;
                let index = memory.map_or(ValType::I32, |memory| memory.index.val_type());
                expressions.check(offset, index, module.globals.len(), "data segment", i)?;
            }
        }
    }
    Ok(())
}

/// Every function has code, and every border between host and code has its stub.
fn stubs(manifest: &Manifest, signatures: &[TypeIndex], func_refs: &[FuncIndex]) -> Check {
    let module = &manifest.module;
    let defined = manifest.functions.iter().filter_map(|function| match function.key {
        FuncKey::Defined(index) => Some(index.index()),
        FuncKey::EntryStub(_) | FuncKey::ExitStub(_) | FuncKey::BuiltinStub(_) => None,
    });
    // Keys are ascending, so only the complete list counts up without a gap.
    let complete = defined.eq(0..module.defined_funcs() as usize);
    ensure(complete, "function", 0, "the code of the defined functions is not complete")?;
    for (i, function) in manifest.functions.iter().enumerate() {
        let known = match function.key {
            FuncKey::Defined(_) | FuncKey::BuiltinStub(_) => true,
            FuncKey::EntryStub(ty) | FuncKey::ExitStub(ty) => ty.index() < module.types.len(),
        };
        ensure(known, "code of function", i, "it is a stub for a type that does not exist")?;
    }
    let has = |key| manifest.function(key).is_some();
    let signature = |func: usize| signatures[module.funcs[func].ty.index()];
    for func in func_refs {
        let entry = has(FuncKey::EntryStub(signature(func.index())));
        ensure(entry, "function", func.index(), "the entry stub of its type is missing")?;
    }
    for func in 0..module.imported_funcs as usize {
        ensure(
            has(FuncKey::ExitStub(signature(func))),
            "function",
            func,
            "the exit stub of its type is missing",
        )?;
    }
    Ok(())
}
