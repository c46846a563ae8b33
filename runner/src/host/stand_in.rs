//! What stands in for imports that nothing provides: the stand-ins of [`Absent`], made in a store.

use super::HostFailure;
use crate::engine::host::HostItemError;
use crate::module_script::Absent;
use trapline_abi::{
    EntityType, FuncType, GlobalType, Hierarchy, ModuleInfo, RefType, TableType, TypeId, TypeIndex, ValType,
};
use trapline_runtime::{Extern, Global, HostError, Memory, Store, Table, Tag, Val};

/// A callback that stands in for a function.
pub(super) fn function(
    absent: Absent,
    module: &str,
    name: &str,
    ty: &FuncType<TypeId>,
) -> impl Fn() -> Result<Vec<Val>, HostError> + 'static {
    let zeros = ty.results.iter().map(|&ty| zero(ty)).collect::<Option<Vec<_>>>();
    // What has no zero cannot be returned.
    let zeros = zeros.filter(|_| absent == Absent::Zero);
    let called = HostFailure::Unprovided { module: module.to_owned(), name: name.to_owned() };
    move || zeros.clone().ok_or_else(|| HostError::new(called.clone()))
}

/// The type of an import that is a function, if it means the same outside of its module.
pub(super) fn function_type(info: &ModuleInfo, ty: &EntityType) -> Option<FuncType<TypeId>> {
    match ty {
        EntityType::Func(ty) | EntityType::ExactFunc(ty) => outside(info.func_type_at(*ty)?),
        EntityType::Table(_) | EntityType::Memory(_) | EntityType::Global(_) | EntityType::Tag(_) => None,
    }
}

/// Whether something can stand in for an import.
pub(super) fn exists(info: &ModuleInfo, ty: &EntityType) -> bool {
    match ty {
        EntityType::Func(_) | EntityType::ExactFunc(_) => function_type(info, ty).is_some(),
        EntityType::Memory(_) => true,
        EntityType::Table(ty) => ty.element.nullable && !ty.element.heap.is_concrete(),
        EntityType::Global(ty) => value_type(ty.val).and_then(zero).is_some(),
        EntityType::Tag(ty) => info.func_type_at(*ty).is_some_and(|ty| outside(ty).is_some()),
    }
}

/// Makes what stands in for an import that is not a function. `None` if nothing can.
pub(super) fn item(
    store: &mut Store,
    info: &ModuleInfo,
    ty: &EntityType,
) -> Result<Option<Extern>, HostItemError> {
    Ok(match ty {
        EntityType::Func(_) | EntityType::ExactFunc(_) => None,
        EntityType::Memory(ty) => Some(Extern::Memory(Memory::new(store, *ty)?)),
        EntityType::Table(TableType { index, element, limits }) => {
            let (Some(val), Some(null)) = (value_type(ValType::Ref(*element)), null(*element)) else {
                return Ok(None);
            };
            let ValType::Ref(element) = val else { return Ok(None) };
            let ty = TableType { index: *index, element, limits: *limits };
            Some(Extern::Table(Table::new(store, ty, null)?))
        }
        EntityType::Global(GlobalType { val, mutable }) => {
            let Some((val, zero)) = value_type(*val).and_then(|val| Some((val, zero(val)?))) else {
                return Ok(None);
            };
            Some(Extern::Global(Global::new(store, GlobalType { val, mutable: *mutable }, zero)?))
        }
        EntityType::Tag(ty) => {
            let ty = info.func_type_at(*ty).and_then(outside);
            ty.map(|ty| Extern::Tag(Tag::new(store, &ty)))
        }
    })
}

fn outside(ty: &FuncType) -> Option<FuncType<TypeId>> {
    let types = |types: &[ValType]| types.iter().map(|&ty| value_type(ty)).collect::<Option<Vec<_>>>();
    Some(FuncType { params: types(&ty.params)?, results: types(&ty.results)? })
}

/// A type of a module, outside of it; `None` if it means something only within.
fn value_type(ty: ValType<TypeIndex>) -> Option<ValType<TypeId>> {
    match ty {
        ValType::Ref(ty) if ty.heap.is_concrete() => None,
        ty => Some(ty.map(|index| unreachable!("{index:?} is in a type that names no other"))),
    }
}

/// The zero or the null of a type.
fn zero(ty: ValType<TypeId>) -> Option<Val> {
    match ty {
        ValType::I32 => Some(Val::I32(0)),
        ValType::I64 => Some(Val::I64(0)),
        ValType::F32 => Some(Val::F32(0)),
        ValType::F64 => Some(Val::F64(0)),
        ValType::V128 => Some(Val::V128(0)),
        ValType::Ref(ty) => null(ty),
    }
}

pub(super) fn null<I>(ty: RefType<I>) -> Option<Val> {
    if !ty.nullable {
        return None;
    }
    match ty.heap.hierarchy() {
        Hierarchy::Func => Some(Val::FuncRef(None)),
        Hierarchy::Extern => Some(Val::ExternRef(None)),
        Hierarchy::Any => Some(Val::AnyRef(None)),
        Hierarchy::Exn => Some(Val::ExnRef(None)),
        // The runtime has no continuations.
        Hierarchy::Cont => None,
    }
}
