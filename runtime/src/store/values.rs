//! Values between the host and compiled code.

use super::StoreInner;
use crate::funcs::HostFunc;
use crate::handle::{Func, Val};
use trapline_abi::vmlayout::{VMFuncRef, ValRaw};
use trapline_abi::{HeapType, ValType};

impl StoreInner {
    /// Whether a value is one of a canonical type.
    ///
    /// # Panics
    ///
    /// If the value refers to a function of another store.
    pub(crate) fn is_of_type(&self, val: Val, ty: ValType) -> bool {
        match (val, ty) {
            (Val::I32(_), ValType::I32)
            | (Val::I64(_), ValType::I64)
            | (Val::F32(_), ValType::F32)
            | (Val::F64(_), ValType::F64)
            | (Val::V128(_), ValType::V128) => true,
            (Val::FuncRef(func), ValType::Ref(ty)) => match (func, ty.heap) {
                (_, HeapType::Extern) => false,
                (None, _) => ty.nullable,
                (Some(func), HeapType::Func) => {
                    self.assert_owns(func.store);
                    true
                }
                (Some(func), HeapType::Concrete(want)) => {
                    self.types.is_subtype(self.func_ref(func).type_id, want.as_u32())
                }
            },
            (Val::ExternRef(value), ValType::Ref(ty)) => {
                ty.heap == HeapType::Extern && (ty.nullable || value.is_some())
            }
            _ => false,
        }
    }

    /// A value as compiled code holds it. The value must be of a type that compiled code expects
    /// where it goes; see [`StoreInner::is_of_type`].
    pub(crate) fn lower(&mut self, val: Val) -> ValRaw {
        match val {
            Val::I32(value) => ValRaw::from_u32(value.cast_unsigned()),
            Val::I64(value) => ValRaw::from_u64(value.cast_unsigned()),
            Val::F32(bits) => ValRaw::from_u32(bits),
            Val::F64(bits) => ValRaw::from_u64(bits),
            Val::V128(bits) => ValRaw::from_u128(bits),
            Val::FuncRef(None) | Val::ExternRef(None) => ValRaw::from_u64(0),
            Val::FuncRef(Some(func)) => {
                self.assert_owns(func.store);
                ValRaw::from_u64(func.ptr.as_ptr().expose_provenance() as u64)
            }
            Val::ExternRef(Some(value)) => ValRaw::from_u32(self.externs.index_of(value)),
        }
    }

    /// A value that compiled code produced, of the type that it is known to have.
    pub(crate) fn lift(&self, raw: ValRaw, ty: ValType) -> Val {
        match ty {
            ValType::I32 => Val::I32(raw.as_u32().cast_signed()),
            ValType::I64 => Val::I64(raw.as_u64().cast_signed()),
            ValType::F32 => Val::F32(raw.as_u32()),
            ValType::F64 => Val::F64(raw.as_u64()),
            ValType::V128 => Val::V128(raw.as_u128()),
            ValType::Ref(ty) if ty.is_func() => Val::FuncRef(self.func_from_raw(raw.as_u64())),
            ValType::Ref(_) => Val::ExternRef(self.externs.value_at(raw.as_u32())),
        }
    }

    /// The function that a reference in compiled code's form stands for.
    pub(crate) fn func_from_raw(&self, raw: u64) -> Option<Func> {
        let ptr = std::ptr::with_exposed_provenance_mut::<VMFuncRef>(raw as usize);
        Some(Func { store: self.id, ptr: std::ptr::NonNull::new(ptr)? })
    }
}

/// Where a function reference was made, for looking its owner up.
impl StoreInner {
    /// What a function handle points to.
    ///
    /// # Panics
    ///
    /// If the function belongs to another store.
    pub(crate) fn func_ref(&self, func: Func) -> VMFuncRef {
        self.assert_owns(func.store);
        // SAFETY: I4: function references live as long as their store, which is this one.
        unsafe { *func.ptr.as_ptr() }
    }

    /// The host function behind a reference, if it is one.
    pub(crate) fn host_func(&self, func_ref: VMFuncRef) -> Option<*const HostFunc> {
        // SAFETY: I4: the context of a function reference lives as long as the store, and its
        // magic number tells what owns it.
        unsafe {
            let header = *func_ref.vmctx;
            (header.magic == trapline_abi::vmlayout::HOST_FUNC_MAGIC)
                .then(|| header.owner.cast::<HostFunc>().cast_const())
        }
    }
}
