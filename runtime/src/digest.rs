//! The state that scripts can see, as a digest and as a snapshot.
//!
//! Two stores that ran the same script have the same digest if and only if (but for collisions of
//! 128 bits) their memories, tables, globals and dropped segments are equal. Nothing in a digest is
//! an address or a number that the runtime gives out: functions are known by their place among
//! the instances or the host's functions, host values by what they are, exceptions by tag and content. So digests of different
//! engines, and of different processes, can be compared.

mod contents;
mod pages;
mod snapshot;

pub use snapshot::{MemorySnapshot, Segments, Snapshot, TableSnapshot};

use crate::handle::{Exception, Memory, Table, Val};
use crate::memories::MemoryData;
use crate::store::{Store, StoreInner};
use crate::sys::pagemap::Pagemap;
use crate::tables::TableData;
use pages::{PAGE_SIZE, Pages, SLOTS_PER_PAGE};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use trapline_abi::vmlayout::{VMFuncRef, ValRaw};
use trapline_abi::{FuncIndex, TypeId, ValType};

/// A digest of all state that a script can see.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct StateDigest(u128);

impl StateDigest {
    /// The digest as a number.
    pub const fn to_bits(self) -> u128 {
        self.0
    }
}

impl fmt::Display for StateDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Which function a reference refers to, the same in every store that ran the same script.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum FuncIdentity {
    /// A function that an instance defines.
    Instance {
        /// The instance, counted from 0 in the order of instantiation.
        instance: u32,
        /// The function's index in its module.
        func: u32,
    },
    /// A function of the host, counted from 0 in the order in which they were made.
    Host(u32),
}

/// A value without anything that only one store knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum StateValue {
    /// A 32-bit integer.
    I32(u32),
    /// A 64-bit integer.
    I64(u64),
    /// A binary32 float, as bits.
    F32(u32),
    /// A binary64 float, as bits.
    F64(u64),
    /// A vector; lane 0 is in the lowest bits.
    V128(u128),
    /// A function reference, or null.
    Func(Option<FuncIdentity>),
    /// A host value, or null.
    Extern(Option<u32>),
    /// An exception by a digest of its tag and of all that it carries, or null. Tags are counted in the order in which they
    /// were made.
    Exception(Option<u128>),
}

impl fmt::Display for FuncIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FuncIdentity::Instance { instance, func } => write!(f, "function {func} of instance {instance}"),
            FuncIdentity::Host(func) => write!(f, "host function {func}"),
        }
    }
}

impl fmt::Display for StateValue {
    /// The type, then the value in decimal and its bits in hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StateValue::I32(bits) => write!(f, "i32 {} ({bits:#010x})", bits.cast_signed()),
            StateValue::I64(bits) => write!(f, "i64 {} ({bits:#018x})", bits.cast_signed()),
            StateValue::F32(bits) => write!(f, "f32 {:?} ({bits:#010x})", f32::from_bits(*bits)),
            StateValue::F64(bits) => write!(f, "f64 {:?} ({bits:#018x})", f64::from_bits(*bits)),
            StateValue::V128(bits) => write!(f, "v128 {bits:#034x}"),
            StateValue::Func(None) => f.write_str("ref.null func"),
            StateValue::Func(Some(func)) => write!(f, "ref.func {func}"),
            StateValue::Extern(None) => f.write_str("ref.null extern"),
            StateValue::Extern(Some(value)) => write!(f, "ref.extern {value}"),
            StateValue::Exception(None) => f.write_str("ref.null exn"),
            StateValue::Exception(Some(digest)) => write!(f, "ref.exn with contents {digest:032x}"),
        }
    }
}

impl StateValue {
    /// A number for the type, so that equal bits of different types differ.
    fn tag(self) -> u8 {
        match self {
            StateValue::I32(_) => 0,
            StateValue::I64(_) => 1,
            StateValue::F32(_) => 2,
            StateValue::F64(_) => 3,
            StateValue::V128(_) => 4,
            StateValue::Func(_) => 5,
            StateValue::Extern(_) => 6,
            StateValue::Exception(_) => 7,
        }
    }

    fn bits(self) -> u128 {
        match self {
            StateValue::I32(bits) | StateValue::F32(bits) => bits.into(),
            StateValue::I64(bits) | StateValue::F64(bits) => bits.into(),
            StateValue::V128(bits) => bits,
            StateValue::Func(func) => func.map_or(0, func_number).into(),
            StateValue::Extern(value) => value.map_or(0, extern_number).into(),
            StateValue::Exception(digest) => digest.unwrap_or(0),
        }
    }
}

/// A reference as a number that is not 0, which is null.
fn func_number(func: FuncIdentity) -> u64 {
    match func {
        // No store has 2^30 instances.
        FuncIdentity::Instance { instance, func } => 1 << 62 | u64::from(instance) << 32 | u64::from(func),
        FuncIdentity::Host(func) => 2 << 62 | u64::from(func),
    }
}

fn extern_number(value: u32) -> u64 {
    3 << 62 | u64::from(value)
}

impl Store {
    /// A digest of all state that a script can see. To have one after each of many steps, take
    /// a [`Digester`], which looks only at what has changed.
    pub fn digest(&self) -> StateDigest {
        Digester::new().digest(self)
    }
}

/// Takes digests of one store again and again. It keeps a copy of what it saw last and hashes only
/// the pages (4 KiB) that are another; pages of zeros cost neither a copy nor a hash, and in large
/// memories those that were never touched cost nothing.
#[derive(Default, Debug)]
pub struct Digester {
    memories: Vec<Pages>,
    tables: Vec<Pages>,
    functions: Functions,
    pagemap: Option<Pagemap>,
    /// Room for what is hashed whole each time.
    rest: Vec<u8>,
}

/// Which function each reference stands for.
#[derive(Default, Debug)]
struct Functions {
    by_address: FxHashMap<usize, FuncIdentity>,
    instances: usize,
    hosts: usize,
}

impl Functions {
    /// Learns of the functions that are new in a store.
    fn learn(&mut self, store: &StoreInner) {
        for (number, instance) in store.instances.iter().enumerate().skip(self.instances) {
            let info = instance.module.info();
            for (index, func) in info.funcs.iter().enumerate().skip(info.imported_funcs as usize) {
                if func.func_ref.is_some() {
                    let reference = instance.func_ref(FuncIndex::new(index as u32));
                    let identity = FuncIdentity::Instance { instance: number as u32, func: index as u32 };
                    self.by_address.insert(reference.addr(), identity);
                }
            }
        }
        self.instances = store.instances.len();
        for (number, host) in store.funcs.iter().enumerate().skip(self.hosts) {
            self.by_address.insert(host.reference().addr(), FuncIdentity::Host(number as u32));
        }
        self.hosts = store.funcs.len();
    }

    /// The function behind a reference of the store that was learned from.
    fn identity(&self, reference: *const VMFuncRef) -> FuncIdentity {
        match self.by_address.get(&reference.addr()) {
            Some(identity) => *identity,
            None => unreachable!("every function of a store is one of its instances' or of its host's"),
        }
    }

    fn value(&self, store: &StoreInner, val: Val) -> StateValue {
        match val {
            Val::I32(value) => StateValue::I32(value.cast_unsigned()),
            Val::I64(value) => StateValue::I64(value.cast_unsigned()),
            Val::F32(bits) => StateValue::F32(bits),
            Val::F64(bits) => StateValue::F64(bits),
            Val::V128(bits) => StateValue::V128(bits),
            Val::FuncRef(func) => StateValue::Func(func.map(|func| self.identity(func.ptr.as_ptr()))),
            Val::ExternRef(value) => StateValue::Extern(value),
            Val::ExnRef(exception) => {
                let digest = |exception: Exception| contents::digest(self, store, exception.reference);
                StateValue::Exception(exception.map(digest))
            }
        }
    }

    /// A value of a type as compiled code holds it. Exceptions are looked at without a handle, which would keep them.
    fn raw(&self, store: &StoreInner, raw: ValRaw, ty: ValType<TypeId>) -> StateValue {
        match contents::exception(raw, ty) {
            None => self.value(store, store.lift(raw, ty)),
            Some(exception) => {
                StateValue::Exception(exception.map(|exception| contents::digest(self, store, exception)))
            }
        }
    }

    /// What a slot of a table holds.
    fn slot(&self, store: &StoreInner, table: u32, slot: u64) -> StateValue {
        let ty = ValType::Ref(store.tables[table].ty.element);
        self.raw(store, ValRaw::from_u64(slot), ty)
    }
}

impl Digester {
    /// One that has seen nothing yet. It may be used with one store only.
    pub fn new() -> Digester {
        Digester::default()
    }

    /// A digest of the store as it is now.
    pub fn digest(&mut self, store: &Store) -> StateDigest {
        self.look(store);
        let inner = store.inner();
        let mut rest = std::mem::take(&mut self.rest);
        rest.clear();
        for (kind, pages) in [(0, &self.memories), (1, &self.tables)] {
            rest.push(kind);
            rest.extend((pages.len() as u64).to_le_bytes());
            for pages in pages {
                rest.extend(pages.len().to_le_bytes());
                rest.extend(pages.sum().to_le_bytes());
            }
        }
        rest.push(2);
        for global in &inner.globals.all {
            let value = self.functions.raw(inner, global.raw(), global.ty.val);
            rest.push(value.tag());
            rest.extend(value.bits().to_le_bytes());
        }
        rest.push(3);
        for instance in inner.instances.iter() {
            rest.push(4);
            rest.extend(instance.data.iter().map(|dropped| u8::from(dropped.is_some())));
            rest.push(5);
            rest.extend(instance.elements.iter().map(|segment| u8::from(segment.dropped.is_some())));
        }
        rest.push(6);
        self.exceptions_in_tables(inner, &mut rest);
        self.rest = rest;
        StateDigest(hash(&self.rest))
    }

    /// Writes down the exceptions that tables hold. Their slots do not tell when another exception has come: it may have the
    /// number of one that was freed.
    fn exceptions_in_tables(&self, store: &StoreInner, into: &mut Vec<u8>) {
        let of_exceptions =
            |table: &TableData| table.ty.element.heap.hierarchy() == trapline_abi::Hierarchy::Exn;
        for (index, _) in (0..).zip(store.tables.iter()).filter(|(_, table)| of_exceptions(table)) {
            for (number, raw) in self.tables[index as usize].iter() {
                let first = number * SLOTS_PER_PAGE as u64;
                for (at, slot) in (first..).zip(pages::slots(raw)).filter(|&(_, slot)| slot != 0) {
                    into.extend(at.to_le_bytes());
                    into.extend(self.functions.slot(store, index, slot).bits().to_le_bytes());
                }
            }
        }
    }

    /// The store as it is now.
    pub fn snapshot(&mut self, store: &Store) -> Snapshot {
        self.look(store);
        snapshot::take(self, store)
    }

    /// A value of the store in terms that do not depend on the store.
    pub fn value(&mut self, store: &Store, val: Val) -> StateValue {
        if let Val::FuncRef(Some(_)) = val {
            self.functions.learn(store.inner());
        }
        self.functions.value(store.inner(), val)
    }

    /// Brings everything up to date.
    fn look(&mut self, store: &Store) {
        let inner = store.inner();
        self.functions.learn(inner);
        self.memories.resize_with(inner.memories.len(), Pages::default);
        for (index, pages) in (0..).zip(&mut self.memories) {
            let memory = Memory { store: inner.id, index };
            let touched = touched(&mut self.pagemap, inner.memory(memory));
            let read = |at: u64, into: &mut [u8; PAGE_SIZE]| {
                let len = (memory.data_size(store) - at).min(PAGE_SIZE as u64) as usize;
                // The range is that of the memory, which does not shrink.
                let read = memory.read(store, at, &mut into[..len]);
                debug_assert!(read.is_ok());
            };
            pages.update(memory.data_size(store), 1, touched.as_deref(), read, |raw| *raw);
        }
        let functions = &self.functions;
        self.tables.resize_with(inner.tables.len(), Pages::default);
        for (index, pages) in (0..).zip(&mut self.tables) {
            let table = inner.table(Table { store: inner.id, index });
            let read = |at: u64, into: &mut [u8; PAGE_SIZE]| {
                let len = (table.len() - at).min(SLOTS_PER_PAGE as u64) as usize;
                let mut slots = [0; SLOTS_PER_PAGE];
                table.read(at, &mut slots[..len]);
                for (bytes, slot) in into.chunks_exact_mut(size_of::<u64>()).zip(slots) {
                    bytes.copy_from_slice(&slot.to_ne_bytes());
                }
            };
            let canonical = |raw: &[u8; PAGE_SIZE]| {
                let mut canonical = [0; PAGE_SIZE];
                for (bytes, slot) in canonical.chunks_exact_mut(size_of::<u64>()).zip(pages::slots(raw)) {
                    let bits = match functions.slot(inner, index, slot) {
                        StateValue::Exception(exception) => exception.is_some().into(),
                        value => value.bits() as u64,
                    };
                    bytes.copy_from_slice(&bits.to_le_bytes());
                }
                canonical
            };
            pages.update(table.len(), size_of::<u64>() as u64, None, read, canonical);
        }
    }
}

/// Bytes of a memory from which on it costs less to ask which pages were touched than to read them all.
const LARGE: u64 = 1 << 20;

/// The pages of a memory that can hold something other than zeros, if that is known: of large memories, where
/// the system tells. Without it the digest is the same, and takes longer.
fn touched(pagemap: &mut Option<Pagemap>, memory: &MemoryData) -> Option<Vec<Range<u64>>> {
    let len = memory.len();
    let base = memory.range(0, len).filter(|_| len >= LARGE)?;
    let unknown = |error: std::io::Error| {
        tracing::debug!(%error, "reading all pages of a large memory, since /proc/self/pagemap does not say which");
    };
    if pagemap.is_none() {
        *pagemap = Pagemap::open().map_err(unknown).ok();
    }
    pagemap.as_ref()?.touched(base.addr(), usize::try_from(len).ok()?).map_err(unknown).ok()
}

/// The first 128 bits of a BLAKE3 hash.
fn hash(bytes: &[u8]) -> u128 {
    first_half(&blake3::hash(bytes))
}

fn first_half(hash: &blake3::Hash) -> u128 {
    let (half, _) = hash.as_bytes().split_at(size_of::<u128>());
    half.iter().rev().fold(0, |sum, &byte| sum << 8 | u128::from(byte))
}

#[cfg(test)]
mod tests;
