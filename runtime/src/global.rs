//! Globals, as the host uses them.

use crate::error::GlobalError;
use crate::globals::GlobalData;
use crate::handle::{Global, Val};
use crate::stable::Stable;
use crate::store::Store;
use trapline_abi::vmlayout::VMGlobalDefinition;
use trapline_abi::{GlobalType, TypeId};

impl Global {
    /// Makes a global that belongs to no instance.
    ///
    /// # Errors
    ///
    /// When the value is not of the type.
    ///
    /// # Panics
    ///
    /// If the type is not one of the store.
    pub fn new(store: &mut Store, ty: GlobalType<TypeId>, val: Val) -> Result<Global, GlobalError> {
        let store = store.inner_mut();
        store.types.assert_knows(ty.val);
        if !store.is_of_type(&val, ty.val) {
            return Err(GlobalError::Type(ty.val));
        }
        let value = store.lower(&val).map_err(|_| GlobalError::HeapExhausted)?;
        let definition = Stable::new(VMGlobalDefinition { value });
        let index = store.globals.add(GlobalData { def: definition.as_ptr(), ty });
        store.globals.of_host.push(definition);
        Ok(Global { store: store.id, index })
    }

    /// Its type. A concrete reference type carries the number that the type has in the store, not
    /// an index into any module.
    pub fn ty(self, store: &Store) -> GlobalType<TypeId> {
        store.inner().global(self).ty
    }

    /// Its value.
    pub fn get(self, store: &Store) -> Val {
        let store = store.inner();
        let global = store.global(self);
        store.lift(global.raw(), global.ty.val)
    }

    /// Sets its value.
    ///
    /// # Errors
    ///
    /// When it is immutable or the value not of its type.
    pub fn set(self, store: &mut Store, val: Val) -> Result<(), GlobalError> {
        let store = store.inner_mut();
        let global = *store.global(self);
        let ty = global.ty;
        if !ty.mutable {
            return Err(GlobalError::Immutable);
        }
        if !store.is_of_type(&val, ty.val) {
            return Err(GlobalError::Type(ty.val));
        }
        global.set_raw(store.lower(&val).map_err(|_| GlobalError::HeapExhausted)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StoreConfig;
    use crate::handle::AnyRef;
    use trapline_abi::ValType;

    #[test]
    fn values_keep_their_bits_and_rules() {
        let mut store = Store::new(StoreConfig::default()).unwrap();
        let ty = |val, mutable| GlobalType { val, mutable };
        let nan = Val::F32(0x7fa0_0001);
        let constant = Global::new(&mut store, ty(ValType::F32, false), nan.clone()).unwrap();
        assert_eq!(constant.get(&store), nan);
        assert_eq!(constant.set(&mut store, nan.clone()), Err(GlobalError::Immutable));
        let variable = Global::new(&mut store, ty(ValType::V128, true), Val::V128(1 << 100)).unwrap();
        assert_eq!(variable.get(&store), Val::V128(1 << 100));
        assert_eq!(variable.set(&mut store, nan.clone()), Err(GlobalError::Type(ValType::V128)));
        variable.set(&mut store, Val::V128(7)).unwrap();
        assert_eq!(variable.get(&store), Val::V128(7));
        let wrong = Global::new(&mut store, ty(ValType::I32, true), Val::I64(0));
        assert_eq!(wrong.unwrap_err(), GlobalError::Type(ValType::I32));
        let null = Global::new(&mut store, ty(ValType::EXTERNREF, true), Val::ExternRef(None)).unwrap();
        null.set(&mut store, Val::ExternRef(Some(AnyRef::Host(0)))).unwrap();
        assert_eq!(null.get(&store), Val::ExternRef(Some(AnyRef::Host(0))));
    }
}
