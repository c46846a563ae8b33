//! The host module `spectest` that scripts import from (specification: interpreter, "Spectest Host
//! Module").

use crate::executor::HostItem;
use crate::trail::Value;
use trapline_abi::{IndexType, ValType};

/// The name that scripts import it by.
pub const MODULE: &str = "spectest";

/// Every item by its name.
static ITEMS: &[(&str, HostItem)] = &[
    ("print", HostItem::Print(&[])),
    ("print_i32", HostItem::Print(&[ValType::I32])),
    ("print_i64", HostItem::Print(&[ValType::I64])),
    ("print_f32", HostItem::Print(&[ValType::F32])),
    ("print_f64", HostItem::Print(&[ValType::F64])),
    ("print_i32_f32", HostItem::Print(&[ValType::I32, ValType::F32])),
    ("print_f64_f64", HostItem::Print(&[ValType::F64, ValType::F64])),
    ("global_i32", HostItem::Global(ValType::I32, Value::I32(666))),
    ("global_i64", HostItem::Global(ValType::I64, Value::I64(666))),
    ("global_f32", HostItem::Global(ValType::F32, Value::F32(666.6_f32.to_bits()))),
    ("global_f64", HostItem::Global(ValType::F64, Value::F64(666.6_f64.to_bits()))),
    ("table", HostItem::Table { index: IndexType::I32, min: 10, max: 20 }),
    ("table64", HostItem::Table { index: IndexType::I64, min: 10, max: 20 }),
    ("memory", HostItem::Memory { min: 1, max: 2, shared: false }),
    ("shared_memory", HostItem::Memory { min: 1, max: 2, shared: true }),
];

/// The item of a name, if there is one.
///
/// Executors make items when they are first asked for: most scripts import a print function or nothing, and a memory costs
/// a reservation of addresses.
pub fn item(name: &str) -> Option<(&'static str, &'static HostItem)> {
    ITEMS.iter().find(|(item, _)| *item == name).map(|(name, item)| (*name, item))
}
