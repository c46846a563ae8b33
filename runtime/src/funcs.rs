//! Functions of the host, as a store owns them.

use crate::handle::Val;
use crate::trap::Failure;
use std::fmt;
use trapline_abi::TypeId;
use trapline_abi::vmlayout::{VMFuncRef, VMHostFuncContext, VMStoreContext};

/// What a function of the host does.
pub(crate) trait Callback {
    /// Does it, and checks what it returns.
    ///
    /// # Safety
    ///
    /// I5: no reference to the store exists, and `host` is the function of it whose callback this is.
    unsafe fn call(
        &self,
        store: *mut VMStoreContext,
        host: *const HostFunc,
        args: &[Val],
    ) -> Result<Vec<Val>, Failure>;
}

/// A function of the host.
pub(crate) struct HostFunc {
    pub(crate) context: VMHostFuncContext,
    pub(crate) func_ref: VMFuncRef,
    pub(crate) callback: Box<dyn Callback>,
}

impl HostFunc {
    /// Its type in the store.
    pub(crate) fn type_id(&self) -> TypeId {
        TypeId::new(self.func_ref.type_id)
    }

    /// The reference by which it is known everywhere in its store.
    pub(crate) fn reference(&self) -> *const VMFuncRef {
        &raw const self.func_ref
    }

    /// Gives compiled code a way to call it, if it has none yet.
    pub(crate) fn set_code(&mut self, code: *const u8) {
        if self.func_ref.code.is_null() {
            self.func_ref.code = code;
        }
    }
}

impl fmt::Debug for HostFunc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostFunc").field("type_id", &self.type_id()).finish_non_exhaustive()
    }
}
