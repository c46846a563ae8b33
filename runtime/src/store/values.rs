//! Values between the host and compiled code.

use super::StoreInner;
use crate::funcs::HostFunc;
use crate::handle::{Exception, Func, Val};
use std::num::NonZeroU32;
use trapline_abi::vmlayout::{VMFuncRef, ValRaw};
use trapline_abi::{ConcreteType, HeapType, Hierarchy, RefType, TypeId, TypeKind, ValType};

impl StoreInner {
    /// Whether a value is one of a canonical type.
    ///
    /// # Panics
    ///
    /// If the value refers to a function of another store.
    pub(crate) fn is_of_type(&self, val: Val, ty: ValType<TypeId>) -> bool {
        match (val, ty) {
            (Val::I32(_), ValType::I32)
            | (Val::I64(_), ValType::I64)
            | (Val::F32(_), ValType::F32)
            | (Val::F64(_), ValType::F64)
            | (Val::V128(_), ValType::V128) => true,
            (Val::FuncRef(func), ValType::Ref(ty)) => {
                let heap = match func {
                    None => HeapType::NoFunc,
                    Some(func) => {
                        let index = self.type_of(func);
                        HeapType::Concrete(ConcreteType { kind: TypeKind::Func, index, exact: true })
                    }
                };
                self.types.ref_matches(RefType { nullable: func.is_none(), heap }, ty)
            }
            (Val::ExternRef(value), ValType::Ref(ty)) => {
                let heap = if value.is_some() { HeapType::Extern } else { HeapType::NoExtern };
                self.types.ref_matches(RefType { nullable: value.is_none(), heap }, ty)
            }
            (Val::ExnRef(exception), ValType::Ref(ty)) => {
                if let Some(exception) = exception {
                    self.assert_owns(exception.store);
                }
                let heap = if exception.is_some() { HeapType::Exn } else { HeapType::NoExn };
                self.types.ref_matches(RefType { nullable: exception.is_none(), heap }, ty)
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
            Val::FuncRef(None) | Val::ExternRef(None) | Val::ExnRef(None) => ValRaw::from_u64(0),
            Val::FuncRef(Some(func)) => {
                self.assert_owns(func.store);
                ValRaw::from_u64(func.ptr.as_ptr().expose_provenance() as u64)
            }
            Val::ExternRef(Some(value)) => ValRaw::from_u32(self.externs.index_of(value)),
            Val::ExnRef(Some(exception)) => {
                self.assert_owns(exception.store);
                ValRaw::from_u32(exception.reference.get())
            }
        }
    }

    /// A value that compiled code produced, of the type that it is known to have.
    pub(crate) fn lift(&self, raw: ValRaw, ty: ValType<TypeId>) -> Val {
        match ty {
            ValType::I32 => Val::I32(raw.as_u32().cast_signed()),
            ValType::I64 => Val::I64(raw.as_u64().cast_signed()),
            ValType::F32 => Val::F32(raw.as_u32()),
            ValType::F64 => Val::F64(raw.as_u64()),
            ValType::V128 => Val::V128(raw.as_u128()),
            ValType::Ref(ty) => match ty.heap.hierarchy() {
                Hierarchy::Func => Val::FuncRef(self.func_from_raw(raw.as_u64())),
                Hierarchy::Extern => Val::ExternRef(self.externs.value_at(raw.as_u32())),
                Hierarchy::Exn => Val::ExnRef(self.exception_from_raw(raw.as_u32())),
                // The check of manifests refuses such types, and the host cannot name them.
                other @ (Hierarchy::Any | Hierarchy::Cont) => {
                    unreachable!("a value below {other:?}")
                }
            },
        }
    }

    /// The exception that a reference in compiled code's form refers to. It is kept from now on: the host has it.
    pub(crate) fn exception_from_raw(&self, raw: u32) -> Option<Exception> {
        let reference = NonZeroU32::new(raw)?;
        self.exceptions.pin(reference);
        Some(Exception { store: self.id, reference })
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

    /// A function's type.
    ///
    /// # Panics
    ///
    /// If the function belongs to another store.
    pub(crate) fn type_of(&self, func: Func) -> TypeId {
        TypeId::new(self.func_ref(func).type_id)
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
