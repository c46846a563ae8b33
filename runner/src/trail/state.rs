//! The state that a script can see, and how two engines' states differ.

use super::{ExportKind, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use trapline_abi::Readable;

/// Bytes of the pieces in which a memory's content is kept.
pub const PAGE_BYTES: usize = 4096;

/// Bytes of an exported memory that [`StateView::Exported`] shows at most. Nothing tells which bytes of a memory of another
/// engine were written, so all that are shown are read after each directive.
pub const EXPORTED_MEMORY_BYTES: u64 = 16 << 20;

/// How much of the state is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateView {
    /// All of it: memories, tables, globals and dropped segments, exported or not. Functions are told apart.
    #[default]
    Whole,
    /// What instances export: of memories the length and the first [`EXPORTED_MEMORY_BYTES`], tables, and globals. Of a
    /// function reference only whether it is null.
    Exported,
}

/// A digest of the state. Two engines that ran the same script have the same digest of a view if and only if (but for
/// collisions) the state that the view shows is the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct StateDigest(#[serde(with = "super::wide")] pub u128);

/// A value as it is compared across engines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservedValue {
    /// A reference to a function that the engine tells apart from others.
    Function(FunctionIdentity),
    /// A reference to an object or an exception, by a digest of all that is reached from it.
    Object(#[serde(with = "super::wide")] u128),
    /// A reference to an object or an exception of the state, by its number there.
    Member(u32),
    /// Any other value, or a reference to a function or an object that is not told apart.
    Plain(Value),
}

/// Which function a reference refers to, the same on every engine that ran the same script.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunctionIdentity {
    /// A function that an instance defines.
    Instance {
        /// The instance, counted from 0 in the order of instantiation.
        instance: u32,
        /// The function's index in its module.
        function: u32,
    },
    /// A function of the host, counted from 0 in the order in which they were made.
    Host(u32),
}

impl ObservedValue {
    /// Whether both can be the same value: a function or an exception that one engine does not tell apart can be any.
    pub fn agrees(&self, other: &ObservedValue) -> bool {
        match (self, other) {
            (ObservedValue::Function(_), ObservedValue::Plain(Value::Func))
            | (ObservedValue::Plain(Value::Func), ObservedValue::Function(_))
            | (ObservedValue::Object(_), ObservedValue::Plain(Value::Exn | Value::Struct | Value::Array))
            | (ObservedValue::Plain(Value::Exn | Value::Struct | Value::Array), ObservedValue::Object(_)) => {
                true
            }
            (left, right) => left == right,
        }
    }

    fn hash_into(&self, hasher: &mut blake3::Hasher) {
        let (tag, bits) = match *self {
            ObservedValue::Plain(Value::I32(value)) => (0, value.cast_unsigned().into()),
            ObservedValue::Plain(Value::I64(value)) => (1, value.cast_unsigned().into()),
            ObservedValue::Plain(Value::F32(bits)) => (2, bits.into()),
            ObservedValue::Plain(Value::F64(bits)) => (3, bits.into()),
            ObservedValue::Plain(Value::V128(bits)) => (4, bits),
            ObservedValue::Plain(Value::NullFunc) => (5, 0),
            ObservedValue::Plain(Value::Func) => (6, 0),
            ObservedValue::Plain(Value::NullExtern) => (7, 0),
            ObservedValue::Plain(Value::Extern(value)) => (8, value.into()),
            ObservedValue::Plain(Value::NullExn) => (11, 0),
            ObservedValue::Plain(Value::Exn) => (12, 0),
            ObservedValue::Object(digest) => (13, digest),
            ObservedValue::Member(number) => (14, number.into()),
            ObservedValue::Plain(Value::NullAny) => (15, 0),
            ObservedValue::Plain(Value::I31(value)) => (16, value.cast_unsigned().into()),
            ObservedValue::Plain(Value::Host(value)) => (17, value.into()),
            ObservedValue::Plain(Value::Struct) => (18, 0),
            ObservedValue::Plain(Value::Array) => (19, 0),
            ObservedValue::Plain(Value::Externalized) => (20, 0),
            ObservedValue::Function(FunctionIdentity::Host(function)) => (9, function.into()),
            ObservedValue::Function(FunctionIdentity::Instance { instance, function }) => {
                (10, u128::from(instance) << 32 | u128::from(function))
            }
        };
        hasher.update(&[tag]).update(&bits.to_le_bytes());
    }

    /// The value without what only some engines know of it.
    pub fn plain(&self) -> Value {
        match *self {
            ObservedValue::Function(_) => Value::Func,
            ObservedValue::Object(_) | ObservedValue::Member(_) => Value::Struct,
            ObservedValue::Plain(value) => value,
        }
    }
}

/// The state, written out. It can be large, and is taken only to explain why two digests differ.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct State {
    /// The memories, in the order in which they were made, or are exported.
    pub memories: Vec<MemoryState>,
    /// The tables, likewise.
    pub tables: Vec<TableState>,
    /// The globals, likewise.
    pub globals: Vec<GlobalState>,
    /// The objects that are reached from tables and globals, by number, if the view shows them.
    pub objects: Vec<ObjectState>,
    /// The segments of each instance, if the view shows them.
    pub segments: Vec<SegmentState>,
    /// Whether it holds all of the memories, which may be too large.
    pub whole: bool,
}

impl State {
    /// A digest of what the state consists of; names are left out.
    pub fn digest(&self) -> StateDigest {
        let mut hasher = blake3::Hasher::new();
        let mut number = |value: u64| {
            hasher.update(&value.to_le_bytes());
        };
        number(self.memories.len() as u64);
        number(self.tables.len() as u64);
        number(self.globals.len() as u64);
        for memory in &self.memories {
            hasher.update(&memory.len.to_le_bytes());
            for (page, bytes) in &memory.pages {
                hasher.update(&page.to_le_bytes()).update(bytes);
            }
            hasher.update(&u64::MAX.to_le_bytes());
        }
        for table in &self.tables {
            hasher.update(&table.len.to_le_bytes());
            for (at, value) in &table.elements {
                hasher.update(&at.to_le_bytes());
                value.hash_into(&mut hasher);
            }
            hasher.update(&u64::MAX.to_le_bytes());
        }
        for global in &self.globals {
            global.value.hash_into(&mut hasher);
        }
        for object in &self.objects {
            hasher.update(&(object.values.len() as u64).to_le_bytes());
            object.values.iter().for_each(|value| value.hash_into(&mut hasher));
        }
        for segments in &self.segments {
            for dropped in [&segments.data, &segments.elements] {
                hasher.update(&(dropped.len() as u64).to_le_bytes());
                dropped.iter().for_each(|&dropped| {
                    hasher.update(&[u8::from(dropped)]);
                });
            }
            for values in &segments.values {
                hasher.update(&(values.len() as u64).to_le_bytes());
                values.iter().for_each(|value| value.hash_into(&mut hasher));
            }
        }
        let hash = hasher.finalize();
        let (half, _) = hash.as_bytes().split_at(size_of::<u128>());
        StateDigest(half.iter().rev().fold(0, |sum, &byte| sum << 8 | u128::from(byte)))
    }
}

/// A memory.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct MemoryState {
    /// What it is called: `memory 0 <mem> of instance 2`.
    pub name: String,
    /// Its length in bytes.
    pub len: u64,
    /// Its pages of [`PAGE_BYTES`] that are not all zeros, by number.
    pub pages: BTreeMap<u64, Vec<u8>>,
}

/// A table.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct TableState {
    /// What it is called: `table 0 <tab> of instance 2`.
    pub name: String,
    /// Its length in elements.
    pub len: u64,
    /// Its elements that are not null, by index.
    pub elements: BTreeMap<u64, ObservedValue>,
}

/// A global.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GlobalState {
    /// What it is called: `global 0 <g> of instance 2`.
    pub name: String,
    /// Its value.
    pub value: ObservedValue,
}

/// An object in the heap.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct ObjectState {
    /// What it is called: `object of type 5`, `exception of tag 0`.
    pub name: String,
    /// Its fields or elements, after its descriptor if it has one.
    pub values: Vec<ObservedValue>,
}

/// The name of an exported thing of an instance, counted from 0 in the order of instantiation.
pub fn exported_name(kind: ExportKind, export: &str, instance: usize) -> String {
    format!("{} <{}> of instance {instance}", kind.name(), Readable(export))
}

/// The segments of an instance.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct SegmentState {
    /// Whether each data segment has been dropped.
    pub data: Vec<bool>,
    /// Whether each element segment has been dropped.
    pub elements: Vec<bool>,
    /// For each element segment the elements that are given by expressions, none if it has been dropped.
    #[serde(default)]
    pub values: Vec<Vec<ObservedValue>>,
}

/// One place at which two states differ.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StateDifference {
    /// Where.
    pub place: StatePlace,
    /// What the engine has there that all are compared with.
    pub reference: StateContent,
    /// What the other engine has there.
    pub got: StateContent,
}

/// A place in the state.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatePlace {
    /// How many things of a kind there are.
    Count(StateKind),
    /// The length of a memory or table of this name.
    Length(String),
    /// A byte of a memory.
    Byte {
        /// The memory's name.
        memory: String,
        /// The byte's address.
        address: u64,
    },
    /// An element of a table.
    Element {
        /// The table's name.
        table: String,
        /// The element's index.
        index: u64,
    },
    /// A global of this name.
    Global(String),
    /// What an object is, by its number.
    Object(u32),
    /// A field or element of an object.
    Field {
        /// The object's number.
        number: u32,
        /// What the object is called.
        name: String,
        /// The place among what it holds.
        index: u32,
    },
    /// How many segments of a kind an instance has.
    SegmentCount {
        /// The instance, in the order of instantiation.
        instance: u32,
        /// The kind.
        kind: SegmentKind,
    },
    /// A segment of an instance.
    Segment {
        /// The instance, in the order of instantiation.
        instance: u32,
        /// The kind.
        kind: SegmentKind,
        /// The segment's index.
        index: u32,
    },
    /// An element of a segment.
    SegmentElement {
        /// The instance, in the order of instantiation.
        instance: u32,
        /// The segment's index.
        segment: u32,
        /// The element's index.
        index: u32,
    },
}

/// A kind of thing that a state consists of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "named as the kinds")]
pub enum StateKind {
    Memories,
    Tables,
    Globals,
    Objects,
    Instances,
}

/// A kind of segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "named as the kinds")]
pub enum SegmentKind {
    Data,
    Element,
}

/// What is at a place of a state.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateContent {
    /// A number of things.
    Count(u64),
    /// An object of such a name with so many values.
    Object(String, u64),
    /// A length in bytes.
    Bytes(u64),
    /// A length in elements.
    Elements(u64),
    /// A byte.
    Byte(u8),
    /// A null reference in a table.
    Null,
    /// A value.
    Value(ObservedValue),
    /// A segment that has been dropped, or not.
    Dropped(bool),
}

/// Names the first differing byte of each memory, the first differing element of each table, each differing global, and
/// the first differing segment of each instance. Nothing differs if there is nothing to name.
pub fn state_differences(reference: &State, got: &State) -> Vec<StateDifference> {
    let mut found = Vec::new();
    let counts = [
        (StateKind::Memories, reference.memories.len(), got.memories.len()),
        (StateKind::Tables, reference.tables.len(), got.tables.len()),
        (StateKind::Globals, reference.globals.len(), got.globals.len()),
        (StateKind::Objects, reference.objects.len(), got.objects.len()),
        (StateKind::Instances, reference.segments.len(), got.segments.len()),
    ];
    for (kind, left, right) in counts.into_iter().filter(|(_, left, right)| left != right) {
        found.push(counted(StatePlace::Count(kind), left, right));
    }
    found
        .extend(reference.memories.iter().zip(&got.memories).filter_map(|(left, right)| memory(left, right)));
    found.extend(reference.tables.iter().zip(&got.tables).filter_map(|(left, right)| table(left, right)));
    for (left, right) in reference.globals.iter().zip(&got.globals) {
        if !left.value.agrees(&right.value) {
            let [left_content, right_content] = [left, right].map(|global| StateContent::Value(global.value));
            found.push(difference(StatePlace::Global(left.name.clone()), left_content, right_content));
        }
    }
    for (number, (left, right)) in (0..).zip(reference.objects.iter().zip(&got.objects)) {
        found.extend(object(number, left, right));
    }
    for (instance, (left, right)) in (0..).zip(reference.segments.iter().zip(&got.segments)) {
        found.extend(segments(instance, SegmentKind::Data, &left.data, &right.data));
        found.extend(segments(instance, SegmentKind::Element, &left.elements, &right.elements));
        for (segment, (left, right)) in (0..).zip(left.values.iter().zip(&right.values)) {
            found.extend(segment_element(instance, segment, left, right));
        }
    }
    found
}

fn difference(place: StatePlace, reference: StateContent, got: StateContent) -> StateDifference {
    StateDifference { place, reference, got }
}

fn counted(place: StatePlace, left: usize, right: usize) -> StateDifference {
    difference(place, StateContent::Count(left as u64), StateContent::Count(right as u64))
}

fn memory(left: &MemoryState, right: &MemoryState) -> Option<StateDifference> {
    if left.len != right.len {
        let place = StatePlace::Length(left.name.clone());
        return Some(difference(place, StateContent::Bytes(left.len), StateContent::Bytes(right.len)));
    }
    let numbers = left.pages.keys().chain(right.pages.keys());
    let differing = |number: &&u64| left.pages.get(number) != right.pages.get(number);
    let &number = numbers.filter(differing).min()?;
    let byte = |memory: &MemoryState, at: usize| {
        memory.pages.get(&number).and_then(|page| page.get(at)).copied().unwrap_or(0)
    };
    let at = (0..PAGE_BYTES).find(|&at| byte(left, at) != byte(right, at))?;
    let address = number * PAGE_BYTES as u64 + at as u64;
    let place = StatePlace::Byte { memory: left.name.clone(), address };
    Some(difference(place, StateContent::Byte(byte(left, at)), StateContent::Byte(byte(right, at))))
}

fn table(left: &TableState, right: &TableState) -> Option<StateDifference> {
    if left.len != right.len {
        let place = StatePlace::Length(left.name.clone());
        return Some(difference(place, StateContent::Elements(left.len), StateContent::Elements(right.len)));
    }
    let differs = |at: &&u64| match (left.elements.get(at), right.elements.get(at)) {
        (Some(left), Some(right)) => !left.agrees(right),
        (left, right) => left.is_some() || right.is_some(),
    };
    let &index = left.elements.keys().chain(right.elements.keys()).filter(differs).min()?;
    let content = |table: &TableState| {
        table.elements.get(&index).map_or(StateContent::Null, |&value| StateContent::Value(value))
    };
    let place = StatePlace::Element { table: left.name.clone(), index };
    Some(difference(place, content(left), content(right)))
}

fn object(number: u32, left: &ObjectState, right: &ObjectState) -> Option<StateDifference> {
    if left.name != right.name || left.values.len() != right.values.len() {
        let [left, right] =
            [left, right].map(|object| StateContent::Object(object.name.clone(), object.values.len() as u64));
        return Some(difference(StatePlace::Object(number), left, right));
    }
    let name = left.name.clone();
    let index = left.values.iter().zip(&right.values).position(|(left, right)| !left.agrees(right))?;
    let [left, right] = [left, right].map(|object| StateContent::Value(object.values[index]));
    Some(difference(StatePlace::Field { number, name, index: index as u32 }, left, right))
}

fn segments(instance: u32, kind: SegmentKind, left: &[bool], right: &[bool]) -> Option<StateDifference> {
    if left.len() != right.len() {
        return Some(counted(StatePlace::SegmentCount { instance, kind }, left.len(), right.len()));
    }
    let at = (0..left.len()).find(|&at| left[at] != right[at])?;
    let place = StatePlace::Segment { instance, kind, index: at as u32 };
    Some(difference(place, StateContent::Dropped(left[at]), StateContent::Dropped(right[at])))
}

/// Segments that have not been dropped have as many elements in both.
fn segment_element(
    instance: u32,
    segment: u32,
    left: &[ObservedValue],
    right: &[ObservedValue],
) -> Option<StateDifference> {
    let at = left.iter().zip(right).position(|(left, right)| !left.agrees(right))?;
    let place = StatePlace::SegmentElement { instance, segment, index: at as u32 };
    Some(difference(place, StateContent::Value(left[at]), StateContent::Value(right[at])))
}

#[cfg(test)]
mod tests;
