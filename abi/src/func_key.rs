//! Names for everything in an artefact that can be called.

use crate::{Builtin, DefinedFuncIndex, TypeIndex};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A piece of compiled code within one module.
///
/// The order is the order of the code in an artefact. Stubs are named by the first type index of
/// the module that has their signature, so that equal signatures share one stub.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum FuncKey {
    /// The body of a function that the module defines: `Tail` convention, parameters
    /// `(vmctx, wasm parameters…)`.
    Defined(DefinedFuncIndex),
    /// Host to WebAssembly, for functions of this type: platform convention, see
    /// [`crate::vmlayout::EntryStubFn`].
    EntryStub(TypeIndex),
    /// WebAssembly to host, for functions of this type: `Tail` convention as a body, with the
    /// `VMHostFuncContext` as its vmctx.
    ExitStub(TypeIndex),
    /// WebAssembly to a builtin that walks frames ([`Builtin::walks`]): `Tail` convention, parameters and result as the
    /// builtin has them. It ends at a trap site if the builtin failed.
    BuiltinStub(Builtin),
}

impl fmt::Display for FuncKey {
    /// The symbol of the code: made from indices only, never from names found in a module.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FuncKey::Defined(index) => write!(f, "wasm[0]::defined[{}]", index.as_u32()),
            FuncKey::EntryStub(index) => write!(f, "wasm[0]::entry[{}]", index.as_u32()),
            FuncKey::ExitStub(index) => write!(f, "wasm[0]::exit[{}]", index.as_u32()),
            FuncKey::BuiltinStub(builtin) => write!(f, "wasm[0]::builtin[{}]", builtin.name()),
        }
    }
}
