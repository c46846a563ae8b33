//! Injected faults that are made in functions that have been compiled. Those of translation are where it would be wrong.

use crate::compiled::CompiledFunction;
use std::sync::Arc;
use trapline_abi::{DefinedFuncIndex, FuncKey, Injected, InjectedFault, ModuleInfo};

/// The constant at which [`InjectedFault::Panic`] strikes.
pub(crate) const PANIC_VALUE: i64 = i64::from_le_bytes(*b"trapline");

/// Breaks the functions of a module.
pub(crate) fn in_functions(
    fault: Injected,
    info: &ModuleInfo,
    functions: &mut [(FuncKey, Arc<CompiledFunction>)],
) {
    if fault.is(InjectedFault::Relocation) {
        misdirect_a_call(info, functions);
    }
    if fault.is(InjectedFault::TrapSite) {
        functions.iter_mut().for_each(|(_, function)| misplace_trap_sites(Arc::make_mut(function)));
    }
    if fault.is(InjectedFault::LostRoot) {
        functions.iter_mut().for_each(|(_, function)| lose_roots(Arc::make_mut(function)));
    }
}

/// Makes the first call for which there is a choice one of another function.
fn misdirect_a_call(info: &ModuleInfo, functions: &mut [(FuncKey, Arc<CompiledFunction>)]) {
    for (caller, function) in functions {
        for at in 0..function.relocations.len() {
            if let Some(other) = look_alike(info, *caller, function.relocations[at].target) {
                Arc::make_mut(function).relocations[at].target = other;
                return;
            }
        }
    }
}

/// A defined function of the callee's type that is neither the callee nor the caller.
fn look_alike(info: &ModuleInfo, caller: FuncKey, callee: FuncKey) -> Option<FuncKey> {
    let FuncKey::Defined(callee_index) = callee else { return None };
    let ty = |defined| info.funcs[info.func_index(defined).index()].ty;
    (0..info.defined_funcs())
        .map(DefinedFuncIndex::new)
        .filter(|&other| ty(other) == ty(callee_index))
        .map(FuncKey::Defined)
        .find(|&other| other != callee && other != caller)
}

/// Instructions that trap have more than one byte, so that no two sites become one and none leaves the function.
fn misplace_trap_sites(function: &mut CompiledFunction) {
    function.traps.iter_mut().for_each(|site| site.offset += 1);
}

fn lose_roots(function: &mut CompiledFunction) {
    for map in &mut function.stack_maps {
        map.slots.pop();
    }
}
