//! Tables.

use crate::Val;
use crate::stable::Stable;
use crate::store::{ResourceError, Store, StoreId, StoreInner};
use crate::types::is_abstract;
use std::alloc::{self, Layout};
use std::ptr::NonNull;
use trapline_abi::vmlayout::{TABLE_SLOT_SIZE, VMTableDefinition, ValRaw};
use trapline_abi::{Limits, TableType, ValType};

/// A table of a store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Table {
    pub(crate) store: StoreId,
    pub(crate) index: u32,
}

/// Why the host could not make or change a table.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The index is beyond the end.
    #[error("access element {at} of a table of {size} elements")]
    OutOfBounds {
        /// The index.
        at: u64,
        /// The size of the table in elements.
        size: u64,
    },
    /// The value is not one of the table's element type.
    #[error("put the value into the table: it is not of type {0}")]
    Type(ValType),
    /// The store or the system does not grant the initial size.
    #[error(transparent)]
    Resource(#[from] ResourceError),
}

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
    /// If the element type names a type of a module: there is no module.
    pub fn new(store: &mut Store, ty: TableType, init: Val) -> Result<Table, TableError> {
        assert!(is_abstract(ValType::Ref(ty.element)), "a table of the host cannot name a module's types");
        let store = store.inner_mut();
        let init = store.slot_of(init, ty)?;
        let mut table = TableData::new(ty, store)?;
        table.set_all(init);
        Ok(Table { store: store.id, index: store.add_table(table) })
    }

    /// Its type, as it was declared. A concrete element type carries the number that the type has
    /// in the store, not an index into any module.
    pub fn ty(self, store: &Store) -> TableType {
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
        let value = store.slot_of(val, ty)?;
        let size = store.table(self).len();
        store.table_fill(self.index, at, value, 1).ok_or(TableError::OutOfBounds { at, size })
    }

    /// Grows it by a number of elements, all `init`, and gives its size before; `None` if it cannot
    /// grow so far, as `table.grow` then gives -1.
    ///
    /// # Errors
    ///
    /// When the value is not of the element type.
    pub fn grow(self, store: &mut Store, delta: u64, init: Val) -> Result<Option<u64>, TableError> {
        let store = store.inner_mut();
        let init = store.slot_of(init, store.table(self).ty)?;
        Ok(store.tables[self.index as usize].grow(delta, init))
    }
}

/// A table with its slots.
#[derive(Debug)]
pub(crate) struct TableData {
    def: VMTableDefinition,
    /// In canonical terms.
    pub(crate) ty: TableType,
    /// The number of elements beyond which it never grows.
    max_elements: u64,
    slots: Slots,
}

impl TableData {
    /// Makes a table of a canonical type, all elements null.
    ///
    /// # Errors
    ///
    /// When the store or the system does not grant its initial size.
    pub(crate) fn new(ty: TableType, store: &StoreInner) -> Result<Self, ResourceError> {
        let (elements, limit) = (ty.limits.min, store.config.max_table_elements);
        if elements > limit {
            return Err(ResourceError::TableLimit { elements, limit });
        }
        let max_elements = ty.limits.max.unwrap_or(u64::MAX).min(ty.index.max()).min(limit);
        let refused = || ResourceError::TableMemory { elements };
        let len = usize::try_from(elements).map_err(|_| refused())?;
        let slots = Slots::new(len).ok_or_else(refused)?;
        let def = VMTableDefinition { base: slots.base.as_ptr(), current_elements: len };
        Ok(Self { def, ty, max_elements, slots })
    }

    /// Its size in elements.
    pub(crate) fn len(&self) -> u64 {
        self.def.current_elements as u64
    }

    /// The type with the current size, as import matching sees it.
    pub(crate) fn current_type(&self) -> TableType {
        TableType { limits: Limits { min: self.len(), ..self.ty.limits }, ..self.ty }
    }

    /// The address of `len` slots, if all of them are within the table: `at + len` as a sum that
    /// must not wrap, compared with the size.
    pub(crate) fn range(&self, at: u64, len: u64) -> Option<*mut u64> {
        let end = at.checked_add(len)?;
        (end <= self.len()).then(|| self.def.base.wrapping_add(at as usize))
    }

    /// Copies slots that exist. They are little-endian in the table, whatever the machine: compiled code accesses them so.
    ///
    /// # Panics
    ///
    /// If they do not all exist.
    pub(crate) fn read(&self, at: u64, into: &mut [u64]) {
        let Some(slots) = self.range(at, into.len() as u64) else {
            panic!("{} slots from {at} on, of a table of {}", into.len(), self.len())
        };
        // SAFETY: I3: the slots are within the table, and no Rust reference to them exists.
        unsafe { std::ptr::copy_nonoverlapping(slots, into.as_mut_ptr(), into.len()) };
        into.iter_mut().for_each(|slot| *slot = u64::from_le(*slot));
    }

    /// Sets all elements.
    pub(crate) fn set_all(&mut self, value: u64) {
        self.fill(0, self.def.current_elements, value);
    }

    /// Sets elements that exist.
    fn fill(&mut self, at: usize, len: usize, value: u64) {
        for i in at..at + len {
            // SAFETY: I3: the slot is within the table, by the caller's check.
            unsafe { *self.def.base.add(i) = value.to_le() };
        }
    }

    /// Grows it by a number of elements, all `init`, and gives its size before.
    pub(crate) fn grow(&mut self, delta: u64, init: u64) -> Option<u64> {
        let before = self.len();
        let elements = before.checked_add(delta).filter(|&elements| elements <= self.max_elements)?;
        let len = usize::try_from(elements).ok()?;
        self.slots.grow(len, self.max_elements)?;
        self.def = VMTableDefinition { base: self.slots.base.as_ptr(), current_elements: len };
        // Slots that were never in use are zero already.
        if init != 0 {
            self.fill(before as usize, delta as usize, init);
        }
        Some(before)
    }
}

impl StoreInner {
    /// Takes a table into the store.
    pub(crate) fn add_table(&mut self, table: TableData) -> u32 {
        self.tables.push(Stable::new(table));
        self.tables.len() as u32 - 1
    }

    pub(crate) fn table(&self, table: Table) -> &TableData {
        self.assert_owns(table.store);
        &self.tables[table.index as usize]
    }

    /// Where compiled code finds a table.
    pub(crate) fn table_def(&self, index: u32) -> *mut VMTableDefinition {
        let table = self.tables[index as usize].as_ptr();
        // SAFETY: I3: only the address of a field is taken.
        unsafe { &raw mut (*table).def }
    }

    fn slot_of(&mut self, val: Val, ty: TableType) -> Result<u64, TableError> {
        let ty = ValType::Ref(ty.element);
        if self.is_of_type(val, ty) { Ok(self.lower(val).as_u64()) } else { Err(TableError::Type(ty)) }
    }

    /// Copies between tables, or within one as if through a buffer (specification: `table.copy`).
    /// `None` if either range is not within its table; nothing is written then.
    pub(crate) fn table_copy(
        &mut self,
        target: u32,
        source: u32,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Option<()> {
        let to = self.tables[target as usize].range(dst, len)?;
        let from = self.tables[source as usize].range(src, len)?;
        // SAFETY: I3: both ranges are within their tables, and no Rust reference to their slots
        // exists. They may overlap.
        unsafe { std::ptr::copy(from, to, len as usize) };
        Some(())
    }

    /// Sets elements of a table. `None` if they are not all within it; nothing is written then.
    pub(crate) fn table_fill(&mut self, table: u32, dst: u64, value: u64, len: u64) -> Option<()> {
        let table = &mut self.tables[table as usize];
        table.range(dst, len)?;
        table.fill(dst as usize, len as usize, value);
        Some(())
    }

    /// Copies a part of a segment of `available` elements to a table; `slot` gives an element of the
    /// segment. `None` if either range is not within its bounds; nothing is written then.
    pub(crate) fn table_init(
        &mut self,
        table: u32,
        available: u64,
        slot: impl Fn(usize) -> u64,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Option<()> {
        src.checked_add(len).filter(|&end| end <= available)?;
        let to = self.tables[table as usize].range(dst, len)?;
        for i in 0..len as usize {
            // SAFETY: I3: the slots are within the table.
            unsafe { *to.add(i) = slot(src as usize + i).to_le() };
        }
        Some(())
    }
}

/// An allocation of slots, zero where nothing else was written. Slots beyond the size of the table
/// have never been written.
#[derive(Debug)]
struct Slots {
    base: NonNull<u64>,
    capacity: usize,
}

impl Slots {
    fn layout(capacity: usize) -> Option<Layout> {
        Layout::array::<u64>(capacity).ok()
    }

    fn new(capacity: usize) -> Option<Slots> {
        if capacity == 0 {
            return Some(Slots { base: NonNull::dangling(), capacity });
        }
        // SAFETY: I3: the layout is not empty.
        let base = unsafe { alloc::alloc_zeroed(Self::layout(capacity)?) };
        Some(Slots { base: NonNull::new(base.cast())?, capacity })
    }

    /// Makes room for `len` slots, and for more if more are allowed: tables grow in small steps.
    fn grow(&mut self, len: usize, most: u64) -> Option<()> {
        if len <= self.capacity {
            return Some(());
        }
        let doubled = self.capacity.saturating_mul(2).min(usize::try_from(most).unwrap_or(usize::MAX));
        let larger = Slots::new(len.max(doubled)).or_else(|| Slots::new(len))?;
        // SAFETY: I3: both allocations have at least `capacity` slots, and are not the same.
        unsafe { std::ptr::copy_nonoverlapping(self.base.as_ptr(), larger.base.as_ptr(), self.capacity) };
        *self = larger;
        Some(())
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        if let Some(layout) = Self::layout(self.capacity).filter(|layout| layout.size() != 0) {
            // SAFETY: I3: allocated in `new` with this layout.
            unsafe { alloc::dealloc(self.base.as_ptr().cast(), layout) };
        }
    }
}

const _: () = assert!(size_of::<u64>() == TABLE_SLOT_SIZE);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoreConfig;
    use trapline_abi::{IndexType, RefType};

    fn store() -> Store {
        Store::new(StoreConfig { max_table_elements: 1000, ..StoreConfig::default() }).unwrap()
    }

    fn ty(element: RefType, min: u64, max: Option<u64>) -> TableType {
        TableType { index: IndexType::I32, element, limits: Limits { min, max } }
    }

    fn externs(store: &mut Store, values: &[u32]) -> Table {
        let ty = ty(RefType::EXTERNREF, values.len() as u64, None);
        let table = Table::new(store, ty, Val::ExternRef(None)).unwrap();
        for (at, &value) in values.iter().enumerate() {
            table.set(store, at as u64, Val::ExternRef(Some(value))).unwrap();
        }
        table
    }

    fn content(store: &Store, table: Table) -> Vec<Option<u32>> {
        let value = |at| match table.get(store, at) {
            Some(Val::ExternRef(value)) => value,
            other => panic!("{other:?}"),
        };
        (0..table.size(store)).map(value).collect()
    }

    #[test]
    fn growth_keeps_elements_and_sets_new_ones() {
        let mut store = store();
        let table = externs(&mut store, &[5, 6]);
        assert!(matches!(table.grow(&mut store, 2, Val::ExternRef(Some(9))), Ok(Some(2))));
        assert!(matches!(table.grow(&mut store, 1, Val::ExternRef(None)), Ok(Some(4))));
        assert_eq!(content(&store, table), [Some(5), Some(6), Some(9), Some(9), None]);
        assert!(matches!(table.grow(&mut store, 0, Val::ExternRef(None)), Ok(Some(5))));
    }

    #[test]
    fn growth_stops_at_every_limit() {
        let mut store = store();
        let null = Val::FuncRef(None);
        let table = Table::new(&mut store, ty(RefType::FUNCREF, 1, Some(3)), null).unwrap();
        assert!(matches!(table.grow(&mut store, 3, null), Ok(None)));
        assert!(matches!(table.grow(&mut store, u64::MAX, null), Ok(None)));
        assert!(matches!(table.grow(&mut store, 2, null), Ok(Some(1))));
        let open = Table::new(&mut store, ty(RefType::FUNCREF, 0, None), null).unwrap();
        assert!(matches!(open.grow(&mut store, 1001, null), Ok(None)));
        assert!(matches!(open.grow(&mut store, 1000, null), Ok(Some(0))));
        let error = Table::new(&mut store, ty(RefType::FUNCREF, 1001, None), null).unwrap_err();
        assert!(matches!(
            error,
            TableError::Resource(ResourceError::TableLimit { elements: 1001, limit: 1000 })
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
        let slot = |i| i as u64 + 1;
        assert_eq!(inner.table_copy(a.index, b.index, 3, 4, 0), Some(()));
        assert_eq!(inner.table_copy(a.index, b.index, 4, 0, 0), None);
        assert_eq!(inner.table_copy(a.index, b.index, 0, 5, 0), None);
        assert_eq!(inner.table_copy(a.index, b.index, 2, 0, 2), None);
        assert_eq!(inner.table_copy(b.index, a.index, 0, 2, 2), None);
        assert_eq!(inner.table_fill(a.index, 3, 1, 0), Some(()));
        assert_eq!(inner.table_fill(a.index, 4, 1, 0), None);
        assert_eq!(inner.table_fill(a.index, 0, 1, 4), None);
        assert_eq!(inner.table_init(a.index, 2, slot, 3, 2, 0), Some(()));
        assert_eq!(inner.table_init(a.index, 2, slot, 4, 0, 0), None);
        assert_eq!(inner.table_init(a.index, 2, slot, 0, 3, 0), None);
        assert_eq!(inner.table_init(a.index, 0, slot, 0, 1, 0), None);
        assert_eq!(inner.table_init(a.index, 2, slot, 2, 0, 2), None);
        for wrap in [u64::from(u32::MAX), u64::MAX] {
            assert_eq!(inner.table_copy(a.index, a.index, wrap, 0, 1), None);
            assert_eq!(inner.table_copy(a.index, a.index, 0, wrap, 1), None);
            assert_eq!(inner.table_copy(a.index, a.index, 1, 1, wrap), None);
            assert_eq!(inner.table_fill(a.index, wrap, 1, 1), None);
            assert_eq!(inner.table_fill(a.index, 1, 1, wrap), None);
            assert_eq!(inner.table_init(a.index, 2, slot, wrap, 0, 1), None);
            assert_eq!(inner.table_init(a.index, 2, slot, 0, wrap, 1), None);
            assert_eq!(inner.table_init(a.index, 2, slot, 0, 1, wrap), None);
        }
        assert_eq!(content(&store, a), before, "a failed operation wrote something");
        let inner = store.inner_mut();
        assert_eq!(inner.table_copy(a.index, a.index, 1, 0, 2), Some(()));
        assert_eq!(inner.table_copy(b.index, a.index, 1, 0, 3), Some(()));
        assert_eq!(content(&store, a), [Some(1), Some(1), Some(2)]);
        assert_eq!(content(&store, b), [Some(4), Some(1), Some(1), Some(2)]);
    }
}
