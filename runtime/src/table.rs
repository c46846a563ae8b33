//! Tables, as the host uses them.

use crate::error::TableError;
use crate::handle::{Table, Val};
use crate::store::{Store, StoreInner};
use crate::tables::TableData;
use trapline_abi::vmlayout::ValRaw;
use trapline_abi::{TableType, TypeId, ValType};

impl Table {
    /// Makes a table that belongs to no instance, all elements the same.
    ///
    /// # Errors
    ///
    /// When the value is not of the element type, or the store or the system does not grant the
    /// initial size.
    ///
    /// # Panics
    ///
    /// If the element type is not a type of the store.
    pub fn new(store: &mut Store, ty: TableType<TypeId>, init: Val) -> Result<Table, TableError> {
        let store = store.inner_mut();
        store.types.assert_knows(ValType::Ref(ty.element));
        let init = slot_of(store, init, ty)?;
        let mut table = TableData::new(ty, &store.config)?;
        table.initialise(init);
        Ok(Table { store: store.id, index: store.add_table(table) })
    }

    /// Its type, as it was declared.
    pub fn ty(self, store: &Store) -> TableType<TypeId> {
        store.inner().table(self).ty
    }

    /// Its current size in elements.
    pub fn size(self, store: &Store) -> u64 {
        store.inner().table(self).len()
    }

    /// An element; `None` beyond the end.
    pub fn get(self, store: &Store, at: u64) -> Option<Val> {
        let store = store.inner();
        let table = store.table(self);
        table.range(at, 1)?;
        let mut slot = [0];
        table.read(at, &mut slot);
        Some(store.lift(ValRaw::from_u64(slot[0]), ValType::Ref(table.ty.element)))
    }

    /// Sets an element.
    ///
    /// # Errors
    ///
    /// When the index is beyond the end or the value not of the element type.
    pub fn set(self, store: &mut Store, at: u64, val: Val) -> Result<(), TableError> {
        let store = store.inner_mut();
        let ty = store.table(self).ty;
        let value = slot_of(store, val, ty)?;
        let size = store.table(self).len();
        store.tables.fill(self.index, at, value, 1).ok_or(TableError::OutOfBounds { at, size })
    }

    /// Grows it by a number of elements, all `init`, and gives its size before; `None` if it cannot
    /// grow so far, as `table.grow` then gives -1.
    ///
    /// # Errors
    ///
    /// When the value is not of the element type.
    pub fn grow(self, store: &mut Store, delta: u64, init: Val) -> Result<Option<u64>, TableError> {
        let store = store.inner_mut();
        let ty = store.table(self).ty;
        let init = slot_of(store, init, ty)?;
        Ok(store.tables[self.index].grow(delta, init))
    }
}

/// A value as a slot of a table of a type holds it.
fn slot_of(store: &mut StoreInner, val: Val, ty: TableType<TypeId>) -> Result<u64, TableError> {
    let ty = ValType::Ref(ty.element);
    if store.is_of_type(&val, ty) { Ok(store.lower(&val)?.as_u64()) } else { Err(TableError::Type(ty)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StoreConfig;
    use crate::handle::AnyRef;
    use crate::store::StoreInner;
    use crate::tables::SlotSpan;
    use trapline_abi::{IndexType, Limits, RefType};

    fn store() -> Store {
        Store::new(StoreConfig { max_table_elements: 1000, ..StoreConfig::default() }).unwrap()
    }

    fn ty(element: RefType<TypeId>, min: u64, max: Option<u64>) -> TableType<TypeId> {
        TableType { index: IndexType::I32, element, limits: Limits { min, max } }
    }

    fn externs(store: &mut Store, values: &[u32]) -> Table {
        let ty = ty(RefType::EXTERNREF, values.len() as u64, None);
        let table = Table::new(store, ty, Val::ExternRef(None)).unwrap();
        for (at, &value) in values.iter().enumerate() {
            table.set(store, at as u64, Val::ExternRef(Some(AnyRef::Host(value)))).unwrap();
        }
        table
    }

    fn content(store: &Store, table: Table) -> Vec<Option<u32>> {
        let value = |at| match table.get(store, at) {
            Some(Val::ExternRef(None)) => None,
            Some(Val::ExternRef(Some(AnyRef::Host(value)))) => Some(value),
            other => panic!("{other:?}"),
        };
        (0..table.size(store)).map(value).collect()
    }

    #[test]
    fn growth_keeps_elements_and_sets_new_ones() {
        let mut store = store();
        let table = externs(&mut store, &[5, 6]);
        assert!(matches!(table.grow(&mut store, 2, Val::ExternRef(Some(AnyRef::Host(9)))), Ok(Some(2))));
        assert!(matches!(table.grow(&mut store, 1, Val::ExternRef(None)), Ok(Some(4))));
        assert_eq!(content(&store, table), [Some(5), Some(6), Some(9), Some(9), None]);
        assert!(matches!(table.grow(&mut store, 0, Val::ExternRef(None)), Ok(Some(5))));
    }

    #[test]
    fn growth_stops_at_every_limit() {
        let mut store = store();
        let null = Val::FuncRef(None);
        let table = Table::new(&mut store, ty(RefType::FUNCREF, 1, Some(3)), null.clone()).unwrap();
        assert!(matches!(table.grow(&mut store, 3, null.clone()), Ok(None)));
        assert!(matches!(table.grow(&mut store, u64::MAX, null.clone()), Ok(None)));
        assert!(matches!(table.grow(&mut store, 2, null.clone()), Ok(Some(1))));
        let open = Table::new(&mut store, ty(RefType::FUNCREF, 0, None), null.clone()).unwrap();
        assert!(matches!(open.grow(&mut store, 1001, null.clone()), Ok(None)));
        assert!(matches!(open.grow(&mut store, 1000, null.clone()), Ok(Some(0))));
        let error = Table::new(&mut store, ty(RefType::FUNCREF, 1001, None), null.clone()).unwrap_err();
        assert!(matches!(
            error,
            TableError::Resource(crate::ResourceError::TableLimit { elements: 1001, limit: 1000 })
        ));
    }

    #[test]
    fn values_of_another_type_are_refused() {
        let mut store = store();
        let table = externs(&mut store, &[1]);
        for wrong in [Val::FuncRef(None), Val::I32(0)] {
            assert!(matches!(table.set(&mut store, 0, wrong), Err(TableError::Type(_))));
        }
        let beyond = table.set(&mut store, 1, Val::ExternRef(None));
        assert!(matches!(beyond, Err(TableError::OutOfBounds { at: 1, size: 1 })));
        assert_eq!(table.get(&store, 1), None);
    }

    #[test]
    fn bulk_operations_check_both_ends_as_sums_that_do_not_wrap() {
        let mut store = store();
        let a = externs(&mut store, &[1, 2, 3]);
        let b = externs(&mut store, &[4, 5, 6, 7]);
        let before = content(&store, a);
        let inner = store.inner_mut();
        let init = |store: &mut StoreInner, table, available, dst, src, len| {
            let write = |slots: SlotSpan, from: usize| slots.write(|at| (from + at) as u64 + 1);
            store.tables.init(table, available, dst, src, len, write)
        };
        assert_eq!(inner.tables.copy(a.index, b.index, 3, 4, 0), Some(()));
        assert_eq!(inner.tables.copy(a.index, b.index, 4, 0, 0), None);
        assert_eq!(inner.tables.copy(a.index, b.index, 0, 5, 0), None);
        assert_eq!(inner.tables.copy(a.index, b.index, 2, 0, 2), None);
        assert_eq!(inner.tables.copy(b.index, a.index, 0, 2, 2), None);
        assert_eq!(inner.tables.fill(a.index, 3, 1, 0), Some(()));
        assert_eq!(inner.tables.fill(a.index, 4, 1, 0), None);
        assert_eq!(inner.tables.fill(a.index, 0, 1, 4), None);
        assert_eq!(init(inner, a.index, 2, 3, 2, 0), Some(()));
        assert_eq!(init(inner, a.index, 2, 4, 0, 0), None);
        assert_eq!(init(inner, a.index, 2, 0, 3, 0), None);
        assert_eq!(init(inner, a.index, 0, 0, 1, 0), None);
        assert_eq!(init(inner, a.index, 2, 2, 0, 2), None);
        for wrap in [u64::from(u32::MAX), u64::MAX] {
            assert_eq!(inner.tables.copy(a.index, a.index, wrap, 0, 1), None);
            assert_eq!(inner.tables.copy(a.index, a.index, 0, wrap, 1), None);
            assert_eq!(inner.tables.copy(a.index, a.index, 1, 1, wrap), None);
            assert_eq!(inner.tables.fill(a.index, wrap, 1, 1), None);
            assert_eq!(inner.tables.fill(a.index, 1, 1, wrap), None);
            assert_eq!(init(inner, a.index, 2, wrap, 0, 1), None);
            assert_eq!(init(inner, a.index, 2, 0, wrap, 1), None);
            assert_eq!(init(inner, a.index, 2, 0, 1, wrap), None);
        }
        assert_eq!(content(&store, a), before, "a failed operation wrote something");
        let inner = store.inner_mut();
        assert_eq!(inner.tables.copy(a.index, a.index, 1, 0, 2), Some(()));
        assert_eq!(inner.tables.copy(b.index, a.index, 1, 0, 3), Some(()));
        assert_eq!(content(&store, a), [Some(1), Some(1), Some(2)]);
        assert_eq!(content(&store, b), [Some(4), Some(1), Some(1), Some(2)]);
    }
}
