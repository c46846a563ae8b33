//! The state of a store in terms of executors.

use crate::trail::{
    EXPORTED_MEMORY_BYTES, Exception, ExportKind, FunctionIdentity, GlobalState, MemoryState, ObjectState,
    ObservedValue, PAGE_BYTES, SegmentState, State, TableState, TagInfo, Value, exported_name,
};
use trapline_runtime::digest::{FuncIdentity, Segments, Snapshot, StateValue};
use trapline_runtime::{Extern, Instance, Memory, Store, Table, UncaughtException};

impl From<StateValue> for ObservedValue {
    fn from(value: StateValue) -> ObservedValue {
        ObservedValue::Plain(match value {
            StateValue::I32(bits) => Value::I32(bits.cast_signed()),
            StateValue::I64(bits) => Value::I64(bits.cast_signed()),
            StateValue::F32(bits) => Value::F32(bits),
            StateValue::F64(bits) => Value::F64(bits),
            StateValue::V128(bits) => Value::V128(bits),
            StateValue::Func(None) => Value::NullFunc,
            StateValue::Func(Some(FuncIdentity::Instance { instance, func })) => {
                return ObservedValue::Function(FunctionIdentity::Instance { instance, function: func });
            }
            StateValue::Func(Some(FuncIdentity::Host(func))) => {
                return ObservedValue::Function(FunctionIdentity::Host(func));
            }
            StateValue::Null(hierarchy) => Value::null(hierarchy),
            StateValue::Extern(value) => Value::Extern(value),
            StateValue::I31(value) => Value::I31(value),
            StateValue::Object(number) => return ObservedValue::Member(number),
            StateValue::Graph(digest) => return ObservedValue::Object(digest),
        })
    }
}

impl From<Snapshot> for State {
    fn from(snapshot: Snapshot) -> State {
        let Snapshot { memories, tables, globals, objects, instances, whole } = snapshot;
        let memories = memories.into_iter();
        let tables = tables.into_iter().map(|table| TableState {
            name: table.name,
            len: table.len,
            elements: table.elements.into_iter().map(|(at, value)| (at, value.into())).collect(),
        });
        let globals = globals.into_iter().map(|(name, value)| GlobalState { name, value: value.into() });
        let objects = objects.into_iter().map(|object| ObjectState {
            name: object.name,
            values: object.values.into_iter().map(ObservedValue::from).collect(),
        });
        let segments = |Segments { data, elements, values }: Segments| {
            let values =
                values.into_iter().map(|values| values.into_iter().map(ObservedValue::from).collect());
            SegmentState { data, elements, values: values.collect() }
        };
        State {
            memories: memories
                .map(|memory| MemoryState { name: memory.name, len: memory.len, pages: memory.pages })
                .collect(),
            tables: tables.collect(),
            globals: globals.collect(),
            objects: objects.collect(),
            segments: instances.into_iter().map(segments).collect(),
            whole,
        }
    }
}

/// An exception that nothing has caught, as plain data.
pub(crate) fn exception(store: &Store, uncaught: &UncaughtException) -> Exception {
    let UncaughtException { tag, payload, .. } = uncaught;
    let name = tag.export_name(store).map(str::to_owned);
    let tag = Some(TagInfo { identity: tag.identity(store).into(), name });
    Exception { tag, payload: payload.iter().map(Value::from).collect() }
}

/// What instances export, in the order of instances and of names.
pub(super) fn exported<'i>(store: &Store, instances: impl Iterator<Item = &'i Instance>) -> State {
    let mut state = State { whole: true, ..State::default() };
    for (number, instance) in instances.enumerate() {
        let mut exports: Vec<_> = instance.exports(store).collect();
        exports.sort_unstable_by_key(|&(name, _)| name);
        for (export, item) in exports {
            let name = |kind| exported_name(kind, export, number);
            match item {
                Extern::Func(_) | Extern::Tag(_) => {}
                Extern::Global(global) => {
                    let value = ObservedValue::Plain(Value::from(&global.get(store)));
                    state.globals.push(GlobalState { name: name(ExportKind::Global), value });
                }
                Extern::Memory(item) => state.memories.push(memory(store, item, name(ExportKind::Memory))),
                Extern::Table(item) => state.tables.push(table(store, item, name(ExportKind::Table))),
            }
        }
    }
    state
}

fn memory(store: &Store, memory: Memory, name: String) -> MemoryState {
    let len = memory.data_size(store);
    let mut state = MemoryState { name, len, ..MemoryState::default() };
    let mut page = vec![0; PAGE_BYTES];
    let mut at = 0;
    while at < len.min(EXPORTED_MEMORY_BYTES) {
        let size = (len - at).min(PAGE_BYTES as u64) as usize;
        // The range is that of the memory, which does not shrink.
        if memory.read(store, at, &mut page[..size]).is_ok() && page[..size].iter().any(|&byte| byte != 0) {
            state.pages.insert(at / PAGE_BYTES as u64, page[..size].to_vec());
        }
        at += PAGE_BYTES as u64;
    }
    state
}

fn table(store: &Store, table: Table, name: String) -> TableState {
    let len = table.size(store);
    let value = |at| Some(Value::from(&table.get(store, at)?));
    let elements = (0..len).filter_map(|at| Some((at, value(at)?)));
    let elements = elements.filter(|(_, value)| !value.is_null());
    TableState {
        name,
        len,
        elements: elements.map(|(at, value)| (at, ObservedValue::Plain(value))).collect(),
    }
}
