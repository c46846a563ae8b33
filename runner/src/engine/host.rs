//! What the host gives modules to import, in a store.

use crate::executor::{HostItem, Printer};
use crate::trail::{Lack, Value};
use trapline_abi::{FuncType, GlobalType, IndexType, Limits, MemoryType, RefType, TableType};
use trapline_runtime::{
    AnyRef, Extern, Func, Global, GlobalError, Memory, ResourceError, Store, Table, TableError, Val,
};

/// Why something of the host could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HostItemError {
    /// There is no room for a memory.
    #[error(transparent)]
    Memory(#[from] ResourceError),
    /// There is no room for a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A global is not of its type.
    #[error(transparent)]
    Global(#[from] GlobalError),
    /// The runtime has no such value.
    #[error("the value of a global cannot be given")]
    NoValue,
}

/// Makes something for modules to import. What it prints goes to `printer`.
pub(crate) fn make(store: &mut Store, item: &HostItem, printer: &Printer) -> Result<Extern, HostItemError> {
    Ok(match *item {
        HostItem::Print(params) => {
            let ty = FuncType {
                params: params.iter().map(|ty| ty.map(|never| match never {})).collect(),
                results: Vec::new(),
            };
            let printer = printer.clone();
            Extern::Func(Func::new_host(store, ty, move |_, args| {
                printer.print(|| args.iter().map(Value::from).collect());
                Ok(Vec::new())
            }))
        }
        HostItem::Act(act) => Extern::Func(Func::new_host(store, FuncType::default(), move |_, _| {
            act();
            Ok(Vec::new())
        })),
        HostItem::Global(val, value) => {
            let ty = GlobalType { val: val.map(|never| match never {}), mutable: false };
            let value = self::val(&value).map_err(|_| HostItemError::NoValue)?;
            Extern::Global(Global::new(store, ty, value)?)
        }
        HostItem::Table { index, min, max } => {
            let ty = TableType { index, element: RefType::FUNCREF, limits: Limits { min, max: Some(max) } };
            Extern::Table(Table::new(store, ty, Val::FuncRef(None))?)
        }
        HostItem::Memory { min, max, shared } => {
            let limits = Limits { min, max: Some(max) };
            let ty = MemoryType { index: IndexType::I32, limits, shared, page_size_log2: 16 };
            Extern::Memory(Memory::new(store, ty)?)
        }
    })
}

/// A value of the runtime. References to functions are known to their store alone.
pub(crate) fn val(value: &Value) -> Result<Val, Lack> {
    Ok(match *value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::V128(bits) => Val::V128(bits),
        Value::NullFunc => Val::FuncRef(None),
        Value::NullExtern => Val::ExternRef(None),
        Value::Extern(value) => Val::ExternRef(Some(AnyRef::Host(value))),
        Value::NullAny => Val::AnyRef(None),
        Value::I31(value) => Val::AnyRef(Some(AnyRef::I31(value))),
        Value::Host(value) => Val::AnyRef(Some(AnyRef::Host(value))),
        Value::Struct | Value::Array | Value::Externalized => {
            return Err(Lack::feature("a reference to an object as an argument"));
        }
        Value::NullExn => Val::ExnRef(None),
        Value::Func => return Err(Lack::feature("a function reference as an argument")),
        Value::Exn => return Err(Lack::feature("an exception reference as an argument")),
    })
}
