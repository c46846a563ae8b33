//! The state that scripts can see, as a digest and as a snapshot.
//!
//! Two stores that ran the same script have the same digest if and only if (but for collisions of
//! 128 bits) their memories, tables, globals and segments are equal, and the objects that these refer to. Nothing in a digest is
//! an address or a number that the runtime gives out: functions are known by their place among
//! the instances or the host's functions, host values by what they are, exceptions by tag and content. So digests of different
//! engines, and of different processes, can be compared.

mod functions;
mod graph;
mod pages;
mod snapshot;
mod stream;
mod value;

pub use snapshot::{MemorySnapshot, ObjectSnapshot, Segments, Snapshot, TableSnapshot};
pub use value::{FuncIdentity, StateValue};

use crate::handle::{AnyRef, Memory, Table, Val};
use crate::store::Store;
use crate::sys::pagemap::Pagemap;
use functions::Functions;
use graph::Graph;
use pages::{PAGE_SIZE, Pages, SLOTS_PER_PAGE, ZEROS};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use stream::Stream;
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{Representation, ValType};

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

impl Store {
    /// A digest of all state that a script can see. To have one after each of many steps, take
    /// a [`Digester`], which looks only at what has changed.
    pub fn digest(&self) -> StateDigest {
        Digester::new().digest(self)
    }
}

/// Takes digests of one store again and again. It keeps a copy of what it saw last and hashes only
/// the pages (4 KiB) that are another; pages of zeros cost neither a copy nor a hash, and in large
/// memories and tables those that were never touched cost nothing.
#[derive(Default, Debug)]
pub struct Digester {
    memories: Vec<Pages>,
    tables: Vec<Pages>,
    functions: Functions,
    pagemap: Option<Pagemap>,
    /// What is hashed whole each time.
    rest: Stream,
}

impl Digester {
    /// One that has seen nothing yet. It may be used with one store only.
    pub fn new() -> Digester {
        Digester::default()
    }

    /// A digest of the store as it is now.
    pub fn digest(&mut self, store: &Store) -> StateDigest {
        let inner = store.inner();
        self.functions.learn(inner);
        let functions = std::mem::take(&mut self.functions);
        let mut graph = Graph::new(inner, &functions);
        self.look(store, &mut graph);
        let mut rest = std::mem::take(&mut self.rest);
        for (kind, pages) in [(0, &self.memories), (1, &self.tables)] {
            rest.push(kind);
            rest.extend(&(pages.len() as u64).to_le_bytes());
            for pages in pages {
                rest.extend(&pages.len().to_le_bytes());
                rest.extend(&pages.sum().to_le_bytes());
            }
        }
        rest.push(2);
        for global in &inner.globals.all {
            graph.value(global.raw(), global.ty.val).write_to(&mut rest);
        }
        rest.push(3);
        for instance in inner.instances.iter() {
            rest.push(4);
            instance.data.iter().for_each(|dropped| rest.push(dropped.is_some().into()));
            rest.push(5);
            for (at, segment) in (0..).zip(&instance.elements) {
                rest.push(segment.dropped.is_some().into());
                graph.segment(instance, at).for_each(|value| value.write_to(&mut rest));
            }
        }
        rest.push(6);
        graph.describe(&mut rest);
        self.functions = functions;
        let digest = StateDigest(rest.finish());
        self.rest = rest;
        digest
    }

    /// The store as it is now.
    pub fn snapshot(&mut self, store: &Store) -> Snapshot {
        let inner = store.inner();
        self.functions.learn(inner);
        let functions = std::mem::take(&mut self.functions);
        let mut graph = Graph::new(inner, &functions);
        self.look(store, &mut graph);
        let snapshot = snapshot::take(self, store, &mut graph);
        self.functions = functions;
        snapshot
    }

    /// A value of the store in terms that do not depend on the store.
    pub fn value(&mut self, store: &Store, val: &Val) -> StateValue {
        if let Val::AnyRef(Some(AnyRef::Host(value))) | Val::ExternRef(Some(AnyRef::Host(value))) = val {
            return StateValue::Extern(*value);
        }
        let inner = store.inner();
        self.functions.learn(inner);
        let mut graph = Graph::new(inner, &self.functions);
        match graph.value(inner.lower_plain(val), val.ty()) {
            StateValue::Object(_) => {
                let mut contents = Stream::default();
                graph.describe(&mut contents);
                StateValue::Graph(contents.finish())
            }
            other => other,
        }
    }

    /// Brings everything up to date. The graph meets what tables refer to.
    fn look(&mut self, store: &Store, graph: &mut Graph<'_>) {
        let inner = store.inner();
        self.memories.resize_with(inner.memories.len(), Pages::default);
        for (index, pages) in (0..).zip(&mut self.memories) {
            let memory = Memory { store: inner.id, index };
            let data = inner.memory(memory);
            let touched = touched(&mut self.pagemap, data.range(0, data.len()), data.len());
            let changed = |at: u64, known: &[u8; PAGE_SIZE]| {
                let len = (data.len() - at).min(PAGE_SIZE as u64);
                let Ok(span) = data.span_or_error(at, len) else {
                    unreachable!("the range is that of the memory, which does not shrink")
                };
                if span.is(&known[..len as usize]) {
                    return None;
                }
                let mut now = ZEROS;
                span.read(&mut now[..len as usize]);
                Some(now)
            };
            pages.update(data.len(), 1, touched.as_deref(), changed, |raw| *raw);
        }
        self.tables.resize_with(inner.tables.len(), Pages::default);
        for (index, pages) in (0..).zip(&mut self.tables) {
            let table = inner.table(Table { store: inner.id, index });
            let element = ValType::Ref(table.ty.element);
            let slots_from = |at: u64| (table.len() - at).min(SLOTS_PER_PAGE as u64) as usize;
            let read = |at: u64| {
                let mut slots = [0; SLOTS_PER_PAGE];
                table.read(at, &mut slots[..slots_from(at)]);
                let mut page = ZEROS;
                for (bytes, slot) in page.chunks_exact_mut(size_of::<u64>()).zip(slots) {
                    bytes.copy_from_slice(&slot.to_le_bytes());
                }
                page
            };
            let mut name = |page: &mut [u8; PAGE_SIZE]| {
                for bytes in page.chunks_exact_mut(size_of::<u64>()).filter(|bytes| **bytes != [0; 8]) {
                    let value = graph.value(ValRaw::from_u64(slot_of(bytes)), element);
                    bytes.copy_from_slice(&(value.bits() as u64).to_le_bytes());
                }
            };
            let (len, item) = (table.len(), size_of::<u64>() as u64);
            let slots = table.range(0, len).map(|slots| slots.cast::<u8>());
            let touched = touched(&mut self.pagemap, slots, len * item);
            let touched = touched.as_deref();
            match table.ty.element.representation() {
                Representation::FuncPointer => {
                    let changed = |at: u64, known: &[u8; PAGE_SIZE]| {
                        let known = known.chunks_exact(size_of::<u64>()).map(slot_of).take(slots_from(at));
                        (!table.holds(at, known)).then(|| read(at))
                    };
                    pages.update(len, item, touched, changed, |raw| {
                        let mut page = *raw;
                        name(&mut page);
                        page
                    });
                }
                // The object behind a slot is compared, and not its bits: objects move.
                Representation::HeapIndex => {
                    let changed = |at: u64, known: &[u8; PAGE_SIZE]| {
                        let mut page = read(at);
                        name(&mut page);
                        (page != *known).then_some(page)
                    };
                    pages.update(len, item, touched, changed, |raw| *raw);
                }
            }
        }
    }
}

/// The slot that has these eight bytes.
fn slot_of(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |slot, &byte| slot << 8 | u64::from(byte))
}

/// Bytes of a memory or a table from which on it costs less to ask which pages were touched than to read them all. Those that are
/// as large are mappings of their own.
const LARGE: u64 = 1 << 20;

/// The pages of `len` bytes that can hold something other than zeros, if that is known: of many bytes, where the system
/// tells. Without it the digest is the same, and takes longer.
fn touched(pagemap: &mut Option<Pagemap>, base: Option<*mut u8>, len: u64) -> Option<Vec<Range<u64>>> {
    let base = base.filter(|base| len >= LARGE && base.addr().is_multiple_of(PAGE_SIZE))?;
    let unknown = |error: std::io::Error| {
        tracing::debug!(%error, "reading all pages of a large memory or table, since /proc/self/pagemap does not say which");
    };
    if pagemap.is_none() {
        *pagemap = Pagemap::open().map_err(unknown).ok();
    }
    pagemap.as_ref()?.touched(base.addr(), usize::try_from(len).ok()?).map_err(unknown).ok()
}

/// The first 128 bits of a BLAKE3 hash.
fn first_half(hash: &blake3::Hash) -> u128 {
    let (half, _) = hash.as_bytes().split_at(size_of::<u128>());
    half.iter().rev().fold(0, |sum, &byte| sum << 8 | u128::from(byte))
}

#[cfg(test)]
mod tests;
