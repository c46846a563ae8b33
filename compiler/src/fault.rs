//! Injected faults, for testing the checkers: comparison, audit, triage and the compiler's own recovery.

use crate::compiled::CompiledFunction;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use trapline_abi::{DefinedFuncIndex, FuncKey, ModuleInfo};

/// What is broken in a compiler.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum InjectedFault {
    /// Accesses of memories that are checked, and not guarded, may begin anywhere up to the end: the
    /// check leaves out the size of the access.
    Bounds,
    /// In each module, one direct call reaches another function of the same type, if there is one.
    Relocation,
    /// Translation panics at an `i64.const` whose bytes spell `trapline`, in the middle of a function.
    Panic,
    /// Of functions that are read from the heap, the number is one too large.
    FunctionNumber,
}

/// The constant at which [`InjectedFault::Panic`] strikes.
pub(crate) const PANIC_VALUE: i64 = i64::from_le_bytes(*b"trapline");

/// Makes the first call for which there is a choice one of another function.
pub(crate) fn misdirect_a_call(info: &ModuleInfo, functions: &mut [(FuncKey, Arc<CompiledFunction>)]) {
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
