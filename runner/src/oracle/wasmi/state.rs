//! The state of a store of wasmi's, as far as instances export it.

use super::convert;
use crate::trail::{
    EXPORTED_MEMORY_BYTES, ExportKind, GlobalState, MemoryState, ObservedValue, PAGE_BYTES, State,
    TableState, Value, exported_name,
};
use wasmi::{Extern, Instance, Memory, Store, StoreLimits, Table};

/// What instances export, in the order of instances and of names.
pub(super) fn exported(store: &Store<StoreLimits>, instances: &[Instance]) -> State {
    let mut state = State { whole: true, ..State::default() };
    for (number, instance) in instances.iter().enumerate() {
        let mut exports: Vec<_> = instance.exports(store).collect();
        exports.sort_unstable_by(|left, right| left.name().cmp(right.name()));
        for export in exports {
            let name = |kind| exported_name(kind, export.name(), number);
            match export.clone().into_extern() {
                Extern::Func(_) => {}
                Extern::Global(global) => {
                    let value = convert::value(store, &global.get(store)).unwrap_or(Value::NullExtern);
                    let value = ObservedValue::Plain(value);
                    state.globals.push(GlobalState { name: name(ExportKind::Global), value });
                }
                Extern::Memory(item) => state.memories.push(memory(store, item, name(ExportKind::Memory))),
                Extern::Table(item) => state.tables.push(table(store, item, name(ExportKind::Table))),
            }
        }
    }
    state
}

fn memory(store: &Store<StoreLimits>, memory: Memory, name: String) -> MemoryState {
    let data = memory.data(store);
    let shown = &data[..data.len().min(EXPORTED_MEMORY_BYTES as usize)];
    let pages = (0..).zip(shown.chunks(PAGE_BYTES));
    let written = pages.filter(|(_, page)| page.iter().any(|&byte| byte != 0));
    MemoryState {
        name,
        len: data.len() as u64,
        pages: written.map(|(at, page)| (at, page.to_vec())).collect(),
    }
}

fn table(store: &Store<StoreLimits>, table: Table, name: String) -> TableState {
    let len = table.size(store);
    let value = |at| convert::reference(store, &table.get(store, at)?);
    let elements = (0..len).filter_map(|at| Some((at, value(at)?)));
    let elements = elements.filter(|(_, value)| !value.is_null());
    TableState {
        name,
        len,
        elements: elements.map(|(at, value)| (at, ObservedValue::Plain(value))).collect(),
    }
}
