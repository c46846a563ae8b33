//! The state that scripts can see, written out.

use super::graph::{Graph, Kind};
use super::pages::{PAGE_SIZE, SLOTS_PER_PAGE};
use super::{Digester, StateValue};
use crate::instances::InstanceData;
use crate::store::{Store, StoreInner};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{EntityIndex, GlobalIndex, MemoryIndex, Readable, TableIndex, ValType};

/// The state that a script can see, in terms that do not depend on the store: what a digest is taken
/// of. It can be large, and is only taken to explain why two digests differ.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// The memories, in the order in which they were made.
    pub memories: Vec<MemorySnapshot>,
    /// The tables, likewise.
    pub tables: Vec<TableSnapshot>,
    /// The globals with their names, likewise.
    pub globals: Vec<(String, StateValue)>,
    /// The objects that are reached from tables, globals and element segments, by the numbers that values have.
    pub objects: Vec<ObjectSnapshot>,
    /// The segments of each instance.
    pub instances: Vec<Segments>,
    /// Whether it holds all of the memories, which may be more than [`Snapshot::MAX_BYTES`], and all objects.
    pub whole: bool,
}

/// A memory.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct MemorySnapshot {
    /// What it is called: `memory 0 <mem> of instance 2`.
    pub name: String,
    /// Its length in bytes.
    pub len: u64,
    /// Its pages (4 KiB) that are not all zeros, by number.
    pub pages: BTreeMap<u64, Vec<u8>>,
}

/// A table.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct TableSnapshot {
    /// What it is called: `table 0 <tab> of instance 2`.
    pub name: String,
    /// Its length in elements.
    pub len: u64,
    /// Its elements that are not null, by index.
    pub elements: BTreeMap<u64, StateValue>,
}

/// An object.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct ObjectSnapshot {
    /// What it is called: `object of type 5`, `exception of tag 0`.
    pub name: String,
    /// Its fields or elements, after its descriptor if it has one.
    pub values: Vec<StateValue>,
}

/// The segments of an instance.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Segments {
    /// Whether each data segment has been dropped.
    pub data: Vec<bool>,
    /// Whether each element segment has been dropped.
    pub elements: Vec<bool>,
    /// For each element segment the elements that are given by expressions, none if it has been dropped.
    pub values: Vec<Vec<StateValue>>,
}

impl Snapshot {
    /// Bytes of memories that a snapshot holds at most.
    pub const MAX_BYTES: usize = 256 << 20;
}

/// Objects, fields and elements that a snapshot holds at most.
const MAX_VALUES: u64 = 4 << 20;

/// Writes down what a digester has seen of a store.
pub(super) fn take<'g>(digester: &Digester, store: &'g Store, graph: &mut Graph<'g>) -> Snapshot {
    let inner = store.inner();
    let names = Names::new(inner);
    let mut room = Snapshot::MAX_BYTES / PAGE_SIZE;
    let mut whole = true;
    let memories = digester.memories.iter().zip(names.memories).map(|(memory, name)| {
        let mut pages = BTreeMap::new();
        for (number, raw) in memory.iter() {
            if room == 0 {
                whole = false;
                break;
            }
            room -= 1;
            pages.insert(number, raw.to_vec());
        }
        MemorySnapshot { name, len: memory.len(), pages }
    });
    let memories = memories.collect();
    let tables = inner.tables.iter().zip(&digester.tables).zip(names.tables).map(|((table, seen), name)| {
        let element = ValType::Ref(table.ty.element);
        let mut elements = BTreeMap::new();
        // Most of a large table is often null, and a page of nulls is not kept.
        for (number, _) in seen.iter() {
            let first = number * SLOTS_PER_PAGE as u64;
            let mut slots = [0; SLOTS_PER_PAGE];
            let len = (table.len() - first).min(SLOTS_PER_PAGE as u64) as usize;
            table.read(first, &mut slots[..len]);
            let used = (first..).zip(slots).filter(|&(_, slot)| slot != 0);
            elements.extend(used.map(|(at, slot)| (at, graph.value(ValRaw::from_u64(slot), element))));
        }
        TableSnapshot { name, len: table.len(), elements }
    });
    let tables = tables.collect();
    let globals = inner.globals.all.iter().zip(names.globals);
    let globals = globals.map(|(global, name)| (name, graph.value(global.raw(), global.ty.val))).collect();
    let segments = |instance: &'g InstanceData| Segments {
        data: instance.data.iter().map(Option::is_some).collect(),
        elements: instance.elements.iter().map(|segment| segment.dropped.is_some()).collect(),
        values: (0..instance.elements.len() as u32).map(|at| graph.segment(instance, at).collect()).collect(),
    };
    let instances = inner.instances.iter().map(segments).collect();
    let (mut objects, mut room) = (Vec::new(), MAX_VALUES);
    while objects.len() < graph.len() {
        let number = objects.len();
        // An object of no values counts as well.
        let Some(rest) = room.checked_sub(1 + graph.count(number)) else {
            whole = false;
            break;
        };
        room = rest;
        let name = match graph.kind(number) {
            Kind::Object(ty) => format!("object of type {ty}"),
            Kind::Exception(tag) => format!("exception of tag {tag}"),
        };
        let mut values = Vec::new();
        graph.values(number, |value| values.push(value));
        objects.push(ObjectSnapshot { name, values });
    }
    Snapshot { memories, tables, globals, objects, instances, whole }
}

/// What people call the entities of a store: by the instance that defines them.
struct Names {
    memories: Vec<String>,
    tables: Vec<String>,
    globals: Vec<String>,
}

impl Names {
    fn new(store: &StoreInner) -> Names {
        let host =
            |kind: &str, count: usize| (0..count).map(|at| format!("{kind} {at} of the host")).collect();
        let mut names = Names {
            memories: host("memory", store.memories.len()),
            tables: host("table", store.tables.len()),
            globals: host("global", store.globals.all.len()),
        };
        for (number, instance) in store.instances.iter().enumerate() {
            let info = instance.module.info();
            let name = |kind: &str, at: usize, entity: EntityIndex| {
                let export = info.exports.iter().find(|export| export.index == entity);
                let export =
                    export.map(|export| format!(" <{}>", Readable(&export.name))).unwrap_or_default();
                format!("{kind} {at}{export} of instance {number}")
            };
            for (at, &place) in instance.memories.iter().enumerate().skip(info.imported_memories as usize) {
                let entity = EntityIndex::Memory(MemoryIndex::new(at as u32));
                names.memories[place as usize] = name("memory", at, entity);
            }
            for (at, &place) in instance.tables.iter().enumerate().skip(info.imported_tables as usize) {
                let entity = EntityIndex::Table(TableIndex::new(at as u32));
                names.tables[place as usize] = name("table", at, entity);
            }
            for (at, &place) in instance.globals.iter().enumerate().skip(info.imported_globals as usize) {
                let entity = EntityIndex::Global(GlobalIndex::new(at as u32));
                names.globals[place as usize] = name("global", at, entity);
            }
        }
        names
    }
}
