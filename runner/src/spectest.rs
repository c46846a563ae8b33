//! The host module `spectest` that scripts import from (specification: interpreter, "Spectest Host
//! Module").

use crate::matchers;
use trapline_abi::{FuncType, GlobalType, IndexType, Limits, MemoryType, RefType, TableType, ValType};
use trapline_runtime::{Extern, Func, Global, Linker, Memory, Store, Table, Val};

/// The name that scripts import it by.
pub const MODULE: &str = "spectest";

/// Why an item could not be made.
#[derive(Debug, thiserror::Error)]
#[error("make {name} of the host module {MODULE}: {cause}")]
pub struct SpectestError {
    name: &'static str,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

/// What an item is.
enum Item {
    /// A function that prints its arguments.
    Print(&'static [ValType]),
    /// An immutable global.
    Global(ValType, Val),
    /// A table of ten to twenty function references.
    Table(IndexType),
    /// A memory of one to two pages.
    Memory {
        /// Whether threads can share it. That of each store is another one all the same.
        shared: bool,
    },
}

/// Every item by its name.
const ITEMS: &[(&str, Item)] = &[
    ("print", Item::Print(&[])),
    ("print_i32", Item::Print(&[ValType::I32])),
    ("print_i64", Item::Print(&[ValType::I64])),
    ("print_f32", Item::Print(&[ValType::F32])),
    ("print_f64", Item::Print(&[ValType::F64])),
    ("print_i32_f32", Item::Print(&[ValType::I32, ValType::F32])),
    ("print_f64_f64", Item::Print(&[ValType::F64, ValType::F64])),
    ("global_i32", Item::Global(ValType::I32, Val::I32(666))),
    ("global_i64", Item::Global(ValType::I64, Val::I64(666))),
    ("global_f32", Item::Global(ValType::F32, Val::F32(666.6_f32.to_bits()))),
    ("global_f64", Item::Global(ValType::F64, Val::F64(666.6_f64.to_bits()))),
    ("table", Item::Table(IndexType::I32)),
    ("table64", Item::Table(IndexType::I64)),
    ("memory", Item::Memory { shared: false }),
    ("shared_memory", Item::Memory { shared: true }),
];

/// Defines the item of a name in the linker, if there is such an item and the linker has not got it
/// yet. The store must be the same for every call with a linker.
///
/// Items are made when they are first asked for: most scripts import a print function or nothing,
/// and a memory costs a reservation of addresses.
///
/// # Errors
///
/// When the store has no room for the item.
pub fn provide(store: &mut Store, linker: &mut Linker, name: &str) -> Result<(), SpectestError> {
    if linker.get(MODULE, name).is_some() {
        return Ok(());
    }
    let Some((name, item)) = ITEMS.iter().find(|(item, _)| *item == name) else { return Ok(()) };
    let made = item.make(store).map_err(|cause| SpectestError { name, cause })?;
    linker.define(MODULE, name, made);
    Ok(())
}

impl Item {
    fn make(&self, store: &mut Store) -> Result<Extern, Box<dyn std::error::Error + Send + Sync>> {
        Ok(match *self {
            Item::Print(params) => {
                let ty = FuncType { params: params.to_vec(), results: Vec::new() };
                Extern::Func(Func::new_host(store, ty, |_, args| {
                    tracing::debug!(target: "trapline::spectest", "print {}", matchers::values(&args.iter().map(crate::trail::Value::from).collect::<Vec<_>>(), &[]));
                    Ok(Vec::new())
                }))
            }
            Item::Global(val, value) => {
                let ty = GlobalType { val, mutable: false };
                Extern::Global(Global::new(store, ty, value)?)
            }
            Item::Table(index) => {
                let limits = Limits { min: 10, max: Some(20) };
                let ty = TableType { index, element: RefType::FUNCREF, limits };
                Extern::Table(Table::new(store, ty, Val::FuncRef(None))?)
            }
            Item::Memory { shared } => {
                let limits = Limits { min: 1, max: Some(2) };
                let ty = MemoryType { index: IndexType::I32, limits, shared, page_size_log2: 16 };
                Extern::Memory(Memory::new(store, ty)?)
            }
        })
    }
}
