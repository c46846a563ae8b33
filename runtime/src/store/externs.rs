//! Host values that compiled code refers to.

use rustc_hash::FxHashMap;

/// The host values that compiled code holds references to.
///
/// A reference is an index into this list plus one: 0 is null, and what the host's number is does
/// not matter. The same number always has the same reference.
#[derive(Debug, Default)]
pub(crate) struct ExternTable {
    values: Vec<u32>,
    indices: FxHashMap<u32, u32>,
}

impl ExternTable {
    /// The reference of a value.
    pub(crate) fn index_of(&mut self, value: u32) -> u32 {
        *self.indices.entry(value).or_insert_with(|| {
            self.values.push(value);
            self.values.len() as u32
        })
    }

    /// The value of a reference; `None` if it is null.
    pub(crate) fn value_at(&self, index: u32) -> Option<u32> {
        Some(self.values[index.checked_sub(1)? as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_values_are_kept_once_and_apart_from_null() {
        let mut table = ExternTable::default();
        let zero = table.index_of(0);
        let seven = table.index_of(7);
        assert_ne!(zero, 0);
        assert_ne!(zero, seven);
        assert_eq!(table.index_of(0), zero);
        assert_eq!(table.value_at(zero), Some(0));
        assert_eq!(table.value_at(seven), Some(7));
        assert_eq!(table.value_at(0), None);
    }
}
