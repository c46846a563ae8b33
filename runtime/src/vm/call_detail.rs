//! What is known of an element of a table that an instruction could not use.

use super::detail::{code_function, found_type, type_name};
use crate::code::Module;
use crate::instances::InstanceData;
use crate::store::StoreInner;
use trapline_abi::vmlayout::{NO_OPERANDS, VMFuncRef};
use trapline_abi::{
    Extent, FoundFunction, FuncIndex, IndirectCallDetail, Signature, TableSite, TrapDetail, TypeId, TypeIndex,
};

/// An element that is not there, or null.
pub(super) fn element(store: &StoreInner, instance: &InstanceData, site: TableSite) -> TrapDetail {
    let TableSite { instruction, table, ty } = site;
    let [index, len, _] = store.vm.trap_operands;
    let wanted = ty.and_then(|ty| declared(instance, ty)).map(Box::new);
    TrapDetail::TableElement { instruction, table: Extent { index: table.as_u32(), len }, index, wanted }
}

/// An element of another type than is called.
pub(super) fn indirect_call(
    store: &StoreInner,
    instance: &InstanceData,
    site: TableSite,
) -> Option<TrapDetail> {
    let [index, len, func] = store.vm.trap_operands;
    let func = std::ptr::with_exposed_provenance::<VMFuncRef>(func as usize);
    if func.is_null() || store.vm.trap_operands == NO_OPERANDS {
        return None;
    }
    // SAFETY: I4: compiled code has looked at the function's type, and function references live as long as their store.
    let ty = TypeId::new(unsafe { (*func).type_id });
    Some(TrapDetail::IndirectCall(Box::new(IndirectCallDetail {
        instruction: site.instruction,
        table: Extent { index: site.table.as_u32(), len },
        index,
        wanted: declared(instance, site.ty?)?,
        found: found_function(store, &instance.module, func),
        found_type: found_signature(store, instance, ty),
    })))
}

/// A function type of a module.
fn declared(instance: &InstanceData, ty: TypeIndex) -> Option<Signature> {
    let func = instance.module.info().func_type_at(ty)?;
    let func = func.map(|index| type_name(instance, index, None));
    Some(Signature { ty: type_name(instance, ty, None), func })
}

/// A function type of the store, named as the trapping module names it, or any that has it.
fn found_signature(store: &StoreInner, trapped: &InstanceData, ty: TypeId) -> Option<Signature> {
    let name = found_type(store, trapped, ty)?;
    let mut all_named = true;
    let func = store.types.func(ty).map(|ty| {
        let found = found_type(store, trapped, ty);
        all_named &= found.is_some();
        found.unwrap_or_else(|| name.clone())
    });
    all_named.then_some(Signature { ty: name, func })
}

/// The function that a reference is of: the one that defines it.
fn found_function(store: &StoreInner, trapped: &Module, reference: *const VMFuncRef) -> FoundFunction {
    let defined = store.instances.iter().find_map(|instance| {
        let info = instance.module.info();
        let mut defined = (info.imported_funcs..info.funcs.len() as u32).map(FuncIndex::new);
        let func = defined.find(|&func| {
            info.funcs[func.index()].func_ref.is_some() && std::ptr::eq(instance.func_ref(func), reference)
        })?;
        Some(code_function(&instance.module, func, Some(trapped)))
    });
    // All that no instance defines are the host's.
    defined.map_or(FoundFunction::Host, FoundFunction::Code)
}
