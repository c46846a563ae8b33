//! The operands of trapping operations and the limits that they ran into, as plain data.

mod call;
mod heap;
mod numeric;

pub use call::{CallStackDetail, CodeFunction, FoundFunction, IndirectCallDetail, Signature};
pub use heap::{FoundReference, HeapDetail, NullOperand, OtherModule, TypeName};

use crate::{MemoryInstruction, NumericInstruction, TableInstruction};
use call::Element;
use numeric::{Access, Conversion, Division, MemoryAccess, Misaligned};
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SegmentExtent {
    /// Its index.
    pub index: u32,
    /// Its current length in bytes or elements.
    pub len: u64,
    /// Why it is empty, if it has been dropped.
    pub dropped: Option<DropCause>,
}

/// How a segment became empty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropCause {
    /// It is active: instantiation wrote and dropped it.
    Active,
    /// It only declares functions: instantiation dropped it.
    Declared,
    /// `data.drop` or `elem.drop`.
    Instruction {
        /// The function that executed it, if it is known.
        function: Option<Box<CodeFunction>>,
        /// The instruction, in bytes from the start of the module, if it is known.
        offset: Option<u32>,
    },
}

/// The operands of a trapping operation and the limits that it ran into.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrapDetail {
    /// An access of one instruction to one stretch of a memory.
    MemoryAccess {
        /// The instruction.
        instruction: MemoryInstruction,
        /// The memory.
        memory: Extent,
        /// The address operand; `None` if it could not be recovered.
        index: Option<u64>,
        /// What the instruction adds to it.
        offset: u64,
        /// Bytes.
        width: u32,
    },
    /// An atomic access at an address that is not a multiple of its width.
    Misaligned {
        /// The instruction.
        instruction: MemoryInstruction,
        /// The index of the memory.
        memory: u32,
        /// The address operand; `None` if it could not be recovered.
        index: Option<u64>,
        /// What the instruction adds to it.
        offset: u64,
        /// Bytes: what the address must be a multiple of.
        width: u32,
    },
    /// A division or remainder. Operands are bits, zero-extended.
    Division {
        /// The instruction.
        instruction: NumericInstruction,
        /// The first operand; `None` if it could not be recovered.
        dividend: Option<u64>,
        /// The second operand.
        divisor: u64,
    },
    /// A conversion of a float to an integer.
    Conversion {
        /// The instruction.
        instruction: NumericInstruction,
        /// The bits of the float; `None` if they could not be recovered.
        operand: Option<u64>,
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
    /// An element of a table that is not there, or is null where a function is wanted.
    TableElement {
        /// The instruction.
        instruction: TableInstruction,
        /// The table.
        table: Extent,
        /// The index operand.
        index: u64,
        /// The type of functions that the instruction calls.
        wanted: Option<Box<Signature>>,
    },
    /// An element of a table that is a function of another type than an instruction calls.
    IndirectCall(Box<IndirectCallDetail>),
    /// The end of the call stack.
    CallStack(Box<CallStackDetail>),
    /// An instruction on references.
    Heap(Box<HeapDetail>),
}

impl TrapDetail {
    /// The name of the instruction that trapped; `None` if it was none, or any that calls.
    pub fn instruction(&self) -> Option<String> {
        Some(match self {
            TrapDetail::MemoryAccess { instruction, .. } | TrapDetail::Misaligned { instruction, .. } => {
                instruction.to_string()
            }
            TrapDetail::Division { instruction, .. } | TrapDetail::Conversion { instruction, .. } => {
                instruction.to_string()
            }
            TrapDetail::MemoryInit { .. } => "memory.init".to_owned(),
            TrapDetail::MemoryCopy { .. } => "memory.copy".to_owned(),
            TrapDetail::MemoryFill { .. } => "memory.fill".to_owned(),
            TrapDetail::TableInit { .. } => "table.init".to_owned(),
            TrapDetail::TableCopy { .. } => "table.copy".to_owned(),
            TrapDetail::TableFill { .. } => "table.fill".to_owned(),
            TrapDetail::TableElement { instruction, .. } => instruction.to_string(),
            TrapDetail::IndirectCall(detail) => detail.instruction.to_string(),
            TrapDetail::Heap(detail) => detail.instruction().to_string(),
            TrapDetail::DataSegment { .. } | TrapDetail::ElementSegment { .. } | TrapDetail::CallStack(_) => {
                return None;
            }
        })
    }
}

impl fmt::Display for TrapDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrapDetail::Heap(detail) => detail.fmt(f),
            TrapDetail::IndirectCall(detail) => detail.fmt(f),
            TrapDetail::CallStack(detail) => detail.fmt(f),
            &TrapDetail::MemoryAccess { instruction, memory, index, offset, width: _ } => {
                MemoryAccess(Access { instruction, index, offset }, memory).fmt(f)
            }
            &TrapDetail::Misaligned { instruction, memory, index, offset, width: _ } => {
                Misaligned(Access { instruction, index, offset }, memory).fmt(f)
            }
            &TrapDetail::Division { instruction, dividend, divisor } => {
                Division(instruction, dividend, divisor).fmt(f)
            }
            &TrapDetail::Conversion { instruction, operand } => Conversion(instruction, operand).fmt(f),
            TrapDetail::MemoryInit { segment, memory, dst, src, len } => {
                write!(f, "memory.init {}: dst={dst} src={src} len={len}; ", segment.index)?;
                write!(f, "{}, {}", Segment(segment, "byte", "data.drop"), MemorySize(*memory))
            }
            TrapDetail::MemoryCopy { dst_memory, src_memory, dst, src, len } => {
                write!(f, "memory.copy: dst={dst} src={src} len={len}; {}", MemorySize(*dst_memory))?;
                if dst_memory != src_memory { write!(f, ", {}", MemorySize(*src_memory)) } else { Ok(()) }
            }
            TrapDetail::MemoryFill { memory, dst, len } => {
                write!(f, "memory.fill: dst={dst} len={len}; {}", MemorySize(*memory))
            }
            TrapDetail::DataSegment { segment, memory, offset, len } => {
                write!(f, "data segment {segment}: offset={offset} len={len}; {}", MemorySize(*memory))
            }
            TrapDetail::TableInit { segment, table, dst, src, len } => {
                write!(f, "table.init {}: dst={dst} src={src} len={len}; ", segment.index)?;
                write!(f, "{}, {}", Segment(segment, "element", "elem.drop"), TableSize(*table))
            }
            TrapDetail::TableCopy { dst_table, src_table, dst, src, len } => {
                write!(f, "table.copy: dst={dst} src={src} len={len}; {}", TableSize(*dst_table))?;
                if dst_table != src_table { write!(f, ", {}", TableSize(*src_table)) } else { Ok(()) }
            }
            TrapDetail::TableFill { table, dst, len } => {
                write!(f, "table.fill: dst={dst} len={len}; {}", TableSize(*table))
            }
            TrapDetail::TableElement { instruction, table, index, wanted } => {
                let (instruction, table, index) = (*instruction, *table, *index);
                Element { instruction, table, index, wanted: wanted.as_deref() }.fmt(f)
            }
            TrapDetail::ElementSegment { segment, table, offset, len } => {
                write!(f, "element segment {segment}: offset={offset} len={len}; {}", TableSize(*table))
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
struct Segment<'a>(&'a SegmentExtent, &'static str, &'static str);

impl fmt::Display for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Segment(segment, unit, instruction) = self;
        write!(f, "segment {} has {}", segment.index, Count(segment.len, unit))?;
        match &segment.dropped {
            None => Ok(()),
            Some(DropCause::Active) => f.write_str(" (active, dropped at instantiation)"),
            Some(DropCause::Declared) => f.write_str(" (declared, dropped at instantiation)"),
            Some(DropCause::Instruction { function, offset }) => {
                write!(f, " (dropped by {instruction}")?;
                if let Some(function) = function {
                    write!(f, " in function {function}")?;
                }
                if let Some(offset) = offset {
                    write!(f, " at offset {offset:#x}")?;
                }
                f.write_str(")")
            }
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
        let function = CodeFunction { index: 4, name: Some("gone".to_owned()), module: None };
        let function = Some(Box::new(function));
        let dropped = |offset| text(Some(DropCause::Instruction { function: function.clone(), offset }));
        assert!(text(None).contains("segment 2 has 0 bytes, memory"));
        assert!(text(Some(DropCause::Declared)).contains("(declared, dropped at instantiation)"));
        let by = "(dropped by data.drop in function 4 <gone> at offset 0x5e), memory";
        assert!(dropped(Some(0x5e)).contains(by));
        assert!(dropped(None).contains("(dropped by data.drop in function 4 <gone>), memory"));
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
