//! What can be chosen about an engine.

use serde::{Deserialize, Serialize};
use trapline_abi::vmlayout::TABLE_SLOT_SIZE;
use trapline_compiler::Profile;
use trapline_runtime::StoreConfig;

/// How an engine makes code, and what its stores hold.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Settings {
    pub(super) profile: Profile,
    pub(super) heap: HeapSettings,
}

/// How the stores of an engine keep objects, and how large their memories and tables may be.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct HeapSettings {
    /// Whether all objects are moved at every allocation.
    pub stress: bool,
    /// Bytes that all objects of a store may have, if that is not the runtime's choice.
    pub max_bytes: Option<u64>,
    /// The largest size of one memory in bytes, if that is not the runtime's choice.
    pub max_memory_bytes: Option<u64>,
    /// The largest size of one table in elements, if that is not the runtime's choice.
    pub max_table_elements: Option<u64>,
}

impl HeapSettings {
    /// The configuration of such a store.
    pub fn config(self) -> StoreConfig {
        let default = StoreConfig::default();
        StoreConfig {
            gc_stress: self.stress,
            max_heap_bytes: self.max_bytes.unwrap_or(default.max_heap_bytes),
            max_memory_bytes: self.max_memory_bytes.unwrap_or(default.max_memory_bytes),
            max_table_elements: self.max_table_elements.unwrap_or(default.max_table_elements),
            ..default
        }
    }

    /// The same way of keeping objects, with memories and tables as large as others.
    pub(crate) fn with_sizes_of(self, other: HeapSettings) -> HeapSettings {
        let HeapSettings { max_memory_bytes, max_table_elements, .. } = other;
        HeapSettings { max_memory_bytes, max_table_elements, ..self }
    }

    /// Bytes that one memory and one table may have beyond what they may have by default.
    pub(crate) fn bytes_beyond_default(self) -> u64 {
        let (default, this) = (StoreConfig::default(), self.config());
        let memory = this.max_memory_bytes.saturating_sub(default.max_memory_bytes);
        let elements = this.max_table_elements.saturating_sub(default.max_table_elements);
        memory.saturating_add(elements.saturating_mul(TABLE_SLOT_SIZE as u64))
    }
}
