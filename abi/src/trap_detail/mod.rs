//! The operands of trapping operations and the limits that they ran into, as plain data.

mod heap;

pub use heap::{FoundReference, HeapDetail, NullOperand, OtherModule, TypeName};

use serde::{Deserialize, Serialize};
use std::fmt;

/// Something with an index in its module and a length.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Extent {
    /// The index in the module at hand.
    pub index: u32,
    /// The current length: bytes of a memory, elements of a table.
    pub len: u64,
}

/// A segment as an operation found it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SegmentExtent {
    /// Its index.
    pub index: u32,
    /// Its current length in bytes or elements.
    pub len: u64,
    /// Why it is empty, if it has been dropped.
    pub dropped: Option<DropCause>,
}

/// How a segment became empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropCause {
    /// It is active: instantiation wrote and dropped it.
    Active,
    /// It only declares functions: instantiation dropped it.
    Declared,
    /// `data.drop` or `elem.drop`.
    Instruction,
}

/// An instruction on atomics that the runtime executes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtomicInstruction {
    /// `memory.atomic.notify`
    Notify,
    /// `memory.atomic.wait32`
    Wait32,
    /// `memory.atomic.wait64`
    Wait64,
}

impl fmt::Display for AtomicInstruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AtomicInstruction::Notify => "memory.atomic.notify",
            AtomicInstruction::Wait32 => "memory.atomic.wait32",
            AtomicInstruction::Wait64 => "memory.atomic.wait64",
        })
    }
}

/// The operands of a trapping operation and the limits that it ran into.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrapDetail {
    /// A load or store.
    MemoryAccess {
        /// The memory.
        memory: Extent,
        /// The first inaccessible address that was touched.
        address: u64,
    },
    /// `memory.init`
    MemoryInit {
        /// The source.
        segment: SegmentExtent,
        /// The destination.
        memory: Extent,
        /// The address to write to.
        dst: u64,
        /// The position in the segment.
        src: u32,
        /// Bytes.
        len: u32,
    },
    /// `memory.copy`
    MemoryCopy {
        /// The destination.
        dst_memory: Extent,
        /// The source.
        src_memory: Extent,
        /// The address to write to.
        dst: u64,
        /// The address to read from.
        src: u64,
        /// Bytes.
        len: u64,
    },
    /// `memory.fill`
    MemoryFill {
        /// The memory.
        memory: Extent,
        /// The address to write to.
        dst: u64,
        /// Bytes.
        len: u64,
    },
    /// `memory.atomic.notify` or `memory.atomic.wait32` or `wait64`
    Atomic {
        /// The instruction.
        instruction: AtomicInstruction,
        /// The memory.
        memory: Extent,
        /// The address operand.
        index: u64,
        /// The offset that the instruction adds to it.
        offset: u64,
    },
    /// An active data segment at instantiation.
    DataSegment {
        /// The segment's index.
        segment: u32,
        /// The memory.
        memory: Extent,
        /// The address to write to.
        offset: u64,
        /// Bytes of the segment.
        len: u64,
    },
    /// `table.init`
    TableInit {
        /// The source.
        segment: SegmentExtent,
        /// The destination.
        table: Extent,
        /// The index to write to.
        dst: u64,
        /// The position in the segment.
        src: u32,
        /// Elements.
        len: u32,
    },
    /// `table.copy`
    TableCopy {
        /// The destination.
        dst_table: Extent,
        /// The source.
        src_table: Extent,
        /// The index to write to.
        dst: u64,
        /// The index to read from.
        src: u64,
        /// Elements.
        len: u64,
    },
    /// `table.fill`
    TableFill {
        /// The table.
        table: Extent,
        /// The index to write to.
        dst: u64,
        /// Elements.
        len: u64,
    },
    /// An active element segment at instantiation.
    ElementSegment {
        /// The segment's index.
        segment: u32,
        /// The table.
        table: Extent,
        /// The index to write to.
        offset: u64,
        /// Elements of the segment.
        len: u64,
    },
    /// An element of a table that `table.get`, `table.set` or `call_indirect` names.
    TableElement {
        /// The index operand.
        index: u64,
        /// The table's current length in elements, if the index is beyond it.
        table_len: Option<u64>,
    },
    /// An instruction on references.
    Heap(Box<HeapDetail>),
}

impl fmt::Display for TrapDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            TrapDetail::Heap(ref detail) => detail.fmt(f),
            TrapDetail::MemoryAccess { memory, address } => {
                write!(f, "address {address:#x}; {}", MemorySize(memory))
            }
            TrapDetail::MemoryInit { segment, memory, dst, src, len } => {
                write!(f, "memory.init {}: dst={dst} src={src} len={len}; ", segment.index)?;
                write!(f, "{}, {}", Segment(segment, "byte", "data.drop"), MemorySize(memory))
            }
            TrapDetail::MemoryCopy { dst_memory, src_memory, dst, src, len } => {
                write!(f, "memory.copy: dst={dst} src={src} len={len}; {}", MemorySize(dst_memory))?;
                if dst_memory != src_memory { write!(f, ", {}", MemorySize(src_memory)) } else { Ok(()) }
            }
            TrapDetail::MemoryFill { memory, dst, len } => {
                write!(f, "memory.fill: dst={dst} len={len}; {}", MemorySize(memory))
            }
            TrapDetail::Atomic { instruction, memory, index, offset } => {
                write!(f, "{instruction}: address={index} offset={offset}; {}", MemorySize(memory))
            }
            TrapDetail::DataSegment { segment, memory, offset, len } => {
                write!(f, "data segment {segment}: offset={offset} len={len}; {}", MemorySize(memory))
            }
            TrapDetail::TableInit { segment, table, dst, src, len } => {
                write!(f, "table.init {}: dst={dst} src={src} len={len}; ", segment.index)?;
                write!(f, "{}, {}", Segment(segment, "element", "elem.drop"), TableSize(table))
            }
            TrapDetail::TableCopy { dst_table, src_table, dst, src, len } => {
                write!(f, "table.copy: dst={dst} src={src} len={len}; {}", TableSize(dst_table))?;
                if dst_table != src_table { write!(f, ", {}", TableSize(src_table)) } else { Ok(()) }
            }
            TrapDetail::TableFill { table, dst, len } => {
                write!(f, "table.fill: dst={dst} len={len}; {}", TableSize(table))
            }
            TrapDetail::TableElement { index, table_len: None } => write!(f, "element {index}"),
            TrapDetail::TableElement { index, table_len: Some(len) } => {
                write!(f, "element {index} of a table of {}", Count(len, "element"))
            }
            TrapDetail::ElementSegment { segment, table, offset, len } => {
                write!(f, "element segment {segment}: offset={offset} len={len}; {}", TableSize(table))
            }
        }
    }
}

struct MemorySize(Extent);

impl fmt::Display for MemorySize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "memory {} has {}", self.0.index, Count(self.0.len, "byte"))
    }
}

struct TableSize(Extent);

impl fmt::Display for TableSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {} has {}", self.0.index, Count(self.0.len, "element"))
    }
}

/// A number of things, in the singular or the plural.
struct Count(u64, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count(count, unit) = self;
        write!(f, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
    }
}

/// A segment with the unit of its length and the instruction that drops its kind.
struct Segment(SegmentExtent, &'static str, &'static str);

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Segment(segment, unit, instruction) = self;
        write!(f, "segment {} has {}", segment.index, Count(segment.len, unit))?;
        match segment.dropped {
            None => Ok(()),
            Some(DropCause::Active) => f.write_str(" (active, dropped at instantiation)"),
            Some(DropCause::Declared) => f.write_str(" (declared, dropped at instantiation)"),
            Some(DropCause::Instruction) => write!(f, " (dropped by {instruction})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn init(dropped: Option<DropCause>) -> TrapDetail {
        TrapDetail::MemoryInit {
            segment: SegmentExtent { index: 2, len: 0, dropped },
            memory: Extent { index: 0, len: 65536 },
            dst: 0,
            src: 9,
            len: 0,
        }
    }

    #[test]
    fn a_segment_says_why_it_is_empty() {
        let text = |dropped| init(dropped).to_string();
        assert!(text(None).contains("segment 2 has 0 bytes, memory"));
        assert!(text(Some(DropCause::Declared)).contains("(declared, dropped at instantiation)"));
        assert!(text(Some(DropCause::Instruction)).contains("(dropped by data.drop)"));
    }

    #[test]
    fn a_copy_names_both_ends_if_they_differ() {
        let (a, b) = (Extent { index: 0, len: 1 }, Extent { index: 1, len: 5 });
        let copy =
            |src_table| TrapDetail::TableCopy { dst_table: a, src_table, dst: 1, src: 2, len: 3 }.to_string();
        assert_eq!(copy(a), "table.copy: dst=1 src=2 len=3; table 0 has 1 element");
        assert_eq!(copy(b), "table.copy: dst=1 src=2 len=3; table 0 has 1 element, table 1 has 5 elements");
    }
}
