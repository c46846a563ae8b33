//! What can be chosen about an engine.

use serde::{Deserialize, Serialize};
use trapline_compiler::Profile;
use trapline_runtime::StoreConfig;

/// How an engine makes code, and how it keeps objects.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Settings {
    pub(super) profile: Profile,
    pub(super) heap: HeapSettings,
}

/// How an engine keeps objects.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct HeapSettings {
    /// Whether all objects are moved at every allocation.
    pub stress: bool,
    /// Bytes that all objects of a store may have, if that is not the runtime's choice.
    pub max_bytes: Option<u64>,
}

impl HeapSettings {
    /// The configuration of a store that keeps its objects so.
    pub fn config(self) -> StoreConfig {
        let default = StoreConfig::default();
        let max_heap_bytes = self.max_bytes.unwrap_or(default.max_heap_bytes);
        StoreConfig { gc_stress: self.stress, max_heap_bytes, ..default }
    }
}
