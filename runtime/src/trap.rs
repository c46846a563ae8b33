//! Traps with all that is known about them.

use crate::Module;
use crate::func::HostError;
use crate::unwind::MAX_FRAMES;
use std::any::Any;
use std::fmt;
use trapline_abi::{FuncIndex, Readable, Trap, TrapCode};

/// A trap: what, where, and with which operands.
///
/// Its `Display` is one line: `out of bounds memory access in function 3 <copy> at offset 0x5e:
/// memory.init 2: dst=0 src=9 len=0; segment 2 has 0 bytes (active, dropped at instantiation),
/// memory 0 has 65536 bytes`.
#[derive(Clone, Debug)]
pub struct TrapReport {
    /// The kind.
    pub trap: Trap,
    /// The function that trapped with its name, if it was one of WebAssembly's.
    pub func: Option<(FuncIndex, Option<String>)>,
    /// The trapping instruction, in bytes from the start of its module.
    pub wasm_offset: Option<u32>,
    /// Operands and limits of the operation, where they are known.
    pub detail: Option<TrapDetail>,
    /// The active functions, innermost first, as far as they were recorded.
    pub frames: Vec<Frame>,
    /// Whether there are more active functions than `frames` holds.
    pub truncated: bool,
}

/// One active function.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The module that it belongs to.
    pub module: Module,
    /// Its index there.
    pub func: FuncIndex,
    /// The instruction that trapped or that the function waits in, in bytes from the start of the
    /// module.
    pub wasm_offset: Option<u32>,
}

impl Frame {
    /// The function's name, from the name section or an export.
    pub fn name(&self) -> Option<&str> {
        self.module.info().func_name(self.func)
    }

    /// The module's name, from the name section.
    pub fn module_name(&self) -> Option<&str> {
        self.module.info().name.as_deref()
    }
}

/// Something with an index in its module and a length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extent {
    /// The index in the module at hand.
    pub index: u32,
    /// The current length: bytes of a memory, elements of a table.
    pub len: u64,
}

/// A segment as an operation found it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SegmentExtent {
    /// Its index.
    pub index: u32,
    /// Its current length in bytes or elements.
    pub len: u64,
    /// Why it is empty, if it has been dropped.
    pub dropped: Option<DropCause>,
}

/// How a segment became empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DropCause {
    /// It is active: instantiation wrote and dropped it.
    Active,
    /// It only declares functions: instantiation dropped it.
    Declared,
    /// `data.drop` or `elem.drop`.
    Instruction,
}

/// The operands of a trapping operation and the limits that it ran into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
        instruction: &'static str,
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
}

impl fmt::Display for TrapDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            TrapDetail::MemoryAccess { memory, address } => {
                write!(f, "address {address:#x}; {}", Memory(memory))
            }
            TrapDetail::MemoryInit { segment, memory, dst, src, len } => {
                write!(f, "memory.init {}: dst={dst} src={src} len={len}; ", segment.index)?;
                write!(f, "{}, {}", Segment(segment, "bytes", "data.drop"), Memory(memory))
            }
            TrapDetail::MemoryCopy { dst_memory, src_memory, dst, src, len } => {
                write!(f, "memory.copy: dst={dst} src={src} len={len}; {}", Memory(dst_memory))?;
                if dst_memory != src_memory { write!(f, ", {}", Memory(src_memory)) } else { Ok(()) }
            }
            TrapDetail::MemoryFill { memory, dst, len } => {
                write!(f, "memory.fill: dst={dst} len={len}; {}", Memory(memory))
            }
            TrapDetail::Atomic { instruction, memory, index, offset } => {
                write!(f, "{instruction}: address={index} offset={offset}; {}", Memory(memory))
            }
            TrapDetail::DataSegment { segment, memory, offset, len } => {
                write!(f, "data segment {segment}: offset={offset} len={len}; {}", Memory(memory))
            }
            TrapDetail::TableInit { segment, table, dst, src, len } => {
                write!(f, "table.init {}: dst={dst} src={src} len={len}; ", segment.index)?;
                write!(f, "{}, {}", Segment(segment, "elements", "elem.drop"), Table(table))
            }
            TrapDetail::TableCopy { dst_table, src_table, dst, src, len } => {
                write!(f, "table.copy: dst={dst} src={src} len={len}; {}", Table(dst_table))?;
                if dst_table != src_table { write!(f, ", {}", Table(src_table)) } else { Ok(()) }
            }
            TrapDetail::TableFill { table, dst, len } => {
                write!(f, "table.fill: dst={dst} len={len}; {}", Table(table))
            }
            TrapDetail::ElementSegment { segment, table, offset, len } => {
                write!(f, "element segment {segment}: offset={offset} len={len}; {}", Table(table))
            }
        }
    }
}

struct Memory(Extent);

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "memory {} has {} bytes", self.0.index, self.0.len)
    }
}

struct Table(Extent);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {} has {} elements", self.0.index, self.0.len)
    }
}

/// A segment with the unit of its length and the instruction that drops its kind.
struct Segment(SegmentExtent, &'static str, &'static str);

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Segment(segment, unit, instruction) = self;
        write!(f, "segment {} has {} {unit}", segment.index, segment.len)?;
        match segment.dropped {
            None => Ok(()),
            Some(DropCause::Active) => f.write_str(" (active, dropped at instantiation)"),
            Some(DropCause::Declared) => f.write_str(" (declared, dropped at instantiation)"),
            Some(DropCause::Instruction) => write!(f, " (dropped by {instruction})"),
        }
    }
}

impl TrapReport {
    /// A trap outside all functions: at instantiation, or before a function was entered.
    pub(crate) fn outside(trap: Trap, detail: Option<TrapDetail>) -> Self {
        Self { trap, func: None, wasm_offset: None, detail, frames: Vec::new(), truncated: false }
    }
}

impl fmt::Display for TrapReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.trap)?;
        if let Some((func, name)) = &self.func {
            write!(f, " in function {}", func.as_u32())?;
            if let Some(name) = name {
                write!(f, " <{}>", Readable(name))?;
            }
        }
        if let Some(offset) = self.wasm_offset {
            write!(f, " at offset {offset:#x}")?;
        }
        match self.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TrapReport {}

/// Why a builtin or host function failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The operation traps.
    Trap(Trap, Option<TrapDetail>),
    /// A call that a host function made has trapped, and the host function passes it on.
    Nested(Box<TrapReport>),
    /// The host function gave up.
    Host(HostError),
}

/// What waits for the activation to be left.
pub(crate) enum Pending {
    /// A failure.
    Failure(Failure),
    /// A panic of the host, to be resumed beyond the frames of compiled code.
    Panic(Box<dyn Any + Send>),
}

/// What the signal handler writes down about a trap: plain memory, nothing to allocate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TrapRecord {
    /// What the trap site stands for.
    pub(crate) code: TrapCode,
    /// The memory whose guard was hit, by its place in the store, and the address within it.
    pub(crate) access: Option<(u32, u64)>,
    /// The trapping instruction, then the return addresses of its callers up to the entry stub.
    pub(crate) pcs: [usize; MAX_FRAMES],
    /// How many of `pcs` are valid.
    pub(crate) depth: usize,
    /// Whether there are more frames than `pcs` holds.
    pub(crate) truncated: bool,
}

impl TrapRecord {
    /// An empty record.
    pub(crate) const fn new() -> Self {
        Self { code: TrapCode::Pending, access: None, pcs: [0; MAX_FRAMES], depth: 0, truncated: false }
    }

    /// The recorded addresses.
    pub(crate) fn pcs(&self) -> &[usize] {
        &self.pcs[..self.depth]
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
    fn a_report_names_kind_place_operands_and_limits() {
        let report = TrapReport {
            func: Some((FuncIndex::new(3), Some("copy".to_owned()))),
            wasm_offset: Some(0x5e),
            ..TrapReport::outside(Trap::MemoryOutOfBounds, Some(init(Some(DropCause::Active))))
        };
        assert_eq!(
            report.to_string(),
            "out of bounds memory access in function 3 <copy> at offset 0x5e: memory.init 2: dst=0 src=9 \
             len=0; segment 2 has 0 bytes (active, dropped at instantiation), memory 0 has 65536 bytes"
        );
    }

    #[test]
    fn a_report_is_one_line_whatever_a_function_is_called() {
        let func = Some((FuncIndex::new(0), Some("a\nffff\x1b[31m".to_owned())));
        let report = TrapReport { func, ..TrapReport::outside(Trap::Unreachable, None) };
        assert_eq!(report.to_string(), r"unreachable in function 0 <a\nffff\u{1b}[31m>");
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
        assert_eq!(copy(a), "table.copy: dst=1 src=2 len=3; table 0 has 1 elements");
        assert_eq!(copy(b), "table.copy: dst=1 src=2 len=3; table 0 has 1 elements, table 1 has 5 elements");
    }
}
