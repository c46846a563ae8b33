//! The instructions that may trap in compiled code, as reports of traps name them.

mod heap;
mod memory;
mod numeric;
mod table;

pub use heap::{HeapInstruction, HeapSite};
pub use memory::{MemoryInstruction, MemorySite};
pub use numeric::{NumericInstruction, NumericOperand};
pub use table::{TableInstruction, TableSite};

use serde::{Deserialize, Serialize};

/// An instruction that may trap in compiled code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Site {
    /// Its offset in bytes from the start of the module.
    pub wasm_offset: u32,
    /// Which instruction it is, and its immediates.
    pub instruction: SiteInstruction,
}

/// An instruction that may trap in compiled code, with the immediates that a report of the trap names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum SiteInstruction {
    /// On references.
    Heap(HeapSite),
    /// An access to a memory.
    Memory(MemorySite),
    /// A division or conversion.
    Numeric(NumericInstruction),
    /// An access to an element of a table.
    Table(TableSite),
}
