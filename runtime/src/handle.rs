//! Names of what is in stores, and values. They are plain data: what can be done with them needs the store.

use std::num::NonZeroU64;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use trapline_abi::vmlayout::VMFuncRef;
use trapline_abi::{RefType, TypeId, ValType};

/// Which store something belongs to. No two stores of a process have the same number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct StoreId(NonZeroU64);

impl StoreId {
    /// A number that no store has had.
    pub(crate) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        // Counting up 2^64 stores takes longer than any machine lasts.
        Self(NonZeroU64::new(NEXT.fetch_add(1, Ordering::Relaxed)).unwrap_or(NonZeroU64::MAX))
    }
}

/// A function of a store. Handles are equal if they mean the same function, whichever way they were
/// come by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Func {
    pub(crate) store: StoreId,
    pub(crate) ptr: NonNull<VMFuncRef>,
}

// SAFETY: I4: the pointer is only followed with the store at hand, which is on its own thread.
unsafe impl Send for Func {}
// SAFETY: I4: as above.
unsafe impl Sync for Func {}

/// A linear memory of a store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Memory {
    pub(crate) store: StoreId,
    pub(crate) index: u32,
}

/// A table of a store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Table {
    pub(crate) store: StoreId,
    pub(crate) index: u32,
}

/// A global of a store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Global {
    pub(crate) store: StoreId,
    pub(crate) index: u32,
}

/// An exception tag of a store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Tag {
    pub(crate) store: StoreId,
    pub(crate) index: u32,
}

/// An object in the heap of a store, which lives at least as long as a handle to it. Two handles are equal if they refer to
/// the same object.
#[derive(Clone, Debug)]
pub struct Object {
    pub(crate) store: StoreId,
    /// Where it lies now: the store keeps this up to date.
    pub(crate) reference: Arc<AtomicU32>,
}

impl Object {
    pub(crate) fn reference(&self) -> u32 {
        self.reference.load(Ordering::Relaxed)
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Object) -> bool {
        self.store == other.store && self.reference() == other.reference()
    }
}

impl Eq for Object {}

/// An exception of a store, which lives at least as long as a handle to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exception {
    pub(crate) object: Object,
}

/// What a reference below `any` refers to. `any.convert_extern` and `extern.convert_any` change nothing about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AnyRef {
    /// An integer of 31 bits, sign-extended.
    I31(i32),
    /// A value of the host: any number that the host likes.
    Host(u32),
    /// A structure.
    Struct(Object),
    /// An array.
    Array(Object),
}

/// An instance of a module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Instance {
    pub(crate) store: StoreId,
    pub(crate) index: u32,
}

/// Something that can be imported and exported.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Extern {
    /// A function.
    Func(Func),
    /// A table.
    Table(Table),
    /// A memory.
    Memory(Memory),
    /// A global.
    Global(Global),
    /// An exception tag.
    Tag(Tag),
}

impl Extern {
    /// The store that it belongs to.
    pub(crate) fn store(&self) -> StoreId {
        match self {
            Extern::Func(func) => func.store,
            Extern::Table(table) => table.store,
            Extern::Memory(memory) => memory.store,
            Extern::Global(global) => global.store,
            Extern::Tag(tag) => tag.store,
        }
    }
}

/// A WebAssembly value. Floats are kept as bits, so that values compare as bits and no NaN changes
/// on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Val {
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
    /// A binary32 float, as bits.
    F32(u32),
    /// A binary64 float, as bits.
    F64(u64),
    /// A vector; lane 0 is in the lowest bits.
    V128(u128),
    /// A function reference, or null.
    FuncRef(Option<Func>),
    /// A reference below `any`, or null.
    AnyRef(Option<AnyRef>),
    /// A host value or what `extern.convert_any` has made of something else, or null.
    ExternRef(Option<AnyRef>),
    /// An exception, or null.
    ExnRef(Option<Exception>),
}

impl Val {
    /// The type of the value as far as it shows: references count as nullable and untyped.
    pub fn ty(&self) -> ValType<TypeId> {
        match self {
            Val::I32(_) => ValType::I32,
            Val::I64(_) => ValType::I64,
            Val::F32(_) => ValType::F32,
            Val::F64(_) => ValType::F64,
            Val::V128(_) => ValType::V128,
            Val::FuncRef(_) => ValType::FUNCREF,
            Val::AnyRef(_) => ValType::Ref(RefType::ANYREF),
            Val::ExternRef(_) => ValType::EXTERNREF,
            Val::ExnRef(_) => ValType::EXNREF,
        }
    }
}
