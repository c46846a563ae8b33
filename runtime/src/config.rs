//! What can be chosen about a store.

use trapline_abi::Injected;
use trapline_abi::artifact::MemoryStyle;

/// How a store treats memories, stacks and requests for more.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// How memories are laid out. Code compiled for [`MemoryStyle::Guarded`] runs in guarded stores
    /// only; code compiled for [`MemoryStyle::Checked`] runs in both.
    pub memory_style: MemoryStyle,
    /// Bytes of stack that compiled code may use, in all activations of a thread together. Less if
    /// the thread's stack is smaller: the host always keeps 128 KiB.
    pub max_wasm_stack: usize,
    /// The largest size of one memory in bytes. Growth beyond fails as `memory.grow` fails.
    pub max_memory_bytes: u64,
    /// The largest size of one table in elements. Growth beyond fails as `table.grow` fails.
    pub max_table_elements: u64,
    /// Bytes that all objects in the heap may have, at most 2 GiB. An allocation beyond traps.
    pub max_heap_bytes: u64,
    /// Whether all objects are moved at every allocation, and what is left behind is made inaccessible: a reference that the
    /// collector does not know of faults at its next use.
    pub gc_stress: bool,
    /// What is broken on purpose.
    pub fault: Injected,
}

impl Default for StoreConfig {
    /// Guarded memories of up to 4 GiB, tables of up to ten million elements, 1 GiB of objects, 1 MiB of stack.
    fn default() -> Self {
        Self {
            memory_style: MemoryStyle::Guarded,
            max_wasm_stack: 1 << 20,
            max_memory_bytes: 4 << 30,
            max_table_elements: 10_000_000,
            max_heap_bytes: 1 << 30,
            gc_stress: false,
            fault: Injected::default(),
        }
    }
}
