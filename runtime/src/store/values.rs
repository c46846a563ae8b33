//! Values between the host and compiled code.

use super::StoreInner;
use crate::funcs::HostFunc;
use crate::handle::{AnyRef, Exception, Func, Object, Val};
use trapline_abi::heap::{EXCEPTION_TYPE, EXTERN_TYPE};
use trapline_abi::vmlayout::{VMFuncRef, ValRaw};
use trapline_abi::{CompositeType, ConcreteType, HeapType, Hierarchy, RefType, TypeId, TypeKind, ValType};

impl StoreInner {
    /// Whether a value is one of a canonical type.
    ///
    /// # Panics
    ///
    /// If the value refers to something of another store.
    pub(crate) fn is_of_type(&self, val: &Val, ty: ValType<TypeId>) -> bool {
        let heap = match (val, ty) {
            (Val::I32(_), ValType::I32)
            | (Val::I64(_), ValType::I64)
            | (Val::F32(_), ValType::F32)
            | (Val::F64(_), ValType::F64)
            | (Val::V128(_), ValType::V128) => return true,
            (Val::FuncRef(func), ValType::Ref(_)) => func.map(|func| {
                let index = self.type_of(func);
                HeapType::Concrete(ConcreteType { kind: TypeKind::Func, index, exact: true })
            }),
            (Val::AnyRef(any), ValType::Ref(_)) => any.as_ref().map(|any| self.type_of_any(any)),
            (Val::ExternRef(any), ValType::Ref(_)) => any.as_ref().map(|any| {
                self.type_of_any(any);
                HeapType::Extern
            }),
            (Val::ExnRef(exception), ValType::Ref(_)) => exception.as_ref().map(|exception| {
                self.assert_owns(exception.object.store);
                HeapType::Exn
            }),
            _ => return false,
        };
        let ValType::Ref(ty) = ty else { return false };
        let null = match val {
            Val::FuncRef(_) => HeapType::NoFunc,
            Val::ExternRef(_) => HeapType::NoExtern,
            Val::ExnRef(_) => HeapType::NoExn,
            _ => HeapType::None,
        };
        let have = RefType { nullable: heap.is_none(), heap: heap.unwrap_or(null) };
        self.types.ref_matches(have, ty)
    }

    /// The least type of what a reference below `any` refers to.
    fn type_of_any(&self, any: &AnyRef) -> HeapType<TypeId> {
        let concrete = |object: &Object, kind| {
            self.assert_owns(object.store);
            let index = self.heap.type_of(object.reference());
            HeapType::Concrete(ConcreteType { kind, index, exact: true })
        };
        match any {
            AnyRef::I31(_) => HeapType::I31,
            AnyRef::Host(_) => HeapType::Any,
            AnyRef::Struct(object) => concrete(object, TypeKind::Struct),
            AnyRef::Array(object) => concrete(object, TypeKind::Array),
        }
    }

    /// A value as compiled code holds it, other than one of the host.
    pub(crate) fn lower_plain(&self, val: &Val) -> ValRaw {
        let object = |object: &Object| {
            self.assert_owns(object.store);
            ValRaw::from_u32(object.reference())
        };
        match val {
            Val::I32(value) => ValRaw::from_u32(value.cast_unsigned()),
            Val::I64(value) => ValRaw::from_u64(value.cast_unsigned()),
            Val::F32(bits) => ValRaw::from_u32(*bits),
            Val::F64(bits) => ValRaw::from_u64(*bits),
            Val::V128(bits) => ValRaw::from_u128(*bits),
            Val::FuncRef(None) | Val::AnyRef(None) | Val::ExternRef(None) | Val::ExnRef(None) => {
                ValRaw::from_u64(0)
            }
            Val::FuncRef(Some(func)) => {
                self.assert_owns(func.store);
                ValRaw::from_u64(func.ptr.as_ptr().expose_provenance() as u64)
            }
            Val::AnyRef(Some(any)) | Val::ExternRef(Some(any)) => match any {
                AnyRef::I31(value) => ValRaw::from_u32(value.cast_unsigned() << 1 | 1),
                AnyRef::Struct(at) | AnyRef::Array(at) => object(at),
                AnyRef::Host(_) => unreachable!("a value of the host is an object that has to be made"),
            },
            Val::ExnRef(Some(exception)) => object(&exception.object),
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
                Hierarchy::Any => Val::AnyRef(self.any_from_raw(raw.as_u32())),
                Hierarchy::Extern => Val::ExternRef(self.any_from_raw(raw.as_u32())),
                Hierarchy::Exn => Val::ExnRef(self.exception_from_raw(raw.as_u32())),
                // The check of manifests refuses such types, and the host cannot name them.
                Hierarchy::Cont => unreachable!("a continuation"),
            },
        }
    }

    /// A handle to an object. It is kept from now on: the host has it.
    fn object(&self, reference: u32) -> Object {
        Object { store: self.id, reference: self.heap.handle(reference) }
    }

    /// What a reference in compiled code's form refers to.
    fn any_from_raw(&self, raw: u32) -> Option<AnyRef> {
        if raw == 0 {
            return None;
        }
        if raw & 1 != 0 {
            return Some(AnyRef::I31(raw.cast_signed() >> 1));
        }
        Some(match self.heap.type_of(raw) {
            EXTERN_TYPE => AnyRef::Host(self.heap.extern_value(raw)),
            ty => match &self.types.get(ty).composite {
                CompositeType::Struct(_) => AnyRef::Struct(self.object(raw)),
                CompositeType::Array(_) => AnyRef::Array(self.object(raw)),
                CompositeType::Func(_) => panic!("an object has the type of a function"),
            },
        })
    }

    /// The exception that a reference in compiled code's form refers to.
    pub(crate) fn exception_from_raw(&self, raw: u32) -> Option<Exception> {
        if raw == 0 {
            return None;
        }
        assert!(self.heap.type_of(raw) == EXCEPTION_TYPE, "{raw:#x} does not refer to an exception");
        Some(Exception { object: self.object(raw) })
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
